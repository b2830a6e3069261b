"""The database as every layer sees it: declarative base, column types, and what SQLite needs to be durable and fair.

Nobody below ``web``, ``cli`` and ``jobs`` opens or ends a transaction: a request has one (``web/transaction.py``),
commands and jobs use ``unit_of_work``, for long work ``work_through``.
"""

from __future__ import annotations

import enum
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    RelationshipDirection,
    Session,
    make_transient_to_detached,
    mapped_column,
    object_mapper,
    registry,
)
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.schema import ScalarElementColumnDefault

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_SECONDS = 15
LONGEST_PAUSE_SECONDS = 0.1
BEGIN_OPTION = "sqlite_begin"
PLANNED_ONCE = 300
"""Statements whose plan a connection to PostgreSQL keeps: those of ``services/plain_rows.py``, made to be planned without their values."""
_NEVER = 1_000_000_000  # all others are planned for the values that they come with
_READS = "only_reads"

# Ids are never used again, even after a deletion: a past event or log row must not point at somebody else.
NEVER_REUSE_IDS = {"sqlite_autoincrement": True}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, UTC in the database and in Python. A naive one is refused: nobody can tell which hour it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: give it a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(enum_class: type[enum.Enum]) -> list[str]:
    return [member.value for member in enum_class]


class Base(DeclarativeBase):
    """Every table has an id of its own and the column types below. (Flask-SQLAlchemy wants the type map on an explicit registry.)"""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            str: Text,
            int: BigInteger().with_variant(Integer, "sqlite"),
            datetime: UTCDateTime,
            list[str]: JSON,
            # Forty characters of plain text: a new member of an enumeration needs no migration.
            enum.Enum: Enum(enum.Enum, native_enum=False, length=40, create_constraint=False, values_callable=_values),
        },
    )
    __table_args__: Any = NEVER_REUSE_IDS

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class aside(FunctionElement[Any]):  # noqa: N801 - read as a function of SQL
    """The same value, in a condition for which SQLite shall not choose the index: another one finds fewer rows, or has them in order."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any] | Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(aside)
def _as_it_is(element: aside, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(aside, "sqlite")
def _aside_of_indexes(element: aside, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


@event.listens_for(Engine, "connect")
def _prepare_postgresql(dbapi_connection: Any, _record: object) -> None:
    if isinstance(dbapi_connection, sqlite3.Connection):
        return
    dbapi_connection.prepared_max, dbapi_connection.prepare_threshold = PLANNED_ONCE, _NEVER
    before, dbapi_connection.autocommit = dbapi_connection.autocommit, True
    # No page asks for so much that compiling the statement would be worth it; PostgreSQL thinks so of counts that stop early.
    dbapi_connection.execute("SET plan_cache_mode = force_generic_plan; SET jit = off")
    dbapi_connection.autocommit = before


@event.listens_for(Engine, "connect")
def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    if not isinstance(dbapi_connection, sqlite3.Connection):
        return
    # Python's driver must not open transactions by itself: ``_begin_sqlite`` says which kind.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE would get past the append-only trigger
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        _may_write(connection, True)
    else:
        how = connection.get_execution_options().get(BEGIN_OPTION)
        if how:
            connection.exec_driver_sql(f"BEGIN {how}")
        else:  # waits for nobody, so nothing is wrong yet that SQLAlchemy should put in its words: every page begins so
            connection.connection.cursor().execute("BEGIN DEFERRED")


def _may_write(connection: Connection, may: bool) -> None:
    raw: Any = connection.connection.driver_connection
    if bool(raw.read_only) is may:
        raw.read_only = not may


@event.listens_for(db.session, "after_begin")
def _only_read(session: Session, _transaction: object, connection: Connection) -> None:
    if session.info.get(_READS) and connection.dialect.name == "postgresql":
        _may_write(connection, False)


def begin_reading() -> None:
    """Say that all there is to do until ``end_reading`` is to read. Nothing is opened yet: many pages ask the database for nothing.

    PostgreSQL is told when the transaction begins, and refuses to write in it.
    """
    session = db.session()
    if not session.in_transaction():
        session.info[_READS] = True


def end_reading() -> None:
    """End a transaction that could only read, on PostgreSQL by a commit.

    At a rollback the driver forgets which statements the server has prepared. It would put together how to answer each of them again for
    every page, which takes longer than to answer: three quarters of the time of a desk.
    """
    if not db.session.registry.has():
        return
    session = db.session()
    if session.info.pop(_READS, False) and session.in_transaction():
        clean = session.is_active and not (session.new or session.dirty or session.deleted)
        if clean and session.get_bind().dialect.name == "postgresql":
            with suppress(DBAPIError):  # what was read was read, though the server went away since
                session.commit()
                return
        session.rollback()


def begin_writing() -> None:
    """Open the transaction of a unit of work that will write. Call it before any read.

    On SQLite a transaction that reads first and writes later fails at once when somebody wrote in between ("database is
    locked"), whatever the busy timeout; one that says so at its beginning waits its turn. Raises ``RuntimeError`` when a
    transaction is open already.
    """
    if db.session().in_transaction():
        raise RuntimeError("begin_writing() after the first read: call it before")
    db.session.info.pop(_READS, None)
    options = {BEGIN_OPTION: "IMMEDIATE"} if db.engine.dialect.name == "sqlite" else {}
    db.session.connection(execution_options=options)


@contextmanager
def short_transaction(*, durable: bool = True) -> Iterator[Connection]:
    """A writing transaction of its own, beside the session's, for what must stay whatever becomes of the request: counts, marks.

    Never while the session of this request writes: on SQLite each would wait for the other. ``durable`` False: a power cut may lose it
    (and nothing else), so on SQLite nobody waits for the disk: a count is not worth what a text is.
    """
    options = {BEGIN_OPTION: "IMMEDIATE"} if db.engine.dialect.name == "sqlite" else {}
    with db.engine.connect().execution_options(**options) as connection, _synchronous(connection, durable), connection.begin():
        yield connection


@contextmanager
def _synchronous(connection: Connection, durable: bool) -> Iterator[None]:
    raw = connection.connection.driver_connection
    if durable or not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        raw.execute("PRAGMA synchronous=FULL")


def insert_at_once(row: Base) -> bool:
    """Write a new row now; it is in the session afterwards, as if it had been read. False: a unique key of it is taken, nothing is written.

    For what every form writes: a flush of the ORM takes several times as long, and needs a savepoint where a key may be taken. What the row
    refers to has its id already.
    """
    mapper = object_mapper(row)
    for relation in mapper.relationships:
        other = row.__dict__.get(relation.key)
        if other is not None and relation.direction is RelationshipDirection.MANYTOONE:
            for local, remote in relation.local_remote_pairs or ():
                setattr(row, mapper.get_property_by_column(local).key, getattr(other, str(remote.key)))
    for column in mapper.columns:
        if column.key != "id" and column.key not in row.__dict__:
            setattr(row, column.key, column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None)
    values = {column.key: row.__dict__[column.key] for column in mapper.columns if column.key != "id"}
    connection = db.session.connection()
    row_id = connection.execute(_insert_into(type(row), connection.dialect.name), values).scalar_one_or_none()
    if row_id is None:
        return False
    row.id = row_id
    make_transient_to_detached(row)  # all that was set counts as read
    db.session.add(row)
    return True


@cache
def _insert_into(model: type[Base], dialect: str) -> ReturningInsert[int]:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(model.__table__).on_conflict_do_nothing().returning(model.__table__.c.id)  # type: ignore[arg-type]


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One writing transaction for a command or a job: committed at the end, rolled back on any exception."""
    begin_writing()
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def scrub() -> bool:
    """Wipe what deletions left in the file of a SQLite database. Outside any transaction. False: somebody was reading, try again.

    ``secure_delete`` is not enough: when pages are balanced, a few copies of a row stay in their unused space (one in a thousand
    deletions, measured), and the write-ahead log holds the pages as they were. VACUUM writes the live rows into fresh pages; the
    checkpoint empties the log. PostgreSQL reuses the space of dead rows by itself, and no dump holds them.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = cursor.fetchone()
        return found is not None and found[0] == 0
    finally:
        connection.close()


@contextmanager
def unit_of_reading() -> Iterator[None]:
    """A transaction of a command or a job that only reads: nobody waits for it, and nothing is kept of it."""
    try:
        yield
    finally:
        db.session.rollback()


@dataclass(frozen=True)
class Batch:
    """One step of long work that is cut into short transactions. ``run`` is called inside a transaction and does not end it.

    ``rows``: how much of the work it is, for a progress bar; ``writes`` False: a transaction that only reads will do.
    """

    run: Callable[[], object]
    rows: int = 0
    writes: bool = True


def work_through(batches: Iterable[Batch], after_each: Callable[[Batch], object] = lambda _batch: None) -> None:
    """Run each batch in a transaction of its own, so that people who post meanwhile wait for one batch at most.

    After each that wrote it stands back for as long as it took: on SQLite whoever waits for the one writer asks again and again, and
    would else find the door shut each time.
    """
    for batch in batches:
        started = time.monotonic()
        with unit_of_work() if batch.writes else unit_of_reading():
            batch.run()
        if batch.writes:
            time.sleep(min(LONGEST_PAUSE_SECONDS, time.monotonic() - started))
        after_each(batch)
