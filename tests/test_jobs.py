"""The job queue wakes and sweeps; losing it, or having it twice, loses nothing."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from feedback_app import consumer, create_app, jobs
from feedback_app.database import db, unit_of_work
from feedback_app.mail import outbox
from feedback_app.mail.messages import Message
from feedback_app.models import MailStatus, OutgoingMail
from tests.conftest import settings
from tests.databases import SqliteDatabase
from tests.servers import need
from tests.servers import redis as redis_server
from tests.servers.redis import RedisServer
from tests.servers.smtp import HOST, AfterData, SmtpServer
from tests.servers.watch import soon

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    need(redis_server.available())
    with RedisServer() as server:
        yield server


@pytest.fixture(params=["file", "redis"])
def queue_settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment that chooses where tasks wait: a file, or Redis."""
    if request.param == "file":
        return {"REDIS_URL": ""}
    server: RedisServer = request.getfixturevalue("redis")
    server.flush()
    return {"REDIS_URL": server.url()}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    database = SqliteDatabase(folder)
    database.migrated(create_app(settings(folder, database.url)))
    return database.template


@pytest.fixture
def environ(tmp_path: Path, migrated: Path, queue_settings: dict[str, str]) -> dict[str, str]:
    """The environment of an application of its own, on an empty database; the job process outside shares both."""
    database = shutil.copy(migrated, tmp_path / "test.db")
    return {"INSTANCE_PATH": str(tmp_path / "instance"), "DATABASE_URL": f"sqlite:///{database}", **queue_settings}


@pytest.fixture
def app(environ: dict[str, str]) -> Iterator[Flask]:
    app = application(environ)
    yield app
    if "delivery" in vars(jobs.queue_of(app)):
        jobs.queue_of(app).huey.storage.close()


def application(environ: dict[str, str]) -> Flask:
    others = {name: value for name, value in environ.items() if name not in {"INSTANCE_PATH", "DATABASE_URL"}}
    return create_app(settings(Path(environ["INSTANCE_PATH"]), environ["DATABASE_URL"], **others))


def owe(app: Flask, key: str = "k") -> None:
    """What a request does: write, commit, wake."""
    message = Message(key=key, identity_id=None, recipient=f"{key}@example.org", language="fr", subject="Sujet", paragraphs=("Bonjour,",))
    with app.app_context():
        with unit_of_work():
            outbox.queue(message, at=datetime.now(UTC))
        jobs.wake_if_needed()


def statuses(app: Flask) -> list[MailStatus]:
    with app.app_context():
        return list(db.session.scalars(select(OutgoingMail.status)))


def waiting_tasks(app: Flask) -> int:
    return jobs.queue_of(app).huey.pending_count()


def test_making_the_application_opens_no_queue(app, environ):
    assert not (Path(environ["INSTANCE_PATH"]) / jobs.FILE_NAME).exists()
    assert "delivery" not in vars(jobs.queue_of(app))


def test_a_queued_mail_wakes_the_queue_after_the_commit(app):
    owe(app)
    assert waiting_tasks(app) == 1


def test_a_request_that_owes_nothing_wakes_nobody(app):
    with app.app_context():
        jobs.wake_if_needed()
    assert "delivery" not in vars(jobs.queue_of(app))


def test_a_queue_nobody_reads_stays_short(app):
    for number in range(jobs.MAX_WAITING + 5):
        owe(app, f"k{number}")
    assert waiting_tasks(app) == jobs.MAX_WAITING


def test_two_applications_do_not_share_a_queue(app, environ, tmp_path):
    if environ["REDIS_URL"]:
        environ = {**environ, "REDIS_URL": environ["REDIS_URL"].removesuffix("/0") + "/1"}
    other = application({**environ, "INSTANCE_PATH": str(tmp_path / "other")})
    owe(app)
    assert waiting_tasks(other) == 0
    jobs.queue_of(other).huey.storage.close()


class TestAQueueThatFails:
    @pytest.fixture
    def queue_settings(self) -> dict[str, str]:
        return {"REDIS_URL": ""}

    def test_on_waking_it_is_logged_and_the_mail_stays_owed(self, app, environ, caplog):
        (Path(environ["INSTANCE_PATH"]) / jobs.FILE_NAME).mkdir()
        owe(app)
        assert "the next sweep will deliver" in caplog.text
        assert "k@example.org" not in caplog.text
        assert statuses(app) == [MailStatus.WAITING]

    def test_on_starting_the_job_process_says_so(self, app, environ):
        (Path(environ["INSTANCE_PATH"]) / jobs.FILE_NAME).mkdir()
        with pytest.raises(jobs.QueueUnavailable, match="unable to open database file"):
            jobs.run(app)

    def test_a_redis_that_is_absent_or_silent_costs_a_request_little_time(self, environ, caplog, monkeypatch):
        monkeypatch.setattr(jobs, "REDIS_TIMEOUT_SECONDS", 0.3)
        with socket.create_server((HOST, 0)) as silent:
            for port in (1, silent.getsockname()[1]):
                app = application({**environ, "REDIS_URL": f"redis://{HOST}:{port}/0"})
                started = time.monotonic()
                owe(app, f"k{port}")
                assert time.monotonic() - started < 1.5
        assert caplog.text.count("the next sweep will deliver") == 2


class TestInThisProcess:
    """The task itself, without a consumer."""

    @pytest.fixture
    def queue_settings(self) -> dict[str, str]:
        return {"REDIS_URL": ""}

    @pytest.fixture
    def environ(self, environ: dict[str, str]) -> Iterator[dict[str, str]]:
        with SmtpServer() as server:
            self.server = server
            yield {**environ, "MAIL_SERVER": HOST, "MAIL_PORT": str(server.port)}

    def test_the_woken_task_delivers(self, app):
        owe(app)
        huey = jobs.queue_of(app).huey
        huey.execute(huey.dequeue())
        assert statuses(app) == [MailStatus.SENT]
        assert waiting_tasks(app) == 0

    def test_the_sweep_delivers_what_no_task_announced(self, app):
        """huey deletes a task before it runs it: a killed process loses the wake-up, never the mail."""
        owe(app)
        huey = jobs.queue_of(app).huey
        huey.dequeue()
        [sweep] = huey.read_periodic(None)
        sweep.execute()
        assert statuses(app) == [MailStatus.SENT]

    def test_more_mails_than_a_round_holds_all_leave(self, app, monkeypatch):
        monkeypatch.setattr(jobs, "ROUND", 2)
        for number in range(5):
            owe(app, f"k{number}")
        jobs.queue_of(app).deliver()
        assert len(self.server.mails) == 5

    def test_a_process_asked_to_stop_begins_no_new_mail(self, app):
        owe(app)
        jobs.queue_of(app).stopping.set()
        jobs.queue_of(app).deliver()
        assert statuses(app) == [MailStatus.WAITING]


@contextmanager
def job_process(environ: dict[str, str], server: SmtpServer) -> Iterator[subprocess.Popen[str]]:
    """``flask jobs run``, as an operator starts it."""
    variables = {
        **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LC_ALL"}},
        "ENVIRONMENT": "test",
        "SECRET_KEY": "a test key that is long enough to be accepted",
        "BASE_URL": "http://localhost",
        "MAIL_SERVER": HOST,
        "MAIL_PORT": str(server.port),
        "MAIL_TIMEOUT": "1",
        **environ,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=lambda stop: stop.name)
def test_the_job_process_sweeps_at_once_is_woken_and_stops_when_asked(app, environ, stop):
    owe(app, "before")
    with SmtpServer() as server, job_process(environ, server) as process:
        server.wait_for(1, timeout=20)
        assert soon(lambda: waiting_tasks(app) == 0)
        owe(app, "after")
        server.wait_for(2, timeout=consumer.SWEEP_SECONDS / 2)  # sooner than the next sweep: the wake-up did it
        assert soon(lambda: statuses(app) == [MailStatus.SENT] * 2)
        process.send_signal(stop)
        output, _ = process.communicate(timeout=20)
        assert process.returncode == 0, output
        assert "Traceback" not in output


def test_two_job_processes_send_each_mail_once(app, environ):
    with SmtpServer() as server, job_process(environ, server), job_process(environ, server):
        for number in range(20):
            owe(app, f"k{number}")
        assert soon(lambda: statuses(app) == [MailStatus.SENT] * 20, within=30)
        assert len({mail.recipients for mail in server.mails}) == len(server.mails) == 20


class TestStoppedInTheMiddleOfAMail:
    @pytest.fixture
    def queue_settings(self) -> dict[str, str]:
        return {"REDIS_URL": ""}

    def test_the_mail_in_hand_is_finished_before_stopping(self, app, environ):
        for key in ("a", "b"):
            owe(app, key)
        with SmtpServer(after_data=AfterData.SILENT) as server, job_process(environ, server) as process:
            server.wait_for(1, timeout=20)
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=20)
        assert process.returncode == 0, output
        with app.app_context():
            rows = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
            assert [row.last_error is not None for row in rows] == [True, False]

    def test_a_job_process_killed_in_the_middle_of_a_mail_leaves_it_owed(self, app, environ):
        owe(app)
        with SmtpServer(after_data=AfterData.SILENT) as server, job_process(environ, server) as process:
            server.wait_for(1, timeout=20)
            process.kill()
            process.communicate(timeout=20)
        with app.app_context():
            mail = db.session.scalars(select(OutgoingMail)).one()
            assert (mail.status, mail.attempts) == (MailStatus.WAITING, 1)
            assert mail.due_at > datetime.now(UTC)
            assert mail.message_id == server.mails[0].message["Message-ID"]


class TestWithoutItsQueue:
    @pytest.fixture
    def queue_settings(self) -> dict[str, str]:
        return {"REDIS_URL": "redis://127.0.0.1:1/0"}

    def test_the_job_process_still_sweeps(self, app, environ):
        """The sweep does not go through the queue: it works while Redis is gone."""
        owe(app)
        with SmtpServer() as server, job_process(environ, server) as process:
            server.wait_for(1, timeout=20)
            assert soon(lambda: statuses(app) == [MailStatus.SENT])
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
            assert process.returncode == 0
