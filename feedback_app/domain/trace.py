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
    BAROMETER_ACTIVATE = "barometer:activate"
    BAROMETER_CREATE = "barometer:create"
    COMMITMENT_IMPORT = "commitment:import"
    COMMITMENT_REVISE = "commitment:revise"
    CONTRIBUTION_CONFIRM = "contribution:confirm"
    CONTRIBUTION_CORRECT = "contribution:correct"
    CONTRIBUTION_REDIRECT = "contribution:redirect"
    CONTRIBUTION_SUBMIT = "contribution:submit"
    CONTRIBUTION_WITHDRAW = "contribution:withdraw"
    CONTRIBUTIONS_CLOSE = "contributions:close"
    CONTRIBUTIONS_OPEN = "contributions:open"
    EDITION_COMPARE = "edition:compare"
    EDITION_DRAFT = "edition:draft"
    EDITION_PUBLISH = "edition:publish"
    EDITION_WITHDRAW = "edition:withdraw"
    MAIL_RETRY = "mail:retry"
    MEMBERSHIP_END = "membership:end"
    MEMBERSHIP_GRANT = "membership:grant"
    MEMBERSHIP_NARROW = "membership:narrow"
    MINISTRY_CREATE = "ministry:create"
    MINISTRY_REDIRECT = "ministry:redirect"
    MINISTRY_RENAME = "ministry:rename"
    MINISTRY_SUCCEED = "ministry:succeed"
    NOTICE_CHANGE = "notice:change"
    PLAN_IMPORT = "plan:import"
    REFORM_MAP = "reform:map"
    ROLE_END = "role:end"
    ROLE_GRANT = "role:grant"
    TEXT_PUBLISH = "text:publish"
    TEXT_REJECT = "text:reject"


class SubjectKind(StrEnum):
    ACCOUNT = "account"
    BAROMETER = "barometer"
    COMMITMENT = "commitment"
    CONTRIBUTION = "contribution"
    EDITION = "edition"
    MAIL = "mail"
    MEMBERSHIP = "membership"
    MINISTRY = "ministry"
    PLAN = "plan"
    REFORM = "reform"
    SITE = "site"
    TEXT_VERSION = "text_version"


class ActorKind(StrEnum):
    """In which capacity somebody acted: a citizen by a secret link, staff by an account, the software by itself."""

    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"


class AccessAction(StrEnum):
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
