"""The first page."""

from __future__ import annotations

from flask import render_template

from feedback_app.services import commitments, threads
from feedback_app.web.access import public
from feedback_app.web.public import bp

LATEST = 5


@bp.get("/")
@public
def home() -> str:
    """What the site is for, the plans, and what citizens said last."""
    return render_template("public/home.html", plans=commitments.plans(), latest=threads.latest(LATEST))
