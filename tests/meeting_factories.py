"""Meetings and productions: made by the services, as everything in ``factories``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from feedback_app.database import db
from feedback_app.domain.attachment import Attachment
from feedback_app.domain.contribution import ContributionStatus, TextAction
from feedback_app.domain.meeting import Facts, MeetingKind, MeetingStatus
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.models import Account, Contribution, Meeting, Ministry
from feedback_app.services import contributions, meetings, moderation, sign_in

_numbers = count(1)


class MakeMeetings:
    """The part of ``Make`` that is about meetings."""

    clock: Callable[[], Any]

    def facts(self, **changes: Any) -> Facts:
        """A workshop in a fortnight."""
        starts_at = self.clock() + timedelta(days=14)
        said = Facts(
            kind=MeetingKind.WORKSHOP,
            title=f"Atelier numéro {next(_numbers)}",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            place="12 rue des Rivières, Lyon",
            link="",
            organisers="La direction des rivières",
            participants=None,
            description="Nous relirons ensemble la liste des stations.",
        )
        return replace(said, **changes)

    def meeting(
        self,
        *,
        ministry: Ministry | None = None,
        status: MeetingStatus = MeetingStatus.PUBLISHED,
        author: Account | None = None,
        publisher: Account | None = None,
        file: Attachment | None = None,
        **changes: Any,
    ) -> Meeting:
        """A meeting of a ministry (without one: of the site itself), brought to ``status``."""
        make: Any = self

        def somebody(kind: MembershipKind) -> Account:
            found: Account = make.person(ministry=ministry, kind=kind) if ministry else make.person(roles=(Role.COORDINATOR,))
            return found

        author, publisher = author or somebody(MembershipKind.CONTACT), publisher or somebody(MembershipKind.VALIDATOR)
        with make._work():
            at = self.clock()
            live = db.session.get_one(Ministry, ministry.id) if ministry else None
            writer, other = sign_in.actor_of(author), sign_in.actor_of(publisher)
            made = meetings.write(None, self.facts(**changes), ministry=live, file=file, actor=writer, seen_wording=0, at=at)
            if status is not MeetingStatus.PREPARED:
                meetings.publish(made, actor=other, seen_wording=1, at=at)
            if status is MeetingStatus.WITHDRAWN:
                meetings.withdraw(made, actor=writer, at=at)
            return make._done(made, "versions", "topic", "ministry")

    def proposal(self, *, status: ContributionStatus = ContributionStatus.PUBLISHED, email: str | None = None, **changes: Any) -> Meeting:
        """A meeting that a citizen proposes, brought to ``status`` by the moves that lead there."""
        make: Any = self
        number = next(_numbers)
        moderator = make.moderator() if status is ContributionStatus.PUBLISHED else None
        with make._work():
            facts, at = self.facts(**changes), self.clock()
            sent = meetings.propose(
                facts,
                f"{facts.title}\n\n{facts.description}",
                email or f"asso{number}@exemple.test",
                form_key=f"meeting-{number}",
                language="fr",
                at=at,
            )
            if status is not ContributionStatus.AWAITING_CONFIRMATION:
                contributions.confirm(sent, at=at)
            if moderator:
                moderation.decide(sent.current_version, TextAction.PUBLISH, moderator=sign_in.actor_of(moderator), at=at)
            if status is ContributionStatus.WITHDRAWN:
                contributions.withdraw(db.session.get_one(Contribution, sent.id), at=at)
            return make._done(meetings.of_contribution(sent), "versions", "topic", "contribution.current_version", "contribution.identity")
