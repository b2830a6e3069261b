"""What citizens asked and what ministries answered: the public list, and the page of one request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, SelectChoice, SelectField

from feedback_app.domain.calendar import day_of
from feedback_app.domain.case import AWAITING_ANSWER, DONE, REQUEST_PROMISES, Outcome
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.territory import TERRITORIES
from feedback_app.models import Ministry, Topic
from feedback_app.services import topics
from feedback_app.services.cases import clock, desk, figure, published, reading, same_question, tabs
from feedback_app.services.paging import Window
from feedback_app.web.access import now, public
from feedback_app.web.labels import label
from feedback_app.web.page_cache import cached
from feedback_app.web.presentation import foreign
from feedback_app.web.public import bp

# What a reader wants to know of where a request stands, in an address: the eight statuses of a case say more than a list needs.
STANDINGS = {"en-attente": _l("En attente d’une réponse"), "en-retard": _l("En retard"), "repondue": _l("Avec une réponse")}


class RequestFilters(Form):
    """How the list is narrowed. What nobody can read narrows nothing."""

    sujet = HiddenField()
    ministere = SelectField(_l("Ministère ou institution"), validate_choice=False)
    genre = SelectField(_l("Sorte de demande"), validate_choice=False)
    territoire = SelectField(_l("Territoire"), validate_choice=False)
    statut = SelectField(_l("Où elle en est"), validate_choice=False)
    resultat = SelectField(_l("Ce que donne la réponse"), validate_choice=False)

    def __init__(self, ministries: Sequence[Ministry]) -> None:
        super().__init__(request.args)
        self.ministries = {ministry.slug: ministry.id for ministry in ministries}
        self.topic: Topic | None = topics.find(self.sujet.data or "")
        lang = {"lang": foreign()} if foreign() else {}
        every = SelectChoice("", _("Tous"))
        self.ministere.choices = [every, *(SelectChoice(ministry.slug, ministry.name, lang) for ministry in ministries)]
        self.territoire.choices = [every, *(SelectChoice(place.code, place.label, lang) for place in TERRITORIES.values())]
        self.genre.choices = [SelectChoice("", _("Toutes")), *(SelectChoice(kind.value, label(kind)) for kind in REQUEST_PROMISES)]
        self.statut.choices = [SelectChoice("", _("Toutes")), *(SelectChoice(value, str(words)) for value, words in STANDINGS.items())]
        self.resultat.choices = [SelectChoice("", _("Toutes")), *(SelectChoice(outcome.value, label(outcome)) for outcome in Outcome)]

    def chosen(self) -> desk.Filters:
        """What the service takes."""
        kind, outcome, standing = self.genre.data, self.resultat.data, self.statut.data
        return desk.Filters(
            ministry_id=self.ministries.get(self.ministere.data or ""),
            topic_id=self.topic.id if self.topic else None,
            kind=ContributionKind(kind) if kind in set(REQUEST_PROMISES) else None,
            outcome=Outcome(outcome) if outcome in set(Outcome) else None,
            territory=self.territoire.data if self.territoire.data in TERRITORIES else None,
            statuses={"en-attente": AWAITING_ANSWER, "repondue": DONE}.get(standing, frozenset()),
            late_on=day_of(now()) if standing == "en-retard" else None,
        )

    def address(self, **changes: str | None) -> str:
        """The list as it is narrowed, with ``changes``: at another place, or without one of its filters."""
        values: dict[str, Any] = {**self.data, **changes}
        return url_for(".citizen_requests", **{name: value for name, value in values.items() if value})


@bp.get("/demandes/")
@public
@cached(not_with=("sujet", "ministere", "genre", "territoire", "statut", "resultat", "apres", "avant"))
def citizen_requests() -> str:
    """The published requests, the newest first."""
    filters = RequestFilters(published.ministries())
    chosen = filters.chosen()
    return render_template(
        "public/citizen_requests.html",
        filters=filters,
        filtered=chosen != desk.Filters(),
        page=desk.public(chosen, Window(request.args.get("apres"), request.args.get("avant"))),
        total=desk.public_count(chosen),
        cap=tabs.COUNT_CAP,
        at=now(),
    )


@bp.get("/demandes/<reference>")
@public
@cached()
def citizen_request(reference: str) -> str:
    """One request: what was asked, about what, of whom, by when, what was answered, and all that happened."""
    asked = reading.public_request(reference) or abort(404)
    timeline, delay = reading.timeline(asked, reading.Audience.PUBLIC), clock.delay(asked)
    answers = published.answers(timeline)
    return render_template(
        "public/citizen_request.html",
        asked=asked,
        place=TERRITORIES.get(asked.territory or ""),
        timeline=timeline,
        delay=delay,
        answers=answers,
        revision=figure.revision(asked.topic_id, figure.of_request(asked)),
        me_too=same_question.count(asked),
        sufficed=same_question.sufficed(asked) if answers else 0,
        kept=published.kept(asked, delay, answers),
        at=now(),
    )
