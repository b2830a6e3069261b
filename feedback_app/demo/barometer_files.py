"""The editions of the demo's barometer as files of the format of 2021 to 2023 (syntheses and details), drawn from a seed.

The figures are drawn département by département; regions and the country are their sums or means, so that all agree.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import sin
from random import Random

from feedback_app.demo.indicators import KNOWN, QUARTERS, SPECS, Goal, Shape, Spec
from feedback_app.domain.territory import FRANCE, TERRITORIES, TerritoryKind, within

COAST = re.compile("D(06|1[1347]|22|29|2A|2B|3[0345]|4[04]|5[069]|6[246]|76|8[035]|97[124])")
LEVELS = {TerritoryKind.COUNTRY: "national", TerritoryKind.REGION: "regional", TerritoryKind.DEPARTMENT: "departemental"}
COLUMNS = {"national": "maille_geographique", "regional": "code_region", "departemental": "code_departement"}
COMMON = ("mesure", "indicateur", "id_indicateur", "unite")
VALUES = ("valeur_actuelle", "date_valeur_actuelle", "valeur_initiale", "date_valeur_initiale", "cible", "date_cible", "pourcentage_cible")
EARLY_DECIMALS = 3
MISCOUNTED, TWICE = "R53", 0.6
MISSING = 0.04  # of the départements, some never send a figure
PUBLISHED_AFTER = timedelta(days=30)
LAST_EDITION = timedelta(days=75)

Levels = dict[str, list[float]]  # by territory: the figure of each quarter


def quarter_end(day: date, later: int = 0) -> date:
    """The last day of the quarter that ends on ``day``, or of the one ``later`` quarters after it (before it, if negative)."""
    month = day.year * 12 + day.month - 1 + 3 * later + 1
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


def last_quarter(today: date) -> date:
    """The last quarter that a barometer published some days ago could know."""
    known = today - LAST_EDITION - PUBLISHED_AFTER
    return quarter_end(date(known.year, (known.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1))


def edition_date(number: int, today: date) -> date:
    """The day of an edition (0 to 2): each appears as long after its last quarter as the newest one, some months ago."""
    newest = last_quarter(today)
    delay = today - LAST_EDITION - newest
    return quarter_end(newest, KNOWN[number] - QUARTERS) + delay


def files(number: int, *, seed: int, today: date) -> dict[str, bytes]:
    """The files of an edition, by name."""
    edition = _Edition(number, seed, last_quarter(today))
    made = {}
    for level, column in COLUMNS.items():
        made[f"barometre-resultats-synthese-{level}.csv"] = _csv((*COMMON, column, *VALUES), edition.synthesis(level))
        made[f"barometre-resultats-detail-{level}.csv"] = _csv((*COMMON, column, "date", "valeur"), edition.detail(level))
    return made


def told(number: int, spec: Spec, code: str, *, seed: int, today: date) -> tuple[str, date] | None:
    """The headline that an edition publishes for a territory, as text, and its day; None where it says nothing."""
    edition, figures = _Edition(number, seed, last_quarter(today)), drawn(spec, seed).get(code)
    if figures is None:
        return None
    return edition.text(spec, edition.headline(spec, code, figures)), date.fromisoformat(edition.end(edition.known - 1))


def _csv(header: Sequence[str], rows: Iterator[Sequence[str]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return written.getvalue().encode()


@dataclass(frozen=True)
class _Edition:
    number: int
    seed: int
    newest: date

    @property
    def known(self) -> int:
        return KNOWN[self.number]

    def end(self, quarter: int) -> str:
        return quarter_end(self.newest, quarter - QUARTERS + 1).isoformat()

    def specs(self) -> Iterator[Spec]:
        return (spec for spec in SPECS if spec.since <= self.number)

    def places(self, spec: Spec, level: str) -> Iterator[tuple[str, list[float]]]:
        for code, figures in drawn(spec, self.seed).items():
            if LEVELS[TERRITORIES[code].kind] == level and level[0].upper() in spec.levels:
                yield code, figures

    def named(self, spec: Spec) -> tuple[str, str, str, str]:
        last = self.number == len(KNOWN) - 1
        return spec.reform, spec.renamed if last and spec.renamed else spec.name, spec.code, spec.unit

    def synthesis(self, level: str) -> Iterator[Sequence[str]]:
        for spec in self.specs():
            for code, figures in self.places(spec, level):
                value, first = self.headline(spec, code, figures), self.baseline(spec, figures)
                goal = self.goal(spec, figures)
                rate = max(0.0, min(100.0, 100 * (value - first) / (goal - first))) if goal != first else 0.0
                on = self.end(self.known - 1)
                target = self.text(spec, goal, final=True), self.end(spec.goals[self.number].quarter)
                yield (
                    *self.named(spec), _number(code), self.text(spec, value), on,
                    self.text(spec, first), self.end(-1), *target, f"{rate:.1f}",
                )  # fmt: skip

    def detail(self, level: str) -> Iterator[Sequence[str]]:
        for spec in self.specs():
            for code, figures in self.places(spec, level):
                for quarter, value in enumerate(figures[: self.known]):
                    yield *self.named(spec), _number(code), self.end(quarter), self.text(spec, self.corrected(spec, code, quarter, value))

    def corrected(self, spec: Spec, code: str, quarter: int, value: float) -> float:
        """Before the last edition one region had counted a part of a quarter twice, and the country with it."""
        if quarter != spec.corrected or self.number == len(KNOWN) - 1:
            return value
        if code == FRANCE:
            return value + TWICE * drawn(spec, self.seed)[MISCOUNTED][quarter]
        return value * (1 + TWICE) if MISCOUNTED in {code, TERRITORIES[code].parent} else value

    def headline(self, spec: Spec, code: str, figures: list[float]) -> float:
        if spec.shape is Shape.FLOW:
            return sum(self.corrected(spec, code, quarter, value) for quarter, value in enumerate(figures[: self.known]))
        if spec.shape is Shape.STOCK:
            return figures[self.known - 1]
        year = figures[self.known - 4 : self.known]
        return sum(year) / len(year)

    def baseline(self, spec: Spec, figures: list[float]) -> float:
        if spec.shape is Shape.FLOW:
            return 0.0
        scale = spec.rebased / spec.start if spec.rebased and self.number == 0 else 1.0
        return figures[0] * scale - (spec.step * figures[0] / spec.start)

    def goal(self, spec: Spec, figures: list[float]) -> float:
        """The country's target; of a territory its share of it, or the same level eased by half of what sets it apart."""
        goal: Goal = spec.goals[self.number]
        country = drawn(spec, self.seed)[FRANCE]
        if spec.shape is Shape.SHARE:
            wanted = goal.value + (figures[0] - country[0]) / 2
            return min(wanted, 100.0) if spec.unit.startswith("%") else max(wanted, 1.0)
        part = sum(figures) / sum(country)
        return max(1.0, goal.value * part)

    def text(self, spec: Spec, value: float, *, final: bool = False) -> str:
        decimals = EARLY_DECIMALS if spec.rounds and self.number == 0 and not final else spec.decimals
        if final and spec.shape is Shape.SHARE:
            decimals = 0
        return f"{value:.{decimals}f}"


def _number(code: str) -> str:
    return "national" if code == FRANCE else code[1:]


@cache
def drawn(spec: Spec, seed: int) -> Levels:
    """The figures of every territory that has any, the country first."""
    places = [place.code for place in TERRITORIES.values() if place.kind is TerritoryKind.DEPARTMENT]
    told = [code for code in places if not spec.coast or COAST.fullmatch(code)]
    own = {code: _of_department(spec, code, seed) for code in told}
    if spec.shape is not Shape.SHARE:
        _share_out(spec, own)
    found = {FRANCE: _together(spec, list(own.values()))}
    for place in TERRITORIES.values():
        if place.kind is TerritoryKind.REGION:
            inside = [own[one.code] for one in within(place.code) if one.code in own]
            if inside:
                found[place.code] = _together(spec, inside)
    silent = Random(f"{seed}:{spec.code}:silent")
    found |= {code: figures for code, figures in own.items() if silent.random() >= MISSING}
    return found


def _of_department(spec: Spec, code: str, seed: int) -> list[float]:
    draw = Random(f"{seed}:{spec.code}:{code}")
    size = draw.lognormvariate(0, 0.7) if spec.shape is not Shape.SHARE else 1.0
    apart, pace = 1 + draw.gauss(0, spec.spread), max(0.2, draw.gauss(1, 0.35))
    figures = []
    for quarter in range(QUARTERS):
        level = spec.start * apart + spec.step * pace * quarter
        level *= 1 + spec.season * sin(quarter * 1.5708 + 0.6) + draw.gauss(0, 0.012)
        level = max(0.5, level) * size
        figures.append(min(level, 99.4) if spec.unit.startswith("%") else level)
    return figures


def _share_out(spec: Spec, own: Levels) -> None:
    """Make the départements' counts whole, and their sum the country's figure (of a flow: on an average quarter)."""
    sums = [sum(figures) for figures in zip(*own.values(), strict=True)]
    for quarter, total in enumerate(sums):
        scale = (spec.start + spec.step * quarter) / total if spec.shape is Shape.STOCK else spec.start * QUARTERS / sum(sums)
        for figures in own.values():
            figures[quarter] = float(max(1, round(figures[quarter] * scale)))
    if spec.shape is Shape.STOCK:  # what is open stays open
        for figures in own.values():
            for quarter in range(1, QUARTERS):
                figures[quarter] = max(figures[quarter], figures[quarter - 1])


def _together(spec: Spec, inside: list[list[float]]) -> list[float]:
    sums = [sum(figures) for figures in zip(*inside, strict=True)]
    return sums if spec.shape is not Shape.SHARE else [total / len(inside) for total in sums]
