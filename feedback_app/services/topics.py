"""Topics: the pages that something is about."""

from __future__ import annotations

from sqlalchemy import select, update

from feedback_app.database import db
from feedback_app.domain.barometer import EditionStatus
from feedback_app.models import Edition, EditionIndicator, Indicator, Topic, TopicKind


def find(key: str) -> Topic | None:
    """The topic that an address names with ``?sujet=``, or None: nobody knows it, or its page is gone with a withdrawn edition."""
    topic = db.session.scalar(select(Topic).where(Topic.key == key)) if key and len(key) <= 200 else None
    return None if topic is None or (topic.kind is TopicKind.INDICATOR and not _is_published(topic)) else topic


def _is_published(topic: Topic) -> bool:
    statement = (
        select(Edition.id)
        .join(EditionIndicator, EditionIndicator.edition_id == Edition.id)
        .join(Indicator, Indicator.id == EditionIndicator.indicator_id)
        .where(Indicator.topic_id == topic.id, Edition.status == EditionStatus.PUBLISHED)
    )
    return db.session.scalar(statement.limit(1)) is not None


def touch(topic_id: int) -> None:
    """Say that what the topic's page shows has changed."""
    db.session.execute(update(Topic).where(Topic.id == topic_id).values(content_version=Topic.content_version + 1))
