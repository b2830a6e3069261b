"""Who gets a mail today, and owing it once.

What somebody waits for (a request, a text to validate) is told the next morning, and every morning until it is done. What lasts (a
commitment that is late or of which nothing is heard, comments without a reply) makes a mail of its own when it is new, then on the first
working day of each week; it is in every mail that leaves meanwhile. A mail that comes daily and never changes is read by nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.calendar import begins_its_week, day_of, is_working_day
from feedback_app.domain.policy import Role
from feedback_app.mail import outbox, staff_messages
from feedback_app.mail.staff_messages import DigestPart
from feedback_app.models import Account, AccountRole, Membership
from feedback_app.services import sign_in
from feedback_app.services.cases import routing
from feedback_app.services.digest import cases, comments, commitments

LANGUAGE = "fr"  # of the desks; a person's own language is not known


def people(at: datetime) -> Sequence[int]:
    """The accounts that may have something to do today; none on a day on which offices are closed."""
    if not is_working_day(day_of(at)):
        return []
    members = select(Membership.account_id)
    coordinators = select(AccountRole.account_id).where(AccountRole.role == Role.COORDINATOR)
    statement = select(Account.id).where(Account.id.in_(members.union(coordinators)), Account.deactivated_at.is_(None))
    return db.session.scalars(statement.order_by(Account.id)).all()


def send(account_id: int, *, at: datetime) -> bool:
    """Owe this person the mail of the day, if anything awaits them. Called again the same day, it owes nothing more."""
    account = db.session.get_one(Account, account_id)
    parts = parts_for(account, at=at)
    if not any(part.new for part in parts) and not (parts and begins_its_week(day_of(at))):
        return False
    message = staff_messages.daily_digest(
        identity=account.identity, language=LANGUAGE, today=day_of(at), parts=parts, of_a_ministry=bool(account.memberships)
    )
    return outbox.queue(message, at=at) is not None


def parts_for(account: Account, *, at: datetime) -> list[DigestPart]:
    """What awaits this person, each thing under one heading, the most pressing first."""
    actor = sign_in.actor_of(account)
    found = list(cases.parts(actor, at=at))
    if actor.memberships:
        own = routing.own_today(actor.ministry_ids)
        found += [*commitments.parts(actor, own, at=at), *comments.parts(actor, own, at=at)]
    return found
