"""The administrators' back-office: people, ministries, plans, barometers, the site's own state, the journal."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from feedback_app.web.admin import (  # noqa: E402, F401
    barometers,
    commitment_words,
    editions,
    journal,
    memberships,
    ministries,
    organisations,
    people,
    plan_uploads,
    plans,
    reforms,
    site,
)
