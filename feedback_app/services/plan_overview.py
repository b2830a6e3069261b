"""Plans as those see them who look after them: their phase and how it moves, what they hold, when a file last changed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from feedback_app.database import db
from feedback_app.domain.commitment import PLAN_WORKFLOW, PlanAction, PlanPhase, PlanUploadStatus
from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import ActorKind, EventVerb, SubjectKind
from feedback_app.models import CaseEvent, Commitment, Milestone, Plan, PlanUpload
from feedback_app.services import events
from feedback_app.services.locking import lock
from feedback_app.services.paging import Order, Page, Window, parse_number, read_page


@dataclass(frozen=True)
class Overview:
    """What a plan holds. ``imported_at``: when a file last changed something in it; ``waiting``: files of it that nobody applied yet."""

    plan: Plan
    commitments: int
    milestones: int
    imported_at: datetime | None
    waiting: int


def overview() -> Sequence[Overview]:
    """All plans, the newest first. One statement."""
    mine = Commitment.plan_id == Plan.id
    steps = select(func.count()).select_from(Milestone).join(Commitment, Milestone.commitment_id == Commitment.id)
    imported = select(func.max(CaseEvent.at)).where(
        CaseEvent.subject_kind == SubjectKind.PLAN, CaseEvent.subject_id == Plan.id, CaseEvent.verb == EventVerb.PLAN_IMPORT
    )
    waiting = select(func.count()).select_from(PlanUpload)
    statement = select(
        Plan,
        select(func.count()).select_from(Commitment).where(mine).scalar_subquery(),
        steps.where(mine, Milestone.dropped_at.is_(None)).scalar_subquery(),
        imported.scalar_subquery(),
        waiting.where(PlanUpload.slug == Plan.slug, PlanUpload.status == PlanUploadStatus.COMPARED).scalar_subquery(),
    ).order_by(Plan.start.desc(), Plan.id.desc())
    return [Overview(*row) for row in db.session.execute(statement)]


def find(slug: str) -> Plan | None:
    """The plan of an address."""
    return db.session.scalar(select(Plan).where(Plan.slug == slug))


def commitments(plan: Plan, window: Window) -> Page[Commitment]:
    """Its commitments by number."""
    statement = select(Commitment).where(Commitment.plan_id == plan.id)
    order = Order((Commitment.number,), parse_number, lambda one: str(one.number))
    return read_page(statement, order, window, item=lambda row: row[0])


def move(plan: Plan, action: PlanAction, *, seen: str, administrator: Actor, at: datetime) -> None:
    """Move the plan to its next phase, or back to the one before. ``seen``: the phase that the form showed.

    Raises ``Conflict`` where somebody moved it meanwhile, ``MoveRefused`` where there is no such phase.
    """
    authorise(administrator, Permission.PLAN_MANAGE, plan)
    lock(plan)
    before = plan.phase
    if before.value != seen:
        raise Conflict(OtherText(plan.title, "fr"))
    plan.phase = PLAN_WORKFLOW.next(before, action)
    plan.updated_at = at
    events.record(
        EventVerb.PLAN_MOVE,
        plan,
        at=at,
        actor_kind=ActorKind.STAFF,
        actor_id=administrator.identity_id,
        before=before.value,
        after=plan.phase.value,
    )


@dataclass(frozen=True)
class Moved:
    """A phase that began."""

    at: datetime
    before: PlanPhase
    after: PlanPhase


def moves(plan: Plan) -> Sequence[Moved]:
    """Which phase began when, the latest first: by an administrator, or by a file."""
    statement = select(CaseEvent.at, CaseEvent.before, CaseEvent.after).where(
        CaseEvent.subject_kind == SubjectKind.PLAN,
        CaseEvent.subject_id == plan.id,
        CaseEvent.verb.in_((EventVerb.PLAN_MOVE, EventVerb.PLAN_IMPORT)),
        CaseEvent.before != CaseEvent.after,
    )
    rows = db.session.execute(statement.order_by(CaseEvent.id.desc()).limit(20))
    return [Moved(row.at, PlanPhase(row.before), PlanPhase(row.after)) for row in rows]
