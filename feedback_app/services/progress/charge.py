"""Who answers for a commitment today: its ministry, or the one that took over from it."""

from __future__ import annotations

from dataclasses import dataclass

from feedback_app.models import Commitment
from feedback_app.services.cases import routing


@dataclass(frozen=True)
class Charge:
    """A commitment as rights see it. ``territory``: none, a commitment is the whole country's."""

    ministry_id: int
    topic_id: int
    territory: str | None = None


def of(commitment: Commitment) -> Charge:
    """Which ministry may speak of it."""
    return Charge(routing.current(commitment.ministry).id, commitment.topic_id)
