"""The access log: who signed in, who looked at whose data."""

from __future__ import annotations

from flask import render_template, request

from feedback_app.domain.policy import Permission
from feedback_app.services import access_log
from feedback_app.services.paging import Window
from feedback_app.web.access import requires
from feedback_app.web.admin import bp

PAGE_SIZE = 50


@bp.get("/journal")
@requires(Permission.ACCESS_LOG_READ)
def journal() -> str:
    """What happened last comes first. Addresses are masked here too."""
    reveals = request.args.get("quoi") == "adresses"
    page = access_log.rows(Window(request.args.get("apres"), request.args.get("avant"), PAGE_SIZE), reveals_only=reveals)
    return render_template("admin/journal.html", page=page, reveals=reveals)
