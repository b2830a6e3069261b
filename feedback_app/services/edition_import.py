"""One import from files to a draft that waits to be published, or a dry run that only says what it would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from feedback_app.database import Batch, db
from feedback_app.domain.figures import EditionFile
from feedback_app.domain.policy import Actor
from feedback_app.models import Barometer, Edition
from feedback_app.services import edition_checks, editions
from feedback_app.services.edition_checks import Summary
from feedback_app.services.edition_comparison import Comparison, EditionDiff
from feedback_app.services.edition_content import StoredEdition
from feedback_app.services.edition_drafts import DraftImport, same_content


class EditionImport:
    """Write the draft, then compute its revisions. The same content as the published edition of the date writes nothing.

    After the batches: ``edition_id`` (the draft, or the published edition that is the same), ``unchanged``, ``summary``.
    """

    def __init__(self, barometer_id: int, on: date, file: EditionFile, *, at: datetime, actor: Actor | None = None) -> None:
        self._barometer_id, self._on, self._file, self._at, self._actor = barometer_id, on, file, at, actor
        self.edition_id = 0
        self.unchanged = False
        self.summary: Summary | None = None

    def batches(self) -> Iterator[Batch]:
        """The steps. Raises what those of ``DraftImport`` and ``Comparison`` raise."""
        yield Batch(self._look, writes=False)
        if self.unchanged:
            return
        draft = DraftImport(self._barometer_id, self._on, self._file, at=self._at, actor=self._actor)
        yield from draft.batches()
        self.edition_id = draft.edition_id
        yield from Comparison(self.edition_id, at=self._at, actor=self._actor).batches()
        yield Batch(self._sum_up, writes=False)

    def _look(self) -> None:
        same = same_content(db.session.get_one(Barometer, self._barometer_id), self._on, self._file)
        if same is not None:
            self.edition_id, self.unchanged, self.summary = same.id, True, edition_checks.summary(same)

    def _sum_up(self) -> None:
        self.summary = edition_checks.summary(db.session.get_one(Edition, self.edition_id))


class EditionPreview:
    """What ``EditionImport`` would do, from reading alone: nothing is written, and nobody waits."""

    def __init__(self, barometer_id: int, on: date, file: EditionFile) -> None:
        self._barometer_id, self._on, self._file = barometer_id, on, file
        self.unchanged = False
        self.summary: Summary | None = None
        self._compared_with: date | None = None

    def batches(self) -> Iterator[Batch]:
        """The steps. Raises ``EditionRefused`` as the import would."""
        groups: list[list[str]] = []
        yield Batch(lambda: groups.extend(self._open()), writes=False)
        if self.unchanged:
            return
        for codes in groups:
            yield Batch(partial(self._diff.compare, codes), rows=len(codes), writes=False)
        counts = Counter((revision.kind, revision.size) for _code, revision in self._diff.revisions())
        figures = self._file.figures.values()
        self.summary = Summary(
            len(self._file.indicators),
            len(set().union(*(some.territories() for some in figures))),
            sum(len(some.observations) for some in figures),
            sum(len(some.targets) for some in figures),
            sum(len(some.baselines) for some in figures),
            self._diff.new_observations,
            self._compared_with,
            edition_checks.by_kind(counts),
        )

    def _open(self) -> list[list[str]]:
        barometer = db.session.get_one(Barometer, self._barometer_id)
        same = same_content(barometer, self._on, self._file)
        if same is not None:
            self.unchanged, self.summary = True, edition_checks.summary(same)
            return []
        before = editions.predecessor(barometer.id, self._on)
        self._compared_with = before.date if before else None
        self._diff = EditionDiff(StoredEdition(before) if before else None, self._file)
        return list(self._diff.groups())
