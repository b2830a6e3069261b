"""The pages of recognised organisations and of their assessors, in each of their states, for ``test_pseudo_locale.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedback_app.domain.contribution import ContributionStatus
from feedback_app.models import Organisation
from tests.pages import Page, PageClient

Site = Any  # ``test_pseudo_locale.Site``, which imports this module
VOICE_BUTTONS = {"admin.recognise_again", "admin.remove_assessor"}
TEXT = "Un premier texte, assez long."


def _organisation(site: Site) -> Organisation:
    return site.make.organisation("Jeanne D.")


def _admin(site: Site, rest: str = "", *, ended: bool = False) -> Page:
    organisation = _organisation(site)
    site.make.assessor(organisation, email="lea@exemple.test", name="Zoé M.")
    if ended:
        site.make.recognition_ended(organisation)
    return site.boss.get_page(f"/en/admin/organisations/{organisation.id}{rest}")


def _admin_refused(site: Site, rest: str, status: int = 422, **values: str) -> Page:
    answer = site.boss.send(f"/en/admin/organisations/{_organisation(site).id}{rest}", values)
    assert answer.status_code == status
    return site.boss.page(answer)


def _named(site: Site) -> Page:
    path = f"/en/admin/organisations/{_organisation(site).id}"
    site.boss.send(f"{path}/evaluateurs/nouveau", {"name": "Zoé M.", "email": "lea@exemple.test"})
    return site.boss.get_page(path)


def _assessor(site: Site, *, waits: bool = False) -> PageClient:
    organisation = _organisation(site)
    person = site.make.assessor(organisation, email="lea@exemple.test", name="Zoé M.")
    if waits:
        site.make.assessment(site.commitment.topic, TEXT, organisation=organisation, by=person, status=ContributionStatus.PENDING)
    return site.browser_of(person)


def _assess(site: Site, **values: str) -> Page:
    browser, path = _assessor(site), f"/en/compte/evaluations/plan-essai/{site.commitment.number}"
    if not values:
        return browser.get_page(path)
    answer = browser.send(path, values)
    assert answer.status_code == 422
    return browser.page(answer)


def _used_twice(site: Site) -> Page:
    browser, path = _assessor(site), f"/en/compte/evaluations/plan-essai/{site.commitment.number}"
    values = browser.get_page(path).form()
    browser.post(path, data={**values, "stands": "blocked", "body": TEXT})
    return browser.page(browser.post(path, data={**values, "stands": "completed", "body": TEXT}))


def _shown(site: Site) -> Page:
    """A commitment of which one organisation said two things, and another the same as the ministry."""
    commitment = site.make.commitment(plan=site.make.plan(), ministry=site.owner, title=site.commitment.title)
    first = _organisation(site)
    for stands in ("blocked", "at_risk"):
        site.make.assessment(commitment.topic, TEXT, organisation=first, stands=type(commitment.status)(stands))
    site.make.assessment(commitment.topic, TEXT, organisation=_organisation(site), stands=commitment.status)
    site.make.recognition_ended(first)
    return site.browser().get_page(f"/en/engagements/{commitment.plan.slug}/{commitment.number}")


def _private(site: Site) -> Page:
    sent = site.make.assessment(site.commitment.topic, TEXT, organisation=_organisation(site))
    return site.browser().get_page(f"/en{site.make.private_path(sent)}")


def _review(site: Site) -> Page:
    sent = site.make.assessment(site.commitment.topic, TEXT, organisation=_organisation(site), status=ContributionStatus.PENDING)
    return site.moderator.get_page(site.review(sent.current_version_id))


VOICE_VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    "organisations": ("admin.list_organisations", lambda site: (_organisation(site), site.boss.get_page("/en/admin/organisations"))[1]),
    "new organisation": ("admin.new_organisation", lambda site: site.boss.get_page("/en/admin/organisations/nouvelle")),
    "organisation": ("admin.organisation", _admin),
    "organisation, somebody named": ("admin.organisation", _named),
    "organisation, ended": ("admin.organisation", lambda site: _admin(site, ended=True)),
    "edit organisation": ("admin.edit_organisation", lambda site: _admin(site, "/modifier")),
    "edit organisation, wrong": ("admin.edit_organisation", lambda site: _admin_refused(site, "/modifier", name="", website="x")),
    "edit organisation, overtaken": (
        "admin.edit_organisation", lambda site: _admin_refused(site, "/modifier", 409, name="Jeanne D.", seen_version="99"),
    ),
    "end of a recognition": ("admin.end_recognition", lambda site: _admin(site, "/fin")),
    "name an assessor": ("admin.add_assessor", lambda site: _admin(site, "/evaluateurs/nouveau")),
    "name an assessor, wrong": ("admin.add_assessor", lambda site: _admin_refused(site, "/evaluateurs/nouveau", name="", email="x")),
    "name an agent": (
        "admin.add_assessor",
        lambda site: _admin_refused(site, "/evaluateurs/nouveau", name="X", email=site.make.person(ministry=site.owner).identity.email),
    ),
    "own assessments": ("account.list_assessments", lambda site: _assessor(site, waits=True).get_page("/en/compte/evaluations")),
    "own space of an assessor": ("account.index", lambda site: _assessor(site).get_page("/en/compte/")),
    "own assessments, of nobody": ("account.list_assessments", lambda site: site.citizen.get_page("/en/compte/evaluations")),
    "assess, for nobody": (
        "account.assess", lambda site: site.citizen.get_page(f"/en/compte/evaluations/plan-essai/{site.commitment.number}"),
    ),
    "assess": ("account.assess", _assess),
    "assess, wrong": ("account.assess", lambda site: _assess(site, body="x", stands="zzz", organisation="0")),
    "assess, form used twice": ("account.assess", _used_twice),
    "commitment that was assessed": ("public.commitment", _shown),
    "private page of an assessment": ("public.private_page", _private),
    "review of an assessment": ("moderation.review", _review),
}  # fmt: skip
