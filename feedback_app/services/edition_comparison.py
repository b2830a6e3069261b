"""What an edition changed compared with the published one before it: computed on a draft, and again when that one is withdrawn.

An edition whose ``compared_at`` is None shows no revisions: they are being computed, or are due.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import delete, func, insert, select

from feedback_app.database import Batch, db
from feedback_app.domain.barometer import EditionFormat, EditionStatus, Refusal, Series
from feedback_app.domain.figures import EditionContent
from feedback_app.domain.policy import Actor
from feedback_app.domain.revisions import Described, FullHistory, Revision, compare, telling_first
from feedback_app.domain.trace import EventVerb
from feedback_app.mail import outbox
from feedback_app.models import Edition, FigureRevision, Indicator
from feedback_app.services import editions, events, job_runs
from feedback_app.services.barometers import allow, traced
from feedback_app.services.edition_content import StoredEdition
from feedback_app.services.editions import EditionRefused
from feedback_app.services.locking import lock

INDICATORS_AT_ONCE = 5
BATCH_ROWS = 2000


class EditionDiff:
    """The differences between two contents, a few indicators at a time. ``before`` None: there is nothing to compare with."""

    def __init__(self, before: EditionContent | None, after: EditionContent) -> None:
        self._before, self._after = before or after, after
        self._is_first = before is None
        self._found: list[tuple[int, str, Revision]] = []
        self.new_observations = 0

    def groups(self) -> Iterator[list[str]]:
        """The codes of the indicators of both, a few at a time, those of the newer edition first."""
        if self._is_first:
            return
        self._old, self._new = self._before.described(), self._after.described()
        self._positions = {code: position for position, code in enumerate(dict.fromkeys([*self._new, *self._old]))}
        self._is_full = _full_histories(self._before, self._after)
        codes = list(self._positions)
        for start in range(0, len(codes), INDICATORS_AT_ONCE):
            yield codes[start : start + INDICATORS_AT_ONCE]

    def compare(self, codes: Sequence[str]) -> None:
        """Compare these indicators."""
        old = self._before.figures_of([code for code in codes if code in self._old], self._after)
        new = self._after.figures_of([code for code in codes if code in self._new], self._before)
        for code in codes:
            changes = compare(
                Described(self._old[code], old[code]) if code in old else None,
                Described(self._new[code], new[code]) if code in new else None,
                self._is_full,
            )
            self.new_observations += changes.new_observations
            self._found += [(self._positions[code], code, revision) for revision in changes.revisions]

    def revisions(self) -> list[tuple[str, Revision]]:
        """What was found, with the code of its indicator, in the order in which pages list it."""
        ordered = sorted(self._found, key=lambda found: telling_first(found[0], found[2]))
        return [(code, revision) for _position, code, revision in ordered]


def _full_histories(before: EditionContent, after: EditionContent) -> FullHistory:
    """A file per indicator holds the whole history of its headline; a detail file that of a territory's periodic series."""
    headline = {before.format, after.format} == {EditionFormat.INDICATOR_FILES}
    periodic = before.periodic_territories() & after.periodic_territories()
    return lambda territory, series: headline if series is Series.HEADLINE else territory in periodic


class Comparison:
    """The revisions of one edition, computed and stored batch by batch."""

    def __init__(self, edition_id: int, *, at: datetime, actor: Actor | None = None) -> None:
        self._edition_id, self._at, self._actor = edition_id, at, actor
        self._before_id: int | None = None
        self._left = True
        self._count = 0

    def batches(self) -> Iterator[Batch]:
        """The steps: forget what was computed earlier, compare, write, end.

        Raises ``EditionRefused`` where the edition is not written to its end, or the edition before it changed meanwhile.
        """
        yield Batch(self._begin)
        while self._left:
            yield Batch(self._forget)
        groups: list[list[str]] = []
        yield Batch(lambda: groups.extend(self._open()), writes=False)
        for codes in groups:
            yield Batch(partial(self._diff.compare, codes), rows=len(codes), writes=False)
        found = self._diff.revisions()
        self._count = len(found)
        for start in range(0, len(found), BATCH_ROWS):
            yield Batch(partial(self._write, found[start : start + BATCH_ROWS]))
        yield Batch(self._end)

    def _edition(self) -> Edition:
        edition = db.session.get(Edition, self._edition_id)
        if edition is None or edition.completed_at is None:
            raise EditionRefused(Refusal.INCOMPLETE)
        allow(self._actor, edition)
        lock(edition.barometer)
        return edition

    def _begin(self) -> None:
        edition = self._edition()
        before = editions.predecessor(edition.barometer_id, edition.date)
        self._before_id = before.id if before else None
        edition.compared_with_id, edition.compared_at, edition.new_observation_count = self._before_id, None, None

    def _forget(self) -> None:
        mine = select(FigureRevision.id).where(FigureRevision.edition_id == self._edition_id)
        some = db.session.scalars(mine.limit(BATCH_ROWS)).all()
        db.session.execute(delete(FigureRevision).where(FigureRevision.id.in_(some)), execution_options={"synchronize_session": False})
        self._left = len(some) == BATCH_ROWS

    def _open(self) -> list[list[str]]:
        edition = db.session.get_one(Edition, self._edition_id)
        before = db.session.get_one(Edition, self._before_id) if self._before_id else None
        self._diff = EditionDiff(StoredEdition(before) if before else None, StoredEdition(edition))
        known = db.session.execute(select(Indicator.code, Indicator.id).where(Indicator.barometer_id == edition.barometer_id))
        self._indicator_ids = {row.code: row.id for row in known}
        return list(self._diff.groups())

    def _write(self, found: Sequence[tuple[str, Revision]]) -> None:
        rows = [
            {"edition_id": self._edition_id, "indicator_id": self._indicator_ids[code], **revision._asdict()} for code, revision in found
        ]
        db.session.connection().execute(insert(FigureRevision), rows)

    def _end(self) -> None:
        edition = self._edition()
        before = editions.predecessor(edition.barometer_id, edition.date)
        if edition.compared_with_id != self._before_id or (before.id if before else None) != self._before_id:
            raise EditionRefused(Refusal.PREDECESSOR_CHANGED, before)
        count = select(func.count()).select_from(FigureRevision).where(FigureRevision.edition_id == edition.id)
        if edition.compared_at is not None or db.session.scalar(count) != self._count:
            raise EditionRefused(Refusal.NOT_COMPARED)  # somebody else compares it at this moment
        edition.compared_at = self._at
        edition.new_observation_count = self._diff.new_observations
        events.record(EventVerb.EDITION_COMPARE, edition, after=_text(self._before_id), **traced(self._actor, self._at))
        editions.renew_topics(edition)


def _text(row_id: int | None) -> str | None:
    return None if row_id is None else str(row_id)


KEY = "compare:"


def ask(edition: Edition, *, at: datetime, actor: Actor | None = None) -> None:
    """Have the job process compare a draft again, with the edition that precedes it by now. Raises ``EditionRefused`` for half of one."""
    allow(actor, edition)
    if edition.completed_at is None or edition.status is not EditionStatus.DRAFT:
        raise EditionRefused(Refusal.INCOMPLETE)
    job_runs.plan(f"{KEY}{edition.id}", at=at)
    db.session.info[outbox.QUEUED] = True  # wakes the job process


def is_asked(edition: Edition) -> bool:
    """Whether a draft waits to be compared again, or is being compared at this moment."""
    return job_runs.is_planned(f"{KEY}{edition.id}")


def due() -> Sequence[int]:
    """The ids of the published editions whose revisions are to be computed again, the oldest first."""
    statement = select(Edition.id).where(Edition.status == EditionStatus.PUBLISHED, Edition.compared_at.is_(None))
    return db.session.scalars(statement.order_by(Edition.date, Edition.id)).all()
