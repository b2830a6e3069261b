"""The steps of a commitment at an import: which milestone of the file is which in the database.

A milestone is known by its title (the n-th of a title is the n-th of that title). A title that nobody knows is a rewording of the step
at the same place only as long as no ministry said anything of that step; otherwise it is a new one, and the old one stays to be read,
marked as taken out of the plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.domain.text import fold
from feedback_app.models import Commitment, Milestone, ProgressStep


@dataclass
class Outcome:
    """How many steps were created, changed, left alone, and taken out of the plan."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


def spoken_of(plan_id: int) -> frozenset[int]:
    """The milestones of a plan of which some update, published or not, says something. One statement."""
    statement = select(ProgressStep.milestone_id).join(Milestone, ProgressStep.milestone_id == Milestone.id)
    statement = statement.join(Commitment, Milestone.commitment_id == Commitment.id).where(Commitment.plan_id == plan_id)
    return frozenset(one for one in db.session.scalars(statement.distinct()) if one is not None)


def bring_up_to_date(
    commitment: Commitment, rows: Sequence[Mapping[str, Any]], *, spoken: Collection[int], at: datetime
) -> Outcome:  # fmt: skip
    """Make the steps of the commitment those of ``rows`` (fields of milestones, in the order of the plan)."""
    found, outcome = _match(list(commitment.milestones), rows, spoken), Outcome()
    gone = [one for one in commitment.milestones if one not in found]
    moved = [one for position, one in enumerate(found, start=1) if one is not None and one.position != position]
    kept = {one: len(rows) + number for number, one in enumerate((one for one in gone if one.id in spoken), start=1)}
    outcome.removed = sum(one.dropped_at is None for one in gone)
    for one in gone:
        if one not in kept:
            commitment.milestones.remove(one)
    if moved or any(one.position != position for one, position in kept.items()):
        _make_room(commitment)
    for position, (known, fields) in enumerate(zip(found, rows, strict=True), start=1):
        if known is None:
            commitment.milestones.append(Milestone(position=position, status=CommitmentStatus.PLANNED, **fields))
            outcome.created += 1
        elif _assign(known, {**fields, "position": position, "dropped_at": None}) or known in moved:
            outcome.changed += 1
        else:
            outcome.unchanged += 1
    for one, position in kept.items():
        _assign(one, {"position": position, "dropped_at": one.dropped_at or at})
    return outcome


def _assign(milestone: Milestone, wanted: Mapping[str, Any]) -> bool:
    changed = {name: value for name, value in wanted.items() if getattr(milestone, name) != value}
    for name, value in changed.items():
        setattr(milestone, name, value)
    return bool(changed.keys() - {"position"})


def _match(there: list[Milestone], rows: Sequence[Mapping[str, Any]], spoken: Collection[int]) -> list[Milestone | None]:
    left, found = list(there), []
    for fields in rows:
        same = next((one for one in left if fold(one.title) == fold(fields["title"])), None)
        if same is not None:
            left.remove(same)
        found.append(same)
    at_place = {one.position: one for one in left if one.id not in spoken}
    return [one or at_place.pop(position, None) for position, one in enumerate(found, start=1)]


def _make_room(commitment: Commitment) -> None:
    """A place is taken by one step only, at every moment: those that are there step aside."""
    db.session.flush()
    for one in commitment.milestones:
        one.position = -one.id
    db.session.flush()
