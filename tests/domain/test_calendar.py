"""Working days and months, against dates counted by hand on a paper calendar."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.domain.calendar import (
    add_months,
    add_working_days,
    beginning_of,
    day_of,
    end_of,
    is_holiday,
    is_working_day,
    working_days_after,
    working_days_between,
)

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2080, 12, 31))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        # Thu 26 Nov 2026, no holiday on the way
        ("2026-11-26", 1, "2026-11-27"),
        ("2026-11-26", 15, "2026-12-17"),
        # from Friday, Saturday and Sunday, Monday is day 1
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-11-29", 1, "2026-11-30"),
        ("2026-11-28", 0, "2026-11-28"),
        # 1 May, 8 May, Ascension (Thu 14), Whit Monday (25) of 2026
        ("2026-04-30", 1, "2026-05-04"),
        ("2026-05-13", 1, "2026-05-15"),
        ("2026-04-30", 15, "2026-05-27"),
        # Good Friday is worked, Easter Monday is not
        ("2026-04-02", 1, "2026-04-03"),
        ("2026-04-02", 2, "2026-04-07"),
        # 14 July on a Tuesday; 15 August on a Saturday and 1 November on a Sunday take nothing away
        ("2026-07-13", 1, "2026-07-15"),
        ("2026-08-14", 1, "2026-08-17"),
        ("2026-10-30", 1, "2026-11-02"),
        ("2026-11-10", 1, "2026-11-12"),
        # Christmas, New Year; 26 December is worked outside Alsace and Moselle
        ("2026-12-24", 1, "2026-12-28"),
        ("2026-12-24", 2, "2026-12-29"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2026-12-17", 15, "2027-01-11"),
        ("2027-12-31", 1, "2028-01-03"),
        ("2028-12-25", 1, "2028-12-26"),
        # the end of February
        ("2024-02-28", 1, "2024-02-29"),
        ("2024-02-29", 1, "2024-03-01"),
        ("2025-02-28", 1, "2025-03-03"),
    ],
)
def test_working_days_are_added_as_on_a_paper_calendar(day, count, expected):
    assert add_working_days(date.fromisoformat(day), count) == date.fromisoformat(expected)


def test_working_days_are_added_forwards_only():
    with pytest.raises(ValueError, match="only forwards"):
        add_working_days(date(2026, 11, 26), -1)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-26T09:00+01:00", "2026-11-26T18:00+01:00", 0),
        ("2026-11-27T18:00+01:00", "2026-11-30T08:00+01:00", 1),
        ("2026-11-26T09:00+01:00", "2026-12-02T09:00+01:00", 4),
        ("2026-11-28T09:00+01:00", "2026-11-29T09:00+01:00", 0),
        ("2026-12-24T09:00+01:00", "2027-01-04T09:00+01:00", 5),
        ("2026-04-30T12:00+02:00", "2026-05-27T12:00+02:00", 15),
        # midnight in Paris, not in London
        ("2026-11-26T22:59:59+00:00", "2026-11-27T22:59:59+00:00", 1),
        ("2026-11-26T23:00:00+00:00", "2026-11-27T22:59:59+00:00", 0),
        ("2026-07-01T21:59:59+00:00", "2026-07-01T22:00:00+00:00", 1),
        # the nights on which the clocks change
        ("2026-03-27T12:00+01:00", "2026-03-30T12:00+02:00", 1),
        ("2026-10-23T12:00+02:00", "2026-10-26T12:00+01:00", 1),
        # an end that does not come later
        ("2026-12-02T09:00+01:00", "2026-11-26T09:00+01:00", 0),
    ],
)
def test_working_days_between_two_moments(start, end, expected):
    assert working_days_between(datetime.fromisoformat(start), datetime.fromisoformat(end)) == expected


def test_a_day_begins_and_ends_at_midnight_in_paris():
    assert beginning_of(date(2026, 11, 26)) == datetime(2026, 11, 25, 23, tzinfo=UTC)
    assert end_of(date(2026, 7, 1)) == datetime(2026, 7, 1, 22, tzinfo=UTC)
    assert end_of(date(2026, 3, 29)) - beginning_of(date(2026, 3, 29)) == timedelta(hours=23)
    assert end_of(date(2026, 10, 25)) - beginning_of(date(2026, 10, 25)) == timedelta(hours=25)
    assert day_of(end_of(date(2026, 10, 25))) == date(2026, 10, 26)


def test_a_moment_without_a_time_zone_belongs_to_no_day():
    with pytest.raises(ValueError, match="naive"):
        day_of(datetime(2026, 11, 26, 12))  # noqa: DTZ001


def test_the_eleven_holidays_of_a_year_and_no_other():
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    named = ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"]
    assert [day.strftime("%m-%d") for day in year if is_holiday(day)] == named


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-01-29", 1, "2024-02-29"),
        ("2026-02-28", 1, "2026-03-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-11-30", 12, "2027-11-30"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_months_run_from_number_to_number(day, count, expected):
    assert add_months(date.fromisoformat(day), count) == date.fromisoformat(expected)


@given(day=DAYS, count=st.integers(1, 60))
def test_counting_is_the_inverse_of_adding(day, count):
    reached = add_working_days(day, count)
    assert is_working_day(reached)
    assert working_days_after(day, reached) == count


@given(start=DAYS, length=st.integers(-10, 900))
def test_counting_by_formula_equals_counting_day_by_day(start, length):
    end = start + timedelta(days=length)
    one_by_one = sum(is_working_day(start + timedelta(days=number)) for number in range(1, length + 1))
    assert working_days_after(start, end) == one_by_one


def test_the_library_of_holidays_is_loaded_only_when_a_date_is_asked_for():
    code = "import sys, feedback_app.domain.calendar; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
