"""A ministry is replaced: what is open follows, with what was being prepared, and its author is told."""

from __future__ import annotations

import pytest

from feedback_app import jobs
from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import AnswerStatus, CaseStatus
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.models import Account, Answer, CaseEvent, CitizenRequest, Ministry, TransferOffer
from feedback_app.services import accounts, ministries, sign_in
from feedback_app.services.cases import answers, succession, taking, transfers
from tests.services.cases.test_moves import events_of

S = CaseStatus
FOLLOWED = "request:follow_successor"


@pytest.fixture
def heir(make):
    """The ministry that takes over, with a contact."""
    ministry = make.ministry("Ministère des Chemins")
    return ministry, make.person(ministry=ministry, name="Héra")


@pytest.fixture
def succeed(app, make, play):
    """``succeed(ministry, successor)``: the administrator says so; ``succeed.sweep()``: what the job process then does."""
    boss = make.person(roles=(Role.ADMINISTRATOR,))

    def act(ministry, successor):
        with app.app_context(), unit_of_work():
            live = db.session.get_one(Ministry, ministry.id)
            administrator = sign_in.actor_of(db.session.get_one(Account, boss.id))
            to = db.session.get_one(Ministry, successor.id)
            ministries.succeed(live, to, administrator=administrator, seen_version=live.version, at=play.clock())
        return play.sweep(succession.left_behind, succession.follow)

    return act


@pytest.mark.parametrize("status", [S.OPEN, S.ASSIGNED, S.WAITING, S.ARBITRATION])
def test_an_open_case_follows_and_the_contacts_of_the_successor_may_work_on_it(make, play, desk, heir, succeed, outbox, status):
    request = desk.request(status)
    assert succeed(desk.ministry, heir[0]) == 1
    found = make.reload(request)
    assert (found.ministry_id, found.assignee_id) == (heir[0].id, None)
    assert found.status is (S.OPEN if status is S.ASSIGNED else status)
    assert found.due_on == request.due_on, "the clock goes on"
    assert FOLLOWED in events_of(make, request)
    moved = [mail for mail in outbox.all() if "un autre ministère vous répondra" in mail.subject]
    assert ["Ministère des Chemins" in mail.text for mail in moved] == [True]
    if status is S.OPEN:
        assert play(taking.take, request, heir[1]).assignee_id == heir[1].identity_id


@pytest.mark.parametrize("status", [S.ANSWERED, S.CLOSED, S.WITHDRAWN])
def test_what_is_over_stays_where_it_was_answered(make, desk, heir, succeed, status):
    request = desk.request(status)
    assert succeed(desk.ministry, heir[0]) == 0
    assert make.reload(request).ministry_id == desk.ministry.id


def test_it_happens_once_and_the_job_process_does_it(make, play, desk, heir, succeed):
    request = desk.request()
    succeed(desk.ministry, heir[0])
    assert play.sweep(succession.left_behind, succession.follow) == 0
    play(lambda live, at: succession.follow(live.id, at), request)
    assert events_of(make, request).count(FOLLOWED) == 1
    assert (succession.left_behind, succession.follow) in {(work.due, work.do) for work in jobs.WORKS}


def test_who_works_for_both_keeps_the_case(make, app, desk, heir, succeed):
    both = make.person(ministry=desk.ministry)
    with app.app_context(), unit_of_work():
        accounts.grant_membership(
            db.session.get_one(Account, both.id), db.session.get_one(Ministry, heir[0].id), MembershipKind.CONTACT, at=desk.make.clock()
        )
    request = desk.request(S.ASSIGNED, contact=both)
    succeed(desk.ministry, heir[0])
    found = make.reload(request)
    assert (found.status, found.assignee_id) == (S.ASSIGNED, both.identity_id)


def test_the_answer_in_hand_goes_along(app, make, desk, heir, succeed):
    request = desk.request(S.ASSIGNED)
    make.draft(request, contact=desk.contact)
    succeed(desk.ministry, heir[0])
    with app.app_context():
        found = answers.in_hand(make.live(request))
        assert found is not None
        assert found.status is AnswerStatus.DRAFT
    assert [answer.ministry_id for answer in make.all(Answer)] == [heir[0].id]


def test_an_offer_to_the_replaced_ministry_waits_for_its_successor(make, play, desk, heir, succeed):
    request = desk.request(S.TRANSFER_OFFERED)
    assert succeed(desk.other, heir[0]) == 1
    found = make.reload(request)
    assert (found.status, found.ministry_id) == (S.TRANSFER_OFFERED, desk.ministry.id)
    assert [offer.to_ministry_id for offer in make.all(TransferOffer)] == [heir[0].id]
    assert play(transfers.accept, request, heir[1]).ministry_id == heir[0].id


@pytest.mark.parametrize("way", ["there", "here"])
def test_an_offer_between_two_that_become_one_is_over(make, desk, succeed, way):
    request = desk.request(S.TRANSFER_OFFERED)
    old, new = (desk.ministry, desk.other) if way == "there" else (desk.other, desk.ministry)
    assert succeed(old, new) == 1
    found = make.reload(request)
    assert (found.status, found.ministry_id) == (S.OPEN, new.id)


def test_a_chain_of_successors_is_followed_to_its_end(make, desk, heir, succeed):
    last = make.ministry("Ministère des Sentiers")
    request = desk.request()
    succeed(desk.ministry, heir[0])
    succeed(heir[0], last)
    assert make.reload(request).ministry_id == last.id


def test_renamed_it_keeps_its_cases(app, make, play, desk):
    request = desk.request()
    boss = make.person(roles=(Role.ADMINISTRATOR,))
    with app.app_context(), unit_of_work():
        live = db.session.get_one(Ministry, desk.ministry.id)
        new = ministries.NewMinistry("Ministère des Rues", live.kind, None)
        ministries.change(
            live, new, administrator=sign_in.actor_of(db.session.get_one(Account, boss.id)), seen_version=live.version, at=play.clock()
        )
    assert play.sweep(succession.left_behind, succession.follow) == 0
    assert make.reload(request).ministry_id == desk.ministry.id
    assert FOLLOWED not in {event.verb.value for event in make.all(CaseEvent)}


def test_a_private_request_for_documents_follows_too(make, desk, heir, succeed):
    request = desk.request(S.OPEN, kind=ContributionKind.ACCESS, private=True)
    succeed(desk.ministry, heir[0])
    assert make.one(CitizenRequest, request.id).ministry_id == heir[0].id
