"""The public pages of requests, in each of their states, for ``test_pseudo_locale.py``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from feedback_app.domain.case import CaseStatus
from feedback_app.domain.text import excerpt
from feedback_app.services.cases import closing
from tests.case_factories import BODY
from tests.pages import Page
from tests.services.cases.conftest import Play
from tests.web.visiting import get, refused

Site = Any  # ``test_pseudo_locale.Site``, which imports this module

TITLE = excerpt(BODY, 70)  # what the page of a request is called
NOT_PUBLIC = {CaseStatus.RECEIVED, CaseStatus.WITHDRAWN}
READABLE = [status for status in CaseStatus if status not in NOT_PUBLIC | {CaseStatus.ASLEEP}]
Visit = Callable[[Site], Page]


def _page(site: Site, reference: str) -> Page:
    found: Page = site.browser().get_page(f"/en/demandes/{reference}")
    return found


def _in_status(status: CaseStatus) -> Visit:
    def visit(site: Site) -> Page:
        site.request(status)
        return _page(site, site.requests[status].reference)

    return visit


def _list(query: str = "", *statuses: CaseStatus) -> Visit:
    """The list, once there is a request in each of these."""

    def visit(site: Site) -> Page:
        for status in statuses:
            site.request(status)
        found: Page = site.browser().get_page("/en/demandes/" + query.format(topic=site.commitment.topic.key))
        return found

    return visit


def _late(site: Site) -> Page:
    site.request(CaseStatus.OPEN)
    clock, now = site.make.clock, site.make.clock.now
    clock.now += timedelta(days=40)
    try:
        return _page(site, site.requests[CaseStatus.OPEN].reference)
    finally:
        clock.now = now


def _reopened(site: Site) -> Page:
    """Answered, rated and reopened: the page says what comes next as well."""
    made = site.make.request(topic=site.commitment.topic, status=CaseStatus.CLOSED)
    site.references.add(made.reference)
    Play(site.app, site.make, site.make.clock)(closing.reopen, made, None, "Il manque 2022.", form_key="again", language="fr")
    return _page(site, made.reference)


def _too(site: Site, *, confirm: bool = True) -> Page:
    """The secret page of somebody who asks the same as an open request."""
    site.request(CaseStatus.OPEN)
    own = site.make.me_too(site.requests[CaseStatus.OPEN], confirm=confirm)
    found: Page = site.browser().get_page(f"/en{site.make.me_too_path(own)}")
    return found


def _own_too(site: Site) -> Page:
    """That of the person who asked the question."""
    asked = site.make.request(topic=site.commitment.topic, email="meme@exemple.test")
    site.references.add(asked.reference)
    found: Page = site.browser().get_page(f"/en{site.make.me_too_path(site.make.me_too(asked, 'meme@exemple.test'))}")
    return found


def _about(site: Site, rest: str) -> str:
    site.request(CaseStatus.OPEN)
    return f"/en/demandes/{site.requests[CaseStatus.OPEN].reference}{rest}"


def _counted(site: Site) -> Page:
    """A request that others ask too, and whose answer was enough for somebody."""
    site.request(CaseStatus.ANSWERED)
    made = site.requests[CaseStatus.ANSWERED]
    site.make.me_too(made)
    site.make.sufficed(made)
    return _page(site, made.reference)


def _answered_already(site: Site) -> Page:
    """The form, when an answer resembles what is asked."""
    site.request(CaseStatus.ANSWERED)
    path = f"/en/demandes/nouvelle?sujet={site.commitment.topic.key}"
    answer = site.browser().send(path, {"kind": "clarification", "body": BODY, "email": "encore@exemple.test"})
    assert answer.status_code == 200
    found: Page = site.browser().page(answer)
    return found


def _why(site: Site) -> Page:
    """The form that asks why a figure was changed."""
    page = site.browser().get_page("/en/barometre/essai/editions/2026-01-31")
    found: Page = site.browser().get_page(next(link for link in page.links() if "revision=" in link))
    return found


REQUEST_VISITS: dict[str, tuple[str, Visit]] = {
    "requests": ("public.citizen_requests", _list("", *READABLE)),
    "requests about a topic": ("public.citizen_requests", _list("?sujet={topic}", CaseStatus.ANSWERED)),
    "requests, nothing found": ("public.citizen_requests", _list("?resultat=duplicate")),
    **{f"request, {status}": ("public.citizen_request", _in_status(status)) for status in READABLE},
    "request, counted": ("public.citizen_request", _counted),
    "ask, answered already": ("public.ask", _answered_already),
    "ask, why": ("public.ask", _why),
    "ask, in general": ("public.ask", get("/en/demandes/nouvelle?sujet=general")),
    "choose a topic": ("public.choose_topic", get("/en/demandes/choisir")),
    "choose a topic, found": ("public.choose_topic", get("/en/demandes/choisir?q=in")),
    "choose a topic, nothing": ("public.choose_topic", get("/en/demandes/choisir?q=zzz")),
    "me too": ("public.me_too", lambda site: site.browser().get_page(_about(site, "/moi-aussi"))),
    "me too, empty": ("public.me_too", refused(lambda site: _about(site, "/moi-aussi"), email="")),
    "me too, sent": ("public.me_too_sent", lambda site: site.browser().get_page(_about(site, "/moi-aussi/envoye"))),
    "own me too": ("public.own_me_too", _too),
    "own me too, to confirm": ("public.own_me_too", lambda site: _too(site, confirm=False)),
    "own me too, of who asked": ("public.own_me_too", _own_too),
    "request, late": ("public.citizen_request", _late),
    "request, reopened": ("public.citizen_request", _reopened),
}
