"""Signs of life, for the administrator: is the job process at work, do mails leave?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback_app.database import db
from feedback_app.domain.personal_data import mask_email
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.mail import outbox
from feedback_app.models import Heartbeat, MailStatus, OutgoingMail
from feedback_app.services import events
from feedback_app.services.paging import Order, Page, Window, parse_number, read_page

JOBS = "jobs"
SILENT_AFTER = timedelta(minutes=5)
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Health:
    """How mails and jobs are. ``last_sweep``: when the job process last looked for work; ``silent``: too long ago, or never.

    Of the mails that wait ``due`` ones should leave now, the oldest since ``oldest_waiting``; the others (reminders, further attempts)
    are planned for later.
    """

    waiting: int
    due: int
    failed: int
    sent: int
    oldest_waiting: datetime | None
    late: bool
    last_sweep: datetime | None
    silent: bool

    @property
    def well(self) -> bool:
        return not (self.failed or self.late or self.silent)


@dataclass(frozen=True)
class DeadLetter:
    """A mail that was given up. Its address is masked: whoever looks after mails need not know who writes."""

    id: int
    reason: str
    recipient: str
    created_at: datetime
    attempts: int
    error: str


def beat(name: str, *, at: datetime) -> None:
    """Note that a process works. In the caller's transaction; two processes of the same name share a row."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(Heartbeat).values(name=name, at=at)
    db.session.execute(statement.on_conflict_do_update(index_elements=[Heartbeat.name], set_={"at": at}))


def of_site(*, at: datetime) -> Health:
    """The state of mails and jobs."""
    counted = dict.fromkeys(MailStatus, 0)
    for status, count in db.session.execute(select(OutgoingMail.status, func.count()).group_by(OutgoingMail.status)):
        counted[status] = count
    is_due = (OutgoingMail.status == MailStatus.WAITING, OutgoingMail.due_at <= at)
    due, oldest = db.session.execute(select(func.count(), func.min(OutgoingMail.due_at)).where(*is_due)).one()
    beaten = db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == JOBS))
    return Health(
        waiting=counted[MailStatus.WAITING],
        due=due,
        failed=counted[MailStatus.FAILED],
        sent=counted[MailStatus.SENT],
        oldest_waiting=oldest,
        late=oldest is not None and oldest + LATE_AFTER < at,
        last_sweep=beaten,
        silent=beaten is None or beaten + SILENT_AFTER < at,
    )


def dead_letters(window: Window) -> Page[DeadLetter]:
    """The mails that were given up, the latest first."""
    order = Order((OutgoingMail.id,), parse_number, lambda letter: str(letter.id), descending=True)
    statement = select(OutgoingMail).where(OutgoingMail.status == MailStatus.FAILED)
    return read_page(statement, order, window, item=lambda row: _letter(row[0]))


def _letter(mail: OutgoingMail) -> DeadLetter:
    return DeadLetter(
        mail.id, mail.key.partition(":")[0], mask_email(mail.recipient), mail.created_at, mail.attempts, mask_all(mail.last_error or "")
    )


def mask_all(text: str) -> str:
    """What a mail server said, without the addresses that it quotes."""
    return " ".join(mask_email(word.strip("<>,;:")) if "@" in word else word for word in text.split())


def retry(mail_id: int | None, *, administrator: Actor, at: datetime) -> int:
    """Try one dead letter again, or all of them. Returns how many. Raises ``outbox.NotDeadLetters``."""
    authorise(administrator, Permission.SITE_MANAGE, None)
    chosen = select(OutgoingMail).where(OutgoingMail.status == MailStatus.FAILED)
    if mail_id is not None:
        chosen = chosen.where(OutgoingMail.id == mail_id)
    letters = db.session.scalars(chosen).all()
    count = outbox.retry([mail_id] if mail_id is not None else None, at=at)
    for letter in letters:
        events.record(EventVerb.MAIL_RETRY, letter, at=at, actor_kind=ActorKind.STAFF, actor_id=administrator.identity_id)
    return count
