"""Files that an administrator sent: they wait in the database until the job process has read them, and are then forgotten."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.barometer import Refusal, UploadStatus
from feedback_app.models.barometer import Barometer, Edition


class EditionUpload(Model):
    """An archive with the files of one edition, and what became of it.

    While a process reads it, ``due_at`` lies ahead: if that process dies, it comes due again, ``attempts`` times in all. ``edition_id``:
    the edition it became (the published one, if ``unchanged``); None again once that draft is deleted. ``problems``: the first reasons
    of a refusal (``path``, ``value``, ``message``), ``problem_count``: how many there were.
    """

    __table_args__ = (Index(None, "barometer_id", "id"), Index(None, "status", "due_at"), NEVER_REUSE_IDS)

    barometer_id: Mapped[int] = mapped_column(ForeignKey("barometer.id"))
    date: Mapped[dt.date]
    status: Mapped[UploadStatus]
    size: Mapped[int]
    asked_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    attempts: Mapped[int]
    done_at: Mapped[dt.datetime | None]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="SET NULL"), index=True)
    unchanged: Mapped[bool]
    refusal: Mapped[Refusal | None]
    problems: Mapped[list[dict[str, str | None]]] = mapped_column(JSON)
    problem_count: Mapped[int]

    barometer: Mapped[Barometer] = relationship()
    edition: Mapped[Edition | None] = relationship()


class EditionUploadPiece(Model):
    """A piece of an archive, so that no process holds the whole of it. Gone as soon as it was read, or refused."""

    __table_args__ = (UniqueConstraint("upload_id", "number"), NEVER_REUSE_IDS)

    upload_id: Mapped[int] = mapped_column(ForeignKey("edition_upload.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[bytes]
