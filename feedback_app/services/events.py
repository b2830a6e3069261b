"""The one writer of ``CaseEvent``."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack

from feedback_app.database import db
from feedback_app.domain.trace import ActorKind, EventVerb, SubjectKind
from feedback_app.models import (
    Account,
    Answer,
    Barometer,
    CaseEvent,
    CitizenRequest,
    Commitment,
    Contribution,
    Edition,
    Identity,
    Meeting,
    Membership,
    MeToo,
    Milestone,
    Ministry,
    OfficialReply,
    Organisation,
    OutgoingMail,
    Plan,
    PlanUpload,
    ProgressUpdate,
    Reform,
    SiteState,
    TextVersion,
)
from feedback_app.services import freshness

Subject = (
    Account
    | Answer
    | Barometer
    | CitizenRequest
    | Commitment
    | Contribution
    | Edition
    | Identity
    | Meeting
    | Membership
    | Milestone
    | MeToo
    | Ministry
    | OfficialReply
    | Organisation
    | OutgoingMail
    | Plan
    | PlanUpload
    | ProgressUpdate
    | Reform
    | SiteState
    | TextVersion
)

_KINDS: dict[type, SubjectKind] = {
    Account: SubjectKind.ACCOUNT,
    Answer: SubjectKind.ANSWER,
    Barometer: SubjectKind.BAROMETER,
    CitizenRequest: SubjectKind.REQUEST,
    Commitment: SubjectKind.COMMITMENT,
    Contribution: SubjectKind.CONTRIBUTION,
    Edition: SubjectKind.EDITION,
    Identity: SubjectKind.IDENTITY,
    Meeting: SubjectKind.MEETING,
    Membership: SubjectKind.MEMBERSHIP,
    Milestone: SubjectKind.MILESTONE,
    Ministry: SubjectKind.MINISTRY,
    OfficialReply: SubjectKind.REPLY,
    Organisation: SubjectKind.ORGANISATION,
    MeToo: SubjectKind.ME_TOO,
    OutgoingMail: SubjectKind.MAIL,
    Plan: SubjectKind.PLAN,
    PlanUpload: SubjectKind.PLAN_UPLOAD,
    ProgressUpdate: SubjectKind.PROGRESS_UPDATE,
    SiteState: SubjectKind.SITE,
    Reform: SubjectKind.REFORM,
    TextVersion: SubjectKind.TEXT_VERSION,
}


class More(TypedDict, total=False):
    """What some events name beside their subject. ``contribution_id``: the citizen's text that did it, when it is not the subject's.

    ``topic_id``, ``ministry_id``: of what is about a commitment, the topic, and the ministry that says so.
    """

    decision_id: int | None
    contribution_id: int | None
    to_ministry_id: int | None
    person_id: int | None
    text_id: int | None
    topic_id: int | None
    ministry_id: int | None


def record(
    verb: EventVerb,
    subject: Subject,
    *,
    at: datetime,
    actor_kind: ActorKind,
    actor_id: int | None = None,
    before: str | None = None,
    after: str | None = None,
    **more: Unpack[More],
) -> CaseEvent:
    """Add what happened to the trace, and tell the caches of pages.

    ``before`` and ``after`` are enumeration values, ids or days, never words of a person.
    """
    request, topic_id = _request(subject), more.get("topic_id") or _topic_id(subject)
    event = CaseEvent(
        at=at,
        verb=verb,
        subject_kind=_KINDS[type(subject)],
        subject_id=subject.id,
        topic_id=topic_id,
        contribution_id=more.get("contribution_id") or _contribution_id(subject),
        actor_kind=actor_kind,
        actor_id=actor_id,
        before=before,
        after=after,
        decision_id=more.get("decision_id"),
        request_id=request.id if request else None,
        ministry_id=_ministry_id(subject, request) or more.get("ministry_id"),
        to_ministry_id=more.get("to_ministry_id"),
        person_id=more.get("person_id"),
        text_id=more.get("text_id"),
    )
    db.session.add(event)
    freshness.follow(verb, topic_id)
    return event


def _ministry_id(subject: Subject, request: CitizenRequest | None) -> int | None:
    return subject.ministry_id if isinstance(subject, OfficialReply | Meeting) else request.ministry_id if request else None


def _request(subject: Subject) -> CitizenRequest | None:
    match subject:
        case CitizenRequest():
            return subject
        case Answer():
            return subject.request
    return None


def _topic_id(subject: Subject) -> int | None:
    match subject:
        case TextVersion():
            return subject.contribution.topic_id
        case Contribution() | Commitment() | CitizenRequest() | ProgressUpdate() | OfficialReply() | Meeting():
            return subject.topic_id
        case Answer() | MeToo():
            return subject.request.topic_id
    return None


def _contribution_id(subject: Subject) -> int | None:
    match subject:
        case TextVersion() | CitizenRequest() | OfficialReply() | Meeting():
            return subject.contribution_id
        case Contribution():
            return subject.id
        case Answer():
            return subject.request.contribution_id
    return None
