"""Administration."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from feedback_app.web.admin import journal  # noqa: E402, F401
