"""A person's own space: everything they wrote."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from feedback_app.domain.policy import Permission
from feedback_app.services import assessments, contributions, second_factor
from feedback_app.services.paging import Window
from feedback_app.web.access import requires, signed_in_actor
from feedback_app.web.account import bp


@bp.get("/")
@requires(Permission.SPACE_READ)
def index() -> str:
    """What the person wrote, in every status, each with the way to its private page."""
    window = Window(request.args.get("apres"), request.args.get("avant"))
    page = contributions.of_identity(signed_in_actor().identity_id, window)
    account = current_user.account
    has_second_factor = signed_in_actor().is_staff and second_factor.of(account) is not None
    assesses = bool(assessments.organisations_of(signed_in_actor()))
    return render_template("account/index.html", page=page, account=account, has_second_factor=has_second_factor, assesses=assesses)
