"""``make.request``, and the moves of its case: made by the services, as everything in ``factories``."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.case import CaseStatus, Outcome, RefusalGround, Verdict
from feedback_app.domain.contribution import ContributionKind, TextAction
from feedback_app.domain.policy import Actor, MembershipKind
from feedback_app.models import Account, Answer, CitizenRequest, Contribution, MeToo, Ministry, Topic
from feedback_app.services import contributions, identities, moderation, sign_in, topics
from feedback_app.services.cases import answers, closing, conversation, same_question, taking, transfers
from feedback_app.services.cases.beginning import Figure

BODY = "Pourquoi ce chiffre a-t-il baissé en 2023, alors que la cible montait ?"
ANSWER = "Le périmètre a **changé** en 2023 : voici les deux séries."
ANSWERED = ("Le périmètre a", "changé", "en 2023 : voici les deux séries.")  # the same, as a page shows it
QUESTION = "Quel territoire ?"
_S = CaseStatus
_PATHS: dict[CaseStatus, tuple[str, ...]] = {
    _S.RECEIVED: (),
    _S.OPEN: ("begin",),
    _S.ASSIGNED: ("begin", "take"),
    _S.WAITING: ("begin", "take", "ask"),
    _S.TRANSFER_OFFERED: ("begin", "offer"),
    _S.ARBITRATION: ("begin", "offer", "decline"),
    _S.ANSWERED: ("begin", "take", "answer"),
    _S.CLOSED: ("begin", "take", "answer", "rate"),
    _S.WITHDRAWN: ("begin", "withdraw"),
}
_numbers = count(1)


class MakeCases:
    """The part of ``Make`` that is about requests."""

    clock: Callable[[], Any]

    def team(self, ministry: Ministry) -> tuple[Account, Account]:
        """A contact and a validator of a ministry."""
        make: Any = self
        return make.person(ministry=ministry), make.person(ministry=ministry, kind=MembershipKind.VALIDATOR)

    def request(
        self,
        *,
        topic: Topic | None = None,
        kind: ContributionKind = ContributionKind.CLARIFICATION,
        status: CaseStatus = CaseStatus.OPEN,
        body: str = BODY,
        email: str | None = None,
        name: str | None = "Jeanne D.",
        figure: Figure | None = None,
        contact: Account | None = None,
        validator: Account | None = None,
        other: Ministry | None = None,
        private: bool = False,
        question: str = QUESTION,
        answer: str = ANSWER,
    ) -> CitizenRequest:
        """A request brought to ``status`` by the moves that lead there; ``contact`` and ``validator`` are made when needed.

        ``private``: a request for documents whose text waits for a moderator for ever.
        """
        make: Any = self
        topic = topic or make.commitment().topic
        steps, number = _PATHS[status][1:] if private else _PATHS[status], next(_numbers)
        ministry = make.one(Ministry, topic.ministry_id) if topic.ministry_id else None
        if contact is None and ministry and {"take", "offer"} & set(steps):
            contact = make.person(ministry=ministry)
        if validator is None and ministry and "answer" in steps:
            validator = make.person(ministry=ministry, kind=MembershipKind.VALIDATOR)
        moderator = make.moderator() if "begin" in steps else None
        if "offer" in steps:
            other = other or make.ministry()
        decliner = make.person(ministry=other) if "decline" in steps else None
        with make._work():
            new = contributions.NewText(body=body, email=email or f"demandeur{number}@exemple.test", public_name=name)
            sent = contributions.submit(
                db.session.get_one(Topic, topic.id), kind, new, form_key=f"request-{number}", language="fr", at=self.clock(), figure=figure
            )
            contributions.confirm(sent, at=self.clock())
            found = request_of(sent)
            people = {"moderator": moderator, "contact": contact, "validator": validator, "other": other, "decliner": decliner}
            people |= {"question": question, "answer": answer}
            for step in steps:
                self._step(step, found, people)
            return make._done(found, "contribution.current_version", "topic", "ministry", "offers")

    def general(self) -> Topic:
        """What a question is about that is about nothing in particular."""
        make: Any = self
        with make._work():
            return make._done(topics.kept(topics.to_ask_about(topics.GENERAL)))

    def accepted(self, request: CitizenRequest) -> None:
        """Its author confirms it and a moderator publishes it."""
        make: Any = self
        moderator = make.moderator()
        with make._work():
            live = self.live(request)
            contributions.confirm(live.contribution, at=self.clock())
            self._step("begin", live, {"moderator": moderator})

    def live(self, request: CitizenRequest) -> CitizenRequest:
        """The same request in the session at hand."""
        return db.session.get_one(CitizenRequest, request.id)

    def reply(self, request: CitizenRequest, body: str = "Le Rhône, en 2023.") -> Contribution:
        """The citizen replies to the question."""
        make: Any = self
        with make._work():
            sent = conversation.citizen_replies(
                self.live(request), body, form_key=f"reply-{next(_numbers)}", language="fr", at=self.clock()
            )
            return make._done(sent, "current_version", "topic", "identity", "signature")

    def me_too(self, request: CitizenRequest, email: str | None = None, *, confirm: bool = True) -> MeToo:
        """Somebody asks the same; counted unless it is said otherwise."""
        make: Any = self
        number = next(_numbers)
        with make._work():
            live, form_key = self.live(request), f"me-too-{number}"
            same_question.ask(live, email or f"aussi{number}@exemple.test", form_key=form_key, language="fr", at=self.clock())
            identity = identities.find(email or f"aussi{number}@exemple.test")
            found = db.session.query(MeToo).filter_by(request_id=live.id, identity_id=identity.id if identity else 0).one()
            if confirm:
                same_question.confirm(found, at=self.clock())
            return make._done(found, "identity", "request")

    def me_too_path(self, me_too: MeToo) -> str:
        """Where it is confirmed and taken back."""
        make: Any = self
        with make._work():
            return addresses.me_too(same_question.token_of(db.session.get_one(MeToo, me_too.id)))

    def sufficed(self, request: CitizenRequest) -> None:
        """The answer to it was enough for somebody who was about to ask."""
        make: Any = self
        with make._work():
            same_question.suffice(self.live(request), form_key=f"enough-{next(_numbers)}", at=self.clock())

    def draft(
        self,
        request: CitizenRequest,
        source: str = ANSWER,
        *,
        outcome: Outcome = Outcome.FULL,
        ground: RefusalGround | None = None,
        contact: Account | None = None,
        propose: bool = False,
    ) -> Answer:
        """An answer in hand: a draft, or proposed."""
        make: Any = self
        contact = contact or make.person(ministry=make.one(Ministry, request.ministry_id))
        write = answers.propose if propose else answers.write
        with make._work():
            wording = answers.Wording(source, outcome, ground)
            answer = write(self.live(request), wording, actor=sign_in.actor_of(contact), seen_wording=0, at=self.clock())
            return make._done(answer, "versions", "request")

    def _step(self, step: str, request: CitizenRequest, people: dict[str, Any]) -> None:
        at, seen = self.clock(), request.version
        by: dict[str, Actor] = {name: sign_in.actor_of(person) for name, person in people.items() if isinstance(person, Account)}
        match step:
            case "begin":
                moderation.decide(request.contribution.current_version, TextAction.PUBLISH, moderator=by["moderator"], at=at)
            case "take":
                taking.take(request, actor=by["contact"], seen_version=seen, at=at)
            case "ask":
                conversation.ask_citizen(request, people["question"], actor=by["contact"], seen_version=seen, at=at)
            case "offer":
                target = db.session.get_one(Ministry, people["other"].id)
                transfers.offer(request, target, reason="C’est à eux.", actor=by["contact"], seen_version=seen, at=at)
            case "decline":
                transfers.decline(request, reason="C’est à vous.", actor=by["decliner"], seen_version=seen, at=at)
            case "answer":
                wording = answers.Wording(people["answer"], Outcome.FULL)
                answer = answers.propose(request, wording, actor=by["contact"], seen_wording=0, at=at)
                answers.publish(answer, actor=by["validator"], seen_wording=1, at=at)
            case "rate":
                closing.rate(request, Verdict.PARTLY, reason="Il manque 2022.", at=at)
            case "withdraw":
                contributions.withdraw(request.contribution, at=at)


def request_of(contribution: Contribution) -> CitizenRequest:
    return db.session.query(CitizenRequest).filter_by(contribution_id=contribution.id).one()
