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


REQUEST_VISITS: dict[str, tuple[str, Visit]] = {
    "requests": ("public.citizen_requests", _list("", *READABLE)),
    "requests about a topic": ("public.citizen_requests", _list("?sujet={topic}", CaseStatus.ANSWERED)),
    "requests, nothing found": ("public.citizen_requests", _list("?resultat=duplicate")),
    **{f"request, {status}": ("public.citizen_request", _in_status(status)) for status in READABLE},
    "request, late": ("public.citizen_request", _late),
    "request, reopened": ("public.citizen_request", _reopened),
}
