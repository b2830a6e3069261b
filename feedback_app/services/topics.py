"""Topics: the pages that something is about."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select

from feedback_app.database import db
from feedback_app.domain.barometer import EditionStatus
from feedback_app.models import Edition, EditionIndicator, Indicator, Topic, TopicKind


def find(key: str) -> Topic | None:
    """The topic that an address names with ``?sujet=``, or None: nobody knows it, or its page is gone with a withdrawn edition."""
    topic = db.session.scalar(select(Topic).where(Topic.key == key)) if key and len(key) <= 200 else None
    if topic is None or topic.kind is TopicKind.MEETING:
        return None  # nobody comments on a meeting
    if topic.kind is not TopicKind.INDICATOR:
        return topic
    return topic if db.session.scalar(select(Topic.id).where(Topic.id == topic.id, has_a_page())) else None


def has_a_page() -> ColumnElement[bool]:
    """The condition under which a topic has a page today: that of an indicator is gone when no published edition holds it."""
    held = (
        exists()
        .where(Indicator.topic_id == Topic.id, Edition.status == EditionStatus.PUBLISHED)
        .where(EditionIndicator.edition_id == Edition.id, Indicator.id == EditionIndicator.indicator_id)
    )
    return (Topic.kind != TopicKind.INDICATOR) | held
