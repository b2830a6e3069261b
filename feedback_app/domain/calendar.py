"""Days as French law and French offices count them. Pure: moments in, days out; no clock is read here.

A *moment* is an aware ``datetime`` (the database keeps UTC). A *day* is a ``date`` in Paris: whatever happens at 23:30 UTC in
winter belongs to the next day, and the two Sundays on which the clocks change are days like others.

A *working day* ("jour ouvré") is Monday to Friday without the eleven public holidays of metropolitan France (Code du travail,
art. L. 3133-1). The two more of Alsace and Moselle and those of overseas territories do not count: ministries sit in Paris.
"""

from __future__ import annotations

import calendar
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def day_of(moment: datetime) -> date:
    """The day in Paris to which a moment belongs. Raises ``ValueError`` for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment!r}: give it a time zone")
    return moment.astimezone(PARIS).date()


def beginning_of(day: date) -> datetime:
    """The first moment of a day in Paris, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The moment, in UTC, at which a day in Paris is over: the first one of the next day. What is due on a day is late from then."""
    return beginning_of(day + ONE_DAY)


@lru_cache(maxsize=64)
def _holidays(year: int) -> tuple[date, ...]:
    # Loaded when first asked for: the library reads three hundred modules, and most processes start without needing a date.
    from holidays.countries.france import France

    return tuple(sorted(France(years=year)))  # type: ignore[no-untyped-call]


@lru_cache(maxsize=64)
def _weekday_holidays(year: int) -> list[date]:
    return [day for day in _holidays(year) if day.weekday() < _SATURDAY]


def is_holiday(day: date) -> bool:
    """Whether it is a public holiday of metropolitan France, also on a week-end."""
    return day in _holidays(day.year)


def is_working_day(day: date) -> bool:
    """Whether it counts as a working day."""
    return day.weekday() < _SATURDAY and not is_holiday(day)


def add_working_days(day: date, count: int) -> date:
    """The working day that comes ``count`` after ``day``, the next working day being 1. With 0, ``day`` itself, whatever day it is."""
    if count < 0:
        raise ValueError(f"{count} working days: only forwards")
    while count:
        day += ONE_DAY
        count -= is_working_day(day)
    return day


def previous_working_day(day: date) -> date:
    """The last working day before ``day``."""
    day -= ONE_DAY
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def begins_its_week(day: date) -> bool:
    """Whether it is the first working day of its week, which begins on Monday."""
    return is_working_day(day) and previous_working_day(day) < day - timedelta(days=day.weekday())


@lru_cache(maxsize=4_096)
def working_days_after(start: date, end: date) -> int:
    """How many working days follow the day ``start``, up to and with ``end``; 0 when ``end`` does not come later.

    The inverse of ``add_working_days``. Costs the same for a day and for ten years; lists ask again and again for the
    same days.
    """
    if end <= start:
        return 0
    weekdays = _weekdays_until(end.toordinal()) - _weekdays_until(start.toordinal())
    return weekdays - sum(
        bisect_right(days, end) - bisect_right(days, start) for days in map(_weekday_holidays, range(start.year, end.year + 1))
    )


def _weekdays_until(ordinal: int) -> int:
    """Mondays to Fridays from the first day of all (1 January 1, a Monday, is ordinal 1) to this one."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def working_days_between(start: datetime, end: datetime) -> int:
    """How many working days have passed at ``end`` since ``start`` ("il y a 4 jours ouvrés"): the day of ``start`` is not one of them."""
    return working_days_after(day_of(start), day_of(end))


def add_months(day: date, count: int) -> date:
    """The day of the same number ``count`` calendar months later ("de quantième à quantième").

    Where that month has no such day, its last one: 31 January + 1 month is 28 or 29 February (Code de procédure civile, art. 641,
    second paragraph, whose way of counting administrative law follows).
    """
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
