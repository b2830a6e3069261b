"""The words of the traces: what a CaseEvent and an AccessLog row may say."""

from __future__ import annotations

from enum import StrEnum


class EventVerb(StrEnum):
    """What happened, ``subject:verb``, kept alphabetical. An event holds ids and enumerations only, never a text."""

    ACCOUNT_CREATE = "account:create"
    ACCOUNT_DEACTIVATE = "account:deactivate"
    ACCOUNT_INVITE = "account:invite"
    ACCOUNT_REACTIVATE = "account:reactivate"
    ACCOUNT_RENAME = "account:rename"
    ACCOUNT_RESET_SECOND_FACTOR = "account:reset_second_factor"
    ANSWER_PROPOSE = "answer:propose"
    ANSWER_PUBLISH = "answer:publish"
    ANSWER_RATE = "answer:rate"
    ANSWER_SEND_BACK = "answer:send_back"
    ANSWER_WRITE = "answer:write"
    BAROMETER_ACTIVATE = "barometer:activate"
    BAROMETER_CREATE = "barometer:create"
    COMMITMENT_IMPORT = "commitment:import"
    COMMITMENT_MOVE = "commitment:move"
    COMMITMENT_REVISE = "commitment:revise"
    CONTRIBUTION_CONFIRM = "contribution:confirm"
    CONTRIBUTION_CORRECT = "contribution:correct"
    CONTRIBUTION_REDIRECT = "contribution:redirect"
    CONTRIBUTION_SUBMIT = "contribution:submit"
    CONTRIBUTION_WITHDRAW = "contribution:withdraw"
    CONTRIBUTIONS_CLOSE = "contributions:close"
    CONTRIBUTIONS_OPEN = "contributions:open"
    EDITION_COMPARE = "edition:compare"
    EDITION_DISCARD = "edition:discard"
    EDITION_DRAFT = "edition:draft"
    EDITION_PUBLISH = "edition:publish"
    EDITION_UPLOAD = "edition:upload"
    EDITION_WITHDRAW = "edition:withdraw"
    IDENTITY_ASK_ERASURE = "identity:ask_erasure"
    IDENTITY_ASK_EXPORT = "identity:ask_export"
    IDENTITY_CANCEL_ERASURE = "identity:cancel_erasure"
    IDENTITY_ERASE = "identity:erase"
    IDENTITY_WARN_UNUSED = "identity:warn_unused"
    MAIL_RETRY = "mail:retry"
    ME_TOO_CONFIRM = "me_too:confirm"
    ME_TOO_WITHDRAW = "me_too:withdraw"
    MEETING_PUBLISH = "meeting:publish"
    MEETING_WITHDRAW = "meeting:withdraw"
    MEETING_WRITE = "meeting:write"
    MEMBERSHIP_END = "membership:end"
    MEMBERSHIP_GRANT = "membership:grant"
    MEMBERSHIP_NARROW = "membership:narrow"
    MILESTONE_MOVE = "milestone:move"
    MINISTRY_CREATE = "ministry:create"
    MINISTRY_REDIRECT = "ministry:redirect"
    MINISTRY_RENAME = "ministry:rename"
    MINISTRY_SUCCEED = "ministry:succeed"
    NOTICE_CHANGE = "notice:change"
    ORGANISATION_ADD_ASSESSOR = "organisation:add_assessor"
    ORGANISATION_CHANGE = "organisation:change"
    ORGANISATION_END = "organisation:end"
    ORGANISATION_RECOGNISE = "organisation:recognise"
    ORGANISATION_REMOVE_ASSESSOR = "organisation:remove_assessor"
    PLAN_DISCARD = "plan:discard"
    PLAN_IMPORT = "plan:import"
    PLAN_MOVE = "plan:move"
    PLAN_UPLOAD = "plan:upload"
    PROGRESS_PROPOSE = "progress:propose"
    PROGRESS_PUBLISH = "progress:publish"
    PROGRESS_SEND_BACK = "progress:send_back"
    PROGRESS_WRITE = "progress:write"
    REFORM_MAP = "reform:map"
    REPLY_DISMISS = "reply:dismiss"
    REPLY_PROPOSE = "reply:propose"
    REPLY_PUBLISH = "reply:publish"
    REPLY_SEND_BACK = "reply:send_back"
    REPLY_WRITE = "reply:write"
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
    REQUEST_FOLLOW_SUCCESSOR = "request:follow_successor"
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
    ROLE_END = "role:end"
    ROLE_GRANT = "role:grant"
    TEXT_PUBLISH = "text:publish"
    TEXT_REJECT = "text:reject"
    TEXT_TAKE_OFF = "text:take_off"


class Reach(StrEnum):
    """Which public pages may look different once something has happened."""

    NOTHING = "nothing"
    TOPIC = "topic"  # the page of its topic, and pages about many topics
    EVERYTHING = "everything"


# Beside each verb, so that no cache shows a page of before (``services/freshness.py``). In doubt: EVERYTHING, which only costs time.
REACH: dict[EventVerb, Reach] = {
    **dict.fromkeys(
        (
            EventVerb.ACCOUNT_CREATE,
            EventVerb.ACCOUNT_DEACTIVATE,
            EventVerb.ACCOUNT_INVITE,
            EventVerb.ACCOUNT_REACTIVATE,
            EventVerb.ACCOUNT_RENAME,
            EventVerb.ACCOUNT_RESET_SECOND_FACTOR,
            EventVerb.ANSWER_PROPOSE,
            EventVerb.ANSWER_SEND_BACK,
            EventVerb.ANSWER_WRITE,
            EventVerb.CONTRIBUTION_CONFIRM,
            EventVerb.CONTRIBUTION_CORRECT,
            EventVerb.CONTRIBUTION_REDIRECT,
            EventVerb.CONTRIBUTION_SUBMIT,
            EventVerb.EDITION_DISCARD,
            EventVerb.EDITION_DRAFT,
            EventVerb.EDITION_UPLOAD,
            EventVerb.IDENTITY_ASK_ERASURE,
            EventVerb.IDENTITY_ASK_EXPORT,
            EventVerb.IDENTITY_CANCEL_ERASURE,
            EventVerb.IDENTITY_WARN_UNUSED,
            EventVerb.MAIL_RETRY,
            EventVerb.MEETING_WRITE,
            EventVerb.MEMBERSHIP_END,
            EventVerb.MEMBERSHIP_GRANT,
            EventVerb.MEMBERSHIP_NARROW,
            EventVerb.ORGANISATION_ADD_ASSESSOR,
            EventVerb.ORGANISATION_REMOVE_ASSESSOR,
            EventVerb.PLAN_DISCARD,
            EventVerb.PLAN_UPLOAD,
            EventVerb.PROGRESS_PROPOSE,
            EventVerb.PROGRESS_SEND_BACK,
            EventVerb.PROGRESS_WRITE,
            EventVerb.REPLY_DISMISS,
            EventVerb.REPLY_PROPOSE,
            EventVerb.REPLY_SEND_BACK,
            EventVerb.REPLY_WRITE,
            EventVerb.REQUEST_NOTE,
            EventVerb.REQUEST_SUBMIT,
            EventVerb.ROLE_END,
            EventVerb.ROLE_GRANT,
        ),
        Reach.NOTHING,
    ),
    **dict.fromkeys(
        (
            EventVerb.ANSWER_PUBLISH,
            EventVerb.ANSWER_RATE,
            EventVerb.COMMITMENT_MOVE,
            EventVerb.CONTRIBUTION_WITHDRAW,
            EventVerb.ME_TOO_CONFIRM,
            EventVerb.ME_TOO_WITHDRAW,
            EventVerb.MILESTONE_MOVE,
            EventVerb.PROGRESS_PUBLISH,
            EventVerb.REPLY_PUBLISH,
            EventVerb.REQUEST_ACCEPT_TRANSFER,
            EventVerb.REQUEST_ANSWER,
            EventVerb.REQUEST_ASK_CITIZEN,
            EventVerb.REQUEST_BEGIN,
            EventVerb.REQUEST_CANCEL_TRANSFER,
            EventVerb.REQUEST_CITIZEN_REPLIES,
            EventVerb.REQUEST_CITIZEN_WITHDRAWS,
            EventVerb.REQUEST_CLOSE,
            EventVerb.REQUEST_DECLINE_TRANSFER,
            EventVerb.REQUEST_EXPIRE_TRANSFER,
            EventVerb.REQUEST_EXTEND,
            EventVerb.REQUEST_FOLLOW_SUCCESSOR,
            EventVerb.REQUEST_HAND_OVER,
            EventVerb.REQUEST_LATE,
            EventVerb.REQUEST_OFFER_TRANSFER,
            EventVerb.REQUEST_RELEASE,
            EventVerb.REQUEST_REOPEN,
            EventVerb.REQUEST_ROUTE,
            EventVerb.REQUEST_SLEEP,
            EventVerb.REQUEST_TAKE,
            EventVerb.REQUEST_TAKE_BACK,
            EventVerb.TEXT_PUBLISH,
            EventVerb.TEXT_REJECT,
            EventVerb.TEXT_TAKE_OFF,
        ),
        Reach.TOPIC,
    ),
    **dict.fromkeys(
        (
            EventVerb.BAROMETER_ACTIVATE,
            EventVerb.BAROMETER_CREATE,
            EventVerb.COMMITMENT_IMPORT,
            EventVerb.COMMITMENT_REVISE,
            EventVerb.CONTRIBUTIONS_CLOSE,
            EventVerb.CONTRIBUTIONS_OPEN,
            EventVerb.EDITION_COMPARE,
            EventVerb.EDITION_PUBLISH,
            EventVerb.EDITION_WITHDRAW,
            EventVerb.IDENTITY_ERASE,
            EventVerb.MEETING_PUBLISH,
            EventVerb.MEETING_WITHDRAW,
            EventVerb.MINISTRY_CREATE,
            EventVerb.MINISTRY_REDIRECT,
            EventVerb.MINISTRY_RENAME,
            EventVerb.MINISTRY_SUCCEED,
            EventVerb.NOTICE_CHANGE,
            EventVerb.ORGANISATION_CHANGE,
            EventVerb.ORGANISATION_END,
            EventVerb.ORGANISATION_RECOGNISE,
            EventVerb.PLAN_IMPORT,
            EventVerb.PLAN_MOVE,
            EventVerb.REFORM_MAP,
        ),
        Reach.EVERYTHING,
    ),
}


class SubjectKind(StrEnum):
    ACCOUNT = "account"
    ANSWER = "answer"
    BAROMETER = "barometer"
    COMMITMENT = "commitment"
    CONTRIBUTION = "contribution"
    EDITION = "edition"
    IDENTITY = "identity"
    MAIL = "mail"
    ME_TOO = "me_too"
    MEETING = "meeting"
    MEMBERSHIP = "membership"
    MILESTONE = "milestone"
    MINISTRY = "ministry"
    ORGANISATION = "organisation"
    PLAN = "plan"
    PLAN_UPLOAD = "plan_upload"
    PROGRESS_UPDATE = "progress_update"
    REFORM = "reform"
    REPLY = "reply"
    REQUEST = "request"
    SITE = "site"
    TEXT_VERSION = "text_version"


class ActorKind(StrEnum):
    """In which capacity somebody acted: a citizen by a secret link, staff by an account, the software by itself."""

    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"


class AccessAction(StrEnum):
    ADDRESS_REVEALED = "address_revealed"
    EXPORT_FETCHED = "export_fetched"
    LINK_ASKED = "link_asked"
    LINK_REFUSED = "link_refused"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    SECOND_FACTOR_ENROLLED = "second_factor_enrolled"
    SECOND_FACTOR_LOCKED = "second_factor_locked"
    SECOND_FACTOR_PASSED = "second_factor_passed"
    SECOND_FACTOR_REFUSED = "second_factor_refused"
    SECOND_FACTOR_RESET = "second_factor_reset"
    SESSIONS_ENDED = "sessions_ended"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
