"""What a ministry owes on its commitments: updates to review, silence, lateness. The lists of its desk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, literal, select, true

from feedback_app.database import db
from feedback_app.domain.calendar import day_of
from feedback_app.domain.commitment import FOLLOWED_PHASES, UpdateStatus
from feedback_app.domain.policy import MEMBERS, Actor
from feedback_app.models import Commitment, Plan, ProgressUpdate
from feedback_app.services import scopes
from feedback_app.services.cases import routing
from feedback_app.services.paging import Order, Page, Window, parse_number, read_page
from feedback_app.services.progress import lines
from feedback_app.services.progress.lines import Line

C, U = Commitment, ProgressUpdate


class Tab(StrEnum):
    """The tabs of the desk, in their order: what waits for somebody first."""

    TO_REVIEW = "to_review"
    DRAFTS = "drafts"
    SILENT = "silent"
    LATE = "late"
    ALL = "all"


def reached(ministry_id: int, actor: Actor) -> ColumnElement[bool]:
    """The commitments for which this ministry answers and that the person reaches there: the twin of ``progress:write``."""
    own = C.ministry_id.in_(routing.with_predecessors(ministry_id))
    return and_(own, scopes.within(actor, MEMBERS, ministry=literal(ministry_id), topic=C.topic_id))


def _in_hand(ministry_id: int) -> ColumnElement[bool]:
    open_ = U.status.in_((UpdateStatus.DRAFT, UpdateStatus.PROPOSED))
    return and_(U.commitment_id == C.id, U.ministry_id == ministry_id, open_)


def _rules(at: datetime) -> dict[Tab, ColumnElement[bool]]:
    today = day_of(at)
    followed = Plan.phase.in_(FOLLOWED_PHASES)
    return {
        Tab.TO_REVIEW: U.status == UpdateStatus.PROPOSED,
        Tab.DRAFTS: U.status == UpdateStatus.DRAFT,
        Tab.SILENT: lines.silent(today),
        Tab.LATE: and_(followed, lines.something_late(today)),
        Tab.ALL: true(),
    }


def counts(ministry_id: int, actor: Actor, *, at: datetime) -> dict[Tab, int]:
    """How many commitments each tab holds. Two statements."""
    numbers = [func.sum(case((rule, 1), else_=0)).label(tab.value) for tab, rule in _rules(at).items()]
    statement = select(*numbers).select_from(C).join(Plan, C.plan_id == Plan.id).outerjoin(U, _in_hand(ministry_id))
    row = db.session.execute(statement.where(reached(ministry_id, actor))).one()
    return {tab: int(row._mapping[tab.value] or 0) for tab in Tab}


def tab(tab: Tab, ministry_id: int, actor: Actor, window: Window, *, at: datetime) -> Page[Line]:
    """One page of a tab, in the order in which plans and commitments came here. Two statements."""
    statement = lines.statement(day_of(at)).add_columns(U.status.label("in_hand")).outerjoin(U, _in_hand(ministry_id))
    order = Order((C.id,), parse_number, lambda line: str(line.id))
    return read_page(statement.where(reached(ministry_id, actor), _rules(at)[tab]), order, window, item=lines.line)
