"""Cells of the barometer's files, and the figures of an indicator put together from them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from feedback_app.domain.barometer import Series
from feedback_app.domain.figures import BaselineRow, Figures, ObservationRow, TargetRow
from feedback_app.importers.csv_table import Findings

NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
NOT_A_NUMBER = "un nombre est attendu (chiffres, point décimal)"
NOT_A_DATE = "une date est attendue (AAAA-MM-JJ)"
FIRST_YEAR, LAST_YEAR = 1900, 2200

Place = tuple[str, int]
Row = TypeVar("Row", ObservationRow, TargetRow, BaselineRow)


class Cells:
    """Reads cells and remembers dates: an edition has a hundred of them, each thousands of times."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._dates: dict[str, date | None] = {"": None}
        self.ignored: dict[tuple[str, str], list[int]] = {}

    def number(self, cell: str, place: Place, column: str) -> tuple[str, float] | None:
        """The published text and its number; None for an empty cell, and for one that is no number (a problem then)."""
        text = cell.strip()
        if not text:
            return None
        if NUMBER.fullmatch(text):
            number = float(text)
            if math.isfinite(number):
                return text, number
        self._findings.problem(place[0], NOT_A_NUMBER, cell, line=place[1], column=column)
        return None

    def day(self, cell: str, place: Place, column: str) -> date | None:
        """The date; None for an empty cell, and for one that is no date between 1900 and 2200 (a problem then)."""
        try:
            return self._dates[cell]
        except KeyError:
            pass
        text = cell.strip()
        found = _date(text)
        if found is None and text:
            self._findings.problem(place[0], NOT_A_DATE, cell, line=place[1], column=column)
            return None
        self._dates[cell] = found
        return found

    def ignore(self, file: str, what: str, line: int) -> None:
        """Count something left aside: one warning a file says how often and where first."""
        self.ignored.setdefault((file, what), []).append(line)

    def warn_of_ignored(self) -> None:
        for (file, what), lines in self.ignored.items():
            self._findings.warn(f"{file} : {what}, laissé de côté sur {len(lines)} ligne(s), d’abord ligne {lines[0]}")


def _date(text: str) -> date | None:
    if len(text) != 10 or text[4] != "-" or not text.isascii():
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


class Sheet:
    """The figures of one indicator. The same key twice is accepted where it says the same, with a warning; else it is a problem."""

    def __init__(self, code: str, findings: Findings) -> None:
        self.code = code
        self._findings = findings
        self._observations: dict[tuple[str, Series, date], tuple[ObservationRow, Place]] = {}
        self._targets: dict[tuple[str, date | None], tuple[TargetRow, Place]] = {}
        self._baselines: dict[str, tuple[BaselineRow, Place]] = {}

    def observe(self, row: ObservationRow, place: Place, column: str) -> None:
        key = row[:3]
        known = self._observations.setdefault(key, (row, place))
        if known[0] is not row:
            self._observations[key] = self._again(known, row, place, column, _rates_agree), known[1]

    def aim(self, row: TargetRow, place: Place, column: str) -> None:
        known = self._targets.setdefault(row[:2], (row, place))
        if known[0] is not row:
            self._again(known, row, place, column, lambda _one, _other: True)

    def begin(self, row: BaselineRow, place: Place, column: str) -> None:
        known = self._baselines.setdefault(row.territory, (row, place))
        if known[0] is not row:
            self._again(known, row, place, column, lambda one, other: one.date == other.date)

    def _again(self, known: tuple[Row, Place], row: Row, place: Place, column: str, agree: Callable[[Row, Row], bool]) -> Row:
        """Which of two rows for one key stays."""
        first, (file, line) = known
        if first.number == row.number and agree(first, row):
            self._findings.warn(f"{place[0]} : l’indicateur {self.code} a plusieurs lignes pour la même valeur, qui disent la même chose")
            return _with_rate(first, row)
        message = f"autre chiffre que celui de {file}, ligne {line} ({first.text}), pour le même indicateur, territoire et la même date"
        self._findings.problem(place[0], message, row.text, line=place[1], column=column)
        return first

    def figures(self) -> Figures:
        return Figures(
            [row for row, _place in self._observations.values()],
            [row for row, _place in self._targets.values()],
            [row for row, _place in self._baselines.values()],
        )


def _rates_agree(one: ObservationRow, other: ObservationRow) -> bool:
    return one.rate is None or other.rate is None or one.rate == other.rate


def _with_rate(first: Row, row: Row) -> Row:
    if isinstance(first, ObservationRow) and isinstance(row, ObservationRow) and first.rate is None:
        return first._replace(rate_text=row.rate_text, rate=row.rate)
    return first
