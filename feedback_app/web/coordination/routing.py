"""Giving a case to a ministry."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from feedback_app.domain.case import CASE_WORKFLOW, CaseAction
from feedback_app.domain.policy import Permission
from feedback_app.services.cases import file, reading, routing
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.coordination import bp
from feedback_app.web.ministry.forms import ToMinistryForm
from feedback_app.web.transaction import transactional


@bp.route("/dossiers/<reference>/attribuer", methods=["GET", "POST"])
@requires(Permission.CASE_ROUTE)
@transactional
def route(reference: str) -> Response | tuple[str, int]:
    """Say which ministry owes the answer, and why."""
    case = reading.by_reference(reference) or abort(404)
    form = ToMinistryForm(case, routing.ministries())
    if form.sent():
        routing.route(case, form.ministry, reason=form.body.data or "", actor=signed_in_actor(), seen_version=form.seen, at=now())
        flash(_("Le dossier est attribué. Le ministère le trouve parmi ceux à prendre."), "success")
        return redirect(url_for(".desk"), 303)
    offered = CaseAction.ROUTE in CASE_WORKFLOW.actions_from(case.status)
    told = file.to_know(case, file.file(case).entries)
    page = render_template("coordination/route.html", case=case, form=form, possible=offered, to_know=told)
    return page, 422 if request.method == "POST" else 200
