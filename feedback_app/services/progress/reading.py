"""What everybody reads of one commitment: where it stands and who said so, its updates, and all that happened in public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from feedback_app.database import db
from feedback_app.domain.calendar import day_of
from feedback_app.domain.commitment import (
    BlockKind,
    CommitmentAction,
    CommitmentStatus,
    Confidence,
    UpdateStatus,
    is_late,
    progress,
    silent_since,
)
from feedback_app.models import (
    Commitment,
    CommitmentIndicator,
    Indicator,
    Milestone,
    Ministry,
    ProgressBlock,
    ProgressStep,
    ProgressUpdate,
    ProgressVersion,
    Topic,
)
from feedback_app.services import commitment_words, plain_rows, topics
from feedback_app.services.cases import desk
from feedback_app.services.paging import Order, Page, Window, cut, parse_moment, write_moment
from feedback_app.services.progress.lines import expected_from

UPDATES_SIZE = 10
REQUESTS_SIZE = 50


@dataclass(frozen=True)
class Step:
    """What an update says of a milestone (``milestone_title`` None: of the commitment itself), and the move that it made, if any."""

    milestone_title: str | None
    action: CommitmentAction | None
    before: CommitmentStatus | None
    after: CommitmentStatus | None
    criterion: str | None
    evidence: tuple[str, ...]
    into_title: str | None
    into_key: str | None


@dataclass(frozen=True)
class Block:
    """One text of an update, cleaned."""

    kind: BlockKind
    html: str


@dataclass(frozen=True)
class Said:
    """A published update, in the wording that was published. ``blocks``: its texts, where they were asked for (``updates``)."""

    id: int
    at: datetime
    ministry: str
    version_id: int
    confidence: Confidence | None
    steps: tuple[Step, ...]
    blocks: tuple[Block, ...] = ()

    @property
    def moves(self) -> tuple[Step, ...]:
        """What it moved."""
        return tuple(step for step in self.steps if step.before is not None and step.after is not None)


def said(commitment: Commitment) -> list[Said]:
    """All published updates of a commitment, the latest first, without their texts. One statement."""
    found: dict[int, tuple[Any, list[Step]]] = {}
    for row in plain_rows.read(_said_statement(), {"commitment": commitment.id}):
        steps = found.setdefault(row.id, (row, []))[1]
        if row.step_id is not None:
            evidence = tuple(row.evidence or ())
            steps.append(
                Step(row.milestone_title, row.action, row.before, row.after, row.criterion, evidence, row.into_title, row.into_key)
            )
    return [Said(row.id, row.published_at, row.ministry, row.version_id, row.confidence, tuple(steps)) for row, steps in found.values()]


@cache
def _said_statement() -> Select[*tuple[Any, ...]]:
    into, other = aliased(Commitment), aliased(ProgressVersion)
    latest = select(func.max(other.number)).where(other.update_id == ProgressUpdate.id).scalar_subquery()
    step = (ProgressStep.action, ProgressStep.before, ProgressStep.after, ProgressStep.criterion, ProgressStep.evidence)
    return (
        select(
            ProgressUpdate.id,
            ProgressUpdate.published_at,
            Ministry.name.label("ministry"),
            ProgressVersion.id.label("version_id"),
            ProgressVersion.confidence,
            ProgressStep.id.label("step_id"),
            *step,
            Milestone.title.label("milestone_title"),
            into.title.label("into_title"),
            Topic.key.label("into_key"),
        )
        .join(Ministry, ProgressUpdate.ministry_id == Ministry.id)
        .join(ProgressVersion, and_(ProgressVersion.update_id == ProgressUpdate.id, ProgressVersion.number == latest))
        .outerjoin(ProgressStep, ProgressStep.version_id == ProgressVersion.id)
        .outerjoin(Milestone, ProgressStep.milestone_id == Milestone.id)
        .outerjoin(into, ProgressStep.into_id == into.id)
        .outerjoin(Topic, into.topic_id == Topic.id)
        .where(ProgressUpdate.commitment_id == bindparam("commitment"), ProgressUpdate.status == UpdateStatus.PUBLISHED)
        .order_by(ProgressUpdate.published_at.desc(), ProgressUpdate.id.desc(), ProgressStep.position)
    )


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


def standing(commitment: Commitment, updates: Iterable[Said], *, today: date) -> Standing:
    """``updates``: what was said of it, the latest first."""
    current = commitment.current_milestones
    news = day_of(commitment.updated_at) if commitment.updated_at else None
    expected = expected_from(commitment.followed_since, commitment.plan.start)
    return Standing(
        late=is_late(commitment.status, commitment.end, today),
        late_milestones=tuple(one for one in current if is_late(one.status, one.end, today)),
        percent=progress((one.status, one.weight) for one in current),
        weights=sum(one.weight for one in current),
        silent_since=silent_since(commitment.status, commitment.plan.phase, last_news=news, expected_from=expected, today=today),
        by=next((one.ministry for one in updates for step in one.moves if step.milestone_title is None), None),
    )


_ORDER = Order(
    (ProgressUpdate.published_at, ProgressUpdate.id), parse_moment, lambda one: write_moment(one.at, one.id), descending=True
)  # fmt: skip


def updates(found: Sequence[Said], window: Window) -> Page[Said]:
    """Some of the published updates, the latest first, with their texts. One statement, or none."""
    page = cut(found, _ORDER, window)
    if not page.items:
        return page
    texts: dict[int, list[Block]] = {}
    for row in db.session.execute(_blocks_statement(), {"versions": [one.version_id for one in page.items]}):
        texts.setdefault(row.version_id, []).append(Block(row.kind, row.html))
    return replace(page, items=[replace(one, blocks=tuple(texts.get(one.version_id, ()))) for one in page.items])


@cache
def _blocks_statement() -> Select[int, BlockKind, str]:
    statement = select(ProgressBlock.version_id, ProgressBlock.kind, ProgressBlock.html)
    return statement.where(ProgressBlock.version_id.in_(bindparam("versions", expanding=True))).order_by(ProgressBlock.position)


@dataclass(frozen=True)
class Measure:
    """An indicator that measures a commitment."""

    key: str
    title: str


def measures(commitment: Commitment) -> list[Measure]:
    """The linked indicators that have a page today. One statement."""
    return [Measure(row.key, row.title) for row in plain_rows.read(_measures_statement(), {"commitment": commitment.id})]


@cache
def _measures_statement() -> Select[str, str]:
    return (
        select(Topic.key, Topic.title)
        .join(Indicator, Indicator.topic_id == Topic.id)
        .join(CommitmentIndicator, CommitmentIndicator.indicator_id == Indicator.id)
        .where(CommitmentIndicator.commitment_id == bindparam("commitment"), topics.has_a_page())
        .order_by(Topic.title, Topic.id)
    )


@dataclass(frozen=True)
class Entry:
    """One thing that happened in public: an update with its moves, a change of words, a request that was published or answered."""

    at: datetime
    update_id: int | None = None
    ministry: str | None = None
    moves: tuple[Step, ...] = ()
    revision: commitment_words.Reworded | None = None
    asked: desk.Line | None = None
    answered: desk.Line | None = None


def timeline(commitment: Commitment, updates: Iterable[Said], asked: Iterable[desk.Line]) -> Sequence[Entry]:
    """All that happened in public, the latest first. ``asked``: the requests about it that are named. One statement."""
    entries = [
        *(Entry(one.at, update_id=one.id, ministry=one.ministry, moves=one.moves) for one in updates),
        *(Entry(revision.at, revision=revision) for revision in commitment_words.revisions(commitment)),
    ]
    for line in asked:
        if line.published_at:
            entries.append(Entry(line.published_at, asked=line))
        if line.first_answered_at:
            entries.append(Entry(line.first_answered_at, answered=line))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
