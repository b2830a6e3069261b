"""The desk of the coordination: what has no ministry, what two ministries do not want, what is late."""

from flask import Blueprint

bp = Blueprint("coordination", __name__, url_prefix="/coordination")

from feedback_app.web.coordination import desk, routing  # noqa: E402, F401
