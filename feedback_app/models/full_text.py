"""SQLite's index of the words in ``search_text``: an FTS5 table over it, kept in step by triggers. PostgreSQL needs none of this.

FTS5 marks deleted words and keeps them in its file until its pages are merged: ``forget_deleted`` merges them (from SQLite 3.42 on,
each deletion removes them at once). The pages that become free are overwritten, since connections set ``secure_delete``.

A batch rebuild of ``search_text`` on SQLite drops the triggers with it: such a migration calls ``remove`` before and ``install`` after.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection

INDEX = "search_index"
_SECURE_DELETE_SINCE = (3, 42)

# ``detail=none``: which rows hold a word, not where; nothing asks for phrases, and the file is a third as large.
_CREATE = (
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "words, content='search_text', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)"
)
_ADD = "INSERT INTO search_index(rowid, words) VALUES (new.id, new.words);"
_DROP = "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words);"
_TRIGGERS = {
    "search_text_added": f"AFTER INSERT ON search_text BEGIN {_ADD} END",
    "search_text_deleted": f"AFTER DELETE ON search_text BEGIN {_DROP} END",
    "search_text_changed": f"AFTER UPDATE OF words ON search_text BEGIN {_DROP} {_ADD} END",
}
_DELETE_AT_ONCE = "INSERT INTO search_index(search_index, rank) VALUES ('secure-delete', 1)"
_REBUILD = "INSERT INTO search_index(search_index) VALUES ('rebuild')"
_MERGE = "INSERT INTO search_index(search_index) VALUES ('optimize')"


def install(connection: Connection) -> None:
    """Create the index of what ``search_text`` holds. The table must exist; on PostgreSQL nothing happens."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql(_CREATE)
    if sqlite3.sqlite_version_info >= _SECURE_DELETE_SINCE:
        connection.exec_driver_sql(_DELETE_AT_ONCE)
    for name, trigger in _TRIGGERS.items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {trigger}")
    connection.exec_driver_sql(_REBUILD)


def remove(connection: Connection) -> None:
    """Take the index and its triggers away, before the table is dropped or rebuilt."""
    if connection.dialect.name != "sqlite":
        return
    for name in _TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    connection.exec_driver_sql("DROP TABLE IF EXISTS search_index")


def forget_deleted(connection: Connection) -> None:
    """Let no word of a deleted row stay in the file. Reads and writes the whole index: for commands and jobs, never in a request."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_MERGE)


def belongs_to_index(name: str | None) -> bool:
    """Whether a table of SQLite is the index or one of those that FTS5 keeps for it: no model has it."""
    return name is not None and (name == INDEX or name.startswith(f"{INDEX}_"))
