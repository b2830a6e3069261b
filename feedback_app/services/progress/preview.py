"""A progress update as everybody would read it, before anything of it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from feedback_app.database import db
from feedback_app.domain.commitment import COMMITMENT_WORKFLOW, Confidence
from feedback_app.domain.links import is_web_address
from feedback_app.domain.text import render_official
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import Commitment, Milestone
from feedback_app.services.progress import wording
from feedback_app.services.progress.reading import Block, Step


@dataclass(frozen=True)
class Preview:
    """The parts of a published update, with the moves that it would make today."""

    steps: tuple[Step, ...]
    blocks: tuple[Block, ...]
    confidence: Confidence | None


def preview(commitment: Commitment, said: wording.Wording) -> Preview:
    """Reads only. A move that has become impossible meanwhile is told without the statuses."""
    milestones = {one.id: one for one in commitment.current_milestones}
    return Preview(
        steps=tuple(_step(milestones[step.milestone_id] if step.milestone_id else commitment, step) for step in said.steps),
        blocks=tuple(Block(kind, render_official(source).html) for kind, source in said.blocks),
        confidence=said.confidence,
    )


def _step(thing: Commitment | Milestone, step: wording.Step) -> Step:
    try:
        after = COMMITMENT_WORKFLOW.next(thing.status, step.action) if step.action else None
    except MoveRefused:
        after = None
    into = db.session.get(Commitment, step.into_id) if step.into_id else None
    return Step(
        milestone_title=thing.title if isinstance(thing, Milestone) else None,
        action=step.action,
        before=thing.status if after else None,
        after=after,
        criterion=step.criterion,
        evidence=tuple(filter(is_web_address, step.evidence)),  # whoever saw another version was not told what is wrong yet
        into_title=into.title if into else None,
        into_key=into.topic.key if into else None,
    )
