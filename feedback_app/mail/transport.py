"""How a mail leaves: Flask-Mail's connection, with the timeout and the verified certificate that it lacks.

Only the job queue and ``flask outbox deliver`` come here: a request never waits for a mail server.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import charset, policy
from email.header import Header
from email.mime.text import MIMEText
from types import TracebackType
from typing import Any, Self

import flask_mail
import idna
from flask import current_app

from config import MailConfig
from feedback_app.mail.rendering import one_line

ERROR_LENGTH = 200

# No quoted local part, no second address after a comma, nothing outside ASCII.
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.:\[\]-]+")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")

# Quoted-printable: readable in its raw form, 7-bit, and no line is ever too long for a server.
_BODY_CHARSET = charset.Charset("utf-8")
_BODY_CHARSET.body_encoding = charset.QP

# Headers are encoded once, by Flask-Mail. The library's modern policies decode and fold them again, and Python 3.11 then writes a name
# such as "Été <other@example.org>" as a second address.
_ON_THE_WIRE = policy.compat32.clone(linesep="\r\n")
_MARKS_OF_AN_ADDRESS = str.maketrans(dict.fromkeys('"<>()[]@,;:\\', " "))


class DeliveryError(Exception):
    """The mail did not leave. Its text is short and names no person: it is shown to operators and kept in the row."""


class ServerUnreachable(DeliveryError):
    """Nobody to talk to (absent, silent, refused TLS or password): no use in trying the next mail now."""


class ConversationLost(DeliveryError):
    """The server stopped answering in the middle of this mail."""


class RefusedForNow(DeliveryError):
    """The server said no to this mail; later it may say yes."""


class RecipientRefused(DeliveryError):
    """The server will never take a mail for this address."""


@dataclass(frozen=True)
class Envelope:
    """One mail, ready to leave."""

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
    date: datetime


def ascii_domain(domain: str) -> str:
    """The domain as the network writes it (IDNA 2008). Raises ``ValueError`` when it cannot be one."""
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")


def ascii_address(address: str) -> str:
    """The address as every mail server understands it. Raises ``RecipientRefused`` for one that none of ours could carry."""
    local, _at, domain = address.rpartition("@")
    try:
        written = f"{local}@{ascii_domain(domain)}"
    except ValueError:
        raise RecipientRefused("the domain of the address is not valid") from None
    if not _PLAIN_ADDRESS.fullmatch(written):
        raise RecipientRefused("the address is not one that every server understands")
    return written


def display_name(name: str) -> str:
    """The name beside an address, without the marks that readers could take for another address."""
    return one_line(name.translate(_MARKS_OF_AN_ADDRESS))


class Message(flask_mail.Message):
    """Flask-Mail's, with bodies in quoted-printable (its own 8-bit lines may pass the 998 bytes that servers accept)."""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        return MIMEText(text or "", subtype, _BODY_CHARSET)  # type: ignore[arg-type]  # typeshed wants a str, the library a Charset

    def as_bytes(self) -> bytes:
        return self._message().as_bytes(policy=_ON_THE_WIRE)


class Connection(flask_mail.Connection):
    """A conversation with the mail server, opened by the first mail and used for the following ones."""

    host: smtplib.SMTP | None

    def __init__(self) -> None:
        super().__init__(current_app.extensions["mail"])
        self._settings: MailConfig = current_app.config["SETTINGS"].mail
        self._sender = (display_name(current_app.config["SETTINGS"].site.name), self._settings.sender)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.host is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()
        self._hang_up()

    def deliver(self, envelope: Envelope) -> None:
        """Hand one mail to the server. Raises a ``DeliveryError`` that says what that means for this mail and the next ones."""
        message = self._compose(envelope)
        if self.host is None:
            self.host = self._open()
        try:
            self.send(message, envelope_from=self._settings.sender)
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            self._forget_if_closed()
            raise (RecipientRefused if code >= 500 else RefusedForNow)(_reply(code, reply)) from error
        except smtplib.SMTPResponseException as error:
            self._forget_if_closed()
            raise RefusedForNow(_reply(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise ConversationLost(_words(error)) from error

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in as configured. What fails is raised as it comes; nothing stays open."""
        settings = self._settings
        host: smtplib.SMTP
        if settings.use_ssl:
            host = smtplib.SMTP_SSL(settings.server, settings.port, timeout=settings.timeout, context=tls_context())
        else:
            host = smtplib.SMTP(settings.server, settings.port, timeout=settings.timeout)
        try:
            if settings.use_tls:
                host.starttls(context=tls_context())
            if settings.username:
                host.login(settings.username, settings.password)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host

    def _open(self) -> smtplib.SMTP:
        try:
            return self.configure_host()
        except smtplib.SMTPResponseException as error:
            raise ServerUnreachable(_reply(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise ServerUnreachable(_words(error)) from error

    def _compose(self, envelope: Envelope) -> Message:
        message = Message(
            subject=_written_subject(one_line(envelope.subject)),
            recipients=[ascii_address(envelope.recipient)],
            body=envelope.text,
            html=envelope.html,
            sender=self._sender,
            date=envelope.date.timestamp(),
            extra_headers={"Auto-Submitted": "auto-generated"},
        )
        # Flask-Mail writes a pair as "name <address>" without quotes: a comma in the name would make two senders of it.
        message.sender = self._sender
        message.msgId = envelope.message_id
        return message

    def _forget_if_closed(self) -> None:
        # On 421 smtplib hangs up by itself and only its socket tells.
        if self.host is not None and self.host.sock is None:
            self.host = None

    def _hang_up(self) -> None:
        if self.host is not None:
            self.host.close()
        self.host = None


def _written_subject(subject: str) -> str:
    """Encoded and folded here: Flask-Mail's forgets that the first line begins with "Subject: ", and an empty one would come first."""
    if subject.isascii() and "=?" not in subject:
        return subject
    return Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")


def tls_context() -> ssl.SSLContext:
    """Certificates and host name are checked against the system's authorities."""
    return ssl.create_default_context()


def _reply(code: int, reply: Any) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return _without_addresses(f"{code} {text}")


def _words(error: BaseException) -> str:
    return _without_addresses(f"{type(error).__name__}: {error}")


def _without_addresses(text: str) -> str:
    """Servers like to repeat the address they refuse: it stays out of logs and of the list of dead letters."""
    return _ADDRESS.sub("(address)", one_line(text))[:ERROR_LENGTH]
