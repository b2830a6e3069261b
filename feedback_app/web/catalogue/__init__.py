"""The living catalogue of components, for those who build pages. Registered in development and in a demo only."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)

from feedback_app.web.catalogue import components  # noqa: E402, F401
