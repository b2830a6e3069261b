"""What the public pages read about plans and commitments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.models import Commitment, Ministry, Plan, Topic
from feedback_app.services import threads
from feedback_app.services.cases import published

_PLAN, _TOPIC, _OTHER = aliased(Plan), aliased(Topic), aliased(Commitment)


def plans() -> Sequence[Plan]:
    """All plans, the newest first."""
    return db.session.scalars(select(Plan).order_by(Plan.start.desc(), Plan.id.desc())).all()


def find(plan_slug: str, number: int) -> Commitment | None:
    """One commitment with everything its page shows, or None."""
    return db.session.scalar(_find_statement(), {"slug": plan_slug, "number": number})


@cache
def _find_statement() -> Select[Commitment]:
    return _whole().options(selectinload(Commitment.sections), selectinload(Commitment.milestones))


def _whole() -> Select[Commitment]:
    return (
        select(Commitment)
        .join(Commitment.plan)
        .where(Plan.slug == bindparam("slug"), Commitment.number == bindparam("number"))
        .options(
            contains_eager(Commitment.plan),
            joinedload(Commitment.ministry).joinedload(Ministry.successor),
            joinedload(Commitment.topic),
        )
    )


def titles(plan: Plan) -> Sequence[tuple[int, str]]:
    """The commitments of a plan to choose from: number and title, by number."""
    statement = select(Commitment.number, Commitment.title).where(Commitment.plan_id == plan.id).order_by(Commitment.number)
    return [(row.number, row.title) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class Opened:
    """A commitment as its page shows it, with the numbers before and after it in its plan.

    ``texts``: how many texts its thread has; ``asked``, ``answered``: how many requests about it are public, and have their answer.
    """

    commitment: Commitment
    before: int | None
    after: int | None
    texts: int
    asked: int
    answered: int


def opened(plan_slug: str, number: int) -> Opened | None:
    """One commitment and what is counted around it, or None. Two statements."""
    values = {"slug": plan_slug, "number": number, "key": addresses.commitment_key(plan_slug, number)}
    row = db.session.execute(_opened_statement(), values).unique().one_or_none()
    return None if row is None else Opened(*row)


@cache
def _opened_statement() -> Select[*tuple[Any, ...]]:
    """What is counted is found by the address alone: counted once, however many rows the texts of the commitment make."""
    topic = select(_TOPIC.id).where(_TOPIC.key == bindparam("key")).scalar_subquery()
    here = select(_PLAN.id).where(_PLAN.slug == bindparam("slug")).scalar_subquery()
    wanted = bindparam("number", type_=Commitment.number.type)
    before = select(func.max(_OTHER.number)).where(_OTHER.plan_id == here, _OTHER.number < wanted)
    after = select(func.min(_OTHER.number)).where(_OTHER.plan_id == here, _OTHER.number > wanted)
    beside = (one.scalar_subquery().correlate(None) for one in (before, after))
    statement = _whole().options(joinedload(Commitment.sections), selectinload(Commitment.milestones))
    return statement.add_columns(*beside, threads.number(topic), *published.numbers(topic))
