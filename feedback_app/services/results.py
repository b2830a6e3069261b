"""What the public pages read of a barometer: the figures of its newest published edition, by territory and by indicator.

Only published editions are read here; a draft's or a withdrawn edition's figures have no way out. The number of statements is the same
whatever the volume. Each statement is built once for the life of the process (building them took as long as running them).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from feedback_app.database import db
from feedback_app.domain.barometer import EditionFormat, EditionStatus, RevisionSize, Series, Tendency
from feedback_app.domain.territory import FRANCE
from feedback_app.domain.text import fold
from feedback_app.models import (
    Barometer,
    Baseline,
    Edition,
    EditionIndicator,
    EditionReform,
    FigureRevision,
    Indicator,
    Ministry,
    Observation,
    Reform,
    Target,
    Topic,
)


@dataclass(frozen=True)
class Line:
    """One indicator in one territory: its newest figure and where it should go. Texts as published, None where nothing is."""

    code: str
    name: str
    unit: str | None
    value: str | None
    at: dt.date | None
    rate: str | None
    target: str | None
    target_date: dt.date | None
    revisions: int


@dataclass(frozen=True)
class ReformLines:
    name: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class PriorityLines:
    """``name`` is None where the edition names no priority."""

    name: str | None
    reforms: Sequence[ReformLines]


@dataclass(frozen=True)
class Overview:
    """All indicators of an edition in one territory, in its order. ``shown`` of the ``total`` that the edition holds."""

    priorities: Sequence[PriorityLines]
    shown: int
    total: int


@dataclass(frozen=True)
class IndicatorPage:
    """An indicator as the newest edition describes it."""

    indicator_id: int
    code: str
    name: str
    unit: str | None
    unit_short: str | None
    tendency: Tendency | None
    description: str | None
    reform: str
    priority: str | None
    topic_id: int
    topic_key: str
    ministry: str | None


@dataclass(frozen=True)
class PublishedValue:
    """A value of a series, and the edition that says so."""

    at: dt.date
    text: str
    rate: str | None
    edition: dt.date


@dataclass(frozen=True)
class PublishedFigure:
    """A target or a baseline; it may lack its date."""

    at: dt.date | None
    text: str


@dataclass(frozen=True)
class Figures:
    """Everything published about one indicator in one territory, oldest first."""

    headline: Sequence[PublishedValue]
    periodic: Sequence[PublishedValue]
    targets: Sequence[PublishedFigure]
    baseline: PublishedFigure | None

    @property
    def latest(self) -> PublishedValue | None:
        """The newest headline value."""
        return self.headline[-1] if self.headline else None

    @property
    def target(self) -> PublishedFigure | None:
        """The target that lies furthest ahead: what was promised in the end."""
        return self.targets[-1] if self.targets else None

    @property
    def nothing(self) -> bool:
        return not (self.headline or self.periodic or self.targets or self.baseline)


@cache
def active_statement() -> Select[str]:
    """The address of the barometer that the menu leads to: the active one, once an edition of it was published."""
    published = select(Edition.id).where(Edition.barometer_id == Barometer.id, Edition.status == EditionStatus.PUBLISHED)
    return select(Barometer.slug).where(Barometer.active, published.exists())


def public_barometers() -> Sequence[Row[Barometer, dt.date]]:
    """Each barometer with a published edition and the date of its newest; the active one first, then the newest."""
    newest = func.max(Edition.date).label("newest")
    statement = (
        select(Barometer, newest)
        .join(Edition, and_(Edition.barometer_id == Barometer.id, Edition.status == EditionStatus.PUBLISHED))
        .group_by(Barometer.id)
        .order_by(Barometer.active.desc(), newest.desc())
    )
    return db.session.execute(statement).all()


def current(slug: str) -> tuple[Barometer, Edition] | None:
    """A barometer and the edition that its pages show: the newest published one.

    Where all were withdrawn it is the newest of those, whose page says so; None where nothing was ever published.
    """
    found = db.session.execute(_current_statement(), {"slug": slug}).first()
    return (found[0], found[1]) if found else None


@cache
def _current_statement() -> Select[Barometer, Edition]:
    return (
        select(Barometer, Edition)
        .join(Edition, Edition.barometer_id == Barometer.id)
        .where(Barometer.slug == bindparam("slug"), Edition.status.in_([EditionStatus.PUBLISHED, EditionStatus.WITHDRAWN]))
        .order_by((Edition.status == EditionStatus.PUBLISHED).desc(), Edition.date.desc(), Edition.number.desc())
        .limit(1)
    )


def overview(edition: Edition, territory: str, words: str = "") -> Overview:
    """The newest figures of every indicator in a territory, by priority and reform.

    France lists all indicators; another territory those for which it has a figure. ``words`` narrows by the names of indicator and reform.
    """
    place = {"edition": edition.id, "territory": territory}
    rows = db.session.execute(_newest_statement(), place).all()
    targets = _targets(place)
    revised = _revised(edition, place)
    wanted = fold(words).split()[:10]
    kept = []
    for row in rows:
        target = targets.get(row.indicator_id)
        has_figure = row.text is not None or target is not None
        if (has_figure or territory == FRANCE) and (not wanted or _matches(row, wanted)):
            aim, aim_date = (target.text, target.date) if target else (None, None)
            changed = revised.get(row.indicator_id, 0)
            kept.append((row, Line(row.code, row.name, row.unit, row.text, row.date, row.rate_text, aim, aim_date, changed)))
    return Overview(_grouped(kept), len(kept), len(rows))


@cache
def _newest_statement() -> Select[*tuple[Any, ...]]:
    """Every indicator of the edition, with its newest headline value in the territory if it has one."""
    return (
        select(
            EditionIndicator.indicator_id,
            EditionIndicator.name,
            EditionIndicator.name_folded,
            func.coalesce(EditionIndicator.unit_short, EditionIndicator.unit).label("unit"),
            Indicator.code,
            EditionReform.name.label("reform"),
            EditionReform.priority_code,
            EditionReform.priority_name,
            Observation.text,
            Observation.date,
            Observation.rate_text,
        )
        .join(Indicator, Indicator.id == EditionIndicator.indicator_id)
        .join(
            EditionReform,
            and_(EditionReform.edition_id == EditionIndicator.edition_id, EditionReform.reform_id == EditionIndicator.reform_id),
        )
        .outerjoin(Observation, and_(*_headline(Observation), Observation.date == _newest_date()))
        .where(EditionIndicator.edition_id == bindparam("edition"))
        .order_by(EditionReform.position, EditionIndicator.position)
    )


def _headline(observation: type[Observation]) -> Sequence[ColumnElement[bool]]:
    """The headline values of the indicator of each row, in a territory."""
    return (
        observation.edition_id == EditionIndicator.edition_id,
        observation.indicator_id == EditionIndicator.indicator_id,
        observation.territory == bindparam("territory"),
        observation.series == Series.HEADLINE,
    )


def _newest_date() -> ScalarSelect[dt.date]:
    other = aliased(Observation)
    return select(func.max(other.date)).where(*_headline(other)).correlate(EditionIndicator).scalar_subquery()


def _targets(place: dict[str, Any]) -> dict[int, Row[*tuple[Any, ...]]]:
    """By indicator, the target that lies furthest ahead."""
    rows = sorted(db.session.execute(_targets_statement(), place), key=lambda row: row.date or dt.date.min)
    return {row.indicator_id: row for row in rows}


@cache
def _targets_statement() -> Select[*tuple[Any, ...]]:
    return (
        select(Target.indicator_id, Target.text, Target.date)
        .join_from(
            EditionIndicator,
            Target,
            and_(Target.edition_id == EditionIndicator.edition_id, Target.indicator_id == EditionIndicator.indicator_id),
        )
        .where(EditionIndicator.edition_id == bindparam("edition"), Target.territory == bindparam("territory"))
    )


def _revised(edition: Edition, place: dict[str, Any]) -> dict[int, int]:
    """How many figures of each indicator this edition revised in the territory, roundings aside."""
    return {row[0]: row[1] for row in db.session.execute(_revised_statement(), place)} if edition.compared_at else {}


@cache
def _revised_statement() -> Select[int, int]:
    return (
        select(FigureRevision.indicator_id, func.count())
        .where(
            FigureRevision.edition_id == bindparam("edition"),
            FigureRevision.territory == bindparam("territory"),
            FigureRevision.size == RevisionSize.REAL,
        )
        .group_by(FigureRevision.indicator_id)
    )


def _matches(row: Row[*tuple[Any, ...]], wanted: Iterable[str]) -> bool:
    text = f"{row.name_folded} {fold(row.reform)}"
    return all(word in text for word in wanted)


def _grouped(kept: Sequence[tuple[Row[*tuple[Any, ...]], Line]]) -> Sequence[PriorityLines]:
    """Priorities by code, the one without a name last; reforms and indicators in the order of publication."""
    by_priority = sorted(kept, key=lambda pair: (pair[0].priority_name is None, pair[0].priority_code or ""))
    return [
        PriorityLines(
            priority,
            [ReformLines(reform, [line for _row, line in pairs]) for reform, pairs in groupby(rows, key=lambda pair: pair[0].reform)],
        )
        for priority, rows in groupby(by_priority, key=lambda pair: pair[0].priority_name)
    ]


def indicator(edition: Edition, code: str) -> IndicatorPage | None:
    """An indicator of a published edition, or None."""
    row = db.session.execute(_indicator_statement(), {"edition": edition.id, "code": code}).first()
    return IndicatorPage(**row._mapping) if row else None


@cache
def _indicator_statement() -> Select[*tuple[Any, ...]]:
    return (
        select(
            EditionIndicator.indicator_id,
            Indicator.code,
            EditionIndicator.name,
            EditionIndicator.unit,
            EditionIndicator.unit_short,
            EditionIndicator.tendency,
            EditionIndicator.description,
            EditionReform.name.label("reform"),
            EditionReform.priority_name.label("priority"),
            Topic.id.label("topic_id"),
            Topic.key.label("topic_key"),
            Ministry.name.label("ministry"),
        )
        .join(Indicator, Indicator.id == EditionIndicator.indicator_id)
        .join(Topic, Topic.id == Indicator.topic_id)
        .join(Reform, Reform.id == EditionIndicator.reform_id)
        .join(
            EditionReform,
            and_(EditionReform.edition_id == EditionIndicator.edition_id, EditionReform.reform_id == EditionIndicator.reform_id),
        )
        .outerjoin(Ministry, Ministry.id == Reform.ministry_id)
        .where(EditionIndicator.edition_id == bindparam("edition"), Indicator.code == bindparam("code"))
    )


def last_edition_with(barometer: Barometer, code: str) -> Edition | None:
    """The newest published edition that holds an indicator: its page outlives the indicator."""
    statement = (
        select(Edition)
        .join(EditionIndicator, EditionIndicator.edition_id == Edition.id)
        .join(Indicator, Indicator.id == EditionIndicator.indicator_id)
        .where(Edition.barometer_id == barometer.id, Edition.status == EditionStatus.PUBLISHED, Indicator.code == code)
        .order_by(Edition.date.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def figures(edition: Edition, indicator_id: int, territory: str) -> Figures:
    """All that is published about an indicator in a territory.

    A synthesis holds only the newest headline value, so the earlier ones come from the earlier published editions, and each value names
    its edition. The other series and the other format are whole in the newest edition.
    """
    place = {"edition": edition.id, "indicator": indicator_id, "territory": territory}
    headline, periodic = _observations(edition, place)
    targets, baselines = (
        [PublishedFigure(*row) for row in db.session.execute(_figures_statement(table), place)] for table in (Target, Baseline)
    )
    return Figures(headline, periodic, sorted(targets, key=lambda one: one.at or dt.date.min), baselines[0] if baselines else None)


@cache
def _figures_statement(table: type[Target] | type[Baseline]) -> Select[dt.date | None, str]:
    here = (
        table.edition_id == bindparam("edition"),
        table.indicator_id == bindparam("indicator"),
        table.territory == bindparam("territory"),
    )
    return select(table.date, table.text).where(*here)


def _observations(edition: Edition, place: dict[str, Any]) -> tuple[Sequence[PublishedValue], Sequence[PublishedValue]]:
    """The two series; where several editions give a value at a date, the newest of them is right."""
    is_synthesis = edition.format is EditionFormat.SYNTHESIS
    until = {"barometer": edition.barometer_id, "until": edition.date} if is_synthesis else {}
    found: dict[Series, dict[dt.date, PublishedValue]] = {Series.HEADLINE: {}, Series.PERIODIC: {}}
    for series, at, text, rate, published in db.session.execute(_observations_statement(earlier=is_synthesis), place | until):
        found[series][at] = PublishedValue(at, text, rate, published)
    return list(found[Series.HEADLINE].values()), list(found[Series.PERIODIC].values())


@cache
def _observations_statement(*, earlier: bool) -> Select[*tuple[Any, ...]]:
    """``earlier``: with the headline values of the editions before."""
    wanted = Observation.edition_id == bindparam("edition")
    if earlier:
        before = select(Edition.id).where(
            Edition.barometer_id == bindparam("barometer"), Edition.status == EditionStatus.PUBLISHED, Edition.date < bindparam("until")
        )
        wanted = or_(wanted, and_(Observation.edition_id.in_(before), Observation.series == Series.HEADLINE))
    return (
        select(Observation.series, Observation.date, Observation.text, Observation.rate_text, Edition.date.label("edition"))
        .join(Edition, Edition.id == Observation.edition_id)
        .where(wanted, Observation.indicator_id == bindparam("indicator"), Observation.territory == bindparam("territory"))
        .order_by(Observation.date, Edition.date)
    )
