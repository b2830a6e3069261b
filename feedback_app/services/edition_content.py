"""The content of an edition that is in the database, in the form in which an importer gives that of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from sqlalchemy import Exists, exists, select

from feedback_app.database import db
from feedback_app.domain.barometer import Series
from feedback_app.domain.figures import BaselineRow, EditionContent, Figures, IndicatorRow, ObservationRow, TargetRow
from feedback_app.models import Baseline, Edition, EditionIndicator, Indicator, Observation, Reform, Target

_ROWS: tuple[tuple[str, Any, Any], ...] = (
    ("observations", Observation.__table__, ObservationRow),
    ("targets", Target.__table__, TargetRow),
    ("baselines", Baseline.__table__, BaselineRow),
)


def _same_in(edition_id: int) -> Exists:
    """Whether another edition has the same observation, letter by letter: one seek in its unique index."""
    mine: Any = Observation.__table__
    theirs = mine.alias()
    same = (theirs.c[name] == mine.c[name] for name in ("indicator_id", "territory", "series", "date", "text"))
    return exists().where(theirs.c.edition_id == edition_id, *same).correlate(mine)


class StoredEdition:
    """See ``domain/figures.py``: ``EditionContent``. Each method is a few statements."""

    def __init__(self, edition: Edition) -> None:
        self.format = edition.format
        self._id = edition.id
        self._codes: dict[int, str] = {}

    def described(self) -> Mapping[str, IndicatorRow]:
        described = EditionIndicator
        statement = (
            select(
                Indicator.id, Indicator.code, described.name, Reform.code.label("reform"), described.unit, described.unit_short,
                described.tendency, described.description, described.theme, described.verb,
            )
            .join(Indicator, Indicator.id == described.indicator_id)
            .join(Reform, Reform.id == described.reform_id)
            .where(described.edition_id == self._id)
            .order_by(described.position)
        )  # fmt: skip
        rows = db.session.execute(statement).all()
        self._codes = {row.id: row.code for row in rows}
        return {row.code: IndicatorRow(*tuple(row)[1:]) for row in rows}

    def figures_of(self, codes: Collection[str], other: EditionContent | None = None) -> Mapping[str, Figures]:
        if not self._codes:
            self.described()
        wanted = [row_id for row_id, code in self._codes.items() if code in codes]
        found = {self._codes[row_id]: Figures() for row_id in wanted}
        for name, table, row_type in _ROWS:
            columns = [table.c[field] for field in row_type._fields]
            statement = select(table.c.indicator_id, *columns).where(table.c.edition_id == self._id, table.c.indicator_id.in_(wanted))
            if name == "observations" and isinstance(other, StoredEdition):
                statement = statement.where(~_same_in(other._id))
            # On the connection, past the ORM: an edition has tens of thousands of rows.
            for row in db.session.connection().execute(statement):
                rows = cast("list[Any]", getattr(found[self._codes[row[0]]], name))
                rows.append(row_type._make(row[1:]))
        return found

    def periodic_territories(self) -> set[str]:
        statement = select(Observation.territory).where(Observation.edition_id == self._id, Observation.series == Series.PERIODIC)
        return set(db.session.scalars(statement.distinct()))
