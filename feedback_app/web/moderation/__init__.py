"""The moderators' back-office."""

from flask import Blueprint

bp = Blueprint("moderation", __name__, url_prefix="/moderation")

from feedback_app.web.moderation import meetings, texts  # noqa: E402, F401
