"""What a cache of pages asks before it shows one: has anything that the public reads changed since the page was made?

One place: every change of state is recorded (``events.record``), and its verb says how far it reaches (``domain.trace.REACH``). What
changes a page without an event (figures computed once a day, for one) calls ``touch`` or ``everything_changed`` itself. The numbers are
written just before the commit, so that the row which all of them share is locked last, and shortly.
"""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Engine, Insert, Row, bindparam, event, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from feedback_app.database import db
from feedback_app.domain.trace import REACH, EventVerb, Reach
from feedback_app.models import PublicVersion, Topic

KEY = "site"
_MARKS = "freshness"
_EVERYTHING, _LISTS = -1, 0  # beside the ids of topics
_BITS = 62  # of a signed column
# What a statement selects, and how it joins the row, to know the version of a page; ``Topic`` is joined by the caller.
COLUMNS = (PublicVersion.everywhere, PublicVersion.anywhere, Topic.content_version.label("topic_version"))
ITS_ROW = PublicVersion.key == KEY


@dataclass(frozen=True)
class Version:
    """What the database says at one moment. ``topic``: of the page's topic; None for a page about several, or about none."""

    everywhere: int
    anywhere: int
    topic: int | None = None

    @property
    def stamp(self) -> str:
        """The same as long as nothing that the page shows has changed."""
        return f"{self.everywhere:x}.{self.anywhere:x}" if self.topic is None else f"{self.everywhere:x}.t{self.topic:x}"


def version_of(row: Row[Any]) -> Version:
    """From a row of ``COLUMNS``. A site where nothing was ever published has no row yet."""
    return Version(row.everywhere or 0, row.anywhere or 0, row.topic_version)


class Unknown(Exception):
    """The database does not say, for now."""


class Reader:
    """Reads the version of a page in one short statement, for those who ask before every answer.

    It talks to the driver, on connections of its own that are in no transaction (a page from the cache costs half as much as with a
    session). They are made by the engine, and closed when the engine is disposed of; one that fails is not used again.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._failures = cast("type[Exception]", engine.dialect.loaded_dbapi.Error)
        self._idle: deque[Any] = deque()
        one = select(literal_column("1").label("one")).subquery()
        statement = select(*COLUMNS).select_from(one).outerjoin(PublicVersion, PublicVersion.key == literal_column(f"'{KEY}'"))
        compiled = statement.outerjoin(Topic, Topic.id == bindparam("topic", type_=Topic.id.type)).compile(engine)
        self._sql, self._positional = str(compiled), compiled.positional
        event.listen(engine, "engine_disposed", self._dispose)

    def read(self, topic_id: int | None) -> Version:
        """The version of the page of a topic; None: of a page about several, or none. Raises ``Unknown``."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            cursor = connection.cursor()
            cursor.execute(self._sql, (topic_id,) if self._positional else {"topic": topic_id})
            everywhere, anywhere, topic_version = cursor.fetchone()
            cursor.close()
        except self._failures as error:
            connection.close()
            raise Unknown from error
        self._idle.append(connection)
        return Version(everywhere or 0, anywhere or 0, topic_version)

    def _connect(self) -> Any:
        try:
            fairy = self._engine.raw_connection()
        except SQLAlchemyError as error:
            raise Unknown from error
        connection = fairy.dbapi_connection
        fairy.detach()
        if self._engine.dialect.name == "postgresql":
            connection.autocommit = True  # type: ignore[union-attr]  # SQLite is so already, see ``database``
        return connection

    def _dispose(self, _engine: Engine) -> None:
        while self._idle:
            self._idle.pop().close()


def follow(verb: EventVerb, topic_id: int | None) -> None:
    """Something was recorded: note what it reaches. A verb that does not say reaches everything."""
    reach = REACH.get(verb, Reach.EVERYTHING)
    if reach is Reach.EVERYTHING or (reach is Reach.TOPIC and topic_id is None):
        everything_changed()
    elif reach is Reach.TOPIC and topic_id is not None:
        touch(topic_id)


def touch(topic_id: int) -> None:
    """What the page of a topic shows has changed, and so perhaps the pages about many topics."""
    _marks().add(topic_id)


def everything_changed() -> None:
    """Any page may look different."""
    _marks().add(_EVERYTHING)


def lists_changed() -> None:
    """Pages about many topics look different; the page of no single topic does."""
    _marks().add(_LISTS)


def _marks() -> set[int]:
    found: set[int] = db.session.info.setdefault(_MARKS, set())
    return found


@event.listens_for(db.session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint: what it holds is not there yet
    marks: set[int] = session.info.pop(_MARKS, set())
    if not marks:
        return
    session.flush()
    topics = sorted(mark for mark in marks if mark > 0)
    if topics:
        session.execute(
            update(Topic).where(Topic.id.in_(topics)).values(content_version=Topic.content_version + 1),
            execution_options={"synchronize_session": False},
        )
    session.execute(_renewal(session.get_bind().dialect.name, everywhere=_EVERYTHING in marks))


def _renewal(dialect: str, *, everywhere: bool) -> Insert:
    new = {"anywhere": secrets.randbits(_BITS)}
    if everywhere:
        new["everywhere"] = secrets.randbits(_BITS)
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(PublicVersion).values(key=KEY, **{"everywhere": 0, **new})
    return statement.on_conflict_do_update(index_elements=[PublicVersion.key], set_=new)


def after_a_restore(connection: Connection) -> None:
    """No page that was kept, by us or by a browser, is taken for what a restored database shows."""
    connection.execute(_renewal(connection.dialect.name, everywhere=True))


@event.listens_for(db.session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:  # not when a savepoint was given up: the rest of the transaction goes on
        session.info.pop(_MARKS, None)
