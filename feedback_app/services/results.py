"""What the public pages read of a barometer: the figures of its newest published edition, by territory and by indicator.

Only published editions are read here; a draft's or a withdrawn edition's figures have no way out. The number of statements is the same
whatever the volume.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import aliased

from feedback_app.database import db
from feedback_app.domain.barometer import EditionFormat, EditionStatus, RevisionSize, Series, Tendency
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
    tendency: Tendency | None
    value: str | None
    at: dt.date | None
    rate: str | None
    target: str | None = None
    target_date: dt.date | None = None
    revisions: int = 0


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


def active_slug() -> str | None:
    """The barometer that the menu leads to: the active one, once an edition of it was published."""
    published = select(Edition.id).where(Edition.barometer_id == Barometer.id, Edition.status == EditionStatus.PUBLISHED)
    return db.session.scalar(select(Barometer.slug).where(Barometer.active, published.exists()))


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
    is_published = Edition.status == EditionStatus.PUBLISHED
    statement = (
        select(Barometer, Edition)
        .join(Edition, Edition.barometer_id == Barometer.id)
        .where(Barometer.slug == slug, Edition.status.in_([EditionStatus.PUBLISHED, EditionStatus.WITHDRAWN]))
        .order_by(is_published.desc(), Edition.date.desc(), Edition.number.desc())
        .limit(1)
    )
    found = db.session.execute(statement).first()
    return (found[0], found[1]) if found else None


def overview(edition: Edition, territory: str, words: str = "") -> Overview:
    """The newest figures of every indicator in a territory, by priority and reform.

    France lists all indicators; another territory those for which it has a figure. ``words`` narrows by the names of indicator and reform.
    """
    rows = _newest(edition, territory)
    targets = _targets(edition, territory)
    revised = _revised(edition, territory)
    wanted = fold(words).split()[:10]
    kept = []
    for row in rows:
        target = targets.get(row.indicator_id)
        has_figure = row.text is not None or target is not None
        if (has_figure or territory == "FRANCE") and (not wanted or _matches(row, wanted)):
            line = Line(row.code, row.name, row.unit, row.tendency, row.text, row.date, row.rate_text)
            if target:
                line = replace(line, target=target.text, target_date=target.date)
            kept.append((row, replace(line, revisions=revised[row.indicator_id]) if row.indicator_id in revised else line))
    return Overview(_grouped(kept), len(kept), len(rows))


def _newest(edition: Edition, territory: str) -> Sequence[Row[*tuple[object, ...]]]:
    """Every indicator of the edition, with its newest headline value in the territory if it has one."""
    statement = (
        select(
            EditionIndicator.indicator_id,
            EditionIndicator.name,
            EditionIndicator.name_folded,
            func.coalesce(EditionIndicator.unit_short, EditionIndicator.unit).label("unit"),
            EditionIndicator.tendency,
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
        .outerjoin(Observation, and_(*_headline(Observation, territory), Observation.date == _newest_date(territory)))
        .where(EditionIndicator.edition_id == edition.id)
        .order_by(EditionReform.position, EditionIndicator.position)
    )
    return db.session.execute(statement).all()


def _headline(observation: type[Observation], territory: str) -> Sequence[ColumnElement[bool]]:
    """The headline values of the indicator of each row, in a territory."""
    return (
        observation.edition_id == EditionIndicator.edition_id,
        observation.indicator_id == EditionIndicator.indicator_id,
        observation.territory == territory,
        observation.series == Series.HEADLINE,
    )


def _newest_date(territory: str) -> ScalarSelect[dt.date]:
    other = aliased(Observation)
    return select(func.max(other.date)).where(*_headline(other, territory)).correlate(EditionIndicator).scalar_subquery()


def _targets(edition: Edition, territory: str) -> dict[int, Row[*tuple[object, ...]]]:
    """By indicator, the target that lies furthest ahead."""
    statement = (
        select(Target.indicator_id, Target.text, Target.date)
        .join_from(
            EditionIndicator,
            Target,
            and_(Target.edition_id == EditionIndicator.edition_id, Target.indicator_id == EditionIndicator.indicator_id),
        )
        .where(EditionIndicator.edition_id == edition.id, Target.territory == territory)
    )
    rows = sorted(db.session.execute(statement), key=lambda row: row.date or dt.date.min)
    return {row.indicator_id: row for row in rows}


def _revised(edition: Edition, territory: str) -> dict[int, int]:
    """How many figures of each indicator this edition revised in the territory, roundings aside."""
    if edition.compared_at is None:
        return {}
    statement = (
        select(FigureRevision.indicator_id, func.count())
        .where(FigureRevision.edition_id == edition.id, FigureRevision.territory == territory, FigureRevision.size == RevisionSize.REAL)
        .group_by(FigureRevision.indicator_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _matches(row: Row[*tuple[object, ...]], wanted: Iterable[str]) -> bool:
    text = f"{row.name_folded} {fold(row.reform)}"
    return all(word in text for word in wanted)


def _grouped(kept: Sequence[tuple[Row[*tuple[object, ...]], Line]]) -> Sequence[PriorityLines]:
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
    statement = (
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
        .join(EditionReform, and_(EditionReform.edition_id == edition.id, EditionReform.reform_id == EditionIndicator.reform_id))
        .outerjoin(Ministry, Ministry.id == Reform.ministry_id)
        .where(EditionIndicator.edition_id == edition.id, Indicator.code == code)
    )
    row = db.session.execute(statement).first()
    return IndicatorPage(**row._mapping) if row else None


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
    headline, periodic = _observations(edition, indicator_id, territory)
    return Figures(headline, periodic, *_aims(edition, indicator_id, territory))


def _observations(edition: Edition, indicator_id: int, territory: str) -> tuple[Sequence[PublishedValue], Sequence[PublishedValue]]:
    of_this = Observation.edition_id == edition.id
    if edition.format is EditionFormat.SYNTHESIS:
        earlier = select(Edition.id).where(
            Edition.barometer_id == edition.barometer_id, Edition.status == EditionStatus.PUBLISHED, Edition.date < edition.date
        )
        of_this = or_(of_this, and_(Observation.edition_id.in_(earlier), Observation.series == Series.HEADLINE))
    statement = (
        select(Observation.series, Observation.date, Observation.text, Observation.rate_text, Edition.date.label("edition"))
        .join(Edition, Edition.id == Observation.edition_id)
        .where(of_this, Observation.indicator_id == indicator_id, Observation.territory == territory)
        .order_by(Observation.date, Edition.date)
    )
    found: dict[Series, dict[dt.date, PublishedValue]] = {Series.HEADLINE: {}, Series.PERIODIC: {}}
    for series, at, text, rate, published in db.session.execute(statement):
        found[series][at] = PublishedValue(at, text, rate, published)
    return list(found[Series.HEADLINE].values()), list(found[Series.PERIODIC].values())


def _aims(edition: Edition, indicator_id: int, territory: str) -> tuple[Sequence[PublishedFigure], PublishedFigure | None]:
    """The targets, those without a date first, then by date; the baseline."""
    found = [
        [
            PublishedFigure(*row)
            for row in db.session.execute(
                select(table.date, table.text).where(
                    table.edition_id == edition.id, table.indicator_id == indicator_id, table.territory == territory
                )
            )
        ]
        for table in (Target, Baseline)
    ]
    targets, baselines = found
    return sorted(targets, key=lambda target: target.at or dt.date.min), baselines[0] if baselines else None
