"""``make.update``: what a ministry says of a commitment, brought to where it is wanted by the services, as everything in ``factories``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from feedback_app.database import db
from feedback_app.domain.commitment import BlockKind, CommitmentAction, Confidence, UpdateStatus
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.models import Account, Commitment, Ministry, ProgressUpdate
from feedback_app.services import commitment_words, sign_in
from feedback_app.services.progress import updates
from feedback_app.services.progress.wording import Step, Wording, wording

DONE = "Le premier jeu de données est **ouvert**."


def said(
    done: str = DONE, *steps: Step, confidence: Confidence | None = Confidence.ATTAINABLE, **blocks: str
) -> Wording:  # fmt: skip
    """A wording: what was done, what is said of the steps, and further blocks by their kind."""
    texts = {BlockKind.DONE: done, **{BlockKind(kind): text for kind, text in blocks.items()}}
    return wording(texts, confidence=confidence, steps=steps)


def move(action: CommitmentAction, milestone_id: int | None = None, *evidence: str, **facts: Any) -> Step:
    """A step that moves."""
    return Step(milestone_id, action, evidence=evidence, **facts)


class MakeProgress:
    """The part of ``Make`` that is about the progress of commitments."""

    clock: Callable[[], Any]

    def update(
        self,
        commitment: Commitment,
        wanted: Wording | None = None,
        *,
        status: UpdateStatus = UpdateStatus.PUBLISHED,
        contact: Account | None = None,
        validator: Account | None = None,
    ) -> ProgressUpdate:
        """A progress update in ``status``; a ``contact`` and a ``validator`` of its ministry are made when needed."""
        make: Any = self
        ministry = make.one(Ministry, commitment.ministry_id)
        contact = contact or make.person(ministry=ministry)
        if status is UpdateStatus.PUBLISHED and validator is None:
            validator = make.person(ministry=ministry, kind=MembershipKind.VALIDATOR)
        with make._work():
            live = db.session.get_one(Commitment, commitment.id)
            seen, author = updates.Seen(live.version, 0), sign_in.actor_of(contact)
            write = updates.write if status is UpdateStatus.DRAFT else updates.propose
            update = write(live, wanted or said(), actor=author, seen=seen, at=self.clock())
            if validator is not None:
                updates.publish(update, actor=sign_in.actor_of(validator), seen_wording=1, at=self.clock())
            return make._done(update, "versions", "commitment.plan")

    def sent_back(self, update: ProgressUpdate, words: str = "Donnez un chiffre, merci.") -> None:
        """A validator wants a proposed update otherwise."""
        make: Any = self
        validator = make.person(ministry=make.one(Ministry, update.ministry_id), kind=MembershipKind.VALIDATOR)
        with make._work():
            live = db.session.get_one(ProgressUpdate, update.id)
            updates.send_back(live, words, actor=sign_in.actor_of(validator), seen_wording=1, at=self.clock())

    def revision(self, commitment: Commitment, *, reason: str = "Une faute de frappe dans le titre.", **words: Any) -> None:
        """The administration changes the words of a commitment; its title, unless it is said otherwise."""
        make: Any = self
        administrator = make.person(roles=(Role.ADMINISTRATOR,))
        with make._work():
            live = db.session.get_one(Commitment, commitment.id)
            wanted = replace(commitment_words.words_of(live), **(words or {"title": f"{live.title}, corrigé"}))
            by, seen = sign_in.actor_of(administrator), live.version
            commitment_words.revise(live, wanted, reason=reason, administrator=by, seen_version=seen, at=self.clock())
