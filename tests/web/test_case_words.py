"""How much time is left for a case, in words, against days counted by hand on a paper calendar."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from feedback_app.domain.calendar import PARIS
from feedback_app.domain.case import CaseStatus
from feedback_app.web.case_words import time_left, urgency

LATE, SOON, LATER, NO_CLOCK = ("error", "warning"), ("warning", "half"), ("neutral", "ring"), ("neutral", "dot")
DUE = date(2026, 11, 24)  # a Tuesday


@pytest.fixture(autouse=True)
def french(app):
    with app.test_request_context("/"):
        yield


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "words", "tone"),
    [
        ("2026-11-10 10:00", "Encore 9 jours ouvrés", LATER),  # Armistice Day is none of them
        ("2026-11-18 10:00", "Encore 4 jours ouvrés", LATER),
        ("2026-11-19 10:00", "Encore 3 jours ouvrés", SOON),
        ("2026-11-22 10:00", "Encore 2 jours ouvrés", SOON),  # a Sunday
        ("2026-11-23 10:00", "Encore 1 jour ouvré", SOON),
        ("2026-11-24 23:59", "Dernier jour aujourd’hui", SOON),
        ("2026-11-25 00:00", "En retard de 1 jour ouvré", LATE),
        ("2026-11-28 10:00", "En retard de 3 jours ouvrés", LATE),  # a Saturday
    ],
)
def test_working_days_are_counted_to_the_last_day_in_time_and_from_it(now, words, tone):
    assert (time_left(CaseStatus.ASSIGNED, DUE, at(now)), urgency(CaseStatus.ASSIGNED, DUE, at(now))) == (words, tone)


@pytest.mark.parametrize(
    ("now", "words", "tone"),
    [
        ("2026-12-11 10:00", "Plus aucun jour ouvré", SOON),  # a Friday
        ("2026-12-13 10:00", "Dernier jour aujourd’hui", SOON),
        ("2026-12-14 10:00", "En retard de 1 jour ouvré", LATE),
    ],
)
def test_the_month_of_the_law_may_end_on_a_day_off(now, words, tone):
    sunday = date(2026, 12, 13)
    assert (time_left(CaseStatus.OPEN, sunday, at(now)), urgency(CaseStatus.OPEN, sunday, at(now))) == (words, tone)


def test_late_on_a_day_off_is_late_though_no_working_day_has_passed():
    friday, saturday = date(2026, 11, 27), at("2026-11-28 10:00")
    assert (time_left(CaseStatus.OPEN, friday, saturday), urgency(CaseStatus.OPEN, friday, saturday)) == ("En retard", LATE)


def test_nothing_is_counted_while_the_clock_stands_still_or_once_answered():
    now = at("2026-12-01 10:00")
    assert (time_left(CaseStatus.WAITING, None, now), urgency(CaseStatus.WAITING, None, now)) == ("Délai suspendu", NO_CLOCK)
    assert (time_left(CaseStatus.ANSWERED, DUE, now), urgency(CaseStatus.ANSWERED, DUE, now)) == ("", NO_CLOCK)
