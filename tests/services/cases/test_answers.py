"""Answers: written by one, published by another; then what the person who asked says of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus, Outcome, Verdict
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import NotAllowed
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import Account, Answer, AnswerRating, CaseEvent, CasePause, CitizenRequest, Ministry
from feedback_app.services.cases import answers, closing, routing

S = CaseStatus


def act(play, verb, answer, by, *args, seen=1):
    """Call a verb of an answer."""

    def on_answer(_live, *words, actor, seen_wording, at):
        verb(db.session.get_one(Answer, answer.id), *words, actor=actor, seen_wording=seen_wording, at=at)

    return play(on_answer, play.make.one(CitizenRequest, answer.request_id), by, *args, seen_wording=seen)


def rate(play, request, verdict=Verdict.PARTLY):
    return play(lambda live, *, at: closing.rate(live, verdict, reason="Il manque 2022.", at=at), request)


def reopen(play, request, key="k", body="Il manque toujours 2022."):
    return play(lambda live, *, at: closing.reopen(live, body, form_key=key, language="fr", at=at), request)


def mails(outbox, part):
    return [mail for mail in outbox.all() if part in mail.key]


class TestFourEyes:
    def test_sent_back_with_words_proposed_again_and_published_by_somebody_else(self, play, desk, make, outbox):
        request = desk.request(S.ASSIGNED)
        answer = make.draft(request, contact=desk.contact, propose=True)
        act(play, answers.send_back, answer, desk.validator, "Donnez les deux séries.")
        play(answers.propose, request, desk.contact, answers.Wording("Voici les deux séries.", Outcome.PARTIAL), seen_wording=1)
        request = act(play, answers.publish, answer, desk.validator, seen=2)
        assert (request.status, request.outcome) == (S.ANSWERED, Outcome.PARTIAL)
        told, *reminders = outbox.all()[-3:]
        assert "Voici les deux séries." in told.text
        assert "Ana" not in told.text + told.html
        assert [mail.due_at - play.clock() for mail in reminders] == [timedelta(days=3), timedelta(days=10)]

    @pytest.mark.parametrize("who", ["contact", "neighbour", "coordinator", "colleague"])
    def test_only_a_validator_of_the_ministry_publishes(self, play, desk, make, who):
        answer = make.draft(desk.request(S.ASSIGNED), contact=desk.contact, propose=True)
        with pytest.raises(NotAllowed):
            act(play, answers.publish, answer, getattr(desk, who))

    def test_who_wrote_any_wording_of_it_does_not_publish_it(self, play, desk, make):
        request = desk.request(S.ASSIGNED)
        answer = make.draft(request, contact=desk.lead)
        play(answers.propose, request, desk.contact, answers.Wording("Une autre.", Outcome.FULL), seen_wording=1)
        with pytest.raises(NotAllowed):
            act(play, answers.publish, answer, desk.lead, seen=2)
        assert act(play, answers.publish, answer, desk.validator, seen=2).status is S.ANSWERED

    def test_two_contacts_at_once_the_second_reads_the_first(self, play, desk, make):
        request = desk.request(S.ASSIGNED)
        make.draft(request, "Le premier texte.", contact=desk.contact)
        with pytest.raises(Conflict) as met:
            play(answers.write, request, desk.colleague, answers.Wording("Le second texte.", Outcome.FULL), seen_wording=0)
        assert (met.value.other.text, met.value.other.by) == ("Le premier texte.", "Ana")

    def test_a_validator_publishes_the_wording_that_they_read(self, play, desk, make):
        request = desk.request(S.ASSIGNED)
        answer = make.draft(request, contact=desk.contact, propose=True)
        act(play, answers.send_back, answer, desk.contact, "Je reprends.")
        play(answers.propose, request, desk.contact, answers.Wording("Autre chose.", Outcome.FULL), seen_wording=1)
        with pytest.raises(Conflict):
            act(play, answers.publish, answer, desk.validator, seen=1)

    def test_a_double_click_publishes_and_tells_once(self, play, desk, make, outbox):
        answer = make.draft(desk.request(S.ASSIGNED), contact=desk.contact, propose=True)
        for _ in range(2):
            act(play, answers.publish, answer, desk.validator)
        assert len(mails(outbox, ":answered:")) == 1

    def test_what_the_old_ministry_was_preparing_stays_there(self, app, play, desk, make):
        request = desk.request(S.OPEN)
        answer = make.draft(request, contact=desk.contact, propose=True)

        def route(live, **facts):
            routing.route(live, db.session.get_one(Ministry, desk.other.id), reason="", **facts)

        play(route, request, desk.coordinator)
        with app.app_context():
            assert answers.in_hand(db.session.get_one(CitizenRequest, request.id)) is None
        with pytest.raises(MoveRefused):
            act(play, answers.publish, answer, desk.validator)

    def test_an_answer_ends_a_pause_and_a_corrected_one_moves_nothing(self, play, desk, make, outbox):
        request = desk.request(S.WAITING)
        answer = make.draft(request, contact=desk.contact, propose=True)
        request = act(play, answers.publish, answer, desk.validator)
        assert (request.status, [pause.ended_at for pause in make.all(CasePause)]) == (S.ANSWERED, [play.clock()])

        def correct(live, **facts):
            answers.propose(live, answers.Wording("Corrigée.", Outcome.FULL), corrects=db.session.get_one(Answer, answer.id), **facts)

        version = request.version
        play(correct, request, desk.contact, seen_wording=0)
        request = act(play, answers.publish, make.all(Answer)[-1], desk.validator)
        assert (request.status, request.version) == (S.ANSWERED, version)
        assert outbox.last().subject.endswith("la réponse est corrigée")

    @pytest.mark.parametrize(("outcome", "facts"), [(Outcome.REFUSED, {}), (Outcome.DUPLICATE, {}), (Outcome.FULL, {"duplicate_of_id": 1})])
    def test_an_outcome_says_all_it_must(self, play, desk, outcome, facts):
        with pytest.raises(answers.IncompleteOutcome):
            play(answers.write, desk.request(S.ASSIGNED), desk.contact, answers.Wording("Non.", outcome, **facts), seen_wording=0)

    @pytest.mark.parametrize("status", [S.TRANSFER_OFFERED, S.ARBITRATION, S.CLOSED])
    def test_no_answer_is_begun_where_none_can_be_published(self, play, desk, status):
        with pytest.raises(MoveRefused):
            play(answers.write, desk.request(status), desk.contact, answers.Wording("Voici.", Outcome.FULL), seen_wording=0)


class TestAfterTheAnswer:
    def test_rated_it_is_closed_once_and_the_reminders_never_leave(self, play, desk, make, outbox):
        request = desk.request(S.ANSWERED)
        assert len(mails(outbox, ":rating:")) == 2
        request = rate(play, request)
        assert request.status is S.CLOSED
        assert mails(outbox, ":rating:") == []
        rate(play, request, Verdict.NO)
        assert [(r.verdict, r.reason) for r in make.all(AnswerRating)] == [(Verdict.PARTLY, "Il manque 2022.")]

    def test_twenty_one_days_without_a_word_close_it_too_and_it_can_still_be_rated(self, play, desk, make, clock):
        request = desk.request(S.ANSWERED)

        def sweep():
            return play.sweep(closing.without_a_word, closing.close)

        clock.advance(days=21, seconds=-1)
        assert sweep() == 0
        clock.advance(seconds=1)
        assert [sweep(), sweep()] == [1, 0]
        assert make.reload(request).status is S.CLOSED
        rate(play, request)
        assert len(make.all(AnswerRating)) == 1

    @pytest.mark.parametrize("status", [S.ANSWERED, S.CLOSED])
    def test_reopened_once_with_a_new_clock_at_the_same_person(self, play, desk, outbox, status):
        play.at("2026-03-02")
        request = desk.request(status)
        play.at("2026-06-01")
        request = reopen(play, request)
        assert (request.status, request.assignee_id) == (S.ASSIGNED, desk.contact.identity_id)
        assert request.due_on == date(2026, 6, 22)
        assert outbox.last().subject.endswith("votre demande est rouverte")
        assert mails(outbox, ":rating:") == []
        with pytest.raises(MoveRefused):
            reopen(play, request, key="another", body="Et encore une fois.")

    def test_the_same_form_reopens_once(self, play, desk, make):
        request = desk.request(S.CLOSED)
        for _ in range(2):
            reopen(play, request)
        assert [event.verb.value for event in make.all(CaseEvent)].count("request:reopen") == 1

    def test_six_months_later_it_is_too_late(self, play, desk):
        play.at("2026-03-02")
        early, late = desk.request(S.CLOSED), desk.request(S.CLOSED)
        play.at("2026-09-02", "23:59")
        assert reopen(play, early).status is S.ASSIGNED
        play.at("2026-09-03", "00:00")
        with pytest.raises(MoveRefused):
            reopen(play, late, key="late")

    def test_reopened_it_is_to_take_when_who_answered_has_left(self, app, play, desk):
        request = desk.request(S.ANSWERED)
        with app.app_context(), unit_of_work():
            db.session.get_one(Account, desk.contact.id).deactivated_at = play.clock()
        request = reopen(play, request)
        assert (request.status, request.assignee_id) == (S.OPEN, None)
