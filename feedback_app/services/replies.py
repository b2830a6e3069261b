"""Official replies to comments: written by a contact, published by somebody else, signed by the ministry that the topic belongs to today.

A comment has one official reply at most. To correct it is to write again: the public wording stays until the new one is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.contribution import THREAD_KINDS, ContributionStatus
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.reply import REPLY_WORKFLOW, ReplyAction, ReplyNoteKind, ReplyStatus
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.domain.workflow import MoveRefused
from feedback_app.mail import messages, outbox
from feedback_app.models import Contribution, Ministry, OfficialReply, OfficialReplyNote, OfficialReplyVersion
from feedback_app.services import events, wordings
from feedback_app.services.cases import routing
from feedback_app.services.locking import lock
from feedback_app.services.signing import private_token

_VERBS = {action: EventVerb(f"reply:{action.value}") for action in ReplyAction}


@dataclass
class Commented:
    """A public comment as the desk of its ministry sees it. ``reply``: that ministry's, as far as it is; None: nothing was begun.

    ``elsewhere``: another ministry, to which the topic belonged before, has replied in public.
    """

    comment: Contribution
    ministry: Ministry | None
    reply: OfficialReply | None
    elsewhere: bool

    @property
    def ministry_id(self) -> int | None:
        """Who may reply: the ministry that the topic belongs to today."""
        return self.ministry.id if self.ministry else None

    @property
    def topic_id(self) -> int:
        """What the comment is about."""
        return self.comment.topic_id

    @property
    def territory(self) -> None:
        """A comment is about no territory."""

    @property
    def author_ids(self) -> frozenset[int | None]:
        """Who wrote some of what waits to be published."""
        return self.reply.author_ids if self.reply else frozenset()

    @property
    def latest(self) -> OfficialReplyVersion | None:
        """The wording that stands."""
        return self.reply.latest if self.reply else None

    @property
    def status(self) -> ReplyStatus:
        """Where the reply stands; one that nobody began is an empty draft."""
        return self.reply.status if self.reply else ReplyStatus.DRAFT

    def actions(self) -> list[ReplyAction]:
        """What can be done now, whoever does it."""
        if self.elsewhere:
            return []
        public = self.reply is not None and self.reply.published_number is not None
        return [action for action in REPLY_WORKFLOW.actions_from(self.status) if not (public and action is ReplyAction.DISMISS)]


def find(contribution_id: int) -> Commented | None:
    """A comment that anybody may read, with what its desk knows; None for any other text."""
    statement = (
        select(Contribution)
        .where(
            Contribution.id == contribution_id,
            Contribution.status == ContributionStatus.PUBLISHED,
            Contribution.kind.in_(THREAD_KINDS),
        )
        .options(joinedload(Contribution.topic), joinedload(Contribution.current_version), joinedload(Contribution.signature))
    )
    found = db.session.scalar(statement) if contribution_id < 2**63 else None
    return _commented(found) if found else None


def _commented(comment: Contribution) -> Commented:
    ministry = routing.responsible(comment.topic)
    statement = (
        select(OfficialReply)
        .where(OfficialReply.contribution_id == comment.id)
        .options(selectinload(OfficialReply.versions))
        .execution_options(populate_existing=True)  # a page may have read it before the comment was locked
    )
    replies = db.session.scalars(statement.order_by(OfficialReply.id)).all()
    own = next((reply for reply in replies if ministry and reply.ministry_id == ministry.id), None)
    return Commented(comment, ministry, own, any(reply.published_number for reply in replies if reply is not own))


def notes(reply: OfficialReply) -> Sequence[OfficialReplyNote]:
    """What colleagues said beside it, the oldest first."""
    statement = select(OfficialReplyNote).where(OfficialReplyNote.reply_id == reply.id)
    return db.session.scalars(statement.order_by(OfficialReplyNote.id)).all()


def write(comment: Contribution, source: str, *, actor: Actor, seen_wording: int, at: datetime) -> OfficialReply:
    """Save a draft. ``seen_wording``: the number of the wording that the editor showed (0: there was none).

    Raises ``Conflict`` with what somebody else wrote meanwhile, and ``MoveRefused`` where it is proposed already.
    """
    return _write(_open(comment, Permission.COMMENT_REPLY, actor), source, actor=actor, seen_wording=seen_wording, at=at)


def propose(comment: Contribution, source: str, *, actor: Actor, seen_wording: int, at: datetime) -> OfficialReply:
    """Save the wording and hand it to the validators of the ministry. Raises as ``write``; a double click changes nothing."""
    found = _open(comment, Permission.COMMENT_REPLY, actor)
    latest = found.latest
    again = latest is not None and wordings.same(latest, source) and latest.author_id == actor.identity_id
    if found.reply and again and found.status is ReplyStatus.PROPOSED:
        return found.reply
    reply = _write(found, source, actor=actor, seen_wording=seen_wording, at=at)
    _move(reply, ReplyAction.PROPOSE, actor=actor, at=at)
    reply.proposed_at = at
    return reply


def send_back(comment: Contribution, words: str, *, actor: Actor, seen_wording: int, at: datetime) -> None:
    """A validator wants it otherwise and says how (or its author takes the proposal back). The words are not public."""
    reply = _in_hand(comment, Permission.ANSWER_SEND_BACK, ReplyAction.SEND_BACK, actor=actor, seen_wording=seen_wording)
    _move(reply, ReplyAction.SEND_BACK, actor=actor, at=at)
    reply.proposed_at = None
    _note(reply, ReplyNoteKind.SEND_BACK, words, actor=actor, at=at)


def dismiss(comment: Contribution, reason: str, *, actor: Actor, seen_wording: int, at: datetime) -> None:
    """Say that no reply is needed, and why: for colleagues only. A reply may still be written later; a public one stays."""
    found = _open(comment, Permission.COMMENT_REPLY, actor)
    wordings.expect(found.latest, seen_wording)
    if ReplyAction.DISMISS not in found.actions():
        raise MoveRefused(found.status, ReplyAction.DISMISS)
    reply = found.reply or _begin(found, at=at)
    _move(reply, ReplyAction.DISMISS, actor=actor, at=at)
    _note(reply, ReplyNoteKind.NOT_NEEDED, reason, actor=actor, at=at)


def publish(comment: Contribution, *, actor: Actor, seen_wording: int, at: datetime) -> None:
    """Publish what was proposed: by a validator of the ministry who wrote no word of it. The author of the comment is told once.

    Raises ``NotAllowed``, ``Conflict`` when the wording is not the one that was read, ``MoveRefused``. A double click changes nothing.
    """
    lock(comment)
    reply = _commented(comment).reply
    if reply and reply.status is ReplyStatus.PUBLISHED and reply.published_by_id == actor.identity_id:
        return
    reply = _in_hand(comment, Permission.ANSWER_PUBLISH, ReplyAction.PUBLISH, actor=actor, seen_wording=seen_wording)
    _move(reply, ReplyAction.PUBLISH, actor=actor, at=at)
    first = reply.published_number is None
    reply.published_number = seen_wording
    reply.published_at, reply.published_by_id = reply.published_at or at, actor.identity_id
    if first:
        _tell(reply, at=at)


def _open(comment: Contribution, permission: Permission, actor: Actor) -> Commented:
    """The comment, held until the end of the transaction, for somebody who may do this to it."""
    lock(comment)
    found = _commented(comment)
    authorise(actor, permission, found)
    if comment.status is not ContributionStatus.PUBLISHED or comment.kind not in THREAD_KINDS:
        raise MoveRefused(comment.status, ReplyAction.WRITE)  # its author took it back meanwhile
    return found


def _in_hand(comment: Contribution, permission: Permission, action: ReplyAction, *, actor: Actor, seen_wording: int) -> OfficialReply:
    found = _open(comment, permission, actor)
    wordings.expect(found.latest, seen_wording)
    if found.reply is None or action not in found.actions():
        raise MoveRefused(found.status, action)
    return found.reply


def _write(found: Commented, source: str, *, actor: Actor, seen_wording: int, at: datetime) -> OfficialReply:
    if found.reply and wordings.same(found.latest, source) and found.status is not ReplyStatus.NOT_NEEDED:
        return found.reply  # nothing new, or the same form sent twice
    wordings.expect(found.latest, seen_wording)
    if ReplyAction.WRITE not in found.actions():
        raise MoveRefused(found.status, ReplyAction.WRITE)
    reply = found.reply or _begin(found, at=at)
    reply.versions.append(OfficialReplyVersion(**wordings.facts(reply.latest, source, actor=actor, at=at)))
    _move(reply, ReplyAction.WRITE, actor=actor, at=at)
    return reply


def _begin(found: Commented, *, at: datetime) -> OfficialReply:
    reply = OfficialReply(
        contribution=found.comment,
        contribution_id=found.comment.id,
        ministry=found.ministry,
        ministry_id=found.ministry_id,
        status=ReplyStatus.DRAFT,
        created_at=at,
        versions=[],
    )
    db.session.add(reply)
    return reply


def _move(reply: OfficialReply, action: ReplyAction, *, actor: Actor, at: datetime) -> None:
    before, reply.status = reply.status, REPLY_WORKFLOW.next(reply.status, action)
    db.session.flush()
    events.record(
        _VERBS[action],
        reply,
        at=at,
        actor_kind=ActorKind.STAFF,
        actor_id=actor.identity_id,
        before=before.value,
        after=reply.status.value,
    )


def _note(reply: OfficialReply, kind: ReplyNoteKind, words: str, *, actor: Actor, at: datetime) -> None:
    db.session.add(OfficialReplyNote(reply_id=reply.id, kind=kind, words=words, author_id=actor.identity_id, written_at=at))


def _tell(reply: OfficialReply, *, at: datetime) -> None:
    comment = reply.contribution
    if comment.identity is None or reply.public is None:
        return  # erased: nobody to tell
    message = messages.comment_answered(
        identity=comment.identity,
        language=comment.language,
        topic_title=comment.topic.title,
        ministry=reply.ministry.name,
        source=reply.public.source,
        topic_path=f"{addresses.topic(comment.topic.key)}#texte-{comment.id}",
        private_path=addresses.private_page(private_token(comment)),
        reply_id=reply.id,
    )
    outbox.queue(message, at=at)
