"""Signing in by a link, and a person's own space."""

from flask import Blueprint

bp = Blueprint("account", __name__, url_prefix="/compte")

from feedback_app.web.account import assessments, data, own_sessions, second_factor, sign_in, space  # noqa: E402, F401
