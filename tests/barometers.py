"""Editions in a few words, for tests: what an importer would have read from files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from feedback_app.domain.barometer import EditionFormat, Series, Tendency
from feedback_app.domain.figures import BaselineRow, EditionFile, Figures, IndicatorRow, ObservationRow, ReformRow, TargetRow

# Figures by territory, then by date: {"FRANCE": {"2025-12-31": "12.5"}}; an empty date is none.
Dated = Mapping[str, Mapping[str, str]]
REFORM = ReformRow("CH-001", "Ouvrir les guichets", "PROGRES", "Refonder les services publics")


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def indicator(
    code: str = "IND-001",
    values: Dated | None = None,
    *,
    periodic: Dated | None = None,
    rates: Dated | None = None,
    targets: Dated | None = None,
    baselines: Dated | None = None,
    name: str | None = None,
    unit: str | None = "guichets",
    tendency: Tendency | None = Tendency.UP,
    reform: str = REFORM.code,
) -> tuple[IndicatorRow, Figures]:
    """An indicator and its figures. ``rates``: achievement rates of the values at the same places and dates."""
    rates = rates or {}

    def observations(dated: Dated | None, series: Series) -> list[ObservationRow]:
        rows = []
        for territory, on, text in _flat(dated):
            rate = rates.get(territory, {}).get(on) if series is Series.HEADLINE else None
            rows.append(ObservationRow(territory, series, date.fromisoformat(on), text, float(text), rate, float(rate) if rate else None))
        return rows

    figures = Figures(
        observations=observations(values, Series.HEADLINE) + observations(periodic, Series.PERIODIC),
        targets=[TargetRow(territory, day(on), text, float(text)) for territory, on, text in _flat(targets)],
        baselines=[BaselineRow(territory, day(on), text, float(text)) for territory, on, text in _flat(baselines)],
    )
    return IndicatorRow(code, name or f"Indicateur {code}", reform, unit=unit, tendency=tendency), figures


def _flat(dated: Dated | None) -> list[tuple[str, str, str]]:
    return [(territory, on, text) for territory, by_date in (dated or {}).items() for on, text in by_date.items()]


def edition_file(
    *indicators: tuple[IndicatorRow, Figures],
    reforms: tuple[ReformRow, ...] = (REFORM,),
    format: EditionFormat = EditionFormat.INDICATOR_FILES,  # noqa: A002 (the field is called that)
) -> EditionFile:
    """What an importer would have read. The digest is as good as the importers': another content has another one."""
    found = indicators or (
        indicator(
            values={"FRANCE": {"2025-06-30": "10.0", "2025-12-31": "12.5"}, "D69": {"2025-12-31": "7.0"}},
            rates={"FRANCE": {"2025-12-31": "25.0"}},
            targets={"FRANCE": {"2027-12-31": "20.0"}, "D69": {"2027-12-31": "9.0"}},
            baselines={"FRANCE": {"2022-12-31": "10.0"}},
        ),
    )
    rows = tuple(row for row, _figures in found)
    known = {reform.code for reform in reforms}
    more = tuple(
        replace(REFORM, code=code, name=f"Réforme {code}") for code in dict.fromkeys(row.reform for row in rows) if code not in known
    )
    figures = {row.code: figures for row, figures in found}
    return EditionFile(format, reforms + more, rows, figures, digest=str(hash(repr((reforms, found)))))


def before_revision() -> EditionFile:
    """An edition that ``after_revision`` changes in every way: France and the Rhône, three indicators."""
    return edition_file(
        indicator(
            values={"FRANCE": {"2024-12-31": "8.5", "2025-03-31": "9.25"}, "D69": {"2024-12-31": "7.0"}},
            targets={"FRANCE": {"2026-12-31": "19.0"}, "D69": {"2026-12-31": "9.0"}, "R84": {"2026-12-31": "30"}},
            baselines={"FRANCE": {"2022-12-31": "6.5"}, "R84": {"2022-12-31": "5"}},
            unit="% des guichets",
        ),
        indicator("IND-002", {"FRANCE": {"2024-12-31": "100.14"}}, name="Délai de réponse", unit="jours", tendency=Tendency.DOWN),
        indicator("IND-003", {"FRANCE": {"2024-12-31": "5"}}, targets={"FRANCE": {"2026-12-31": "6"}}, name="Guichets mobiles"),
    )


def after_revision() -> EditionFile:
    return edition_file(
        indicator(
            values={
                "FRANCE": {"2024-12-31": "8.0", "2025-03-31": "9.25", "2025-09-30": "9.75"},
                "D69": {"2024-12-31": "7.0", "2025-09-30": "7.5"},
            },
            rates={"FRANCE": {"2025-09-30": "41.05"}},
            targets={"FRANCE": {"2026-12-31": "11.0"}, "D69": {"2027-12-31": "12.0"}, "D01": {"2027-12-31": "12.0"}},
            baselines={"FRANCE": {"2022-12-31": "6.0"}, "D69": {"2022-12-31": "4"}},
            unit="% des guichets ouverts",
            tendency=Tendency.UP,
        ),
        indicator("IND-002", {"FRANCE": {"2024-12-31": "100.1"}}, name="Délai moyen de réponse", unit="jours", tendency=Tendency.UP),
        indicator("IND-004", {"FRANCE": {"2025-09-30": "1234567.891"}}, name="Appels reçus", unit=None, tendency=None),
    )
