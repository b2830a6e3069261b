"""The trigger that makes ``case_event`` append-only, on both databases.

A batch rebuild on SQLite drops a table's triggers with it: a migration that rebuilds ``case_event`` calls ``install`` again
(a test looks for the trigger at head).
"""

from __future__ import annotations

from sqlalchemy import Connection

TABLE = "case_event"
MESSAGE = "case_event is append-only"

_SQLITE = [
    f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for verb in ("update", "delete")
]
_POSTGRESQL = [
    f"CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
    f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
    f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()",
]


def install(connection: Connection) -> None:
    """Create the trigger. The table must exist and have none."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Take it away, before the table is dropped."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {TABLE}_no_{verb}")
        return
    connection.exec_driver_sql(f"DROP TRIGGER {TABLE}_no_truncate ON {TABLE}")
    connection.exec_driver_sql(f"DROP TRIGGER {TABLE}_no_update ON {TABLE}")
    connection.exec_driver_sql(f"DROP FUNCTION {TABLE}_refuse()")
