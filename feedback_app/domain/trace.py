"""The words of the traces: what a CaseEvent and an AccessLog row may say."""

from __future__ import annotations

from enum import StrEnum


class EventVerb(StrEnum):
    """What happened, ``subject:verb``, kept alphabetical. An event holds ids and enumerations only, never a text."""

    ACCOUNT_CREATE = "account:create"
    ACCOUNT_RESET_SECOND_FACTOR = "account:reset_second_factor"
    ANSWER_PROPOSE = "answer:propose"
    ANSWER_PUBLISH = "answer:publish"
    ANSWER_RATE = "answer:rate"
    ANSWER_SEND_BACK = "answer:send_back"
    ANSWER_WRITE = "answer:write"
    COMMITMENT_IMPORT = "commitment:import"
    COMMITMENT_REVISE = "commitment:revise"
    CONTRIBUTION_CONFIRM = "contribution:confirm"
    CONTRIBUTION_CORRECT = "contribution:correct"
    CONTRIBUTION_REDIRECT = "contribution:redirect"
    CONTRIBUTION_SUBMIT = "contribution:submit"
    CONTRIBUTION_WITHDRAW = "contribution:withdraw"
    MEMBERSHIP_GRANT = "membership:grant"
    PLAN_IMPORT = "plan:import"
    REQUEST_ACCEPT_TRANSFER = "request:accept_transfer"
    REQUEST_ANSWER = "request:answer"
    REQUEST_ASK_CITIZEN = "request:ask_citizen"
    REQUEST_BEGIN = "request:begin"
    REQUEST_CANCEL_TRANSFER = "request:cancel_transfer"
    REQUEST_CITIZEN_REPLIES = "request:citizen_replies"
    REQUEST_CITIZEN_WITHDRAWS = "request:citizen_withdraws"
    REQUEST_CLOSE = "request:close"
    REQUEST_DECLINE_TRANSFER = "request:decline_transfer"
    REQUEST_EXPIRE_TRANSFER = "request:expire_transfer"
    REQUEST_EXTEND = "request:extend"
    REQUEST_HAND_OVER = "request:hand_over"
    REQUEST_LATE = "request:late"
    REQUEST_NOTE = "request:note"
    REQUEST_OFFER_TRANSFER = "request:offer_transfer"
    REQUEST_RELEASE = "request:release"
    REQUEST_REOPEN = "request:reopen"
    REQUEST_ROUTE = "request:route"
    REQUEST_SLEEP = "request:sleep"
    REQUEST_SUBMIT = "request:submit"
    REQUEST_TAKE = "request:take"
    REQUEST_TAKE_BACK = "request:take_back"
    ROLE_GRANT = "role:grant"
    TEXT_PUBLISH = "text:publish"
    TEXT_REJECT = "text:reject"


class SubjectKind(StrEnum):
    ACCOUNT = "account"
    ANSWER = "answer"
    COMMITMENT = "commitment"
    CONTRIBUTION = "contribution"
    MEMBERSHIP = "membership"
    PLAN = "plan"
    REQUEST = "request"
    TEXT_VERSION = "text_version"


class ActorKind(StrEnum):
    """In which capacity somebody acted: a citizen by a secret link, staff by an account, the software by itself."""

    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"


class AccessAction(StrEnum):
    LINK_ASKED = "link_asked"
    LINK_REFUSED = "link_refused"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    SECOND_FACTOR_ENROLLED = "second_factor_enrolled"
    SECOND_FACTOR_LOCKED = "second_factor_locked"
    SECOND_FACTOR_PASSED = "second_factor_passed"
    SECOND_FACTOR_REFUSED = "second_factor_refused"
    SECOND_FACTOR_RESET = "second_factor_reset"
    SESSIONS_ENDED = "sessions_ended"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
