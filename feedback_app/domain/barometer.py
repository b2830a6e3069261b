"""The barometer: the enumerations that published files, the database and the screens share, and the life of an edition."""

from __future__ import annotations

from enum import StrEnum

from feedback_app.domain.workflow import Workflow


class EditionFormat(StrEnum):
    """The two forms in which the State published: syntheses and details (2021 to 2023), one file per indicator (2024)."""

    SYNTHESIS = "synthesis"
    INDICATOR_FILES = "indicator_files"


class Series(StrEnum):
    """Two figures may bear the same date: the headline (often cumulated over the year) and that of its period."""

    HEADLINE = "headline"
    PERIODIC = "periodic"


class Tendency(StrEnum):
    """Which way an indicator should go, as its publisher says."""

    UP = "up"
    DOWN = "down"


class EditionStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class EditionAction(StrEnum):
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


EDITION_WORKFLOW = Workflow(
    {
        EditionAction.PUBLISH: {EditionStatus.DRAFT: EditionStatus.PUBLISHED},
        EditionAction.WITHDRAW: {EditionStatus.PUBLISHED: EditionStatus.WITHDRAWN},
    }
)


class RevisionKind(StrEnum):
    """What an edition changed, in the order in which an edition's page lists it."""

    INDICATOR_REMOVED = "indicator_removed"
    INDICATOR_ADDED = "indicator_added"
    DIRECTION_CHANGED = "direction_changed"
    UNIT_CHANGED = "unit_changed"
    NAME_CHANGED = "name_changed"
    TARGET_CHANGED = "target_changed"
    TARGET_MOVED = "target_moved"
    TARGET_REMOVED = "target_removed"
    TARGET_ADDED = "target_added"
    BASELINE_CHANGED = "baseline_changed"
    BASELINE_REMOVED = "baseline_removed"
    BASELINE_ADDED = "baseline_added"
    OBSERVATION_CHANGED = "observation_changed"
    OBSERVATION_REMOVED = "observation_removed"


class RevisionSize(StrEnum):
    """``rounding``: the difference vanishes when the longer figure is rounded to the decimals of the shorter."""

    REAL = "real"
    ROUNDING = "rounding"


class RevisionDirection(StrEnum):
    """Whether a target was made easier or harder to reach; unknown where tendency and figures disagree, or say nothing."""

    EASIER = "easier"
    HARDER = "harder"
    UNKNOWN = "unknown"
