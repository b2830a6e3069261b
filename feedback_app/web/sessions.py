"""The signed-in browser: Flask-Login over the rows of ``AccountSession``.

The cookie carries a random value; the row is found by its hash, so ending the row ends the session at the next request.
"""

from __future__ import annotations

from flask import Flask, current_app, request, session
from flask_login import UserMixin, login_user, logout_user
from sqlalchemy.exc import OperationalError

from feedback_app.database import short_transaction
from feedback_app.domain.policy import Actor
from feedback_app.extensions import login_manager
from feedback_app.models import AccountSession
from feedback_app.services import sign_in
from feedback_app.web.access import now


class SignedIn(UserMixin):
    """The person behind a session row."""

    def __init__(self, row: AccountSession, token: str) -> None:
        self.row = row
        self.account = row.account
        self.pending = sign_in.awaits_second_factor(row)
        # Without the second factor, no rights: not even where a guard would have been forgotten.
        self.actor = Actor(row.account.identity_id, account_id=row.account_id) if self.pending else sign_in.actor_of(row.account)
        self._token = token

    def get_id(self) -> str:
        return self._token


def _load(token: str) -> SignedIn | None:
    row = sign_in.open_session(token, at=now())
    if row is None:
        return None
    if sign_in.not_seen_lately(row, at=now()):
        _note_use(row)
    return SignedIn(row, token)


def _note_use(row: AccountSession) -> None:
    """Say that the session is in use: within the transaction of a form, beside the reading one of a page."""
    if request.method == "POST":
        row.last_seen_at = now()
        return
    try:
        with short_transaction() as connection:
            sign_in.note_use(connection, row.id, at=now())
    except OperationalError:  # somebody has been writing for very long: the next page says it
        current_app.logger.warning("the last use of a session could not be noted")


def open_browser_session(row: AccountSession, token: str) -> None:
    """Sign this browser in. Whatever the cookie held before is dropped (no session fixation)."""
    session.clear()
    login_user(SignedIn(row, token))


def close_browser_session() -> None:
    """Forget it in this browser; the service ends the row."""
    logout_user()
    session.clear()


def init_app(app: Flask) -> None:
    """Bind Flask-Login. Its own cookie fingerprint is off: the row is the proof."""
    # Not ``init_app``: its hooks (remember-me cookie, current_user in every template) read the session on every answer,
    # public pages included, which must say nothing about who reads them.
    app.login_manager = login_manager  # type: ignore[attr-defined]
    login_manager.session_protection = None
    login_manager.user_loader(_load)
