"""The two clocks of an answer, against dates counted by hand. November 2026 begins on a Sunday; Wednesday 11 is a holiday."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.domain.calendar import PARIS, add_working_days, day_of, working_days_after
from feedback_app.domain.deadlines import Pause, StepKind, access_delay, days_used, pauses_of, service_goal


def at(text: str) -> datetime:
    """A moment: with ``Z`` in UTC, else in Paris, at ten when no hour is given."""
    if text.endswith("Z"):
        return datetime.fromisoformat(text)
    return datetime.fromisoformat(text if " " in text else f"{text} 10:00").replace(tzinfo=PARIS)


def pauses(*spans: str) -> list[Pause]:
    """From ``"first > last"``, or ``"first >"`` for a pause that goes on."""
    pairs = [span.split(">") for span in spans]
    return [Pause(at(first.strip()), at(last.strip()) if last.strip() else None) for first, last in pairs]


@pytest.mark.parametrize(
    ("accepted", "spans", "due"),
    [
        # no pause
        ("2026-11-02", [], "2026-11-24"),
        ("2026-10-31", [], "2026-11-23"),  # a Saturday
        ("2026-11-01", [], "2026-11-23"),  # a Sunday and a holiday
        ("2026-12-17", [], "2027-01-11"),  # Christmas and New Year
        ("2026-04-30", [], "2026-05-27"),  # the four holidays of May
        ("2026-02-23", [], "2026-03-16"),
        ("2024-02-26", [], "2024-03-18"),  # 29 February is day 3
        ("2026-03-27", [], "2026-04-20"),  # summer time begins, Easter Monday
        # midnight in Paris
        ("2026-11-02 23:59:59", [], "2026-11-24"),
        ("2026-11-03 00:00:00", [], "2026-11-25"),
        ("2026-11-02T22:59:59Z", [], "2026-11-24"),
        ("2026-11-02T23:00:00Z", [], "2026-11-25"),
        ("2026-07-01T21:30:00Z", [], "2026-07-23"),
        ("2026-07-01T22:30:00Z", [], "2026-07-24"),
        # one pause
        ("2026-11-02", ["2026-11-05 > 2026-11-10"], "2026-11-30"),
        ("2026-11-02", ["2026-11-05 09:00 > 2026-11-05 17:00"], "2026-11-24"),  # answered the same day
        ("2026-11-02", ["2026-11-05 17:00 > 2026-11-06 09:00"], "2026-11-26"),  # overnight
        ("2026-11-02", ["2026-11-07 > 2026-11-08"], "2026-11-24"),  # a week-end
        ("2026-11-02", ["2026-11-06 > 2026-11-09"], "2026-11-26"),  # around a week-end
        ("2026-11-02", ["2026-11-06 > 2026-11-08"], "2026-11-25"),  # ends on a Sunday
        ("2026-11-02", ["2026-11-07 > 2026-11-09"], "2026-11-25"),  # begins on a Saturday
        ("2026-11-02", ["2026-11-10 > 2026-11-12"], "2026-11-26"),  # over a holiday
        ("2026-11-02", ["2026-11-11 > 2026-11-13"], "2026-11-26"),  # begins on a holiday
        ("2026-11-02", ["2026-11-09 > 2026-11-11"], "2026-11-26"),  # ends on a holiday
        ("2026-11-02", ["2026-11-02 15:00 > 2026-11-05"], "2026-11-27"),  # on the day of acceptance
        ("2026-11-02", ["2026-11-24 > 2026-11-30"], "2026-12-01"),  # on the last day: one remains
        ("2026-11-02", ["2026-11-25 > 2026-11-30"], "2026-11-24"),  # after the last day: too late to change it
        ("2026-11-02", ["2026-10-05 > 2026-10-08"], "2026-11-24"),  # before a reopening
        # pauses around midnight and the change of clocks (Sunday 25 October 2026)
        ("2026-10-22", ["2026-10-23T22:30:00Z > 2026-10-25T22:30:00Z"], "2026-11-13"),
        ("2026-10-22", ["2026-10-23T22:30:00Z > 2026-10-25T23:30:00Z"], "2026-11-16"),
        ("2026-10-22", ["2026-10-23T21:30:00Z > 2026-10-25T22:30:00Z"], "2026-11-16"),
        # several pauses
        ("2026-11-02", ["2026-11-04 > 2026-11-05", "2026-11-17 > 2026-11-18"], "2026-11-30"),
        ("2026-11-02", ["2026-11-17 > 2026-11-18", "2026-11-04 > 2026-11-05"], "2026-11-30"),  # in any order
        ("2026-11-02", ["2026-11-04 > 2026-11-10", "2026-11-09 > 2026-11-12"], "2026-12-02"),  # overlapping
        ("2026-11-02", ["2026-11-04 > 2026-11-12", "2026-11-05 > 2026-11-06"], "2026-12-02"),  # one inside the other
        ("2026-11-02", ["2026-11-04 > 2026-11-05 09:00", "2026-11-05 15:00 > 2026-11-06"], "2026-11-27"),  # two questions in a row
        ("2026-11-02", ["2026-11-04 > 2027-01-03", "2027-01-03 > 2027-01-12"], "2027-02-01"),  # waiting, then asleep
    ],
)
def test_the_service_goal_ends_fifteen_working_days_later_pauses_taken_off(accepted, spans, due):
    assert service_goal(at(accepted), pauses(*spans)).due_on == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("accepted", "extended", "spans", "due"),
    [
        ("2026-11-02", "2026-11-20", [], "2026-12-15"),
        ("2026-11-02", "2026-11-02", [], "2026-12-15"),
        ("2026-11-27", "2026-12-10", [], "2027-01-12"),
        ("2026-11-02", "2026-11-06", ["2026-11-05 > 2026-11-10"], "2026-12-21"),  # granted during the pause
        ("2026-11-02", "2026-11-23", ["2026-11-25 > 2026-11-27"], "2026-12-18"),  # the pause falls into the extension
    ],
)
def test_an_extension_adds_fifteen_working_days_whenever_it_is_granted(accepted, extended, spans, due):
    goal = service_goal(at(accepted), pauses(*spans), extended_at=at(extended))
    assert goal.due_on == date.fromisoformat(due)
    assert sum(step.days for step in goal.steps if step.kind is StepKind.COUNT) == 30


def test_while_the_citizen_is_asked_there_is_no_deadline_but_days_that_remain():
    goal = service_goal(at("2026-11-02"), pauses("2026-11-05 >"))
    assert (goal.due_on, goal.left) == (None, 13)
    assert (goal.steps[-1].kind, goal.steps[-1].first, goal.steps[-1].last) == (StepKind.PAUSE, date(2026, 11, 5), None)
    assert not goal.late(at("2027-11-02"))
    assert service_goal(at("2026-11-02"), pauses("2026-11-05 >"), extended_at=at("2026-11-06")).left == 28


def test_a_question_asked_too_late_leaves_the_deadline_passed():
    goal = service_goal(at("2026-11-02"), pauses("2026-11-25 >"))
    assert goal.due_on == date(2026, 11, 24)
    assert goal.late(at("2026-11-25"))


def test_late_begins_after_midnight_in_paris():
    goal = service_goal(at("2026-11-02"))
    assert not goal.late(at("2026-11-24T22:59:59Z"))
    assert goal.late(at("2026-11-24T23:00:00Z"))


def test_a_deadline_explains_itself():
    goal = service_goal(at("2026-11-02"), pauses("2026-11-05 > 2026-11-10"), extended_at=at("2026-11-06"))
    lines = [(step.kind, step.first.isoformat(), step.last and step.last.isoformat(), step.days, step.left) for step in goal.steps]
    assert lines == [
        (StepKind.START, "2026-11-02", None, 15, 15),
        (StepKind.EXTENSION, "2026-11-06", None, 15, 30),
        (StepKind.COUNT, "2026-11-03", "2026-11-04", 2, 28),
        (StepKind.PAUSE, "2026-11-05", "2026-11-10", 0, 28),
        (StepKind.COUNT, "2026-11-11", "2026-12-21", 28, 0),
        (StepKind.DUE, "2026-12-21", None, 0, 0),
    ]


@pytest.mark.parametrize(
    ("accepted", "spans", "answered", "used"),
    [
        ("2026-11-02", [], "2026-11-02 18:00", 0),
        ("2026-11-02", [], "2026-11-13", 8),
        ("2026-11-02", [], "2026-11-14", 8),  # on a Saturday
        ("2026-11-02", ["2026-11-05 > 2026-11-10"], "2026-11-30", 15),
        ("2026-11-02", ["2026-11-05 >"], "2026-11-20", 2),  # answered without waiting for the reply
        ("2026-11-02", ["2026-11-25 > 2026-11-30"], "2026-12-01", 16),
        ("2026-11-02", ["2026-12-07 > 2026-12-09"], "2026-11-13", 8),
    ],
)
def test_an_answer_took_so_many_working_days(accepted, spans, answered, used):
    assert days_used(at(accepted), pauses(*spans), at(answered)) == used


def test_pauses_are_read_from_a_history():
    one, two, three, four = (at(f"2026-11-0{number}") for number in range(2, 6))
    history = [(one, False), (two, True), (three, True), (four, False)]
    assert pauses_of(history) == [Pause(two, four)]
    assert pauses_of(history[:3]) == [Pause(two)]
    assert pauses_of([]) == []


@pytest.mark.parametrize(
    ("confirmed", "refused", "cada"),
    [
        ("2026-01-31", "2026-02-28", "2026-04-28"),
        ("2024-01-31", "2024-02-29", "2024-04-29"),
        ("2026-01-30", "2026-02-28", "2026-04-28"),
        ("2026-01-29", "2026-02-28", "2026-04-28"),
        ("2024-01-29", "2024-02-29", "2024-04-29"),
        ("2026-01-28", "2026-02-28", "2026-04-28"),
        ("2026-02-28", "2026-03-28", "2026-05-28"),
        ("2024-02-29", "2024-03-29", "2024-05-29"),
        ("2026-03-15", "2026-04-15", "2026-06-15"),
        ("2026-03-31", "2026-04-30", "2026-06-30"),
        ("2026-12-31", "2027-01-31", "2027-03-31"),
        ("2026-11-30", "2026-12-30", "2027-02-28"),
        ("2026-04-01", "2026-05-01", "2026-07-01"),  # 1 May: silence refuses on holidays too
        ("2026-11-13", "2026-12-13", "2027-02-13"),  # a Sunday, then a Saturday
        # midnight in Paris
        ("2026-01-30T22:59:59Z", "2026-02-28", "2026-04-28"),
        ("2026-02-27T22:59:59Z", "2026-03-27", "2026-05-27"),
        ("2026-02-27T23:00:00Z", "2026-03-28", "2026-05-28"),
        ("2026-06-15T21:59:59Z", "2026-07-15", "2026-09-15"),
        ("2026-06-15T22:00:00Z", "2026-07-16", "2026-09-16"),
        ("2026-03-28T23:30:00Z", "2026-04-29", "2026-06-29"),  # the night of summer time
        ("2026-10-25T00:30:00Z", "2026-11-25", "2027-01-25"),  # the hour that comes twice
    ],
)
def test_the_legal_month_runs_from_number_to_number(confirmed, refused, cada):
    delay = access_delay(at(confirmed))
    assert (delay.refused_on, delay.due_on) == (date.fromisoformat(refused), date.fromisoformat(refused))
    assert delay.cada_until == date.fromisoformat(cada)


def test_silence_is_a_refusal_on_that_day_and_late_the_next():
    delay = access_delay(at("2026-03-15"))
    assert not delay.refused_by_silence(at("2026-04-14 23:59:59"))
    assert delay.refused_by_silence(at("2026-04-15 00:00:00"))
    assert not delay.late(at("2026-04-15 23:59:59"))
    assert delay.late(at("2026-04-16 00:00:00"))


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=PARIS))  # noqa: DTZ001
HISTORIES = st.lists(st.tuples(st.integers(0, 40 * 24), st.integers(0, 40 * 24)), max_size=4)


def _pauses(start: datetime, history: list[tuple[int, int]]) -> list[Pause]:
    begins = [(start + timedelta(hours=after), length) for after, length in history]
    return [Pause(begin, begin + timedelta(hours=length)) for begin, length in begins]


@given(start=MOMENTS, history=HISTORIES)
def test_a_pause_never_brings_the_deadline_nearer_and_an_extension_always_moves_it_away(start, history):
    plain, paused = service_goal(start), service_goal(start, _pauses(start, history))
    extended = service_goal(start, _pauses(start, history), extended_at=start)
    assert paused.due_on >= plain.due_on == add_working_days(day_of(start), 15)
    assert working_days_after(paused.due_on, extended.due_on) >= 15


@given(start=MOMENTS, history=HISTORIES)
def test_the_steps_add_up_and_the_last_day_is_day_fifteen(start, history):
    goal = service_goal(start, _pauses(start, history))
    assert sum(step.days for step in goal.steps if step.kind is StepKind.COUNT) == 15
    due = datetime.combine(goal.due_on, datetime.min.time(), tzinfo=PARIS)
    assert days_used(start, _pauses(start, history), due) == 15


@given(start=MOMENTS, history=HISTORIES)
def test_the_order_of_the_pauses_does_not_matter(start, history):
    assert service_goal(start, _pauses(start, history)) == service_goal(start, _pauses(start, history[::-1]))
