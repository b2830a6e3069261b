"""Meetings and productions: written by staff and published by somebody else, or proposed by a citizen and published by a moderator."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.attachment import Attachment
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.meeting import MEETING_WORKFLOW, Facts, MeetingAction, MeetingStatus
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.text import render_official
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import Contribution, Meeting, MeetingFile, MeetingLink, MeetingVersion, Ministry, Topic, TopicKind
from feedback_app.services import contributions, events, meeting_moves
from feedback_app.services.contributions import NewText
from feedback_app.services.locking import lock
from feedback_app.services.wordings import Written, expect

TOLD = ("kind", "title", "starts_at", "ends_at", "place", "link", "organisers", "participants")
PROPOSED_TITLE = "Rendez-vous proposé"  # of its topic, until somebody has read the title that a citizen gave it


def find(meeting_id: int) -> Meeting | None:
    """A meeting in whatever state, with its wordings: for those who may see it."""
    statement = select(Meeting).where(Meeting.id == meeting_id).options(selectinload(Meeting.versions))
    return db.session.scalar(statement) if meeting_id < 2**63 else None


def of_contribution(contribution: Contribution) -> Meeting | None:
    """What a citizen's text proposes; None for any other text."""
    if contribution.kind is not ContributionKind.MEETING:
        return None
    return db.session.scalar(select(Meeting).where(Meeting.contribution_id == contribution.id))


def propose(facts: Facts, body: str, email: str, *, form_key: str, language: str, at: datetime) -> Contribution:
    """A citizen proposes a meeting: their address is confirmed by mail, then a moderator reads ``body``, which says all the facts.

    Raises ``WrongFacts``, ``FormAlreadyUsed``, ``ContributionsClosed``. The same form sent twice makes one proposal.
    """
    facts.check()
    topic = Topic(key=f"rendez-vous:{form_key}", kind=TopicKind.MEETING, title=PROPOSED_TITLE)
    with db.session.no_autoflush:
        new = NewText(body=body, email=email, public_name=None)
        sent = contributions.submit(topic, ContributionKind.MEETING, new, form_key=form_key, language=language, at=at)
    if of_contribution(sent) is not None:
        return sent
    meeting = _begin(None, sent, MeetingStatus.SENT, at=at)
    _add_version(meeting, facts, None, actor=None, at=at)
    _record(meeting, EventVerb.MEETING_WRITE, at=at)
    return sent


def accepted(contribution: Contribution, *, at: datetime) -> None:
    """A moderator published the proposal: everybody reads it. Nothing for any other text."""
    meeting = of_contribution(contribution)
    if meeting is None:
        return
    before, meeting.status = meeting.status, MEETING_WORKFLOW.next(meeting.status, MeetingAction.PUBLISH)
    _show(meeting, at=at)
    _record(meeting, EventVerb.MEETING_PUBLISH, at=at, before=before)


def write(
    meeting: Meeting | None,
    facts: Facts,
    *,
    ministry: Ministry | None,
    file: Attachment | None,
    keep_file: bool = True,
    actor: Actor,
    seen_wording: int,
    at: datetime,
) -> Meeting:
    """Write a meeting of a ministry (None: of the site itself), or another wording of it, for somebody else to publish.

    ``file``: new minutes; without one the file of the wording before stays, unless ``keep_file`` is false. Raises ``WrongFacts``,
    ``NotAllowed``, ``Conflict`` with the description that somebody else wrote meanwhile. Sent twice, it is one meeting.
    """
    facts.check()
    if meeting is None:
        authorise(actor, Permission.MEETING_WRITE, Meeting(ministry_id=ministry.id if ministry else None, versions=[]))
        if just_written := _just_written(facts, ministry, actor):
            return just_written
        meeting = _begin(ministry, None, MeetingStatus.PREPARED, at=at)
        before = meeting.status
    else:
        _hold(meeting, Permission.MEETING_WRITE, actor, seen_wording)
        before, meeting.status = meeting.status, MEETING_WORKFLOW.next(meeting.status, MeetingAction.WRITE)
    kept = meeting.latest.file_id if meeting.versions and keep_file else None
    _add_version(meeting, facts, _keep(file, at=at) if file else kept, actor=actor, at=at)
    _record(meeting, EventVerb.MEETING_WRITE, at=at, actor=actor, before=before)
    return meeting


def _just_written(facts: Facts, ministry: Ministry | None, actor: Actor) -> Meeting | None:
    """The last meeting that this person began, where it says just this and nobody has published nor rewritten it."""
    theirs = select(Meeting).join(MeetingVersion).where(MeetingVersion.author_id == actor.identity_id, MeetingVersion.number == 1)
    last = db.session.scalar(theirs.order_by(Meeting.id.desc()).limit(1))
    if last is None or last.status is not MeetingStatus.PREPARED or last.ministry_id != (ministry.id if ministry else None):
        return None
    told = {**{name: getattr(facts, name) for name in TOLD}, **_official(facts)}
    return last if last.latest.number == 1 and all(getattr(last.latest, name) == value for name, value in told.items()) else None


def publish(meeting: Meeting, *, actor: Actor, seen_wording: int, at: datetime) -> None:
    """Publish the wording that was read: by somebody who wrote none of it. Raises ``NotAllowed``, ``Conflict``, ``MoveRefused``."""
    lock(meeting)
    db.session.refresh(meeting, ["versions"])
    if meeting.published_number == meeting.latest.number == seen_wording and meeting.published_by_id == actor.identity_id:
        return  # a double click
    _hold(meeting, Permission.MEETING_PUBLISH, actor, seen_wording)
    if meeting.published_number == meeting.latest.number:
        raise MoveRefused(meeting.status, MeetingAction.PUBLISH)
    before, meeting.status = meeting.status, MEETING_WORKFLOW.next(meeting.status, MeetingAction.PUBLISH)
    meeting.published_by_id = actor.identity_id
    _show(meeting, at=at)
    _record(meeting, EventVerb.MEETING_PUBLISH, at=at, actor=actor, before=before)


def withdraw(meeting: Meeting, *, actor: Actor, at: datetime) -> None:
    """Take it off every page, list, file and calendar. Withdrawn twice, nothing changes. Raises ``NotAllowed``."""
    lock(meeting)
    authorise(actor, Permission.MEETING_WITHDRAW, meeting)
    if meeting.status is MeetingStatus.WITHDRAWN:
        return
    meeting_moves.withdraw(meeting, at=at, actor_kind=ActorKind.STAFF, actor_id=actor.identity_id)


def _begin(ministry: Ministry | None, sent: Contribution | None, status: MeetingStatus, *, at: datetime) -> Meeting:
    meeting = Meeting(
        ministry_id=ministry.id if ministry else None,
        contribution_id=sent.id if sent else None,
        topic_id=sent.topic_id if sent else None,
        status=status,
        created_at=at,
        versions=[],
    )
    db.session.add(meeting)
    db.session.flush()
    if sent:  # its address is known now
        sent.topic.key = addresses.meeting_key(meeting.id)
    return meeting


def _add_version(meeting: Meeting, facts: Facts, file_id: int | None, *, actor: Actor | None, at: datetime) -> None:
    version = MeetingVersion(
        number=len(meeting.versions) + 1,
        kind=facts.kind,
        title=facts.title,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        place=facts.place,
        link=facts.link,
        organisers=facts.organisers,
        participants=facts.participants,
        file_id=file_id,
        author_id=actor.identity_id if actor else None,
        written_at=at,
        **(_official(facts) if actor else _plain(facts)),
    )
    version.links = [MeetingLink(topic_id=one) for one in sorted(facts.topic_ids)]
    version.links += [MeetingLink(reform_id=one) for one in sorted(facts.reform_ids)]
    meeting.versions.append(version)
    db.session.flush()


def _official(facts: Facts) -> dict[str, Any]:
    """What staff write is a small Markdown."""
    description, minutes = render_official(facts.description), render_official(facts.minutes)
    return {
        "description": description.source,
        "description_html": description.html,
        "minutes": minutes.source,
        "minutes_html": minutes.html,
        "renderer": description.renderer,
    }


def _plain(facts: Facts) -> dict[str, Any]:
    """What a citizen writes is plain text."""
    return {"description": facts.description, "minutes": facts.minutes}


def _keep(file: Attachment, *, at: datetime) -> int:
    row = MeetingFile(name=file.name, media_type=file.media_type, size=len(file.content), content=file.content, sent_at=at)
    db.session.add(row)
    db.session.flush()
    return row.id


def _hold(meeting: Meeting, permission: Permission, actor: Actor, seen_wording: int) -> None:
    lock(meeting)
    db.session.refresh(meeting, ["versions"])
    authorise(actor, permission, meeting)
    latest = meeting.latest
    expect(Written(latest.number, latest.description, latest.author_id, latest.written_at), seen_wording)


def _show(meeting: Meeting, *, at: datetime) -> None:
    """From now on everybody reads the latest wording."""
    meeting.published_number, meeting.starts_at = meeting.latest.number, meeting.latest.starts_at
    meeting.published_at = meeting.published_at or at
    if meeting.topic:
        meeting.topic.title = meeting.latest.title


def _record(meeting: Meeting, verb: EventVerb, *, at: datetime, actor: Actor | None = None, before: MeetingStatus | None = None) -> None:
    events.record(
        verb,
        meeting,
        at=at,
        actor_kind=ActorKind.STAFF if actor else ActorKind.CITIZEN if verb is EventVerb.MEETING_WRITE else ActorKind.SYSTEM,
        actor_id=actor.identity_id if actor else None,
        before=before.value if before else None,
        after=meeting.status.value,
    )
