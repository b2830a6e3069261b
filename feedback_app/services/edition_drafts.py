"""A draft edition, written batch by batch. Pages never look at a draft, so that half of one shows nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import delete, exists, func, insert, select

from feedback_app.database import Batch, db
from feedback_app.domain.barometer import EditionStatus, Refusal
from feedback_app.domain.figures import EditionFile, Figures
from feedback_app.domain.policy import Actor
from feedback_app.domain.text import fold
from feedback_app.domain.trace import EventVerb
from feedback_app.models import (
    Barometer,
    Edition,
    EditionIndicator,
    EditionReform,
    FigureRevision,
    Indicator,
    Reform,
)
from feedback_app.services import editions, events
from feedback_app.services.barometers import allow, traced
from feedback_app.services.editions import EditionRefused
from feedback_app.services.locking import lock

BATCH_ROWS = 2000
INDICATORS_CLEARED = 8
Params = list[dict[str, Any]]
_COMMON = ("edition_id", "indicator_id", "territory", "date", "text", "number")
FIGURES = {
    "observation": ("edition_id", "indicator_id", "territory", "series", "date", "text", "number", "rate_text", "rate"),
    "target": _COMMON,
    "baseline": _COMMON,
}


class DraftReplaced(Exception):
    """Somebody else imports the same date, and their draft has taken the place of this one."""


def same_content(barometer: Barometer, on: date, file: EditionFile) -> Edition | None:
    """What an import on this date would meet: the published edition with this very content (nothing to do), or None (go on).

    Raises ``EditionRefused`` when the date is taken by another content, or lies before the newest published edition.
    """
    same = editions.published_on(barometer, on)
    if same is not None and same.digest == file.digest:
        return same
    editions.expect_free(barometer, on)
    return None


class DraftImport:
    """One import under way. ``edition_id`` is known once the draft has begun."""

    def __init__(self, barometer_id: int, on: date, file: EditionFile, *, at: datetime, actor: Actor | None = None) -> None:
        self._barometer_id, self._on, self._file, self._at, self._actor = barometer_id, on, file, at, actor
        self._to_clear: list[int] = []
        self._indicator_ids: dict[str, int] = {}
        self.edition_id = 0

    def batches(self) -> Iterator[Batch]:
        """The steps, each in a transaction of its own: make room, begin, write the figures, end.

        Raises ``EditionRefused`` (see ``same_content``), ``DraftReplaced`` or ``IntegrityError`` (two imports of one date).
        """
        yield Batch(self._make_room)
        while self._to_clear:
            yield Batch(self._clear)
        yield Batch(self._begin)
        for figures in _groups(self._file.figures):
            tables = self._rows(figures)
            yield Batch(partial(self._write, tables), rows=sum(map(len, tables.values())))
        yield Batch(self._end)

    def _barometer(self) -> Barometer:
        barometer = db.session.get_one(Barometer, self._barometer_id)
        allow(self._actor, barometer)
        lock(barometer)
        return barometer

    def _make_room(self) -> None:
        """An earlier draft of the date goes away, in pieces: from here on it cannot be published any more."""
        barometer = self._barometer()
        if same_content(barometer, self._on, self._file) is not None:
            raise EditionRefused(Refusal.OTHER_CONTENT)
        earlier = db.session.scalars(
            select(Edition).where(Edition.barometer_id == barometer.id, Edition.date == self._on, Edition.status == EditionStatus.DRAFT)
        ).all()
        for edition in earlier:
            edition.completed_at = edition.compared_at = None
        self._to_clear = [edition.id for edition in earlier]

    def _clear(self) -> None:
        """Drop some indicators of an earlier draft with their figures, in the end the draft itself."""
        if clear_some(self._to_clear[0], self._barometer_id):
            self._to_clear.pop(0)

    def _begin(self) -> None:
        """Create the edition, with its reforms and indicators as it describes them."""
        barometer = self._barometer()
        same_date = (Edition.barometer_id == barometer.id, Edition.date == self._on)
        file, figures = self._file, self._file.figures.values()
        edition = Edition(
            barometer=barometer,
            date=self._on,
            number=(db.session.scalar(select(func.max(Edition.number)).where(*same_date)) or 0) + 1,
            format=file.format,
            status=EditionStatus.DRAFT,
            digest=file.digest,
            warnings=list(file.warnings),
            indicator_count=len(file.indicators),
            territory_count=len(set().union(*(some.territories() for some in figures))),
            observation_count=sum(len(some.observations) for some in figures),
            target_count=sum(len(some.targets) for some in figures),
            baseline_count=sum(len(some.baselines) for some in figures),
            created_at=self._at,
        )
        db.session.add(edition)
        db.session.flush()
        self.edition_id = edition.id
        self._describe(edition)
        events.record(EventVerb.EDITION_DRAFT, edition, after=edition.status.value, **traced(self._actor, self._at))

    def _describe(self, edition: Edition) -> None:
        reforms = self._known(Reform, {row.code: {"name": row.name} for row in self._file.reforms})
        self._indicator_ids = self._known(Indicator, {row.code: {"reform_id": reforms[row.reform]} for row in self._file.indicators})
        _insert(
            EditionReform,
            [
                {
                    "edition_id": edition.id,
                    "reform_id": reforms[row.code],
                    "position": position,
                    "name": row.name,
                    "priority_code": row.priority_code,
                    "priority_name": row.priority_name,
                }
                for position, row in enumerate(self._file.reforms, start=1)
            ],
        )
        _insert(
            EditionIndicator,
            [
                {
                    "edition_id": edition.id,
                    "indicator_id": self._indicator_ids[row.code],
                    "reform_id": reforms[row.reform],
                    "position": position,
                    "name": row.name,
                    "name_folded": fold(row.name),
                    "unit": row.unit,
                    "unit_short": row.unit_short,
                    "tendency": row.tendency,
                    "description": row.description,
                    "theme": row.theme,
                    "verb": row.verb,
                }
                for position, row in enumerate(self._file.indicators, start=1)
            ],
        )

    def _known(self, model: type[Reform] | type[Indicator], wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
        """The ids of these codes in the barometer; those that are new are created."""

        def ids() -> dict[str, int]:
            found = db.session.execute(select(model.code, model.id).where(model.barometer_id == self._barometer_id))
            return {row.code: row.id for row in found}

        known = ids()
        missing = [{"barometer_id": self._barometer_id, "code": code, **more} for code, more in wanted.items() if code not in known]
        if not missing:
            return known
        _insert(model, missing)
        return ids()

    def _rows(self, figures: Mapping[str, Figures]) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of some indicators as the driver takes them, prepared while nobody waits."""
        observations, targets, baselines = (list[tuple[Any, ...]]() for _table in FIGURES)
        edition, day = self.edition_id, _Days()
        for code, some in figures.items():
            indicator = self._indicator_ids[code]
            observations += [
                (edition, indicator, zone, series._value_, day[on], text, number, rate_text, rate)
                for zone, series, on, text, number, rate_text, rate in some.observations
            ]
            targets += [(edition, indicator, zone, day[on], text, number) for zone, on, text, number in some.targets]
            baselines += [(edition, indicator, zone, day[on], text, number) for zone, on, text, number in some.baselines]
        return dict(zip(FIGURES, (observations, targets, baselines), strict=True))

    def _write(self, tables: Mapping[str, list[tuple[Any, ...]]]) -> None:
        for table, rows in tables.items():
            _insert_plain(table, FIGURES[table], rows)

    def _end(self) -> None:
        edition = db.session.get(Edition, self.edition_id)
        if edition is None:
            raise DraftReplaced
        edition.completed_at = self._at


class DraftRemoval:
    """The deletion of a draft that was given up, in pieces. What is no longer there, or not given up, is left alone."""

    def __init__(self, edition_id: int) -> None:
        self._edition_id, self._is_gone = edition_id, False

    def batches(self) -> Iterator[Batch]:
        """The steps."""
        while not self._is_gone:
            yield Batch(self._clear)

    def _clear(self) -> None:
        edition = db.session.get(Edition, self._edition_id)
        if edition is None or edition.status is not EditionStatus.DISCARDED:
            self._is_gone = True
            return
        lock(edition.barometer)
        self._is_gone = clear_some(edition.id, edition.barometer_id)


def discarded() -> Sequence[int]:
    """The ids of the drafts that were given up and are to be deleted."""
    return db.session.scalars(select(Edition.id).where(Edition.status == EditionStatus.DISCARDED).order_by(Edition.id)).all()


def clear_some(edition_id: int, barometer_id: int) -> bool:
    """Drop some indicators of a draft with their figures, in the end the draft itself. Returns whether it is gone."""
    of_draft = select(EditionIndicator.id).where(EditionIndicator.edition_id == edition_id).order_by(EditionIndicator.id)
    some = db.session.scalars(of_draft.limit(INDICATORS_CLEARED)).all()
    if some:
        db.session.execute(delete(EditionIndicator).where(EditionIndicator.id.in_(some)))
        return False
    for model in (FigureRevision, EditionReform):
        db.session.execute(delete(model).where(model.edition_id == edition_id))
    unpublished = Edition.status.in_((EditionStatus.DRAFT, EditionStatus.DISCARDED))
    db.session.execute(delete(Edition).where(Edition.id == edition_id, unpublished), execution_options={"synchronize_session": False})
    _forget_orphans(barometer_id)
    return True


def _forget_orphans(barometer_id: int) -> None:
    """What only the cleared draft named: nobody has seen it, and its name would be in the way."""
    described = exists().where(EditionIndicator.indicator_id == Indicator.id)
    compared = exists().where(FigureRevision.indicator_id == Indicator.id)
    mine = Indicator.barometer_id == barometer_id
    db.session.execute(
        delete(Indicator).where(mine, Indicator.topic_id.is_(None), ~described, ~compared),
        execution_options={"synchronize_session": False},
    )


def _groups(figures: Mapping[str, Figures]) -> Iterator[dict[str, Figures]]:
    """The indicators a few at a time: as many as make a batch, an indicator with very many figures in several pieces."""
    group: dict[str, Figures] = {}
    for code, some in figures.items():
        for piece in _pieces(some):
            if group and (code in group or sum(map(len, group.values())) + len(piece) > BATCH_ROWS):
                yield group
                group = {}
            group[code] = piece
    if group:
        yield group


def _pieces(figures: Figures) -> Iterator[Figures]:
    if len(figures) <= BATCH_ROWS:
        yield figures
        return
    for name in ("observations", "targets", "baselines"):
        rows: Sequence[Any] = getattr(figures, name)
        for start in range(0, len(rows), BATCH_ROWS):
            yield Figures(**{name: list(rows[start : start + BATCH_ROWS])})


class _Days(dict[date | None, str | None]):
    """Days as both databases read them. An edition has about a hundred, each thousands of times."""

    def __missing__(self, on: date | None) -> str | None:
        self[on] = written = on.isoformat() if on else None
        return written


def _insert_plain(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows handed to the driver as they are: for tens of thousands of them, SQLAlchemy's own way costs more than the database."""
    if not rows:
        return
    connection = db.session.connection()
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608 (names from above)
    connection.exec_driver_sql(statement, list(rows))


def _insert(model: Any, rows: Params) -> None:
    """Plain rows in one go, past the ORM."""
    if rows:
        db.session.connection().execute(insert(model.__table__), rows)
