"""Comments and their official replies in lists: a ministry's desk, what the public reads below comments, each ministry's share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, literal, select
from sqlalchemy.orm import aliased

from feedback_app.database import db
from feedback_app.domain.contribution import THREAD_KINDS, ContributionKind, ContributionStatus
from feedback_app.domain.policy import MEMBERS, Actor
from feedback_app.domain.reply import ReplyStatus
from feedback_app.models import Contribution, Ministry, OfficialReply, OfficialReplyVersion, Signature, TextVersion, Topic
from feedback_app.services import scopes
from feedback_app.services.cases import routing
from feedback_app.services.cases.tabs import COUNT_CAP
from feedback_app.services.paging import Order, Page, Window, parse_moment, read_page, write_moment


class ReplyTab(StrEnum):
    """The tabs of the comments of a desk, in their order."""

    AWAITING = "awaiting"
    TO_VALIDATE = "to_validate"
    REPLIED = "replied"
    NOT_NEEDED = "not_needed"


_R = OfficialReply
_COMMENT = (Contribution.status == ContributionStatus.PUBLISHED, Contribution.kind.in_(THREAD_KINDS))
_ANY = aliased(OfficialReply)  # beside the one that a list joins
_REPLIED = exists().where(_ANY.contribution_id == Contribution.id, _ANY.published_number.is_not(None))


@dataclass(frozen=True)
class CommentLine:
    """One comment of the desk. ``reply``: where the reply stands; None: nobody began one."""

    id: int
    topic_title: str
    signature: str | None
    body: str
    language: str
    kind: ContributionKind
    published_at: datetime
    reply: ReplyStatus | None


def in_tab(tab: ReplyTab, ministry_id: int, own: Collection[int], actor: Actor) -> ColumnElement[bool]:
    """What belongs into a tab of this ministry, for this person. ``own``: it, and the ministries whose duties it took over.

    The twin of ``comment:reply``: all tabs together hold what the person may reply to, and no more.
    """
    reached = scopes.within(actor, MEMBERS, ministry=literal(ministry_id), topic=Topic.id)
    of_it = exists().where(_ANY.contribution_id == Contribution.id, _ANY.ministry_id == ministry_id)
    proposed, dismissed = of_it.where(_ANY.status == ReplyStatus.PROPOSED), of_it.where(_ANY.status == ReplyStatus.NOT_NEEDED)
    where: dict[ReplyTab, ColumnElement[bool]] = {
        ReplyTab.AWAITING: and_(~_REPLIED, ~proposed, ~dismissed),
        ReplyTab.TO_VALIDATE: proposed,
        ReplyTab.REPLIED: and_(_REPLIED, ~proposed),
        ReplyTab.NOT_NEEDED: and_(dismissed, ~_REPLIED),
    }
    return and_(*_COMMENT, Topic.ministry_id.in_(sorted(own)), reached, where[tab])


def counts(ministry_id: int, actor: Actor) -> dict[ReplyTab, int]:
    """How many comments each tab holds, at most ``COUNT_CAP``: two statements."""
    own = routing.with_predecessors(ministry_id)

    def number(tab: ReplyTab) -> ColumnElement[int]:
        found = select(Contribution.id).join(Topic, Contribution.topic_id == Topic.id).where(in_tab(tab, ministry_id, own, actor))
        return select(func.count()).select_from(found.limit(COUNT_CAP).subquery()).scalar_subquery().label(tab.value)

    row = db.session.execute(select(*(number(tab) for tab in ReplyTab))).one()
    return {tab: found or 0 for tab, found in zip(ReplyTab, row, strict=True)}


def tab(tab: ReplyTab, ministry_id: int, actor: Actor, window: Window) -> Page[CommentLine]:
    """One page of a tab: what waits, the oldest first; what is done, the latest first. Two statements."""
    done = tab in {ReplyTab.REPLIED, ReplyTab.NOT_NEEDED}
    order = Order(
        (Contribution.published_at, Contribution.id), parse_moment, lambda line: write_moment(line.published_at, line.id), descending=done
    )
    statement = _lines(ministry_id).where(in_tab(tab, ministry_id, routing.with_predecessors(ministry_id), actor))
    return read_page(statement, order, window, item=lambda row: CommentLine(**row._mapping))


def _lines(ministry_id: int) -> Select[*tuple[Any, ...]]:
    own_reply = and_(_R.contribution_id == Contribution.id, _R.ministry_id == ministry_id)
    return (
        select(
            Contribution.id,
            Topic.title.label("topic_title"),
            Signature.name.label("signature"),
            TextVersion.body,
            Contribution.language,
            Contribution.kind,
            Contribution.published_at,
            _R.status.label("reply"),
        )
        .join(Topic, Contribution.topic_id == Topic.id)
        .join(TextVersion, Contribution.current_version_id == TextVersion.id)
        .outerjoin(Signature, Contribution.signature_id == Signature.id)
        .outerjoin(_R, own_reply)
    )


@dataclass(frozen=True)
class PublicReply:
    """An official reply as anybody may read it. ``corrected``: its wording changed since it was first published."""

    id: int
    contribution_id: int
    ministry: str
    html: str
    published_at: datetime
    corrected: bool


def below(contribution_ids: Collection[int]) -> Mapping[int, Sequence[PublicReply]]:
    """The public replies to these comments, which the caller has found to be public themselves. One statement, or none."""
    if not contribution_ids:
        return {}
    found: dict[int, list[PublicReply]] = {}
    for row in db.session.execute(_below(), {"comments": list(contribution_ids)}):
        found.setdefault(row.contribution_id, []).append(PublicReply(**row._mapping))
    return found


@cache
def _below() -> Select[*tuple[Any, ...]]:
    version = OfficialReplyVersion
    corrected = (version.written_at > _R.published_at).label("corrected")
    return (
        select(_R.id, _R.contribution_id, Ministry.name.label("ministry"), version.html, _R.published_at, corrected)
        .join(version, and_(version.reply_id == _R.id, version.number == _R.published_number))
        .join(Ministry, _R.ministry_id == Ministry.id)
        .where(_R.contribution_id.in_(bindparam("comments", expanding=True)))
        .order_by(_R.published_at, _R.id)
    )


@dataclass(frozen=True)
class Share:
    """How many public comments a ministry has, and to how many it replied in public. ``ministry`` None: on topics of no ministry."""

    ministry: str | None
    slug: str | None
    comments: int
    replied: int


def shares() -> list[Share]:
    """Each ministry's, by name (a successor has what its predecessors had); what has no ministry comes last. Two statements."""
    numbers = (
        select(Topic.ministry_id, func.count().label("comments"), func.sum(case((_REPLIED, 1), else_=0)).label("replied"))
        .select_from(Contribution)
        .join(Topic, Contribution.topic_id == Topic.id)
        .where(*_COMMENT)
        .group_by(Topic.ministry_id)
    )
    counted = db.session.execute(numbers).all()
    ministries = {ministry.id: ministry for ministry in db.session.scalars(select(Ministry))}
    totals: dict[int | None, list[int]] = {}
    for row in counted:
        ministry = ministries.get(row.ministry_id)
        total = totals.setdefault(routing.current(ministry).id if ministry else None, [0, 0])
        total[0] += row.comments
        total[1] += row.replied
    lines = [
        Share(ministries[key].name if key else None, ministries[key].slug if key else None, comments, replied)
        for key, (comments, replied) in totals.items()
    ]
    return sorted(lines, key=lambda line: (line.ministry is None, line.ministry or ""))
