"""A document that was asked for and is not given: where its author can turn to is said with the answer, and for as long as it helps."""

from __future__ import annotations

import pytest

from feedback_app.database import db
from feedback_app.domain.case import CaseStatus, Outcome, RefusalGround
from feedback_app.domain.contribution import ContributionKind
from feedback_app.models import Answer, CitizenRequest
from feedback_app.services.cases import answers

DOCUMENT = ContributionKind.ACCESS
GROUND = {"ground": RefusalGround.PERSONAL_DATA}
NOTICE = "Le document ne vous est pas donné en entier"


def words(mail):
    return " ".join(mail.text.split())


@pytest.fixture
def answered(play, desk, make, outbox):
    """``answered(outcome)``: the request with this answer, published, and the mail that told of it."""

    def answer(outcome, kind=DOCUMENT, **facts):
        request = desk.request(CaseStatus.ASSIGNED, kind=kind)
        draft = make.draft(request, outcome=outcome, contact=desk.contact, propose=True, **facts)
        return publish(draft.id), outbox.all()[-3]

    def publish(answer_id):
        def on_answer(_live, *, actor, seen_wording, at):
            answers.publish(db.session.get_one(Answer, answer_id), actor=actor, seen_wording=seen_wording, at=at)

        return play(on_answer, make.one(CitizenRequest, make.one(Answer, answer_id).request_id), desk.validator, seen_wording=1)

    answer.publish = publish
    return answer


@pytest.mark.parametrize(("outcome", "facts"), [(Outcome.REFUSED, GROUND), (Outcome.PARTIAL, {}), (Outcome.NOT_HELD, {})])
def test_mail_and_page_say_until_when_the_cada_can_be_turned_to(client, play, make, answered, outcome, facts):
    play.at("2026-01-31")  # a month and two later there is no 31st
    request, told = answered(outcome, **facts)
    assert "CADA, www.cada.fr) jusqu’au 31 mars 2026" in words(told)
    assert "obligatoire avant tout recours" in words(told)
    page = client.get_page(make.private_path(request.contribution)).text("main")
    assert NOTICE in page
    assert "jusqu’au 31 mars 2026" in page


@pytest.mark.parametrize(
    ("outcome", "kind", "facts"), [(Outcome.FULL, DOCUMENT, {}), (Outcome.REFUSED, ContributionKind.CLARIFICATION, GROUND)]
)
def test_nothing_of_it_where_there_is_nothing_to_turn_about(client, make, answered, outcome, kind, facts):
    request, told = answered(outcome, kind, **facts)
    assert "CADA" not in words(told)
    assert NOTICE not in client.get_page(make.private_path(request.contribution)).text("main")


def test_once_the_two_months_are_over_the_page_says_it_no_more(client, play, make, answered):
    play.at("2026-03-02")
    request, _told = answered(Outcome.REFUSED, **GROUND)
    for day, hour, said in (("2026-05-02", "23:30", True), ("2026-05-03", "00:30", False)):  # days are those of Paris
        play.at(day, hour)
        assert (NOTICE in client.get_page(make.private_path(request.contribution)).text("main")) is said, day


def test_a_corrected_answer_counts_as_it_stands(client, play, desk, make, outbox, answered):
    play.at("2026-03-02")
    request, _told = answered(Outcome.REFUSED, **GROUND)
    first = make.all(Answer)[-1]
    for day, outcome, said in (("2026-03-10", Outcome.PARTIAL, True), ("2026-03-11", Outcome.FULL, False)):
        play.at(day)

        def correct(live, *, outcome=outcome, **facts):
            answers.propose(live, answers.Wording("Corrigée.", outcome), corrects=db.session.get_one(Answer, first.id), **facts)

        play(correct, request, desk.contact, seen_wording=0)
        answered.publish(make.all(Answer)[-1].id)
        assert ("jusqu’au 10 mai 2026" in words(outbox.last())) is said, day
        assert ("jusqu’au 10 mai 2026" in client.get_page(make.private_path(request.contribution)).text("main")) is said, day
