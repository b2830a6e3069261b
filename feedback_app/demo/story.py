"""What can happen to a text of the demo, as data: it is sent, then its author and the moderators act on it, each at a moment of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from inspect import cleandoc
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedback_app.domain.contribution import Ground, TextAction

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Moment:
    """An hour in Paris, some days before the demo was filled. At least one day: it is then past, whatever the hour is now."""

    days: int
    hour: str

    def before(self, at: datetime) -> datetime:
        """This moment, seen from ``at``."""
        day: date = at.astimezone(PARIS).date() - timedelta(days=self.days)
        return datetime.combine(day, time.fromisoformat(self.hour), PARIS)


class Turn(NamedTuple):
    """Something that happens at a moment: ``act`` does it, and is told the moment."""

    at: datetime
    act: Callable[[datetime], object]


@dataclass(frozen=True)
class Confirm:
    """The author follows the link that came by mail."""

    when: Moment


@dataclass(frozen=True)
class Correct:
    """The author sends another wording."""

    when: Moment
    body: str


@dataclass(frozen=True)
class Withdraw:
    """The author takes the text back."""

    when: Moment


@dataclass(frozen=True)
class Redirect:
    """The author had mistyped their address, and gives the right one."""

    when: Moment
    email: str


@dataclass(frozen=True)
class Decide:
    """A moderator (the key of a person of the demo) decides on the latest wording."""

    when: Moment
    moderator: str
    action: TextAction = TextAction.PUBLISH
    ground: Ground | None = None
    facts: str | None = None


Step = Confirm | Correct | Withdraw | Redirect | Decide


@dataclass(frozen=True)
class Story:
    """One text on a commitment of the demo's plan, from its sending on. Without a ``name`` it is anonymous."""

    commitment: int
    email: str
    name: str | None
    when: Moment
    body: str
    steps: tuple[Step, ...] = ()


def ago(days: int, hour: str) -> Moment:
    """``ago(3, "14:05")``: three days before, at that hour."""
    return Moment(days, hour)


def typed(text: str) -> str:
    """A text of this file as a browser's text box would send it: the lines of a paragraph are one, a list keeps its lines."""
    return re.sub(r"(?<!\n)\n(?!\n|- )", " ", cleandoc(text))


def refused(when: Moment, moderator: str, ground: Ground, facts: str) -> Decide:
    """The decision not to publish."""
    return Decide(when, moderator, TextAction.REJECT, ground, facts)
