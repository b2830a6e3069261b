"""A second opinion on the barometer: what two published editions say, read from the files by other means than the importer's.

Written from the design and the published files alone. It shares no code with ``feedback_app``: where the two disagree, one is wrong.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

import yaml


class Figures(NamedTuple):
    """One edition as dictionaries: texts as published, dates as ISO texts."""

    indicators: set[str]
    territories: set[str]
    observations: dict[tuple[str, str, str, str], str]  # (indicator, territory, date, series)
    targets: dict[tuple[str, str, str], str]
    baselines: dict[tuple[str, str], tuple[str, str]]  # -> date, text
    whole_series: set[tuple[str, str]]  # (series, territory) of which the files give every date, not only the newest
    words: dict[str, tuple[str, str, str]]  # indicator -> name, unit, direction as its first row gives them


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]


def read_first_format(folder: Path) -> Figures:
    """The format of 2021 to 2023: one newest figure per indicator and territory, and some histories."""
    found = Figures(set(), set(), {}, {}, {}, set(), {})
    for scope, column, letter in (("national", "", ""), ("regional", "code_region", "R"), ("departemental", "code_departement", "D")):
        for row in _rows(folder / f"barometre-resultats-synthese-{scope}.csv"):
            indicator, territory = row["id_indicateur"], letter + row[column] if column else "FRANCE"
            found.indicators.add(indicator)
            found.territories.add(territory)
            found.words.setdefault(indicator, (row["indicateur"], row["unite"], ""))
            if row["valeur_actuelle"]:
                found.observations[indicator, territory, row["date_valeur_actuelle"], "headline"] = row["valeur_actuelle"]
            if row["cible"]:
                found.targets[indicator, territory, row["date_cible"]] = row["cible"]
            if row["valeur_initiale"]:
                found.baselines[indicator, territory] = row["date_valeur_initiale"], row["valeur_initiale"]
    histories = [("FRANCE", folder / "barometre-resultats-detail-national.csv")]
    histories += [(f"D{path.stem.rpartition('-')[2]}", path) for path in sorted((folder / "departements").glob("*.csv"))]
    for territory, path in histories:
        found.whole_series.add(("periodic", territory))
        for row in _rows(path):
            found.indicators.add(row["id_indicateur"])
            found.territories.add(territory)
            found.words.setdefault(row["id_indicateur"], (row["indicateur"], row["unite"], ""))
            if row["valeur"]:
                found.observations[row["id_indicateur"], territory, row["date"], "periodic"] = row["valeur"]
    return found


def read_second_format(folder: Path) -> Figures:
    """The format of 2024: every date of every indicator and territory."""
    found = Figures(set(), set(), {}, {}, {}, set(), {})
    for path in sorted((folder / "data").glob("*.csv")):
        for row in _rows(path):
            indicator, territory, date = row["indic_id"], row["enforce_zone_id"], row["metric_enforce_date"]
            found.indicators.add(indicator)
            found.territories.add(territory)
            found.whole_series.add(("headline", territory))
            if row["indic_va"]:
                found.observations[indicator, territory, date, "headline"] = row["indic_va"]
            if row["indic_vc"]:
                found.targets[indicator, territory, date] = row["indic_vc"]
            if row["indic_vi"]:
                found.baselines[indicator, territory] = date, row["indic_vi"]
    shown = {entry["id"]: entry for entry in yaml.safe_load((folder / "config-viz.yml").read_text(encoding="utf-8"))["indicateurs"]}
    for row in _rows(folder / "metadata" / "meta_indicateurs.csv"):
        display = shown.get(row["indic_id"], {})
        direction = row.get("tendance") or display.get("tendance") or ""
        found.words[row["indic_id"]] = row["indic_nom_baro"], (display.get("unite") or "").strip(), direction
    return found


def difference(one: str, other: str) -> str | None:
    """None, ``rounding`` or ``real``."""
    a, b = Decimal(one), Decimal(other)
    if abs(a - b) <= Decimal("1e-9") * max(abs(a), abs(b)):
        return None
    shorter, longer = sorted((a, b), key=lambda figure: -int(figure.as_tuple().exponent))
    step = Decimal(1).scaleb(min(0, int(shorter.as_tuple().exponent)))
    same = longer.quantize(step, rounding=ROUND_HALF_UP) == shorter
    return "rounding" if same and longer.as_tuple().exponent != shorter.as_tuple().exponent else "real"


def compare(old: Figures, new: Figures) -> Counter[tuple[str, str, str]]:
    """What changed: (what, kind, size) -> how many, for the indicators that both editions have."""
    count: Counter[tuple[str, str, str]] = Counter()
    both = old.indicators & new.indicators
    count["indicator", "removed", "real"] = len(old.indicators - new.indicators)
    count["indicator", "added", "real"] = len(new.indicators - old.indicators)
    for key, text in old.observations.items():
        indicator, territory, _date, series = key
        if indicator not in both:
            continue
        if key in new.observations:
            if size := difference(text, new.observations[key]):
                count["observation", "changed", size] += 1
        elif (series, territory) in old.whole_series & new.whole_series:
            count["observation", "removed", "real"] += 1
    _compare_targets(old, new, both, count)
    for place in {place for place in old.baselines.keys() | new.baselines.keys() if place[0] in both}:
        if place not in new.baselines:
            count["baseline", "removed", "real"] += 1
        elif place not in old.baselines:
            count["baseline", "added", "real"] += 1
        elif old.baselines[place][0] != new.baselines[place][0]:
            count["baseline", "changed", "real"] += 1
        elif size := difference(old.baselines[place][1], new.baselines[place][1]):
            count["baseline", "changed", size] += 1
    for indicator in both:
        for what, one, other in zip(("name", "unit", "direction"), old.words[indicator], new.words[indicator], strict=True):
            count[what, "changed", "real"] += one != other
    return +count


def _compare_targets(old: Figures, new: Figures, both: set[str], count: Counter[tuple[str, str, str]]) -> None:
    gone: dict[tuple[str, str], int] = defaultdict(int)
    come: dict[tuple[str, str], int] = defaultdict(int)
    for key in old.targets.keys() | new.targets.keys():
        if key[0] not in both:
            continue
        if key not in new.targets:
            gone[key[:2]] += 1
        elif key not in old.targets:
            come[key[:2]] += 1
        elif size := difference(old.targets[key], new.targets[key]):
            count["target", "changed", size] += 1
    for place in gone.keys() | come.keys():
        if (gone[place], come[place]) == (1, 1):
            count["target", "moved", "real"] += 1
        else:
            count["target", "removed", "real"] += gone[place]
            count["target", "added", "real"] += come[place]


def new_observations(old: Figures, new: Figures) -> int:
    """How many figures came, those of new indicators included."""
    return len(new.observations.keys() - old.observations.keys())
