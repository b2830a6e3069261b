"""A form that comes after its session has ended is kept through the sign-in (ADR 0014).

Only what this very browser typed into a form of ours comes back, and only to the account whose session it was: the cookie names the
ended session, the form carries that session's CSRF token. So nobody can put words into somebody else's form.
"""

from __future__ import annotations

from flask import request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from feedback_app.domain.text import unwritable_characters
from feedback_app.services import kept_forms
from feedback_app.web.access import declared, now

RESTORED = "repris"  # in the address of a form that shows what was typed before the sign-in
FIELD_BYTES = 64 * 1024


def keep() -> str | None:
    """Keep the form of this refused request, in the caller's transaction. The way to it through sign-in; None when it is not kept."""
    access, rule = declared(request.endpoint), request.url_rule
    if access is None or not access.needs_session or rule is None or "GET" not in (rule.methods or set()):
        return None
    account = kept_forms.account_of_session(session.get("_user_id", ""))
    if account is None or not _is_ours():
        return None
    fields = {name: values for name, values in request.form.lists() if name != "csrf_token"}
    if sum(map(len, map(str, fields.values()))) > FIELD_BYTES or unwritable_characters(str(fields)):
        return None
    kept_forms.keep(account.id, request.path, fields, at=now())
    return url_for("account.sign_in", suite=url_for(rule.endpoint, **{**request.args.to_dict(), **(request.view_args or {}), RESTORED: 1}))


def _is_ours() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def restored() -> MultiDict[str, str] | None:
    """What this person had typed into the form at this address, when the address says that they come back for it."""
    access = declared(request.endpoint)
    if RESTORED not in request.args or access is None or not access.needs_session or not current_user.is_authenticated:
        return None
    fields = kept_forms.of(current_user.account_id, request.path, at=now())
    return MultiDict([(name, value) for name, values in fields.items() for value in values]) if fields else None


def sent() -> None:
    """The form went through: forget what was kept of it."""
    access = declared(request.endpoint)
    if RESTORED in request.args and access and access.needs_session and current_user.is_authenticated:
        kept_forms.forget(current_user.account_id, request.path)
