"""What moderators do with the texts that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.contribution import (
    CONTRIBUTION_WORKFLOW,
    TEXT_WORKFLOW,
    THREAD_KINDS,
    ContributionAction,
    ContributionKind,
    ContributionStatus,
    Ground,
    TextAction,
    TextStatus,
)
from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.domain.workflow import MoveRefused
from feedback_app.mail import meeting_messages, messages, outbox
from feedback_app.mail.message import Message
from feedback_app.models import Account, Contribution, Identity, Meeting, ModerationDecision, Signature, TextVersion, Topic
from feedback_app.services import contributions, events, meeting_moves, meetings, plain_rows, search
from feedback_app.services.cases import beginning
from feedback_app.services.locking import lock
from feedback_app.services.paging import Order, Page, Window, parse_moment, read_plain_page, write_moment
from feedback_app.services.signing import private_token

_VERBS = {
    TextAction.PUBLISH: EventVerb.TEXT_PUBLISH,
    TextAction.REJECT: EventVerb.TEXT_REJECT,
    TextAction.TAKE_OFF: EventVerb.TEXT_TAKE_OFF,
}
_WAITS = (TextVersion.status == TextStatus.PENDING, TextVersion.submitted_at.is_not(None))
_OLDEST = Order((TextVersion.submitted_at, TextVersion.id), parse_moment, lambda text: write_moment(text.submitted_at, text.id))
_MOVES = {TextAction.PUBLISH: ContributionAction.PUBLISH, TextAction.REJECT: ContributionAction.REJECT}


def decide(
    version: TextVersion, action: TextAction, *, moderator: Actor, ground: Ground | None = None, facts: str | None = None, at: datetime
) -> ModerationDecision:
    """Apply a moderator's decision to one version of a text, trace it and tell its author.

    A rejection needs a ground and facts (the form checks their length). Raises ``NotAllowed`` (own text among others) and
    ``Conflict`` when somebody decided, or the author changed or withdrew the text, meanwhile.
    """
    contribution = version.contribution
    lock(contribution)
    db.session.refresh(version)
    authorise(moderator, Permission.TEXT_MODERATE, version)
    earlier = decision_on(version)
    if earlier and earlier.moderator_id == moderator.identity_id and earlier.action is action:
        return earlier  # a double click: decided, traced and told already
    if version.status is not TextStatus.PENDING or version.submitted_at is None:
        raise Conflict(_what_happened(version))
    if action is TextAction.REJECT and (ground is None or not facts):
        raise ValueError("a rejection needs a ground and facts")
    before, version.status = version.status, TEXT_WORKFLOW.next(version.status, action)
    _advance_contribution(version, action, at=at)
    decision = ModerationDecision(
        version=version, moderator_id=moderator.identity_id, action=action, ground=ground, facts=facts, decided_at=at
    )
    db.session.add(decision)
    db.session.flush()
    _record(decision, before)
    told = beginning.accepted(contribution, at=at) if action is TextAction.PUBLISH else beginning.refused(decision)
    if action is TextAction.PUBLISH:
        search.refresh(contribution)
        meetings.accepted(contribution, at=at)
    if not told:
        _tell_author(decision)
    return decision


def proposal(contribution_id: int) -> Contribution | None:
    """The text by which a citizen proposed a meeting, once a moderator has read it; None for any other text."""
    found = db.session.get(Contribution, contribution_id) if contribution_id < 2**63 else None
    unread = {ContributionStatus.AWAITING_CONFIRMATION, ContributionStatus.PENDING}
    return found if found and found.kind is ContributionKind.MEETING and found.status not in unread else None


def take_off(contribution: Contribution, *, moderator: Actor, ground: Ground, facts: str, at: datetime) -> ModerationDecision:
    """Take a meeting that a citizen proposed off every page, file and calendar, and tell its author why. A double click changes nothing.

    Raises ``NotAllowed`` (own text among others), ``Conflict`` when a colleague or its author did so meanwhile, ``MoveRefused``.
    """
    lock(contribution)
    version = contribution.current_version
    authorise(moderator, Permission.TEXT_MODERATE, version)
    if version is None or contribution.kind is not ContributionKind.MEETING:
        raise MoveRefused(contribution.status, ContributionAction.TAKE_OFF)
    earlier = decision_on(version)
    if earlier and earlier.moderator_id == moderator.identity_id and earlier.action is TextAction.TAKE_OFF:
        return earlier
    if contribution.status in {ContributionStatus.REJECTED, ContributionStatus.WITHDRAWN}:
        raise Conflict(_what_happened(version))
    before, version.status = version.status, TEXT_WORKFLOW.next(version.status, TextAction.TAKE_OFF)
    contribution.status = CONTRIBUTION_WORKFLOW.next(contribution.status, ContributionAction.TAKE_OFF)
    decision = ModerationDecision(
        version=version, moderator_id=moderator.identity_id, action=TextAction.TAKE_OFF, ground=ground, facts=facts, decided_at=at
    )
    db.session.add(decision)
    db.session.flush()
    _record(decision, before)
    _tell_author(decision)  # before the meeting loses its title
    meeting_moves.taken_off(contribution, moderator_id=moderator.identity_id, at=at)
    return decision


def _record(decision: ModerationDecision, before: TextStatus) -> None:
    events.record(
        _VERBS[decision.action],
        decision.version,
        at=decision.decided_at,
        actor_kind=ActorKind.STAFF,
        actor_id=decision.moderator_id,
        before=before.value,
        after=decision.version.status.value,
        decision_id=decision.id,
    )


def _advance_contribution(version: TextVersion, action: TextAction, *, at: datetime) -> None:
    """A contribution that waited moves with its version; one that is public keeps its text unless this one replaces it."""
    contribution = version.contribution
    if contribution.status is ContributionStatus.PENDING:
        contribution.status = CONTRIBUTION_WORKFLOW.next(contribution.status, _MOVES[action])
    if action is TextAction.PUBLISH:
        contribution.current_version = version
        contribution.published_at = contribution.published_at or at


def _tell_author(decision: ModerationDecision) -> None:
    version = decision.version
    contribution = version.contribution
    if contribution.identity is None:
        return  # erased: nobody to tell
    if meeting := meetings.of_contribution(contribution):
        outbox.queue(_about_a_meeting(decision, contribution.identity, meeting), at=decision.decided_at)
        return
    common: dict[str, Any] = {
        "identity": contribution.identity,
        "language": contribution.language,
        "topic_title": contribution.topic.title,
        "body": version.body,
        "private_path": addresses.private_page(private_token(contribution)),
        "decision_id": decision.id,
    }
    if decision.action is TextAction.PUBLISH:
        # What is said about or inside a request is read on its own page, not in the thread of the topic.
        on_its_page = contribution.kind in THREAD_KINDS | {ContributionKind.ASSESSMENT}
        message = messages.text_published(
            **common, topic_path=addresses.topic(contribution.topic.key) if on_its_page else common["private_path"]
        )
    elif decision.ground and decision.facts:
        still_public = contribution.status is ContributionStatus.PUBLISHED
        message = messages.text_rejected(**common, ground=decision.ground, facts=decision.facts, still_public=still_public)
    else:
        raise LookupError("a rejection has a ground and facts")
    outbox.queue(message, at=decision.decided_at)


def _about_a_meeting(decision: ModerationDecision, identity: Identity, meeting: Meeting) -> Message:
    contribution = decision.version.contribution
    return meeting_messages.decided(
        identity=identity,
        language=contribution.language,
        title=meeting.latest.title,
        action=decision.action,
        ground=decision.ground,
        facts=decision.facts,
        meeting_path=addresses.meeting(meeting.id),
        private_path=addresses.private_page(private_token(contribution)),
        decision_id=decision.id,
    )


def withdrawn(version: TextVersion) -> bool:
    """Whether its author took the text back: from then on nobody else reads any wording of it, moderators included."""
    return version.contribution.status is ContributionStatus.WITHDRAWN


def _what_happened(version: TextVersion) -> OtherText:
    if withdrawn(version):
        return OtherText("", version.contribution.language, what=TextStatus.WITHDRAWN.value)
    decision = decision_on(version)
    if decision:
        by = moderator_name(decision)
        return OtherText(version.body, version.contribution.language, by=by, at=decision.decided_at, what=decision.action.value)
    latest = contributions.latest_version(version.contribution)
    return OtherText(latest.body, version.contribution.language, at=latest.created_at, what=version.status.value)


def decision_on(version: TextVersion) -> ModerationDecision | None:
    """The decision taken on a version, or None."""
    statement = select(ModerationDecision).where(ModerationDecision.version_id == version.id).order_by(ModerationDecision.id.desc())
    return db.session.scalar(statement.limit(1))


def moderator_name(decision: ModerationDecision) -> str | None:
    """How colleagues know the person who decided; None once erased."""
    return db.session.scalar(select(Account.name).where(Account.identity_id == decision.moderator_id))


def waiting_count() -> int:
    """How many texts wait for a moderator."""
    return int(plain_rows.one(_waiting_number()).number)


@cache
def _waiting_number() -> Select[int]:
    return select(func.count().label("number")).where(*_WAITS)


@dataclass(frozen=True)
class WaitingText:
    """One line of the moderation queue."""

    id: int
    topic_title: str
    signature: str | None
    body: str
    language: str
    kind: ContributionKind
    number: int
    submitted_at: datetime
    own: bool


def waiting_texts(moderator: Actor, window: Window) -> Page[WaitingText]:
    """The texts that wait, the oldest first. The moderator's own are listed too, marked: somebody else decides them."""
    return read_plain_page(_waiting_statement(), _OLDEST, window, item=_Waiting(moderator.identity_id), values={})


@dataclass(frozen=True)
class _Waiting:
    """Makes lines for one moderator."""

    moderator_id: int

    def __call__(self, row: Any) -> WaitingText:
        values: dict[str, Any] = row._asdict()
        author_id = values.pop("identity_id")
        return WaitingText(**values, own=author_id == self.moderator_id)


@cache
def _waiting_statement() -> Select[*tuple[Any, ...]]:
    return (
        select(
            TextVersion.id,
            Topic.title.label("topic_title"),
            Signature.name.label("signature"),
            TextVersion.body,
            Contribution.language,
            Contribution.kind,
            TextVersion.number,
            TextVersion.submitted_at,
            Contribution.identity_id,
        )
        .join(Contribution, TextVersion.contribution_id == Contribution.id)
        .join(Topic, Contribution.topic_id == Topic.id)
        .outerjoin(Signature, Contribution.signature_id == Signature.id)
        .where(*_WAITS)
    )


def reviewable(version_id: int) -> TextVersion | None:
    """A version that waits or has waited for a moderator; None for one whose author never confirmed it."""
    statement = (
        select(TextVersion)
        .where(TextVersion.id == version_id, TextVersion.submitted_at.is_not(None))
        .options(
            joinedload(TextVersion.contribution).joinedload(Contribution.topic),
            joinedload(TextVersion.contribution).joinedload(Contribution.signature),
            joinedload(TextVersion.contribution).joinedload(Contribution.current_version),
        )
    )
    return db.session.scalar(statement) if version_id < 2**63 else None


def public_text_before(version: TextVersion) -> TextVersion | None:
    """The wording that is public now and that this version would replace, if there is one."""
    contribution = version.contribution
    if contribution.status is not ContributionStatus.PUBLISHED or contribution.current_version_id == version.id:
        return None
    return contribution.current_version
