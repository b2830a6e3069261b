"""The format of 2021 to 2023: syntheses by level (headline figures) and details (the history of each period)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from feedback_app.domain import territory
from feedback_app.domain.barometer import EditionFormat, Series
from feedback_app.domain.figures import BaselineRow, EditionFile, IndicatorRow, ObservationRow, ReformRow, TargetRow
from feedback_app.domain.territory import Territory
from feedback_app.domain.text import clean_name, fold
from feedback_app.importers.barometer_cells import Cells, Sheet
from feedback_app.importers.csv_table import Findings, Table, read_table
from feedback_app.importers.edition_digest import digest

PREFIX = "barometre-resultats-"
SYNTHESES = {f"{PREFIX}synthese-{level}.csv": level for level in ("national", "regional", "departemental")}
DETAIL = re.compile(rf"{PREFIX}detail-(national|regional|departemental|region-[0-9]{{2}}|departement-[0-9AB]{{2,3}})\.csv")
COMMON = ("mesure", "indicateur", "id_indicateur", "unite")
VALUES = ("valeur_actuelle", "date_valeur_actuelle", "valeur_initiale", "date_valeur_initiale", "cible", "date_cible")
RATE = "pourcentage_cible"
# Derived from the others, or an earlier value once more: no observation of this edition.
LEFT_OUT = (
    "progression",
    "pourcentage_progression",
    "progression_derniere_maj",
    "pourcentage_progression_derniere_maj",
    "progression_derniere_maj_date",
    "libelle_region",
    "libelle_departement",
)
LONGEST_CODE = 80


def _country(cell: str) -> Territory | None:
    return territory.TERRITORIES[territory.FRANCE] if cell == "national" else None


# The column decides the letter: 84 is R84 in a column of regions and D84 in one of départements.
PLACES: dict[str, tuple[str, Callable[[str], Territory | None], str]] = {
    "national": ("maille_geographique", _country, "« national » est attendu"),
    "region": ("code_region", territory.region, "le code d’une des 18 régions est attendu (84, 01…)"),
    "departement": ("code_departement", territory.department, "le code d’un des 101 départements est attendu (01, 2A, 974…)"),
}

Files = Mapping[str, tuple[str, bytes]]


def is_mine(name: str) -> bool:
    """Whether a file of this name belongs to the format."""
    return name in SYNTHESES or DETAIL.fullmatch(name) is not None


def read(files: Files, findings: Findings) -> EditionFile | None:
    """The edition in these files (path and bytes by file name); None where the findings hold problems."""
    for name in SYNTHESES:
        if name not in files:
            findings.problem(name, "ce fichier est attendu et manque")
    findings.refuse_if_any()
    reader = _Reader(findings)
    for name in SYNTHESES:
        reader.synthesis(*files[name], _level(name))
    for name in files:
        if name not in SYNTHESES:
            reader.detail(*files[name], _level(name))
    reader.finish()
    if findings.count:
        return None
    indicators, reforms = tuple(reader.indicators.values()), tuple(reader.reforms.values())
    figures = {code: sheet.figures() for code, sheet in reader.sheets.items()}
    name = digest(EditionFormat.SYNTHESIS, reforms, indicators, figures)
    return EditionFile(EditionFormat.SYNTHESIS, reforms, indicators, figures, name, findings.warnings())


def _level(name: str) -> str:
    return "national" if "-national" in name else "region" if "-region" in name else "departement"


def reform_code(name: str) -> str:
    """A code for a reform that was published without one, from its name: ``devoirs-faits-au-college``."""
    slug = re.sub("[^a-z0-9]+", "-", fold(name)).strip("-")
    if len(slug) <= LONGEST_CODE:
        return slug
    return f"{slug[: LONGEST_CODE - 9].rstrip('-')}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"


@dataclass
class _Reader:
    findings: Findings
    sheets: dict[str, Sheet] = field(default_factory=dict)
    indicators: dict[str, IndicatorRow] = field(default_factory=dict)
    reforms: dict[str, ReformRow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._cells = Cells(self.findings)
        self._described: set[tuple[str, str, str, str]] = set()

    def synthesis(self, file: str, data: bytes, level: str) -> None:
        """One row for each indicator and territory: newest value, initial value, target."""
        column, find, expected = PLACES[level]
        table = read_table(file, data, (*COMMON, column, *VALUES), (RATE, *LEFT_OUT), self.findings)
        if table is None:
            return
        zone_at, rate_at = table.columns[column], table.columns.get(RATE)
        values_at = [table.columns[name] for name in VALUES]
        for line, row in table.rows():
            place = table.file, line
            sheet = self._sheet(table, row, line)
            zone = find(row[zone_at].strip())
            if zone is None:
                self.findings.problem(file, expected, row[zone_at], line=line, column=column)
            if sheet is None or zone is None:
                continue
            self._headline(sheet, zone.code, [row[at] for at in values_at], "" if rate_at is None else row[rate_at], place)

    def _headline(self, sheet: Sheet, zone: str, cells: list[str], rate_cell: str, place: tuple[str, int]) -> None:
        value, initial, target = (self._cells.number(cells[at], place, VALUES[at]) for at in (0, 2, 4))
        on, initial_on, target_on = (self._cells.day(cells[at], place, VALUES[at]) for at in (1, 3, 5))
        rate = self._cells.number(rate_cell, place, RATE)
        if value and on:
            rated = rate or (None, None)
            sheet.observe(ObservationRow(zone, Series.HEADLINE, on, *value, *rated), place, "valeur_actuelle")
        elif value and not cells[1].strip():
            self._cells.ignore(place[0], "valeur sans date", place[1])
        if target:
            sheet.aim(TargetRow(zone, target_on, *target), place, "cible")
        if initial:
            sheet.begin(BaselineRow(zone, initial_on, *initial), place, "valeur_initiale")

    def detail(self, file: str, data: bytes, level: str) -> None:
        """The history: one row for each indicator, territory and date, in a series of its own."""
        column, find, expected = PLACES[level]
        table = read_table(file, data, (*COMMON, column, "date", "valeur"), LEFT_OUT, self.findings)
        if table is None:
            return
        code_at, zone_at, date_at, value_at = (table.columns[name] for name in ("id_indicateur", column, "date", "valeur"))
        for line, row in table.rows():
            place = table.file, line
            sheet = self.sheets.get(row[code_at].strip())
            zone = find(row[zone_at].strip())
            if sheet is None:
                self.findings.problem(file, "cet indicateur n’est dans aucune synthèse", row[code_at], line=line, column="id_indicateur")
            if zone is None:
                self.findings.problem(file, expected, row[zone_at], line=line, column=column)
            on, value = self._cells.day(row[date_at], place, "date"), self._cells.number(row[value_at], place, "valeur")
            if value and not row[date_at].strip():
                self._cells.ignore(file, "valeur sans date", line)
            if sheet and zone and value and on:
                sheet.observe(ObservationRow(zone.code, Series.PERIODIC, on, *value), place, "valeur")

    def _sheet(self, table: Table, row: list[str], line: int) -> Sheet | None:
        """The sheet of the row's indicator, which the first row that names it describes."""
        code, name, reform, unit = (row[table.columns[column]].strip() for column in ("id_indicateur", "indicateur", "mesure", "unite"))
        if (code, name, reform, unit) in self._described:
            return self.sheets[code]
        described = IndicatorRow(code, clean_name(name), reform_code(reform), unit=clean_name(unit) or None)
        if not code or not described.name or not described.reform:
            message = "un code, un nom d’indicateur et une mesure sont attendus"
            self.findings.problem(table.file, message, f"{code},{name},{reform}", line=line, column="id_indicateur")
            return None
        self._described.add((code, name, reform, unit))
        known = self.indicators.setdefault(code, described)
        self.reforms.setdefault(described.reform, ReformRow(described.reform, clean_name(reform)))
        if known != described:
            message = f"l’indicateur {code} porte plusieurs noms, mesures ou unités : « {known.name} » ({known.unit}) est retenu"
            self.findings.warn(f"{table.file} : {message}")
        return self.sheets.setdefault(code, Sheet(code, self.findings))

    def finish(self) -> None:
        """Warn about what was left aside."""
        self._cells.warn_of_ignored()
