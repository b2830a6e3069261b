"""The desk of a ministry and the public list: lists of requests in a fixed number of statements, whatever their volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Integer, Row, Select, and_, bindparam, exists, func, or_, select

from feedback_app.database import db
from feedback_app.domain.calendar import day_of, working_days_after, working_days_between
from feedback_app.domain.case import AWAITING_ANSWER, AnswerStatus, CaseStatus, Outcome
from feedback_app.domain.contribution import ContributionKind, ContributionStatus
from feedback_app.domain.deadlines import SERVICE_GOAL_DAYS
from feedback_app.domain.policy import MEMBERS, Actor
from feedback_app.domain.text import like_pattern
from feedback_app.models import Account, Answer, CitizenRequest, Contribution, Ministry, Signature, TextVersion, Topic
from feedback_app.services import plain_rows, scopes, search
from feedback_app.services.cases import same_question, tabs
from feedback_app.services.cases.reading import PUBLIC
from feedback_app.services.cases.tabs import Tab, in_tab
from feedback_app.services.paging import EPOCH, Order, Page, Window, parse_moment, read_page, read_plain_page, write_moment


class Sorting(StrEnum):
    """How a tab is sorted: by the nearest last day in time, by since when (oldest first), or by its latest answer (newest first)."""

    DUE = "due"
    DUE_OR_PAUSED = "due_or_paused"  # what stands still comes last
    OLDEST = "oldest"
    ANSWERED = "answered"


SORTING: dict[Tab, Sorting] = {
    Tab.TO_TAKE: Sorting.DUE,
    Tab.MINE: Sorting.DUE,
    Tab.RUNNING: Sorting.DUE,
    Tab.WAITING: Sorting.OLDEST,
    Tab.TO_VALIDATE: Sorting.DUE_OR_PAUSED,
    Tab.OFFERED: Sorting.DUE,
    Tab.LATE: Sorting.DUE,
    Tab.REOPENED: Sorting.DUE,
    Tab.ANSWERED: Sorting.ANSWERED,
}
_R = CitizenRequest
_TEXT = Contribution.__table__.alias()
# As ``PUBLIC``, said so that both databases read the requests in their order and ask of each, instead of going through all published texts.
IS_PUBLIC = (
    _R.published_at.is_not(None),
    select(_TEXT.c.status).where(_TEXT.c.id == _R.contribution_id).scalar_subquery() == ContributionStatus.PUBLISHED,
)

# By the ministry that has the case: what another one had prepared is its own.
_PROPOSED = exists(1).where(Answer.request_id == _R.id, Answer.status == AnswerStatus.PROPOSED, Answer.ministry_id == _R.ministry_id)


@dataclass(frozen=True)
class Filters:
    """How a list is narrowed. Empty values narrow nothing.

    ``statuses``: one of these; ``late_on``: still without an answer though its last day was over on that day (a desk has tabs for both).
    """

    ministry_id: int | None = None
    topic_id: int | None = None
    kind: ContributionKind | None = None
    status: CaseStatus | None = None
    outcome: Outcome | None = None
    territory: str | None = None
    assignee_id: int | None = None
    statuses: frozenset[CaseStatus] = frozenset()
    late_on: date | None = None


@dataclass(frozen=True)
class Line:
    """One request in a list. On desks only: ``assignee``, the name of an agent; ``proposed``, an answer waits to be validated. On public
    lists only: ``me_too``, how many ask the same.
    """

    id: int
    reference: str
    kind: ContributionKind
    status: CaseStatus
    status_since: datetime
    due_on: date | None
    topic_key: str
    topic_title: str
    territory: str | None
    ministry: str | None
    body: str
    language: str
    signature: str | None
    published_at: datetime | None
    first_answered_at: datetime | None
    answered_at: datetime | None
    outcome: Outcome | None
    reopened: bool
    version: int
    assignee: str | None = None
    assignee_id: int | None = None
    proposed: bool = False
    me_too: int = 0

    def late(self, now: datetime) -> bool:
        """Whether its last day in time is over and no answer has come."""
        return self.status in AWAITING_ANSWER and self.due_on is not None and self.due_on < day_of(now)

    @property
    def days_to_answer(self) -> int | None:
        """Working days from its publication to the first answer; None without one, or where that came before."""
        if self.first_answered_at is None or self.published_at is None or self.first_answered_at < self.published_at:
            return None
        return working_days_between(self.published_at, self.first_answered_at)

    def twice_late(self, now: datetime) -> bool:
        """Whether as many working days as the whole goal have gone by since then."""
        return self.late(now) and self.due_on is not None and working_days_after(self.due_on, day_of(now)) >= SERVICE_GOAL_DAYS


def tab(tab: Tab, ministry_id: int, actor: Actor, filters: Filters, window: Window, *, at: datetime, words: str = "") -> Page[Line]:
    """One page of a tab. The caller has judged ``desk:read`` and that the person belongs to the ministry.

    Which requests they are is found first, by an index; only those are read whole.
    """
    order = _ORDERS[SORTING[tab]]
    if words:
        belongs = _narrowed(select(_R.id).where(in_tab(tab, ministry_id, actor, today=day_of(at))), filters)
        return read_page(_lines(staff=True), order, window, item=_line, among=_searched(belongs, words))
    narrowed = {name: value for name in NARROWED_BY if (value := getattr(filters, name)) is not None}
    among = _belonging(tab, scopes.reach(actor, MEMBERS, ministry_id), tuple(narrowed))
    values = {**tabs.of(ministry_id, actor, at), **{f"its_{name}": value for name, value in narrowed.items()}}
    return read_plain_page(_lines(staff=True), order, window, item=_plain_line, values=values, among=among)


@lru_cache(tabs.STATEMENTS)
def _belonging(tab: Tab, reach: tabs.Reach, narrowed: tuple[str, ...]) -> Select[int]:
    statement = select(_R.id).where(tabs.rule(tab, reach))
    return statement.where(*(NARROWED_BY[name] == bindparam(f"its_{name}") for name in narrowed))


def _searched(statement: Select[int], words: str) -> Select[int]:
    """Only what has this reference, or these words in its text or its topic's title."""
    if not words:
        return statement
    like = f"%{like_pattern(words)}%"
    found = (TextVersion.body.ilike(like, escape="\\"), Topic.title.ilike(like, escape="\\"), _R.reference.ilike(like, escape="\\"))
    texts = statement.join(Contribution, _R.contribution_id == Contribution.id).join(Topic, _R.topic_id == Topic.id)
    return texts.join(TextVersion, Contribution.current_version_id == TextVersion.id).where(or_(*found))


@dataclass(frozen=True)
class Desk:
    """A ministry whose desk somebody may open."""

    id: int
    slug: str
    name: str


def ministries_of(actor: Actor) -> Sequence[Ministry]:
    """The ministries that the person belongs to, by name."""
    return db.session.scalars(select(Ministry).where(Ministry.id.in_(actor.ministry_ids)).order_by(Ministry.name, Ministry.id)).all()


def desks_of(actor: Actor) -> Sequence[Desk]:
    """The same, as far as their desks need to know them."""
    return [Desk(*row) for row in plain_rows.read(_named(actor.ministry_ids))]


@lru_cache(tabs.STATEMENTS)
def _named(ministry_ids: frozenset[int]) -> Select[*tuple[Any, ...]]:
    named = select(Ministry.id, Ministry.slug, Ministry.name).where(Ministry.id.in_(sorted(ministry_ids)))
    return named.order_by(Ministry.name, Ministry.id)


_TO_ROUTE = or_(_R.status == CaseStatus.ARBITRATION, and_(_R.ministry_id.is_(None), _R.status == CaseStatus.OPEN))


def coordination_counts(*, at: datetime) -> tuple[int, int]:
    """How many cases have to be routed and how many are late, each at most ``COUNT_CAP``: one statement."""
    late = and_(_R.status.in_(AWAITING_ANSWER), _R.due_on < day_of(at))
    found = [select(_R.id).where(which).limit(tabs.COUNT_CAP).subquery() for which in (_TO_ROUTE, late)]
    to_route, late_ones = db.session.execute(select(*(select(func.count()).select_from(rows).scalar_subquery() for rows in found))).one()
    return to_route, late_ones


def to_route(filters: Filters, window: Window) -> Page[Line]:
    """What the coordinator has to give to a ministry: what nobody has, and what is in arbitration."""
    among = _narrowed(select(_R.id).where(_TO_ROUTE), filters)
    return read_page(_lines(staff=True), _ORDERS[Sorting.DUE], window, item=_line, among=among)


def late_everywhere(filters: Filters, window: Window, *, at: datetime) -> Page[Line]:
    """What is late in any ministry, for the coordinator."""
    among = _narrowed(select(_R.id).where(_R.status.in_(AWAITING_ANSWER), _R.due_on < day_of(at)), filters)
    return read_page(_lines(staff=True), _ORDERS[Sorting.DUE], window, item=_line, among=among)


def public(filters: Filters, window: Window) -> Page[Line]:
    """The requests that anybody may read, the latest published first."""
    statement = _narrowed(_lines(staff=False).where(*IS_PUBLIC), filters)
    order = Order((_R.published_at, _R.id), parse_moment, lambda line: write_moment(line.published_at, line.id), descending=True)
    return read_page(statement, order, window, item=_line)


def about(topic_id: int, *, most: int) -> list[Line]:
    """The public requests about a topic, the latest published first, at most so many: one statement."""
    return [Line(**row._asdict()) for row in plain_rows.read(_about(), {"topic": topic_id, "most": most})]


@cache
def _about() -> Select[*tuple[Any, ...]]:
    found = _lines(staff=False).where(*IS_PUBLIC, _R.topic_id == bindparam("topic"))
    return found.order_by(_R.published_at.desc(), _R.id.desc()).limit(bindparam("most", type_=Integer()))


def public_count(filters: Filters) -> int:
    """How many requests anybody may read, at most one more than ``COUNT_CAP``: past it, that there are more is all that is said."""
    found = _narrowed(select(_R.id).where(*IS_PUBLIC), filters).limit(tabs.COUNT_CAP + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def public_like(
    wording: str, *, answered: bool = True, limit: int = 5, without: CitizenRequest | None = None, enough: float = 0.0
) -> list[Line]:
    """The public requests that resemble a text most, the nearest first: before somebody sends it, or beside the case ``without``."""
    found = search.similar(wording, answered=answered, limit=limit, without=without.contribution_id if without else None, enough=enough)
    statement = _lines(staff=False).add_columns(_R.contribution_id).where(*PUBLIC, _R.contribution_id.in_(found))
    rows = db.session.execute(statement).all() if found else []
    ordered = sorted(rows, key=lambda row: found.index(row.contribution_id))
    return [Line(**{name: value for name, value in row._mapping.items() if name != "contribution_id"}) for row in ordered]


@cache
def _lines(*, staff: bool) -> Select[*tuple[Any, ...]]:
    statement = (
        select(
            _R.id,
            _R.reference,
            _R.kind,
            _R.status,
            _R.status_since,
            _R.due_on,
            Topic.key.label("topic_key"),
            Topic.title.label("topic_title"),
            _R.territory,
            Ministry.name.label("ministry"),
            TextVersion.body,
            Contribution.language,
            Signature.name.label("signature"),
            _R.published_at,
            _R.first_answered_at,
            _R.answered_at,
            _R.outcome,
            _R.reopened_at.is_not(None).label("reopened"),
            _R.version,
        )
        .join(Contribution, _R.contribution_id == Contribution.id)
        .join(TextVersion, Contribution.current_version_id == TextVersion.id)
        .join(Topic, _R.topic_id == Topic.id)
        .outerjoin(Ministry, _R.ministry_id == Ministry.id)
        .outerjoin(Signature, Contribution.signature_id == Signature.id)
    )
    if not staff:
        return statement.add_columns(same_question.number().label("me_too"))
    return (
        statement.where(Contribution.status != ContributionStatus.WITHDRAWN)
        .outerjoin(Account, Account.identity_id == _R.assignee_id)
        .add_columns(Account.name.label("assignee"), _R.assignee_id, _PROPOSED.label("proposed"))
    )


NARROWED_BY: Mapping[str, Any] = {
    "ministry_id": _R.ministry_id,
    "topic_id": _R.topic_id,
    "kind": _R.kind,
    "status": _R.status,
    "outcome": _R.outcome,
    "territory": _R.territory,
    "assignee_id": _R.assignee_id,
}


def _narrowed(statement: Select[*tuple[Any, ...]], filters: Filters) -> Select[*tuple[Any, ...]]:
    for name, column in NARROWED_BY.items():
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(column == value)
    if filters.statuses:
        statement = statement.where(_R.status.in_(filters.statuses))
    if filters.late_on:
        statement = statement.where(_R.status.in_(AWAITING_ANSWER), _R.due_on < filters.late_on)
    return statement


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(**row._mapping)


def _plain_line(row: Any) -> Line:
    return Line(**row._asdict())


def _parse_day(cursor: str) -> tuple[date, int]:
    at, row_id = parse_moment(cursor)
    return at.date(), row_id


def _write_day(line: Line) -> str:
    days = ((line.due_on or date.max) - EPOCH.date()).days
    return f"{days * 86_400_000_000}.{line.id}"


def _write_since(line: Line) -> str:
    return write_moment(line.status_since, line.id)


def _write_answered(line: Line) -> str:
    return write_moment(line.answered_at or EPOCH, line.id)


_ORDERS: dict[Sorting, Order] = {
    Sorting.DUE: Order((_R.due_on, _R.id), _parse_day, _write_day),
    Sorting.DUE_OR_PAUSED: Order((func.coalesce(_R.due_on, date.max), _R.id), _parse_day, _write_day),
    Sorting.OLDEST: Order((_R.status_since, _R.id), parse_moment, _write_since),
    Sorting.ANSWERED: Order((_R.answered_at, _R.id), parse_moment, _write_answered, descending=True),
}
