"""What the public pages read about plans and commitments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from feedback_app.database import db
from feedback_app.models import Commitment, Ministry, Plan


def plans() -> Sequence[Plan]:
    """All plans, the newest first."""
    return db.session.scalars(select(Plan).order_by(Plan.start.desc(), Plan.id.desc())).all()


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


def titles(plan: Plan) -> Sequence[tuple[int, str]]:
    """The commitments of a plan to choose from: number and title, by number."""
    statement = select(Commitment.number, Commitment.title).where(Commitment.plan_id == plan.id).order_by(Commitment.number)
    return [(row.number, row.title) for row in db.session.execute(statement)]


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
