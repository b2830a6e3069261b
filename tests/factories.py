"""``make``: things in the database, made by the application's own services, so that no test meets a state that cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import pyotp
from flask import Flask, current_app, has_app_context
from sqlalchemy import select

from feedback_app.database import db, unit_of_work
from feedback_app.domain import addresses
from feedback_app.domain.calendar import day_of
from feedback_app.domain.commitment import CommitmentStatus, MinistryKind, PlanPhase, SectionKind
from feedback_app.domain.contribution import ContributionKind, ContributionStatus, Ground, TextAction
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.privacy import TextsChoice
from feedback_app.domain.text import fold, render_official
from feedback_app.domain.trace import ActorKind
from feedback_app.models import (
    Account,
    Commitment,
    CommitmentSection,
    Contribution,
    Identity,
    MailStatus,
    Milestone,
    Ministry,
    OutgoingMail,
    Plan,
    TextVersion,
    Topic,
    TopicKind,
)
from feedback_app.services import (
    accounts,
    contributions,
    identities,
    moderation,
    second_factor,
    sign_in,
)
from feedback_app.services.privacy import erasure, export
from tests.case_factories import MakeCases
from tests.edition_factories import MakeEditions
from tests.meeting_factories import MakeMeetings
from tests.plan_factories import MakePlans
from tests.progress_factories import MakeProgress
from tests.voice_factories import MakeVoices

T = TypeVar("T")
FACTS = "Le deuxième paragraphe vise une personne nommée."


@dataclass(frozen=True)
class Authenticator:
    """Somebody's telephone: what it shows at the time of the test."""

    secret: str
    clock: Callable[[], datetime]
    recovery_codes: tuple[str, ...] = ()

    def code(self, at: datetime | None = None) -> str:
        return pyotp.TOTP(self.secret).at(at or self.clock())


class Make(MakeCases, MakeEditions, MakeMeetings, MakePlans, MakeProgress, MakeVoices):
    """Each call is one committed transaction; what it returns is loaded and detached, so requests do not share a session with it."""

    def __init__(self, app: Flask, clock: Callable[[], datetime]) -> None:
        self.app, self.clock, self._numbers = app, clock, count(1)

    @contextmanager
    def _work(self) -> Iterator[None]:
        if has_app_context():
            raise RuntimeError("use make outside an application context")
        with self.app.app_context(), unit_of_work():
            yield

    def _done(self, thing: T, *names: str) -> T:
        """Load what tests look at, before the session closes."""
        db.session.flush()
        db.session.refresh(thing)
        for name in names:
            target: Any = thing
            for part in name.split("."):
                target = getattr(target, part) if target is not None else None
        db.session.expunge_all()
        return thing

    def reload(self, thing: T) -> T:
        """The same row as it is now."""
        with self.app.app_context():
            found = db.session.get(type(thing), thing.id)  # type: ignore[attr-defined]
            assert found is not None
            for name in ("current_version", "identity", "signature", "topic", "contribution"):
                getattr(found, name, None)
            db.session.expunge_all()
            return found

    def one(self, model: type[T], row_id: int) -> T:
        """A row by its id."""
        with self.app.app_context():
            found = db.session.get_one(model, row_id)
            db.session.expunge_all()
            return found

    def all(self, model: type[T]) -> list[T]:
        """Every row of a table, by id."""
        with self.app.app_context():
            rows = list(db.session.scalars(select(model).order_by(model.id)))  # type: ignore[attr-defined]
            db.session.expunge_all()
            return rows

    def ministry(self, name: str | None = None) -> Ministry:
        number = next(self._numbers)
        with self._work():
            ministry = Ministry(
                slug=f"ministere-{number}", name=name or f"Ministère {number}", kind=MinistryKind.MINISTRY, created_at=self.clock()
            )
            db.session.add(ministry)
            return self._done(ministry)

    def plan(self, slug: str | None = None) -> Plan:
        number, at = next(self._numbers), self.clock()
        with self._work():
            plan = Plan(
                slug=slug or f"plan-{number}",
                title=f"Plan {number}",
                start=date(2026, 1, 1),
                end=date(2027, 12, 31),
                phase=PlanPhase.RUNNING,
                created_at=at,
                updated_at=at,
            )
            db.session.add(plan)
            return self._done(plan)

    def commitment(
        self,
        *,
        plan: Plan | None = None,
        ministry: Ministry | None = None,
        number: int | None = None,
        title: str | None = None,
        text: str = "Nous ouvrirons **toutes** les données.\n\n- un\n- deux",
        status: CommitmentStatus = CommitmentStatus.PLANNED,
    ) -> Commitment:
        plan, ministry = plan or self.plan(), ministry or self.ministry()
        number = number or next(self._numbers)
        title = title or f"Engagement {number}"
        official = render_official(text)
        with self._work():
            topic = Topic(key=addresses.commitment_key(plan.slug, number), kind=TopicKind.COMMITMENT, title=title, ministry_id=ministry.id)
            commitment = Commitment(
                plan_id=plan.id,
                number=number,
                topic=topic,
                ministry_id=ministry.id,
                title=title,
                title_folded=fold(title),
                state_actors=[],
                other_actors=[],
                status=status,
                followed_since=day_of(self.clock()),
                sections=[
                    CommitmentSection(
                        kind=SectionKind.COMMITMENT, position=1, source=official.source, html=official.html, renderer=official.renderer
                    )
                ],
                milestones=[
                    Milestone(position=1, title="Un jalon", dates_raw="T2 2026", end=date(2026, 6, 30), status=CommitmentStatus.PLANNED)
                ],
            )
            db.session.add(commitment)
            return self._done(commitment, "plan", "topic", "ministry", "milestones")

    def person(
        self, *, email: str | None = None, name: str | None = None, roles: tuple[Role, ...] = (), ministry: Ministry | None = None,
        kind: MembershipKind = MembershipKind.CONTACT,
    ) -> Account:  # fmt: skip
        number = next(self._numbers)
        with self._work():
            account = accounts.create_or_update(
                email or f"personne{number}@exemple.test", name=name or f"Personne {number}", at=self.clock()
            )
            for role in roles:
                accounts.grant_role(account, role, at=self.clock())
            if ministry:
                accounts.grant_membership(account, ministry, kind, at=self.clock())
            return self._done(account, "identity", "roles", "memberships")

    def moderator(self, name: str | None = None, email: str | None = None) -> Account:
        return self.person(name=name, email=email, roles=(Role.MODERATOR,))

    def comment(
        self,
        *,
        topic: Topic | None = None,
        body: str = "Ce commentaire dit ce que j’en pense.",
        email: str | None = None,
        name: str | None = "Jeanne D.",
        status: ContributionStatus = ContributionStatus.PUBLISHED,
        moderator: Account | None = None,
        kind: ContributionKind = ContributionKind.COMMENT,
    ) -> Contribution:
        """A comment (or a text of another ``kind``) brought to ``status`` by the moves that lead there."""
        topic = topic or self.commitment().topic
        number = next(self._numbers)
        needs_decision = status in {ContributionStatus.PUBLISHED, ContributionStatus.REJECTED}
        moderator = (moderator or self.moderator()) if needs_decision else None
        with self._work():
            new = contributions.NewText(body=body, email=email or f"citoyen{number}@exemple.test", public_name=name)
            live_topic = db.session.get_one(Topic, topic.id)
            sent = contributions.submit(live_topic, kind, new, form_key=f"key-{number}", language="fr", at=self.clock())
            self._advance(sent, status, moderator)
            return self._done(sent, "current_version", "identity", "signature", "topic")

    def _advance(self, sent: Contribution, status: ContributionStatus, moderator: Account | None) -> None:
        at = self.clock()
        if status in {ContributionStatus.PENDING, ContributionStatus.PUBLISHED, ContributionStatus.REJECTED}:
            contributions.confirm(sent, at=at)
        if status is ContributionStatus.WITHDRAWN:
            contributions.withdraw(sent, at=at)
        if moderator is None:
            return
        actor, version = sign_in.actor_of(moderator), sent.current_version
        assert version is not None
        if status is ContributionStatus.PUBLISHED:
            moderation.decide(version, TextAction.PUBLISH, moderator=actor, at=at)
        else:
            moderation.decide(version, TextAction.REJECT, moderator=actor, ground=Ground.INSULT, facts=FACTS, at=at)

    def correction(self, contribution: Contribution, body: str) -> TextVersion:
        """A new wording sent by the author."""
        with self._work():
            live = db.session.get_one(Contribution, contribution.id)
            seen = contributions.latest_version(live).number
            return self._done(contributions.correct(live, body, seen_version=seen, at=self.clock()), "contribution")

    def withdrawn(self, contribution: Contribution) -> Contribution:
        """The same text, taken back by its author."""
        with self._work():
            live = db.session.get_one(Contribution, contribution.id)
            contributions.withdraw(live, at=self.clock())
            return self._done(live, "current_version", "identity")

    def citizen(self, account: Account) -> None:
        """Make somebody a citizen again: colleagues have no name for them."""
        with self._work():
            db.session.get_one(Account, account.id).name = None

    def dead_letter(self) -> OutgoingMail:
        """The oldest mail, given up."""
        (first, *_rest) = self.mails()
        with self._work():
            mail = db.session.get_one(OutgoingMail, first.id)
            mail.status, mail.attempts = MailStatus.FAILED, 12
            mail.last_error = f"550 <{mail.recipient}>: no such user"
            return self._done(mail)

    def session(self, account: Account, *, second_factor: bool = True) -> str:
        """The secret of a fresh session of the account, its second factor done unless it is said otherwise."""
        with self._work():
            live = db.session.get_one(Account, account.id)
            _row, secret = sign_in.start_session(live, at=self.clock(), second_factor=second_factor)
            return secret

    def second_factor(self, account: Account) -> Authenticator:
        """An application tied to the account, as at a first sign-in one minute ago. Its sessions from before have ended."""
        with self._work():
            live, at = db.session.get_one(Account, account.id), self.clock() - timedelta(minutes=1)
            row, _secret = sign_in.start_session(live, at=at)
            enrolment = second_factor.enrolment(live)
            authenticator = Authenticator(enrolment.secret, self.clock)
            passed = second_factor.enrol(row, enrolment.seed, authenticator.code(at), at=at)
            return replace(authenticator, recovery_codes=passed.recovery_codes)

    def sign_in_path(self, account: Account) -> str:
        """A fresh sign-in link."""
        with self._work():
            return sign_in.link_for_operator(account.identity.email, at=self.clock())

    def erased(self, identity: Identity) -> None:
        """The person is erased; their public texts stay."""
        with self._work():
            live = db.session.get_one(Identity, identity.id)
            erasure.erase(live, TextsChoice.KEEP, actor_kind=ActorKind.SYSTEM, at=self.clock())

    def identity_of(self, name: str) -> int:
        """The number of the person whom colleagues know by this name."""
        return next(account.identity_id for account in self.all(Account) if account.name == name)

    def export_path(self, account: Account) -> str:
        """Where the copy of their data, just made, is fetched."""
        with self._work():
            asked = export.ask(db.session.get_one(Identity, account.identity_id), actor=None, language="fr", at=self.clock())
            db.session.flush()
            export.make_due(asked.id, self.clock())
        return self._last_path("/compte/mes-donnees/")

    def erasure_path(self, account: Account) -> str:
        """Where the erasure that they have just asked for is cancelled."""
        with self._work():
            identity = db.session.get_one(Identity, account.identity_id)
            erasure.ask(identity, TextsChoice.KEEP, actor=None, language="fr", at=self.clock())
        return self._last_path("/compte/effacement/")

    def _last_path(self, beginning: str) -> str:
        """The last address that begins so, of those that left by mail."""
        found = [word for mail in self.mails() for word in mail.text.split() if beginning in word]
        return found[-1].removeprefix(str(self.app.config["BASE_URL"]))

    def identity(self, email: str) -> Identity | None:
        with self.app.app_context():
            found = identities.find(email)
            db.session.expunge_all()
            return found

    def mails(self) -> list[OutgoingMail]:
        """The mails that are owed or left, oldest first."""
        return self.all(OutgoingMail)

    def private_path(self, contribution: Contribution) -> str:
        with self.app.app_context():
            token = current_app.extensions["signer"].sign("private", contribution.id)
        return addresses.private_page(token)

    def confirmation_path(self, contribution: Contribution) -> str:
        with self.app.app_context():
            token = current_app.extensions["signer"].sign("confirm", [contribution.id, contribution.identity_id])
        return addresses.confirmation(token)
