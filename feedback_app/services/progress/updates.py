"""Progress updates: written by a contact, published by somebody else. The ministry signs them, and a status moves with them only.

At most one of a commitment and ministry is not published; each wording is kept. What was published is corrected by a further update.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from feedback_app.database import db
from feedback_app.domain.commitment import COMMITMENT_WORKFLOW, UPDATE_WORKFLOW, UpdateAction, UpdateStatus
from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.text import clean_typed
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import Commitment, Milestone, ProgressRemark, ProgressStep, ProgressUpdate, ProgressVersion
from feedback_app.services import events, freshness
from feedback_app.services.cases.moves import staff_name
from feedback_app.services.locking import lock
from feedback_app.services.progress import charge, wording
from feedback_app.services.progress.wording import Wording

_VERBS = {action: EventVerb(f"progress:{action.value}") for action in UpdateAction}


@dataclass(frozen=True)
class Seen:
    """What the editor showed: the version of the commitment, and the number of the wording in hand (0: there was none)."""

    version: int
    wording: int


def loaded() -> list[object]:
    """What a page shows of an update, in a fixed number of statements."""
    versions = selectinload(ProgressUpdate.versions)
    return [
        versions.selectinload(ProgressVersion.blocks),
        versions.selectinload(ProgressVersion.steps).selectinload(ProgressStep.milestone),
    ]


def in_hand(commitment: Commitment) -> ProgressUpdate | None:
    """The update that the ministry in charge is preparing, draft or proposed; None when there is none."""
    statement = (
        select(ProgressUpdate)
        .where(
            ProgressUpdate.commitment_id == commitment.id,
            ProgressUpdate.ministry_id == charge.of(commitment).ministry_id,
            ProgressUpdate.status.in_((UpdateStatus.DRAFT, UpdateStatus.PROPOSED)),
        )
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
        .options(*loaded())  # type: ignore[arg-type]
        .execution_options(populate_existing=True)  # a page may have read it before the commitment was locked
    )
    return db.session.scalar(statement)


def find(commitment: Commitment, update_id: int) -> ProgressUpdate | None:
    """An update of this commitment, by its id."""
    found = db.session.get(ProgressUpdate, update_id)
    return found if found and found.commitment_id == commitment.id else None


def write(commitment: Commitment, said: Wording, *, actor: Actor, seen: Seen, at: datetime) -> ProgressUpdate:
    """Save a draft.

    Two contacts at once: the second gets ``Conflict`` with what the first wrote, and keeps their own in the form. Raises
    ``IncompleteUpdate``, and ``MoveRefused`` for a status move that the workflow forbids or an update that is already proposed.
    """
    return _write(commitment, _open(commitment, actor=actor), said, ready=False, actor=actor, seen=seen, at=at)


def propose(commitment: Commitment, said: Wording, *, actor: Actor, seen: Seen, at: datetime) -> ProgressUpdate:
    """Save the wording and hand it to the validators of the ministry. Raises as ``write``; a double click changes nothing."""
    update = _open(commitment, actor=actor)
    if update and update.status is UpdateStatus.PROPOSED and _same(update, said) and update.latest.author_id == actor.identity_id:
        return update
    update = _write(commitment, update, said, ready=True, actor=actor, seen=seen, at=at)
    before, update.status = update.status, UPDATE_WORKFLOW.next(update.status, UpdateAction.PROPOSE)
    update.proposed_at = at
    _record(UpdateAction.PROPOSE, update, actor=actor, before=before, at=at)
    return update


def _open(commitment: Commitment, *, actor: Actor) -> ProgressUpdate | None:
    lock(commitment)
    authorise(actor, Permission.PROGRESS_WRITE, charge.of(commitment))
    return in_hand(commitment)


def _same(update: ProgressUpdate, said: Wording) -> bool:
    return wording.of(update.latest) == said


def _write(
    commitment: Commitment, update: ProgressUpdate | None, said: Wording, *, ready: bool, actor: Actor, seen: Seen, at: datetime
) -> ProgressUpdate:
    if update and _same(update, said) and not ready:
        return update  # nothing new, or the same form sent twice
    _expect(commitment, update, seen)
    wording.check(commitment, said, ready=ready)
    if update and _same(update, said):
        return update
    if update is None:
        update = _begin(commitment, at=at)
    before, update.status = update.status, UPDATE_WORKFLOW.next(update.status, UpdateAction.WRITE)
    version = ProgressVersion(
        number=len(update.versions) + 1, confidence=said.confidence, author_id=actor.identity_id, written_at=at, blocks=[], steps=[]
    )
    update.versions.append(version)
    db.session.flush()
    wording.store(version, said)
    _record(UpdateAction.WRITE, update, actor=actor, before=before, at=at)
    return update


def _begin(commitment: Commitment, *, at: datetime) -> ProgressUpdate:
    ministry_id = charge.of(commitment).ministry_id
    update = ProgressUpdate(commitment=commitment, ministry_id=ministry_id, status=UpdateStatus.DRAFT, created_at=at, versions=[])
    db.session.add(update)
    return update


def _expect(commitment: Commitment, update: ProgressUpdate | None, seen: Seen) -> None:
    latest = update.latest if update else None
    if commitment.version != seen.version:
        last = _last_published(commitment)
        raise Conflict(_other(last.latest if last else None))
    if (latest.number if latest else 0) != seen.wording:
        raise Conflict(_other(latest))


def _last_published(commitment: Commitment) -> ProgressUpdate | None:
    statement = select(ProgressUpdate).where(
        ProgressUpdate.commitment_id == commitment.id, ProgressUpdate.status == UpdateStatus.PUBLISHED
    )  # fmt: skip
    return db.session.scalar(statement.order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id.desc()).limit(1))


def _other(version: ProgressVersion | None) -> OtherText:
    if version is None:
        return OtherText("", "fr")
    text = "\n\n".join(block.source for block in version.blocks)
    return OtherText(text, "fr", by=staff_name(version.author_id), at=version.written_at)


def send_back(update: ProgressUpdate, words: str, *, actor: Actor, seen_wording: int, at: datetime) -> None:
    """A validator wants it otherwise and says how (or its author takes the proposal back). The words are not public."""
    _reviewed(update, Permission.PROGRESS_SEND_BACK, actor=actor, seen_wording=seen_wording)
    before, update.status = update.status, UPDATE_WORKFLOW.next(update.status, UpdateAction.SEND_BACK)
    update.proposed_at = None
    remark = ProgressRemark(update_id=update.id, source=clean_typed(words), author_id=actor.identity_id, written_at=at)
    db.session.add(remark)
    db.session.flush()
    _record(UpdateAction.SEND_BACK, update, actor=actor, before=before, at=at, text_id=remark.id)


def publish(update: ProgressUpdate, *, actor: Actor, seen_wording: int, at: datetime) -> None:
    """Publish what was proposed: by a validator of the ministry who wrote no word of it. The statuses move in the same act.

    Raises ``NotAllowed``, ``Conflict`` when the wording is not the one that was read, ``MoveRefused`` when a status has moved meanwhile.
    A double click changes nothing.
    """
    lock(update.commitment)
    db.session.refresh(update)
    if update.status is UpdateStatus.PUBLISHED and update.published_by_id == actor.identity_id:
        return
    commitment = _reviewed(update, Permission.PROGRESS_PUBLISH, actor=actor, seen_wording=seen_wording)
    wording.check(commitment, wording.of(update.latest), ready=True)
    before, update.status = update.status, UPDATE_WORKFLOW.next(update.status, UpdateAction.PUBLISH)
    update.published_at, update.published_by_id = at, actor.identity_id
    commitment.updated_at, commitment.confidence = at, update.latest.confidence
    commitment.version += 1
    _record(UpdateAction.PUBLISH, update, actor=actor, before=before, at=at)
    for step in update.latest.steps:
        _carry_out(update, step, actor=actor, at=at)


def _carry_out(update: ProgressUpdate, step: ProgressStep, *, actor: Actor, at: datetime) -> None:
    """What the update says of one milestone, or of the commitment, becomes true."""
    if step.milestone is not None and step.criterion:
        step.milestone.criterion = step.criterion
    if step.action is None:
        return
    subject: Commitment | Milestone = step.milestone or update.commitment
    step.before = subject.status
    subject.status = COMMITMENT_WORKFLOW.next(subject.status, step.action)
    step.after, subject.status_since = subject.status, at
    events.record(
        EventVerb.MILESTONE_MOVE if step.milestone else EventVerb.COMMITMENT_MOVE,
        subject,
        at=at,
        actor_kind=ActorKind.STAFF,
        actor_id=actor.identity_id,
        before=step.before.value,
        after=step.after.value,
        topic_id=update.topic_id,
        ministry_id=update.ministry_id,
    )
    if step.into is not None:
        freshness.touch(step.into.topic_id)


def _reviewed(update: ProgressUpdate, permission: Permission, *, actor: Actor, seen_wording: int) -> Commitment:
    commitment = update.commitment
    lock(commitment)
    db.session.refresh(update)
    authorise(actor, permission, update)
    if update.ministry_id != charge.of(commitment).ministry_id:
        raise MoveRefused(update.status, UpdateAction.PUBLISH)  # another ministry answers for it by now
    if update.latest.number != seen_wording:
        raise Conflict(_other(update.latest))
    return commitment


def _record(
    action: UpdateAction, update: ProgressUpdate, *, actor: Actor, before: UpdateStatus, at: datetime, text_id: int | None = None
) -> None:  # fmt: skip
    events.record(
        _VERBS[action],
        update,
        at=at,
        actor_kind=ActorKind.STAFF,
        actor_id=actor.identity_id,
        before=before.value,
        after=update.status.value,
        text_id=text_id,
        ministry_id=update.ministry_id,
    )
