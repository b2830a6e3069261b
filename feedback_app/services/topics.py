"""Topics: the pages that something is about."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback_app.database import db
from feedback_app.domain.barometer import EditionStatus
from feedback_app.models import Edition, EditionIndicator, Indicator, Topic, TopicKind

GENERAL = "general"
GENERAL_TITLE = "Question générale"


def find(key: str) -> Topic | None:
    """The topic that an address names with ``?sujet=``, or None: nobody knows it, or its page is gone with a withdrawn edition."""
    topic = db.session.scalar(_of_key(), {"key": key}) if key and len(key) <= 200 else None
    if topic is None or topic.kind is TopicKind.MEETING:
        return None  # nobody comments on a meeting
    if topic.kind is not TopicKind.INDICATOR:
        return topic
    return topic if db.session.scalar(select(Topic.id).where(Topic.id == topic.id, has_a_page())) else None


@cache
def _of_key() -> Select[Topic]:
    return select(Topic).where(Topic.key == bindparam("key"))


def to_ask_about(key: str) -> Topic | None:
    """What a question may be about: any topic with a page, or none in particular (``general``, made by ``kept`` when it is first used)."""
    return find(key) or (Topic(key=GENERAL, kind=TopicKind.GENERAL, title=GENERAL_TITLE) if key == GENERAL else None)


def kept(topic: Topic) -> Topic:
    """The row of a topic that ``to_ask_about`` gave."""
    if topic in db.session:
        return topic
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    new = {"key": topic.key, "kind": topic.kind, "title": topic.title, "content_version": 0}
    db.session.execute(insert(Topic).values(new).on_conflict_do_nothing(index_elements=[Topic.key]))
    return db.session.execute(select(Topic).where(Topic.key == topic.key)).scalar_one()


def has_a_page() -> ColumnElement[bool]:
    """The condition under which a topic has a page today: that of an indicator is gone when no published edition holds it."""
    held = (
        exists()
        .where(Indicator.topic_id == Topic.id, Edition.status == EditionStatus.PUBLISHED)
        .where(EditionIndicator.edition_id == Edition.id, Indicator.id == EditionIndicator.indicator_id)
    )
    return (Topic.kind != TopicKind.INDICATOR) | held
