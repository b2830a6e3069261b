"""The pages on which ministries say where their commitments stand, for ``test_pseudo_locale.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedback_app.domain.commitment import CommitmentAction, UpdateStatus
from feedback_app.domain.policy import MembershipKind
from feedback_app.models import Commitment, Ministry
from feedback_app.services.progress.wording import Step
from tests.pages import Page, PageClient
from tests.progress_factories import DONE, move, said
from tests.web.visiting import get

Site = Any  # ``test_pseudo_locale.Site``, which imports this module
PLAN = "demonstration-2024-2026"
PROOF = "https://exemple.fr/preuve"


def _fresh(site: Site) -> Commitment:
    """A commitment of the site's plan that nobody has spoken of yet."""
    return site.make.commitment(plan=site.commitment.plan, ministry=site.make.one(Ministry, site.commitment.ministry_id), title="T")


def _staff(site: Site, kind: MembershipKind = MembershipKind.CONTACT) -> PageClient:
    return site.browser_of(site.make.person(ministry=site.make.one(Ministry, site.commitment.ministry_id), kind=kind))


def _path(commitment: Commitment, rest: str = "") -> str:
    return f"/en/ministere/engagements/{commitment.plan.slug}/{commitment.number}{rest}"


def _editor(site: Site) -> Page:
    return _staff(site).get_page(_path(_fresh(site)))


def _of(status: UpdateStatus, rest: str, kind: MembershipKind = MembershipKind.CONTACT) -> Callable[[Site], Page]:
    def visit(site: Site) -> Page:
        commitment = _fresh(site)
        step = Step(commitment.milestones[0].id, CommitmentAction.START, "Cent communes.", (PROOF,))
        site.make.update(commitment, said(DONE, move(CommitmentAction.START), step), status=status)
        return _staff(site, kind).get_page(_path(commitment, rest))

    return visit


def _sent_back(site: Site) -> Page:
    commitment = _fresh(site)
    site.make.sent_back(site.make.update(commitment, status=UpdateStatus.PROPOSED))
    return _staff(site).get_page(_path(commitment))


def _looked_at(site: Site) -> Page:
    browser, commitment = _staff(site), _fresh(site)
    step = f"milestone{commitment.milestones[0].id}-"
    moves = {"whole-action": "start", f"{step}action": "start", f"{step}criterion": "Cent communes.", f"{step}evidence": PROOF}
    answer = browser.send(_path(commitment), {"done": DONE, "confidence": "secured", "do": "preview", **moves})
    assert answer.status_code == 200
    return browser.page(answer)


def _refused(**values: str) -> Callable[[Site], Page]:
    def visit(site: Site) -> Page:
        browser = _staff(site)
        answer = browser.send(_path(_fresh(site)), {"do": "propose", **values})
        assert answer.status_code == 422
        return browser.page(answer)

    return visit


def _written_meanwhile(site: Site) -> Page:
    commitment, first, second = _fresh(site), _staff(site), _staff(site)
    values = second.get_page(_path(commitment)).form()
    first.post(_path(commitment), data={**first.get_page(_path(commitment)).form(), "done": "Un premier texte.", "do": "save"})
    answer = second.post(_path(commitment), data={**values, "done": "Un second texte.", "do": "save"})
    assert answer.status_code == 409
    return second.page(answer)


def _followed(site: Site) -> Page:
    """A commitment of which everything was said."""
    commitment = _fresh(site)
    step = Step(commitment.milestones[0].id, CommitmentAction.START, "Cent communes.", (PROOF,))
    site.make.update(commitment, said(DONE, move(CommitmentAction.START), step, next=DONE, difficulties=DONE, help_wanted=DONE))
    site.make.revision(commitment, reason="T", indicator_ids=frozenset({site.indicator.id}))
    return site.browser().get_page(f"/en/engagements/{commitment.plan.slug}/{commitment.number}")


def _silent(site: Site, path: str) -> Page:
    site.make.clock.advance(days=400)
    try:
        return site.browser().get_page(path)
    finally:
        site.make.clock.advance(days=-400)


PROGRESS_VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    "commitment, followed": ("public.commitment", _followed),
    "commitment, silent": ("public.commitment", lambda site: _silent(site, f"/en/engagements/plan-essai/{site.commitment.number}")),
    "dashboard, silent": ("public.commitments", lambda site: _silent(site, "/en/engagements/?plan=plan-essai")),
    "dashboard, sorted": ("public.commitments", get(f"/en/engagements/?plan={PLAN}&tri=echeance&signal=retard&depuis=2026-01-01")),
    "late milestones": ("public.late_milestones", lambda site: _silent(site, "/en/engagements/jalons-en-retard?plan=plan-essai")),
    "late milestones, none": ("public.late_milestones", get("/en/engagements/jalons-en-retard?plan=plan-essai")),
    **{
        f"commitments of a ministry, {tab}": (
            "ministry.commitments",
            lambda site, tab=tab: _staff(site).get_page(f"/en/ministere/engagements/?onglet={tab}"),
        )
        for tab in ("a-relire", "brouillons", "sans-nouvelles", "en-retard", "tous")
    },
    "progress": ("ministry.progress", _editor),
    "progress, a draft": ("ministry.progress", _of(UpdateStatus.DRAFT, "")),
    "progress, preview": ("ministry.progress", _looked_at),
    "progress, sent back": ("ministry.progress", _sent_back),
    "progress, already proposed": ("ministry.progress", _of(UpdateStatus.PROPOSED, "")),
    "progress, empty": ("ministry.progress", _refused()),
    "progress, no move like that": ("ministry.progress", _refused(done="Un texte.", **{"whole-action": "complete"})),
    "progress, no link": ("ministry.progress", _refused(done="Un texte.", **{"whole-evidence": "ftp://exemple.fr"})),
    "progress, written meanwhile": ("ministry.progress", _written_meanwhile),
    "publish progress": ("ministry.publish_progress", _of(UpdateStatus.PROPOSED, "/publier", MembershipKind.VALIDATOR)),
    "publish progress, nothing": ("ministry.publish_progress", _of(UpdateStatus.DRAFT, "/publier", MembershipKind.VALIDATOR)),
    "send progress back": ("ministry.send_back_progress", _of(UpdateStatus.PROPOSED, "/renvoyer", MembershipKind.VALIDATOR)),
    "send progress back, nothing": ("ministry.send_back_progress", _of(UpdateStatus.DRAFT, "/renvoyer", MembershipKind.VALIDATOR)),
}
