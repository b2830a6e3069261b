"""Requests that a ministry owes an answer to: the case, its transfers, its answers, and what is promised to whom asks.

Three workflows that never mix: whether the *text* is public (``domain/contribution.py``), where the *case* stands, and how far an
*answer* is. A case is late when its day is over: that is computed, never a status.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.workflow import Workflow

SLEEP_AFTER = timedelta(days=60)
CLOSE_AFTER = timedelta(days=21)
REOPEN_MONTHS = 6
OFFER_WORKING_DAYS = 2
DUE_SOON_WORKING_DAYS = 3
DUE_AT_ONCE = 100  # how many due rows a round of the job process takes
REMIND_RATING_AFTER = (timedelta(days=3), timedelta(days=10))

OFFICIAL_MIN = 10
OFFICIAL_MAX = 20_000
WORDS_MIN = 10
WORDS_MAX = 2_000
REASON_MAX = 2_000


class Promise(StrEnum):
    """What the person who asks may count on."""

    SERVICE_GOAL = "service_goal"  # 15 working days, a goal of this site
    LEGAL_MONTH = "legal_month"  # access to documents: the law's


REQUEST_PROMISES: dict[ContributionKind, Promise] = {
    ContributionKind.CLARIFICATION: Promise.SERVICE_GOAL,
    ContributionKind.DATA_QUESTION: Promise.SERVICE_GOAL,
    ContributionKind.WRONG_FIGURE: Promise.SERVICE_GOAL,
    ContributionKind.ACCESS: Promise.LEGAL_MONTH,
}
REQUEST_KINDS = frozenset(REQUEST_PROMISES)


class CaseStatus(StrEnum):
    """``received``: the text is not accepted yet, no ministry sees anything; the design's statuses begin with ``open``."""

    RECEIVED = "received"
    OPEN = "open"
    ASSIGNED = "assigned"
    WAITING = "waiting"
    ASLEEP = "asleep"
    TRANSFER_OFFERED = "transfer_offered"
    ARBITRATION = "arbitration"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class CaseAction(StrEnum):
    """What can be done. Each has an event ``request:<action>``; to extend changes the clock, not the status."""

    BEGIN = "begin"
    TAKE = "take"
    RELEASE = "release"
    HAND_OVER = "hand_over"
    ASK_CITIZEN = "ask_citizen"
    CITIZEN_REPLIES = "citizen_replies"
    TAKE_BACK = "take_back"
    SLEEP = "sleep"
    EXTEND = "extend"
    OFFER_TRANSFER = "offer_transfer"
    ACCEPT_TRANSFER = "accept_transfer"
    DECLINE_TRANSFER = "decline_transfer"
    CANCEL_TRANSFER = "cancel_transfer"
    EXPIRE_TRANSFER = "expire_transfer"
    ROUTE = "route"
    FOLLOW_SUCCESSOR = "follow_successor"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"
    CITIZEN_WITHDRAWS = "citizen_withdraws"


_S, _A = CaseStatus, CaseAction
PAUSED = frozenset({_S.WAITING, _S.ASLEEP})
RUNNING = frozenset({_S.OPEN, _S.ASSIGNED, _S.TRANSFER_OFFERED, _S.ARBITRATION})
"""The statuses in which the clock of the service goal runs: a case can become late in these only (the legal month never pauses)."""
AWAITING_ANSWER = RUNNING | PAUSED
DONE = frozenset({_S.ANSWERED, _S.CLOSED})

CASE_WORKFLOW: Workflow[CaseStatus, CaseAction] = Workflow(
    {
        _A.BEGIN: {_S.RECEIVED: _S.OPEN},
        _A.TAKE: {_S.OPEN: _S.ASSIGNED},
        _A.RELEASE: {_S.ASSIGNED: _S.OPEN},
        _A.HAND_OVER: {_S.ASSIGNED: _S.ASSIGNED},
        _A.ASK_CITIZEN: {_S.ASSIGNED: _S.WAITING},
        _A.CITIZEN_REPLIES: {_S.WAITING: _S.ASSIGNED, _S.ASLEEP: _S.ASSIGNED},
        _A.TAKE_BACK: {_S.WAITING: _S.ASSIGNED},
        _A.SLEEP: {_S.WAITING: _S.ASLEEP},
        _A.EXTEND: {_S.OPEN: _S.OPEN, _S.ASSIGNED: _S.ASSIGNED, _S.WAITING: _S.WAITING, _S.ASLEEP: _S.ASLEEP},
        _A.OFFER_TRANSFER: {_S.OPEN: _S.TRANSFER_OFFERED, _S.ASSIGNED: _S.TRANSFER_OFFERED},
        _A.ACCEPT_TRANSFER: {_S.TRANSFER_OFFERED: _S.OPEN},
        _A.DECLINE_TRANSFER: {_S.TRANSFER_OFFERED: _S.ARBITRATION},
        _A.CANCEL_TRANSFER: {_S.TRANSFER_OFFERED: _S.OPEN},
        _A.EXPIRE_TRANSFER: {_S.TRANSFER_OFFERED: _S.ARBITRATION},
        # The arbitration ends so; and the coordinator may route any case not yet answered.
        _A.ROUTE: dict.fromkeys((_S.ARBITRATION, _S.OPEN, _S.ASSIGNED, _S.WAITING, _S.ASLEEP, _S.TRANSFER_OFFERED), _S.OPEN),
        # Its ministry was replaced: the case goes to the one that took over, and stands where it stood.
        _A.FOLLOW_SUCCESSOR: {status: status for status in AWAITING_ANSWER},
        _A.ANSWER: dict.fromkeys((_S.OPEN, _S.ASSIGNED, _S.WAITING, _S.ASLEEP, _S.ANSWERED), _S.ANSWERED),
        _A.CLOSE: {_S.ANSWERED: _S.CLOSED},
        # To ``open`` when the assignee has left: then a release follows at once.
        _A.REOPEN: {_S.ANSWERED: _S.ASSIGNED, _S.CLOSED: _S.ASSIGNED},
        _A.CITIZEN_WITHDRAWS: {status: _S.WITHDRAWN for status in _S if status not in {_S.CLOSED, _S.WITHDRAWN}},
    }
)


class OfferStatus(StrEnum):
    """A transfer that one ministry offers to another."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class OfferAction(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    EXPIRE = "expire"


OFFER_WORKFLOW: Workflow[OfferStatus, OfferAction] = Workflow(
    {
        OfferAction.ACCEPT: {OfferStatus.OFFERED: OfferStatus.ACCEPTED},
        OfferAction.DECLINE: {OfferStatus.OFFERED: OfferStatus.DECLINED},
        # By the ministry that offered, by the coordinator who routes elsewhere, or because the citizen withdrew.
        OfferAction.CANCEL: {OfferStatus.OFFERED: OfferStatus.CANCELLED},
        OfferAction.EXPIRE: {OfferStatus.OFFERED: OfferStatus.EXPIRED},
    }
)


class AnswerStatus(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"


class AnswerAction(StrEnum):
    """Each has an event ``answer:<action>``."""

    WRITE = "write"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    PUBLISH = "publish"


_D, _P = AnswerStatus.DRAFT, AnswerStatus.PROPOSED
ANSWER_WORKFLOW: Workflow[AnswerStatus, AnswerAction] = Workflow(
    {
        AnswerAction.WRITE: {_D: _D},
        AnswerAction.PROPOSE: {_D: _P},
        AnswerAction.SEND_BACK: {_P: _D},
        AnswerAction.PUBLISH: {_P: AnswerStatus.PUBLISHED},
    }
)


class Outcome(StrEnum):
    """What the answer gives, apart from where the case stands."""

    FULL = "full"
    PARTIAL = "partial"
    NOT_HELD = "not_held"
    REFUSED = "refused"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"


WITHHOLDING = frozenset({Outcome.PARTIAL, Outcome.NOT_HELD, Outcome.REFUSED})
"""An answer to a request for a document that does not give all of it: the law wants to be said where to turn to."""


class RefusalGround(StrEnum):
    """Why a ministry refuses: the exceptions that the law on access to documents knows (CRPA, articles L. 311-2, L. 311-5, L. 311-6)."""

    PERSONAL_DATA = "personal_data"
    BUSINESS_SECRET = "business_secret"  # noqa: S105 - a ground, not a password
    SECURITY = "security"
    INVESTIGATION = "investigation"
    PREPARATORY = "preparatory"
    ALREADY_PUBLIC = "already_public"
    ABUSIVE = "abusive"
    OTHER_LAW = "other_law"


class Verdict(StrEnum):
    """What the person who asked says of an answer."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class CaseTextKind(StrEnum):
    """The texts that staff write inside a case, beside the answers."""

    QUESTION = "question"
    EXTENSION = "extension"
    OFFER = "offer"
    DECLINE = "decline"
    ROUTING = "routing"
    HAND_OVER = "hand_over"
    SEND_BACK = "send_back"
    NOTE = "note"


PUBLIC_TEXT_KINDS = frozenset({CaseTextKind.QUESTION, CaseTextKind.EXTENSION})
"""Official texts: public with the request. All others stay between the ministries and the coordinator."""


def reference(year: int, number: int) -> str:
    """The name under which a request is known for ever: ``DS-2026-000123``."""
    return f"DS-{year}-{number:06d}"
