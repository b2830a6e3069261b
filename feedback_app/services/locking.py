"""Waiting for whoever else is changing a row."""

from __future__ import annotations

import hashlib

from sqlalchemy import func, select

from feedback_app.database import Base, db


def lock(row: Base) -> None:
    """Hold the row until the end of the transaction, and see it as others left it (SQLite's single writer needs no more)."""
    model, row_id = type(row), row.id
    db.session.expire(row)
    db.session.execute(select(model).where(model.id == row_id).with_for_update(of=model)).scalar_one()


def lock_name(name: str) -> None:
    """Hold a name until the end of the transaction, where there is no row to hold yet (SQLite's single writer needs no more)."""
    if db.engine.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))
