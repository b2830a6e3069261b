"""What a database is made of, as the database itself tells it: two of them can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Inspector, inspect

from feedback_app.models.full_text import belongs_to_index

Schema = dict[str, dict[str, Any]]


def schema(connection: Connection) -> Schema:
    """Tables by name: columns, keys, constraints and indexes, each under its name. Triggers belong to no model and are left out."""
    inspector = inspect(connection)
    names = [name for name in inspector.get_table_names() if name != "alembic_version" and not belongs_to_index(name)]
    found = {name: _table(inspector, name) for name in names}
    if connection.dialect.name == "sqlite":
        for name, sql in connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")):
            if name in found:
                found[name]["never reuses ids"] = "AUTOINCREMENT" in sql
    connection.rollback()
    return found


def _table(inspector: Inspector, name: str) -> dict[str, Any]:
    unique = inspector.get_unique_constraints(name)
    return {
        **{
            f"column {column['name']}": (str(column["type"]), column["nullable"], column["default"])
            for column in inspector.get_columns(name)
        },
        "primary key": _named(inspector.get_pk_constraint(name), "constrained_columns"),
        "unique": {_named(constraint, "column_names") for constraint in unique},
        "checks": {(check["name"], check["sqltext"]) for check in inspector.get_check_constraints(name)},
        # PostgreSQL also lists the index that serves a unique constraint.
        "indexes": {
            (*_named(index, "column_names"), bool(index["unique"]))
            for index in inspector.get_indexes(name)
            if not index.get("duplicates_constraint")
        },
        "foreign keys": {
            (
                *_named(key, "constrained_columns"),
                key["referred_table"],
                tuple(key["referred_columns"]),
                tuple(sorted(key["options"].items())),
            )
            for key in inspector.get_foreign_keys(name)
        },
    }


def _named(thing: Any, columns: str) -> tuple[Any, ...]:
    return thing["name"], tuple(thing[columns])


def differences(one: Schema, other: Schema) -> list[str]:
    """Where two schemas differ, in words."""
    return list(_differences(one, other))


def _differences(one: Schema, other: Schema) -> Iterator[str]:
    for table in sorted(set(one) ^ set(other)):
        yield f"table {table} is in one only"
    for table in sorted(set(one) & set(other)):
        for part in sorted(set(one[table]) | set(other[table])):
            if one[table].get(part) != other[table].get(part):
                yield f"{table}, {part}: {one[table].get(part)} / {other[table].get(part)}"
