"""The page of one commitment: where it stands, what its ministry says, its milestones and texts, and what people say and ask."""

from __future__ import annotations

from flask import abort, render_template, request

from feedback_app.domain import addresses
from feedback_app.domain.calendar import day_of
from feedback_app.services import assessments, meeting_lists, threads
from feedback_app.services import commitments as query
from feedback_app.services.cases import desk, published
from feedback_app.services.paging import Window
from feedback_app.services.progress import reading
from feedback_app.web.access import now, public
from feedback_app.web.page_cache import cached
from feedback_app.web.public import bp


@bp.get("/engagements/<plan>/<int:number>")
@public
@cached(not_with=("apres", "avant", "points-apres", "points-avant"), topic=addresses.commitment_key)
def commitment(plan: str, number: int) -> str:
    """All of it; each part of the page has a template of its own in ``templates/_commitment/``."""
    opened, at = query.opened(plan, number) if number < 10**9 else None, now()
    if opened is None:
        abort(404)
    found = opened.commitment
    said, asked = reading.said(found), desk.about(found.topic_id, most=reading.REQUESTS_SIZE)
    return render_template(
        "public/commitment.html",
        commitment=found,
        neighbours=(opened.before, opened.after),
        standing=reading.standing(found, said, today=day_of(at)),
        updates=reading.updates(said, _window("points-", reading.UPDATES_SIZE)),
        measures=reading.measures(found),
        timeline=reading.timeline(found, said, asked),
        meetings=meeting_lists.of_topic(found.topic_id),
        voices=assessments.of_topic(found.topic_id),
        asked=published.OfTopic(opened.asked, opened.answered, asked),
        thread=threads.of_topic(found.topic_id, _window("", threads.THREAD_SIZE)),
        total=opened.texts,
        at=at,
    )


def _window(prefix: str, size: int) -> Window:
    return Window(request.args.get(f"{prefix}apres"), request.args.get(f"{prefix}avant"), size)
