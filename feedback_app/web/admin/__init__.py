"""The administrators' back-office: people, ministries, the site's own state, the journal."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from feedback_app.web.admin import (  # noqa: E402, F401
    barometers,
    editions,
    journal,
    memberships,
    ministries,
    organisations,
    people,
    reforms,
    site,
)
