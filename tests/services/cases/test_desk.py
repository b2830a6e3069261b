"""Lists and pages: each tab holds what it says, to whom it belongs, in few statements; each audience reads what it may."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import func, select, text

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus, Outcome
from feedback_app.domain.policy import MembershipKind, Permission, Role, may
from feedback_app.domain.trace import EventVerb
from feedback_app.models import Account, CitizenRequest, Contribution
from feedback_app.services import contributions, sign_in
from feedback_app.services.cases import answers, clock, conversation, file, reading, tabs, transfers
from feedback_app.services.cases import desk as lists
from feedback_app.services.cases.desk import Filters
from feedback_app.services.cases.tabs import Tab
from feedback_app.services.paging import Window
from tests.services.cases.test_answers import act, reopen
from tests.services.cases.test_moves import offer_to

S, V = CaseStatus, EventVerb
EVERY = [status for status in CaseStatus if status is not S.ASLEEP]


def actor_of(account):
    return sign_in.actor_of(db.session.get_one(Account, account.id))


def read_tab(app, desk, tab, by, ministry, at, filters=Filters(), size=20):  # noqa: B008 - frozen
    with app.app_context():
        page = lists.tab(tab, ministry.id, actor_of(by), filters, Window(size=size), at=at)
        return [line.reference for line in page.items]


def test_each_tab_holds_its_requests_and_counts_them(app, play, desk, make):
    play.at("2026-03-02")
    found = {status: desk.request(status).reference for status in EVERY}
    proposed = desk.request(S.WAITING)
    make.draft(proposed, contact=desk.contact, propose=True)
    again = desk.request(S.ANSWERED)
    reopen(play, again)
    expected = {
        Tab.TO_TAKE: {found[S.OPEN]},
        Tab.MINE: {found[S.ASSIGNED], again.reference},
        Tab.RUNNING: {found[s] for s in (S.OPEN, S.ASSIGNED, S.TRANSFER_OFFERED, S.ARBITRATION)} | {again.reference},
        Tab.WAITING: {found[S.WAITING], proposed.reference},
        Tab.TO_VALIDATE: {proposed.reference},
        Tab.OFFERED: set(),
        Tab.LATE: set(),
        Tab.REOPENED: {again.reference},
        Tab.ANSWERED: {found[S.ANSWERED], found[S.CLOSED]},
    }
    assert {tab: set(read_tab(app, desk, tab, desk.contact, desk.ministry, play.clock())) for tab in Tab} == expected
    with app.app_context():
        counts = tabs.counts(desk.ministry.id, actor_of(desk.contact), at=play.clock())
    assert counts == {tab: len(held) for tab, held in expected.items()}
    assert read_tab(app, desk, Tab.OFFERED, desk.neighbour, desk.other, play.clock()) == [found[S.TRANSFER_OFFERED]]
    play.at("2026-03-24")
    late = {found[s] for s in (S.OPEN, S.ASSIGNED, S.TRANSFER_OFFERED, S.ARBITRATION)} | {again.reference}
    assert set(read_tab(app, desk, Tab.LATE, desk.contact, desk.ministry, play.clock())) == late


def test_the_nearest_day_comes_first_and_pages_follow_each_other(app, play, desk):
    references = []
    for day in ("2026-03-05", "2026-03-02", "2026-03-04", "2026-03-03"):
        play.at(day)
        references.append(desk.request(S.OPEN).reference)
    by_day = [references[n] for n in (1, 3, 2, 0)]
    with app.app_context():
        first = lists.tab(Tab.TO_TAKE, desk.ministry.id, actor_of(desk.contact), Filters(), Window(size=3), at=play.clock())
        window = Window(after=first.next_after, size=3)
        second = lists.tab(Tab.TO_TAKE, desk.ministry.id, actor_of(desk.contact), Filters(), window, at=play.clock())
    assert [line.reference for line in (*first.items, *second.items)] == by_day


def test_the_latest_answer_comes_first_among_the_answered(app, play, desk, make):
    play.at("2026-03-02")
    made = [desk.request(S.ASSIGNED) for _number in range(3)]
    for day, place in (("2026-03-04", 1), ("2026-03-05", 0), ("2026-03-06", 2)):
        play.at(day)
        answer = make.draft(made[place], contact=desk.contact, propose=True)
        act(play, answers.publish, answer, desk.validator)
    with app.app_context():
        actor, window = actor_of(desk.contact), Window(size=2)
        first = lists.tab(Tab.ANSWERED, desk.ministry.id, actor, Filters(), window, at=play.clock())
        second = lists.tab(Tab.ANSWERED, desk.ministry.id, actor, Filters(), Window(after=first.next_after, size=2), at=play.clock())
    assert [line.reference for line in (*first.items, *second.items)] == [made[place].reference for place in (2, 0, 1)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_count_reads_no_more_than_an_index_and_no_list_is_sorted_whole(app, desk):
    """What makes a desk of 20,000 cases as quick as one of 200: SQLite says how it would find each tab."""
    with app.app_context():
        actor = actor_of(desk.contact)
        for tab in set(Tab) - {Tab.OFFERED, Tab.TO_VALIDATE}:  # those begin with a few answers or offers
            belongs = tabs.in_tab(tab, desk.ministry.id, actor, today=date(2026, 3, 2))
            counted = plan_of(select(func.count()).select_from(select(CitizenRequest.id).where(belongs).limit(9).subquery()))
            assert any("citizen_request USING COVERING INDEX" in step for step in counted), (tab, counted)
        answered = tabs.in_tab(Tab.ANSWERED, desk.ministry.id, actor, today=date(2026, 3, 2))
        in_order = plan_of(select(CitizenRequest.id).where(answered).order_by(CitizenRequest.answered_at.desc(), CitizenRequest.id.desc()))
        assert not any("TEMP B-TREE" in step for step in in_order), in_order


def plan_of(statement):
    """How SQLite would answer, step by step."""
    words = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
    return [row.detail for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {words}"))]


def test_a_list_and_the_right_to_read_agree(app, desk, make):
    """``case:read`` and the tabs: whatever a tab shows somebody, they may read; a case of nobody's desk, they may not."""
    people = [make.person(ministry=m, kind=kind) for m in (desk.ministry, desk.other) for kind in MembershipKind]
    people += [make.person(roles=(role,)) for role in Role]
    requests_ = [desk.request(status) for status in EVERY]
    with app.app_context():
        live = {r.id: db.session.get_one(CitizenRequest, r.id) for r in requests_}
        for person in people:
            actor = actor_of(person)
            listed = {
                line.id
                for ministry_id in actor.ministry_ids
                for tab in Tab
                for line in lists.tab(tab, ministry_id, actor, Filters(), Window(size=50), at=make.clock()).items
            }
            readable = {r.id for r in live.values() if may(actor, Permission.CASE_READ, r)}
            assert listed <= readable
            if actor.ministry_ids:
                in_hand = {r.id for r in live.values() if r.status not in {S.RECEIVED, S.WITHDRAWN, S.ARBITRATION, S.TRANSFER_OFFERED}}
                assert (readable & in_hand) - listed <= {r.id for r in live.values() if r.status is S.ASSIGNED}  # somebody else's
            elif Role.COORDINATOR not in actor.roles:
                assert readable == set()


def test_what_its_author_took_back_is_on_no_desk(app, desk, make, clock):
    request = desk.request(S.CLOSED)
    with app.app_context(), unit_of_work():
        contributions.withdraw(db.session.get_one(Contribution, request.contribution_id), at=clock())
    assert read_tab(app, desk, Tab.ANSWERED, desk.contact, desk.ministry, clock()) == []
    with app.app_context():
        assert tabs.counts(desk.ministry.id, actor_of(desk.contact), at=clock())[Tab.ANSWERED] == 0


def test_the_public_list_holds_what_is_public_and_names_nobody(app, desk, make):
    public = {desk.request(status).reference for status in EVERY if status not in {S.RECEIVED, S.WITHDRAWN}}
    desk.request(S.RECEIVED)
    desk.request(S.WITHDRAWN)
    with app.app_context():
        page = lists.public(Filters(), Window(size=50))
        assert {line.reference for line in page.items} == public
        assert {line.assignee for line in page.items} == {None}
        assert lists.public_count(Filters()) == len(public)
        assert {line.status for line in lists.public(Filters(status=S.CLOSED, outcome=Outcome.FULL), Window()).items} == {S.CLOSED}


def test_a_desk_takes_two_statements_whatever_it_holds(app, desk, statements, clock):
    def count():
        with app.app_context():
            actor = actor_of(desk.contact)
            with statements() as seen:
                tabs.counts(desk.ministry.id, actor, at=clock())
                lists.tab(Tab.TO_TAKE, desk.ministry.id, actor, Filters(), Window(), at=clock())
            return len(seen)

    desk.request(S.OPEN)
    before = count()
    for _ in range(5):
        desk.request(S.OPEN)
    assert count() == before == 2


def grow(play, desk, make, request, times):
    """Questions, replies and corrected answers: a long history."""
    for _ in range(times):
        play(conversation.ask_citizen, request, desk.contact, "Et encore une question ?")
        make.reply(request)


def read_by(audience, reference):
    """What the page of a case shows of its history: to the staff where ``audience`` is None."""
    if audience is None:
        found = reading.by_reference(reference)
        return found, file.file(found).entries
    found = reading.public_request(reference)
    return found, reading.timeline(found, audience)


@pytest.mark.parametrize("audience", [*reading.Audience, None], ids=lambda audience: audience or "staff")
def test_a_case_page_takes_ten_statements_however_long_its_history(app, play, desk, make, statements, audience):
    def count(request):
        with app.app_context(), statements() as seen:
            found, _entries = read_by(audience, request.reference)
            clock.delay(found)
        return len(seen)

    request = desk.request(S.ASSIGNED)
    grow(play, desk, make, request, 1)
    short = count(request)
    grow(play, desk, make, request, 9)
    answer = make.draft(request, contact=desk.contact, propose=True)
    act(play, answers.publish, answer, desk.validator)
    assert count(request) <= 10
    assert short <= 10


class TestAudiences:
    @pytest.fixture
    def history(self, app, play, desk, make):
        """A case with one of everything: what each audience reads of it."""
        request = desk.request(S.WAITING)
        make.reply(request, "Le Rhône, bien sûr.")

        def note(live, words, *, actor, seen_version, at):
            conversation.note(live, words, actor=actor, at=at)

        play(note, request, desk.contact, "Note que personne ne lit dehors.")
        play(offer_to(desk.other), request, desk.contact)
        play(transfers.cancel, request, desk.contact)
        answer = make.draft(request, "Brouillon maladroit.", contact=desk.contact, propose=True)
        act(play, answers.send_back, answer, desk.validator, "Soyez plus clair.")
        play(answers.propose, request, desk.contact, answers.Wording("Réponse claire.", Outcome.FULL), seen_wording=1)
        act(play, answers.publish, answer, desk.validator, seen=2)

        def read(audience):
            with app.app_context():
                return read_by(audience, request.reference)[1]

        return read

    def test_the_public_reads_official_texts_only(self, history):
        assert public_words(history(reading.Audience.PUBLIC)) == {"Quel territoire ?", "Réponse claire."}

    def test_the_author_reads_their_own_text_too(self, history):
        assert public_words(history(reading.Audience.AUTHOR)) == {"Quel territoire ?", "Réponse claire.", "Le Rhône, bien sûr."}

    @pytest.mark.parametrize("audience", reading.Audience)
    def test_nobody_outside_reads_that_colleagues_wrote_to_each_other(self, history, audience):
        assert not {entry.verb for entry in history(audience)} & reading.INTERNAL_VERBS
        assert {entry.verb for entry in history(None)} >= {V.REQUEST_NOTE, V.ANSWER_WRITE, V.ANSWER_PROPOSE, V.ANSWER_SEND_BACK}

    def test_staff_read_everything_and_who_did_it(self, history):
        entries = history(None)
        inside = {"Note que personne ne lit dehors.", "Soyez plus clair.", "Un pont."}
        official = {"Quel territoire ?", "Réponse claire."}
        assert {words for e in entries for words in staff_words(e)} == official | {"Le Rhône, bien sûr."} | inside
        assert {name for e in entries for name in (e.person, e.assignee) if name} == {"Ana", "Val"}
        # What the page marks as read by nobody outside is just what nobody outside reads.
        assert {words for e in entries if e.internal for words in staff_words(e)} == inside


def public_words(entries):
    words = [e.text.source for e in entries if e.text] + [e.said.body for e in entries if e.said]
    return {*words, *(e.answer.latest.source for e in entries if e.answer)}


def staff_words(entry):
    return [
        re.sub("<[^>]+>", "", words).strip()
        for words in (entry.html, entry.said and entry.said.body, entry.answer and entry.answer.html)
        if words
    ]
