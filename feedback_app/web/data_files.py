"""Files of open data: what each column says stands beside what writes it, and the page that describes the files reads it from here.

The names of the columns are part of the files, so they are the same in every language; what is said of them is translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Response, make_response
from flask_babel import lazy_gettext as _l

from feedback_app.domain.csv_file import csv_text
from feedback_app.web.labels import LABELS

Values = Sequence[tuple[str, Any]]
# How a cell is written, and in which unit.
TEXT, CODE, DAY = _l("texte"), _l("code"), _l("date (AAAA-MM-JJ)")
MOMENT, ADDRESS = _l("date et heure, avec le fuseau horaire (ISO\u00a08601)"), _l("adresse d’une page")
PERCENT, WORKING_DAYS = _l("pour cent, nombre entier"), _l("jours ouvrés, nombre entier")
YES_OR_NO: Values = (("oui", _l("oui")), ("non", _l("non")))


def values_of(members: type[StrEnum]) -> Values:
    """The words of an enumeration as files write them, and as pages say them."""
    return [(member.value, LABELS[members][member]) for member in members]


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, what it says, how a cell is written, and the only values that it takes if they are few."""

    name: str
    meaning: Any
    form: Any = TEXT
    values: Values = ()


@dataclass(frozen=True)
class DataFile:
    """One kind of file. ``anchor``: its place on the page that describes it; ``line``: what a line is; ``refreshed``: when it changes."""

    anchor: str
    title: Any
    line: Any
    refreshed: Any
    columns: tuple[Column, ...]

    def answer(self, rows: Iterable[Sequence[object]], *, name: str) -> Response:
        """The file itself. Each row has a cell for each column, in their order."""
        answer = make_response(csv_text([column.name for column in self.columns], rows))
        answer.mimetype = "text/csv"
        answer.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
        return answer
