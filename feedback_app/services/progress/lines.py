"""Commitments as lists show them, and in SQL what ``domain/commitment.py`` says of lateness, silence and progress (a test compares)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select

from feedback_app.domain.calendar import day_of, end_of
from feedback_app.domain.commitment import (
    FOLLOWED_PHASES,
    SHARE_REACHED,
    UNFINISHED,
    CommitmentStatus,
    Confidence,
    PlanPhase,
    is_late,
    silent_before,
    silent_since,
)
from feedback_app.models import Commitment, Milestone, Ministry, Plan

C = Commitment


def late_commitment(today: date) -> ColumnElement[bool]:
    """The twin of ``is_late`` for a commitment."""
    return and_(C.end < today, C.status.in_(UNFINISHED))


def late_milestone(today: date) -> ColumnElement[bool]:
    """The twin of ``is_late`` for a milestone that the plan still names."""
    return and_(Milestone.end < today, Milestone.status.in_(UNFINISHED), Milestone.dropped_at.is_(None))


def something_late(today: date) -> ColumnElement[bool]:
    """A commitment that is late, or one of whose milestones is."""
    steps = select(Milestone.id).where(Milestone.commitment_id == C.id, late_milestone(today)).exists()
    return or_(late_commitment(today), steps)


def silent(today: date) -> ColumnElement[bool]:
    """The twin of ``silent_since``. The statement joins the plan."""
    last = silent_before(today)
    heard = C.updated_at < end_of(last)
    never = and_(C.updated_at.is_(None), func.coalesce(C.followed_since, Plan.start) <= last, Plan.start <= last)
    return and_(C.status.in_(UNFINISHED), Plan.phase.in_(FOLLOWED_PHASES), or_(heard, never))


def expected_from(followed_since: date | None, plan_start: date) -> date:
    """From which day news were owed: the commitment was here, and its plan had begun."""
    return max(followed_since or plan_start, plan_start)


@dataclass(frozen=True)
class Line:
    """One commitment in a list."""

    id: int
    number: int
    title: str
    topic_id: int
    plan: str
    phase: PlanPhase
    plan_start: date
    ministry: str
    theme: str | None
    status: CommitmentStatus
    status_since: datetime | None
    confidence: Confidence | None
    period_raw: str | None
    start: date | None
    end: date | None
    updated_at: datetime | None
    followed_since: date | None
    milestones: int
    late_milestones: int
    weight: int
    reached: int
    in_hand: Any = None

    def late(self, today: date) -> bool:
        """Whether the commitment itself is."""
        return is_late(self.status, self.end, today)

    def silent_since(self, today: date) -> date | None:
        """Since when nothing was heard, if that is too long."""
        news = day_of(self.updated_at) if self.updated_at else None
        expected = expected_from(self.followed_since, self.plan_start)
        return silent_since(self.status, self.phase, last_news=news, expected_from=expected, today=today)

    @property
    def progress(self) -> int | None:
        """In whole percent; None without milestones."""
        return self.reached // self.weight if self.weight else None


def statement(today: date) -> Select[*tuple[Any, ...]]:
    """Every commitment with its plan, its ministry and what its milestones come to."""
    weight, current = Milestone.weight, Milestone.dropped_at.is_(None)
    shares = case(*((Milestone.status == status, share) for status, share in SHARE_REACHED.items()), else_=0)
    steps = (
        select(
            Milestone.commitment_id,
            func.count().label("milestones"),
            func.sum(case((late_milestone(today), 1), else_=0)).label("late_milestones"),
            func.sum(weight).label("weight"),
            func.sum(shares * weight).label("reached"),
        )
        .where(current)
        .group_by(Milestone.commitment_id)
        .subquery()
    )
    counted = [func.coalesce(steps.c[name], 0).label(name) for name in ("milestones", "late_milestones", "weight", "reached")]
    own = (C.id, C.number, C.title, C.topic_id, C.theme, C.status, C.status_since, C.confidence, C.period_raw, C.start, C.end)
    return (
        select(*own, C.updated_at, C.followed_since, *counted)
        .add_columns(Plan.slug.label("plan"), Plan.phase, Plan.start.label("plan_start"), Ministry.name.label("ministry"))
        .join(Plan, C.plan_id == Plan.id)
        .join(Ministry, C.ministry_id == Ministry.id)
        .outerjoin(steps, steps.c.commitment_id == C.id)
    )


def line(row: Row[*tuple[Any, ...]]) -> Line:
    """A row of it. Sums come as decimals from PostgreSQL."""
    values = dict(row._mapping)
    values |= {name: int(values[name]) for name in ("milestones", "late_milestones", "weight", "reached")}
    return Line(**values)
