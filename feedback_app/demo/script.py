"""When things happen in the demo: offices work on working days, citizens write when they can, and nothing is later than yesterday."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

from feedback_app.demo.story import PARIS, Turn
from feedback_app.domain.calendar import ONE_DAY, add_working_days, is_working_day

Act = Callable[[datetime], object]

OPENS, CLOSES = 9, 17


def today(now: datetime) -> date:
    """The day in Paris. What the demo tells ends with the day before."""
    return now.astimezone(PARIS).date()


class Script:
    """What happens to one text, one thing after the other. ``turns`` are those that are over by ``limit``, the first moment of today."""

    def __init__(self, draw: Random, start: date, limit: date) -> None:
        self._draw = draw
        self._limit = datetime.combine(limit, time(), PARIS)
        self.now = datetime.combine(start, time(draw.randint(7, 21), draw.randrange(60)), PARIS)
        self.turns: list[Turn] = []

    def add(self, act: Act) -> None:
        """It happens at the moment that the script has come to."""
        if self.now < self._limit:
            self.turns.append(Turn(self.now, act))

    def soon(self, act: Act) -> None:
        """Within the hour."""
        self.now += timedelta(minutes=self._draw.randint(3, 55))
        self.add(act)

    def citizen(self, days: int, act: Act) -> None:
        """So many days later, at any hour of the day."""
        self._move(self.now.date() + timedelta(days=days), self._draw.randint(7, 22))
        self.add(act)

    def office(self, days: int, act: Act) -> None:
        """So many working days later, in office hours."""
        day = self.now.date()
        self._move(add_working_days(day, days) if days else _next_working(day), self._draw.randint(OPENS, CLOSES))
        self.add(act)

    def office_ago(self, days: int, act: Act) -> None:
        """So many days before today, or on the working day before that."""
        self._move(last_working(self._limit.date() - timedelta(days=days)), self._draw.randint(OPENS, CLOSES - 3))
        self.add(act)

    def citizen_ago(self, days: int, act: Act) -> None:
        """So many days before today."""
        self._move(self._limit.date() - timedelta(days=days), self._draw.randint(7, 21))
        self.add(act)

    def _move(self, day: date, hour: int) -> None:
        """Go on to this hour; if that is not later, to a moment after the last one."""
        moment = datetime.combine(day, time(hour, self._draw.randrange(60)), PARIS)
        self.now = moment if moment > self.now else self.now + timedelta(minutes=self._draw.randint(4, 20))


def _next_working(day: date) -> date:
    return day if is_working_day(day) else add_working_days(day, 1)


def last_working(day: date) -> date:
    """The day, or the working day before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day
