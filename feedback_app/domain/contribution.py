"""What citizens write, and the two workflows it goes through: the contribution (is it public?) and each version (was it read?)."""

from __future__ import annotations

from enum import StrEnum

from feedback_app.domain.workflow import Workflow

BODY_MIN = 10
BODY_MAX = 5_000
NAME_MAX = 80
FACTS_MIN = 20
FACTS_MAX = 2_000


class ContributionKind(StrEnum):
    """What a text is. Three are in a topic's thread, four are requests with a case, two belong inside a case, two have their own places."""

    COMMENT = "comment"
    VIEWPOINT = "viewpoint"
    EXPERIENCE = "experience"
    CLARIFICATION = "clarification"
    DATA_QUESTION = "data_question"
    WRONG_FIGURE = "wrong_figure"
    ACCESS = "access"
    REPLY = "reply"
    REOPENING = "reopening"
    ASSESSMENT = "assessment"
    MEETING = "meeting"


THREAD_KINDS = frozenset({ContributionKind.COMMENT, ContributionKind.VIEWPOINT, ContributionKind.EXPERIENCE})
"""What a topic's thread shows: a request has a page of its own, and what is said inside a case is read there."""


class ContributionStatus(StrEnum):
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ContributionAction(StrEnum):
    """What can be done. To correct or to redirect leaves the status as it is; the table says from where it is possible."""

    CONFIRM = "confirm"
    REDIRECT = "redirect"  # the confirmation, to another address
    CORRECT = "correct"
    PUBLISH = "publish"
    REJECT = "reject"
    TAKE_OFF = "take_off"
    WITHDRAW = "withdraw"


class TextStatus(StrEnum):
    """The review of one version. ``replaced``: its author sent a newer text before anybody decided (ADR 0011)."""

    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class TextAction(StrEnum):
    PUBLISH = "publish"
    REJECT = "reject"
    REPLACE = "replace"
    TAKE_OFF = "take_off"  # a moderator, of a meeting that a citizen proposed
    WITHDRAW = "withdraw"


class Ground(StrEnum):
    """Why a text is not published: always one of these, with facts beside it."""

    INSULT = "insult"
    HATRED = "hatred"
    PERSONAL_DATA = "personal_data"
    OFF_TOPIC = "off_topic"
    ADVERTISING = "advertising"
    ILLEGAL = "illegal"
    DUPLICATE = "duplicate"
    UNINTELLIGIBLE = "unintelligible"


_C, _T = ContributionStatus, TextStatus

CONTRIBUTION_WORKFLOW: Workflow[ContributionStatus, ContributionAction] = Workflow(
    {
        ContributionAction.CONFIRM: {_C.AWAITING_CONFIRMATION: _C.PENDING},
        ContributionAction.REDIRECT: {_C.AWAITING_CONFIRMATION: _C.AWAITING_CONFIRMATION},
        ContributionAction.CORRECT: {
            _C.AWAITING_CONFIRMATION: _C.AWAITING_CONFIRMATION,
            _C.PENDING: _C.PENDING,
            _C.PUBLISHED: _C.PUBLISHED,
        },
        ContributionAction.PUBLISH: {_C.PENDING: _C.PUBLISHED},
        ContributionAction.REJECT: {_C.PENDING: _C.REJECTED},
        ContributionAction.TAKE_OFF: {_C.PUBLISHED: _C.REJECTED},
        ContributionAction.WITHDRAW: {
            _C.AWAITING_CONFIRMATION: _C.WITHDRAWN,
            _C.PENDING: _C.WITHDRAWN,
            _C.PUBLISHED: _C.WITHDRAWN,
            _C.REJECTED: _C.WITHDRAWN,
        },
    }
)

TEXT_WORKFLOW: Workflow[TextStatus, TextAction] = Workflow(
    {
        TextAction.PUBLISH: {_T.PENDING: _T.PUBLISHED},
        TextAction.REJECT: {_T.PENDING: _T.REJECTED},
        TextAction.REPLACE: {_T.PENDING: _T.REPLACED},
        TextAction.TAKE_OFF: {_T.PUBLISHED: _T.REJECTED},
        TextAction.WITHDRAW: {_T.PENDING: _T.WITHDRAWN},
    }
)

MODERATOR_ACTIONS = (TextAction.PUBLISH, TextAction.REJECT)
