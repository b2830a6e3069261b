"""How ministries answer, in figures: from what happened in each case to what the public page says. Pure.

Each figure has one definition, which the page says in words:

- a case is **received** by the ministry that has it now, and by one that answered it before it moved on;
- its **delay** is that of the first answer, in working days, without those on which the citizen was asked something;
- an answer was **due** when it was given, or when its last day is over without one; it was **in time** when it came by that day;
- it was judged **useful** when the person who asked said "yes" ("partly" is counted apart and is no yes);
- medians and 90th centiles are delays that occurred: the shortest within which half, or nine in ten, of the answers came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import ceil

from feedback_app.domain.calendar import working_days_between
from feedback_app.domain.case import AWAITING_ANSWER, PAUSED, REQUEST_PROMISES, Promise, Verdict
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.deadlines import AccessDelay, Pause, ServiceGoal, access_delay, days_used, pauses_of, service_goal
from feedback_app.domain.trace import EventVerb

ENOUGH = 10
"""Below so many cases a median or a share says more about chance than about a ministry: it is not shown."""


class FigureScope(StrEnum):
    """Whose figures they are, in the order of the page."""

    ALL = "all"
    MINISTRY = "ministry"
    NOBODY = "nobody"  # the coordinator has to find a ministry


@dataclass(frozen=True)
class Happening:
    """One event of a case, in the order of events. ``after``: the status of the case it left, or what was said of an answer."""

    verb: EventVerb
    at: datetime
    after: str | None
    ministry_id: int | None
    answer_id: int | None = None


@dataclass(frozen=True)
class Judgement:
    """What the person who asked said of an answer, and whose answer it was."""

    ministry_id: int | None
    verdict: Verdict


@dataclass(frozen=True)
class CaseFigures:
    """What one case adds to the figures. ``days``, ``in_time``: of the first answer; ``in_time`` is None while nothing is due."""

    holder_id: int | None
    answered_by_id: int | None
    days: int | None
    in_time: bool | None
    waiting: bool
    late: bool
    judgements: tuple[Judgement, ...]

    @property
    def answered(self) -> bool:
        return self.days is not None


def of_case(kind: ContributionKind, history: Sequence[Happening], now: datetime) -> CaseFigures | None:
    """The figures of one case, from everything that happened in it; None for one that has not begun."""
    began = next((happening for happening in history if happening.verb is EventVerb.REQUEST_BEGIN), None)
    if began is None:
        return None
    first = next((happening for happening in history if happening.verb is EventVerb.REQUEST_ANSWER), None)
    # A rating leaves no status: the last that there is stands.
    status = next(happening.after for happening in reversed(history) if _is_move(happening))
    waiting = status in AWAITING_ANSWER
    overdue = waiting and _delay(kind, history, now).late(now)
    legal = REQUEST_PROMISES[kind] is Promise.LEGAL_MONTH
    days = in_time = None
    if first:
        days = working_days_between(began.at, first.at) if legal else days_used(began.at, _pauses(history, began.at), first.at)
        before = [happening for happening in history if happening.at <= first.at]
        in_time = not _delay(kind, before, first.at).late(first.at)
    return CaseFigures(
        holder_id=history[-1].ministry_id,
        answered_by_id=first.ministry_id if first else None,
        days=days,
        in_time=False if first is None and overdue else in_time,
        waiting=waiting,
        late=overdue,
        judgements=_judgements(history),
    )


def _is_move(happening: Happening) -> bool:
    return happening.verb in MOVES


MOVES = frozenset(verb for verb in EventVerb if verb.value.startswith("request:")) - {
    EventVerb.REQUEST_SUBMIT,
    EventVerb.REQUEST_LATE,
    EventVerb.REQUEST_NOTE,
}
READ = MOVES | {EventVerb.ANSWER_PUBLISH, EventVerb.ANSWER_RATE}
"""The events that figures are made from."""


def _delay(kind: ContributionKind, history: Sequence[Happening], now: datetime) -> ServiceGoal | AccessDelay:
    """The clock as it stood at ``now``: a reopening began a new one, of the service goal whatever the kind."""
    starts = [happening for happening in history if happening.verb in {EventVerb.REQUEST_BEGIN, EventVerb.REQUEST_REOPEN}]
    start = max((happening for happening in starts if happening.at <= now), key=lambda happening: happening.at)
    if start.verb is EventVerb.REQUEST_BEGIN and REQUEST_PROMISES[kind] is Promise.LEGAL_MONTH:
        return access_delay(start.at)
    extended = [happening.at for happening in history if happening.verb is EventVerb.REQUEST_EXTEND and happening.at >= start.at]
    return service_goal(start.at, _pauses(history, start.at), extended_at=extended[-1] if extended else None)


def _pauses(history: Iterable[Happening], start: datetime) -> list[Pause]:
    return pauses_of((one.at, one.after in PAUSED) for one in history if one.at >= start and _is_move(one))


def _judgements(history: Iterable[Happening]) -> tuple[Judgement, ...]:
    by: dict[int | None, int | None] = {}
    found = []
    for happening in history:
        if happening.verb is EventVerb.ANSWER_PUBLISH:
            by.setdefault(happening.answer_id, happening.ministry_id)
        elif happening.verb is EventVerb.ANSWER_RATE and happening.after:
            found.append(Judgement(by.get(happening.answer_id, happening.ministry_id), Verdict(happening.after)))
    return tuple(found)


@dataclass
class Tally:
    """The figures of one ministry, of the coordinator (what no ministry has) or of all together."""

    received: int = 0
    answered: int = 0
    due: int = 0
    in_time: int = 0
    waiting: int = 0
    late: int = 0
    useful: int = 0
    partly: int = 0
    useless: int = 0
    delays: list[int] = field(default_factory=list)

    @property
    def judged(self) -> int:
        return self.useful + self.partly + self.useless

    def answers(self, case: CaseFigures) -> None:
        """It answered this case (first) or owes its overdue answer, and has received it."""
        if case.days is not None:
            self.answered += 1
            self.delays.append(case.days)
        if case.in_time is not None:
            self.due += 1
            self.in_time += case.in_time

    def holds(self, case: CaseFigures) -> None:
        """It has this case now."""
        self.waiting += case.waiting
        self.late += case.late

    def judge(self, verdict: Verdict) -> None:
        self.useful += verdict is Verdict.YES
        self.partly += verdict is Verdict.PARTLY
        self.useless += verdict is Verdict.NO

    def delay(self, share: float) -> int | None:
        """The shortest delay within which this share of the answers came; None without any."""
        return sorted(self.delays)[ceil(share * len(self.delays)) - 1] if self.delays else None


def tallies(cases: Iterable[CaseFigures], successor: Mapping[int, int]) -> dict[int | FigureScope, Tally]:
    """The figures by ministry id, of what no ministry has and of all. Those of a ministry that was replaced count for its successor."""
    everything = Tally()
    found: dict[int | FigureScope, Tally] = {FigureScope.ALL: everything}

    def of(ministry_id: int | None) -> Tally:
        return found.setdefault(successor.get(ministry_id, ministry_id) if ministry_id else FigureScope.NOBODY, Tally())

    for case in cases:
        answerer = case.answered_by_id if case.answered else case.holder_id
        for tally in {id(tally): tally for tally in (of(case.holder_id), of(answerer), everything)}.values():
            tally.received += 1
        for tally in (of(answerer), everything):
            tally.answers(case)
        for tally in (of(case.holder_id), everything):
            tally.holds(case)
        for judgement in case.judgements:
            for tally in (of(judgement.ministry_id), everything):
                tally.judge(judgement.verdict)
    return found
