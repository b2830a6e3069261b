"""What anybody may read of meetings and productions, and the lists of those who prepare them.

Every page, file and calendar asks ``PUBLIC``: a meeting is public while it is published and, when a citizen proposed it, their text is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from feedback_app.database import db
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.meeting import MeetingStatus
from feedback_app.domain.policy import MEMBERS, Actor, Role
from feedback_app.models import Barometer, Contribution, Meeting, MeetingFile, MeetingLink, MeetingVersion, Reform, Topic, TopicKind
from feedback_app.services import scopes
from feedback_app.services.paging import Order, Page, Window, parse_moment, read_page, write_moment

IN_CALENDAR = 500  # a program that subscribes reads all of them every time
_SENT = exists().where(Contribution.id == Meeting.contribution_id, Contribution.status == ContributionStatus.PUBLISHED)
PUBLIC = (
    Meeting.status == MeetingStatus.PUBLISHED,
    Meeting.published_number.is_not(None),
    or_(Meeting.contribution_id.is_(None), _SENT),
)


class UnknownSubject(Exception):
    """A meeting was to be linked to what is neither a commitment nor a reform."""

    def __init__(self, words: Collection[str]) -> None:
        super().__init__(f"unknown: {', '.join(words)}")
        self.words = sorted(words)


def _shown() -> Select[MeetingVersion]:
    """The public wordings, each with its meeting."""
    return (
        select(MeetingVersion)
        .join(Meeting, and_(MeetingVersion.meeting_id == Meeting.id, MeetingVersion.number == Meeting.published_number))
        .where(*PUBLIC)
        .options(contains_eager(MeetingVersion.meeting).joinedload(Meeting.ministry))
    )


def _order(*, descending: bool) -> Order:
    return Order(
        (Meeting.starts_at, Meeting.id),
        parse_moment,
        lambda version: write_moment(version.starts_at, version.meeting_id),
        descending=descending,
    )


def upcoming(window: Window, *, at: datetime) -> Page[MeetingVersion]:
    """What has not begun, the nearest first."""
    return read_page(_shown().where(Meeting.starts_at >= at), _order(descending=False), window, item=lambda row: row[0])


def past(window: Window, *, at: datetime) -> Page[MeetingVersion]:
    """What has begun or is over, the latest first."""
    return read_page(_shown().where(Meeting.starts_at < at), _order(descending=True), window, item=lambda row: row[0])


def proposed(window: Window) -> Page[MeetingVersion]:
    """What citizens proposed and everybody reads, the latest first: for moderators."""
    theirs = _shown().where(Meeting.contribution_id.is_not(None))
    sent = contains_eager(MeetingVersion.meeting).joinedload(Meeting.contribution)
    return read_page(theirs.options(sent), _order(descending=True), window, item=lambda row: row[0])


def one(meeting_id: int) -> MeetingVersion | None:
    """The public wording of a meeting, with what it is linked to; None where nobody may read it."""
    if meeting_id >= 2**63:
        return None
    links = selectinload(MeetingVersion.links)
    statement = _shown().where(Meeting.id == meeting_id)
    return db.session.scalar(
        statement.options(links.joinedload(MeetingLink.topic), links.joinedload(MeetingLink.reform).joinedload(Reform.barometer))
    )


def file(meeting_id: int) -> MeetingFile | None:
    """The minutes that anybody may download."""
    if meeting_id >= 2**63:
        return None
    public = _shown().where(Meeting.id == meeting_id).with_only_columns(MeetingVersion.file_id)
    return db.session.scalar(select(MeetingFile).where(MeetingFile.id.in_(public.scalar_subquery())))


def of_topic(topic_id: int, limit: int = 20) -> Sequence[MeetingVersion]:
    """What was held about a commitment, the latest first."""
    return db.session.scalars(_of_topic(limit), {"topic": topic_id}).all()


@cache
def _of_topic(limit: int) -> Select[MeetingVersion]:
    linked = exists().where(MeetingLink.version_id == MeetingVersion.id, MeetingLink.topic_id == bindparam("topic"))
    return _shown().where(linked).order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(limit)


def for_calendar() -> Sequence[MeetingVersion]:
    """What a calendar holds: the latest ``IN_CALENDAR``, upcoming ones among them."""
    return db.session.scalars(_shown().order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(IN_CALENDAR)).all()


def prepared(actor: Actor, window: Window) -> Page[Meeting]:
    """What this person may write or publish, the latest written first: the twin of ``meeting:write``."""
    newest = aliased(MeetingVersion)
    latest = ~exists().where(newest.meeting_id == Meeting.id, newest.number > MeetingVersion.number)
    statement = (
        select(Meeting)
        .join(MeetingVersion, and_(MeetingVersion.meeting_id == Meeting.id, latest))
        .where(mine(actor))
        .options(selectinload(Meeting.versions), joinedload(Meeting.ministry))
    )
    order = Order(
        (MeetingVersion.written_at, Meeting.id),
        parse_moment,
        lambda meeting: write_moment(meeting.latest.written_at, meeting.id),
        descending=True,
    )
    return read_page(statement, order, window, item=lambda row: row[0])


def mine(actor: Actor) -> ColumnElement[bool]:
    """The meetings that the person may write: of their ministries, or of the site itself."""
    of_ministries = scopes.within(actor, MEMBERS, ministry=Meeting.ministry_id, topic=Meeting.topic_id)
    if actor.roles & {Role.COORDINATOR, Role.ADMINISTRATOR}:
        return or_(of_ministries, and_(Meeting.ministry_id.is_(None), Meeting.contribution_id.is_(None)))
    return of_ministries


_COMMITMENT = re.compile(r"(?:.*/)?engagements/(?P<plan>[a-z0-9-]+)/(?P<number>[0-9]{1,9})/?|(?P<key>engagement:[a-z0-9-]+:[0-9]{1,9})")


def subjects(words: Collection[str]) -> tuple[frozenset[int], frozenset[int]]:
    """The topics and reforms that these words name: addresses or keys of commitments, codes of reforms. Raises ``UnknownSubject``."""
    keys: dict[str, str] = {}
    for word in words:
        match = _COMMITMENT.fullmatch(word)
        if match:
            keys[word] = match["key"] or f"engagement:{match['plan']}:{int(match['number'])}"
    codes = [word for word in words if word not in keys]
    wanted = select(Topic).where(Topic.key.in_(keys.values()), Topic.kind == TopicKind.COMMITMENT)
    topics = {topic.key: topic.id for topic in db.session.scalars(wanted)} if keys else {}
    reforms = select(Reform).join(Barometer).where(Barometer.active, Reform.code.in_(codes))
    found = {reform.code: reform.id for reform in db.session.scalars(reforms)} if codes else {}
    unknown = {word for word, key in keys.items() if key not in topics} | {code for code in codes if code not in found}
    if unknown:
        raise UnknownSubject(unknown)
    return frozenset(topics.values()), frozenset(found.values())
