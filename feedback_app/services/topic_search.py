"""Finding what a question is about: the commitments of all plans and the indicators of all barometers, by words of their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from feedback_app.database import db
from feedback_app.domain.barometer import EditionStatus
from feedback_app.domain.text import fold, like_pattern
from feedback_app.models import Barometer, Commitment, Edition, EditionIndicator, Indicator, Plan, Topic, TopicKind

EACH = 20


@dataclass(frozen=True)
class Found:
    """Something one can ask about. ``where``: its plan or its barometer; ``number``: of a commitment in its plan."""

    kind: TopicKind
    key: str
    title: str
    where: str
    number: int | None = None


def matching(words: str) -> Sequence[Found]:
    """The commitments, then the indicators, whose name has all these words: at most ``EACH`` of each. Two statements."""
    wanted = [f"%{like_pattern(word)}%" for word in fold(words).split()[:10]]
    return [*_commitments(wanted), *_indicators(wanted)] if wanted else []


def _commitments(wanted: Sequence[str]) -> Sequence[Found]:
    statement = (
        select(Topic.key, Commitment.title, Plan.title.label("where"), Commitment.number)
        .join(Topic, Commitment.topic_id == Topic.id)
        .join(Plan, Commitment.plan_id == Plan.id)
        .where(*(Commitment.title_folded.like(pattern, escape="\\") for pattern in wanted))
        .order_by(Plan.start.desc(), Plan.id.desc(), Commitment.number)
        .limit(EACH)
    )
    return [Found(TopicKind.COMMITMENT, row.key, row.title, row.where, row.number) for row in db.session.execute(statement)]


def _indicators(wanted: Sequence[str]) -> Sequence[Found]:
    statement = (
        select(Topic.key, EditionIndicator.name, Barometer.name.label("where"))
        .join(Indicator, EditionIndicator.indicator_id == Indicator.id)
        .join(Topic, Indicator.topic_id == Topic.id)
        .join(Edition, EditionIndicator.edition_id == Edition.id)
        .join(Barometer, Edition.barometer_id == Barometer.id)
        .where(_is_newest(), *(EditionIndicator.name_folded.like(pattern, escape="\\") for pattern in wanted))
        .order_by(Barometer.active.desc(), Barometer.id.desc(), EditionIndicator.name_folded, EditionIndicator.id)
        .limit(EACH)
    )
    return [Found(TopicKind.INDICATOR, row.key, row.name, row.where) for row in db.session.execute(statement)]


def _is_newest() -> ColumnElement[bool]:
    """The published edition of its barometer after which no other was published."""
    later = aliased(Edition)
    newer = exists().where(later.barometer_id == Edition.barometer_id, later.status == EditionStatus.PUBLISHED, later.date > Edition.date)
    return (Edition.status == EditionStatus.PUBLISHED) & ~newer
