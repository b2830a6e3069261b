"""Forms that were sent after their session had ended: kept for their author until they have signed in again (ADR 0014)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from feedback_app.database import db
from feedback_app.domain.personal_data import hash_token
from feedback_app.models import Account, AccountSession, KeptForm

KEPT_FOR = timedelta(hours=12)

Fields = dict[str, list[str]]


def account_of_session(token: str) -> Account | None:
    """Whose session this secret opens, or opened before it ended; None when it never did, or the account is deactivated."""
    row = db.session.scalar(select(AccountSession).where(AccountSession.token_hash == hash_token(token)))
    return row.account if row and row.account.deactivated_at is None else None


def keep(account_id: int, path: str, fields: Fields, *, at: datetime) -> None:
    """Keep what was typed at ``path``, in the place of what was kept there before. What nobody came back for is forgotten."""
    stale = (KeptForm.kept_at <= at - KEPT_FOR) | ((KeptForm.account_id == account_id) & (KeptForm.path == path))
    db.session.execute(delete(KeptForm).where(stale))
    db.session.add(KeptForm(account_id=account_id, path=path, fields=fields, kept_at=at))


def of(account_id: int, path: str, *, at: datetime) -> Fields | None:
    """What this person had typed at ``path``, within the last twelve hours."""
    mine = (KeptForm.account_id == account_id, KeptForm.path == path, KeptForm.kept_at > at - KEPT_FOR)
    return db.session.scalar(select(KeptForm.fields).where(*mine))


def forget(account_id: int, path: str) -> None:
    """The form was sent: nothing needs to be kept any more."""
    db.session.execute(delete(KeptForm).where(KeptForm.account_id == account_id, KeptForm.path == path))
