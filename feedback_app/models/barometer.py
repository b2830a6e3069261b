"""The barometer of the results of public action, edition by edition (ADR 0008).

How to read it. The edition that pages show is ``Edition.status == PUBLISHED`` with the newest ``date`` of its barometer; a draft,
half-written or whole, and a withdrawn edition never show their figures. Everything published hangs on one edition:

- names, units, tendencies: ``EditionIndicator`` and ``EditionReform`` (as that edition wrote them), never ``Indicator`` or ``Reform``;
- one indicator in one territory: ``edition_id``, ``indicator_id``, ``territory`` are the beginning of the unique index of
  ``Observation``, ``Target`` and ``Baseline``: each is one seek, the observations in order of date inside a series;
- all indicators of a territory: join from ``EditionIndicator`` (one seek per indicator), one statement per table. The newest
  observation carries the achievement rate as published;
- what changed: ``FigureRevision`` by ``edition_id`` (ordered by ``id``: the most telling first, so that ``id`` is the cursor), or by
  ``indicator_id`` and ``territory`` across editions; leave out the editions that are not published, and size ``rounding`` by default.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.barometer import (
    EditionFormat,
    EditionStatus,
    RevisionDirection,
    RevisionKind,
    RevisionSize,
    Series,
    Tendency,
)
from feedback_app.models.organisation import Ministry
from feedback_app.models.topic import Topic


def _of_an_edition_s_indicator() -> ForeignKeyConstraint:
    """A figure belongs to the indicator *of its edition*: dropping a draft's indicator drops its figures."""
    columns = ["edition_id", "indicator_id"]
    return ForeignKeyConstraint(columns, [f"edition_indicator.{name}" for name in columns], ondelete="CASCADE")


class Barometer(Model):
    """A series of editions with reforms and indicators of its own. One is active; the others are archived, and stay readable."""

    __table_args__ = (
        Index("uq_barometer_active", "active", unique=True, sqlite_where=text("active"), postgresql_where=text("active")),
        NEVER_REUSE_IDS,
    )

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    active: Mapped[bool]
    created_at: Mapped[dt.datetime]


class Reform(Model):
    """A reform across editions: what its ministry is mapped to. None: nobody yet, the coordinator routes. ``name``: the newest."""

    __table_args__ = (UniqueConstraint("barometer_id", "code"), NEVER_REUSE_IDS)

    barometer_id: Mapped[int] = mapped_column(ForeignKey("barometer.id"))
    code: Mapped[str]
    name: Mapped[str]
    ministry_id: Mapped[int | None] = mapped_column(ForeignKey("ministry.id"), index=True)

    barometer: Mapped[Barometer] = relationship()
    ministry: Mapped[Ministry | None] = relationship()


class Indicator(Model):
    """An indicator across editions: its permanent code and, once an edition with it was published, its topic."""

    __table_args__ = (UniqueConstraint("barometer_id", "code"), NEVER_REUSE_IDS)

    barometer_id: Mapped[int] = mapped_column(ForeignKey("barometer.id"))
    code: Mapped[str]
    reform_id: Mapped[int] = mapped_column(ForeignKey("reform.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), unique=True)

    barometer: Mapped[Barometer] = relationship()
    reform: Mapped[Reform] = relationship()
    topic: Mapped[Topic | None] = relationship()


class Edition(Model):
    """One update of a barometer, kept whole for ever. ``number`` tells apart several of one date (a withdrawn one and its replacement).

    ``completed_at``: when the last row of the draft was written; ``compared_with_id``: the edition that its revisions compare it with,
    ``compared_at`` None while they are not computed. ``indicator_count`` and the like are what its file held.
    """

    __table_args__ = (
        UniqueConstraint("barometer_id", "date", "number"),
        Index(None, "barometer_id", "status", "date"),
        NEVER_REUSE_IDS,
    )

    barometer_id: Mapped[int] = mapped_column(ForeignKey("barometer.id"))
    date: Mapped[dt.date]
    number: Mapped[int]
    format: Mapped[EditionFormat]
    status: Mapped[EditionStatus]
    digest: Mapped[str]
    warnings: Mapped[list[str]]
    indicator_count: Mapped[int]
    territory_count: Mapped[int]
    observation_count: Mapped[int]
    target_count: Mapped[int]
    baseline_count: Mapped[int]
    created_at: Mapped[dt.datetime]
    completed_at: Mapped[dt.datetime | None]
    compared_with_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    compared_at: Mapped[dt.datetime | None]
    new_observation_count: Mapped[int | None]
    published_at: Mapped[dt.datetime | None]
    withdrawn_at: Mapped[dt.datetime | None]

    barometer: Mapped[Barometer] = relationship()
    compared_with: Mapped[Edition | None] = relationship(remote_side="Edition.id")
    withdrawal: Mapped[EditionWithdrawal | None] = relationship(back_populates="edition")


class EditionWithdrawal(Model):
    """Why a published edition was withdrawn: a public text in a row of its own, outside the trace."""

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), unique=True)
    reason: Mapped[str]
    at: Mapped[dt.datetime]

    edition: Mapped[Edition] = relationship(back_populates="withdrawal")


class EditionReform(Model):
    """A reform as an edition names it, with its priority (None: not specified), in the order of publication."""

    __table_args__ = (UniqueConstraint("edition_id", "reform_id"), NEVER_REUSE_IDS)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    reform_id: Mapped[int] = mapped_column(ForeignKey("reform.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    priority_code: Mapped[str | None]
    priority_name: Mapped[str | None]

    reform: Mapped[Reform] = relationship()


class EditionIndicator(Model):
    """An indicator as an edition describes it, in the order of publication."""

    __table_args__ = (UniqueConstraint("edition_id", "indicator_id"), NEVER_REUSE_IDS)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    reform_id: Mapped[int] = mapped_column(ForeignKey("reform.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    name_folded: Mapped[str]
    unit: Mapped[str | None]
    unit_short: Mapped[str | None]
    tendency: Mapped[Tendency | None]
    description: Mapped[str | None]
    theme: Mapped[str | None]
    verb: Mapped[str | None]

    indicator: Mapped[Indicator] = relationship()
    reform: Mapped[Reform] = relationship()


class Observation(Model):
    """A value as published, with the achievement rate that was published beside it (percent; usually at the newest date only)."""

    __table_args__ = (
        UniqueConstraint("edition_id", "indicator_id", "territory", "series", "date"),
        _of_an_edition_s_indicator(),
        NEVER_REUSE_IDS,
    )

    edition_id: Mapped[int]
    indicator_id: Mapped[int]
    territory: Mapped[str]
    series: Mapped[Series]
    date: Mapped[dt.date]
    text: Mapped[str]
    number: Mapped[float]
    rate_text: Mapped[str | None]
    rate: Mapped[float | None]


class Target(Model):
    """A value to reach, as published; several dates are possible, and a target may lack its date."""

    __table_args__ = (
        UniqueConstraint("edition_id", "indicator_id", "territory", "date"),
        _of_an_edition_s_indicator(),
        NEVER_REUSE_IDS,
    )

    edition_id: Mapped[int]
    indicator_id: Mapped[int]
    territory: Mapped[str]
    date: Mapped[dt.date | None]
    text: Mapped[str]
    number: Mapped[float]


class Baseline(Model):
    """The initial value as published; it may lack its date."""

    __table_args__ = (
        UniqueConstraint("edition_id", "indicator_id", "territory"),
        _of_an_edition_s_indicator(),
        NEVER_REUSE_IDS,
    )

    edition_id: Mapped[int]
    indicator_id: Mapped[int]
    territory: Mapped[str]
    date: Mapped[dt.date | None]
    text: Mapped[str]
    number: Mapped[float]


class FigureRevision(Model):
    """What an edition changed, compared with the published one before it (``Edition.compared_with``).

    ``territory`` is None for what happened to the indicator itself; ``series`` is for observations only. Old or new is None for what
    was added or removed. For a change of name, unit or direction the texts are the two names, units or tendencies.
    """

    __table_args__ = (
        Index(None, "edition_id", "size", "id"),
        Index(None, "edition_id", "kind", "id"),
        Index(None, "edition_id", "territory", "id"),
        Index(None, "indicator_id", "territory", "id"),
        NEVER_REUSE_IDS,
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    kind: Mapped[RevisionKind]
    size: Mapped[RevisionSize]
    direction: Mapped[RevisionDirection | None]
    territory: Mapped[str | None]
    series: Mapped[Series | None]
    old_text: Mapped[str | None]
    new_text: Mapped[str | None]
    old_number: Mapped[float | None]
    new_number: Mapped[float | None]
    old_date: Mapped[dt.date | None]
    new_date: Mapped[dt.date | None]

    edition: Mapped[Edition] = relationship()
    indicator: Mapped[Indicator] = relationship()
