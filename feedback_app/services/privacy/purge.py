"""What is forgotten in time, by the periods of the configuration. Each step works in batches, so that nobody waits long for it.

A step may be interrupted anywhere and begun again. ``jobs.purge`` runs them, once a day and by command.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, not_, or_, select, update

from config import PeriodsConfig
from feedback_app.database import Base, db
from feedback_app.domain import addresses
from feedback_app.domain.inventory import PERSON
from feedback_app.domain.language import FRENCH
from feedback_app.domain.privacy import TextsChoice, months_before
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.mail import outbox, privacy_messages
from feedback_app.models import (
    AccessLog,
    Account,
    AccountRole,
    AccountSession,
    Assessor,
    CaseEvent,
    Contribution,
    Identity,
    JobRun,
    KeptForm,
    MailStatus,
    Membership,
    MeToo,
    OutgoingMail,
    PersonalExport,
    PlannedErasure,
    RateCount,
    SignInLink,
)
from feedback_app.models.inventory import INVENTORY
from feedback_app.services import events, plan_uploads
from feedback_app.services.kept_forms import KEPT_FOR
from feedback_app.services.privacy import erasure
from feedback_app.services.privacy.subject import table

BATCH = 500
PEOPLE_BATCH = 20
ONE_DAY = timedelta(days=1)
KEPT_WORK = timedelta(days=30)
# What every person leaves behind by itself; whoever is in another table is there for a reason.
TRACES = {"access_log", "case_event", "outgoing_mail", "personal_export", "planned_erasure", "sign_in_link", "signature"}

Found = Select[int]


@dataclass(frozen=True)
class Step:
    """``found``: the ids of what is past its period at a moment. ``forget`` deals with some of them, in the caller's transaction."""

    name: str
    found: Callable[[datetime], Found]
    forget: Callable[[Sequence[int], datetime], None]
    batch: int = BATCH

    def count(self, at: datetime) -> int:
        """How many there are."""
        return db.session.scalar(select(func.count()).select_from(self.found(at).subquery())) or 0

    def run(self, at: datetime) -> int:
        """Deal with one batch. Returns how many; 0 when nothing is left."""
        ids = db.session.scalars(self.found(at).limit(self.batch)).all()
        if ids:
            self.forget(ids, at)
        return len(ids)


def _periods() -> PeriodsConfig:
    periods: PeriodsConfig = current_app.config["SETTINGS"].periods
    return periods


def _deletes(model: type[Base]) -> Callable[[Sequence[int], datetime], None]:
    return lambda ids, _at: _delete(model, ids)


def _delete(model: type[Base], ids: Sequence[int]) -> None:
    db.session.execute(delete(model).where(model.id.in_(ids)))


def _unconfirmed(at: datetime) -> Found:
    """Texts, withdrawn ones too, whose author never proved their address."""
    limit = at - timedelta(days=_periods().unconfirmed_days)
    return select(Contribution.id).where(Contribution.confirmed_at.is_(None), Contribution.created_at <= limit)


def _uncounted(at: datetime) -> Found:
    """ "Me too" by somebody who did not prove their address in time, or who took it back."""
    limit = at - timedelta(days=_periods().unconfirmed_days)
    return select(MeToo.id).where(MeToo.confirmed_at.is_(None), MeToo.asked_at <= limit)


def _strangers(at: datetime) -> Found:
    """Addresses that were given and never proved, and to which nothing belongs any more."""
    limit = at - timedelta(days=_periods().unconfirmed_days)
    unused = [not_(exists().where(column == Identity.id)) for column in _what_makes_somebody_known()]
    return select(Identity.id).where(Identity.confirmed_at.is_(None), Identity.created_at <= limit, *unused)


def _what_makes_somebody_known() -> list[ColumnElement[Any]]:
    own = {name: entry.links for name, entry in INVENTORY.items() if name not in {PERSON, *TRACES}}
    return [table(name).c[link.column] for name, links in own.items() for link in links if link.to == PERSON]


def _old_mails(at: datetime) -> Found:
    """Mails that left long ago, or never could. The row stays under its key, so that nobody is told twice."""
    limit = at - timedelta(days=_periods().sent_mail_days)
    left = and_(OutgoingMail.status == MailStatus.SENT, OutgoingMail.sent_at <= limit)
    dead = and_(OutgoingMail.status == MailStatus.FAILED, OutgoingMail.created_at <= limit)
    return select(OutgoingMail.id).where(OutgoingMail.recipient != "", or_(left, dead))


def _empty_mails(ids: Sequence[int], _at: datetime) -> None:
    nothing = {"recipient": "", "subject": "", "text": "", "html": "", "last_error": None}
    db.session.execute(update(OutgoingMail).where(OutgoingMail.id.in_(ids)).values(nothing))


def _old_log(at: datetime) -> Found:
    return select(AccessLog.id).where(AccessLog.at <= months_before(at, _periods().access_log_months))


def _old_links(at: datetime) -> Found:
    """A day, not a quarter of an hour: the hourly limit counts them."""
    return select(SignInLink.id).where(SignInLink.asked_at <= at - ONE_DAY)


def _old_sessions(at: datetime) -> Found:
    return select(AccountSession.id).where(or_(AccountSession.expires_at <= at, AccountSession.ended_at <= at - ONE_DAY))


def _old_forms(at: datetime) -> Found:
    """What nobody came back for after their session had ended."""
    return select(KeptForm.id).where(KeptForm.kept_at <= at - KEPT_FOR)


def _old_counts(at: datetime) -> Found:
    return select(RateCount.id).where(RateCount.expires_at <= at)


def _old_exports(at: datetime) -> Found:
    fetched = PersonalExport.fetched_at <= at - ONE_DAY
    return select(PersonalExport.id).where(or_(PersonalExport.expires_at <= at, fetched))


def _old_work(at: datetime) -> Found:
    return select(JobRun.id).where(JobRun.done_at <= at - KEPT_WORK)


def _unused(since: datetime) -> ColumnElement[bool]:
    """People without rights who have neither signed in nor taken part, and to whose texts nothing has happened, since that moment."""
    account = Account.identity_id == Identity.id
    busy = (
        exists().where(account, Account.last_sign_in_at > since),
        exists().where(account, AccountRole.account_id == Account.id),
        exists().where(account, Membership.account_id == Account.id),
        exists().where(account, Assessor.account_id == Account.id),
        exists().where(Contribution.identity_id == Identity.id, CaseEvent.contribution_id == Contribution.id, CaseEvent.at > since),
        exists().where(MeToo.identity_id == Identity.id, MeToo.confirmed_at > since),
        exists().where(PlannedErasure.identity_id == Identity.id),
    )
    return and_(Identity.confirmed_at <= since, Identity.created_at <= since, *map(not_, busy))


def _to_warn(at: datetime) -> Found:
    """Those who will be unused for long enough when the warning is over. A warning before their last visit no longer counts."""
    since = months_before(at, _periods().unused_account_months) + timedelta(days=_periods().unused_warning_days)
    return select(Identity.id).where(_unused(since), or_(Identity.unused_warned_at.is_(None), Identity.unused_warned_at <= since))


def _warn(ids: Sequence[int], at: datetime) -> None:
    due_at = at + timedelta(days=_periods().unused_warning_days)
    for identity in db.session.scalars(select(Identity).where(Identity.id.in_(ids)).with_for_update()):
        identity.unused_warned_at = at
        events.record(EventVerb.IDENTITY_WARN_UNUSED, identity, at=at, actor_kind=ActorKind.SYSTEM)
        last = select(Contribution.language).where(Contribution.identity_id == identity.id).order_by(Contribution.id.desc()).limit(1)
        message = privacy_messages.account_unused(
            identity=identity, language=db.session.scalar(last) or FRENCH, due_at=due_at, path=addresses.ask_to_sign_in(), day=at.date()
        )
        outbox.queue(message, at=at)


def _long_unused(at: datetime) -> Found:
    """Those who were warned in time and did not come."""
    since, warned_by = months_before(at, _periods().unused_account_months), at - timedelta(days=_periods().unused_warning_days)
    return select(Identity.id).where(_unused(since), Identity.unused_warned_at > since, Identity.unused_warned_at <= warned_by)


def _erase(ids: Sequence[int], at: datetime) -> None:
    for identity_id in ids:
        identity = db.session.get(Identity, identity_id, with_for_update=True)
        if identity:
            erasure.erase(identity, TextsChoice.KEEP, actor_kind=ActorKind.SYSTEM, at=at)


STEPS = (
    Step("unconfirmed_texts", _unconfirmed, _deletes(Contribution)),
    Step("unconfirmed_me_too", _uncounted, _deletes(MeToo)),
    Step("unconfirmed_addresses", _strangers, _deletes(Identity)),
    Step("mails", _old_mails, _empty_mails),
    Step("access_log", _old_log, _deletes(AccessLog)),
    Step("sign_in_links", _old_links, _deletes(SignInLink)),
    Step("sessions", _old_sessions, _deletes(AccountSession)),
    Step("kept_forms", _old_forms, _deletes(KeptForm)),
    Step("rate_counts", _old_counts, _deletes(RateCount)),
    Step("exports", _old_exports, _deletes(PersonalExport)),
    Step("job_runs", _old_work, _deletes(JobRun)),
    Step("plan_files", plan_uploads.forgotten, plan_uploads.give_up_forgotten),
    Step("unused_warnings", _to_warn, _warn),
    Step("unused_accounts", _long_unused, _erase, PEOPLE_BATCH),
)
