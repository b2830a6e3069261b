"""The visitor's side of the demo: people to sign in as, and the mails that nobody sends. Registered in a demo only (``config.demo``)."""

from flask import Blueprint

bp = Blueprint("demo", __name__, url_prefix="/demo")

from feedback_app.web.demo import entry, mails  # noqa: E402, F401
