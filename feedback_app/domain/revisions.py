"""What one edition changed compared with the one before it: the rules, on typed rows, without a database.

Differences are judged on the published texts as decimal numbers, so that nothing is gained or lost by a conversion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

from feedback_app.domain.barometer import RevisionDirection, RevisionKind, RevisionSize, Series, Tendency
from feedback_app.domain.figures import BaselineRow, Figures, IndicatorRow, TargetRow
from feedback_app.domain.territory import TERRITORIES

NOISE = Decimal("1e-9")
# Enough digits for any figure that an importer accepts, exponents included: nothing here may be rounded by accident.
EXACT = Context(prec=1000, rounding=ROUND_HALF_UP)
# Whether an edition's history of a territory's series is full on both sides: only then does an absent date mean a withdrawn value.
FullHistory = Callable[[str, Series], bool]


class Revision(NamedTuple):
    """One change. Fields are those of the ``FigureRevision`` table."""

    kind: RevisionKind
    size: RevisionSize = RevisionSize.REAL
    direction: RevisionDirection | None = None
    territory: str | None = None
    series: Series | None = None
    old_text: str | None = None
    new_text: str | None = None
    old_number: float | None = None
    new_number: float | None = None
    old_date: date | None = None
    new_date: date | None = None


@dataclass(frozen=True)
class Described:
    """An indicator in one edition: what it is called and what it counts."""

    row: IndicatorRow
    figures: Figures


@dataclass(frozen=True)
class Changes:
    """What became of one indicator. ``new_observations``: values at dates that the earlier edition did not have."""

    revisions: tuple[Revision, ...]
    new_observations: int


def difference(old: str, new: str) -> RevisionSize | None:
    """How two published figures differ; None when they say the same number (up to 1e-9 of it: the noise of binary fractions)."""
    if old == new:
        return None
    a, b = Decimal(old), Decimal(new)
    apart = EXACT.abs(EXACT.subtract(a, b))
    if apart <= EXACT.multiply(NOISE, max(EXACT.abs(a), EXACT.abs(b))):
        return None
    shorter, longer = sorted((a, b), key=_decimals)
    places = _decimals(shorter)
    if places < _decimals(longer) and longer.quantize(Decimal((0, (1,), -places)), context=EXACT) == shorter:
        return RevisionSize.ROUNDING
    return RevisionSize.REAL


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def compare(old: Described | None, new: Described | None, is_full: FullHistory) -> Changes:
    """The revisions of one indicator, which one of the two editions may lack. An indicator that appears or vanishes is one revision."""
    if old is None or new is None:
        return _appeared_or_vanished(old, new)
    revisions = [
        *_of_description(old.row, new.row),
        *_of_targets(old, new),
        *_of_baselines(old.figures.baselines, new.figures.baselines),
    ]
    observations, fresh = _of_observations(old.figures, new.figures, is_full)
    return Changes((*revisions, *observations), fresh)


def _appeared_or_vanished(old: Described | None, new: Described | None) -> Changes:
    if new is not None:
        return Changes((Revision(RevisionKind.INDICATOR_ADDED, new_text=new.row.name),), len(new.figures.observations))
    if old is not None:
        return Changes((Revision(RevisionKind.INDICATOR_REMOVED, old_text=old.row.name),), 0)
    return Changes((), 0)


def _of_description(old: IndicatorRow, new: IndicatorRow) -> Iterator[Revision]:
    pairs = [
        (RevisionKind.NAME_CHANGED, old.name, new.name),
        (RevisionKind.UNIT_CHANGED, old.unit, new.unit),
        (RevisionKind.DIRECTION_CHANGED, old.tendency and old.tendency.value, new.tendency and new.tendency.value),
    ]
    for kind, before, after in pairs:
        if before != after:
            yield Revision(kind, old_text=before, new_text=after)


def _of_observations(old: Figures, new: Figures, is_full: FullHistory) -> tuple[list[Revision], int]:
    known = {row[:3]: row for row in old.observations}
    revisions, fresh = [], 0
    for row in new.observations:
        before = known.pop(row[:3], None)
        if before is None:
            fresh += 1
        elif before.text != row.text and (size := difference(before.text, row.text)):
            revisions.append(
                Revision(
                    RevisionKind.OBSERVATION_CHANGED, size, None, row.territory, row.series,
                    before.text, row.text, before.number, row.number, row.date, row.date,
                )
            )  # fmt: skip
    revisions += [
        Revision(
            RevisionKind.OBSERVATION_REMOVED, RevisionSize.REAL, None, gone.territory, gone.series,
            gone.text, None, gone.number, None, gone.date, None,
        )
        for gone in known.values()
        if is_full(gone.territory, gone.series)
    ]  # fmt: skip
    return revisions, fresh


def _by_territory(rows: Iterable[TargetRow]) -> dict[str, dict[date | None, TargetRow]]:
    found: dict[str, dict[date | None, TargetRow]] = {}
    for row in rows:
        found.setdefault(row.territory, {})[row.date] = row
    return found


def _of_targets(old: Described, new: Described) -> Iterator[Revision]:
    before, after = _by_territory(old.figures.targets), _by_territory(new.figures.targets)
    direction = _Directions(old, new)
    for territory in dict.fromkeys([*before, *after]):
        was, is_now = before.get(territory, {}), after.get(territory, {})
        for on in was.keys() & is_now.keys():
            if size := difference(was[on].text, is_now[on].text):
                yield _pair(RevisionKind.TARGET_CHANGED, size, was[on], is_now[on], direction.of(was[on], is_now[on]))
        gone = [row for on, row in was.items() if on not in is_now]
        come = [row for on, row in is_now.items() if on not in was]
        if len(gone) == 1 and len(come) == 1:
            yield _pair(RevisionKind.TARGET_MOVED, RevisionSize.REAL, gone[0], come[0], direction.of(gone[0], come[0]))
            continue
        for row in gone:
            yield _pair(RevisionKind.TARGET_REMOVED, RevisionSize.REAL, row, None)
        for row in come:
            yield _pair(RevisionKind.TARGET_ADDED, RevisionSize.REAL, None, row)


def _of_baselines(old: Iterable[BaselineRow], new: Iterable[BaselineRow]) -> Iterator[Revision]:
    before, after = {row.territory: row for row in old}, {row.territory: row for row in new}
    for territory in dict.fromkeys([*before, *after]):
        was, is_now = before.get(territory), after.get(territory)
        if was is None:
            yield _pair(RevisionKind.BASELINE_ADDED, RevisionSize.REAL, None, is_now)
        elif is_now is None:
            yield _pair(RevisionKind.BASELINE_REMOVED, RevisionSize.REAL, was, None)
        else:
            size = RevisionSize.REAL if was.date != is_now.date else difference(was.text, is_now.text)
            if size:
                yield _pair(RevisionKind.BASELINE_CHANGED, size, was, is_now)


Dated = TargetRow | BaselineRow


def _pair(
    kind: RevisionKind, size: RevisionSize, old: Dated | None, new: Dated | None, direction: RevisionDirection | None = None
) -> Revision:
    return Revision(
        kind,
        size,
        direction,
        new.territory if new else old.territory if old else None,
        old_text=old and old.text,
        new_text=new and new.text,
        old_number=None if old is None else old.number,
        new_number=None if new is None else new.number,
        old_date=old and old.date,
        new_date=new and new.date,
    )


class _Directions:
    """Which way the targets of an indicator lie: by its tendency, else by the sign of target minus baseline."""

    def __init__(self, old: Described, new: Described) -> None:
        tendency = new.row.tendency or old.row.tendency
        self._tendency = {Tendency.UP: 1, Tendency.DOWN: -1, None: 0}[tendency]
        self._old = {row.territory: Decimal(row.text) for row in old.figures.baselines}
        self._new = {row.territory: Decimal(row.text) for row in new.figures.baselines}

    def of(self, old: TargetRow, new: TargetRow) -> RevisionDirection | None:
        """Easier or harder; unknown where tendency and sign disagree or neither says anything; None where the value is the same."""
        was, is_now = Decimal(old.text), Decimal(new.text)
        if not difference(old.text, new.text):
            return None
        sign = self._sign(new.territory, was, is_now)
        way = self._tendency or sign
        if not way or (self._tendency and sign and self._tendency != sign):
            return RevisionDirection.UNKNOWN
        return RevisionDirection.HARDER if (is_now > was) == (way > 0) else RevisionDirection.EASIER

    def _sign(self, territory: str, was: Decimal, is_now: Decimal) -> int:
        """Of target minus baseline in the newer edition, else in the older one; 0 where there is no baseline or no distance."""
        if territory in self._new:
            target, baseline = is_now, self._new[territory]
        elif territory in self._old:
            target, baseline = was, self._old[territory]
        else:
            return 0
        return (target > baseline) - (target < baseline)


_KIND_RANK = {kind: rank for rank, kind in enumerate(RevisionKind)}
_PLACE_RANK = {code: rank for rank, code in enumerate(TERRITORIES, start=1)}


def telling_first(position: int, revision: Revision) -> tuple[int, int, int, int, date]:
    """The order in which an edition's page lists its revisions: what concerns whole indicators, then France, regions, départements.

    ``position``: that of the indicator in its edition. Within a kind of territory: by kind of revision, indicator, territory, date.
    """
    place = _PLACE_RANK.get(revision.territory or "", 0)
    level = 0 if place == 0 else 1 if place == 1 else 2 if (revision.territory or "").startswith("R") else 3
    return level, _KIND_RANK[revision.kind], position, place, revision.new_date or revision.old_date or date.min
