"""Official replies to comments, and what organisations say: made by the services, as everything in ``factories``."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from feedback_app.database import db
from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.domain.contribution import ContributionStatus, TextAction
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.reply import ReplyStatus
from feedback_app.models import Account, Assessor, Contribution, Ministry, OfficialReply, Organisation, Topic
from feedback_app.services import assessments, moderation, organisations, replies, sign_in

REPLY = "Le ministère a **entendu** cette remarque et y répond."
REPLIED = ("Le ministère a", "entendu", "cette remarque et y répond.")  # the same, as a page shows it
REASON = "Ce commentaire ne pose aucune question au ministère."


ASSESSED = "Aucun des trois jalons n’est atteint : le portail ne répond pas."
_numbers = count(1)


class MakeVoices:
    """The part of ``Make`` that is about replies and counter-assessments."""

    clock: Callable[[], Any]

    def reply_to(
        self,
        comment: Contribution,
        source: str = REPLY,
        *,
        status: ReplyStatus = ReplyStatus.PUBLISHED,
        contact: Account | None = None,
        validator: Account | None = None,
        reason: str = REASON,
    ) -> OfficialReply:
        """The official reply to a published comment, brought to ``status``; ``contact`` and ``validator`` are made when needed."""
        make: Any = self
        ministry = make.one(Ministry, make.one(Topic, comment.topic_id).ministry_id)
        contact = contact or make.person(ministry=ministry)
        if status is ReplyStatus.PUBLISHED:
            validator = validator or make.person(ministry=ministry, kind=MembershipKind.VALIDATOR)
        with make._work():
            live, actor, at = db.session.get_one(Contribution, comment.id), sign_in.actor_of(contact), self.clock()
            seen = latest.number if (found := replies.find(comment.id)) and (latest := found.latest) else 0
            if status is ReplyStatus.NOT_NEEDED:
                replies.dismiss(live, reason, actor=actor, seen_wording=seen, at=at)
            elif status is ReplyStatus.DRAFT:
                replies.write(live, source, actor=actor, seen_wording=seen, at=at)
            else:
                replies.propose(live, source, actor=actor, seen_wording=seen, at=at)
            if validator and status is ReplyStatus.PUBLISHED:
                replies.publish(live, actor=sign_in.actor_of(validator), seen_wording=seen + 1, at=at)
            found = replies.find(comment.id)
            return make._done(found.reply if found else None, "versions", "contribution", "ministry")

    def organisation(self, name: str | None = None, website: str | None = "https://asso.example.org") -> Organisation:
        """A recognised organisation."""
        make: Any = self
        boss = make.person(roles=(Role.ADMINISTRATOR,))
        with make._work():
            new = organisations.NewOrganisation(name or f"Association {next(_numbers)}", website)
            return make._done(organisations.recognise(new, administrator=sign_in.actor_of(boss), at=self.clock()), "assessors")

    def assessor(self, organisation: Organisation, email: str | None = None, name: str = "Une évaluatrice") -> Account:
        """Somebody who assesses in its name."""
        make: Any = self
        boss, email = make.person(roles=(Role.ADMINISTRATOR,)), email or f"evaluatrice{next(_numbers)}@exemple.test"
        with make._work():
            live = db.session.get_one(Organisation, organisation.id)
            held = organisations.add_assessor(
                live, email, name, administrator=sign_in.actor_of(boss), seen_version=live.version, at=self.clock()
            )
            account_id = db.session.get_one(Assessor, held.id).account_id
        with make._work():
            return make._done(db.session.get_one(Account, account_id), "identity", "roles", "memberships")

    def recognition_ended(self, organisation: Organisation) -> Organisation:
        """The same organisation, recognised no more."""
        make: Any = self
        boss = make.person(roles=(Role.ADMINISTRATOR,))
        with make._work():
            live = db.session.get_one(Organisation, organisation.id)
            organisations.end(live, administrator=sign_in.actor_of(boss), seen_version=live.version, at=self.clock())
            return make._done(live, "assessors")

    def assessment(
        self,
        topic: Topic,
        body: str = ASSESSED,
        *,
        stands: CommitmentStatus = CommitmentStatus.BLOCKED,
        organisation: Organisation | None = None,
        by: Account | None = None,
        status: ContributionStatus = ContributionStatus.PUBLISHED,
    ) -> Contribution:
        """A counter-assessment of a commitment, sent (pending) or published."""
        make: Any = self
        organisation = organisation or self.organisation()
        by = by or self.assessor(organisation)
        moderator = make.moderator() if status is ContributionStatus.PUBLISHED else None
        with make._work():
            sent = assessments.submit(
                db.session.get_one(Topic, topic.id),
                db.session.get_one(Organisation, organisation.id),
                stands,
                body,
                form_key=f"assessment-{next(_numbers)}",
                language="fr",
                actor=sign_in.actor_of(by),
                at=self.clock(),
            )
            if moderator:
                moderation.decide(sent.current_version, TextAction.PUBLISH, moderator=sign_in.actor_of(moderator), at=self.clock())
            return make._done(sent, "current_version", "identity", "signature", "topic")
