"""The first page."""

from __future__ import annotations

from flask import render_template

from feedback_app.domain.calendar import beginning_of, day_of
from feedback_app.services import commitments, meeting_lists, results, threads
from feedback_app.services.cases import desk
from feedback_app.services.paging import Window
from feedback_app.web.access import now, public
from feedback_app.web.page_cache import cached
from feedback_app.web.public import bp

LATEST = 5
LATEST_REQUESTS = 3
NEXT_MEETINGS = 3


@bp.get("/")
@public
@cached()
def home() -> str:
    """What the site is for, the plans, the barometer, and what citizens asked and said last."""
    barometer = next((row for row in results.public_barometers() if row[0].active), None)
    return render_template(
        "public/home.html",
        plans=commitments.plans(),
        barometer=barometer,
        asked=desk.public(desk.Filters(), Window(size=LATEST_REQUESTS)).items,
        upcoming=meeting_lists.upcoming(Window(size=NEXT_MEETINGS), at=beginning_of(day_of(now()))).items,
        latest=threads.latest(LATEST),
        at=now(),
    )
