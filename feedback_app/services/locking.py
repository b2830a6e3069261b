"""Waiting for whoever else is changing a row."""

from __future__ import annotations

from sqlalchemy import select

from feedback_app.database import Base, db


def lock(row: Base) -> None:
    """Hold the row until the end of the transaction, and see it as others left it (SQLite's single writer needs no more)."""
    model, row_id = type(row), row.id
    db.session.expire(row)
    db.session.execute(select(model).where(model.id == row_id).with_for_update(of=model)).scalar_one()
