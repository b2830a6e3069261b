"""A real SMTP server on loopback that behaves as told: takes mails, refuses an address, falls silent, hangs up, shows a bad certificate."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.process import HOST

REFUSED = "550 5.1.1 No such mailbox"
TRY_LATER = "451 4.3.0 Try again later"
EVERYBODY = "*"


class AfterData(StrEnum):
    """What the server does once it has a whole mail. In every case it has it: it is in ``mails``."""

    ACCEPT = "accept"
    SILENT = "silent"  # never answers: the sender waits until its own time-out
    HANG_UP = "hang up"  # closes without a word: the sender cannot know whether the mail was taken


class Security(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"  # offered and required
    TLS = "tls"  # from the first byte


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes
    encrypted: bool
    user: str | None

    @property
    def text(self) -> str:
        """Its plain text part, decoded."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""


class SmtpServer:
    """Listens from ``start`` (or ``with``) to ``stop``. Every method may be called from the test's thread at any time."""

    host = HOST

    def __init__(
        self,
        *,
        replies: dict[str, str] | None = None,
        after_data: AfterData = AfterData.ACCEPT,
        security: Security = Security.NONE,
        credentials: tuple[str, str] | None = None,
    ) -> None:
        """``replies``: what RCPT answers to an address, or to EVERYBODY, such as REFUSED. ``credentials``: the only ones let in."""
        self.after_data = after_data
        self.security = security
        self.credentials = credentials
        self.port = 0
        self._replies = {address.lower(): reply for address, reply in (replies or {}).items()}
        self._mails: list[Mail] = []
        self._changed = threading.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.BaseTransport] = set()

    @property
    def mails(self) -> list[Mail]:
        """What has arrived, oldest first (a copy)."""
        with self._changed:
            return list(self._mails)

    def wait_for(self, count: int, *, timeout: float = 10.0) -> list[Mail]:
        """Wait until this many mails have arrived. Raises ``AssertionError`` when they do not within ``timeout`` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._mails) >= count, timeout):
                raise AssertionError(f"{len(self._mails)} mails arrived in {timeout} s, not {count}")
            return list(self._mails)

    def clear(self) -> None:
        with self._changed:
            self._mails.clear()

    def refuse(self, address: str = EVERYBODY, reply: str = REFUSED) -> None:
        """From now on answer RCPT for this address so."""
        self._replies[address.lower()] = reply

    def accept(self, address: str = EVERYBODY) -> None:
        """Take mails for this address again."""
        self._replies.pop(address.lower(), None)

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(timeout=10)

    def stop(self) -> None:
        """Close the port and every connection. Calling it twice is harmless."""
        loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(timeout=10)
        loop.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        wrapped = certificate().server_context() if self.security is Security.TLS else None
        self._server = await loop.create_server(self._session, HOST, 0, ssl=wrapped)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def _session(self) -> SMTP:
        starttls = self.security is Security.STARTTLS
        return SMTP(
            self,
            hostname="localhost",
            tls_context=certificate().server_context() if starttls else None,
            require_starttls=starttls,
            auth_require_tls=False,
            auth_required=False,
            authenticator=self._authenticate,
            loop=self._loop or asyncio.get_running_loop(),
        )

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        here = asyncio.current_task()
        sessions = [task for task in asyncio.all_tasks() if task is not here]
        for transport in self._connections:
            transport.close()
        for task in sessions:
            task.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
        await asyncio.sleep(0)  # lets the transports close

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        right = self.credentials is not None and (data.login.decode(), data.password.decode()) == self.credentials
        return AuthResult(success=right, handled=False, auth_data=data.login.decode())

    # What aiosmtpd calls, by these names.

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802
        if server.transport is not None:
            self._connections.add(server.transport)
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if self.credentials is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        reply = self._replies.get(address.lower()) or self._replies.get(EVERYBODY)
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.original_content or b""
        message = message_from_bytes(raw, policy=policy.default)
        encrypted = session.ssl is not None or self.security is Security.TLS
        user = session.auth_data if session.authenticated else None
        with self._changed:
            self._mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message, raw, encrypted, user))
            self._changed.notify_all()
        if self.after_data is AfterData.SILENT:
            await asyncio.Event().wait()
        if self.after_data is AfterData.HANG_UP and server.transport is not None:
            server.transport.close()
        return "250 OK"


@contextmanager
def absent() -> Iterator[int]:
    """A port of loopback where nothing listens, and where nobody else can listen meanwhile: connecting is refused at once."""
    with socket.socket() as holder:
        holder.bind((HOST, 0))
        yield int(holder.getsockname()[1])


def available() -> tuple[bool, str]:
    """A server without TLS runs wherever the tests do."""
    return True, ""


def tls_available() -> tuple[bool, str]:
    """Whether a certificate can be made for STARTTLS and TLS, else why not."""
    try:
        certificate()
    except (OSError, subprocess.CalledProcessError) as error:
        return False, f"the openssl program could not make a certificate: {error}"
    return True, ""


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for localhost and 127.0.0.1. A sender must refuse it, unless it trusts ``pem`` as an authority."""

    pem: str
    key: str

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            chain = Path(folder) / "chain.pem"
            chain.touch(mode=0o600)
            chain.write_text(self.key + self.pem)
            context.load_cert_chain(chain)
        return context


@cache
def certificate() -> Certificate:
    """Made once per run, at run time: no key is kept in the repository."""
    with tempfile.TemporaryDirectory() as folder:
        key, pem = Path(folder) / "key.pem", Path(folder) / "certificate.pem"
        names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        command += ["-subj", "/CN=localhost", "-addext", names, "-keyout", str(key), "-out", str(pem)]
        subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        return Certificate(pem.read_text(), key.read_text())
