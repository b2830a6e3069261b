"""A name for the content of an edition: the same for the same rows, whatever their order, line ends or byte order marks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import astuple

from feedback_app.domain.barometer import EditionFormat
from feedback_app.domain.figures import Figures, IndicatorRow, ReformRow

VERSION = "1"


def digest(
    format: EditionFormat,  # noqa: A002 (the edition's field is called that)
    reforms: Iterable[ReformRow],
    indicators: Iterable[IndicatorRow],
    figures: Mapping[str, Figures],
) -> str:
    """SHA-256 of the content in a canonical order. Not a secret, and not comparable between versions of this function."""
    found = hashlib.sha256(f"{VERSION}|{format.value}".encode())
    for row in sorted([repr(astuple(row)) for row in reforms] + [repr(astuple(row)) for row in indicators]):
        found.update(row.encode())
    for code in sorted(figures):
        some = figures[code]
        lines = [f"o|{row[0]}|{row[1]}|{row[2]}|{row[3]}|{row[5]}" for row in some.observations]
        lines += [f"t|{row[0]}|{row[1]}|{row[2]}" for row in some.targets]
        lines += [f"b|{row[0]}|{row[1]}|{row[2]}" for row in some.baselines]
        lines.sort()
        found.update(f"\n{code}\n".encode() + "\n".join(lines).encode())
    return found.hexdigest()
