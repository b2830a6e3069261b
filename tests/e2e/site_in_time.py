"""A site whose time the test moves: the application behind a threaded server of its own, in this process, on real HTTP and SMTP.

The configuration's ``CLOCK`` tells the pages the time, as in every test; the job process's clock is put in its place for as long.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from feedback_app import create_app, jobs
from feedback_app.database import db
from feedback_app.domain.calendar import PARIS
from tests.conftest import Clock, settings
from tests.databases import SqliteDatabase
from tests.servers.process import HOST, free_port
from tests.servers.smtp import Mail, SmtpServer


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of each request."""


@dataclass
class SiteInTime:
    """``at`` moves it, ``sweep`` does what its job process does every half minute, mails included."""

    app: Flask
    clock: Clock
    address: str
    mail_server: SmtpServer
    complaints: list[str]
    letters: list[tuple[str, str, Mail]] = field(default_factory=list)  # each mail with its day of arrival and its recipient
    _read: set[int] = field(default_factory=set)

    def at(self, day: str, hour: str) -> None:
        """Go to this hour of Paris, and let the job process do what is due by then."""
        self.clock.now = datetime.combine(datetime.fromisoformat(day).date(), time.fromisoformat(hour), PARIS).astimezone(UTC)
        self.sweep()

    def sweep(self) -> None:
        jobs.queue_of(self.app).sweep()
        day = f"{self.clock().astimezone(PARIS).date()}"
        self.letters += [(day, mail.recipients[0], mail) for mail in self.mail_server.mails[len(self.letters) :]]

    def letter(self, to: str, subject: str) -> Mail:
        """The only unread mail to this address with these words in its subject."""
        self.sweep()
        found = [
            number
            for number, (_day, recipient, mail) in enumerate(self.letters)
            if number not in self._read and recipient == to and subject in str(mail.message["Subject"])
        ]
        assert len(found) == 1, (
            f"{len(found)} mails “{subject}” to {to}, of {[str(m.message['Subject']) for _d, r, m in self.letters if r == to]}"
        )
        self._read.add(found[0])
        return self.letters[found[0]][2]

    def flask(self, *arguments: str) -> str:
        """Run one of our commands. Raises ``AssertionError`` with what it says when it fails."""
        result = self.app.test_cli_runner().invoke(args=list(arguments))
        assert result.exit_code == 0, result.output
        return result.output

    def errors(self) -> list[str]:
        """What the application complained about so far."""
        return self.complaints


@contextmanager
def site_in_time(folder: Path, mail_server: SmtpServer, **environ: str) -> Iterator[SiteInTime]:
    """Such a site, on an empty SQLite database. ``environ`` adds settings."""
    database, clock, port, complaints = SqliteDatabase(folder), Clock(), free_port(), _Complaints()
    address = f"http://{HOST}:{port}"
    mail = {"MAIL_SERVER": mail_server.host, "MAIL_PORT": str(mail_server.port), "MAIL_SENDER": "site@exemple.test"}
    app = create_app(settings(folder, database.url, BASE_URL=address, **(mail | environ)))
    database.migrated(app)
    app.config["CLOCK"] = clock
    server = make_server(HOST, port, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    logging.getLogger().addHandler(complaints)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "_now", clock)
        thread.start()
        yield SiteInTime(app, clock, address, mail_server, complaints.lines)
        server.shutdown()
        thread.join()
        server.server_close()
    logging.getLogger().removeHandler(complaints)
    with app.app_context():
        db.engine.dispose()
