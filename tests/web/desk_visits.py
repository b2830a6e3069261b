"""The pages of the desk and of the coordination, in each of their states, for ``test_pseudo_locale.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.reply import ReplyStatus
from feedback_app.models import Ministry
from tests.pages import Page, PageClient

Site = Any  # ``test_pseudo_locale.Site``, which imports this module
S = CaseStatus
DESK_BUTTONS = {f"ministry.{name}" for name in ("take", "release", "take_back", "cancel_offer", "accept_offer")}


def _ministry(site: Site) -> Ministry:
    return site.make.one(Ministry, site.commitment.ministry_id)


def _staff(site: Site, kind: MembershipKind = MembershipKind.CONTACT) -> PageClient:
    return site.browser_of(site.make.person(ministry=_ministry(site), kind=kind))


def _coordinator(site: Site) -> PageClient:
    return site.browser_of(site.make.person(roles=(Role.COORDINATOR,)))


def _path(site: Site, status: CaseStatus, rest: str = "") -> str:
    if status not in site.requests:
        site.requests[status] = site.make.request(topic=site.commitment.topic, status=status)
    return f"/en/ministere/dossiers/{site.requests[status].reference}{rest}"


def case(status: CaseStatus, rest: str = "") -> Callable[[Site], Page]:
    return lambda site: _staff(site).get_page(_path(site, status, rest))


def typed(status: CaseStatus, rest: str, **values: str) -> Callable[[Site], Page]:
    """A form that comes back with what is missing."""

    def visit(site: Site) -> Page:
        browser = _staff(site)
        answer = browser.send(_path(site, status, rest), values)
        assert answer.status_code in {200, 422}
        return browser.page(answer)

    return visit


def _done(site: Site) -> Page:
    """The page of a case, with what the last act left to be said."""
    browser, request = _staff(site), _fresh(site, S.OPEN)
    page = browser.get_page(f"/en/ministere/dossiers/{request.reference}")
    browser.post(f"/en/ministere/dossiers/{request.reference}/prendre", data=page.form(0))
    return browser.get_page(f"/en/ministere/dossiers/{request.reference}")


def _fresh(site: Site, status: CaseStatus, **facts: Any) -> Any:
    made = site.make.request(topic=site.commitment.topic, status=status, **facts)
    site.requests[made.reference] = made
    return made


def _proposed(site: Site, rest: str, kind: MembershipKind) -> Page:
    request = _fresh(site, S.ASSIGNED)
    site.make.draft(request, propose=True)
    return _staff(site, kind).get_page(f"/en/ministere/dossiers/{request.reference}{rest}")


def _written_meanwhile(site: Site) -> Page:
    request, first, second = _fresh(site, S.ASSIGNED), _staff(site), _staff(site)
    path = f"/en/ministere/dossiers/{request.reference}/reponse"
    values = second.get_page(path).form()
    first.post(path, data={**first.get_page(path).form(), "body": "Un premier texte, assez long.", "outcome": "full", "do": "save"})
    answer = second.post(path, data={**values, "body": "Un second texte, assez long.", "outcome": "full", "do": "save"})
    assert answer.status_code == 409
    return second.page(answer)


def _noted(site: Site) -> Page:
    request, browser = _fresh(site, S.ASSIGNED), _staff(site)
    path = f"/en/ministere/dossiers/{request.reference}"
    browser.send(f"{path}/note", {"body": "Un premier texte, assez long."})
    return browser.get_page(path)


def _legal(site: Site) -> Page:
    request = _fresh(site, S.OPEN, kind=ContributionKind.ACCESS, private=True)
    return _staff(site).get_page(f"/en/ministere/dossiers/{request.reference}")


def _late(site: Site, path: str, browser: Callable[[Site], PageClient]) -> Page:
    _fresh(site, S.OPEN)
    site.make.clock.advance(days=60)
    try:
        return browser(site).get_page(path)
    finally:
        site.make.clock.advance(days=-60)


def _comment(site: Site, status: ReplyStatus | None, rest: str = "", kind: MembershipKind = MembershipKind.CONTACT) -> Page:
    """The pages of one comment, its reply as far as ``status`` says."""
    comment = site.make.comment(topic=site.commitment.topic)
    if status:
        site.make.reply_to(comment, "Un premier texte, assez long.", status=status, reason="Un premier texte, assez long.")
    return _staff(site, kind).get_page(f"/en/ministere/commentaires/{comment.id}{rest}")


def _sent_on_comment(site: Site, rest: str, status: int = 422, **values: str) -> Page:
    comment, browser = site.make.comment(topic=site.commitment.topic), _staff(site)
    answer = browser.send(f"/en/ministere/commentaires/{comment.id}{rest}", values)
    assert answer.status_code == status
    return browser.page(answer) if status != 303 else browser.get_page(answer.headers["Location"])


LONG = "Un premier texte, assez long."
R, VALIDATOR = ReplyStatus, MembershipKind.VALIDATOR
COMMENT_VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    **{
        f"comments, {tab}": ("ministry.comments", lambda site, tab=tab: _staff(site).get_page(f"/en/ministere/commentaires?onglet={tab}"))
        for tab in ("en-attente", "a-valider", "repondus", "sans-reponse")
    },
    **{f"comment, {status}": ("ministry.comment", lambda site, status=status: _comment(site, status)) for status in (None, *R)},
    "comment, to be published": ("ministry.comment", lambda site: _comment(site, R.PROPOSED, kind=VALIDATOR)),
    "comment, just written": ("ministry.comment", lambda site: _sent_on_comment(site, "/reponse", 303, body=LONG, do="save")),
    "reply to a comment": ("ministry.reply", lambda site: _comment(site, None, "/reponse")),
    "reply to a comment, corrected": ("ministry.reply", lambda site: _comment(site, R.PUBLISHED, "/reponse")),
    "reply to a comment, proposed": ("ministry.reply", lambda site: _comment(site, R.PROPOSED, "/reponse")),
    "reply to a comment, empty": ("ministry.reply", lambda site: _sent_on_comment(site, "/reponse", do="save")),
    "reply to a comment, preview": (
        "ministry.reply", lambda site: _sent_on_comment(site, "/reponse", 200, body=LONG, do="preview"),
    ),
    "publish a reply": ("ministry.publish_reply", lambda site: _comment(site, R.PROPOSED, "/reponse/publier", VALIDATOR)),
    "publish a reply, none": ("ministry.publish_reply", lambda site: _comment(site, None, "/reponse/publier", VALIDATOR)),
    "send a reply back": ("ministry.send_back_reply", lambda site: _comment(site, R.PROPOSED, "/reponse/renvoyer", VALIDATOR)),
    "send a reply back, none": ("ministry.send_back_reply", lambda site: _comment(site, None, "/reponse/renvoyer")),
    "no reply": ("ministry.no_reply", lambda site: _comment(site, None, "/sans-reponse")),
    "no reply, published": ("ministry.no_reply", lambda site: _comment(site, R.PUBLISHED, "/sans-reponse")),
    "no reply, without a reason": ("ministry.no_reply", lambda site: _sent_on_comment(site, "/sans-reponse")),
}  # fmt: skip
DESK_VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    **COMMENT_VISITS,
    **{
        f"desk, {tab}": ("ministry.desk", lambda site, tab=tab: _staff(site).get_page(f"/en/ministere/?onglet={tab}"))
        for tab in ("a-prendre", "mes-dossiers", "en-attente", "a-valider", "transferts", "en-retard", "rouvertes", "repondues")
    },
    "desk, nothing found": ("ministry.desk", lambda site: _staff(site).get_page("/en/ministere/?q=zzz")),
    "desk, late": ("ministry.desk", lambda site: _late(site, "/en/ministere/?onglet=en-retard", _staff)),
    **{
        f"case, {status}": ("ministry.case", case(status))
        for status in (S.OPEN, S.ASSIGNED, S.WAITING, S.TRANSFER_OFFERED, S.ARBITRATION, S.ANSWERED, S.CLOSED)
    },
    "case, just taken": ("ministry.case", _done),
    "case, with a note": ("ministry.case", _noted),
    "case, the law's month": ("ministry.case", _legal),
    "case, an answer to validate": ("ministry.case", lambda site: _proposed(site, "", MembershipKind.VALIDATOR)),
    "note": ("ministry.note", case(S.OPEN, "/note")),
    "note, empty": ("ministry.note", typed(S.OPEN, "/note")),
    "hand over": ("ministry.hand_over", case(S.ASSIGNED, "/confier")),
    "hand over, to nobody": ("ministry.hand_over", typed(S.ASSIGNED, "/confier")),
    "hand over, not possible": ("ministry.hand_over", case(S.OPEN, "/confier")),
    "question to the citizen": ("ministry.ask_citizen", case(S.ASSIGNED, "/question")),
    "question to the citizen, empty": ("ministry.ask_citizen", typed(S.ASSIGNED, "/question")),
    "extend": ("ministry.extend", case(S.ASSIGNED, "/prolonger")),
    "extend, no reason": ("ministry.extend", typed(S.ASSIGNED, "/prolonger")),
    "offer": ("ministry.offer", case(S.ASSIGNED, "/proposer")),
    "offer, to nobody": ("ministry.offer", typed(S.ASSIGNED, "/proposer")),
    "decline": ("ministry.decline_offer", case(S.TRANSFER_OFFERED, "/decliner")),
    "answer": ("ministry.answer", case(S.ASSIGNED, "/reponse")),
    "answer, empty": ("ministry.answer", typed(S.ASSIGNED, "/reponse", do="save")),
    "answer, a refusal without a ground": (
        "ministry.answer",
        typed(S.ASSIGNED, "/reponse", do="save", body="Un premier texte, assez long.", outcome="refused"),
    ),
    "answer, a duplicate of nothing": (
        "ministry.answer",
        typed(S.ASSIGNED, "/reponse", do="save", body="Un premier texte, assez long.", outcome="duplicate"),
    ),
    "answer, preview": ("ministry.answer", typed(S.ASSIGNED, "/reponse", do="preview", body="Un premier texte, assez long.")),
    "answer, written meanwhile": ("ministry.answer", _written_meanwhile),
    "answer, already proposed": ("ministry.answer", lambda site: _proposed(site, "/reponse", MembershipKind.CONTACT)),
    "publish": ("ministry.publish", lambda site: _proposed(site, "/reponse/publier", MembershipKind.VALIDATOR)),
    "publish, nothing": (
        "ministry.publish",
        lambda site: _staff(site, MembershipKind.LEAD).get_page(_path(site, S.OPEN, "/reponse/publier")),
    ),
    "send back": ("ministry.send_back", lambda site: _proposed(site, "/reponse/renvoyer", MembershipKind.VALIDATOR)),
    "coordination": ("coordination.desk", lambda site: _coordinator(site).get_page("/en/coordination/")),
    "coordination, late": ("coordination.desk", lambda site: _late(site, "/en/coordination/?onglet=retards", _coordinator)),
    "coordination, nothing late": ("coordination.desk", lambda site: _coordinator(site).get_page("/en/coordination/?onglet=retards")),
    "route": (
        "coordination.route",
        lambda site: _coordinator(site).get_page(_path(site, S.ARBITRATION, "/attribuer").replace("ministere", "coordination")),
    ),
}
