"""What one wording of a progress update says, as the editor holds it and as the tables keep it, and what it must not lack."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.commitment import (
    COMMITMENT_WORKFLOW,
    UNFINISHED,
    BlockKind,
    CommitmentAction,
    CommitmentStatus,
    Confidence,
)
from feedback_app.domain.links import is_web_address
from feedback_app.domain.text import render_official
from feedback_app.models import Commitment, ProgressBlock, ProgressStep, ProgressVersion


class Fault(StrEnum):
    """Why an update is not ready."""

    NO_TEXT = "no_text"
    NO_EVIDENCE = "no_evidence"
    NO_WEB_ADDRESS = "no_web_address"
    NO_CONFIDENCE = "no_confidence"
    NO_SUCCESSOR = "no_successor"
    UNKNOWN_MILESTONE = "unknown_milestone"


class IncompleteUpdate(ValueError):
    """The update says too little, or something that cannot be."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Step:
    """What is said of a milestone, or (``milestone_id`` None) of the commitment itself.

    ``action``: its move. ``criterion``: how everybody will see that it is reached; None leaves the one that it has. ``evidence``: web
    addresses. ``into_id``: the commitment of another plan into which it is carried over.
    """

    milestone_id: int | None = None
    action: CommitmentAction | None = None
    criterion: str | None = None
    evidence: tuple[str, ...] = ()
    into_id: int | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.action or self.criterion or self.evidence)


@dataclass(frozen=True)
class Wording:
    """The texts by their kind, each the small Markdown of staff; how sure the ministry is; and the steps that say something."""

    blocks: tuple[tuple[BlockKind, str], ...]
    confidence: Confidence | None = None
    steps: tuple[Step, ...] = ()


def wording(blocks: dict[BlockKind, str], *, confidence: Confidence | None = None, steps: tuple[Step, ...] = ()) -> Wording:
    """The same, cleaned and in order: empty texts and steps that say nothing are left out."""
    sources = {kind: render_official(blocks.get(kind, "")).source for kind in BlockKind}
    return Wording(
        tuple((kind, source) for kind, source in sources.items() if source.strip()),
        confidence,
        tuple(sorted((step for step in steps if step.says_something), key=lambda step: step.milestone_id or 0)),
    )


def of(version: ProgressVersion) -> Wording:
    """What a stored wording says."""
    return Wording(
        tuple((block.kind, block.source) for block in version.blocks),
        version.confidence,
        tuple(
            sorted(
                (Step(one.milestone_id, one.action, one.criterion, tuple(one.evidence), one.into_id) for one in version.steps),
                key=lambda step: step.milestone_id or 0,
            )
        ),
    )


def statuses_after(commitment: Commitment, said: Wording) -> dict[int | None, CommitmentStatus]:
    """Where the commitment (None) and its milestones stand once the update is published. Raises ``MoveRefused``, ``IncompleteUpdate``."""
    standing: dict[int | None, CommitmentStatus] = {None: commitment.status}
    standing |= {milestone.id: milestone.status for milestone in commitment.current_milestones}
    for step in said.steps:
        if step.milestone_id not in standing:
            raise IncompleteUpdate(Fault.UNKNOWN_MILESTONE)
        if step.action:
            standing[step.milestone_id] = COMMITMENT_WORKFLOW.next(standing[step.milestone_id], step.action)
    return standing


def check(commitment: Commitment, said: Wording, *, ready: bool) -> None:
    """Whether this can be said of the commitment, as a draft or (``ready``) for everybody. Raises ``IncompleteUpdate``, ``MoveRefused``."""
    after = statuses_after(commitment, said)
    if not said.blocks:
        raise IncompleteUpdate(Fault.NO_TEXT)
    for step in said.steps:
        if not all(is_web_address(address) for address in step.evidence):
            raise IncompleteUpdate(Fault.NO_WEB_ADDRESS)
        if ready and step.action is CommitmentAction.COMPLETE and not step.evidence:
            raise IncompleteUpdate(Fault.NO_EVIDENCE)
        if ready and step.action is CommitmentAction.CARRY_OVER and not _in_another_plan(commitment, step.into_id):
            raise IncompleteUpdate(Fault.NO_SUCCESSOR)
    if ready and said.confidence is None and after[None] in UNFINISHED:
        raise IncompleteUpdate(Fault.NO_CONFIDENCE)


def _in_another_plan(commitment: Commitment, into_id: int | None) -> bool:
    plan_id = db.session.scalar(select(Commitment.plan_id).where(Commitment.id == into_id)) if into_id else None
    return plan_id is not None and plan_id != commitment.plan_id


def store(version: ProgressVersion, said: Wording) -> None:
    """Write what the wording says beside its row, which has its id."""
    for position, (kind, source) in enumerate(said.blocks, start=1):
        text = render_official(source)
        version.blocks.append(ProgressBlock(kind=kind, position=position, source=text.source, html=text.html, renderer=text.renderer))
    for position, step in enumerate(said.steps, start=1):
        version.steps.append(
            ProgressStep(
                milestone_id=step.milestone_id,
                position=position if step.milestone_id else 0,
                action=step.action,
                criterion=step.criterion,
                evidence=list(step.evidence),
                into_id=step.into_id,
            )
        )
    db.session.flush()
