"""What a plan file changes, as people read it before it is applied, and as a page keeps it: frozen rows that travel as JSON.

``services/plans.py`` finds them; the command prints them, the administrator's page shows them, and what was read is what may be applied.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from feedback_app.domain.commitment import MinistryKind, PlanField, PlanPhase, WordField
from feedback_app.models import CommitmentChange
from feedback_app.services.commitment_words import Change


@dataclass(frozen=True)
class PlanChange:
    """One thing that the file says otherwise of the plan itself."""

    field: PlanField
    before: str | None
    after: str | None


@dataclass(frozen=True)
class MinistryDifference:
    """A ministry that is new here, or that bears another name or kind now. ``before``: None where it is new."""

    slug: str
    name: str
    kind: MinistryKind
    name_before: str | None = None
    kind_before: MinistryKind | None = None

    @property
    def added(self) -> bool:
        return self.name_before is None


@dataclass(frozen=True)
class CommitmentDifference:
    """A commitment that is new (no ``changes``; ``milestones``: how many steps it has), or changes."""

    number: int
    title: str
    added: bool
    milestones: int
    changes: tuple[Change, ...] = ()


@dataclass
class Differences:
    """Everything that a file changes. ``kept_phase``: the phase that it names although the plan is further by now; it stays there.

    ``missing``: the commitments that the file does not hold, number and title: they stay as they are.
    """

    plan_added: bool = False
    plan: list[PlanChange] = field(default_factory=list)
    kept_phase: PlanPhase | None = None
    ministries: list[MinistryDifference] = field(default_factory=list)
    commitments: list[CommitmentDifference] = field(default_factory=list)
    missing: list[tuple[int, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything would be written."""
        return bool(self.plan_added or self.plan or self.ministries or self.commitments)

    @property
    def added(self) -> list[CommitmentDifference]:
        return [one for one in self.commitments if one.added]

    @property
    def revised(self) -> list[CommitmentDifference]:
        """Known commitments that change: each keeps both wordings and the reason, for everybody to read."""
        return [one for one in self.commitments if not one.added]

    @property
    def reworded(self) -> list[PlanChange]:
        """What the plan says of itself and said otherwise: kept in the same way. A phase that begins is a move, not a change of words."""
        return [one for one in self.plan if one.field is not PlanField.PHASE]

    @property
    def explained(self) -> bool:
        """Whether something changes that everybody read: a public reason is owed."""
        return bool(self.revised or self.reworded)

    @property
    def milestones_added(self) -> int:
        """New steps of known commitments."""
        return self._milestones(gone=False)

    @property
    def milestones_gone(self) -> int:
        """Steps that the file does not name any more: those of which something was said stay to be read."""
        return self._milestones(gone=True)

    def _milestones(self, *, gone: bool) -> int:
        steps = [change for one in self.commitments for change in one.changes if change.field is WordField.MILESTONE]
        return sum((change.after is None) == gone for change in steps)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @property
    def digest(self) -> str:
        """The same for the same differences: what was read is what is applied."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


def from_json(plain: Mapping[str, Any]) -> Differences:
    """What ``as_json`` gave. Nothing kept: no differences."""
    kept = plain.get("kept_phase")
    return Differences(
        plan_added=plain.get("plan_added", False),
        plan=list(plan_changes(plain.get("plan", ()))),
        kept_phase=PlanPhase(kept) if kept else None,
        ministries=[_ministry(one) for one in plain.get("ministries", ())],
        commitments=[_commitment(one) for one in plain.get("commitments", ())],
        missing=[(number, title) for number, title in plain.get("missing", ())],
    )


def plan_changes(plain: Iterable[Mapping[str, Any]]) -> tuple[PlanChange, ...]:
    """The same for what a file says otherwise of the plan itself."""
    return tuple(PlanChange(PlanField(one["field"]), one["before"], one["after"]) for one in plain)


def _ministry(plain: Mapping[str, Any]) -> MinistryDifference:
    kind_before = plain["kind_before"]
    return MinistryDifference(
        plain["slug"], plain["name"], MinistryKind(plain["kind"]), plain["name_before"], MinistryKind(kind_before) if kind_before else None
    )


def _commitment(plain: Mapping[str, Any]) -> CommitmentDifference:
    changes = (Change(WordField(one["field"]), one["position"], one["before"], one["after"]) for one in plain["changes"])
    return CommitmentDifference(plain["number"], plain["title"], plain["added"], plain["milestones"], tuple(changes))


def told(changes: Iterable[CommitmentChange]) -> tuple[Change, ...]:
    """The changes of a revision, without their row."""
    return tuple(Change(one.field, one.position, one.before, one.after) for one in changes)
