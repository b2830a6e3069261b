"""Mails that are owed: written by services inside their transaction, delivered at least once by the job queue (ADR 0006).

A delivery is two short transactions around a conversation with the mail server: claim (``due_at`` moves ahead by a lease), send,
mark. Whoever dies in between leaves a row that comes due again, under the same Message-ID.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import Connection, Select, delete, func, select, update

from config import Config
from feedback_app.database import db, insert_at_once, unit_of_work
from feedback_app.mail import transport
from feedback_app.mail.message import Message
from feedback_app.mail.rendering import render
from feedback_app.models import MailStatus, OutgoingMail

QUEUED = "mail_queued"
"""Set in ``db.session.info`` when the transaction in hand owes a mail."""

# What follows the first failure, the second one... Together 40 hours: a server that is down for a night and a day loses nothing.
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 30, 60, 120, 240, 480, 720, 720))
MAX_ATTEMPTS = len(BACK_OFF) + 1
LEASE = timedelta(minutes=2)
STEPS_OF_A_CONVERSATION = 12
LOST_CONVERSATIONS = 2
NO_SERVER = "MAIL_SERVER is not set"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeliveryReport:
    """How a round went, in mails. ``failed`` are dead letters; ``stopped`` says why the round ended before its time."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    stopped: str | None = None

    @property
    def tried(self) -> int:
        return self.sent + self.retried + self.failed


@dataclass(frozen=True)
class _Claim:
    """A mail that this process is delivering. ``attempts`` proves, when it comes to marking, that nobody took it over."""

    id: int
    attempts: int
    envelope: transport.Envelope


class NotDeadLetters(LookupError):
    """No dead letters have these ids."""

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__(f"not dead letters: {ids}")
        self.ids = ids


def queue(message: Message, *, at: datetime, not_before: datetime | None = None) -> OutgoingMail | None:
    """Owe a mail, in the caller's transaction, from ``not_before`` on. Returns None when one was already owed for the same reason."""
    rendered = render(message)
    mail = OutgoingMail(
        key=message.key,
        message_id=_new_message_id(),
        identity_id=message.identity_id,
        recipient=message.recipient,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        language=message.language,
        status=MailStatus.WAITING,
        created_at=at,
        due_at=not_before or at,
        attempts=0,
    )
    db.session.flush()  # what it is about may be new
    # Not "look, then add": two transactions may owe the same mail at the same time.
    if not insert_at_once(mail):
        return None
    db.session.info[QUEUED] = True
    return mail


def cancel(keys: Sequence[str]) -> None:
    """Owe these mails no more, in the caller's transaction. One that has been tried already may have left: it is not touched."""
    never_tried = (OutgoingMail.status == MailStatus.WAITING, OutgoingMail.attempts == 0)
    db.session.execute(delete(OutgoingMail).where(OutgoingMail.key.in_(keys), *never_tried))


def _new_message_id() -> str:
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    return f"<{secrets.token_hex(16)}@{f'[{host}]' if ':' in host else transport.ascii_domain(host)}>"


def deliver_due(
    *,
    clock: Callable[[], datetime],
    limit: int = 100,
    progress: Callable[[DeliveryReport], None] | None = None,
    keep_going: Callable[[], bool] = lambda: True,
) -> DeliveryReport:
    """Try each mail that is due, at most ``limit`` of them, and say how it went.

    Call it outside any transaction. ``progress`` is called after each mail; ``keep_going`` is asked before each. Without a mail
    server the demo marks mails as sent (they are read on its own page) and elsewhere they keep waiting. Never raises for a mail
    or a mail server; raises ``RuntimeError`` inside a transaction, and whatever a failing database raises.
    """
    if db.session().in_transaction():
        raise RuntimeError("deliver_due() inside a transaction: commit or roll it back before")
    anything = due_count(clock())  # the usual answer is no, and then nobody waits for the write lock
    db.session.rollback()
    if not anything:
        return DeliveryReport()
    if not can_send():
        _tell_once_that_nothing_leaves()
        return DeliveryReport(stopped=NO_SERVER)
    round_ = _Round(clock, progress)
    with transport.Connection() as connection:
        while round_.report.tried < limit and round_.report.stopped is None and keep_going():
            claim = round_.claim()
            if claim is None:
                break
            round_.deliver(claim, connection)
    return round_.report


def can_send() -> bool:
    """Whether mails have somewhere to go: a server, or the demo's own page."""
    settings: Config = current_app.config["SETTINGS"]
    return bool(settings.mail.server) or settings.demo


class _Round:
    """One delivery round: what was done so far, and how many conversations the server dropped in a row."""

    def __init__(self, clock: Callable[[], datetime], progress: Callable[[DeliveryReport], None] | None) -> None:
        self.report = DeliveryReport()
        self._clock, self._progress = clock, progress
        self._lost = 0

    def claim(self) -> _Claim | None:
        """The next due mail, reserved for this process; None when nothing is due. Gives up those that were tried too often."""
        while True:
            claim, given_up = _claim(self._clock())
            if not given_up:
                return claim
            self._count(failed=1)

    def deliver(self, claim: _Claim, connection: transport.Connection) -> None:
        """Send one mail and mark what became of it."""
        try:
            if not current_app.config["SETTINGS"].demo:
                connection.deliver(claim.envelope)
        except transport.RecipientRefused as error:
            self._mark_refused(claim, str(error), for_ever=True)
        except transport.DeliveryError as error:
            self._mark_refused(claim, str(error))
            self._look_at_the_server(error)
        except Exception as error:  # one broken mail never blocks the others
            logger.exception("mail %s could not be written", claim.id)
            self._mark_refused(claim, type(error).__name__)
        else:
            self._lost = 0
            _mark_sent(claim, at=self._clock())
            self._count(sent=1)

    def _mark_refused(self, claim: _Claim, error: str, *, for_ever: bool = False) -> None:
        given_up = for_ever or claim.attempts >= MAX_ATTEMPTS
        logger.warning("mail %s, attempt %s, %s: %s", claim.id, claim.attempts, "given up" if given_up else "to be retried", error)
        _mark_failed(claim, error, due_at=None if given_up else self._clock() + BACK_OFF[claim.attempts - 1])
        self._count(failed=1) if given_up else self._count(retried=1)

    def _look_at_the_server(self, error: transport.DeliveryError) -> None:
        """Stop when the server is not there: each further mail would wait for the whole timeout."""
        self._lost = self._lost + 1 if isinstance(error, transport.ConversationLost) else 0
        if isinstance(error, transport.ServerUnreachable) or self._lost >= LOST_CONVERSATIONS:
            self.report = replace(self.report, stopped=str(error))

    def _count(self, *, sent: int = 0, retried: int = 0, failed: int = 0) -> None:
        report = self.report
        self.report = replace(report, sent=report.sent + sent, retried=report.retried + retried, failed=report.failed + failed)
        if self._progress:
            self._progress(self.report)


def _claim(at: datetime) -> tuple[_Claim | None, bool]:
    """Reserve the mail that has been due for longest. The second value: it had to be given up instead (its process died each time)."""
    with unit_of_work():
        due = select(OutgoingMail).where(OutgoingMail.status == MailStatus.WAITING, OutgoingMail.due_at <= at)
        oldest_first = due.order_by(OutgoingMail.due_at, OutgoingMail.id).limit(1)
        mail = db.session.scalar(oldest_first.with_for_update(skip_locked=True))
        if mail is None:
            return None, False
        if mail.attempts >= MAX_ATTEMPTS:
            mail.status = MailStatus.FAILED
            mail.last_error = mail.last_error or "interrupted at each attempt"
            return None, True
        mail.attempts += 1
        mail.due_at = at + _lease()
        envelope = transport.Envelope(mail.message_id, mail.recipient, mail.subject, mail.text, mail.html, date=at)
        return _Claim(mail.id, mail.attempts, envelope), False


def _lease() -> timedelta:
    """Longer than the longest conversation: a mail in good hands must not come due again."""
    timeout: float = current_app.config["SETTINGS"].mail.timeout
    return max(LEASE, STEPS_OF_A_CONVERSATION * timedelta(seconds=timeout))


def _mark_sent(claim: _Claim, *, at: datetime) -> None:
    with unit_of_work():
        values: dict[str, Any] = {"status": MailStatus.SENT, "sent_at": at, "last_error": None}
        if not current_app.config["SETTINGS"].demo:
            # It held secret links and what somebody wrote: that has arrived. The demo shows its mails on a page of its own.
            values |= {"text": "", "html": ""}
        db.session.execute(update(OutgoingMail).where(OutgoingMail.id == claim.id).values(values))


def _mark_failed(claim: _Claim, error: str, *, due_at: datetime | None) -> None:
    """Due again at ``due_at``, or a dead letter when that is None. Does nothing once another process has taken the mail over."""
    values = {"last_error": error, **({"due_at": due_at} if due_at else {"status": MailStatus.FAILED})}
    still_ours = (OutgoingMail.status == MailStatus.WAITING, OutgoingMail.attempts == claim.attempts)
    with unit_of_work():
        db.session.execute(update(OutgoingMail).where(OutgoingMail.id == claim.id, *still_ours).values(values))


def _tell_once_that_nothing_leaves() -> None:
    if not current_app.extensions.get("mail_silence_told"):
        current_app.extensions["mail_silence_told"] = True
        logger.warning("%s: mails wait in the outbox", NO_SERVER)


def due_count(at: datetime) -> int:
    """How many mails are due."""
    return db.session.scalar(select(func.count()).where(OutgoingMail.status == MailStatus.WAITING, OutgoingMail.due_at <= at)) or 0


@dataclass(frozen=True)
class OutboxStatus:
    """How many mails are in each status, since when the oldest waiting one is owed, and the dead letters, the latest first."""

    counts: dict[MailStatus, int]
    oldest_waiting: datetime | None
    dead_letters: Sequence[OutgoingMail]


def status() -> OutboxStatus:
    """The state of the outbox, for operators."""
    by_status = select(OutgoingMail.status, func.count()).group_by(OutgoingMail.status)
    counted = {member: count for member, count in db.session.execute(by_status)}  # noqa: C416 - rows are no pairs for mypy
    oldest = db.session.scalar(select(func.min(OutgoingMail.created_at)).where(OutgoingMail.status == MailStatus.WAITING))
    dead = db.session.scalars(_dead_letters().order_by(OutgoingMail.id.desc())).all()
    return OutboxStatus({member: counted.get(member, 0) for member in MailStatus}, oldest, dead)


def left(connection: Connection) -> frozenset[str]:
    """The Message-ID of every mail that left: for a restore."""
    return frozenset(connection.scalars(select(OutgoingMail.message_id).where(OutgoingMail.status == MailStatus.SENT)))


def mark_as_left(connection: Connection, message_ids: Collection[str], *, at: datetime) -> int:
    """After a restore: mails that wait here, but left under the same Message-ID since the backup. Returns how many."""
    waiting = select(OutgoingMail.id, OutgoingMail.message_id).where(OutgoingMail.status != MailStatus.SENT)
    found = [row.id for row in connection.execute(waiting) if row.message_id in message_ids]
    for mail_id in found:
        values = {"status": MailStatus.SENT, "sent_at": at, "text": "", "html": ""}
        connection.execute(update(OutgoingMail).where(OutgoingMail.id == mail_id).values(values))
    return len(found)


def _dead_letters() -> Select[OutgoingMail]:
    """Those that can still be revived: the purge has emptied the old ones."""
    return select(OutgoingMail).where(OutgoingMail.status == MailStatus.FAILED, OutgoingMail.recipient != "")


def recent(limit: int, *, older_than: int | None = None) -> Sequence[OutgoingMail]:
    """The last mails that were owed, the newest first; ``older_than``: those before the one with this id."""
    wanted = select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(limit)
    if older_than is not None:
        wanted = wanted.where(OutgoingMail.id < older_than)
    return db.session.scalars(wanted).all()


def retry(ids: Sequence[int] | None, *, at: datetime) -> int:
    """Make dead letters due again, as if never tried: those given, or all when ``ids`` is None. Returns how many.

    In the caller's transaction. Raises ``NotDeadLetters`` naming the ids that are not dead letters.
    """
    dead = _dead_letters()
    if ids is not None:
        dead = dead.where(OutgoingMail.id.in_(ids))
    mails = db.session.scalars(dead.with_for_update()).all()
    unknown = sorted(set(ids or ()) - {mail.id for mail in mails})
    if unknown:
        raise NotDeadLetters(unknown)
    for mail in mails:
        mail.status, mail.attempts, mail.due_at = MailStatus.WAITING, 0, at
    if mails:
        db.session.info[QUEUED] = True
    return len(mails)
