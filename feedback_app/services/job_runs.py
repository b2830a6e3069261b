"""Work that happens once under a key: planned or claimed, done, or taken over from a process that died."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from feedback_app.database import db
from feedback_app.models import JobRun

LEASE = timedelta(minutes=10)


def plan(key: str, *, at: datetime) -> None:
    """Owe the work of this key now, even if it was done before or is being done: what is being done may have begun too early."""
    if not _insert(key, at):
        db.session.execute(update(JobRun).where(JobRun.key == key).values(due_at=at, done_at=None))


def is_open(key: str, *, at: datetime, planned: bool = False) -> bool:
    """Whether the work of this key is to be done now, without waiting for anybody. ``planned``: only if somebody owed it."""
    row = db.session.execute(select(JobRun.due_at, JobRun.done_at).where(JobRun.key == key)).one_or_none()
    if row is None:
        return not planned
    return row.done_at is None and row.due_at <= at


def is_planned(key: str) -> bool:
    """Whether the work of this key is owed or under way."""
    return db.session.scalar(select(JobRun.id).where(JobRun.key == key, JobRun.done_at.is_(None))) is not None


def open_keys(beginning: str, *, at: datetime) -> Sequence[str]:
    """The keys that begin like this and are to be done now, the oldest first."""
    mine = (JobRun.key.like(f"{beginning}%"), JobRun.done_at.is_(None), JobRun.due_at <= at)
    return db.session.scalars(select(JobRun.key).where(*mine).order_by(JobRun.id)).all()


def claim(key: str, *, at: datetime) -> datetime | None:
    """Take the work for ten minutes: until when it is ours, which ``renew`` and ``finish`` ask for. None when others have it."""
    until = at + LEASE
    if _insert(key, until):
        return until
    ours = update(JobRun).where(JobRun.key == key, JobRun.done_at.is_(None), JobRun.due_at <= at).values(due_at=until)
    return until if db.session.execute(ours.returning(JobRun.id)).all() else None


def renew(key: str, held: datetime, *, at: datetime) -> datetime | None:
    """Keep it for ten minutes more. None when it was taken over, or owed anew."""
    return at + LEASE if _change(key, held, due_at=at + LEASE) else None


def finish(key: str, held: datetime, *, at: datetime) -> bool:
    """It is done. False, and nothing changes, when it was taken over or owed anew meanwhile."""
    return _change(key, held, done_at=at)


def _change(key: str, held: datetime, **values: datetime) -> bool:
    ours = update(JobRun).where(JobRun.key == key, JobRun.done_at.is_(None), JobRun.due_at == held).values(**values)
    return bool(db.session.execute(ours.returning(JobRun.id)).all())


def _insert(key: str, due_at: datetime) -> bool:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(JobRun).on_conflict_do_nothing(index_elements=[JobRun.key]).returning(JobRun.id)
    return db.session.scalar(statement, {"key": key, "due_at": due_at}) is not None
