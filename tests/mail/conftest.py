"""What the tests of mails share: a mail server's settings, mails that are owed, and the rows that remain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from config import Config, MailConfig
from feedback_app import create_app
from feedback_app.database import db, unit_of_work
from feedback_app.mail import outbox
from feedback_app.mail.messages import Link, Message
from feedback_app.models import OutgoingMail
from tests.conftest import NOW, Clock
from tests.conftest import settings as settings_of
from tests.servers import need, smtp
from tests.servers.smtp import SmtpServer

AT = NOW


@pytest.fixture
def settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Changes the application's settings for this test."""

    def change(**changes: Any) -> None:
        config: Config = app.config["SETTINGS"]
        monkeypatch.setitem(app.config, "SETTINGS", replace(config, **changes))

    return change


@pytest.fixture
def mail_to(settings: Callable[..., None]) -> Callable[..., None]:
    """Points the application to a mail server (an ``SmtpServer`` or a port)."""

    def point(server: SmtpServer | int, **changes: Any) -> None:
        port = server if isinstance(server, int) else server.port
        settings(mail=MailConfig(server=smtp.HOST, port=port, sender="ne-pas-repondre@suite.example", **{"timeout": 5.0, **changes}))

    return point


@pytest.fixture
def server(mail_to: Callable[..., None]) -> Iterator[SmtpServer]:
    """A mail server that takes everything, and to which the application is pointed."""
    need(smtp.available())
    with SmtpServer() as running:
        mail_to(running)
        yield running


def a_message(key: str = "k", **changes: Any) -> Message:
    values: dict[str, Any] = {
        "identity_id": None,
        "recipient": f"{key}@example.org",
        "language": "fr",
        "subject": f"Sujet {key}",
        "paragraphs": ("Bonjour,", "Voici ce qui se passe ensuite."),
        "button": Link("Voir", "/voir/abc"),
    }
    return Message(key=key, **{**values, **changes})


@pytest.fixture
def owe(context: Flask) -> Callable[..., None]:
    """Owes a mail and commits: ``owe("key", recipient=...)``, or ``owe(message)``."""

    def write(message: Message | str = "k", *, at: datetime = AT, **changes: Any) -> None:
        with unit_of_work():
            outbox.queue(message if isinstance(message, Message) else a_message(message, **changes), at=at)

    return write


@pytest.fixture
def rows(context: Flask) -> Callable[[], dict[str, OutgoingMail]]:
    """The outbox as anybody else sees it now, by key. Leaves no transaction open."""

    def read() -> dict[str, OutgoingMail]:
        db.session.rollback()
        found = {mail.key: mail for mail in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))}
        db.session.expunge_all()
        db.session.rollback()
        return found

    return read


@pytest.fixture
def deliver(context: Flask, clock: Clock) -> Callable[..., outbox.DeliveryReport]:
    def run(**options: Any) -> outbox.DeliveryReport:
        db.session.rollback()
        return outbox.deliver_due(clock=clock, **options)

    return run


@pytest.fixture(scope="session")
def plain_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application for tests that touch no database."""
    return create_app(settings_of(tmp_path_factory.mktemp("instance")))
