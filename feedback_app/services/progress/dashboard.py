"""The dashboard of the commitments: where each plan stands, what is late, what was said last. A fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, func, select

from feedback_app.database import db
from feedback_app.domain.calendar import beginning_of
from feedback_app.domain.commitment import CommitmentStatus, UpdateStatus
from feedback_app.domain.text import fold, like_pattern
from feedback_app.models import Commitment, Milestone, Ministry, Plan, ProgressUpdate
from feedback_app.services.paging import EPOCH, Order, Page, Window, parse_moment, parse_number, read_page, write_moment
from feedback_app.services.progress import lines
from feedback_app.services.progress.lines import Line

C = Commitment
LATEST = 5
FIRST_LATE = 5


class Sorting(StrEnum):
    """In what order the table stands."""

    NUMBER = "number"
    UPDATED = "updated"  # the latest news first
    SILENT = "silent"  # the oldest news first
    END = "end"  # the nearest deadline first


@dataclass(frozen=True)
class Filters:
    """How the table is narrowed. Empty values narrow nothing. ``since``: something was published on that day or later."""

    ministry: str | None = None
    status: CommitmentStatus | None = None
    theme: str | None = None
    late: bool = False
    silent: bool = False
    since: date | None = None
    words: str = ""


@dataclass
class Standing:
    """One plan in numbers, on one day."""

    plan_id: int
    total: int = 0
    late: int = 0
    silent: int = 0
    statuses: dict[CommitmentStatus, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Subjects:
    """What the table of a plan can be narrowed by: ministries (slug, name) and themes, by name."""

    ministries: Sequence[tuple[str, str]]
    themes: Sequence[str]


@dataclass(frozen=True)
class LateMilestone:
    """A milestone whose last day is over, in the words of the plan."""

    id: int
    title: str
    end: date
    dates_raw: str | None
    status: CommitmentStatus
    number: int
    commitment: str
    ministry: str


@dataclass(frozen=True)
class News:
    """A published update, in one line."""

    id: int
    published_at: datetime
    plan: str
    number: int
    title: str
    ministry: str


def standings(*, today: date) -> dict[int, Standing]:
    """Each plan in numbers. One statement."""
    counted = (
        func.count().label("total"),
        func.sum(case((lines.late_commitment(today), 1), else_=0)).label("late"),
        func.sum(case((lines.silent(today), 1), else_=0)).label("silent"),
    )
    statement = select(C.plan_id, C.status, *counted).join(Plan, C.plan_id == Plan.id).group_by(C.plan_id, C.status)
    found: dict[int, Standing] = {}
    for row in db.session.execute(statement):
        one = found.setdefault(row.plan_id, Standing(row.plan_id))
        one.total, one.late, one.silent = one.total + row.total, one.late + int(row.late), one.silent + int(row.silent)
        one.statuses[row.status] = row.total
    return found


def subjects(plan: Plan) -> Subjects:
    """The ministries and themes of a plan. One statement."""
    statement = select(Ministry.slug, Ministry.name, C.theme).join(C, C.ministry_id == Ministry.id).where(C.plan_id == plan.id).distinct()
    rows = db.session.execute(statement).all()
    ministries = sorted({(row.slug, row.name) for row in rows}, key=lambda one: (fold(one[1]), one[0]))
    return Subjects(ministries, sorted({row.theme for row in rows if row.theme}, key=fold))


def table(plan: Plan, filters: Filters, sorting: Sorting, window: Window, *, today: date) -> Page[Line]:
    """One page of the table. One statement."""
    return read_page(_narrowed(lines.statement(today), plan, filters, today), _ORDERS[sorting], window, item=lines.line)


def every(plan: Plan, filters: Filters, *, today: date) -> list[Line]:
    """The whole table, by number. One statement."""
    statement = _narrowed(lines.statement(today), plan, filters, today).order_by(C.number)
    return [lines.line(row) for row in db.session.execute(statement)]


def count(plan: Plan, filters: Filters, *, today: date) -> int:
    """How many commitments the table holds. One statement."""
    statement = select(func.count()).select_from(C).join(Plan, C.plan_id == Plan.id).join(Ministry, C.ministry_id == Ministry.id)
    return db.session.scalar(_narrowed(statement, plan, filters, today)) or 0


def late_milestones(plan: Plan, window: Window, *, today: date) -> Page[LateMilestone]:
    """The milestones of a plan that are late on a day, the longest first. One statement."""
    statement = (
        select(
            Milestone.id,
            Milestone.title,
            Milestone.end,
            Milestone.dates_raw,
            Milestone.status,
            C.number,
            C.title.label("commitment"),
            Ministry.name.label("ministry"),
        )
        .join(C, Milestone.commitment_id == C.id)
        .join(Ministry, C.ministry_id == Ministry.id)
        .where(C.plan_id == plan.id, lines.late_milestone(today))
    )
    order = Order((Milestone.end, Milestone.id), _parse_day, lambda one: _write_day(one.end, one.id))
    return read_page(statement, order, window, item=lambda row: LateMilestone(**row._mapping))


def late_milestone_count(plan: Plan, *, today: date) -> int:
    """How many of them there are. One statement."""
    statement = select(func.count()).select_from(Milestone).join(C, Milestone.commitment_id == C.id)
    return db.session.scalar(statement.where(C.plan_id == plan.id, lines.late_milestone(today))) or 0


def latest(plan: Plan | None = None, *, limit: int = LATEST) -> list[News]:
    """What ministries said last, in one plan or in all. One statement."""
    statement = (
        select(
            ProgressUpdate.id,
            ProgressUpdate.published_at,
            Plan.slug.label("plan"),
            C.number,
            C.title,
            Ministry.name.label("ministry"),
        )
        .join(C, ProgressUpdate.commitment_id == C.id)
        .join(Plan, C.plan_id == Plan.id)
        .join(Ministry, ProgressUpdate.ministry_id == Ministry.id)
        .where(ProgressUpdate.status == UpdateStatus.PUBLISHED)
    )
    if plan is not None:
        statement = statement.where(C.plan_id == plan.id)
    rows = db.session.execute(statement.order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id.desc()).limit(limit))
    return [News(**row._mapping) for row in rows]


def _narrowed(statement: Select[*tuple[Any, ...]], plan: Plan, filters: Filters, today: date) -> Select[*tuple[Any, ...]]:
    statement = statement.where(C.plan_id == plan.id)
    wanted = {
        "ministry": Ministry.slug == filters.ministry,
        "status": C.status == filters.status,
        "theme": C.theme == filters.theme,
        "late": lines.something_late(today),
        "silent": lines.silent(today),
    }
    statement = statement.where(*(rule for name, rule in wanted.items() if getattr(filters, name)))
    if filters.since:
        statement = statement.where(C.updated_at >= beginning_of(filters.since))
    for word in fold(filters.words).split()[:10]:
        statement = statement.where(C.title_folded.like(f"%{like_pattern(word)}%", escape="\\"))
    return statement


def _parse_day(cursor: str) -> tuple[date, int]:
    at, number = parse_moment(cursor)
    return at.date(), number


def _write_day(day: date, number: int) -> str:
    return f"{(day - EPOCH.date()).days * 86_400_000_000}.{number}"


_NEWS = func.coalesce(C.updated_at, EPOCH)
_END = func.coalesce(C.end, date.max)


def _write_news(line: Line) -> str:
    return write_moment(line.updated_at or EPOCH, line.number)


_ORDERS = {
    Sorting.NUMBER: Order((C.number,), parse_number, lambda line: str(line.number)),
    Sorting.UPDATED: Order((_NEWS, C.number), parse_moment, _write_news, descending=True),
    Sorting.SILENT: Order((_NEWS, C.number), parse_moment, _write_news),
    Sorting.END: Order((_END, C.number), _parse_day, lambda line: _write_day(line.end or date.max, line.number)),
}
