"""One case through the hands of two ministries: who may do what, what the clock says, who is told, what meets who comes second."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CASE_WORKFLOW, CaseAction, CaseStatus, OfferStatus
from feedback_app.domain.contribution import ContributionKind, TextAction
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import NotAllowed
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import Account, CaseEvent, CasePause, CaseText, CitizenRequest, Contribution, Membership, Ministry, TransferOffer
from feedback_app.services import moderation, sign_in
from feedback_app.services.cases import conversation, extending, routing, taking, transfers

S = CaseStatus


def events_of(make, request):
    return [event.verb.value for event in make.all(CaseEvent) if event.request_id == request.id]


def offer_to(ministry):
    def offer(live, **facts):
        transfers.offer(live, db.session.get_one(Ministry, ministry.id), reason="Un pont.", **facts)

    return offer


def route_to(ministry, reason="Si."):
    def route(live, **facts):
        routing.route(live, db.session.get_one(Ministry, ministry.id), reason=reason, **facts)

    return route


def note(live, words, *, actor, seen_version, at):
    conversation.note(live, words, actor=actor, at=at)


class TestTaking:
    def test_a_contact_takes_a_case_and_its_author_is_told_once_and_not_by_whom(self, play, desk, outbox):
        request = play(taking.take, desk.request(), desk.contact)
        assert (request.status, request.assignee_id) == (S.ASSIGNED, desk.contact.identity_id)
        request = play(taking.release, request, desk.contact)
        assert (request.status, request.assignee_id) == (S.OPEN, None)
        play(taking.take, request, desk.colleague)
        (mail,) = [mail for mail in outbox.all() if ":taken:" in mail.key]
        assert "Ministère des Routes" in mail.text
        assert "Ana" not in mail.text

    def test_the_second_of_two_learns_who_was_faster(self, play, desk):
        request = desk.request()
        play(taking.take, request, desk.contact, seen_version=request.version)
        with pytest.raises(Conflict) as met:
            play(taking.take, request, desk.colleague, seen_version=request.version)
        assert (met.value.other.by, met.value.other.what) == ("Ana", "request:take")

    def test_a_double_click_takes_once(self, play, desk, make):
        request = desk.request()
        for _ in range(2):
            play(taking.take, request, desk.contact, seen_version=request.version)
        assert events_of(make, request).count("request:take") == 1

    def test_handing_over_stays_inside_the_ministry(self, play, desk):
        request = play(taking.hand_over, desk.request(S.ASSIGNED), desk.contact, desk.colleague.identity_id, words="Tu connais.")
        assert (request.status, request.assignee_id) == (S.ASSIGNED, desk.colleague.identity_id)
        with pytest.raises(taking.NotAColleague):
            play(taking.hand_over, request, desk.contact, desk.neighbour.identity_id)

    def test_who_leaves_leaves_their_cases_to_take_and_the_last_contact_rings_the_alarm(self, app, play, desk, make, outbox, clock):
        mine, waiting, other = desk.request(S.ASSIGNED), desk.request(S.WAITING), desk.request(S.ASSIGNED, contact=desk.colleague)

        def leave(account):
            with app.app_context(), unit_of_work():
                for membership in db.session.query(Membership).filter_by(account_id=account.id):
                    db.session.delete(membership)
                db.session.flush()
                taking.left(account.identity_id, db.session.get_one(Ministry, desk.ministry.id), at=clock())

        before = len(outbox.all())
        leave(desk.contact)
        assert [(make.reload(r).status, make.reload(r).assignee_id) for r in (mine, waiting)] == [(S.OPEN, None), (S.WAITING, None)]
        assert make.reload(other).status is S.ASSIGNED
        assert len(outbox.all()) == before
        leave(desk.colleague)
        told = {mail.recipient: mail.text for mail in outbox.all()[before:]}
        assert set(told) == {desk.lead.identity.email, desk.coordinator.identity.email}
        assert "prenez ces" in told[desk.lead.identity.email]
        assert "attribuez ces" in told[desk.coordinator.identity.email], "a coordinator answers for nobody"
        make.reply(waiting)
        assert make.reload(waiting).status is S.OPEN


class TestConversation:
    def test_the_clock_stands_still_from_the_question_to_the_reply(self, play, desk, make, outbox):
        play.at("2026-03-02")
        request = desk.request(S.ASSIGNED)
        assert request.due_on == date(2026, 3, 23)
        play.at("2026-03-06")  # days 1, 2 and 3 were Tuesday to Thursday
        request = play(conversation.ask_citizen, request, desk.contact, "Quel **territoire** ?")
        assert (request.status, request.due_on) == (S.WAITING, None)
        assert outbox.last().subject.endswith("le ministère vous pose une question")
        play.at("2026-04-08", "23:30")
        reply = make.reply(request)
        request = make.reload(request)
        # Twelve days are left from Thursday 9 April: 9 and 10, 13 to 17, 20 to 24.
        assert (request.status, request.due_on) == (S.ASSIGNED, date(2026, 4, 24))
        assert request.assignee_id == desk.contact.identity_id
        assert (reply.status.value, reply.current_version.submitted_at) == ("pending", play.clock.now)
        assert [pause.ended_at for pause in make.all(CasePause)] == [play.clock.now]

    def test_its_published_reply_is_read_on_its_page_not_in_the_topic_s_thread(self, app, desk, make, outbox, clock):
        request = desk.request(S.WAITING)
        reply, moderator = make.reply(request), make.moderator()
        with app.app_context(), unit_of_work():
            version = db.session.get_one(Contribution, reply.id).current_version
            moderation.decide(version, TextAction.PUBLISH, moderator=sign_in.actor_of(moderator), at=clock())
        assert make.private_path(reply) in outbox.last().text
        assert "/engagements/" not in outbox.last().text

    def test_a_reply_that_nobody_awaits_is_refused_before_anything_is_written(self, play, desk, make):
        request = play(conversation.take_back, desk.request(S.WAITING), desk.contact)
        with pytest.raises(MoveRefused):
            make.reply(request)
        assert "request:citizen_replies" not in events_of(make, request)

    def test_sixty_days_without_a_reply_put_it_to_sleep_and_a_reply_wakes_it(self, play, desk, make, clock):
        request = desk.request(S.WAITING)

        def sweep():
            return play.sweep(conversation.waiting_too_long, conversation.sleep)

        clock.advance(days=60, seconds=-1)
        assert sweep() == 0
        clock.advance(seconds=1)
        assert [sweep(), sweep()] == [1, 0]
        assert (make.reload(request).status, make.reload(request).due_on) == (S.ASLEEP, None)
        make.reply(request)
        assert make.reload(request).status is S.ASSIGNED
        assert len(make.all(CasePause)) == 1

    def test_a_note_is_for_who_reads_the_case_and_is_kept_once(self, play, desk, make):
        request = desk.request()
        for _ in range(2):
            play(note, request, desk.contact, "Voir l’an dernier.")
        assert [text.source for text in make.all(CaseText)] == ["Voir l’an dernier."]
        with pytest.raises(NotAllowed):
            play(note, request, desk.neighbour, "Tiens ?")


class TestExtension:
    def test_fifteen_days_more_once_with_a_public_reason(self, play, desk, outbox):
        play.at("2026-03-02")
        request = play(extending.extend, desk.request(S.ASSIGNED), desk.contact, "Nous **attendons** une direction.")
        assert request.due_on == date(2026, 4, 14)  # 30 working days after 2 March; Easter Monday, 6 April, is none
        assert "attendons" in outbox.last().text
        assert "14 avril 2026" in outbox.last().text
        with pytest.raises(extending.NoExtension):
            play(extending.extend, request, desk.contact, "Encore un peu.")

    def test_the_law_s_month_is_never_extended_nor_paused(self, play, desk):
        request = desk.request(S.ASSIGNED, kind=ContributionKind.ACCESS)
        due = request.due_on
        with pytest.raises(extending.NoExtension):
            play(extending.extend, request, desk.contact, "Nous attendons.")
        assert play(conversation.ask_citizen, request, desk.contact, "Lequel ?").due_on == due == date(2026, 4, 2)

    def test_becoming_late_is_recorded_once_for_each_day_missed(self, app, play, desk):
        play.at("2026-03-02")
        request = desk.request(S.ASSIGNED)

        def record():
            with app.app_context(), unit_of_work():
                return extending.record_late(at=play.clock())

        play.at("2026-03-23", "23:59")
        assert record() == 0
        play.at("2026-03-24", "00:00")
        assert [record(), record()] == [1, 0]
        play(extending.extend, request, desk.contact, "Enfin un délai.")
        play.at("2026-05-04")
        assert [record(), record()] == [1, 0]


class TestTransfers:
    def test_offered_accepted_and_the_clock_goes_on(self, play, desk, make, outbox):
        play.at("2026-03-02")
        request = desk.request(S.ASSIGNED)
        play.at("2026-03-05")
        request = play(offer_to(desk.other), request, desk.contact)
        assert (request.status, request.assignee_id, request.due_on) == (S.TRANSFER_OFFERED, None, date(2026, 3, 23))
        assert make.all(TransferOffer)[0].expires_on == date(2026, 3, 9)
        with pytest.raises(NotAllowed):
            play(transfers.accept, request, desk.contact)
        request = play(transfers.accept, request, desk.neighbour)
        assert (request.status, request.ministry_id, request.due_on) == (S.OPEN, desk.other.id, date(2026, 3, 23))
        assert "Ministère des Ponts" in outbox.last().text
        assert "Un pont." not in "".join(mail.text for mail in outbox.all())
        with pytest.raises(NotAllowed):
            play(taking.take, request, desk.contact)

    def test_declined_it_goes_to_the_coordinator_who_routes_it(self, play, desk):
        request = play(transfers.decline, desk.request(S.TRANSFER_OFFERED), desk.neighbour, reason="Pas nous.")
        assert request.status is S.ARBITRATION
        with pytest.raises(NotAllowed):
            play(route_to(desk.other), request, desk.contact)
        request = play(route_to(desk.other), request, desk.coordinator)
        assert (request.status, request.ministry_id) == (S.OPEN, desk.other.id)

    def test_left_without_a_word_for_two_working_days_it_goes_to_the_coordinator(self, play, desk, make):
        play.at("2026-04-02")  # the Thursday before Easter: Friday and Tuesday are the two days
        request = desk.request(S.TRANSFER_OFFERED)

        def sweep():
            return play.sweep(transfers.left_unanswered, transfers.expire)

        play.at("2026-04-07", "23:59")
        assert sweep() == 0
        play.at("2026-04-08", "00:00")
        assert [sweep(), sweep()] == [1, 0]
        assert make.reload(request).status is S.ARBITRATION
        assert make.all(TransferOffer)[0].status is OfferStatus.EXPIRED
        with pytest.raises(NotAllowed):
            play(transfers.accept, request, desk.neighbour)

    def test_cancelled_it_is_to_take_again(self, play, desk, make):
        request = play(transfers.cancel, desk.request(S.TRANSFER_OFFERED), desk.colleague)
        assert request.status is S.OPEN
        assert make.all(TransferOffer)[0].status is OfferStatus.CANCELLED

    @pytest.mark.parametrize("status", [S.OPEN, S.ASSIGNED, S.WAITING, S.TRANSFER_OFFERED])
    def test_the_coordinator_routes_any_case_not_yet_answered(self, play, desk, make, status):
        request = play(route_to(desk.other), desk.request(status), desk.coordinator)
        assert (request.status, request.ministry_id, request.assignee_id) == (S.OPEN, desk.other.id, None)
        assert request.due_on is not None
        assert all(offer.status is OfferStatus.CANCELLED for offer in make.all(TransferOffer))

    def test_another_choice_or_other_words_from_a_second_window_are_no_double_click(self, play, desk, make):
        request = desk.request(S.ASSIGNED)
        for _ in range(2):
            play(route_to(desk.other), request, desk.coordinator, seen_version=request.version)
        for other in (route_to(desk.ministry), route_to(desk.other, "Pour une autre raison.")):
            with pytest.raises(Conflict) as met:
                play(other, request, desk.coordinator, seen_version=request.version)
            assert met.value.other.what == "request:route"
        assert make.reload(request).ministry_id == desk.other.id
        extended = desk.request(S.ASSIGNED)
        play(extending.extend, extended, desk.contact, "Une **enquête** a lieu.", seen_version=extended.version)
        play(extending.extend, extended, desk.contact, "Une **enquête** a lieu.", seen_version=extended.version)
        with pytest.raises(Conflict):
            play(extending.extend, extended, desk.contact, "Une autre raison.", seen_version=extended.version)

    def test_a_case_is_not_offered_to_the_ministry_that_has_it(self, play, desk):
        with pytest.raises(transfers.SameMinistry):
            play(offer_to(desk.ministry), desk.request(), desk.contact)


# Every verb of staff, tried by everybody else.


def verbs(desk):
    """Each staff verb: a status from which it is possible, how it is called, and who may."""
    here = {"contact", "colleague", "validator", "lead"}
    return {
        "take": (S.OPEN, taking.take, here),
        "release": (S.ASSIGNED, taking.release, here),
        "hand_over": (S.ASSIGNED, lambda r, **k: taking.hand_over(r, desk.colleague.identity_id, **k), here),
        "ask_citizen": (S.ASSIGNED, lambda r, **k: conversation.ask_citizen(r, "Quel territoire ?", **k), here),
        "take_back": (S.WAITING, conversation.take_back, here),
        "extend": (S.ASSIGNED, lambda r, **k: extending.extend(r, "Il faut du temps.", **k), here),
        "offer_transfer": (S.ASSIGNED, offer_to(desk.other), here),
        "cancel_transfer": (S.TRANSFER_OFFERED, transfers.cancel, here),
        "accept_transfer": (S.TRANSFER_OFFERED, transfers.accept, {"neighbour"}),
        "decline_transfer": (S.TRANSFER_OFFERED, lambda r, **k: transfers.decline(r, reason="Non.", **k), {"neighbour"}),
        "route": (S.ARBITRATION, route_to(desk.ministry), {"coordinator"}),
    }


VERBS = [
    "accept_transfer", "ask_citizen", "cancel_transfer", "decline_transfer", "extend", "hand_over", "offer_transfer", "release", "route",
    "take", "take_back",
]  # fmt: skip
NOT_BY_STAFF = {
    "follow_successor",
    "begin",
    "citizen_replies",
    "sleep",
    "expire_transfer",
    "answer",
    "close",
    "reopen",
    "citizen_withdraws",
}


def test_every_action_has_a_verb_in_this_table():
    assert {action.value for action in CaseAction} == set(VERBS) | NOT_BY_STAFF


@pytest.mark.parametrize("name", VERBS)
def test_only_those_who_may_do_it_can(app, play, desk, name):
    status, verb, allowed = verbs(desk)[name]
    request = desk.request(status)
    for who in ("contact", "colleague", "validator", "lead", "neighbour", "coordinator"):
        with app.app_context():
            live = db.session.get_one(CitizenRequest, request.id)
            actor = sign_in.actor_of(db.session.get_one(Account, getattr(desk, who).id))
            if who in allowed:
                verb(live, actor=actor, seen_version=live.version, at=play.clock())
                assert live.version == request.version + 1
            else:
                with pytest.raises(NotAllowed):
                    verb(live, actor=actor, seen_version=live.version, at=play.clock())
            db.session.rollback()


@pytest.mark.parametrize("name", sorted(set(VERBS) - {"accept_transfer", "decline_transfer"}))  # that right ends with the offer
def test_a_move_that_the_table_does_not_have_is_refused(app, play, desk, name):
    _status, verb, allowed = verbs(desk)[name]
    forbidden = next(s for s in (S.CLOSED, S.OPEN) if CaseAction(name) not in CASE_WORKFLOW.actions_from(s))
    request = desk.request(forbidden)
    if name == "cancel_transfer":
        assert request.offer is None
    with app.app_context():
        live = db.session.get_one(CitizenRequest, request.id)
        actor = sign_in.actor_of(db.session.get_one(Account, getattr(desk, min(allowed)).id))
        with pytest.raises(MoveRefused):
            verb(live, actor=actor, seen_version=live.version, at=play.clock())
        db.session.rollback()
