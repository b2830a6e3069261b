"""What the job process does with cases: each thing once, whatever is killed in between."""

from __future__ import annotations

import pytest

from feedback_app import jobs
from feedback_app.database import unit_of_work
from feedback_app.domain.case import CaseStatus
from feedback_app.models import CaseEvent
from feedback_app.services.digest import daily

S = CaseStatus


def sweep(app, at):
    """What a sweep does with due rows, at this time."""
    for work in jobs.WORKS:
        with app.app_context():
            due = list(work.due(at))
        for row_id in due:
            with app.app_context(), unit_of_work():
                work.do(row_id, at)


def of_the_day(app, clock, keep_going=lambda: True):
    with app.app_context():
        return jobs.cases_of_the_day(clock=clock, keep_going=keep_going)


def digests(outbox):
    return [mail.recipient for mail in outbox.all() if mail.key.startswith("staff-digest:")]


def test_a_sweep_finds_everything_that_is_due_and_a_second_one_nothing(app, play, desk, make):
    play.at("2026-03-02")
    waiting, answered, offered = (desk.request(s) for s in (S.WAITING, S.ANSWERED, S.TRANSFER_OFFERED))
    play.at("2026-06-01")
    sweep(app, play.clock())
    assert [make.reload(r).status for r in (waiting, answered, offered)] == [S.ASLEEP, S.CLOSED, S.ARBITRATION]
    events = len(make.all(CaseEvent))
    sweep(app, play.clock())
    assert len(make.all(CaseEvent)) == events


def test_the_mails_of_the_day_are_owed_once_from_seven_in_the_morning(app, play, desk, outbox):
    play.at("2026-03-02", "08:00")
    desk.request(S.OPEN)
    assert [of_the_day(app, play.clock), of_the_day(app, play.clock)] == [True, False]
    team = [person.identity.email for person in (desk.contact, desk.colleague, desk.validator, desk.lead)]
    assert sorted(digests(outbox)) == sorted(team)
    play.at("2026-03-03", "06:59")
    assert of_the_day(app, play.clock) is False
    play.at("2026-03-03", "07:00")
    assert of_the_day(app, play.clock) is True
    assert len(digests(outbox)) == 2 * len(team)


def test_killed_in_the_middle_nobody_is_written_to_twice_and_nobody_is_forgotten(app, play, desk, outbox, monkeypatch):
    play.at("2026-03-02", "08:00")
    desk.request(S.OPEN)
    send, calls = daily.send, []

    def killed(account_id, *, at):
        calls.append(account_id)
        if len(calls) == 3:
            raise SystemExit
        return send(account_id, at=at)

    with monkeypatch.context() as patch:
        patch.setattr(daily, "send", killed)
        with pytest.raises(SystemExit):
            of_the_day(app, play.clock)
    assert len(digests(outbox)) == 2
    assert of_the_day(app, play.clock) is False, "still held by the one that died"
    play.clock.advance(minutes=11)
    assert of_the_day(app, play.clock) is True
    assert len(digests(outbox)) == len(set(digests(outbox))) == 4


def test_what_became_late_is_recorded_by_the_work_of_the_day(app, play, desk, make):
    play.at("2026-03-02")
    desk.request(S.OPEN)
    play.at("2026-03-24", "08:00")
    of_the_day(app, play.clock)
    assert [event.after for event in make.all(CaseEvent) if event.verb == "request:late"] == ["2026-03-23"]
