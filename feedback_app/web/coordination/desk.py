"""What the coordination has to decide, and the delays across ministries."""

from __future__ import annotations

from flask import render_template, request

from feedback_app.domain.policy import Permission
from feedback_app.services.cases import desk as query
from feedback_app.services.cases import tabs
from feedback_app.services.paging import Window
from feedback_app.web.access import now, requires
from feedback_app.web.coordination import bp


@bp.get("/")
@requires(Permission.COORDINATION_READ)
def desk() -> str:
    """Cases to give to a ministry, then those that are late anywhere."""
    late, at = request.args.get("onglet") == "retards", now()
    window, filters = Window(request.args.get("apres"), request.args.get("avant")), query.Filters()
    page = query.late_everywhere(filters, window, at=at) if late else query.to_route(filters, window)
    counts = query.coordination_counts(at=at)
    return render_template("coordination/desk.html", page=page, late=late, counts=counts, cap=tabs.COUNT_CAP, at=at)
