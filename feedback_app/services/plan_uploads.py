"""Plan files that administrators send: read, compared, read by a person, and only then applied, exactly as that person read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer

from feedback_app.database import db
from feedback_app.domain.commitment import PLAN_UPLOAD_WORKFLOW, PlanUploadAction, PlanUploadStatus
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.importers.problems import ImportRefused, Problem
from feedback_app.models import PlanUpload
from feedback_app.services import events, plan_differences, plans
from feedback_app.services.locking import lock
from feedback_app.services.plan_differences import Differences
from feedback_app.services.plan_report import ImportReport

if TYPE_CHECKING:
    from feedback_app.importers.plan import PlanFile

# Read, compared and applied while the sender waits: three times the national plan of 2021. A larger one is for the operator's command.
MAX_BYTES = 1_000_000
MAX_COMMITMENTS = 200
LISTED = 20
SHOWN_PROBLEMS = 100
KEPT_FOR = timedelta(days=30)
"""A file that nobody applies is given up so long after it was last compared."""


class FileRefused(Exception):
    """What was sent is no plan file, or not one that is applied here. ``problems``: the first of them, ``count``: how many there are."""

    def __init__(self, refused: ImportRefused) -> None:
        super().__init__(str(refused))
        self.problems, self.count = refused.problems[:SHOWN_PROBLEMS], refused.count


class PlanMoved(Exception):
    """The file would change other things by now than those that were read: they have to be read again."""


def receive(content: bytes, *, administrator: Actor, at: datetime) -> PlanUpload | None:
    """Keep a plan file with what it changes; None where it changes nothing. Raises ``FileRefused``."""
    authorise(administrator, Permission.PLAN_MANAGE, None)
    try:
        file = _read(content)
    except ImportRefused as refused:
        raise FileRefused(refused) from None
    differences = plans.compare(file, at=at).differences
    if not differences:
        return None
    upload = PlanUpload(
        slug=file.plan.slug,
        title=file.plan.title,
        status=PlanUploadStatus.COMPARED,
        size=len(content),
        content=content,
        differences=differences.as_json(),
        sent_at=at,
        compared_at=at,
    )
    db.session.add(upload)
    db.session.flush()
    events.record(EventVerb.PLAN_UPLOAD, upload, **_signed(administrator, at))
    return upload


def _read(content: bytes) -> PlanFile:
    file = _parsed(content)
    if len(file.commitments) > MAX_COMMITMENTS:
        words = f"{MAX_COMMITMENTS} engagements au plus sont acceptés ici ; la commande « flask plan import » en accepte davantage"
        raise ImportRefused([Problem("$.commitments", str(len(file.commitments)), words)])
    return file


def _parsed(content: bytes) -> PlanFile:
    from feedback_app.importers.plan import read_plan  # a web process that is sent no plan does without what reads one

    return read_plan(content)


def differences(upload: PlanUpload) -> Differences:
    """What it changes, as of ``compared_at``."""
    return plan_differences.from_json(upload.differences)


def apply(upload: PlanUpload, *, reason: str, seen: str, administrator: Actor, at: datetime) -> ImportReport:
    """Write what the file changes, with a public ``reason`` for each known text that it touches.

    ``seen``: the digest of the differences that the person read. Raises ``PlanMoved`` where the file changes other things by now: nothing
    is written then but the new comparison, which the caller keeps. Raises ``MoveRefused`` for one that was applied or given up.
    """
    authorise(administrator, Permission.PLAN_MANAGE, upload)
    lock(upload)
    PLAN_UPLOAD_WORKFLOW.next(upload.status, PlanUploadAction.APPLY)  # refused before anything is read
    content = upload.content or b""
    report = _attempt(content, reason, seen, administrator, at)
    if report is None:
        upload.differences, upload.compared_at = plans.compare(_parsed(content), at=at).differences.as_json(), at
        raise PlanMoved
    _end(upload, PlanUploadAction.APPLY, at)
    return report


def _attempt(content: bytes, reason: str, seen: str, administrator: Actor, at: datetime) -> ImportReport | None:
    """Import; None, and nothing written, where that is not what was read, or where somebody else imported the same meanwhile."""
    signed: dict[str, Any] = {"actor_kind": ActorKind.STAFF, "actor_id": administrator.identity_id}
    try:
        with db.session.begin_nested():
            report = plans.import_plan(_parsed(content), at=at, reason=reason, **signed)
            if report.differences.digest != seen:
                raise PlanMoved
    except (IntegrityError, PlanMoved):
        return None
    return report


def discard(upload: PlanUpload, *, administrator: Actor, at: datetime) -> None:
    """Give it up: nothing of it stays but that it came. Raises ``MoveRefused`` for one that was applied or given up."""
    authorise(administrator, Permission.PLAN_MANAGE, upload)
    lock(upload)
    _give_up(upload, **_signed(administrator, at))


def forgotten(at: datetime) -> Select[int]:
    """The ids of those that nobody applied in time."""
    return select(PlanUpload.id).where(*_forgotten(at))


def give_up_forgotten(ids: Sequence[int], at: datetime) -> None:
    """Give these up, where that is still so."""
    still = select(PlanUpload).where(PlanUpload.id.in_(ids), *_forgotten(at)).with_for_update()
    for upload in db.session.scalars(still):
        _give_up(upload, at=at, actor_kind=ActorKind.SYSTEM)


def _forgotten(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return PlanUpload.status == PlanUploadStatus.COMPARED, PlanUpload.compared_at <= at - KEPT_FOR


def _give_up(upload: PlanUpload, *, at: datetime, **who: Any) -> None:
    _end(upload, PlanUploadAction.DISCARD, at)
    upload.differences = {}
    events.record(EventVerb.PLAN_DISCARD, upload, at=at, **who)


def _end(upload: PlanUpload, action: PlanUploadAction, at: datetime) -> None:
    upload.status = PLAN_UPLOAD_WORKFLOW.next(upload.status, action)
    upload.content, upload.done_at = None, at


def _signed(administrator: Actor, at: datetime) -> dict[str, Any]:
    return {"at": at, "actor_kind": ActorKind.STAFF, "actor_id": administrator.identity_id}


def find(upload_id: int) -> PlanUpload | None:
    """One that was sent."""
    return db.session.scalar(select(PlanUpload).where(PlanUpload.id == upload_id).options(defer(PlanUpload.content)))


def latest(slug: str) -> Sequence[PlanUpload]:
    """The last that were sent of a plan, the newest first."""
    return _newest(PlanUpload.slug == slug)


def waiting() -> Sequence[PlanUpload]:
    """Those that nobody applied or gave up yet, the newest first."""
    return _newest(PlanUpload.status == PlanUploadStatus.COMPARED)


def _newest(condition: ColumnElement[bool]) -> Sequence[PlanUpload]:
    statement = select(PlanUpload).where(condition).options(defer(PlanUpload.content), defer(PlanUpload.differences))
    return db.session.scalars(statement.order_by(PlanUpload.id.desc()).limit(LISTED)).all()
