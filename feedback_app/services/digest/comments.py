"""The comments of the daily mail: those without an official reply, and replies to validate or to take up again. No word of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from feedback_app.database import db
from feedback_app.domain.calendar import beginning_of, day_of, previous_working_day
from feedback_app.domain.policy import VALIDATORS, Actor
from feedback_app.domain.reply import ReplyNoteKind, ReplyStatus
from feedback_app.mail.labels import Errand
from feedback_app.mail.staff_messages import LINES, CommentLine, DigestPart
from feedback_app.models import Contribution, OfficialReply, OfficialReplyNote, OfficialReplyVersion, Topic
from feedback_app.services import scopes
from feedback_app.services.digest.commitments import Own
from feedback_app.services.reply_desk import ReplyTab, in_tab

_R, _V = OfficialReply, OfficialReplyVersion


def parts(actor: Actor, own: Own, *, at: datetime) -> Iterator[DigestPart]:
    """``own``: for each ministry of the person, those whose duties are its own. A statement for the numbers, one for a heading's lines."""
    rules = _rules(actor, own)
    new = Contribution.published_at >= beginning_of(previous_working_day(day_of(at)))
    numbers = [_number(rule).label(errand) for errand, rule in rules.items()]
    row = db.session.execute(select(*numbers, _number(and_(rules[Errand.COMMENTS_AWAITING], new)).label("new"))).one()._mapping
    for errand, rule in rules.items():
        if row[errand]:
            yield DigestPart(errand, row[errand], _lines(rule), new=errand is not Errand.COMMENTS_AWAITING or row["new"] > 0)


def _rules(actor: Actor, own: Own) -> dict[Errand, ColumnElement[bool]]:
    sent_back = Contribution.id.in_(_sent_back_to(actor, own))
    validated = scopes.within(actor, VALIDATORS, ministry=_R.ministry_id, topic=Contribution.topic_id)
    open_to_them = exists().where(_R.contribution_id == Contribution.id, _R.status == ReplyStatus.PROPOSED, validated, ~_wrote(actor))
    return {
        Errand.REPLIES_TO_VALIDATE: and_(_any_of(ReplyTab.TO_VALIDATE, actor, own), open_to_them),
        Errand.REPLIES_SENT_BACK: and_(_any_of(ReplyTab.AWAITING, actor, own, ReplyTab.REPLIED), sent_back),
        Errand.COMMENTS_AWAITING: and_(_any_of(ReplyTab.AWAITING, actor, own), ~sent_back),
    }


def _any_of(tab: ReplyTab, actor: Actor, own: Own, *others: ReplyTab) -> ColumnElement[bool]:
    return or_(false(), *(in_tab(one, ministry_id, duties, actor) for one in (tab, *others) for ministry_id, duties in sorted(own.items())))


def _wrote(actor: Actor) -> ColumnElement[bool]:
    """Whether they wrote some of what is not public yet."""
    return exists().where(_V.reply_id == _R.id, _V.author_id == actor.identity_id, _V.number > func.coalesce(_R.published_number, 0))


def _sent_back_to(actor: Actor, own: Own) -> Any:
    """The comments to which this person wrote a reply that a validator sent back since."""
    latest = select(func.max(_V.written_at)).where(_V.reply_id == _R.id).scalar_subquery()
    note = OfficialReplyNote
    sent_back = exists().where(note.reply_id == _R.id, note.kind == ReplyNoteKind.SEND_BACK, note.written_at >= latest)
    draft = (_R.status == ReplyStatus.DRAFT, _R.ministry_id.in_(sorted(own)))
    return select(_R.contribution_id).where(*draft, _wrote(actor), sent_back)


def _number(rule: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(Contribution).join(Topic, Contribution.topic_id == Topic.id).where(rule).scalar_subquery()


def _lines(rule: ColumnElement[bool]) -> list[CommentLine]:
    """The first of them, the oldest first."""
    first = select(Contribution.id, Topic.title, Contribution.published_at).join(Topic, Contribution.topic_id == Topic.id).where(rule)
    rows = db.session.execute(first.order_by(Contribution.published_at, Contribution.id).limit(LINES))
    return [CommentLine(row.id, row.title, day_of(row.published_at)) for row in rows]
