"""What a restored database must forget, and what it must catch up with, before anybody uses it.

It comes from the past: of what happened since, the database that it replaces knows the part that must not be undone. Who was erased
stays erased, a mail that left does not leave again, and a number that was given is never given to something else (the private page of
a contribution is found by its number: somebody's old link must not open the text of somebody else).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, inspect, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from feedback_app.database import db
from feedback_app.domain.privacy import TextsChoice
from feedback_app.domain.trace import EventVerb
from feedback_app.mail import outbox
from feedback_app.models import AccountSession, CaseEvent, Identity, PlannedErasure, ReferenceCounter, SignInLink
from feedback_app.services import freshness

GAP = 10_000
"""How many numbers are left out when nobody knows how many were given since the backup."""


@dataclass(frozen=True)
class Planned:
    """An erasure that somebody asked for."""

    texts: TextsChoice
    asked_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Before:
    """What the database that is replaced knows. ``origin``: its first event, by which two databases of one site know each other."""

    origin: tuple[Any, ...] | None
    numbers: dict[str, int]
    references: dict[int, int]
    sent: frozenset[str]
    erased: dict[int, TextsChoice]
    planned: dict[int, Planned]


@dataclass(frozen=True)
class Settled:
    """What was done. ``known``: the database before was readable and of the same site."""

    known: bool
    sessions: int
    mails: int
    erasures: int


def read(engine: Engine) -> Before | None:
    """What the site's database knows; None when it cannot be read (damaged, empty, of an older schema)."""
    try:
        with engine.connect() as connection:
            return read_in(connection)
    except SQLAlchemyError:
        return None


def read_in(connection: Connection) -> Before | None:
    """The same, inside the transaction in hand, which goes on."""
    try:
        with connection.begin_nested():
            erased = select(CaseEvent.subject_id, CaseEvent.after).where(CaseEvent.verb == EventVerb.IDENTITY_ERASE)
            planned = select(PlannedErasure.identity_id, PlannedErasure.texts, PlannedErasure.asked_at, PlannedErasure.due_at)
            return Before(
                origin=_origin(connection),
                numbers=dict(numbers(connection)),
                references=_references(connection),
                sent=outbox.left(connection),
                erased={row.subject_id: TextsChoice(row.after) for row in connection.execute(erased)},
                planned={row.identity_id: Planned(row.texts, row.asked_at, row.due_at) for row in connection.execute(planned)},
            )
    except SQLAlchemyError:
        return None


def settle(connection: Connection, before: Before | None, *, at: datetime) -> Settled:
    """Make a restored database, of the newest schema, fit for use, in the transaction in hand."""
    origin = _origin(connection)
    same = before if before and origin and before.origin == origin else None
    _give_no_number_twice(connection, same, at)
    sessions = connection.execute(update(AccountSession).where(AccountSession.ended_at.is_(None)).values(ended_at=at)).rowcount
    connection.execute(delete(SignInLink))
    freshness.after_a_restore(connection)
    mails = outbox.mark_as_left(connection, same.sent, at=at) if same else 0
    erasures = _plan_erasures_again(connection, same, at) if same else 0
    return Settled(same is not None, sessions, mails, erasures)


def _origin(connection: Connection) -> tuple[Any, ...] | None:
    first = select(CaseEvent.id, CaseEvent.at, CaseEvent.verb, CaseEvent.subject_id).order_by(CaseEvent.id).limit(1)
    row = connection.execute(first).one_or_none()
    return tuple(row) if row else None


def _references(connection: Connection) -> dict[int, int]:
    """The last number of a request, year by year."""
    return {row.year: row.last for row in connection.execute(select(ReferenceCounter.year, ReferenceCounter.last))}


def numbers(connection: Connection) -> Iterator[tuple[str, int]]:
    """The last number given in each table."""
    if connection.dialect.name == "sqlite":
        for row in connection.execute(text("SELECT name, seq FROM sqlite_sequence")):
            yield row.name, row.seq
        return
    for table, sequence in sequences(connection):
        yield table, connection.execute(text(f"SELECT last_value FROM {sequence}")).scalar_one()  # noqa: S608 - names of ours


def sequences(connection: Connection) -> Iterator[tuple[str, str]]:
    there = set(inspect(connection).get_table_names())
    for table in sorted(there & set(db.metadata.tables)):
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table, "id")))
        if sequence:
            yield table, sequence


def _give_no_number_twice(connection: Connection, before: Before | None, at: datetime) -> None:
    """Go on counting where the database before had come to, or after a gap."""
    for table, last in list(numbers(connection)):
        wanted = max(last, before.numbers.get(table, 0)) if before else last + GAP
        if connection.dialect.name == "sqlite":
            connection.execute(text("UPDATE sqlite_sequence SET seq = :seq WHERE name = :name"), {"seq": wanted, "name": table})
        elif wanted > last:
            sequence = dict(sequences(connection))[table]
            connection.execute(select(func.setval(sequence, wanted)))
    if connection.dialect.name == "sqlite":
        _count_in_tables_that_were_empty(connection, before)
    found = _references(connection)
    wanted_references = (
        before.references if before else {**{year: last + GAP for year, last in found.items()}, at.year: found.get(at.year, 0) + GAP}
    )
    for year, last in wanted_references.items():
        if year not in found:
            connection.execute(insert(ReferenceCounter).values(year=year, last=last))
        elif last > found[year]:
            connection.execute(update(ReferenceCounter).where(ReferenceCounter.year == year).values(last=last))


def _count_in_tables_that_were_empty(connection: Connection, before: Before | None) -> None:
    """SQLite begins to count at the first row; a table that had none in the backup may have had some since."""
    counted = dict(numbers(connection))
    for table in set(db.metadata.tables) - set(counted):
        wanted = before.numbers.get(table, 0) if before else GAP
        if wanted:
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), {"name": table, "seq": wanted})


def _plan_erasures_again(connection: Connection, before: Before, at: datetime) -> int:
    """Erase again who was erased since, at the job process's first sweep; plan what was asked for since, and not what was cancelled."""
    there = set(connection.scalars(select(Identity.id).where(Identity.id.in_([*before.erased, *before.planned]))))
    wanted = {identity: Planned(texts, at, at) for identity, texts in before.erased.items()} | before.planned
    connection.execute(delete(PlannedErasure))
    for identity in sorted(there):
        planned = wanted[identity]
        values = {"identity_id": identity, "texts": planned.texts, "asked_at": planned.asked_at, "due_at": planned.due_at}
        connection.execute(insert(PlannedErasure).values(values))
    return len(there)
