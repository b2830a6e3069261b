"""Keyset pagination: a list goes on *after* or *before* a row, so that page 400 costs what page 1 costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, bindparam, select, tuple_

from feedback_app.database import db
from feedback_app.services import plain_rows

T = TypeVar("T")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Window:
    """Which part of a list is asked for: ``after`` or ``before`` a cursor, at most ``size`` rows."""

    after: str | None = None
    before: str | None = None
    size: int = 20


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of a list, with the cursors of its neighbours (None: there is none)."""

    items: Sequence[T]
    next_after: str | None = None
    previous_before: str | None = None


@dataclass(frozen=True)
class Order:
    """The columns of a total order, all in one direction, and how their values travel in an address."""

    columns: tuple[ColumnElement[Any] | Any, ...]
    parse: Callable[[str], tuple[Any, ...]]
    write: Callable[[Any], str]
    descending: bool = False


def read_page(
    statement: Select[*tuple[Any, ...]],
    order: Order,
    window: Window,
    *,
    item: Callable[[Row[*tuple[Any, ...]]], T],
    among: Select[int] | None = None,
) -> Page[T]:
    """One page of ``statement``, ``item`` making each row into what the caller lists. A cursor nobody can read gives the first page.

    ``among``: the ids (the last column of the order) of the rows that the list has. The page is then found among them first, so that what
    has to be sorted is as narrow as an index; ``statement`` reads those rows whole.
    """
    position, backwards = _asked(order, window)
    downwards = order.descending != backwards
    found: Select[*tuple[Any, ...]] = statement if among is None else among
    if position is not None:
        columns = tuple_(*order.columns)
        found = found.where(columns < tuple_(*position) if downwards else columns > tuple_(*position))
    by = [column.desc() if downwards else column.asc() for column in order.columns]
    found = found.order_by(*by).limit(window.size + 1)
    rows = list(db.session.execute(found if among is None else statement.where(order.columns[-1].in_(found)).order_by(*by)))
    more, rows = len(rows) > window.size, rows[: window.size]
    items = tuple(item(row) for row in (reversed(rows) if backwards else rows))
    return _page(items, order, more=more, positioned=position is not None, backwards=backwards)


def read_plain_page(
    statement: Select[*tuple[Any, ...]],
    order: Order,
    window: Window,
    *,
    item: Callable[[Any], T],
    values: Mapping[str, Any],
    among: Select[int] | None = None,
) -> Page[T]:
    """The same without the ORM in between (``plain_rows``): of statements that their callers keep, with the ``values`` that they ask for.

    ``order``, ``item``: kept as well, so that the rows of two pages are equal when the database said the same.
    """
    position, backwards = _asked(order, window)
    sent = _windowed(statement, among, order, position is not None, backwards, window.size)
    places = {f"position_{place}": value for place, value in enumerate(position or ())}
    rows = plain_rows.read(sent, {**values, **places})
    more, rows = len(rows) > window.size, rows[: window.size]
    items = (rows[::-1] if backwards else rows).made(item)
    return _page(items, order, more=more, positioned=position is not None, backwards=backwards)


@lru_cache(plain_rows.STATEMENTS)
def _windowed(
    statement: Select[*tuple[Any, ...]], among: Select[int] | None, order: Order, positioned: bool, backwards: bool, size: int
) -> Select[*tuple[Any, ...]]:
    downwards = order.descending != backwards
    found: Select[*tuple[Any, ...]] = statement if among is None else among
    if positioned:
        columns = tuple_(*order.columns)
        position = tuple_(*(bindparam(f"position_{place}", type_=column.type) for place, column in enumerate(order.columns)))
        found = found.where(columns < position if downwards else columns > position)
    by = [column.desc() if downwards else column.asc() for column in order.columns]
    found = found.order_by(*by).limit(size + 1)
    return found if among is None else statement.where(order.columns[-1].in_(found)).order_by(*by)


def _asked(order: Order, window: Window) -> tuple[tuple[Any, ...] | None, bool]:
    """Where the page begins, and whether it goes backwards from there."""
    backwards = window.before is not None and _position(order, window.before) is not None
    return _position(order, window.before if backwards else window.after), backwards


def _page(items: Sequence[T], order: Order, *, more: bool, positioned: bool, backwards: bool) -> Page[T]:
    if not items:
        return Page(items)
    has_next = backwards or more
    has_previous = more if backwards else positioned
    return Page(items, order.write(items[-1]) if has_next else None, order.write(items[0]) if has_previous else None)


def cut(items: Sequence[T], order: Order, window: Window) -> Page[T]:
    """The same of a list that was read whole and is in its ``order``."""
    backwards = window.before is not None and _position(order, window.before) is not None
    position = _position(order, window.before if backwards else window.after)
    places = [order.parse(order.write(item)) for item in items]
    start = 0
    if position is not None:
        reached = sum(place > position if order.descending else place < position for place in places)
        start = max(0, reached - window.size) if backwards else reached + (position in places)
    end = reached if position is not None and backwards else start + window.size
    shown = items[start:end]
    if not shown:
        return Page(shown)
    has_next = backwards or end < len(items)
    has_previous = start > 0 if backwards else position is not None
    return Page(shown, order.write(shown[-1]) if has_next else None, order.write(shown[0]) if has_previous else None)


def _position(order: Order, cursor: str | None) -> tuple[Any, ...] | None:
    if not cursor or len(cursor) > 60:
        return None
    try:
        return order.parse(cursor)
    except (ValueError, OverflowError):
        return None


def write_moment(at: datetime, row_id: int) -> str:
    """A cursor made of a time and an id."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}.{row_id}"


def parse_moment(cursor: str) -> tuple[datetime, int]:
    """The time and id of such a cursor. Raises ``ValueError``."""
    micros, row_id = cursor.split(".")
    if not (micros.isascii() and micros.isdigit() and row_id.isascii() and row_id.isdigit() and len(row_id) < 19):
        raise ValueError(cursor)
    return EPOCH + timedelta(microseconds=int(micros)), int(row_id)


def by_name(model: Any) -> Order:
    """In the order of folded names. The cursor is the row's id alone: a name may be longer than an address should be."""

    def parse(cursor: str) -> tuple[str, int]:
        (row_id,) = parse_number(cursor)
        name = db.session.scalar(select(model.name_folded).where(model.id == row_id))
        if name is None:
            raise ValueError(cursor)
        return name, row_id

    return Order((model.name_folded, model.id), parse, lambda line: str(line.id))


def parse_number(cursor: str) -> tuple[int]:
    """A cursor that is one small number. Raises ``ValueError``."""
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise ValueError(cursor)
    return (int(cursor),)
