"""What the public pages read about plans and commitments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from feedback_app.database import db
from feedback_app.models import Commitment, Ministry, Plan


def plans() -> Sequence[Plan]:
    """All plans, the newest first."""
    return db.session.scalars(select(Plan).order_by(Plan.start.desc(), Plan.id.desc())).all()


def find(plan_slug: str, number: int) -> Commitment | None:
    """One commitment with everything its page shows, or None."""
    statement = (
        select(Commitment)
        .join(Commitment.plan)
        .where(Plan.slug == plan_slug, Commitment.number == number)
        .options(
            contains_eager(Commitment.plan),
            joinedload(Commitment.ministry).joinedload(Ministry.successor),
            joinedload(Commitment.topic),
            selectinload(Commitment.sections),
            selectinload(Commitment.milestones),
        )
    )
    return db.session.scalar(statement)


def titles(plan: Plan) -> Sequence[tuple[int, str]]:
    """The commitments of a plan to choose from: number and title, by number."""
    statement = select(Commitment.number, Commitment.title).where(Commitment.plan_id == plan.id).order_by(Commitment.number)
    return [(row.number, row.title) for row in db.session.execute(statement)]


def neighbours(commitment: Commitment) -> tuple[int | None, int | None]:
    """The numbers before and after this one in its plan."""
    same_plan = Commitment.plan_id == commitment.plan_id
    before = select(func.max(Commitment.number)).where(same_plan, Commitment.number < commitment.number).scalar_subquery()
    after = select(func.min(Commitment.number)).where(same_plan, Commitment.number > commitment.number).scalar_subquery()
    found = db.session.execute(select(before, after)).one()
    return found[0], found[1]
