"""The desk of a ministry: its requests, one case, and what can be done with it."""

from flask import Blueprint

bp = Blueprint("ministry", __name__, url_prefix="/ministere")

from feedback_app.web.ministry import answers, case, comments, commitments, desk, meetings, moves, transfers  # noqa: E402, F401
