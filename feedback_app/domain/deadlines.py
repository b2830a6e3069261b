"""When an answer is due, and why: each deadline keeps the steps by which it was computed, so that a page can show them.

Two clocks, which never meet:

- the **service goal** (a promise of this site): 15 working days, paused while the citizen is asked something;
- the **legal month** of a request for access to documents (a law): date to date, never paused, extended or configured.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from feedback_app.domain.calendar import ONE_DAY, add_months, add_working_days, day_of, working_days_after

SERVICE_GOAL_DAYS = 15
EXTENSION_DAYS = 15
ACCESS_MONTHS = 1
CADA_MONTHS = 2


@dataclass(frozen=True)
class Pause:
    """A span during which the clock stands still: from the question to the citizen until the reply. No ``end``: it still does."""

    start: datetime
    end: datetime | None = None


class StepKind(StrEnum):
    START = "start"  # accepted (or reopened) on ``first``; that day does not count
    COUNT = "count"  # ``days`` working days from ``first`` to ``last``
    PAUSE = "pause"  # the clock stood still from ``first`` to ``last`` (both days included), or still does when ``last`` is None
    EXTENSION = "extension"  # ``days`` more, granted on ``first``; comes right after START, since it makes the whole goal longer
    DUE = "due"  # the last day in time is ``first``


@dataclass(frozen=True)
class Step:
    """One line of the computation as a page shows it; ``left`` is how many working days remain after it."""

    kind: StepKind
    first: date
    last: date | None = None
    days: int = 0
    left: int = 0


@dataclass(frozen=True)
class ServiceGoal:
    """The clock of a request, computed. ``due_on`` is the last day in time, in Paris; None while the clock stands still."""

    due_on: date | None
    steps: tuple[Step, ...]

    @property
    def left(self) -> int:
        """While paused: the working days that will remain when the clock runs again. Else 0."""
        return self.steps[-1].left

    def late(self, now: datetime) -> bool:
        """Whether the last day in time is over. Never while the clock stands still."""
        return self.due_on is not None and day_of(now) > self.due_on


def service_goal(started_at: datetime, pauses: Iterable[Pause] = (), *, extended_at: datetime | None = None) -> ServiceGoal:
    """Compute the deadline of a request that ministries owe an answer to (design, chapter 5).

    ``started_at``: acceptance by moderation, or the reopening, which starts a new clock (pauses before it are ignored).
    ``pauses``: the spans in ``waiting`` and ``asleep``, in any order; touching ones are one. Transfers and arbitration are none.
    ``extended_at``: when the one extension, of 15 working days, was granted; it may be during a pause.

    **A working day counts when the clock ran at its beginning and at its end.** So the day of acceptance, the day of a question and
    the day of its reply do not count (the next working day does), and a question answered on the same day changes nothing.
    """
    start, goal = day_of(started_at), SERVICE_GOAL_DAYS
    steps, counted, run_from = [Step(StepKind.START, start, days=goal, left=goal)], 0, start
    if extended_at is not None:
        goal += EXTENSION_DAYS
        steps.append(Step(StepKind.EXTENSION, day_of(extended_at), days=EXTENSION_DAYS, left=goal))
    for first, last in _paused_days(pauses, start):
        due = add_working_days(run_from, goal - counted)
        if due < first:
            break
        run = working_days_after(run_from, first - ONE_DAY)
        counted += run
        steps += _counted(run_from, first - ONE_DAY, run, goal - counted)
        steps.append(Step(StepKind.PAUSE, first, last, left=goal - counted))
        if last is None:
            return ServiceGoal(None, tuple(steps))
        run_from = last
    due = add_working_days(run_from, goal - counted)
    steps += _counted(run_from, due, goal - counted, 0)
    steps.append(Step(StepKind.DUE, due))
    return ServiceGoal(due, tuple(steps))


def _paused_days(pauses: Iterable[Pause], start: date) -> list[tuple[date, date | None]]:
    """The pauses as days, first and last included, merged and in order; those within one day or before the start are gone."""
    spans: list[tuple[date, date | None]] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        first, last = max(day_of(pause.start), start), None if pause.end is None else day_of(pause.end)
        if last is not None and last <= first:
            continue
        if spans and (spans[-1][1] is None or first <= spans[-1][1]):
            earlier = spans.pop()
            first, last = earlier[0], None if last is None or earlier[1] is None else max(last, earlier[1])
        spans.append((first, last))
    return spans


def _counted(after: date, last: date, days: int, left: int) -> list[Step]:
    if not days:
        return []
    return [Step(StepKind.COUNT, after + ONE_DAY, last, days, left)]


def pauses_of(changes: Iterable[tuple[datetime, bool]]) -> list[Pause]:
    """The pauses in a history: each change, the oldest first, is a moment and whether the clock stands still from then on."""
    pauses: list[Pause] = []
    since: datetime | None = None
    for at, still in changes:
        if still and since is None:
            since = at
        elif not still and since is not None:
            pauses.append(Pause(since, at))
            since = None
    return pauses if since is None else [*pauses, Pause(since)]


def days_used(started_at: datetime, pauses: Iterable[Pause], until: datetime) -> int:
    """How many working days counted from ``started_at`` to ``until``, pauses taken off: "answered within 9 working days".

    The day of the answer counts when it is a working day, as the last day of a deadline does.
    """
    run_from, end, used = day_of(started_at), day_of(until), 0
    for first, last in _paused_days(pauses, run_from):
        if first > end:
            break
        used += working_days_after(run_from, first - ONE_DAY)
        if last is None or last >= end:
            return used
        run_from = last
    return used + working_days_after(run_from, end)


@dataclass(frozen=True)
class AccessDelay:
    """What the law gives to somebody who asks for a document, as days in Paris. A receipt shows the three.

    ``refused_on``: unless an answer comes before, silence is a refusal that day. An answer given on that day is counted as in time.
    ``cada_until``: the last day to turn to the CADA about that silence.
    """

    received_on: date
    refused_on: date
    cada_until: date

    @property
    def due_on(self) -> date:
        """The last day in time, as ``ServiceGoal`` has one."""
        return self.refused_on

    def late(self, now: datetime) -> bool:
        """Whether the last day in time is over."""
        return day_of(now) > self.refused_on

    def refused_by_silence(self, now: datetime) -> bool:
        """Whether the page says that silence is now a refusal: from that day on."""
        return day_of(now) >= self.refused_on


def access_delay(confirmed_at: datetime) -> AccessDelay:
    """The delays of a request for access to documents that its author confirmed at ``confirmed_at``.

    Code des relations entre le public et l'administration (CRPA):

    - silence is a refusal (R. *311-12) one month after the request was received (R. 311-13): the day of the same number, or the last
      day of a shorter month. It comes on Saturdays, Sundays and holidays too: it is no time limit for an act of the citizen, so
      nothing moves it to a working day, and it is not "franc" (nothing is added);
    - an administration that is not competent hands the request on (L. 114-2), and the month still runs from the day on which the first
      one received it (L. 114-3): a transfer changes nothing, and neither does a question or a decision on publishing;
    - the CADA is turned to within two months of the refusal, silent or not (R. 311-15, R. 343-1), before any court (L. 342-1). The
      CADA reads this as calendar months, not "franc". Courts would accept the next working day after a Saturday, a Sunday or a
      holiday (Code de procédure civile, art. 642): the day given here is the earlier one, on which nobody can lose a right;
    - these delays bind the citizen only if a receipt named them (L. 112-3, L. 112-6, R. 112-5): hence the receipt.

    A confirmation proves the receipt: the site holds the text from that moment and the ministry is handed it.
    """
    received = day_of(confirmed_at)
    refused = add_months(received, ACCESS_MONTHS)
    return AccessDelay(received, refused, _cada_until(refused))


def cada_until(refused_at: datetime) -> date:
    """The last day to turn to the CADA about a refusal in words that was published at ``refused_at``: two months, see ``access_delay``."""
    return _cada_until(day_of(refused_at))


def _cada_until(refused_on: date) -> date:
    return add_months(refused_on, CADA_MONTHS)
