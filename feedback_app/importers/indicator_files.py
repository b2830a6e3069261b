"""The format of 2024: ``data/ind-NNN.csv`` with the figures, ``metadata/`` with names, ``config-viz.yml`` with units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feedback_app.domain.barometer import EditionFormat, Series, Tendency
from feedback_app.domain.figures import BaselineRow, EditionFile, IndicatorRow, ObservationRow, ReformRow, TargetRow
from feedback_app.domain.territory import TERRITORIES, Territory, TerritoryKind
from feedback_app.domain.text import clean_name, clean_typed
from feedback_app.importers.barometer_cells import Cells, Sheet
from feedback_app.importers.csv_table import Findings, Table, decoded, read_table
from feedback_app.importers.edition_digest import digest

INDICATORS, REFORMS, PRIORITIES, UNITS = "meta_indicateurs.csv", "meta_chantiers.csv", "meta_engagement.csv", "config-viz.yml"
NEEDED = (INDICATORS, REFORMS, PRIORITIES, UNITS)
DATA = re.compile(r"ind-[0-9]{1,6}\.csv")
FIGURES = ("indic_id", "enforce_zone_id", "metric_enforce_date", "maille", "indic_vi", "indic_va", "indic_vc", "indic_ta")
LEVELS = {TerritoryKind.COUNTRY: "NAT", TerritoryKind.REGION: "REG", TerritoryKind.DEPARTMENT: "DEPT"}
ZONE = "un territoire est attendu : FRANCE, une région (R84) ou un département (D69, D2A, D974), toujours avec sa lettre"
TENDENCIES = {"hausse": Tendency.UP, "baisse": Tendency.DOWN}
NO_PRIORITY = "0"
MAX_UNITS = 5_000_000

Files = Mapping[str, tuple[str, bytes]]


def is_mine(name: str) -> bool:
    """Whether a file of this name belongs to the format."""
    return name in NEEDED or DATA.fullmatch(name) is not None


def read(files: Files, findings: Findings) -> EditionFile | None:
    """The edition in these files (path and bytes by file name); None, or something unfinished, where the findings hold problems."""
    for name in NEEDED:
        if name not in files:
            findings.problem(name, "ce fichier est attendu et manque")
    data = [name for name in files if DATA.fullmatch(name)]
    if not data:
        findings.problem("data/ind-….csv", "aucun fichier de chiffres n’a été trouvé")
    findings.refuse_if_any()
    units = _Units(findings, *files[UNITS])
    priorities = _priorities(*files[PRIORITIES], findings)
    reforms = _reforms(*files[REFORMS], priorities, findings)
    indicators = _indicators(*files[INDICATORS], reforms, units, findings)
    if not indicators:
        return None  # each line of figures would name an unknown indicator
    reader = _FigureReader(indicators, findings)
    for name in data:
        reader.read(*files[name])
    reader.finish()
    if findings.count:
        return None
    order = {code: rank for rank, code in enumerate(priorities)}
    ordered = sorted(reforms.values(), key=lambda reform: order.get(reform.priority_code or "", len(order)))
    figures = {code: sheet.figures() for code, sheet in reader.sheets.items()}
    name = digest(EditionFormat.INDICATOR_FILES, reforms.values(), indicators.values(), figures)
    return EditionFile(EditionFormat.INDICATOR_FILES, tuple(ordered), tuple(indicators.values()), figures, name, findings.warnings())


class _Units:
    """What ``config-viz.yml`` says of each indicator. Only plain values are looked at: anything else counts as absent."""

    def __init__(self, findings: Findings, file: str, data: bytes) -> None:
        self.file = file
        self.readable = False
        self._entries: dict[str, Mapping[str, Any]] = {}
        text = decoded(file, data, findings) if len(data) <= MAX_UNITS else None
        if len(data) > MAX_UNITS:
            findings.problem(file, f"le fichier dépasse {MAX_UNITS // 1_000_000} Mo")
        entries = None if text is None else _yaml(file, text, findings)
        self.readable = entries is not None
        for entry in entries or ():
            if isinstance(entry, dict) and isinstance(entry.get("id"), str):
                self._entries.setdefault(entry["id"].strip(), entry)

    def text(self, code: str, name: str) -> str | None:
        value = self._entries.get(code, {}).get(name)
        return _name(value) if isinstance(value, str) else None


def _yaml(file: str, text: str, findings: Findings) -> list[Any] | None:
    import yaml  # an edition of this format comes once in a while: no page waits for it

    try:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = "ce n’est pas du YAML complet (indentation, guillemets) : le fichier est peut-être tronqué"
        findings.problem(file, message, line=None if mark is None else mark.line + 1)
        return None
    except (RecursionError, ValueError):
        findings.problem(file, "ce YAML ne peut pas être lu (trop de niveaux, ou une valeur impossible)")
        return None
    entries = document.get("indicateurs") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        findings.problem(file, "une liste « indicateurs » est attendue")
        return None
    return entries


def _name(text: str) -> str | None:
    return clean_name(text) or None


def _priorities(file: str, data: bytes, findings: Findings) -> dict[str, str]:
    """The names of the priorities by their short code, in order; row 0 means none."""
    table = read_table(file, data, ("engagement_id", "engagement_short", "engagement_name"), (), findings)
    found: dict[str, str] = {}
    if table is None:
        return found
    for _line, row in table.rows():
        number, code, name = (row[table.columns[column]].strip() for column in ("engagement_id", "engagement_short", "engagement_name"))
        if number != NO_PRIORITY:
            found.setdefault(code, clean_name(name))
    return found


def _reforms(file: str, data: bytes, priorities: Mapping[str, str], findings: Findings) -> dict[str, ReformRow]:
    table = read_table(file, data, ("chantier_id", "ch_nom", "engagement_short"), (), findings)
    found: dict[str, ReformRow] = {}
    if table is None:
        return found
    for line, row in table.rows():
        code, name, priority = (row[table.columns[column]].strip() for column in ("chantier_id", "ch_nom", "engagement_short"))
        reform = ReformRow(code, clean_name(name), priority if priority in priorities else None, priorities.get(priority))
        if not code or not reform.name:
            findings.problem(file, "un code et un nom de chantier sont attendus", ",".join(row), line=line)
        elif found.setdefault(code, reform) != reform:
            findings.problem(file, "ce chantier est présent deux fois avec des valeurs différentes", code, line=line, column="chantier_id")
    return found


def _indicators(file: str, data: bytes, reforms: Mapping[str, ReformRow], units: _Units, findings: Findings) -> dict[str, IndicatorRow]:
    required = ("indic_id", "indic_parent_ch", "indic_nom_baro", "indic_descr_baro")
    table = read_table(file, data, required, ("indic_nom", "indic_descr", "tendance", "indic_categorie_evolution"), findings)
    found: dict[str, IndicatorRow] = {}
    if table is None:
        return found
    for line, row in table.rows():
        cells = {name: row[index].strip() for name, index in table.columns.items()}
        code, reform = cells["indic_id"], cells["indic_parent_ch"]
        indicator = IndicatorRow(
            code,
            clean_name(cells["indic_nom_baro"]),
            reform,
            unit=units.text(code, "unite"),
            unit_short=units.text(code, "unite_courte"),
            tendency=_tendency(file, line, code, cells.get("tendance", ""), units, findings),
            description=clean_typed(cells["indic_descr_baro"]) or None,
            theme=units.text(code, "thematique"),
            verb=units.text(code, "verbe_action"),
        )
        if not code or not indicator.name:
            findings.problem(file, "un code et un nom d’indicateur sont attendus", ",".join(row), line=line)
            continue
        if reforms and reform not in reforms:
            findings.problem(file, f"ce chantier n’est pas dans {REFORMS}", reform, line=line, column="indic_parent_ch")
        if units.readable and not indicator.unit:
            findings.problem(units.file, f"l’indicateur {code} de {INDICATORS} y est attendu, avec son unité")
        if found.setdefault(code, indicator) != indicator:
            findings.problem(file, "cet indicateur est présent deux fois avec des valeurs différentes", code, line=line, column="indic_id")
    return found


def _tendency(file: str, line: int, code: str, cell: str, units: _Units, findings: Findings) -> Tendency | None:
    """Which way is better: the newer editions say so in the metadata, the older ones beside the units."""
    other = units.text(code, "tendance")
    for place, said in ((file, cell), (units.file, other)):
        if said and said not in TENDENCIES:
            at = {"line": line, "column": "tendance"} if place == file else {}
            findings.problem(place, "la tendance attendue est « hausse » ou « baisse »", said, **at)  # type: ignore[arg-type]
    if cell and other and cell != other:
        findings.warn(f"{file} : tendance de {code} différente de celle de {units.file} : la première est retenue")
    return TENDENCIES.get(cell or other or "")


@dataclass
class _FigureReader:
    """Reads the files of figures, one after the other, into a sheet for each indicator."""

    indicators: Mapping[str, IndicatorRow]
    findings: Findings
    sheets: dict[str, Sheet] = field(init=False)

    def __post_init__(self) -> None:
        self.sheets = {code: Sheet(code, self.findings) for code in self.indicators}
        self._cells = Cells(self.findings)
        self._seen: set[str] = set()

    def read(self, file: str, data: bytes) -> None:
        table = read_table(file, data, FIGURES, (), self.findings)
        if table is not None:
            self._read(table)

    def _read(self, table: Table) -> None:
        code_at, zone_at, date_at, level_at, *values_at = (table.columns[name] for name in FIGURES)
        vi_at, va_at, vc_at, ta_at = values_at
        for line, row in table.rows():
            sheet = self.sheets.get(row[code_at])
            territory = TERRITORIES.get(row[zone_at])
            place = table.file, line
            if sheet is None or territory is None or LEVELS[territory.kind] != row[level_at]:
                self._wrong(row[code_at], row[zone_at], row[level_at], territory, place)
                continue
            self._seen.add(sheet.code)
            self._figures(sheet, territory.code, row[date_at], (row[vi_at], row[va_at], row[vc_at], row[ta_at]), place)

    def _figures(self, sheet: Sheet, zone: str, date_cell: str, cells: tuple[str, str, str, str], place: tuple[str, int]) -> None:
        initial, current, target, reached = cells
        on = self._cells.day(date_cell, place, "metric_enforce_date")
        number = self._cells.number
        if current:
            value = number(current, place, "indic_va")
            rate = number(reached, place, "indic_ta") if reached else None
            if value and on is None:
                if not date_cell.strip():
                    self._cells.ignore(place[0], "valeur sans date", place[1])
            elif value and on:
                rated = rate or (None, None)
                sheet.observe(ObservationRow(zone, Series.HEADLINE, on, *value, *rated), place, "indic_va")
        elif reached and number(reached, place, "indic_ta"):
            self._cells.ignore(place[0], "taux d’atteinte sans valeur", place[1])
        if target and (value := number(target, place, "indic_vc")):
            sheet.aim(TargetRow(zone, on, *value), place, "indic_vc")
        if initial and (value := number(initial, place, "indic_vi")):
            sheet.begin(BaselineRow(zone, on, *value), place, "indic_vi")

    def _wrong(self, code: str, zone: str, level: str, territory: Territory | None, place: tuple[str, int]) -> None:
        file, line = place
        if code not in self.sheets:
            self.findings.problem(file, f"cet indicateur n’est pas dans {INDICATORS}", code, line=line, column="indic_id")
        if territory is None:
            self.findings.problem(file, ZONE, zone, line=line, column="enforce_zone_id")
        elif LEVELS[territory.kind] != level:
            message = f"la maille attendue pour {zone} est {LEVELS[territory.kind]}"
            self.findings.problem(file, message, level, line=line, column="maille")

    def finish(self) -> None:
        """Warn about what was left aside, and about indicators without a single line."""
        self._cells.warn_of_ignored()
        for code in self.sheets:
            if code not in self._seen:
                self.findings.warn(f"{INDICATORS} : {code} est décrit, et aucun fichier ne donne ses chiffres")
