"""The administrator's pages of plans, in each of their states, for ``test_pseudo_locale.py``."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from feedback_app.domain.policy import Role
from feedback_app.models import Milestone
from tests.pages import Page
from tests.plan_files import Document, as_bytes, plan_file, revised_plan

Site = Any  # ``test_pseudo_locale.Site``, which imports this module
PLAN_BUTTONS = {"admin.discard_plan"}
HOME = "/en/admin/plans/"
PLAN_WORDS = {"Plan d’essai", "essai-2030", "phares", "marees"}


def _admin(site: Site) -> Any:
    return site.browser_of(site.make.person(name="Jeanne D.", roles=(Role.ADMINISTRATOR,)))


def _page(rest: str, **changes: str) -> Callable[[Site], Page]:
    """A page of a plan that was imported; its form, sent with faults, where ``changes`` are given."""

    def visit(site: Site) -> Page:
        site.make.imported_plan()
        browser = _admin(site)
        return browser.page(browser.send(f"{HOME}{rest}", changes)) if changes else browser.get_page(f"{HOME}{rest}")

    return visit


def _public(path: str, phase: str) -> Callable[[Site], Page]:
    def visit(site: Site) -> Page:
        slug = f"phase-{phase}"
        site.make.imported_plan(plan_file(slug=slug, status=phase))
        return site.browser().get_page(path.format(slug=slug))

    return visit


def _upload(site: Site, document: Document | None = None, do: str = "") -> Page:
    """A file that waits, or one that was applied or given up."""
    site.make.imported_plan()
    upload = site.make.plan_upload(document or _more())
    browser, path = _admin(site), f"{HOME}envois/{upload.id}"
    if do == "overtaken":
        form = browser.get_page(path).form()
        later = _more()
        later["commitments"][0]["title"] = "Allumer le phare du nord"
        other = site.make.plan_upload(later)
        browser.send(f"{HOME}envois/{other.id}", {"reason": "Un premier texte, assez long."})
        return browser.page(browser.post(path, data={**form, "reason": "Un premier texte, assez long."}))
    if do == "apply":
        browser.send(path, {"reason": "Un premier texte, assez long."})
    if do == "discard":
        browser.post(f"{path}/abandon", data=browser.get_page(path).form())
    return browser.page(browser.send(path, {})) if do == "no reason" else browser.get_page(path)


def _more() -> Document:
    """The plan itself, a ministry's name and an order of milestones change too."""
    document = revised_plan()
    document["plan"] |= {"end": "2032-06-30", "status": "closed", "source": "Recueil"}
    document["ministries"][0]["kind"] = "institution"
    document["commitments"][0]["milestones"].append({"title": "Un jalon de plus"})
    return document


def _sent(content: bytes) -> Callable[[Site], Page]:
    def visit(site: Site) -> Page:
        site.make.imported_plan()
        browser, path = _admin(site), f"{HOME}envoi"
        answer = browser.post(path, data={**browser.get_page(path).form(), "file": (BytesIO(content), "plan.json")})
        return browser.get_page(answer.location) if answer.status_code == 303 else browser.page(answer)

    return visit


def _second(site: Site) -> Page:
    """The form of somebody who came second."""
    site.make.imported_plan()
    browser, path = _admin(site), f"{HOME}essai-2030/engagements/1"
    form = browser.get_page(path).form()
    reason = {"reason": "Un premier texte, assez long."}
    step = f"jalon{site.make.all(Milestone)[-1].id}-weight"
    browser.send(path, {"theme": "Mer", step: "2", **reason})
    return browser.page(browser.post(path, data={**form, "theme": "Terre", "ends": "2030-08-31", **reason}))


def _moved_meanwhile(site: Site) -> Page:
    site.make.imported_plan()
    browser, path = _admin(site), f"{HOME}essai-2030/phase"
    form = browser.get_page(path).form() | {"move": "step_back"}
    browser.post(path, data=form)
    return browser.page(browser.post(path, data=form))


PLAN_VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    "administrator's plans": ("admin.plans", _page("")),
    "administrator's plan": ("admin.plan", _page("essai-2030/")),
    "phase of a plan": ("admin.plan_phase", _page("essai-2030/phase")),
    "phase of a plan, none chosen": ("admin.plan_phase", _page("essai-2030/phase", move="")),
    "phase of a plan, moved meanwhile": ("admin.plan_phase", _moved_meanwhile),
    "send a plan": ("admin.send_plan", _page("envoi")),
    "send a plan, nothing": ("admin.send_plan", _page("envoi", seen="")),
    "send a plan, not a plan": ("admin.send_plan", _sent(b"?")),
    "send a plan, nothing new": ("admin.plans", _sent(as_bytes(plan_file()))),
    "plan file": ("admin.plan_upload", _upload),
    "plan file, new plan": ("admin.plan_upload", lambda site: _upload(site, plan_file(slug="suite-2032"))),
    "plan file, no reason": ("admin.plan_upload", lambda site: _upload(site, do="no reason")),
    "plan file, plan moved": ("admin.plan_upload", lambda site: _upload(site, do="overtaken")),
    "plan file, applied": ("admin.plan_upload", lambda site: _upload(site, do="apply")),
    "plan file, given up": ("admin.plan_upload", lambda site: _upload(site, do="discard")),
    "words of a commitment": ("admin.edit_commitment", _page("essai-2030/engagements/1")),
    "words of a commitment, wrong": ("admin.edit_commitment", _page("essai-2030/engagements/1", title="", starts="1066-01-01", reason="")),
    "words of a commitment, untouched": (
        "admin.edit_commitment",
        _page("essai-2030/engagements/1", reason="Un premier texte, assez long."),
    ),
    "words of a commitment, changed meanwhile": ("admin.edit_commitment", _second),
    "plan that collects": ("public.commitments", _public("/en/engagements/?plan={slug}", "collecting")),
    "commitment of a plan that is written": ("public.commitment", _public("/en/engagements/{slug}/1", "writing")),
    "commitment of a plan that is over": ("public.commitment", _public("/en/engagements/{slug}/1", "closed")),
}
