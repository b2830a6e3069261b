"""How a meeting leaves every page: with the text of the citizen who proposed it, or by the word of staff or of a moderator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.meeting import MEETING_WORKFLOW, MeetingAction, MeetingStatus
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import Contribution, Meeting
from feedback_app.services import events

NOBODY_S_TITLE = "Rendez-vous retiré"


def author_withdrew(contribution: Contribution, *, at: datetime) -> None:
    """The citizen took the proposal back. Nothing for any other text."""
    if contribution.kind is not ContributionKind.MEETING:
        return
    _with_its_text(contribution, at=at, actor_kind=ActorKind.CITIZEN, actor_id=contribution.identity_id)


def taken_off(contribution: Contribution, *, moderator_id: int, at: datetime) -> None:
    """A moderator took the proposal off the site."""
    _with_its_text(contribution, at=at, actor_kind=ActorKind.STAFF, actor_id=moderator_id)


def _with_its_text(contribution: Contribution, *, at: datetime, actor_kind: ActorKind, actor_id: int | None) -> None:
    meeting = db.session.scalar(select(Meeting).where(Meeting.contribution_id == contribution.id))
    if meeting is not None and meeting.status is not MeetingStatus.WITHDRAWN:
        withdraw(meeting, at=at, actor_kind=actor_kind, actor_id=actor_id)


def withdraw(meeting: Meeting, *, at: datetime, actor_kind: ActorKind, actor_id: int | None) -> None:
    """Advance and record."""
    before, meeting.status = meeting.status, MEETING_WORKFLOW.next(meeting.status, MeetingAction.WITHDRAW)
    if meeting.topic:
        meeting.topic.title = NOBODY_S_TITLE
    events.record(
        EventVerb.MEETING_WITHDRAW,
        meeting,
        at=at,
        actor_kind=actor_kind,
        actor_id=actor_id,
        before=before.value,
        after=meeting.status.value,
    )
