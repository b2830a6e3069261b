"""``flask outbox``: what an operator sees and does about mails."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from config import MailConfig
from feedback_app import create_app, jobs
from feedback_app.database import db, unit_of_work
from feedback_app.mail import outbox
from feedback_app.mail.messages import Message
from feedback_app.models import MailStatus, OutgoingMail
from tests.conftest import NOW, settings
from tests.databases import SqliteDatabase
from tests.servers.smtp import HOST, TRY_LATER, SmtpServer, absent

ROOT = Path(__file__).resolve().parents[2]


def owe(app: Flask, key: str, *, dead: bool = False) -> int:
    """One mail that is due, or a dead letter. Returns its id."""
    message = Message(key=key, identity_id=None, recipient=f"{key}@exemple.test", language="fr", subject="Sujet", paragraphs=("Bonjour,",))
    with app.app_context(), unit_of_work():
        mail = outbox.queue(message, at=NOW - timedelta(days=300))
        assert mail is not None
        if dead:
            mail.status, mail.attempts, mail.last_error = MailStatus.FAILED, 12, "550 5.1.1 <(address)>: no such user"
        return mail.id


def statuses(app: Flask) -> dict[str, MailStatus]:
    with app.app_context():
        return {mail.key: mail.status for mail in db.session.scalars(select(OutgoingMail))}


@pytest.fixture
def flask(app: Flask) -> Callable[..., Result]:
    """``flask("outbox", "status")``."""
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def mail_to(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def point(port: int) -> None:
        config = app.config["SETTINGS"]
        monkeypatch.setitem(app.config, "SETTINGS", replace(config, mail=MailConfig(server=HOST, port=port, timeout=2.0)))

    return point


@pytest.fixture
def server(mail_to: Callable[[int], None]) -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        mail_to(running.port)
        yield running


class TestStatus:
    def test_counts_and_lists_dead_letters_without_naming_anybody(self, app, flask):
        owe(app, "claire")
        dead = owe(app, "jean", dead=True)
        result = flask("outbox", "status")
        assert result.exit_code == 0
        assert result.stdout.splitlines() == [
            "1 en attente, 0 envoyés, 1 en échec",
            "Le plus ancien attend depuis le 06/05/2025 à 10:00 (UTC).",
            f"En échec : n° {dead}, j…@e….test, 12 tentative(s), 550 5.1.1 <(address)>: no such user",
            "Pour réessayer : flask outbox retry N°... ou --all",
        ]

    def test_as_json_is_one_object(self, app, flask):
        owe(app, "claire")
        dead = owe(app, "jean", dead=True)
        result = flask("outbox", "status", "--json")
        assert json.loads(result.stdout) == {
            "waiting": 1,
            "sent": 0,
            "failed": 1,
            "oldest_waiting": "2025-05-06T10:00:00+00:00",
            "dead_letters": [
                {
                    "id": dead,
                    "recipient": "j…@e….test",
                    "attempts": 12,
                    "last_error": "550 5.1.1 <(address)>: no such user",
                    "created_at": "2025-05-06T10:00:00+00:00",
                }
            ],
        }

    def test_of_an_empty_outbox_is_one_line(self, flask):
        assert flask("outbox", "status").stdout == "0 en attente, 0 envoyés, 0 en échec\n"


class TestDeliver:
    def test_sends_what_is_due_and_says_how_many(self, app, flask, server):
        owe(app, "a")
        owe(app, "b")
        result = flask("outbox", "deliver")
        assert (result.exit_code, result.stdout) == (0, "2 envoyés, 0 à réessayer plus tard, 0 en échec, 0 en attente\n")
        assert len(server.mails) == 2

    def test_of_nothing_is_no_failure(self, flask, server):
        result = flask("outbox", "deliver")
        assert (result.exit_code, result.stdout) == (0, "0 envoyés, 0 à réessayer plus tard, 0 en échec, 0 en attente\n")

    def test_ends_with_1_when_a_mail_could_not_leave(self, app, flask, server):
        for key in ("a", "gone", "later"):
            owe(app, key)
        server.refuse("gone@exemple.test")
        server.refuse("later@exemple.test", TRY_LATER)
        result = flask("outbox", "deliver")
        assert (result.exit_code, result.stdout) == (1, "1 envoyés, 1 à réessayer plus tard, 1 en échec, 0 en attente\n")

    def test_ends_with_1_when_there_is_no_server_to_talk_to(self, app, flask, mail_to):
        owe(app, "a")
        owe(app, "b")
        with absent() as port:
            mail_to(port)
            result = flask("outbox", "deliver")
        assert (result.exit_code, result.stdout) == (1, "0 envoyés, 1 à réessayer plus tard, 0 en échec, 1 en attente\n")
        assert result.stderr.startswith("Arrêt avant la fin : ConnectionRefusedError")

    def test_ends_with_1_when_no_server_is_set(self, app, flask):
        owe(app, "a")
        result = flask("outbox", "deliver")
        assert (result.exit_code, result.stderr) == (1, "Arrêt avant la fin : MAIL_SERVER is not set\n")
        assert statuses(app) == {"a": MailStatus.WAITING}


class TestRetry:
    def test_makes_the_given_dead_letters_due_and_wakes_the_queue(self, app, flask, monkeypatch):
        woken = []
        monkeypatch.setattr(jobs.JobQueue, "wake", lambda _self: woken.append(1))
        first, second = owe(app, "a", dead=True), owe(app, "b", dead=True)
        owe(app, "c", dead=True)
        woken.clear()
        result = flask("outbox", "retry", str(first), str(second))
        assert (result.exit_code, result.stdout) == (0, "2 courriel(s) de nouveau dus\n")
        assert statuses(app) == {"a": MailStatus.WAITING, "b": MailStatus.WAITING, "c": MailStatus.FAILED}
        assert woken == [1]

    def test_of_all_takes_them_all(self, app, flask):
        for key in ("a", "b"):
            owe(app, key, dead=True)
        assert flask("outbox", "retry", "--all").stdout == "2 courriel(s) de nouveau dus\n"
        assert flask("outbox", "retry", "--all").stdout == "0 courriel(s) de nouveau dus\n"
        assert set(statuses(app).values()) == {MailStatus.WAITING}

    def test_of_what_is_no_dead_letter_changes_nothing(self, app, flask):
        dead, waiting = owe(app, "a", dead=True), owe(app, "b")
        result = flask("outbox", "retry", str(dead), str(waiting), "999999")
        assert (result.exit_code, result.stderr) == (1, f"Error: pas en échec : {waiting}, 999999 (rien n’a changé)\n")
        assert statuses(app)["a"] is MailStatus.FAILED

    @pytest.mark.parametrize("words", [[], ["1", "--all"], ["un"], ["0"], ["9" * 30]])
    def test_of_nonsense_is_refused_with_one_clear_line(self, flask, words):
        result = flask("outbox", "retry", *words)
        assert result.exit_code in {1, 2}
        assert "Traceback" not in result.output
        assert result.stderr.splitlines()[-1].startswith("Error: ")


def test_on_a_terminal_a_delivery_shows_its_progress(tmp_path):
    database = SqliteDatabase(tmp_path)
    app = create_app(settings(tmp_path, database.url))
    database.migrated(app)
    for number in range(3):
        owe(app, f"k{number}")
    with SmtpServer() as server:
        variables = {"ENVIRONMENT": "test", "SECRET_KEY": "a test key that is long enough to be accepted", "DATABASE_URL": database.url}
        variables |= {"INSTANCE_PATH": str(tmp_path), "MAIL_SERVER": HOST, "MAIL_PORT": str(server.port), "TERM": "xterm"}
        shown = on_a_terminal([sys.executable, "-m", "flask", "--app", "wsgi", "outbox", "deliver"], {**variables, "PATH": os.defpath})
    assert "Envoi" in shown
    assert "100%" in shown
    assert "3 envoyés" in shown
    shutil.rmtree(tmp_path, ignore_errors=True)


def on_a_terminal(command: list[str], environ: dict[str, str]) -> str:
    """What the command shows on a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:  # the other end was closed: it has ended
        pass
    finally:
        os.close(ours)
        process.wait(20)
    return shown.decode()
