"""Plans and commitments: their enumerations, where a promise may stand, and what is derived from dates (lateness, silence, progress)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from feedback_app.domain.calendar import add_months
from feedback_app.domain.workflow import Workflow

SILENT_AFTER_MONTHS = 3
WEIGHT_MAX = 100
TITLE_MAX = 500
TEXT_MAX = 20_000
FIRST_YEAR, LAST_YEAR = 1900, 2200


class PlanPhase(StrEnum):
    COLLECTING = "collecting"
    WRITING = "writing"
    RUNNING = "running"
    CLOSED = "closed"


FOLLOWED_PHASES = frozenset({PlanPhase.RUNNING, PlanPhase.CLOSED})
"""The phases in which news are owed: what a plan that is over left open is owed an ending."""


class PlanAction(StrEnum):
    """What the administrator may do to the phase of a plan; a file may only move it on."""

    ADVANCE = "advance"
    STEP_BACK = "step_back"


_P = PlanPhase
PLAN_WORKFLOW: Workflow[PlanPhase, PlanAction] = Workflow(
    {
        PlanAction.ADVANCE: {_P.COLLECTING: _P.WRITING, _P.WRITING: _P.RUNNING, _P.RUNNING: _P.CLOSED},
        PlanAction.STEP_BACK: {_P.WRITING: _P.COLLECTING, _P.RUNNING: _P.WRITING, _P.CLOSED: _P.RUNNING},
    }
)


def moved_on(phase: PlanPhase, wanted: PlanPhase) -> PlanPhase:
    """Where a plan stands once a file has said ``wanted``: a file may be older than a move made on the site, so it never leads back."""
    reached = phase
    while reached is not wanted and PlanAction.ADVANCE in PLAN_WORKFLOW.actions_from(reached):
        reached = PLAN_WORKFLOW.next(reached, PlanAction.ADVANCE)
    return reached if reached is wanted else phase


class PlanUploadStatus(StrEnum):
    """A plan file that an administrator sent: its differences wait to be read, were written, or were given up."""

    COMPARED = "compared"
    APPLIED = "applied"
    DISCARDED = "discarded"


class PlanUploadAction(StrEnum):
    APPLY = "apply"
    DISCARD = "discard"


PLAN_UPLOAD_WORKFLOW: Workflow[PlanUploadStatus, PlanUploadAction] = Workflow(
    {
        PlanUploadAction.APPLY: {PlanUploadStatus.COMPARED: PlanUploadStatus.APPLIED},
        PlanUploadAction.DISCARD: {PlanUploadStatus.COMPARED: PlanUploadStatus.DISCARDED},
    }
)


class CommitmentStatus(StrEnum):
    """Where a commitment or one of its milestones stands, as the ministry says it."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    AT_RISK = "at_risk"
    BLOCKED = "blocked"
    COMPLETED = "completed"
    PARTLY_COMPLETED = "partly_completed"
    ABANDONED = "abandoned"
    CARRIED_OVER = "carried_over"


class CommitmentAction(StrEnum):
    """What may happen to it; a published progress update does it."""

    START = "start"
    RESUME = "resume"
    WARN = "warn"
    BLOCK = "block"
    COMPLETE = "complete"
    COMPLETE_PARTLY = "complete_partly"
    ABANDON = "abandon"
    CARRY_OVER = "carry_over"
    REOPEN = "reopen"


_S = CommitmentStatus
COMMITMENT_WORKFLOW: Workflow[CommitmentStatus, CommitmentAction] = Workflow(
    {
        CommitmentAction.START: {_S.PLANNED: _S.IN_PROGRESS},
        CommitmentAction.RESUME: {_S.AT_RISK: _S.IN_PROGRESS, _S.BLOCKED: _S.IN_PROGRESS},
        CommitmentAction.WARN: {_S.IN_PROGRESS: _S.AT_RISK, _S.BLOCKED: _S.AT_RISK},
        CommitmentAction.BLOCK: {_S.IN_PROGRESS: _S.BLOCKED, _S.AT_RISK: _S.BLOCKED},
        CommitmentAction.COMPLETE: {_S.IN_PROGRESS: _S.COMPLETED, _S.AT_RISK: _S.COMPLETED},
        CommitmentAction.COMPLETE_PARTLY: {_S.IN_PROGRESS: _S.PARTLY_COMPLETED, _S.AT_RISK: _S.PARTLY_COMPLETED},
        CommitmentAction.ABANDON: dict.fromkeys((_S.PLANNED, _S.IN_PROGRESS, _S.AT_RISK, _S.BLOCKED), _S.ABANDONED),
        CommitmentAction.CARRY_OVER: {_S.PARTLY_COMPLETED: _S.CARRIED_OVER, _S.ABANDONED: _S.CARRIED_OVER},
        CommitmentAction.REOPEN: {_S.COMPLETED: _S.IN_PROGRESS, _S.PARTLY_COMPLETED: _S.IN_PROGRESS},
    }
)
UNFINISHED = frozenset({_S.PLANNED, _S.IN_PROGRESS, _S.AT_RISK, _S.BLOCKED})
"""What is still owed: it may be late, and silence about it shows."""


class UpdateStatus(StrEnum):
    """A progress update while it is prepared, and once everybody may read it."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"


class UpdateAction(StrEnum):
    WRITE = "write"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    PUBLISH = "publish"


UPDATE_WORKFLOW: Workflow[UpdateStatus, UpdateAction] = Workflow(
    {
        UpdateAction.WRITE: {UpdateStatus.DRAFT: UpdateStatus.DRAFT},
        UpdateAction.PROPOSE: {UpdateStatus.DRAFT: UpdateStatus.PROPOSED},
        UpdateAction.SEND_BACK: {UpdateStatus.PROPOSED: UpdateStatus.DRAFT},
        UpdateAction.PUBLISH: {UpdateStatus.PROPOSED: UpdateStatus.PUBLISHED},
    }
)


class BlockKind(StrEnum):
    """The texts of an update, in the order in which the page shows them; at least one is written."""

    DONE = "done"
    NEXT = "next"
    DIFFICULTIES = "difficulties"
    HELP_WANTED = "help_wanted"


class Confidence(StrEnum):
    """How sure the ministry is that the promise will be kept in time."""

    SECURED = "secured"
    ATTAINABLE = "attainable"
    SUPPORT_NEEDED = "support_needed"
    COMPROMISED = "compromised"


class MinistryKind(StrEnum):
    MINISTRY = "ministry"
    INSTITUTION = "institution"


class SectionKind(StrEnum):
    """The texts of a commitment, in the order in which the page shows them."""

    PROBLEM = "problem"
    COMMITMENT = "commitment"
    CONTRIBUTION = "contribution"
    OGP_RELEVANCE = "ogp_relevance"
    ADDITIONAL_INFO = "additional_info"


class PlanField(StrEnum):
    """What a file says of the plan itself."""

    TITLE = "title"
    START = "start"
    END = "end"
    PHASE = "phase"
    SOURCE = "source"
    LICENCE = "licence"


class WordField(StrEnum):
    """What of a commitment a revision may change."""

    TITLE = "title"
    MINISTRY = "ministry"
    LEAD = "lead"
    THEME = "theme"
    PERIOD_RAW = "period_raw"
    START = "start"
    END = "end"
    STATE_ACTORS = "state_actors"
    OTHER_ACTORS = "other_actors"
    PROBLEM = "problem"
    COMMITMENT = "commitment"
    CONTRIBUTION = "contribution"
    OGP_RELEVANCE = "ogp_relevance"
    ADDITIONAL_INFO = "additional_info"
    INDICATORS = "indicators"
    MILESTONE_ORDER = "milestone_order"
    MILESTONE = "milestone"
    MILESTONE_TITLE = "milestone_title"
    MILESTONE_DELIVERABLE = "milestone_deliverable"
    MILESTONE_GROUP = "milestone_group"
    MILESTONE_DATES_RAW = "milestone_dates_raw"
    MILESTONE_START = "milestone_start"
    MILESTONE_END = "milestone_end"
    MILESTONE_WEIGHT = "milestone_weight"


def is_late(status: CommitmentStatus, end: date | None, today: date) -> bool:
    """Whether its last day, as understood, is over and it is not finished. Without a last day nothing is ever late."""
    return end is not None and end < today and status in UNFINISHED


def silent_before(today: date) -> date:
    """The last day of news that counts as silence today: ``SILENT_AFTER_MONTHS`` calendar months have gone by since."""
    return add_months(today, -SILENT_AFTER_MONTHS)


def silent_since(
    status: CommitmentStatus, phase: PlanPhase, *, last_news: date | None, expected_from: date, today: date
) -> date | None:  # fmt: skip
    """Since when nothing was heard of a commitment, if that is too long; None: there are news, or none are owed.

    ``last_news``: the day of its last update. ``expected_from``: where there is none yet, the day from which news were owed: the
    later of the first day of its plan and the day on which it came to this site.
    """
    since = last_news or expected_from
    owed = status in UNFINISHED and phase in FOLLOWED_PHASES
    return since if owed and since <= silent_before(today) else None


# How much of a milestone counts as reached. What was given up or carried over counts for nothing: it was promised, and is not there.
SHARE_REACHED: dict[CommitmentStatus, int] = {_S.COMPLETED: 100, _S.PARTLY_COMPLETED: 50}


def progress(steps: Iterable[tuple[CommitmentStatus, int]]) -> int | None:
    """How far a commitment is, in whole percent rounded down (100 only when all is there): its milestones by status, each with its weight.

    A completed milestone counts for its whole weight, a partly completed one for half, all others for nothing. None without milestones.
    """
    known = list(steps)
    total = sum(weight for _status, weight in known)
    return sum(SHARE_REACHED.get(status, 0) * weight for status, weight in known) // total if total else None
