"""Fields that were sent and that no form of ours has.

They are never read: a form binds what it declares, a view reads nothing else. A name that decides over rights or status does not come
by accident, though: it is a security event, logged without any value.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from wtforms import Form

# What somebody would add who has read the models.
FORGED = frozenset(
    {
        "account_id", "actor_id", "author_id", "confirmed_at", "deactivated_at", "id", "identity_id", "is_admin", "kind", "memberships",
        "ministry", "ministry_id", "permissions", "published_at", "role", "roles", "scope", "signature_id", "status", "topic_id",
    }
)  # fmt: skip


def bound_by(form: Form) -> None:
    """Note that the request has this form: its fields are awaited."""
    g.setdefault("awaited_fields", set()).update(form._fields)


def _tell(response: Response) -> Response:
    if request.method == "POST" and "form" in request.__dict__:  # only a body that somebody has read
        awaited = g.get("awaited_fields", set())
        forged = sorted(name for name in FORGED & set(request.form) if name not in awaited)
        if forged:
            current_app.logger.warning("forged fields ignored: endpoint=%s fields=%s", request.endpoint, ",".join(forged))
    return response


def init_app(app: Flask) -> None:
    """Register it."""
    app.after_request(_tell)
