"""Who answers for a commitment today: its ministry, or the one that took over from it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.models import Commitment, Ministry


@dataclass(frozen=True)
class Charge:
    """A commitment as rights see it. ``territory``: none, a commitment is the whole country's."""

    ministry_id: int
    topic_id: int
    territory: str | None = None


def of(commitment: Commitment) -> Charge:
    """Which ministry may speak of it."""
    return Charge(_in_charge(_successors(), commitment.ministry_id), commitment.topic_id)


def ministries_behind(ministry_id: int) -> frozenset[int]:
    """The ministries for whose commitments this one answers today: itself, and those whose duties came to it. One statement."""
    successors = _successors()
    return frozenset(one for one in successors if _in_charge(successors, one) == ministry_id)


def _successors() -> dict[int, int | None]:
    return {row.id: row.successor_id for row in db.session.execute(select(Ministry.id, Ministry.successor_id))}


def _in_charge(successors: dict[int, int | None], ministry_id: int) -> int:
    seen = {ministry_id}
    while (following := successors[ministry_id]) is not None and following not in seen:
        ministry_id = following
        seen.add(following)
    return ministry_id
