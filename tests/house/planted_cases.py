"""The cases of the walk: one for each form of the desk, in the status that it needs; and what only the administration may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedback_app.database import db
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionKind
from feedback_app.models import CitizenRequest, Ministry
from feedback_app.services import sign_in
from feedback_app.services.cases import conversation
from tests.factories import Make

if TYPE_CHECKING:
    from tests.house.planted import Planted

REASON = "Une raison assez longue pour être lue."
S = CaseStatus
# What each form is sent to: the status of its case, and what has to be typed.
FORMS: dict[str, tuple[CaseStatus, dict[str, str]]] = {
    "ministry.release": (S.ASSIGNED, {}),
    "ministry.take_back": (S.WAITING, {}),
    "ministry.hand_over": (S.ASSIGNED, {}),
    "ministry.ask_citizen": (S.ASSIGNED, {"body": REASON}),
    "ministry.extend": (S.ASSIGNED, {"body": REASON}),
    "ministry.offer": (S.ASSIGNED, {"body": REASON}),
    "ministry.cancel_offer": (S.TRANSFER_OFFERED, {}),
    "ministry.note": (S.OPEN, {"body": REASON}),
    "ministry.take": (S.OPEN, {}),
    "ministry.answer": (S.ASSIGNED, {"body": REASON, "outcome": "full", "do": "save"}),
    "coordination.route": (S.ARBITRATION, {"body": REASON}),
}


def plant_desk(make: Make, found: Planted, owner: Ministry, topic: Any) -> None:
    """A case of ``owner`` for each form, and private ones whose texts, notes and drafts must not come out."""
    colleague, away = make.person(ministry=owner), make.ministry()
    cases: dict[CaseStatus, CitizenRequest] = {}
    for endpoint, (status, body) in FORMS.items():
        if status not in cases:
            cases[status] = make.request(topic=topic, status=status, contact=colleague, other=away, body="Une question publique.")
        _form(found, endpoint, cases[status], body)
    offered = make.request(topic=make.commitment(ministry=away).topic, status=S.TRANSFER_OFFERED, other=owner)
    _form(found, "ministry.accept_offer", offered, {})
    _form(found, "ministry.decline_offer", offered, {"body": REASON})
    found.bodies["ministry.hand_over"]["to"] = str(colleague.identity_id)
    found.bodies["ministry.offer"]["to"] = away.slug
    found.bodies["coordination.route"]["to"] = owner.slug
    for number, status in enumerate((S.OPEN, S.ASSIGNED, S.ARBITRATION)):
        case = _private(make, found, topic, status, f"zqxdesk{number}")
        found.arguments.setdefault("reference", []).append(case.reference)
        if status is S.ASSIGNED:
            _internal(make, found, case, colleague)
    proposed = _private(make, found, topic, S.ASSIGNED, "zqxproposed")
    _plant(found, "draft answer", "zqxproposedanswer", proposed)
    make.draft(proposed, "Voici la mirabelle zqxproposedanswer pour tous.", contact=colleague, propose=True)
    for endpoint, body in (("ministry.publish", {}), ("ministry.send_back", {"body": REASON})):
        _form(found, endpoint, proposed, body, version=False)


def _form(found: Planted, endpoint: str, case: CitizenRequest, body: dict[str, str], *, version: bool = True) -> None:
    found.references[endpoint] = case.reference
    found.bodies[endpoint] = {**body, **({"seen_version": str(case.version)} if version else {})}


def _private(make: Make, found: Planted, topic: Any, status: CaseStatus, key: str) -> CitizenRequest:
    """A request for documents whose text is not public."""
    made = make.request(
        topic=topic,
        kind=ContributionKind.ACCESS,
        status=status,
        private=True,
        body=f"Une mirabelle {key}body pour tous.",
        name=f"Mirabelle {key}name",
        email=f"mirabelle.{key}mail@exemple.test",
    )
    for kind, mark in (("waiting text", "body"), ("name on a waiting text", "name"), ("citizen's address", "mail")):
        _plant(found, kind, f"{key}{mark}", made)
    found.arguments.setdefault("version_id", []).append(made.contribution.current_version_id)
    return made


def _internal(make: Make, found: Planted, case: CitizenRequest, colleague: Any) -> None:
    """A note and a draft in a private case."""
    with make._work():
        note = "Une mirabelle zqxnote pour nous."
        conversation.note(db.session.get_one(CitizenRequest, case.id), note, actor=sign_in.actor_of(colleague), at=make.clock())
    make.draft(case, "Voici la mirabelle zqxdraft pour nous.", contact=colleague)
    _plant(found, "internal note", "zqxnote", case)
    _plant(found, "draft answer", "zqxdraft", case)


def _plant(found: Planted, kind: str, mark: str, case: CitizenRequest) -> None:
    found.add(kind, mark, case.contribution_id, case.contribution.identity.email if case.contribution.identity else None)
