"""What editions changed, as everybody may read it: on the page of an edition, in its file, and on the page of an indicator.

The revisions of an edition are public once it is published and its comparison is made; after a withdrawal before it they are hidden
until they are computed again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from feedback_app.database import db
from feedback_app.domain.barometer import EditionStatus, RevisionDirection, RevisionKind, RevisionSize, Series
from feedback_app.models import Barometer, Edition, EditionIndicator, EditionReform, FigureRevision, Indicator, Reform
from feedback_app.services.paging import Order, Page, Window, read_page

ON_AN_INDICATOR = 100
PAGE_SIZE = 50


@dataclass(frozen=True)
class Filters:
    """How the revisions of an edition are narrowed. Empty values narrow nothing; roundings are left out unless they are asked for."""

    kinds: tuple[RevisionKind, ...] = ()
    size: RevisionSize | None = RevisionSize.REAL
    direction: RevisionDirection | None = None
    reform: str | None = None
    territory: str | None = None


@dataclass(frozen=True)
class Revision:
    """One change, with the names that its edition (or, for what it left out, the one before) uses. Texts as published."""

    id: int
    kind: RevisionKind
    size: RevisionSize
    direction: RevisionDirection | None
    territory: str | None
    series: Series | None
    old_text: str | None
    new_text: str | None
    old_date: dt.date | None
    new_date: dt.date | None
    code: str
    name: str
    unit: str | None
    reform_code: str
    reform: str


@dataclass(frozen=True)
class OwnRevision:
    """One change on the page of its indicator, and the edition that made it."""

    kind: RevisionKind
    direction: RevisionDirection | None
    territory: str | None
    series: Series | None
    old_text: str | None
    new_text: str | None
    old_date: dt.date | None
    new_date: dt.date | None
    edition: dt.date


def listed(edition: Edition, filters: Filters, window: Window) -> Page[Revision]:
    """One page of an edition's revisions, the most telling first."""
    order = Order((FigureRevision.id,), _parse_id, lambda revision: str(revision.id))
    return read_page(_described(edition, filters), order, window, item=_revision)


def _parse_id(cursor: str) -> tuple[int]:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise ValueError(cursor)
    return (int(cursor),)


def every(edition: Edition, filters: Filters) -> Iterator[Revision]:
    """All of them, for a file."""
    statement = _described(edition, filters).order_by(FigureRevision.id).execution_options(yield_per=1000)
    return map(_revision, db.session.execute(statement))


def count(edition: Edition, filters: Filters) -> int:
    """How many match."""
    return db.session.scalar(_described(edition, filters).with_only_columns(func.count())) or 0


def counts(edition: Edition) -> dict[tuple[RevisionKind, RevisionSize], int]:
    """How many revisions of each kind and size an edition made."""
    statement = (
        select(FigureRevision.kind, FigureRevision.size, func.count())
        .where(FigureRevision.edition_id == edition.id)
        .group_by(FigureRevision.kind, FigureRevision.size)
    )
    return {(kind, size): number for kind, size, number in db.session.execute(statement)} if is_known(edition) else {}


def is_known(edition: Edition) -> bool:
    """Whether what an edition changed is computed and public. The first edition of a barometer changed nothing."""
    return edition.status is EditionStatus.PUBLISHED and edition.compared_at is not None


def _revision(row: Row[*tuple[Any, ...]]) -> Revision:
    return Revision(**row._mapping)


def _described(edition: Edition, filters: Filters) -> Select[*tuple[Any, ...]]:
    now, before = aliased(EditionIndicator), aliased(EditionIndicator)
    reform_now, reform_before = aliased(EditionReform), aliased(EditionReform)
    reform_id = func.coalesce(now.reform_id, before.reform_id)
    statement = (
        select(
            FigureRevision.id,
            FigureRevision.kind,
            FigureRevision.size,
            FigureRevision.direction,
            FigureRevision.territory,
            FigureRevision.series,
            FigureRevision.old_text,
            FigureRevision.new_text,
            FigureRevision.old_date,
            FigureRevision.new_date,
            Indicator.code,
            func.coalesce(now.name, before.name).label("name"),
            func.coalesce(now.unit_short, now.unit, before.unit_short, before.unit).label("unit"),
            Reform.code.label("reform_code"),
            func.coalesce(reform_now.name, reform_before.name, Reform.name).label("reform"),
        )
        .join(Indicator, Indicator.id == FigureRevision.indicator_id)
        .outerjoin(now, and_(now.edition_id == edition.id, now.indicator_id == FigureRevision.indicator_id))
        .outerjoin(before, and_(before.edition_id == edition.compared_with_id, before.indicator_id == FigureRevision.indicator_id))
        .join(Reform, Reform.id == reform_id)
        .outerjoin(reform_now, and_(reform_now.edition_id == edition.id, reform_now.reform_id == reform_id))
        .outerjoin(reform_before, and_(reform_before.edition_id == edition.compared_with_id, reform_before.reform_id == reform_id))
        .where(FigureRevision.edition_id == (edition.id if is_known(edition) else 0))
    )
    if filters.kinds:
        statement = statement.where(FigureRevision.kind.in_(filters.kinds))
    if filters.size:
        statement = statement.where(FigureRevision.size == filters.size)
    if filters.direction:
        statement = statement.where(FigureRevision.direction == filters.direction)
    if filters.territory:
        statement = statement.where(FigureRevision.territory == filters.territory)
    return statement.where(Reform.code == filters.reform) if filters.reform else statement


def of_indicator(indicator_id: int, territory: str) -> Sequence[OwnRevision]:
    """What published editions changed on an indicator in a territory (or everywhere), roundings aside: the newest edition first."""
    rows = db.session.execute(_own_statement(), {"indicator": indicator_id, "territory": territory})
    return [OwnRevision(*row) for row in rows]


@cache
def _own_statement() -> Select[*tuple[Any, ...]]:
    """Built once for the life of the process."""
    return (
        select(
            FigureRevision.kind,
            FigureRevision.direction,
            FigureRevision.territory,
            FigureRevision.series,
            FigureRevision.old_text,
            FigureRevision.new_text,
            FigureRevision.old_date,
            FigureRevision.new_date,
            Edition.date.label("edition"),
        )
        .join(Edition, Edition.id == FigureRevision.edition_id)
        .where(
            FigureRevision.indicator_id == bindparam("indicator"),
            or_(FigureRevision.territory == bindparam("territory"), FigureRevision.territory.is_(None)),
            FigureRevision.size == RevisionSize.REAL,
            Edition.status == EditionStatus.PUBLISHED,
            Edition.compared_at.is_not(None),
        )
        .order_by(Edition.date.desc(), FigureRevision.id)
        .limit(ON_AN_INDICATOR)
    )


def reforms(edition: Edition) -> Sequence[Row[str, str]]:
    """The reforms of an edition, code and name, in its order: what its revisions may be narrowed to."""
    statement = (
        select(Reform.code, EditionReform.name)
        .join(Reform, Reform.id == EditionReform.reform_id)
        .where(EditionReform.edition_id == edition.id)
        .order_by(EditionReform.position)
    )
    return db.session.execute(statement).all()


def editions(barometer: Barometer) -> Sequence[Edition]:
    """The editions of a barometer that pages list: published ones and withdrawn ones (whose page gives the reason), the newest first."""
    statement = (
        select(Edition)
        .where(Edition.barometer_id == barometer.id, Edition.status.in_([EditionStatus.PUBLISHED, EditionStatus.WITHDRAWN]))
        .order_by(Edition.date.desc(), Edition.number.desc())
    )
    return db.session.scalars(statement).all()


def real_counts(editions: Sequence[Edition]) -> dict[int, int]:
    """How many real changes each of these editions made, where that is known."""
    known = [edition.id for edition in editions if is_known(edition)]
    statement = (
        select(FigureRevision.edition_id, func.count())
        .where(FigureRevision.edition_id.in_(known), FigureRevision.size == RevisionSize.REAL)
        .group_by(FigureRevision.edition_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}
