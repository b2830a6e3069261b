"""The daily mail of staff: to each what they can act on, once a day."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus, Outcome
from feedback_app.mail.labels import Errand
from feedback_app.models import Account, Answer
from feedback_app.services.cases import answers
from feedback_app.services.digest import daily
from tests.services.cases.test_answers import act, reopen

S, E = CaseStatus, Errand


def parts(app, account, at):
    with app.app_context():
        return {part.errand: part.total for part in daily.parts_for(db.session.get_one(Account, account.id), at=at)}


def test_each_person_reads_what_they_can_act_on(app, play, desk, make):
    play.at("2026-03-02")
    desk.request(S.OPEN)
    desk.request(S.ASSIGNED)
    desk.request(S.TRANSFER_OFFERED)
    desk.request(S.ARBITRATION)
    make.draft(desk.request(S.ASSIGNED, contact=desk.colleague), contact=desk.colleague, propose=True)
    who = {name: getattr(desk, name) for name in ("contact", "colleague", "validator", "lead", "neighbour", "coordinator")}
    play.at("2026-03-03")
    assert {name: parts(app, account, play.clock()) for name, account in who.items()} == {
        "contact": {E.NEW: 1},
        "colleague": {E.NEW: 1},
        "validator": {E.TO_VALIDATE: 1, E.NEW: 1},
        "lead": {E.TO_VALIDATE: 1, E.NEW: 1},
        "neighbour": {E.OFFERED: 1},
        "coordinator": {E.TO_ROUTE: 1},
    }


@pytest.mark.parametrize(
    ("day", "contact", "lead", "coordinator"),
    [
        ("2026-03-17", {}, {}, {}),
        ("2026-03-18", {E.MINE_DUE_SOON: 1}, {}, {}),
        ("2026-03-23", {E.MINE_DUE_SOON: 1}, {}, {}),
        ("2026-03-24", {E.MINE_LATE: 1}, {E.MINISTRY_LATE: 1}, {}),
        ("2026-04-14", {E.MINE_LATE: 1}, {E.MINISTRY_LATE: 1}, {}),  # the 15th working day after 23 March
        ("2026-04-15", {E.MINE_LATE: 1}, {E.MINISTRY_LATE: 1}, {E.TWICE_LATE: 1}),
    ],
)
def test_what_comes_due_climbs_from_the_contact_to_the_lead_to_the_coordinator(app, play, desk, day, contact, lead, coordinator):
    play.at("2026-03-02")
    assert desk.request(S.ASSIGNED).due_on == date(2026, 3, 23)
    play.at(day)
    found = [parts(app, account, play.clock()) for account in (desk.contact, desk.lead, desk.coordinator)]
    assert found == [contact, lead, coordinator]


def test_an_answer_sent_back_is_for_who_wrote_it_until_they_write_again(app, play, desk, make):
    request = desk.request(S.ASSIGNED)
    answer = make.draft(request, contact=desk.contact, propose=True)
    assert E.TO_VALIDATE not in parts(app, desk.contact, play.clock())
    play.clock.advance(hours=1)
    act(play, answers.send_back, answer, desk.validator, "Donnez les deux séries.")
    assert parts(app, desk.contact, play.clock()) == {E.SENT_BACK: 1}
    assert parts(app, desk.colleague, play.clock()) == {}
    play.clock.advance(hours=1)
    play(answers.write, request, desk.contact, answers.Wording("Les voici.", Outcome.FULL), seen_wording=1)
    assert parts(app, desk.contact, play.clock()) == {}
    assert len(make.all(Answer)) == 1


def test_a_reopened_case_is_told_to_who_has_it(app, play, desk):
    reopen(play, desk.request(S.CLOSED))
    assert parts(app, desk.contact, play.clock()) == {E.REOPENED: 1}


def test_the_mail_leaves_once_a_day_and_not_when_there_is_nothing(app, play, desk, make, outbox):
    request = desk.request(S.OPEN)

    def send(account):
        with app.app_context(), unit_of_work():
            return daily.send(account.id, at=play.clock())

    assert [send(desk.contact), send(desk.contact), send(desk.neighbour)] == [True, False, False]
    mail = outbox.last()
    assert (mail.recipient, mail.subject) == (desk.contact.identity.email, "1 demande vous attend")
    assert request.reference in mail.text
    assert f"http://localhost/ministere/dossiers/{request.reference}\n" in mail.text
    assert f'href="http://localhost/ministere/dossiers/{request.reference}"' in mail.html
    assert "http://localhost/ministere/\n" in mail.text
    assert "/compte/" not in mail.text
    assert "23 mars 2026" in mail.text
    play.clock.advance(days=1)
    assert send(desk.contact) is True


def test_the_coordination_is_led_to_its_own_desk(app, play, desk, outbox):
    desk.request(S.ARBITRATION)
    with app.app_context(), unit_of_work():
        daily.send(desk.coordinator.id, at=play.clock())
    assert "http://localhost/coordination/\n" in outbox.last().text


def test_nobody_is_written_to_on_a_day_off(app, play, desk):
    def named():
        with app.app_context():
            return set(daily.people(play.clock()))

    play.at("2026-03-02")
    team = (desk.contact, desk.colleague, desk.validator, desk.lead, desk.neighbour, desk.coordinator)
    assert named() == {account.id for account in team}
    play.at("2026-03-01")
    assert named() == set()
    play.at("2026-04-06")  # Easter Monday
    assert named() == set()
