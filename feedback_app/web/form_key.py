"""The key of an anonymous form: signed and dated, kept nowhere until the form comes back, and good for one text.

It replaces a cookie: it shows that the page was really opened, that somebody took the time to write, and makes a double
click one row (``contribution.form_key`` is unique).
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from flask import current_app

from feedback_app.services.signing import signer


class KeyFault(StrEnum):
    """Why a key is not accepted. The text is never lost: the form comes back with it and with a fresh key."""

    WRONG = "wrong"
    TOO_OLD = "too_old"
    TOO_FAST = "too_fast"


def new_form_key(purpose: str, *, at: datetime) -> str:
    """A fresh key for a form about ``purpose`` (the address of what it is about)."""
    return signer().sign("form", [purpose, secrets.token_urlsafe(12), int(at.timestamp())])


def read_form_key(key: str, purpose: str, *, at: datetime) -> tuple[str | None, KeyFault | None]:
    """The nonce that the key carries, and what is wrong with the key (None: nothing)."""
    match signer().read("form", key):
        case [str(found), str(nonce), int(issued)] if found == purpose:
            pass
        case _:
            return None, KeyFault.WRONG
    settings, age = current_app.config["SETTINGS"], at.timestamp() - issued
    if age > timedelta(hours=settings.form_max_hours).total_seconds():
        return nonce, KeyFault.TOO_OLD
    if age < settings.form_min_seconds:
        return nonce, KeyFault.TOO_FAST
    return nonce, None
