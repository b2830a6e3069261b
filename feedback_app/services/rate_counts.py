"""Counts of what is done by whom within a window of time, on the application's own database. Keys are hashes: they name nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback_app.domain.personal_data import hash_token
from feedback_app.models import AccountSession, RateCount


def add(connection: Connection, key: str, amount: int, window: timedelta, *, at: datetime) -> tuple[int, datetime]:
    """Count ``amount`` more for ``key``; the count within its window, and when that ends. One statement: simultaneous ones all count."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    over = RateCount.expires_at <= at
    statement = (
        insert(RateCount)
        .values(key=key, count=amount, expires_at=at + window)
        .on_conflict_do_update(
            index_elements=[RateCount.key],
            set_={
                "count": case((over, amount), else_=RateCount.count + amount),
                "expires_at": case((over, at + window), else_=RateCount.expires_at),
            },
        )
        .returning(RateCount.count, RateCount.expires_at)
    )
    row = connection.execute(statement).one()
    return row[0], row[1]


def of(connection: Connection, key: str, *, at: datetime) -> tuple[int, datetime]:
    """The count of ``key`` within its window, and when that ends; 0 and now when there is none."""
    row = connection.execute(select(RateCount.count, RateCount.expires_at).where(RateCount.key == key, RateCount.expires_at > at)).first()
    return (row[0], row[1]) if row else (0, at)


def account_of_session(connection: Connection, token: str, *, at: datetime) -> int | None:
    """The account of a session's secret, as far as it can be told at a glance: the guard judges the session later."""
    open_ones = (AccountSession.ended_at.is_(None), AccountSession.expires_at > at)
    return connection.scalar(select(AccountSession.account_id).where(AccountSession.token_hash == hash_token(token), *open_ones))


def forget(connection: Connection, *, key: str | None = None, at: datetime | None = None) -> int:
    """Forget one key, or all windows that ended before ``at``, or everything. Gives the number of rows back."""
    statement = delete(RateCount)
    if key is not None:
        statement = statement.where(RateCount.key == key)
    if at is not None:
        statement = statement.where(RateCount.expires_at <= at)
    return len(connection.execute(statement.returning(RateCount.id)).all())
