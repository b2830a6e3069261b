"""The first page."""

from __future__ import annotations

from flask import render_template

from feedback_app.services import commitments, results, threads
from feedback_app.web.access import public
from feedback_app.web.public import bp

LATEST = 5


@bp.get("/")
@public
def home() -> str:
    """What the site is for, the plans, the barometer, and what citizens said last."""
    barometer = next((row for row in results.public_barometers() if row[0].active), None)
    return render_template("public/home.html", plans=commitments.plans(), barometer=barometer, latest=threads.latest(LATEST))
