"""Editions that administrators send: kept in the database, read by the job process, told on a page. Nothing slow in the request.

The job process runs the batches of ``UploadImport`` one by one; what they raise it hands to ``refuse``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO

from sqlalchemy import ColumnElement, ScalarSelect, delete, func, select

from feedback_app.database import Batch, db
from feedback_app.domain.barometer import UPLOAD_WORKFLOW, EditionStatus, UploadAction, UploadStatus
from feedback_app.domain.policy import Actor
from feedback_app.domain.trace import EventVerb
from feedback_app.importers.barometer import read_edition
from feedback_app.importers.edition_archive import MAX_ARCHIVE_BYTES, looks_like_zip, read_archive
from feedback_app.importers.problems import ImportRefused
from feedback_app.mail import outbox
from feedback_app.models import Barometer, Edition, EditionUpload, EditionUploadPiece, Reform
from feedback_app.services import editions, events
from feedback_app.services.barometers import allow, traced
from feedback_app.services.edition_import import EditionImport
from feedback_app.services.editions import EditionRefused
from feedback_app.services.locking import lock

MAX_BYTES = MAX_ARCHIVE_BYTES
PIECE_BYTES = 1_000_000
IN_MEMORY_BYTES = 8_000_000
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 3
SHOWN_PROBLEMS = 100
LISTED = 20
OPEN = (UploadStatus.QUEUED, UploadStatus.READING)


# What ends an import with words for the person who sent it (``refuse``).
REFUSED = (ImportRefused, EditionRefused)


class NotAnArchive(Exception):
    """What was sent does not even begin like a zip archive."""


class AlreadyUnderWay(Exception):
    """Files for this date have been sent and are not read yet."""


def receive(barometer: Barometer, on: date, file: IO[bytes], *, at: datetime, actor: Actor | None = None) -> EditionUpload:
    """Keep an archive for the job process. Nothing of it is read here but its first bytes.

    Raises ``NotAnArchive``, ``AlreadyUnderWay``, and ``EditionRefused`` where no edition of this date could ever be published.
    """
    allow(actor, barometer)
    if not looks_like_zip(file):
        raise NotAnArchive
    lock(barometer)
    under_way = select(EditionUpload.id).where(
        EditionUpload.barometer_id == barometer.id, EditionUpload.date == on, EditionUpload.status.in_(OPEN)
    )
    if db.session.scalar(under_way.limit(1)) is not None:
        raise AlreadyUnderWay
    if editions.published_on(barometer, on) is None:  # else the same content once more changes nothing, and is no mistake
        editions.expect_free(barometer, on)
    upload = EditionUpload(
        barometer=barometer,
        date=on,
        status=UploadStatus.QUEUED,
        size=0,
        asked_at=at,
        due_at=at,
        attempts=0,
        unchanged=False,
        problems=[],
        problem_count=0,
    )
    db.session.add(upload)
    db.session.flush()
    _keep(upload, file)
    events.record(EventVerb.EDITION_UPLOAD, barometer, after=on.isoformat(), **traced(actor, at))
    db.session.info[outbox.QUEUED] = True  # wakes the job process
    return upload


def _keep(upload: EditionUpload, file: IO[bytes]) -> None:
    file.seek(0)
    number = 0
    while content := file.read(PIECE_BYTES):
        piece = EditionUploadPiece(upload_id=upload.id, number=number, content=content)
        db.session.add(piece)
        upload.size += len(content)
        number += 1
        db.session.flush()
        db.session.expunge(piece)


def due(at: datetime) -> Sequence[int]:
    """The uploads to be read now, the oldest first: those that nobody has begun, and those whose reader has died."""
    waiting = (EditionUpload.status.in_(OPEN), EditionUpload.due_at <= at)
    return db.session.scalars(select(EditionUpload.id).where(*waiting).order_by(EditionUpload.id)).all()


class UploadImport:
    """One upload on its way to a draft. The operator's rights: an administrator's were judged when it was sent."""

    def __init__(self, upload_id: int, *, at: datetime) -> None:
        self._upload_id, self._at = upload_id, at
        self._barometer_id = 0
        self._on = date.min

    def batches(self) -> Iterator[Batch]:
        """The steps; none where somebody else reads it. Raises ``ImportRefused``, and what those of ``EditionImport`` raise."""
        yield Batch(self._claim)
        if not self._barometer_id:
            return
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as archive:
            yield Batch(lambda: self._fetch(archive), writes=False)
            file = read_edition(read_archive(archive))
        work = EditionImport(self._barometer_id, self._on, file, at=self._at)
        yield from work.batches()
        yield Batch(lambda: self._finish(work))

    def _claim(self) -> None:
        upload = _locked(self._upload_id)
        if upload is None or upload.status not in OPEN or upload.due_at > self._at:
            return
        if upload.attempts >= MOST_ATTEMPTS:
            _end(upload, UploadAction.REFUSE, at=self._at)  # without a reason: reading it ended the process, again and again
            return
        upload.status = UPLOAD_WORKFLOW.next(upload.status, UploadAction.READ)
        upload.attempts += 1
        upload.due_at = self._at + LEASE
        self._barometer_id, self._on = upload.barometer_id, upload.date

    def _fetch(self, archive: IO[bytes]) -> None:
        pieces = select(EditionUploadPiece.content).where(EditionUploadPiece.upload_id == self._upload_id)
        for number in range(db.session.scalar(select(func.count()).select_from(pieces.subquery())) or 0):
            archive.write(db.session.scalars(pieces.where(EditionUploadPiece.number == number)).one())

    def _finish(self, work: EditionImport) -> None:
        upload = _locked(self._upload_id)
        if upload is None or upload.status is not UploadStatus.READING:
            return
        upload.edition_id, upload.unchanged = work.edition_id, work.unchanged
        _end(upload, UploadAction.FINISH, at=self._at)


def refuse(upload_id: int, refused: ImportRefused | EditionRefused, *, at: datetime) -> None:
    """Say why an upload became no edition: the first hundred problems, and how many there are; or what stands in the way."""
    upload = _locked(upload_id)
    if upload is None or upload.status is not UploadStatus.READING:
        return
    if isinstance(refused, EditionRefused):
        upload.refusal = refused.reason
    else:
        upload.problems = [{"path": one.path, "value": one.value, "message": one.message} for one in refused.problems[:SHOWN_PROBLEMS]]
        upload.problem_count = refused.count
    _end(upload, UploadAction.REFUSE, at=at)


def _locked(upload_id: int) -> EditionUpload | None:
    return db.session.scalar(select(EditionUpload).where(EditionUpload.id == upload_id).with_for_update())


def _end(upload: EditionUpload, action: UploadAction, *, at: datetime) -> None:
    upload.status = UPLOAD_WORKFLOW.next(upload.status, action)
    upload.done_at = at
    db.session.execute(
        delete(EditionUploadPiece).where(EditionUploadPiece.upload_id == upload.id), execution_options={"synchronize_session": False}
    )


def find(barometer: Barometer, upload_id: int) -> EditionUpload | None:
    """An upload of this barometer, or None."""
    return db.session.scalar(select(EditionUpload).where(EditionUpload.id == upload_id, EditionUpload.barometer_id == barometer.id))


def latest(barometer: Barometer) -> Sequence[EditionUpload]:
    """The last uploads of a barometer, the newest first."""
    mine = select(EditionUpload).where(EditionUpload.barometer_id == barometer.id)
    return db.session.scalars(mine.order_by(EditionUpload.id.desc()).limit(LISTED)).all()


@dataclass(frozen=True)
class Waiting:
    """What of a barometer waits for an administrator: drafts to read again, uploads under way, reforms without a ministry."""

    drafts: int
    uploads: int
    unmapped: int
    newest: date | None


def overview() -> Sequence[tuple[Barometer, Waiting]]:
    """All barometers with what waits in each, the active one first. One statement."""

    def count(model: type[Edition | EditionUpload | Reform], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        return select(func.count()).select_from(model).where(model.barometer_id == Barometer.id, *conditions).scalar_subquery()

    newest = select(func.max(Edition.date)).where(Edition.barometer_id == Barometer.id, Edition.status == EditionStatus.PUBLISHED)
    statement = select(
        Barometer,
        count(Edition, Edition.status == EditionStatus.DRAFT),
        count(EditionUpload, EditionUpload.status.in_(OPEN)),
        count(Reform, Reform.ministry_id.is_(None)),
        newest.scalar_subquery(),
    ).order_by(Barometer.active.desc(), Barometer.id.desc())
    return [(row[0], Waiting(*row[1:])) for row in db.session.execute(statement)]
