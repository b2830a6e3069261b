"""A person's own space: everything they wrote."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from feedback_app.domain.policy import Permission
from feedback_app.services import assessments, contributions, second_factor
from feedback_app.services.cases import same_question
from feedback_app.services.paging import Window
from feedback_app.web.access import requires, signed_in_actor
from feedback_app.web.account import bp

ME_TOO = 50  # the latest: who has more finds the others by the links in their mails


@bp.get("/")
@requires(Permission.SPACE_READ)
def index() -> str:
    """What the person wrote, in every status, and what they ask too, each with the way to its private page."""
    window = Window(request.args.get("apres"), request.args.get("avant"))
    page = contributions.of_identity(signed_in_actor().identity_id, window)
    account, too = current_user.account, same_question.of_identity(signed_in_actor().identity_id, Window(size=ME_TOO))
    has_second_factor = signed_in_actor().is_staff and second_factor.of(account) is not None
    return render_template(
        "account/index.html",
        page=page,
        too=too.items,
        token_of=same_question.token_of,
        account=account,
        has_second_factor=has_second_factor,
        assesses=bool(assessments.organisations_of(signed_in_actor())),
    )
