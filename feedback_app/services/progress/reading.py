"""What everybody reads of one commitment: where it stands and who said so, its updates, and all that happened in public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from feedback_app.database import db
from feedback_app.domain.calendar import day_of
from feedback_app.domain.commitment import CommitmentStatus, UpdateStatus, is_late, progress, silent_since
from feedback_app.models import (
    Commitment,
    CommitmentIndicator,
    CommitmentRevision,
    Indicator,
    Milestone,
    Ministry,
    ProgressStep,
    ProgressUpdate,
    ProgressVersion,
    Topic,
)
from feedback_app.services import commitment_words, topics
from feedback_app.services.cases import desk
from feedback_app.services.paging import Order, Page, Window, parse_moment, read_page, write_moment
from feedback_app.services.progress.lines import expected_from
from feedback_app.services.progress.updates import loaded

UPDATES_SIZE = 10
REQUESTS_SIZE = 50


@dataclass(frozen=True)
class Standing:
    """Where a commitment stands on a day.

    ``by``: the ministry whose update moved it there; None: nobody moved it yet. ``late_milestones``: those that are late, in their order.
    ``percent``: how far it is, by the weights of its milestones; None without any. ``silent_since``: if nothing was heard for too long.
    """

    late: bool
    late_milestones: tuple[Milestone, ...]
    percent: int | None
    weights: int
    silent_since: date | None
    by: str | None


def standing(commitment: Commitment, *, today: date) -> Standing:
    """One statement."""
    current = commitment.current_milestones
    news = day_of(commitment.updated_at) if commitment.updated_at else None
    expected = expected_from(commitment.followed_since, commitment.plan.start)
    return Standing(
        late=is_late(commitment.status, commitment.end, today),
        late_milestones=tuple(one for one in current if is_late(one.status, one.end, today)),
        percent=progress((one.status, one.weight) for one in current),
        weights=sum(one.weight for one in current),
        silent_since=silent_since(commitment.status, commitment.plan.phase, last_news=news, expected_from=expected, today=today),
        by=_who_moved(commitment),
    )


def _who_moved(commitment: Commitment) -> str | None:
    statement = (
        select(Ministry.name)
        .join(ProgressUpdate, ProgressUpdate.ministry_id == Ministry.id)
        .join(ProgressVersion, ProgressVersion.update_id == ProgressUpdate.id)
        .join(ProgressStep, ProgressStep.version_id == ProgressVersion.id)
        .where(
            ProgressUpdate.commitment_id == commitment.id,
            ProgressUpdate.status == UpdateStatus.PUBLISHED,
            ProgressStep.milestone_id.is_(None),
            ProgressStep.after.is_not(None),
        )
    )
    return db.session.scalar(statement.order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id.desc()).limit(1))


def updates(commitment: Commitment, window: Window) -> Page[ProgressUpdate]:
    """The published updates, the latest first, with everything in them."""
    statement = (
        select(ProgressUpdate)
        .where(ProgressUpdate.commitment_id == commitment.id, ProgressUpdate.status == UpdateStatus.PUBLISHED)
        .options(joinedload(ProgressUpdate.ministry), *loaded())  # type: ignore[arg-type]
    )
    order = Order(
        (ProgressUpdate.published_at, ProgressUpdate.id),
        parse_moment,
        lambda one: write_moment(one.published_at, one.id),
        descending=True,
    )
    return read_page(statement, order, window, item=lambda row: row[0])


@dataclass(frozen=True)
class Measure:
    """An indicator that measures a commitment."""

    key: str
    title: str


def measures(commitment: Commitment) -> list[Measure]:
    """The linked indicators that have a page today. One statement."""
    statement = (
        select(Topic.key, Topic.title)
        .join(Indicator, Indicator.topic_id == Topic.id)
        .join(CommitmentIndicator, CommitmentIndicator.indicator_id == Indicator.id)
        .where(CommitmentIndicator.commitment_id == commitment.id, topics.has_a_page())
        .order_by(Topic.title, Topic.id)
    )
    return [Measure(row.key, row.title) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class Move:
    """A status that moved; ``milestone``: whose, None for the commitment itself."""

    milestone: str | None
    before: CommitmentStatus
    after: CommitmentStatus


@dataclass(frozen=True)
class Entry:
    """One thing that happened in public: an update with its moves, a change of words, a request that was published or answered."""

    at: datetime
    update_id: int | None = None
    ministry: str | None = None
    moves: tuple[Move, ...] = ()
    revision: CommitmentRevision | None = None
    asked: desk.Line | None = None
    answered: desk.Line | None = None


def timeline(commitment: Commitment) -> Sequence[Entry]:
    """All that happened in public, the latest first; of requests the last ``REQUESTS_SIZE``."""
    entries = [
        *_update_entries(commitment),
        *(Entry(revision.at, revision=revision) for revision in commitment_words.revisions(commitment)),
    ]
    for line in desk.public(desk.Filters(topic_id=commitment.topic_id), Window(size=REQUESTS_SIZE)).items:
        if line.published_at:
            entries.append(Entry(line.published_at, asked=line))
        if line.first_answered_at:
            entries.append(Entry(line.first_answered_at, answered=line))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _update_entries(commitment: Commitment) -> list[Entry]:
    statement = (
        select(
            ProgressUpdate.id,
            ProgressUpdate.published_at,
            Ministry.name,
            ProgressStep.before,
            ProgressStep.after,
            ProgressStep.milestone_id,
            Milestone.title,
        )
        .join(Ministry, ProgressUpdate.ministry_id == Ministry.id)
        .join(ProgressVersion, ProgressVersion.update_id == ProgressUpdate.id)
        .outerjoin(ProgressStep, (ProgressStep.version_id == ProgressVersion.id) & ProgressStep.after.is_not(None))
        .outerjoin(Milestone, ProgressStep.milestone_id == Milestone.id)
        .where(ProgressUpdate.commitment_id == commitment.id, ProgressUpdate.status == UpdateStatus.PUBLISHED)
        .order_by(ProgressUpdate.id, ProgressStep.position)
    )
    moves: dict[int, list[Move]] = {}
    facts: dict[int, tuple[datetime, str]] = {}
    for row in db.session.execute(statement):
        facts[row.id] = (row.published_at, row.name)
        if row.after is not None and row.before is not None:
            moves.setdefault(row.id, []).append(Move(row.title if row.milestone_id else None, row.before, row.after))
    return [Entry(at, update_id=row_id, ministry=name, moves=tuple(moves.get(row_id, ()))) for row_id, (at, name) in facts.items()]
