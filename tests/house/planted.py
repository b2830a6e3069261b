"""Secrets planted in a filled site: what no page may show but to those for whom ``ways_out.py`` says so.

Every planted text holds two words: one to be searched for (``WORD``), and one of its own (its mark) that must not come out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from feedback_app.domain.barometer import EditionStatus
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionKind, ContributionStatus
from feedback_app.models import Barometer, CitizenRequest, Contribution, Ministry
from tests.barometers import edition_file, indicator
from tests.factories import FACTS, Make
from tests.house.planted_cases import plant_desk
from tests.house.planted_progress import plant_progress
from tests.house.planted_voices import plant_voices
from tests.plan_files import revised_plan

WORD = "mirabelle"
OTHER_WORD = "quetschelk"  # as long, and nowhere on the site


@dataclass(frozen=True)
class Secret:
    """``mark``: the words that must not come out. ``subject``: the contribution it belongs to. ``recipient``: who may get it by mail."""

    kind: str
    mark: str
    subject: int | None = None
    recipient: str | None = None


@dataclass
class Planted:
    """The secrets, and where one would look for them: more values for the arguments of addresses, and the tokens of secret addresses."""

    secrets: list[Secret] = field(default_factory=list)
    arguments: dict[str, list[Any]] = field(default_factory=dict)
    tokens: dict[str, list[tuple[str, int | None]]] = field(default_factory=dict)
    # Of the addresses of one case: endpoint -> the case for which it is made, and what its form has to say beside what it holds.
    references: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, dict[str, str]] = field(default_factory=dict)
    # Of other addresses: endpoint -> the arguments for which it is visited.
    places: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, kind: str, mark: str, subject: int | None, recipient: str | None) -> None:
        """One more secret."""
        self.secrets.append(Secret(kind, mark, subject, recipient))

    def text(self, make: Make, kind: str, status: ContributionStatus, topic: Any) -> Contribution:
        """A contribution in ``status``: its body, its public name and its author's address are three secrets."""
        key = f"zqx{kind.replace(' ', '')}"
        body, name, email = f"Une {WORD} {key}body pour tous.", f"{WORD.title()} {key}name", f"{WORD}.{key}mail@exemple.test"
        made = make.comment(topic=topic, status=status, body=body, name=name, email=email)
        self.secrets.append(Secret(kind, f"{key}body", made.id, email))
        self.secrets.append(Secret(f"name on a {kind}", f"{key}name", made.id, email))
        self.secrets.append(Secret("citizen's address", f"{key}mail", made.id, email))
        self.arguments.setdefault("version_id", []).append(made.current_version_id)
        for endpoint in ("public.private_page", "public.correct", "public.withdraw"):
            self.tokens.setdefault(endpoint, []).append((make.private_path(made).rsplit("/", 1)[-1], made.id))
        return made


def plant(make: Make, owner: Ministry) -> Planted:
    """Plant them all. What belongs to a ministry belongs to ``owner``. Whoever builds a new kind of private thing adds it here."""
    found = Planted()
    topic = make.commitment(ministry=owner).topic
    found.text(make, "waiting text", ContributionStatus.PENDING, topic)
    unconfirmed = found.text(make, "unconfirmed text", ContributionStatus.AWAITING_CONFIRMATION, topic)
    rejected = found.text(make, "rejected text", ContributionStatus.REJECTED, topic)
    found.secrets.append(Secret("facts", FACTS, rejected.id, rejected.identity.email if rejected.identity else None))
    for before in (ContributionStatus.AWAITING_CONFIRMATION, ContributionStatus.PENDING, ContributionStatus.PUBLISHED):
        make.withdrawn(found.text(make, f"text withdrawn from {before.value.replace('_', ' ')}", before, topic))
    _corrected(make, found, topic)
    _draft_edition(make, found)
    _waiting_plan(make, found)
    for endpoint, status in (("reply", CaseStatus.WAITING), ("rate", CaseStatus.ANSWERED), ("reopen", CaseStatus.CLOSED)):
        _private_case(make, found, topic, f"public.{endpoint}", status)
    _public_case(make, found, topic)
    plant_desk(make, found, owner, topic)
    plant_voices(make, found, owner, topic)
    plant_progress(make, found, owner)
    token = make.private_path(unconfirmed).rsplit("/", 1)[-1]
    found.tokens["public.correct_address"] = [(token, unconfirmed.id)]
    found.tokens["public.confirm"] = [(make.confirmation_path(unconfirmed).rsplit("/", 1)[-1], unconfirmed.id)]
    found.tokens["account.use_link"] = [(make.sign_in_path(make.person(email="link@exemple.test")).rsplit("/", 1)[-1], None)]
    colleague = make.person(email=f"{WORD}.zqxcolleague@exemple.test", ministry=owner)
    found.secrets.append(Secret("colleague's address", "zqxcolleague", recipient=colleague.identity.email))
    found.arguments["account_id"] = [colleague.id]
    leaving = make.person(email="leaving@exemple.test")
    found.tokens["account.fetch_data"] = [(make.export_path(leaving).rsplit("/", 1)[-1], None)]
    found.tokens["account.cancel_erasure"] = [(make.erasure_path(leaving).rsplit("/", 1)[-1], None)]
    return found


def _draft_edition(make: Make, found: Planted) -> None:
    """An edition that is not published yet, of the example's barometer: its new figures, and the name that only it knows."""
    (barometer,) = [one for one in make.all(Barometer) if one.slug == "essai"]
    revised = edition_file(
        indicator(targets={"FRANCE": {"2027-12-31": "13.7501"}}),
        indicator("IND-002", {"FRANCE": {"2025-12-31": "98.7602"}}, name=f"Une {WORD} zqxdraftname"),
    )
    draft = make.edition(revised, barometer=barometer, on=date(2026, 3, 31), status=EditionStatus.DRAFT)
    for mark in ("13.7501", "13,7501", "98.7602", "98,7602", "zqxdraftname"):
        found.secrets.append(Secret("figure of a draft edition", mark))
    for name, value in (("edition_id", draft.id), ("date", "2026-03-31"), ("code", "IND-002")):
        found.arguments.setdefault(name, []).append(value)


def _waiting_plan(make: Make, found: Planted) -> None:
    """A newer file of the example's plan, which nobody applied yet."""
    document = revised_plan()
    document["commitments"][0]["problem"] = f"Une {WORD} zqxplanproblem."
    document["commitments"][1]["title"] = f"Une {WORD} zqxplantitle"
    found.arguments["plan_upload_id"] = [make.plan_upload(document).id]
    for mark in ("zqxplanproblem", "zqxplantitle"):
        found.secrets.append(Secret("text of a plan file that waits", mark))


def _private_case(make: Make, found: Planted, topic: Any, endpoint: str, status: CaseStatus) -> None:
    """A request for documents whose text is not public: nor is anything that the ministry writes in its case."""
    key = f"zqx{endpoint.removeprefix('public.')}case"
    email = f"{WORD}.{key}mail@exemple.test"
    made = make.request(
        topic=topic,
        kind=ContributionKind.ACCESS,
        status=status,
        private=True,
        body=f"Une {WORD} {key}body pour tous.",
        name=f"{WORD.title()} {key}name",
        email=email,
        question=f"Quelle {WORD} {key}question ?",
        answer=f"Voici la {WORD} {key}answer.",
    )
    subject = made.contribution_id
    found.secrets.append(Secret("waiting text", f"{key}body", subject, email))
    found.secrets.append(Secret("name on a waiting text", f"{key}name", subject, email))
    found.secrets.append(Secret("citizen's address", f"{key}mail", subject, email))
    words = "question" if status is CaseStatus.WAITING else "answer"
    found.secrets.append(Secret(f"{words} in a private case", f"{key}{words}", subject, email))
    found.arguments.setdefault("version_id", []).append(made.contribution.current_version_id)
    token = (make.private_path(made.contribution).rsplit("/", 1)[-1], subject)
    for name in (endpoint, "public.private_page", "public.correct", "public.withdraw"):
        found.tokens.setdefault(name, []).append(token)


def _public_case(make: Make, found: Planted, topic: Any) -> None:
    """A request that everybody reads, and a reply in its case that waits for a moderator."""
    email = f"{WORD}.zqxaskedmail@exemple.test"
    made = make.request(topic=topic, status=CaseStatus.WAITING, body="Une question que tout le monde lit.", name="Léa T.", email=email)
    reply = make.reply(made, f"Une {WORD} zqxreplybody pour tous.")
    found.secrets.append(Secret("citizen's address", "zqxaskedmail", made.contribution_id, email))
    found.secrets.append(Secret("waiting text", "zqxreplybody", reply.id, email))
    found.arguments.setdefault("reference", []).append(made.reference)
    _me_too(make, found, made)
    found.arguments.setdefault("version_id", []).append(reply.current_version_id or max(one.id for one in reply.versions))


def _me_too(make: Make, found: Planted, asked: CitizenRequest) -> None:
    """Somebody who asks the same: they are counted, and their address is theirs alone."""
    email = f"{WORD}.zqxtoomail@exemple.test"
    own = make.me_too(asked, email)
    found.secrets.append(Secret("citizen's address", "zqxtoomail", None, email))
    found.tokens["public.own_me_too"] = [(make.me_too_path(own).rsplit("/", 1)[-1], None)]
    found.references["public.enough"] = make.request(topic=asked.topic, status=CaseStatus.ANSWERED).reference


def _corrected(make: Make, found: Planted, topic: Any) -> None:
    """A published text (its author's address is still a secret), a correction that was replaced and one that waits."""
    email = f"{WORD}.zqxpublishedmail@exemple.test"
    published = make.comment(topic=topic, body="Un texte publié, que tout le monde lit.", name="Léa T.", email=email)
    corrections: dict[str, Callable[[], Any]] = {
        kind: lambda mark=mark: make.correction(published, f"Une autre {WORD} {mark} pour tous.")
        for kind, mark in (("replaced text", "zqxreplacedbody"), ("waiting correction", "zqxcorrectionbody"))
    }
    found.secrets.append(Secret("citizen's address", "zqxpublishedmail", published.id, email))
    for kind, correct in corrections.items():
        version = correct()
        found.secrets.append(Secret(kind, version.body.split()[3], published.id, email))
        found.arguments.setdefault("version_id", []).append(version.id)
