"""The geometry of a line of published figures over time: pure numbers, which a template draws as SVG.

Positions are percentages of the plot, x from the left, y from the top, so that one drawing fits every width while its texts keep their
size. Nothing is invented between figures: the line breaks where a figure is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from statistics import median
from typing import Literal

MOST_TICKS = 5
MOST_DOTS = 24
GAP = 2.5
"""A step this many times longer than the usual one is a hole in the series."""
YEARS_FROM = timedelta(days=730)
LABEL_ROOM = {"year": 13, "month": 27}
"""The width of a label on the narrowest telephone, in percent of the plot."""


@dataclass(frozen=True)
class Point:
    """One figure at its date; ``value`` is None where an edition names the date and publishes no figure."""

    at: date
    value: Decimal | None


@dataclass(frozen=True)
class Change:
    """What a revision did to one figure: the point as it was, the point as it is; None where there was or is none."""

    before: Point | None
    after: Point | None


@dataclass(frozen=True)
class Spot:
    """A figure on the plot."""

    x: float
    y: float
    point: Point


@dataclass(frozen=True)
class Move:
    """A revision on the plot: from where the figure stood to where it stands (the same place when one of the two does not exist)."""

    x1: float
    y1: float
    x2: float
    y2: float
    change: Change


@dataclass(frozen=True)
class Tick:
    """A line of the scale, at a round value."""

    y: float
    value: Decimal


@dataclass(frozen=True)
class Band:
    """A calendar year or month across the plot; ``labelled`` where its name has room."""

    start: float
    middle: float
    first_day: date
    labelled: bool


@dataclass(frozen=True)
class Level:
    """A target as a line: from the target before it, or the left edge, to its date."""

    x1: float
    x2: float
    y: float


@dataclass(frozen=True)
class LineChart:
    """All that a template draws. ``paths``: SVG path data, one for each unbroken stretch of two points or more.

    ``spots`` is the whole series; ``dots`` are those of it to be drawn one by one.
    """

    ticks: Sequence[Tick]
    step: Decimal
    bands: Sequence[Band]
    band_unit: Literal["year", "month"]
    paths: Sequence[str]
    spots: Sequence[Spot]
    dots: Sequence[Spot]
    latest: Spot | None
    baseline: Spot | None
    targets: Sequence[Spot]
    levels: Sequence[Level]
    moves: Sequence[Move]
    zero: float | None
    """Where zero is, when the scale goes below it."""
    starts_at_zero: bool


def line_chart(
    points: Iterable[Point], *, targets: Iterable[Point] = (), baseline: Point | None = None, changes: Iterable[Change] = ()
) -> LineChart | None:
    """Lay out a series with its targets, its baseline and its revisions; None when there is no figure to draw."""
    series = sorted(points, key=lambda point: point.at)
    aims = sorted(_with_value(targets), key=lambda point: point.at)
    start = baseline if baseline and baseline.value is not None else None
    revised = list(changes)
    ends = _with_value(point for change in revised for point in (change.before, change.after) if point)
    drawn = [*_with_value(series), *aims, *([start] if start else []), *ends]
    if not drawn:
        return None
    plot = _Plot(drawn)
    spots = [plot.spot(point) for point in _with_value(series)]
    bands, unit = _bands(plot)
    return LineChart(
        ticks=[Tick(plot.y(value), value) for value in plot.values],
        step=plot.values[1] - plot.values[0],
        bands=bands,
        band_unit=unit,
        paths=[_path(stretch) for stretch in _stretches(series, plot) if len(stretch) > 1],
        spots=spots,
        dots=spots if len(spots) <= MOST_DOTS else [stretch[0] for stretch in _stretches(series, plot) if len(stretch) == 1],
        latest=spots[-1] if spots else None,
        baseline=plot.spot(start) if start else None,
        targets=[plot.spot(aim) for aim in aims],
        levels=_levels([plot.spot(aim) for aim in aims]),
        moves=[move for move in map(plot.move, revised) if move],
        zero=plot.y(Decimal(0)) if plot.values[0] < 0 < plot.values[-1] else None,
        starts_at_zero=plot.values[0] <= 0 <= plot.values[-1],
    )


def round_ticks(low: Decimal, high: Decimal, most: int = MOST_TICKS) -> Sequence[Decimal]:
    """Round values at equal steps (1, 2, 2.5 or 5 times a power of ten) that enclose ``low`` and ``high``: at most ``most`` + 1 of them.

    Zero is among them unless every value lies far from it (the smallest beyond half of the greatest); a constant series is seen
    against zero too.
    """
    if low >= 0 and (low == high or 2 * low <= high):
        low = Decimal(0)
    if high <= 0 and (low == high or 2 * high >= low):
        high = Decimal(0)
    if low == high:
        high = low + 1
    rough = (high - low) / most
    magnitude = Decimal(1).scaleb(rough.adjusted())
    for factor in ("1", "2", "2.5", "5", "10", "20"):
        step = Decimal(factor) * magnitude
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = (high / step).to_integral_value(ROUND_CEILING)
        if last - first <= most:
            break
    return [step * number for number in range(int(first), int(last) + 1)]


class _Plot:
    """The two scales."""

    def __init__(self, points: Sequence[Point]) -> None:
        values = [point.value for point in points if point.value is not None]
        self.values = round_ticks(min(values), max(values))
        self.first, self.last = _days(min(point.at for point in points), max(point.at for point in points))

    def x(self, at: date) -> float:
        return round(100 * (at - self.first).days / (self.last - self.first).days, 2)

    def y(self, value: Decimal) -> float:
        return round(float(100 * (self.values[-1] - value) / (self.values[-1] - self.values[0])), 2)

    def spot(self, point: Point) -> Spot:
        return Spot(self.x(point.at), self.y(point.value or Decimal(0)), point)

    def move(self, change: Change) -> Move | None:
        spots = [self.spot(point) for point in (change.before, change.after) if point and point.value is not None]
        return Move(spots[0].x, spots[0].y, spots[-1].x, spots[-1].y, change) if spots else None


def _with_value(points: Iterable[Point]) -> list[Point]:
    return [point for point in points if point.value is not None]


def _days(first: date, last: date) -> tuple[date, date]:
    """The period to draw: the dates themselves, or the whole year when they are all within a month."""
    if last - first < timedelta(days=31):
        return date(first.year, 1, 1), date(last.year, 12, 31)
    return first, last


def _stretches(series: Sequence[Point], plot: _Plot) -> list[list[Spot]]:
    """The series cut where a figure is missing: named without a value, or absent for much longer than the usual step."""
    steps = [(after.at - before.at).days for before, after in pairwise(series)]
    longest = GAP * median(steps) if len(steps) > 1 else float("inf")
    stretches: list[list[Spot]] = [[]]
    for index, point in enumerate(series):
        if point.value is None or (index and steps[index - 1] > longest):
            stretches.append([])
        if point.value is not None:
            stretches[-1].append(plot.spot(point))
    return [stretch for stretch in stretches if stretch]


def _path(spots: Sequence[Spot]) -> str:
    return "M" + "L".join(f"{spot.x:g} {spot.y:g}" for spot in spots)


def _levels(aims: Sequence[Spot]) -> Sequence[Level]:
    return [Level(before, aim.x, aim.y) for before, aim in zip([0.0, *(aim.x for aim in aims)], aims, strict=False)]


def _bands(plot: _Plot) -> tuple[Sequence[Band], Literal["year", "month"]]:
    """Years, or months when there are less than two years; as many names as have room."""
    unit: Literal["year", "month"] = "year" if plot.last - plot.first >= YEARS_FROM else "month"
    cuts = [plot.first, *_first_days(plot.first, plot.last, 12 if unit == "year" else 1), plot.last + timedelta(days=1)]
    edges = [plot.x(cut) for cut in cuts]
    usual = max(right - left for left, right in pairwise(edges))
    every = 1 + int(LABEL_ROOM[unit] / usual)
    return [
        Band(left, round((left + right) / 2, 2), first_day, _is_named(index, left, right, every, usual))
        for index, (first_day, (left, right)) in enumerate(zip(cuts, pairwise(edges), strict=False))
    ], unit


def _is_named(index: int, left: float, right: float, every: int, usual: float) -> bool:
    return index % every == 0 and right - left > usual / 2


def _first_days(first: date, last: date, months: int) -> Iterable[date]:
    """The first days of the years (``months`` = 12) or months (1) after ``first``, up to ``last``."""
    month = 12 if months == 12 else first.month
    at = date(first.year + month // 12, month % 12 + 1, 1)
    while at <= last:
        yield at
        at = date(at.year + (at.month + months - 1) // 12, (at.month + months - 1) % 12 + 1, 1)
