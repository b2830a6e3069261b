"""For whoever watches over the site: is it well, and in figures."""

from __future__ import annotations

import hmac

from flask import Response, abort, current_app, jsonify, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from feedback_app.database import db
from feedback_app.services import health
from feedback_app.web import measures
from feedback_app.web.access import now, public_form, secret_link
from feedback_app.web.language import without_language
from feedback_app.web.public import bp


def _health() -> health.Health | None:
    """How mails and jobs are; None while the database is away."""
    try:
        return health.of_site(at=now())
    except (OperationalError, PoolTimeout) as error:
        current_app.logger.error("database unavailable: %s", type(error).__name__)
        db.session.rollback()
        return None


@bp.get("/sante")
@public_form
@without_language
def well() -> Response:
    """Whether the database answers, mails leave and jobs are done: 200, else 503. For a monitor, not for what spreads visitors over
    machines: a site whose mails wait can still be read."""
    found = _health()
    said = {
        "database": "ok" if found else "away",
        "mail": "unknown" if found is None else "late" if found.late else "ok",
        "jobs": "unknown" if found is None else "silent" if found.silent else "ok",
    }
    is_well = set(said.values()) == {"ok"}
    answer = jsonify({"status": "ok" if is_well else "failing", **said})
    answer.status_code = 200 if is_well else 503
    return answer


@bp.get("/metrics")
@secret_link
@without_language
def metrics() -> Response:
    """What Prometheus collects. Without the token there is no such address."""
    token, found = current_app.config["SETTINGS"].metrics_token, measures.of(current_app)
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if found is None or not hmac.compare_digest(said.encode(), token.encode()):
        abort(404)
    text, content_type = found.written(_health(), now())
    return Response(text, content_type=content_type)
