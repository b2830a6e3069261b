"""``make``'s part about barometers: editions brought to where a test wants them by the moves that lead there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO
from typing import Any

from sqlalchemy import select

from feedback_app import jobs
from feedback_app.database import Batch, db, work_through
from feedback_app.domain.barometer import EditionStatus
from feedback_app.domain.figures import EditionFile
from feedback_app.models import Barometer, Edition, EditionIndicator, EditionUpload, Indicator
from feedback_app.services import barometers, edition_uploads, editions
from feedback_app.services.edition_comparison import Comparison
from feedback_app.services.edition_drafts import DraftImport
from tests.barometers import after_revision, before_revision, edition_file


class MakeEditions:
    """The part of ``Make`` that is about barometers."""

    app: Any
    clock: Callable[[], Any]
    _numbers: Any
    _work: Callable[[], Any]
    _done: Callable[..., Any]
    reload: Callable[..., Any]

    def barometer(self, slug: str | None = None, *, active: bool = True, name: str | None = None) -> Barometer:
        number = next(self._numbers)
        with self._work():
            slug = slug or f"barometre-{number}"
            return self._done(barometers.create(slug, name=name or f"Baromètre {number}", active=active, at=self.clock()))

    def edition(
        self,
        file: EditionFile | None = None,
        *,
        barometer: Barometer | None = None,
        on: date = date(2026, 1, 31),
        status: EditionStatus = EditionStatus.PUBLISHED,
        reason: str = "Les fichiers publiés contenaient une erreur.",
    ) -> Edition:
        """An edition of these figures (``tests/barometers.py`` writes them), brought to ``status`` by the moves that lead there."""
        barometer = barometer or self.barometer()
        draft = DraftImport(barometer.id, on, file or edition_file(), at=self.clock())
        self.batches(draft.batches())
        self.batches(Comparison(draft.edition_id, at=self.clock()).batches())
        with self._work():
            edition = db.session.get_one(Edition, draft.edition_id)
            if status is not EditionStatus.DRAFT:
                editions.publish(edition, at=self.clock())
            if status is EditionStatus.WITHDRAWN:
                editions.withdraw(edition, reason, at=self.clock())
            return self._done(edition, "barometer", "withdrawal")

    def upload(self, barometer: Barometer, content: bytes, *, on: date = date(2026, 2, 28), read: bool = False) -> EditionUpload:
        """Files sent for an edition; ``read``: the job process has been there."""
        with self._work():
            sent = edition_uploads.receive(db.session.get_one(Barometer, barometer.id), on, BytesIO(content), at=self.clock())
            sent = self._done(sent)
        return self.read(sent) if read else sent

    def read(self, upload: EditionUpload) -> EditionUpload:
        """What the job process makes of files that were sent."""
        with self.app.app_context():
            jobs.read_upload(upload.id, self.clock())
        return self.reload(upload)

    def batches(self, found: Iterable[Batch]) -> None:
        """Run each batch of a long work as a command does: in a transaction of its own."""
        with self.app.app_context():
            work_through(found)

    def indicator(self, file: EditionFile | None = None, *, barometer: Barometer | None = None) -> Indicator:
        """The first indicator of a published edition, with its topic."""
        edition = self.edition(file, barometer=barometer)
        with self._work():
            statement = select(EditionIndicator).where(EditionIndicator.edition_id == edition.id).order_by(EditionIndicator.position)
            found = db.session.scalars(statement).first()
            assert found is not None
            return self._done(found.indicator, "topic", "barometer", "reform")

    def withdrawal(self, edition: Edition, reason: str = "Les fichiers publiés contenaient une erreur.") -> None:
        """Take a published edition back."""
        with self._work():
            editions.withdraw(db.session.get_one(Edition, edition.id), reason, at=self.clock())

    def revised_indicator(self, slug: str | None = None) -> Indicator:
        """The first indicator of a barometer with two editions, of 30 June 2025 and 31 January 2026, that differ in every way."""
        barometer = self.barometer(slug, name="Baromètre des essais")
        self.edition(before_revision(), barometer=barometer, on=date(2025, 6, 30))
        return self.indicator(after_revision(), barometer=barometer)
