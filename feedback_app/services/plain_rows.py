"""Reading without the ORM in between: statements of plain columns, put together once, sent as they are.

For a list of fifty lines SQLAlchemy takes several times as long as the database to answer. What is read here is compiled once in the life
of the process, goes over the connection of the session (the same transaction, the same events and errors), and comes back as the driver
gave it: only a row that somebody looks at is made into values of our types. Rows are equal when the database said the same, so that what
was drawn of them may be shown again (``web/rows.py``). The statements are kept: no value of a request belongs into one, but by
``bindparam``. What is the same each time stands in the text, where planners see it; PostgreSQL plans each statement once for a connection
(``database.PLANNED_ONCE``).
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast, overload

from sqlalchemy import BindParameter, Connection, Dialect, Enum, Integer, Select, String
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from feedback_app.database import db

T = TypeVar("T")
U = TypeVar("U")
STATEMENTS = 512
"""Statements that a process keeps as they are sent."""
_KNOWN = "plain_rows"


class Rows(Sequence[T], Generic[T]):
    """Rows of one statement. ``raw``: as the driver gave them; each is made into what the caller lists when it is asked for."""

    __slots__ = ("_make", "raw")

    def __init__(self, raw: tuple[tuple[Any, ...], ...], make: Callable[[tuple[Any, ...]], T]) -> None:
        self.raw, self._make = raw, make

    def made(self, into: Callable[[T], U]) -> Rows[U]:
        """The same rows, each made into something else. ``into``: the same function each time, and of nothing but the row."""
        return Rows(self.raw, _Chain(self._make, into))

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Rows[T]: ...
    def __getitem__(self, place: int | slice) -> T | Rows[T]:
        return Rows(self.raw[place], self._make) if isinstance(place, slice) else self._make(self.raw[place])

    def __iter__(self) -> Iterator[T]:
        return map(self._make, self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and self.raw == other.raw and self._make == other._make

    def __hash__(self) -> int:
        return hash(self.raw)


class _Chain:
    """One function after the other; equal when both are."""

    __slots__ = ("first", "second")

    def __init__(self, first: Callable[[Any], Any], second: Callable[[Any], Any]) -> None:
        self.first, self.second = first, second

    def __call__(self, raw: tuple[Any, ...]) -> Any:
        return self.second(self.first(raw))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Chain) and (self.first, self.second) == (other.first, other.second)

    __hash__ = None  # type: ignore[assignment]


class _Statement:
    """A statement as it is sent to one kind of database, with what turns values into the driver's and back."""

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        compiled = _spelled_out(statement).compile(dialect=dialect)
        binds = {name: bind.effective_value if not bind.required else None for name, bind in compiled.binds.items()}
        expanded = compiled.construct_expanded_state(binds)
        self.sql, self._places = expanded.statement, expanded.positiontup
        self._binders: dict[str, Any] = {
            **{name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()},
            **expanded.processors,  # of the members of an IN
        }
        self._asked = frozenset(name for name, bind in compiled.binds.items() if bind.required)
        self.options = {"prepare": True} if dialect.name == "postgresql" else {}
        self._known = {name: self._bound(name, value) for name, value in expanded.parameters.items() if name not in self._asked}
        columns = list(statement.selected_columns)
        names = [str(column.key) for column in columns]
        self._row: Callable[[list[Any]], Any] = _tuples(names)
        makers = ((place, column.type.dialect_impl(dialect).result_processor(dialect, None)) for place, column in enumerate(columns))
        self._makers = [(place, make) for place, make in makers if make]

    def parameters(self, values: Mapping[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        """What the driver is given. Raises ``LookupError`` when ``values`` lack some that the statement asks for."""
        if not self._asked <= values.keys():
            raise LookupError(f"the statement asks for {sorted(self._asked - values.keys())}")
        given = {**self._known, **{name: self._bound(name, values[name]) for name in self._asked}}
        return given if self._places is None else tuple(given[name] for name in self._places)

    def made(self, raw: tuple[Any, ...]) -> Any:
        """A row of values of our types, under the names of its columns."""
        values = list(raw)
        for place, make in self._makers:
            values[place] = make(values[place])
        return self._row(values)

    def _bound(self, name: str, value: Any) -> Any:
        binder = self._binders.get(name)
        return binder(value) if binder else value


def _spelled_out(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """With its constants as text: how many rows have a status, and where a list ends, decides which index is best."""

    def constant(element: Any, **_options: Any) -> Any:
        if isinstance(element, BindParameter) and not element.required and isinstance(element.type, Enum | Integer | String):
            return element.render_literal_execute()
        return None

    return cast("Select[*tuple[Any, ...]]", visitors.replacement_traverse(statement, {}, constant))


def _tuples(names: list[str]) -> Callable[[list[Any]], Any]:
    """Makes tuples whose fields have these names."""
    kind: Any = namedtuple("Row", names)  # type: ignore[misc]
    return cast("Callable[[list[Any]], Any]", kind._make)


@lru_cache(STATEMENTS)
def _prepared(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> _Statement:
    return _Statement(statement, dialect)


def read(statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None) -> Rows[Any]:
    """The rows of a statement of columns, as named tuples. ``statement``: the same object each time, kept by its caller.

    ``values``: those of its ``bindparam``s, among others. Raises ``LookupError`` when some are missing.
    """
    session = db.session()
    session.flush()  # as before any statement of the session: what was changed is seen
    connection = _connection_of(session)
    prepared = _prepared(statement, connection.dialect)
    return Rows(tuple(_sent(connection, prepared, prepared.parameters(values or {}))), prepared.made)


def _connection_of(session: Session) -> Connection:
    """Its connection, asked for once in each transaction: to find it again takes the session longer than a small statement."""
    transaction, connection = session.info.get(_KNOWN, (None, None))
    if transaction is None or transaction is not session.get_transaction():
        connection = session.connection()
        session.info[_KNOWN] = session.get_transaction(), connection
    return cast("Connection", connection)


def _sent(connection: Connection, statement: _Statement, parameters: Any) -> Sequence[tuple[Any, ...]]:
    """What the driver answers. Who listens to statements hears of this one, and errors are SQLAlchemy's, as for any other."""
    cursor: Any = connection.connection.cursor()
    sql = statement.sql
    for hear in connection.dispatch.before_cursor_execute:
        hear(connection, cursor, sql, parameters, None, False)
    dialect = connection.dialect
    try:
        cursor.execute(sql, parameters, **statement.options)
        return cast("Sequence[tuple[Any, ...]]", cursor.fetchall())
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect) from error
    finally:
        cursor.close()


def one(statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None) -> Any:
    """The only row of a statement that always has one."""
    (row,) = read(statement, values)
    return row
