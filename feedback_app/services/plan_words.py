"""What a plan says of itself may change, and everybody sees how and why: each revision keeps every thing as it was and as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from feedback_app.database import db
from feedback_app.models import Plan, PlanRevision
from feedback_app.services import plain_rows, plan_differences
from feedback_app.services.plan_differences import PlanChange


@dataclass(frozen=True)
class Reworded:
    """A file changed what the plan says of itself: when, why, and each thing as it was and as it is."""

    at: datetime
    reason: str
    changes: tuple[PlanChange, ...]


def keep(plan: Plan, changes: Iterable[PlanChange], *, reason: str, by_id: int | None, at: datetime) -> None:
    """Write down what changed and why; nothing where nothing did."""
    if kept := [asdict(change) for change in changes]:
        db.session.add(PlanRevision(plan_id=plan.id, at=at, reason=reason, by_id=by_id, changes=kept))


def revisions(plan: Plan) -> list[Reworded]:
    """What was changed, the latest first. One statement."""
    rows = plain_rows.read(_revisions_statement(), {"plan": plan.id})
    return [Reworded(row.at, row.reason, plan_differences.plan_changes(row.changes)) for row in rows]


@cache
def _revisions_statement() -> Select[*tuple[Any, ...]]:
    one = PlanRevision
    return select(one.at, one.reason, one.changes).where(one.plan_id == bindparam("plan")).order_by(one.at.desc(), one.id.desc())
