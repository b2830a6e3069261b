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
    """``discarded``: a draft that nobody wants any more, which the job process is about to delete."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class EditionAction(StrEnum):
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    DISCARD = "discard"


EDITION_WORKFLOW = Workflow(
    {
        EditionAction.PUBLISH: {EditionStatus.DRAFT: EditionStatus.PUBLISHED},
        EditionAction.WITHDRAW: {EditionStatus.PUBLISHED: EditionStatus.WITHDRAWN},
        EditionAction.DISCARD: {EditionStatus.DRAFT: EditionStatus.DISCARDED},
    }
)


class Refusal(StrEnum):
    """Why an edition cannot be published (or drafted) now."""

    INCOMPLETE = "incomplete"
    NOT_COMPARED = "not_compared"
    PREDECESSOR_CHANGED = "predecessor_changed"
    COMPARED_ANEW = "compared_anew"
    TOO_OLD = "too_old"
    OTHER_CONTENT = "other_content"


class UploadStatus(StrEnum):
    """Where the files that an administrator sent stand: they wait, are being read, or have become an edition or a refusal."""

    QUEUED = "queued"
    READING = "reading"
    READY = "ready"
    FAILED = "failed"


class UploadAction(StrEnum):
    READ = "read"
    FINISH = "finish"
    REFUSE = "refuse"


UPLOAD_WORKFLOW = Workflow(
    {
        # Reading begins again when the process that read has died.
        UploadAction.READ: {UploadStatus.QUEUED: UploadStatus.READING, UploadStatus.READING: UploadStatus.READING},
        UploadAction.FINISH: {UploadStatus.READING: UploadStatus.READY},
        UploadAction.REFUSE: {UploadStatus.READING: UploadStatus.FAILED},
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
