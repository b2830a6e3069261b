"""One request of the demo from end to end: each act by the service that does it for real, in the name of whoever has the case then."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.demo.prose import Asked, official
from feedback_app.domain.case import DONE, Outcome, Verdict
from feedback_app.domain.contribution import ContributionKind, Ground, TextAction, TextStatus
from feedback_app.domain.policy import Actor, MembershipKind
from feedback_app.models import CaseContribution, CitizenRequest, Contribution, Identity, MeToo, Ministry, TextVersion
from feedback_app.services import contributions, moderation, topics
from feedback_app.services.cases import answers, beginning, closing, conversation, extending, routing, same_question, taking, transfers
from feedback_app.services.cases.answers import Wording

LANGUAGE = "fr"


@dataclass(frozen=True)
class Cast:
    """Who acts: people of the demo by their key, and the staff of each ministry by its slug and right."""

    people: dict[str, Actor]
    staff: dict[tuple[str, MembershipKind], list[Actor]] = field(default_factory=dict)

    def contact(self, ministry: Ministry, which: int = 0) -> Actor:
        found = self.staff[ministry.slug, MembershipKind.CONTACT]
        return found[which % len(found)]

    def validator(self, ministry: Ministry) -> Actor:
        return self.staff[ministry.slug, MembershipKind.VALIDATOR][0]


@dataclass(frozen=True)
class Author:
    """A citizen of the demo. Without a ``name`` they do not sign."""

    email: str
    name: str | None


@dataclass
class Dossier:
    """A request and what can happen to it. Texts are ready to be shown; ``key`` names it for ever."""

    key: str
    topic_key: str
    asked: Asked
    text: str
    answer: str
    author: Author
    cast: Cast
    territory: str | None = None
    day: date | None = None
    contact: int = 0
    request_id: int = 0

    @property
    def request(self) -> CitizenRequest:
        return db.session.get_one(CitizenRequest, self.request_id)

    @property
    def _contribution(self) -> Contribution:
        return self.request.contribution

    @property
    def _ministry(self) -> Ministry:
        return db.session.get_one(Ministry, self.request.ministry_id)

    def _contact(self) -> Actor:
        """Whoever has the case, else a contact of the ministry that has it."""
        found, ministry = self.request, self._ministry
        people = self.cast.staff[ministry.slug, MembershipKind.CONTACT]
        holder = next((actor for actor in people if actor.identity_id == found.assignee_id), None)
        return holder or self.cast.contact(ministry, self.contact)

    # The citizen
    def submit(self, at: datetime) -> None:
        topic = topics.find(self.topic_key)
        if topic is None:
            raise LookupError(self.topic_key)
        new = contributions.NewText(self.text, self.author.email, self.author.name)
        figure = beginning.Figure(self.territory, self.day)
        sent = contributions.submit(topic, self.asked.kind, new, form_key=self.key, language=LANGUAGE, at=at, figure=figure)
        request = beginning.request_of(sent)
        if request is None:
            raise LookupError(self.key)
        self.request_id = request.id

    def confirm(self, at: datetime) -> None:
        contributions.confirm(self._contribution, at=at)

    def reply(self, text: str, at: datetime) -> None:
        conversation.citizen_replies(self.request, text, form_key=f"{self.key}-reply", language=LANGUAGE, at=at)

    def reopen(self, text: str, at: datetime) -> None:
        closing.reopen(self.request, text, form_key=f"{self.key}-again", language=LANGUAGE, at=at)

    def rate(self, verdict: Verdict, reason: str | None, at: datetime) -> None:
        closing.rate(self.request, verdict, reason=reason, at=at)

    def support(self, other: Author, at: datetime) -> None:
        """Somebody else asks the same: they follow the link of the mail at once."""
        request = self.request
        same_question.ask(request, other.email, form_key=f"{self.key}-{other.email}", language=LANGUAGE, at=at)
        found = select(MeToo).join(Identity, MeToo.identity_id == Identity.id)
        mine = found.where(MeToo.request_id == request.id, Identity.email == other.email)
        same_question.confirm(db.session.execute(mine).scalar_one(), at=at)

    def withdraw(self, at: datetime) -> None:
        contributions.withdraw(self._contribution, at=at)

    # The moderators
    def accept_text(self, moderator: str, at: datetime) -> None:
        self._decide(contributions.latest_version(self._contribution), moderator, at)

    def refuse_text(self, moderator: str, ground: Ground, facts: str, at: datetime) -> None:
        version = contributions.latest_version(self._contribution)
        moderation.decide(version, TextAction.REJECT, moderator=self.cast.people[moderator], ground=ground, facts=facts, at=at)

    def accept_said(self, moderator: str, at: datetime) -> None:
        """What the citizen said in the case since, and nobody has read yet."""
        waiting = (
            select(TextVersion)
            .join(CaseContribution, CaseContribution.contribution_id == TextVersion.contribution_id)
            .where(CaseContribution.request_id == self.request_id, TextVersion.status == TextStatus.PENDING)
        )
        for version in db.session.scalars(waiting).all():
            self._decide(version, moderator, at)

    def _decide(self, version: TextVersion, moderator: str, at: datetime) -> None:
        moderation.decide(version, TextAction.PUBLISH, moderator=self.cast.people[moderator], at=at)

    # The ministry
    def take(self, at: datetime) -> None:
        request = self.request
        actor = self.cast.contact(self._ministry, self.contact)
        taking.take(request, actor=actor, seen_version=request.version, at=at)

    def release(self, at: datetime) -> None:
        request = self.request
        taking.release(request, actor=self._contact(), seen_version=request.version, at=at)

    def hand_over(self, words: str, at: datetime) -> None:
        request = self.request
        other = self.cast.contact(self._ministry, self.contact + 1)
        taking.hand_over(request, other.identity_id, words=words, actor=self._contact(), seen_version=request.version, at=at)

    def note(self, words: str, at: datetime) -> None:
        conversation.note(self.request, words, actor=self._contact(), at=at)

    def ask(self, question: str, at: datetime) -> None:
        request = self.request
        conversation.ask_citizen(request, question, actor=self._contact(), seen_version=request.version, at=at)

    def take_back(self, at: datetime) -> None:
        request = self.request
        conversation.take_back(request, actor=self._contact(), seen_version=request.version, at=at)

    def extend(self, reason: str, at: datetime) -> None:
        request = self.request
        extending.extend(request, reason, actor=self._contact(), seen_version=request.version, at=at)

    def offer(self, slug: str, reason: str, at: datetime) -> None:
        request, actor = self.request, self._contact()
        transfers.offer(request, _ministry(slug), reason=reason, actor=actor, seen_version=request.version, at=at)

    def _offered_to(self) -> Actor:
        return self.cast.contact(db.session.get_one(Ministry, self.request.offered_to_id))

    def accept_offer(self, at: datetime) -> None:
        request, actor = self.request, self._offered_to()
        transfers.accept(request, actor=actor, seen_version=request.version, at=at)

    def decline_offer(self, reason: str, at: datetime) -> None:
        request, actor = self.request, self._offered_to()
        transfers.decline(request, reason=reason, actor=actor, seen_version=request.version, at=at)

    def cancel_offer(self, at: datetime) -> None:
        request, actor = self.request, self._contact()
        transfers.cancel(request, actor=actor, seen_version=request.version, at=at)

    def route(self, slug: str, reason: str, at: datetime) -> None:
        request, actor = self.request, self.cast.people["coordination"]
        routing.route(request, _ministry(slug), reason=reason, actor=actor, seen_version=request.version, at=at)

    # The answer
    def write(self, at: datetime, text: str | None = None) -> None:
        answers.write(self.request, self._wording(text or self.answer), actor=self._contact(), seen_wording=self._wordings(), at=at)

    def propose(self, at: datetime, text: str | None = None, *, again: bool = False) -> None:
        wording = Wording(official(text), Outcome.FULL) if text and again else self._wording(text or self.answer)
        answers.propose(self.request, wording, actor=self._contact(), seen_wording=self._wordings(), at=at)

    def correct(self, text: str, at: datetime) -> None:
        """Propose an answer that takes the place of the published one."""
        request = self.request
        former = closing.to_rate(request)
        answers.propose(request, self._wording(text), corrects=former, actor=self._contact(), seen_wording=self._wordings(), at=at)

    def send_back(self, words: str, at: datetime) -> None:
        answer = answers.in_hand(self.request)
        if answer is None:
            raise LookupError(self.key)
        answers.send_back(answer, words, actor=self.cast.validator(self._ministry), seen_wording=answer.latest.number, at=at)

    def publish(self, at: datetime) -> None:
        answer = answers.in_hand(self.request)
        if answer is None:
            raise LookupError(self.key)
        answers.publish(answer, actor=self.cast.validator(self._ministry), seen_wording=answer.latest.number, at=at)

    def _wordings(self) -> int:
        answer = answers.in_hand(self.request)
        return answer.latest.number if answer else 0

    def _wording(self, text: str) -> Wording:
        asked = self.asked
        twin = self._twin() if asked.outcome is Outcome.DUPLICATE else None
        return Wording(official(text), asked.outcome, asked.ground, twin)

    def _twin(self) -> int:
        """A request on the same topic that was answered before, of the same kind."""
        same = (CitizenRequest.topic_id == self.request.topic_id, CitizenRequest.kind == ContributionKind.CLARIFICATION)
        answered = select(CitizenRequest.id).where(*same, CitizenRequest.status.in_(DONE), CitizenRequest.id != self.request_id)
        return db.session.execute(answered.order_by(CitizenRequest.id).limit(1)).scalar_one()


def _ministry(slug: str) -> Ministry:
    return db.session.execute(select(Ministry).where(Ministry.slug == slug)).scalar_one()
