"""Plans and commitments: the enumerations that the plan file, the database and the screens share."""

from __future__ import annotations

from enum import StrEnum


class PlanPhase(StrEnum):
    COLLECTING = "collecting"
    WRITING = "writing"
    RUNNING = "running"
    CLOSED = "closed"


class CommitmentStatus(StrEnum):
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    AT_RISK = "at_risk"
    BLOCKED = "blocked"
    COMPLETED = "completed"
    PARTLY_COMPLETED = "partly_completed"
    ABANDONED = "abandoned"
    CARRIED_OVER = "carried_over"


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
