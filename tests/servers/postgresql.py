"""A private PostgreSQL cluster for the tests: on 127.0.0.1, in a temporary folder; fast because it need not survive a crash."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.process import HOST, Server

DEBIAN = Path("/usr/lib/postgresql")
SYSTEM_USER = "postgres"  # who runs the server when the tests are run by root: PostgreSQL refuses root
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "log_min_messages": "warning",
}


def available() -> tuple[bool, str]:
    """Whether a cluster can be made here, else why not."""
    if programs() is None:
        return False, "the PostgreSQL server (initdb and postgres) is not installed"
    if os.geteuid() == 0 and not _exists(SYSTEM_USER):
        return False, f"PostgreSQL refuses to run as root, and there is no user {SYSTEM_USER!r} to run it as"
    if not _exists(os.geteuid()):
        return False, f"PostgreSQL refuses a user without a name (number {os.geteuid()})"
    return True, ""


@cache
def _found(search_path: str) -> Path | None:
    newest_first = sorted(DEBIAN.glob("*/bin"), key=lambda folder: [int(n) for n in re.findall(r"\d+", folder.parent.name)], reverse=True)
    on_path = shutil.which("initdb", path=search_path)
    for folder in [*newest_first, *([Path(on_path).resolve().parent] if on_path else [])]:
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres")):
            return folder
    return None


def programs() -> Path | None:
    """The folder of the server's programs: the newest of Debian's (not on anybody's PATH), else the one on PATH."""
    found = _found(os.environ.get("PATH", os.defpath))
    if found is None:
        _found.cache_clear()  # it may be installed meanwhile
    return found


def _exists(user: str | int) -> bool:
    try:
        pwd.getpwnam(user) if isinstance(user, str) else pwd.getpwuid(user)
    except KeyError:
        return False
    return True


class PostgresqlServer(Server):
    """The cluster. ``url`` gives SQLAlchemy's address of a database; the superuser is ``postgres``, without a password."""

    name = "postgresql"
    stop_signals = (signal.SIGINT, signal.SIGQUIT)
    death_signal = signal.SIGQUIT

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@{HOST}:{self.port}/{database}"

    def create_database(self, name: str | None = None, *, template: str = "template0") -> str:
        """Make a database, empty or the copy of another one (to which nobody may be connected), and return its name."""
        name = name or f"test_{uuid.uuid4().hex[:12]}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, also while somebody is connected to it, and also when it is not there."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def database(self, *, template: str = "template0") -> Iterator[str]:
        """The SQLAlchemy address of a database of its own, dropped at the end."""
        name = self.create_database(template=template)
        try:
            yield self.url(name)
        finally:
            self.drop_database(name)

    def user(self) -> str | None:
        return SYSTEM_USER if os.geteuid() == 0 else None

    def prepare(self, folder: Path) -> None:
        user = self.user()
        if user:
            shutil.chown(folder, user)
        # "C" sorts the same way, for a system without the other one.
        if not self._initdb(folder, "C.UTF-8") and not self._initdb(folder, "C"):
            self._fail("initdb failed")

    def _initdb(self, folder: Path, locale: str) -> bool:
        program = str(self._programs() / "initdb")
        command = [program, f"--pgdata={folder / 'data'}", "--username=postgres", "--auth=trust"]
        command += ["--encoding=UTF8", f"--locale={locale}", "--no-sync"]
        with self.log.open("ab") as log:
            made = subprocess.run(self.tethered(command), cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
        return made.returncode == 0

    def command(self, folder: Path) -> list[str]:
        settings = [f"--{name}={value}" for name, value in {**SETTINGS, "port": str(self.port)}.items()]
        return [str(self._programs() / "postgres"), "-D", str(folder / "data"), *settings]

    def answers(self) -> bool:
        try:
            with psycopg.connect(self._address("postgres"), connect_timeout=2) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and self.folder is not None and Path(row[0]).parent.name == self.folder.name

    def _programs(self) -> Path:
        folder = programs()
        assert folder is not None, available()[1]
        return folder

    def _address(self, database: str) -> str:
        return f"postgresql://postgres@{HOST}:{self.port}/{database}"

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._address("postgres"), autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement)
