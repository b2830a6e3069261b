"""The signed-in browser: Flask-Login over the rows of ``AccountSession``.

The cookie carries a random value; the row is found by its hash, so ending the row ends the session at the next request.
"""

from __future__ import annotations

from functools import cached_property

from flask import Flask, current_app, request, session
from flask_login import UserMixin, login_user, logout_user
from sqlalchemy.exc import OperationalError

from feedback_app.database import short_transaction
from feedback_app.domain.policy import Actor
from feedback_app.extensions import login_manager
from feedback_app.models import Account, AccountSession
from feedback_app.services import sign_in
from feedback_app.web.access import now


class SignedIn(UserMixin):
    """The person behind a session. Their rows are read when somebody asks for them: most pages need the rights alone."""

    def __init__(self, opened: sign_in.OpenSession, token: str) -> None:
        self.session_id, self.account_id, self.pending = opened.id, opened.account_id, opened.pending
        # Without the second factor, no rights: not even where a guard would have been forgotten.
        self.actor = Actor(opened.actor.identity_id, account_id=opened.account_id) if opened.pending else opened.actor
        self._token = token

    @cached_property
    def row(self) -> AccountSession:
        """The session's row."""
        return sign_in.row_of(self.session_id)

    @property
    def account(self) -> Account:
        """The account's row."""
        return self.row.account

    def get_id(self) -> str:
        return self._token


def _load(token: str) -> SignedIn | None:
    opened = sign_in.open_session(token, at=now())
    if opened is None:
        return None
    person = SignedIn(opened, token)
    if sign_in.not_seen_lately(opened, at=now()):
        _note_use(person)
    return person


def _note_use(person: SignedIn) -> None:
    """Say that the session is in use: within the transaction of a form, beside the reading one of a page."""
    if request.method == "POST":
        person.row.last_seen_at = now()
        return
    try:
        with short_transaction() as connection:
            sign_in.note_use(connection, person.session_id, at=now())
    except OperationalError:  # somebody has been writing for very long: the next page says it
        current_app.logger.warning("the last use of a session could not be noted")


def open_browser_session(row: AccountSession, token: str) -> None:
    """Sign this browser in. Whatever the cookie held before is dropped (no session fixation)."""
    session.clear()
    login_user(SignedIn(sign_in.opened(row), token))


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
