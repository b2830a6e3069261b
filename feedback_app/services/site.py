"""What the administrator sets while the site runs: whether citizens may write, and the notice that everybody reads.

Everything else stays in the environment (docs/settings.md says why).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Text, bindparam, literal, select

from feedback_app.database import db
from feedback_app.domain.errors import Conflict, ContributionsClosed, OtherText
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import PublicVersion, SiteState, Topic
from feedback_app.services import events, freshness, plain_rows, results
from feedback_app.services.locking import lock

KEY = "site"
NOTICE_MAX = 500


@dataclass(frozen=True)
class Said:
    """What the administrator says to everybody, in both languages ("": nothing), and whether citizens can read but not write."""

    notice_fr: str
    notice_en: str
    closed: bool


@dataclass(frozen=True)
class Frame:
    """What stands around every page: what is said to everybody, and the barometer that the menu leads to.

    ``version``: how fresh a page is that is made from now on; with ``topic_id`` it is that of the topic's page.
    """

    said: Said | None
    barometer: str | None
    version: freshness.Version | None = None
    topic_id: int | None = None


def frame(topic_key: str | None = None) -> Frame:
    """All of it in one statement, since every page asks it. ``topic_key``: of the topic that the page is about, if it is about one."""
    row = plain_rows.one(_frame_statement(), {"topic_key": topic_key})
    said = Said(row.notice_fr, row.notice_en, closed=row.contributions_closed_at is not None) if row.notice_fr is not None else None
    return Frame(said, row.menu, freshness.version_of(row), row.topic_id)


@cache
def _frame_statement() -> Select[Any]:
    one = select(literal(1).label("one")).subquery()  # the frame stands also where nothing was ever set
    menu = results.active_statement().scalar_subquery().label("menu")
    said = (SiteState.notice_fr, SiteState.notice_en, SiteState.contributions_closed_at)
    statement = select(*said, menu, Topic.id.label("topic_id"), *freshness.COLUMNS).select_from(one)
    statement = statement.outerjoin(SiteState, SiteState.key == KEY).outerjoin(PublicVersion, freshness.ITS_ROW)
    return statement.outerjoin(Topic, Topic.key == bindparam("topic_key", type_=Text()))


def state() -> SiteState | None:
    """What was set; None as long as nothing was: citizens may write, and there is no notice."""
    return db.session.scalar(select(SiteState).where(SiteState.key == KEY))


def closed() -> bool:
    """Whether citizens can read but not write."""
    return bool(plain_rows.read(_closed_statement()))


@cache
def _closed_statement() -> Select[int]:
    return select(SiteState.id).where(SiteState.key == KEY, SiteState.contributions_closed_at.is_not(None))


def expect_open() -> None:
    """Raise ``ContributionsClosed`` while citizens cannot write. Services by which they begin something new, or reword it, call it first.

    What they say inside their own case stays open: a reply that a ministry waits for, a rating, a reopening. The clock of a case does not
    stop for the switch, so neither may its author.
    """
    if closed():
        raise ContributionsClosed


def change(*, close: bool, notice_fr: str, notice_en: str, administrator: Actor, seen_version: int, at: datetime) -> SiteState:
    """Close or reopen contributions, and set the notice in both languages (clean; empty: none).

    ``seen_version``: that of the state which the form showed, 0 when there was none. Raises ``Conflict``.
    """
    authorise(administrator, Permission.SITE_MANAGE, None)
    found = state() or _first()
    lock(found)
    if found.version != seen_version:
        raise Conflict(OtherText(found.notice_fr, "fr", what="site"))
    who: dict[str, Any] = {"at": at, "actor_kind": ActorKind.STAFF, "actor_id": administrator.identity_id}
    was_closed = found.contributions_closed_at is not None
    if close != was_closed:
        found.contributions_closed_at = at if close else None
        events.record(EventVerb.CONTRIBUTIONS_CLOSE if close else EventVerb.CONTRIBUTIONS_OPEN, found, **who)
    if (found.notice_fr, found.notice_en) != (notice_fr, notice_en):
        found.notice_fr, found.notice_en = notice_fr, notice_en
        events.record(EventVerb.NOTICE_CHANGE, found, **who)
    found.version += 1
    return found


def _first() -> SiteState:
    """The row, made when something is set for the first time."""
    made = SiteState(key=KEY, notice_fr="", notice_en="", version=0)
    db.session.add(made)
    db.session.flush()
    return made
