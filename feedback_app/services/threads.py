"""What is public of what citizens wrote. Every page, feed or count that shows contributions asks here, nowhere else.

The rule: the contribution is published, its text is the current version's, and it is of a kind that a thread shows (a request has a
page of its own, and what is said inside a case is read there).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from feedback_app.database import db
from feedback_app.domain.contribution import THREAD_KINDS, ContributionStatus
from feedback_app.models import Contribution, Signature, TextVersion, Topic
from feedback_app.services import reply_desk, topics
from feedback_app.services.paging import Order, Page, Window, parse_moment, read_plain_page, write_moment

THREAD_SIZE = 100
_IN_A_THREAD = (Contribution.status == ContributionStatus.PUBLISHED, Contribution.kind.in_(THREAD_KINDS))


@dataclass(frozen=True)
class PublicText:
    """A published text as anybody may read it: no address, no identity. ``replies``: the official ones, in a thread only."""

    id: int
    signature: str | None
    erased: bool
    body: str
    language: str
    published_at: datetime
    version_number: int
    topic_key: str
    topic_title: str
    replies: tuple[reply_desk.PublicReply, ...] = ()


@cache
def _published() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Contribution.id,
            Signature.name.label("signature"),
            Contribution.identity_id.is_(None).label("erased"),
            TextVersion.body,
            Contribution.language,
            Contribution.published_at,
            TextVersion.number.label("version_number"),
            Topic.key.label("topic_key"),
            Topic.title.label("topic_title"),
        )
        .join(TextVersion, Contribution.current_version_id == TextVersion.id)
        .join(Topic, Contribution.topic_id == Topic.id)
        .outerjoin(Signature, Contribution.signature_id == Signature.id)
        .where(*_IN_A_THREAD)
    )


def _text(row: Row[*tuple[Any, ...]]) -> PublicText:
    return PublicText(**row._mapping)


def _plain_text(row: Any) -> PublicText:
    return PublicText(**row._asdict())


_OLDEST_FIRST = Order((Contribution.published_at, Contribution.id), parse_moment, lambda text: write_moment(text.published_at, text.id))


@cache
def _of_topic() -> Select[*tuple[Any, ...]]:
    return _published().where(Contribution.topic_id == bindparam("topic"))


def of_topic(topic_id: int, window: Window) -> Page[PublicText]:
    """The published texts of a topic, the oldest first, as a conversation reads, each with the official reply to it."""
    page = read_plain_page(_of_topic(), _OLDEST_FIRST, window, item=_plain_text, values={"topic": topic_id})
    replies = reply_desk.below([text.id for text in page.items])
    return replace(page, items=[replace(text, replies=tuple(replies.get(text.id, ()))) for text in page.items])


def latest(limit: int) -> Sequence[PublicText]:
    """The texts published last, on any topic that has a page (an indicator leaves with the only edition that held it)."""
    statement = _published().where(topics.has_a_page()).order_by(Contribution.published_at.desc(), Contribution.id.desc()).limit(limit)
    return [_text(row) for row in db.session.execute(statement)]


def number(topic_id: ColumnElement[Any]) -> ColumnElement[int]:
    """How many published texts a topic has, for a statement that counts other things too."""
    counted = select(func.count(Contribution.id)).where(*_IN_A_THREAD, Contribution.topic_id == topic_id)
    return counted.scalar_subquery().correlate(None).label("texts")


def counts(topic_ids: Iterable[int]) -> dict[int, int]:
    """How many published texts each topic has (topics without any are left out)."""
    statement = (
        select(Contribution.topic_id, func.count())
        .where(*_IN_A_THREAD, Contribution.topic_id.in_(list(topic_ids)))
        .group_by(Contribution.topic_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def count(topic_id: int) -> int:
    """How many published texts one topic has."""
    return counts([topic_id]).get(topic_id, 0)
