"""The commitments of the plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, SelectChoice, SelectField, StringField

from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.models import Ministry, Plan
from feedback_app.services import assessments, threads
from feedback_app.services import commitments as query
from feedback_app.services.cases import published
from feedback_app.services.paging import Window
from feedback_app.web.access import now, public
from feedback_app.web.fields import one_line
from feedback_app.web.labels import label
from feedback_app.web.presentation import foreign
from feedback_app.web.public import bp

WORDS_MAX = 200


class FilterForm(Form):
    """How the list is narrowed. What nobody can read narrows nothing."""

    plan = HiddenField()
    q = StringField(_l("Mots du titre"), filters=[lambda value: one_line(value)[:WORDS_MAX]])
    ministere = SelectField(_l("Ministère ou institution"), validate_choice=False)
    statut = SelectField(_l("Statut"), validate_choice=False)

    def __init__(self, plan: Plan, ministries: Sequence[Ministry]) -> None:
        super().__init__(request.args)
        self.plan.data = plan.slug
        lang = foreign()
        self.ministere.choices = [
            SelectChoice("", _("Tous")),
            *(SelectChoice(ministry.slug, ministry.name, {"lang": lang} if lang else {}) for ministry in ministries),
        ]
        self.statut.choices = [SelectChoice("", _("Tous")), *(SelectChoice(status.value, label(status)) for status in CommitmentStatus)]

    def chosen(self) -> query.Filters:
        """What the service takes."""
        status = self.statut.data
        return query.Filters(
            ministry=self.ministere.data or None,
            status=CommitmentStatus(status) if status in set(CommitmentStatus) else None,
            words=self.q.data or "",
        )

    def address(self, **cursor: str) -> str:
        """The list as it is narrowed, at another place."""
        values: dict[str, Any] = {name: value for name, value in self.data.items() if value} | cursor
        return url_for(".commitments", **values)


@bp.get("/engagements/")
@public
def commitments() -> str:
    """One plan's commitments: filtered by ministry and status, searched by title."""
    plans = query.plans()
    plan = _chosen(plans)
    if plan is None:
        return render_template("public/commitments.html", plan=None)
    filters = FilterForm(plan, query.ministries_of(plan))
    page = query.listed(plan, filters.chosen(), Window(request.args.get("apres"), request.args.get("avant")))
    return render_template(
        "public/commitments.html",
        plan=plan,
        plans=plans,
        filters=filters,
        filtered=filters.chosen() != query.Filters(),
        page=page,
        total=query.count(plan, filters.chosen()),
        comments=threads.counts([commitment.topic_id for commitment in page.items]),
    )


def _chosen(plans: Sequence[Plan]) -> Plan | None:
    slug = request.args.get("plan")
    if not slug:
        return plans[0] if plans else None
    return next((plan for plan in plans if plan.slug == slug), None) or abort(404)


@bp.get("/engagements/<plan>/<int:number>")
@public
def commitment(plan: str, number: int) -> str:
    """One commitment: its texts, its milestones, and the conversation about it."""
    found = query.find(plan, number) if number < 10**9 else None
    if found is None:
        abort(404)
    window = Window(request.args.get("apres"), request.args.get("avant"), threads.THREAD_SIZE)
    return render_template(
        "public/commitment.html",
        commitment=found,
        neighbours=query.neighbours(found),
        asked=published.of_topic(found.topic_id),
        at=now(),
        voices=assessments.of_topic(found.topic_id),
        thread=threads.of_topic(found.topic_id, window),
        total=threads.count(found.topic_id),
    )
