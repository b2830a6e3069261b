"""PostgreSQL: a backup is a custom-format archive of ``pg_dump``, the server's own program; ``pg_restore`` reads it.

Both are looked for on PATH. The password travels in a file that only its owner can read, never on a command line.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, Engine, text

from feedback_app.database import db
from feedback_app.services.backup import aftermath, schema
from feedback_app.services.backup.aftermath import Settled
from feedback_app.services.backup.files import BackupRefused, Progress, whole_file

HEADER = b"PGDMP"
LOOK_EVERY = 0.3
# What belongs to the server or to the database rather than to us: a restore leaves it alone.
NOT_OURS = {"SCHEMA", "EXTENSION", "COMMENT", "ACL"}
COPY = re.compile(rb"^COPY .* FROM stdin;$")
# Of the newest pg_restore: older servers do not know the first, and the second is for psql.
LEFT_OUT = (b"SET transaction_timeout", b"\\restrict ", b"\\unrestrict ")


def back_up(engine: Engine, path: Path, progress: Progress) -> None:
    """Have ``pg_dump`` write the database as it is at this moment into ``path``. Raises ``BackupRefused`` and ``OSError``."""
    with engine.connect() as connection:
        home = connection.scalar(text("SELECT current_schema()"))
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-password", f'--schema="{home}"']
    with whole_file(path) as part, _address(engine) as address, tempfile.TemporaryFile() as said:
        command = ["pg_dump", *options, f"--file={part}", f"--dbname={address}"]
        process = _start(command, stdout=subprocess.DEVNULL, stderr=said)
        try:
            while process.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(LOOK_EVERY)
                progress(part.stat().st_size, None)
        finally:
            process.kill()
            process.wait()
        said.seek(0)
        if process.returncode:
            raise BackupRefused(f"pg_dump a échoué : {_last_line(said.read())}")


@contextmanager
def _address(engine: Engine) -> Iterator[str]:
    """How the server's programs reach the database. The password is in a file of its own (``passfile``)."""
    parameters: dict[str, Any] = conninfo_to_dict(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    password = parameters.pop("password", None)
    parameters.pop("sslpassword", None)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="devoir-") as file:  # made for its owner only
        if password is not None:
            escaped = str(password).replace("\\", "\\\\").replace(":", "\\:")
            file.write(f"*:*:*:*:{escaped}\n")
            file.flush()
            parameters["passfile"] = file.name
        yield make_conninfo(**parameters)


def _start(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)
    except FileNotFoundError:
        raise BackupRefused(
            f"{command[0]} est introuvable : installez les programmes clients de PostgreSQL (paquet Debian postgresql-client)"
        ) from None


def _last_line(said: bytes) -> str:
    """The error itself: before it come details, after it sometimes a hint."""
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    return next((line for line in lines if "error:" in line), lines[-1] if lines else "sans un mot")


def look(path: Path) -> str:
    """The schema of a backup. Raises ``BackupRefused`` for whatever could not be restored. Its data are read when it is restored."""
    entries = _entries(path)
    schema.expect_ours({entry[3] for entry in entries if entry[1] == "TABLE"}, path)
    found = re.search(rb"FROM stdin;\n(\S+)\n", _read(path, "--data-only", f"--table={schema.TABLE}", "--file=-"))
    return schema.expect_known(found[1].decode() if found else None, path)


def _read(path: Path, *options: str) -> bytes:
    with tempfile.TemporaryFile() as said, _start(["pg_restore", *options, str(path)], stdout=subprocess.PIPE, stderr=said) as process:
        found = process.communicate()[0]
        said.seek(0)
        if process.returncode:
            raise BackupRefused(f"{path} est incomplet ou abîmé : {_last_line(said.read())}")
    return found


def _entries(path: Path) -> list[tuple[str, str, str, str]]:
    """The table of contents: the line as it was written, what each is ("TABLE DATA"), its schema, its name."""
    found = []
    for line in _read(path, "--list").decode(errors="replace").splitlines():
        entry = re.match(r"\d+; \d+ \d+ ([A-Z][A-Z ]*[A-Z]) (\S+) (\S+)", line)
        if entry:
            found.append((line, entry[1], entry[2], entry[3]))
    return found


def restore(engine: Engine, path: Path, progress: Progress, *, at: datetime) -> tuple[Settled, None]:
    """Put what ``path`` holds in the place of the site's tables, migrated and settled, in one transaction: all of it or nothing.

    Raises ``BackupRefused``, ``psycopg.Error``, ``SQLAlchemyError`` and whatever a migration raises; then nothing has changed.
    """
    entries = [entry for entry in _entries(path) if entry[1] not in NOT_OURS]
    engine.dispose()  # our own connections are nobody else's
    try:
        with engine.begin() as connection:
            expect_to_be_alone(connection)
            before = aftermath.read_in(connection)
            home = connection.scalar(text("SELECT current_schema()"))
            _drop(connection, {entry[3] for entry in entries if entry[1] == "TABLE"}, [e[3] for e in entries if e[1] == "FUNCTION"])
            _run(connection, path, entries, progress)
            connection.execute(text("SELECT set_config('search_path', :home, false)"), {"home": home})
            schema.upgrade(connection)
            settled = aftermath.settle(connection, before, at=at)
    finally:
        engine.dispose()  # pg_restore's script has changed settings of this connection
    return settled, None


def expect_to_be_alone(connection: Connection) -> None:
    others = connection.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
    )
    if others:
        raise BackupRefused(
            f"{others} autre(s) connexion(s) à cette base : arrêtez d’abord les processus web et travaux, et fermez les autres programmes"
        )
    connection.execute(text("SET LOCAL lock_timeout = '10s'"))


def _drop(connection: Connection, tables: set[str], functions: Sequence[str]) -> None:
    """Only what is ours: the tables of this code and of the backup, and the function of the trigger."""
    quote = connection.dialect.identifier_preparer.quote
    for name in sorted(tables | set(db.metadata.tables)):
        connection.execute(text(f"DROP TABLE IF EXISTS {quote(name)} CASCADE"))
    for name in functions:
        connection.execute(text(f"DROP FUNCTION IF EXISTS {name}"))


def _run(connection: Connection, path: Path, entries: Sequence[tuple[str, str, str, str]], progress: Progress) -> None:
    """Run the script that ``pg_restore`` makes of the archive, in the transaction in hand."""
    total, done = sum(entry[1] == "TABLE DATA" for entry in entries), 0
    cursor = connection.connection.cursor()
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as wanted, tempfile.TemporaryFile() as said:
        wanted.write("\n".join(entry[0] for entry in entries))
        wanted.flush()
        command = ["pg_restore", "--no-owner", "--no-privileges", f"--use-list={wanted.name}", "--file=-", str(path)]
        with _start(command, stdout=subprocess.PIPE, stderr=said) as process:
            lines = iter(process.stdout or ())
            statements: list[bytes] = []
            for line in lines:
                if COPY.match(line):
                    cursor.execute(b"".join(statements))
                    statements.clear()
                    _fill(cursor, line, lines)
                    done += 1
                    progress(done, total)
                elif not line.startswith(LEFT_OUT):
                    statements.append(line)
        said.seek(0)
        if process.returncode or done < total:
            raise BackupRefused(f"{path} est incomplet ou abîmé : {_last_line(said.read())}")
    cursor.execute(b"".join(statements))


def _fill(cursor: Any, statement: bytes, lines: Iterator[bytes]) -> None:
    """Hand the rows of one table on, up to the line that ends them."""
    with cursor.copy(statement.decode()) as rows:
        for line in lines:
            if line == b"\\.\n":
                return
            rows.write(line)
    raise BackupRefused("la sauvegarde est incomplète : une table n’y est pas jusqu’au bout")
