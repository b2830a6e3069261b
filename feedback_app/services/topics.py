"""Topics: the pages that something is about."""

from __future__ import annotations

from sqlalchemy import update

from feedback_app.database import db
from feedback_app.models import Topic


def touch(topic_id: int) -> None:
    """Say that what the topic's page shows has changed."""
    db.session.execute(update(Topic).where(Topic.id == topic_id).values(content_version=Topic.content_version + 1))
