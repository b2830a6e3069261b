"""The official reply of a ministry to a comment: written by a contact, published by somebody else, at most one for a comment."""

from __future__ import annotations

from enum import StrEnum

from feedback_app.domain.workflow import Workflow


class ReplyStatus(StrEnum):
    """Where the wording in hand stands. A published reply that is being corrected is a draft again: its public wording stays."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    NOT_NEEDED = "not_needed"


class ReplyAction(StrEnum):
    """Each has an event ``reply:<action>``."""

    WRITE = "write"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    DISMISS = "dismiss"  # no reply is needed, for a reason that stays inside


_S, _A = ReplyStatus, ReplyAction
REPLY_WORKFLOW: Workflow[ReplyStatus, ReplyAction] = Workflow(
    {
        _A.WRITE: {_S.DRAFT: _S.DRAFT, _S.PUBLISHED: _S.DRAFT, _S.NOT_NEEDED: _S.DRAFT},
        _A.PROPOSE: {_S.DRAFT: _S.PROPOSED},
        _A.SEND_BACK: {_S.PROPOSED: _S.DRAFT},
        _A.PUBLISH: {_S.PROPOSED: _S.PUBLISHED},
        _A.DISMISS: {_S.DRAFT: _S.NOT_NEEDED},
    }
)


class ReplyNoteKind(StrEnum):
    """What colleagues write beside a reply. Never public."""

    SEND_BACK = "send_back"
    NOT_NEEDED = "not_needed"
