"""Counter-assessments: where a commitment stands for a recognised organisation, beside the ministry's word. Never signed as the State."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import joinedload

from feedback_app.database import db
from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.domain.contribution import ContributionKind, ContributionStatus
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.models import Account, Assessment, Assessor, Contribution, Identity, Organisation, TextVersion, Topic, TopicKind
from feedback_app.services import contributions, plain_rows
from feedback_app.services.locking import lock

AT_MOST = 200  # what one page shows of a commitment: some organisations, some years


class NotAssessable(ValueError):
    """Only a commitment is assessed."""


def organisations_of(actor: Actor) -> Sequence[Organisation]:
    """The organisations in whose name the person may assess, by name: the twin of ``assessment:write``."""
    if actor.is_staff:
        return []
    mine = exists().where(Assessor.organisation_id == Organisation.id, Assessor.account_id == Account.id)
    statement = select(Organisation).where(Organisation.ended_at.is_(None), mine.where(Account.identity_id == actor.identity_id))
    return db.session.scalars(statement.order_by(Organisation.name_folded, Organisation.id)).all()


def submit(
    topic: Topic,
    organisation: Organisation,
    status: CommitmentStatus,
    body: str,
    *,
    form_key: str,
    language: str,
    actor: Actor,
    at: datetime,
) -> Contribution:
    """Send an assessment to the moderators. The same form sent twice gives the same text; with another one ``FormAlreadyUsed``.

    Raises ``NotAllowed`` once the recognition has ended, ``NotAssessable``, ``ContributionsClosed``.
    """
    lock(organisation)
    authorise(actor, Permission.ASSESSMENT_WRITE, organisation)
    if topic.kind is not TopicKind.COMMITMENT:
        raise NotAssessable(topic.key)
    identity = db.session.get_one(Identity, actor.identity_id)
    sent = contributions.by_account(topic, ContributionKind.ASSESSMENT, identity, body, form_key=form_key, language=language, at=at)
    earlier = of_contribution(sent)
    if earlier is None:
        db.session.add(Assessment(contribution=sent, contribution_id=sent.id, organisation_id=organisation.id, status=status))
        db.session.flush()
    elif (earlier.organisation_id, earlier.status) != (organisation.id, status):
        raise contributions.FormAlreadyUsed(sent)
    return sent


def of_contribution(contribution: Contribution) -> Assessment | None:
    """What a text assesses, and in whose name; None for any other text."""
    if contribution.kind is not ContributionKind.ASSESSMENT:
        return None
    statement = select(Assessment).where(Assessment.contribution_id == contribution.id).options(joinedload(Assessment.organisation))
    return db.session.scalar(statement)


@dataclass(frozen=True)
class PublicAssessment:
    """A published assessment as anybody may read it: of the organisation, never of a person."""

    contribution_id: int
    organisation_id: int
    organisation: str
    website: str | None
    ended_at: datetime | None
    status: CommitmentStatus
    body: str
    language: str
    published_at: datetime
    corrected: bool


@dataclass(frozen=True)
class Voice:
    """What one organisation says of a commitment: today, and before (the latest first)."""

    latest: PublicAssessment
    earlier: Sequence[PublicAssessment]


def of_topic(topic_id: int) -> list[Voice]:
    """What organisations say of a commitment, who spoke last first. One statement."""
    said: dict[int, list[PublicAssessment]] = {}
    for row in plain_rows.read(_of_topic(), {"topic": topic_id}):
        said.setdefault(row.organisation_id, []).append(PublicAssessment(**row._asdict()))
    return [Voice(latest, earlier) for latest, *earlier in said.values()]


@cache
def _of_topic() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Assessment.contribution_id,
            Assessment.organisation_id,
            Organisation.name.label("organisation"),
            Organisation.website,
            Organisation.ended_at,
            Assessment.status,
            TextVersion.body,
            Contribution.language,
            Contribution.published_at,
            (TextVersion.number > 1).label("corrected"),
        )
        .join(Contribution, Assessment.contribution_id == Contribution.id)
        .join(Organisation, Assessment.organisation_id == Organisation.id)
        .join(TextVersion, Contribution.current_version_id == TextVersion.id)
        .where(Contribution.topic_id == bindparam("topic"), Contribution.status == ContributionStatus.PUBLISHED)
        .order_by(Contribution.published_at.desc(), Contribution.id.desc())
        .limit(AT_MOST)
    )


def of_organisations(organisations: Sequence[Organisation], limit: int = 50) -> Sequence[Assessment]:
    """What was sent in the name of these, whoever of them wrote it, the latest first."""
    statement = (
        select(Assessment)
        .where(Assessment.organisation_id.in_([one.id for one in organisations]))
        .join(Assessment.contribution)
        .where(Contribution.status != ContributionStatus.WITHDRAWN)
        .options(
            joinedload(Assessment.organisation),
            joinedload(Assessment.contribution).joinedload(Contribution.topic),
            joinedload(Assessment.contribution).joinedload(Contribution.current_version),
        )
        .order_by(Assessment.id.desc())
        .limit(limit)
    )
    return db.session.scalars(statement).all() if organisations else []
