"""One edition of a barometer as typed rows: what importers give and what comparisons take. Nothing here knows a database.

Figures are kept as published (``text``) beside their number. Territories are codes with their letter (``domain/territory.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from feedback_app.domain.barometer import EditionFormat, Series, Tendency


class ObservationRow(NamedTuple):
    """A value. ``rate``: how much of the target it reaches, in percent, as published with it (never computed by us)."""

    territory: str
    series: Series
    date: date
    text: str
    number: float
    rate_text: str | None = None
    rate: float | None = None


class TargetRow(NamedTuple):
    """A value to reach; a published target may lack its date."""

    territory: str
    date: date | None
    text: str
    number: float


class BaselineRow(NamedTuple):
    """The initial value, one for each indicator and territory; it may lack its date."""

    territory: str
    date: date | None
    text: str
    number: float


@dataclass(frozen=True)
class ReformRow:
    """A reform and the priority that it serves, as this edition names them."""

    code: str
    name: str
    priority_code: str | None = None
    priority_name: str | None = None


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator as this edition describes it. ``reform``: its code."""

    code: str
    name: str
    reform: str
    unit: str | None = None
    unit_short: str | None = None
    tendency: Tendency | None = None
    description: str | None = None
    theme: str | None = None
    verb: str | None = None


@dataclass
class Figures:
    """The figures of one indicator in one edition."""

    observations: list[ObservationRow] = field(default_factory=list)
    targets: list[TargetRow] = field(default_factory=list)
    baselines: list[BaselineRow] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.observations) + len(self.targets) + len(self.baselines)

    def territories(self) -> set[str]:
        """The codes of the territories that have any figure."""
        rows: list[list[ObservationRow] | list[TargetRow] | list[BaselineRow]] = [self.observations, self.targets, self.baselines]
        return {row.territory for some in rows for row in some}


@dataclass(frozen=True)
class EditionFile:
    """One published edition, read and found correct.

    ``figures`` is keyed by the codes of ``indicators``. ``digest`` names the content, whatever the order of rows, line ends or byte
    order marks. ``warnings``: French sentences about what was accepted all the same.
    """

    format: EditionFormat
    reforms: tuple[ReformRow, ...]
    indicators: tuple[IndicatorRow, ...]
    figures: Mapping[str, Figures]
    digest: str
    warnings: tuple[str, ...] = ()

    def described(self) -> Mapping[str, IndicatorRow]:
        return {row.code: row for row in self.indicators}

    def figures_of(self, codes: Collection[str], other: EditionContent | None = None) -> Mapping[str, Figures]:
        del other  # all of them are at hand
        return {code: self.figures[code] for code in codes}

    def periodic_territories(self) -> set[str]:
        rows = (row for figures in self.figures.values() for row in figures.observations)
        return {row.territory for row in rows if row.series is Series.PERIODIC}


class EditionContent(Protocol):
    """What a comparison reads of an edition, wherever it is: an ``EditionFile``, or one in the database."""

    @property
    def format(self) -> EditionFormat: ...

    def described(self) -> Mapping[str, IndicatorRow]:
        """Its indicators by code, in the order of publication."""

    def figures_of(self, codes: Collection[str], other: EditionContent | None = None) -> Mapping[str, Figures]:
        """The figures of some of its indicators, all of which it has.

        Observations that ``other`` has too, letter by letter, may be left out: a comparison has nothing to say about them.
        """

    def periodic_territories(self) -> set[str]:
        """The territories whose periodic history it holds: a detail file is a full history."""
