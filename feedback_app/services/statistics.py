"""How ministries answer, in figures: computed from the events once a day, kept, and read by the public page and its file.

From the events and nothing else, so that what a person later erases or a ministry corrects does not rewrite the past. Reading a
hundred thousand cases takes seconds: it is done by the job process, outside the transaction that replaces the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import case, delete, select

from feedback_app.database import db
from feedback_app.domain import performance
from feedback_app.domain.performance import ENOUGH, CaseFigures, FigureScope, Happening, Tally
from feedback_app.domain.text import fold
from feedback_app.domain.trace import SubjectKind
from feedback_app.models import CaseEvent, CitizenRequest, Ministry, ResponseFigures
from feedback_app.services import freshness

ROWS_AT_ONCE = 2_000


def compute(*, at: datetime) -> dict[int | FigureScope, Tally]:
    """The figures of every ministry, from all events. Reads only: three statements, and memory for one number a case."""
    return performance.tallies(_cases(at), _successors())


def _cases(at: datetime) -> Iterator[CaseFigures]:
    answer_id = case((CaseEvent.subject_kind == SubjectKind.ANSWER, CaseEvent.subject_id))
    statement = (
        select(
            CaseEvent.request_id,
            CitizenRequest.kind,
            CaseEvent.verb,
            CaseEvent.at,
            CaseEvent.after,
            CaseEvent.ministry_id,
            answer_id.label("answer_id"),
        )
        .join(CitizenRequest, CaseEvent.request_id == CitizenRequest.id)
        .where(CaseEvent.verb.in_(performance.READ))
        .order_by(CaseEvent.request_id, CaseEvent.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for _request_id, rows in groupby(db.session.execute(statement), key=lambda row: row.request_id):
        events = list(rows)
        history = [Happening(row.verb, row.at, row.after, row.ministry_id, row.answer_id) for row in events]
        found = performance.of_case(events[0].kind, history, at)
        if found:
            yield found


def _successors() -> dict[int, int]:
    """For each ministry that was replaced, the one that has its duties today."""
    replaced = select(Ministry.id, Ministry.successor_id).where(Ministry.successor_id.is_not(None))
    following = {row.id: row.successor_id for row in db.session.execute(replaced)}
    found = {}
    for ministry_id in following:
        last, seen = ministry_id, {ministry_id}
        while (after := following.get(last)) is not None and after not in seen:
            last = after
            seen.add(last)
        found[ministry_id] = last
    return found


def keep(figures: dict[int | FigureScope, Tally], *, at: datetime) -> None:
    """Replace the figures that are shown."""
    db.session.execute(delete(ResponseFigures))
    db.session.add_all(_row(whose, tally, at) for whose, tally in figures.items())
    db.session.flush()
    freshness.lists_changed()


def _row(whose: int | FigureScope, tally: Tally, at: datetime) -> ResponseFigures:
    scope, ministry_id = (whose, None) if isinstance(whose, FigureScope) else (FigureScope.MINISTRY, whose)
    return ResponseFigures(
        scope=scope,
        ministry_id=ministry_id,
        computed_at=at,
        received=tally.received,
        answered=tally.answered,
        due=tally.due,
        in_time=tally.in_time,
        waiting=tally.waiting,
        late=tally.late,
        useful=tally.useful,
        partly=tally.partly,
        useless=tally.useless,
        median_days=tally.delay(0.5),
        slowest_days=tally.delay(0.9),
    )


@dataclass(frozen=True)
class Line:
    """One line of the public table. None: too few cases to be said (below ``ENOUGH``)."""

    scope: FigureScope
    ministry: str | None
    slug: str | None
    received: int
    answered: int
    waiting: int
    late: int
    median_days: int | None
    slowest_days: int | None
    in_time: int | None  # percent of the answers that were due
    useful: int | None  # percent of the answers that were judged
    judged: int


@dataclass(frozen=True)
class Published:
    """What is shown: all together first, then the ministries by name, what no ministry has last; and since when it is so."""

    computed_at: datetime
    lines: Sequence[Line]


def published() -> Published | None:
    """The figures that are shown, in one statement; None before they were computed for the first time."""
    statement = select(ResponseFigures, Ministry.name, Ministry.slug).outerjoin(Ministry, ResponseFigures.ministry_id == Ministry.id)
    rows = db.session.execute(statement).all()
    if not rows:
        return None
    scopes = list(FigureScope)
    lines = sorted(
        (_line(row[0], row.name, row.slug) for row in rows), key=lambda line: (scopes.index(line.scope), fold(line.ministry or ""))
    )
    return Published(rows[0][0].computed_at, lines)


def _line(row: ResponseFigures, ministry: str | None, slug: str | None) -> Line:
    judged = row.useful + row.partly + row.useless
    said = row.answered >= ENOUGH
    return Line(
        scope=row.scope,
        ministry=ministry,
        slug=slug,
        received=row.received,
        answered=row.answered,
        waiting=row.waiting,
        late=row.late,
        median_days=row.median_days if said else None,
        slowest_days=row.slowest_days if said else None,
        in_time=_percent(row.in_time, row.due),
        useful=_percent(row.useful, judged),
        judged=judged,
    )


def _percent(part: int, whole: int) -> int | None:
    """Rounded half up; None when the whole is too small to speak of a share."""
    return (200 * part + whole) // (2 * whole) if whole >= ENOUGH else None
