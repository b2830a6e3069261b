"""The one writer of ``CaseEvent``."""

from __future__ import annotations

from datetime import datetime

from feedback_app.database import db
from feedback_app.domain.trace import ActorKind, EventVerb, SubjectKind
from feedback_app.models import (
    Account,
    Barometer,
    CaseEvent,
    Commitment,
    Contribution,
    Edition,
    Membership,
    Ministry,
    OutgoingMail,
    Plan,
    Reform,
    SiteState,
    TextVersion,
)

_KINDS: dict[type, SubjectKind] = {
    Account: SubjectKind.ACCOUNT,
    Barometer: SubjectKind.BAROMETER,
    Commitment: SubjectKind.COMMITMENT,
    Contribution: SubjectKind.CONTRIBUTION,
    Edition: SubjectKind.EDITION,
    Membership: SubjectKind.MEMBERSHIP,
    Ministry: SubjectKind.MINISTRY,
    OutgoingMail: SubjectKind.MAIL,
    Plan: SubjectKind.PLAN,
    SiteState: SubjectKind.SITE,
    Reform: SubjectKind.REFORM,
    TextVersion: SubjectKind.TEXT_VERSION,
}


def record(
    verb: EventVerb,
    subject: Account
    | Barometer
    | Commitment
    | Contribution
    | Edition
    | Membership
    | Ministry
    | OutgoingMail
    | Plan
    | Reform
    | SiteState
    | TextVersion,
    *,
    at: datetime,
    actor_kind: ActorKind,
    actor_id: int | None = None,
    before: str | None = None,
    after: str | None = None,
    decision_id: int | None = None,
) -> CaseEvent:
    """Add what happened to the trace. ``before`` and ``after`` are enumeration values or ids, never words of a person."""
    contribution = subject.contribution if isinstance(subject, TextVersion) else subject if isinstance(subject, Contribution) else None
    topic_id = contribution.topic_id if contribution else subject.topic_id if isinstance(subject, Commitment) else None
    event = CaseEvent(
        at=at,
        verb=verb,
        subject_kind=_KINDS[type(subject)],
        subject_id=subject.id,
        topic_id=topic_id,
        contribution_id=contribution.id if contribution else None,
        actor_kind=actor_kind,
        actor_id=actor_id,
        before=before,
        after=after,
        decision_id=decision_id,
    )
    db.session.add(event)
    return event
