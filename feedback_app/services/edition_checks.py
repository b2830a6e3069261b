"""What somebody should look at before an edition is published: its size, what it changes, and what looks odd. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, union

from feedback_app.database import db
from feedback_app.domain.barometer import RevisionDirection, RevisionKind, RevisionSize
from feedback_app.domain.territory import TERRITORIES
from feedback_app.models import Baseline, Edition, FigureRevision, Indicator, Observation, Reform, Target

LISTED = 100
# A newest value counts as far outside when it lies beyond its history by more than three times the width of that history,
# a width of at least a tenth of the values themselves, and a history of at least four values.
HISTORY = 4
TIMES_OUTSIDE = 3.0
NARROWEST = 0.1


class Notice(StrEnum):
    """What looks odd. None of it forbids anything: figures do change."""

    INDICATOR_VANISHED = "indicator_vanished"
    TERRITORY_MISSING = "territory_missing"
    TARGET_EASIER = "target_easier"
    BASELINE_CHANGED = "baseline_changed"
    FAR_OUTSIDE = "far_outside"
    REFORM_UNMAPPED = "reform_unmapped"


@dataclass(frozen=True)
class Remark:
    """One odd thing, by codes. ``old`` and ``new``: the published texts, where there are two; of a value far outside, ``old`` is its
    history ("lowest … highest")."""

    indicator: str | None = None
    territory: str | None = None
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class Checks:
    """The odd things of an edition: how many of each, and the first hundred."""

    counts: Mapping[Notice, int]
    remarks: Mapping[Notice, Sequence[Remark]]


@dataclass(frozen=True)
class Summary:
    """An edition in figures. ``revisions``: how many by kind and size; None while they are not computed."""

    indicators: int
    territories: int
    observations: int
    targets: int
    baselines: int
    new_observations: int | None = None
    compared_with: date | None = None
    revisions: Mapping[RevisionKind, Mapping[RevisionSize, int]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """For ``--json``: what the file held, then the revisions by kind, and by size and kind."""
        return {
            "indicators": self.indicators,
            "territories": self.territories,
            "observations": self.observations,
            "targets": self.targets,
            "baselines": self.baselines,
            "new_observations": self.new_observations,
            "compared_with": self.compared_with and self.compared_with.isoformat(),
            "revisions": {kind.value: sum(by_size.values()) for kind, by_size in self.revisions.items()},
            "revisions_by_size": {
                size.value: {kind.value: by_size[size] for kind, by_size in self.revisions.items() if by_size.get(size)}
                for size in RevisionSize
            },
        }


def by_kind(counts: Mapping[tuple[RevisionKind, RevisionSize], int]) -> dict[RevisionKind, dict[RevisionSize, int]]:
    """Counts of (kind, size) as a table by kind, in the order of the kinds."""
    found: dict[RevisionKind, dict[RevisionSize, int]] = {}
    for kind in RevisionKind:
        if sizes := {size: counts[kind, size] for size in RevisionSize if counts.get((kind, size))}:
            found[kind] = sizes
    return found


def summary(edition: Edition) -> Summary:
    """The figures of an edition that is in the database."""
    revision = FigureRevision
    statement = select(revision.kind, revision.size, func.count()).where(revision.edition_id == edition.id)
    rows = db.session.execute(statement.group_by(revision.kind, revision.size)).all() if edition.compared_at else []
    return Summary(
        edition.indicator_count,
        edition.territory_count,
        edition.observation_count,
        edition.target_count,
        edition.baseline_count,
        edition.new_observation_count,
        edition.compared_with.date if edition.compared_with else None,
        by_kind({(kind, size): count for kind, size, count in rows}),
    )


def checks(edition: Edition) -> Checks:
    """What looks odd in an edition, compared with the one before it and with its own history. A dozen statements."""
    revision = FigureRevision
    real = revision.size == RevisionSize.REAL
    found = {
        Notice.INDICATOR_VANISHED: _revised(edition, revision.kind == RevisionKind.INDICATOR_REMOVED),
        Notice.TERRITORY_MISSING: _missing(edition),
        Notice.TARGET_EASIER: _revised(edition, revision.direction == RevisionDirection.EASIER, real),
        Notice.BASELINE_CHANGED: _revised(edition, revision.kind == RevisionKind.BASELINE_CHANGED, real),
        Notice.FAR_OUTSIDE: _far_outside(edition),
        Notice.REFORM_UNMAPPED: _unmapped(edition),
    }
    return Checks(
        {notice: count for notice, (count, _first) in found.items() if count},
        {notice: first for notice, (count, first) in found.items() if count},
    )


Found = tuple[int, Sequence[Remark]]


def _revised(edition: Edition, *conditions: ColumnElement[bool]) -> Found:
    revision = FigureRevision
    mine = (revision.edition_id == edition.id, *conditions)
    count = db.session.scalar(select(func.count()).select_from(revision).where(*mine)) or 0
    columns = (Indicator.code, revision.territory, revision.old_text, revision.new_text)
    statement = select(*columns).join(Indicator, Indicator.id == revision.indicator_id).where(*mine).order_by(revision.id).limit(LISTED)
    return count, [Remark(*row) for row in db.session.execute(statement)]


def _missing(edition: Edition) -> Found:
    """Territories of the edition before (of the whole country for a first edition) without any figure in this one."""
    expected = _territories(edition.compared_with_id) if edition.compared_with_id else set(TERRITORIES)
    missing = expected - _territories(edition.id)
    return len(missing), [Remark(territory=code) for code in TERRITORIES if code in missing]


def _territories(edition_id: int) -> set[str]:
    parts = [select(model.territory).where(model.edition_id == edition_id) for model in (Observation, Target, Baseline)]
    return set(db.session.scalars(union(*parts)))


def _far_outside(edition: Edition) -> Found:
    row = Observation
    series = (row.indicator_id, row.territory, row.series)
    rank = func.row_number().over(partition_by=series, order_by=row.date.desc())
    ranked = select(*series, row.text, row.number, rank.label("rank")).where(row.edition_id == edition.id).subquery()
    earlier: Any = case((ranked.c.rank > 1, ranked.c.number))
    newest: Any = case((ranked.c.rank == 1, ranked.c.number))
    low, high, value = func.min(earlier), func.max(earlier), func.max(newest)
    width = case((high - low > NARROWEST * func.abs(high), high - low), else_=NARROWEST * func.abs(high))
    outside = (value > high + TIMES_OUTSIDE * width) | (value < low - TIMES_OUTSIDE * width)
    statement = (
        select(Indicator.code, ranked.c.territory, low, high, func.max(case((ranked.c.rank == 1, ranked.c.text))))
        .join(Indicator, Indicator.id == ranked.c.indicator_id)
        .group_by(Indicator.code, ranked.c.territory, ranked.c.series)
        .having(func.count(earlier) >= HISTORY, outside)
        .order_by(Indicator.code, ranked.c.territory)
    )
    rows = db.session.execute(statement).all()
    return len(rows), [Remark(code, territory, f"{low:g} … {high:g}", text) for code, territory, low, high, text in rows[:LISTED]]


def _unmapped(edition: Edition) -> Found:
    """Reforms of the barometer that no ministry answers for: questions on them go to the coordinator."""
    statement = select(Reform.code, Reform.name).where(Reform.barometer_id == edition.barometer_id, Reform.ministry_id.is_(None))
    rows = db.session.execute(statement.order_by(Reform.code)).all()
    return len(rows), [Remark(new=f"{code} ({name})") for code, name in rows[:LISTED]]
