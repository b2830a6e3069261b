"""What the public pages read about plans and commitments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from feedback_app.database import db
from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.domain.text import fold, like_pattern
from feedback_app.models import Commitment, Ministry, Plan
from feedback_app.services.paging import Order, Page, Window, parse_number, read_page


@dataclass(frozen=True)
class Filters:
    """How a list of commitments is narrowed. Empty values narrow nothing."""

    ministry: str | None = None
    status: CommitmentStatus | None = None
    words: str = ""


def plans() -> Sequence[Plan]:
    """All plans, the newest first."""
    return db.session.scalars(select(Plan).order_by(Plan.start.desc(), Plan.id.desc())).all()


def ministries_of(plan: Plan) -> Sequence[Ministry]:
    """The ministries and institutions responsible for something in the plan, by name."""
    responsible = select(Commitment.ministry_id).where(Commitment.plan_id == plan.id)
    return db.session.scalars(select(Ministry).where(Ministry.id.in_(responsible)).order_by(Ministry.name)).all()


def listed(plan: Plan, filters: Filters, window: Window) -> Page[Commitment]:
    """One page of a plan's commitments, by number."""
    order = Order((Commitment.number,), parse_number, lambda commitment: str(commitment.number))
    statement = _matching(plan, filters).options(contains_eager(Commitment.ministry))
    return read_page(statement, order, window, item=lambda row: row[0])


def count(plan: Plan, filters: Filters) -> int:
    """How many commitments of the plan match."""
    return db.session.scalar(_matching(plan, filters).with_only_columns(func.count())) or 0


def _matching(plan: Plan, filters: Filters) -> Select[Commitment]:
    statement = select(Commitment).join(Commitment.ministry).where(Commitment.plan_id == plan.id)
    if filters.ministry:
        statement = statement.where(Ministry.slug == filters.ministry)
    if filters.status:
        statement = statement.where(Commitment.status == filters.status)
    for word in fold(filters.words).split()[:10]:
        statement = statement.where(Commitment.title_folded.like(f"%{like_pattern(word)}%", escape="\\"))
    return statement


def find(plan_slug: str, number: int) -> Commitment | None:
    """One commitment with everything its page shows, or None."""
    return db.session.scalar(_find_statement(), {"slug": plan_slug, "number": number})


@cache
def _find_statement() -> Select[Commitment]:
    return (
        select(Commitment)
        .join(Commitment.plan)
        .where(Plan.slug == bindparam("slug"), Commitment.number == bindparam("number"))
        .options(
            contains_eager(Commitment.plan),
            joinedload(Commitment.ministry).joinedload(Ministry.successor),
            joinedload(Commitment.topic),
            selectinload(Commitment.sections),
            selectinload(Commitment.milestones),
        )
    )


def neighbours(commitment: Commitment) -> tuple[int | None, int | None]:
    """The numbers before and after this one in its plan."""
    found = db.session.execute(_neighbours_statement(), {"plan": commitment.plan_id, "number": commitment.number}).one()
    return found[0], found[1]


@cache
def _neighbours_statement() -> Select[int | None, int | None]:
    same_plan, number = Commitment.plan_id == bindparam("plan"), bindparam("number", type_=Commitment.number.type)
    before = select(func.max(Commitment.number)).where(same_plan, Commitment.number < number).scalar_subquery()
    after = select(func.min(Commitment.number)).where(same_plan, Commitment.number > number).scalar_subquery()
    return select(before, after)
