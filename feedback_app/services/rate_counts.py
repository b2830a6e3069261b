"""Counts of what is done by whom within a window of time, on the application's own database. Keys are hashes: they name nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, bindparam, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from feedback_app.domain.personal_data import hash_token
from feedback_app.models import AccountSession, RateCount


def add(connection: Connection, key: str, amount: int, window: timedelta, *, at: datetime) -> tuple[int, datetime]:
    """Count ``amount`` more for ``key``; the count within its window, and when that ends. One statement: simultaneous ones all count."""
    values = {"named": key, "more": amount, "until": at + window, "moment": at}
    row = connection.execute(_adding(connection.dialect.name), values).one()
    return row[0], row[1]


@cache
def _adding(dialect: str) -> ReturningInsert[int, datetime]:
    """Kept: each form that is sent counts two or three times."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    more, until = bindparam("more", type_=RateCount.count.type), bindparam("until", type_=RateCount.expires_at.type)
    over = RateCount.expires_at <= bindparam("moment", type_=RateCount.expires_at.type)
    return (
        insert(RateCount)
        .values(key=bindparam("named"), count=more, expires_at=until)
        .on_conflict_do_update(
            index_elements=[RateCount.key],
            set_={
                "count": case((over, more), else_=RateCount.count + more),
                "expires_at": case((over, until), else_=RateCount.expires_at),
            },
        )
        .returning(RateCount.count, RateCount.expires_at)
    )


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
