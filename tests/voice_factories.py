"""Official replies to comments, and what organisations say: made by the services, as everything in ``factories``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedback_app.database import db
from feedback_app.domain.policy import MembershipKind
from feedback_app.domain.reply import ReplyStatus
from feedback_app.models import Account, Contribution, Ministry, OfficialReply, Topic
from feedback_app.services import replies, sign_in

REPLY = "Le ministère a **entendu** cette remarque et y répond."
REPLIED = ("Le ministère a", "entendu", "cette remarque et y répond.")  # the same, as a page shows it
REASON = "Ce commentaire ne pose aucune question au ministère."


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
            assert found is not None and found.reply is not None
            return make._done(found.reply, "versions", "contribution", "ministry")
