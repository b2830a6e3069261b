"""Editions as the public sees them: publish, withdraw, and which one a page shows. Drafts are written by ``edition_drafts``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, select, update

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.barometer import EDITION_WORKFLOW, EditionAction, EditionStatus, Refusal
from feedback_app.domain.policy import Actor
from feedback_app.domain.trace import EventVerb, SubjectKind
from feedback_app.models import (
    Barometer,
    CaseEvent,
    Edition,
    EditionIndicator,
    EditionReform,
    EditionWithdrawal,
    Indicator,
    Reform,
    Topic,
    TopicKind,
)
from feedback_app.services import events
from feedback_app.services.barometers import allow, traced
from feedback_app.services.locking import lock


class EditionRefused(Exception):
    """The edition stays as it is. ``other``: the edition that stands in the way, if one does."""

    def __init__(self, reason: Refusal, other: Edition | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.other = other


def publish(edition: Edition, *, at: datetime, actor: Actor | None = None, seen_comparison: datetime | None = None) -> None:
    """Make a draft public: one short step, within the caller's transaction.

    ``seen_comparison``: when the comparison that the actor has read was made; None for a command, which has just made it.

    The edition must be written to its end and compared with the published edition before it. Raises ``EditionRefused`` where that is
    not so, or no longer (another edition was published or withdrawn meanwhile), and ``MoveRefused`` for what is no draft.
    """
    allow(actor, edition)
    barometer = edition.barometer
    lock(barometer)
    db.session.refresh(edition)
    sent_twice = edition.status is EditionStatus.PUBLISHED and edition.compared_at == seen_comparison
    if sent_twice and actor is not None and _published_by(edition) == actor.identity_id:
        return
    after = EDITION_WORKFLOW.next(edition.status, EditionAction.PUBLISH)
    _expect_ready(edition)
    if seen_comparison is not None and edition.compared_at != seen_comparison:
        raise EditionRefused(Refusal.COMPARED_ANEW)
    before, edition.status = edition.status, EDITION_WORKFLOW.next(edition.status, EditionAction.PUBLISH)
    edition.published_at = at
    db.session.flush()
    following = _following(edition)
    if following is not None:
        _compare_again(following, edition)
    newest = latest(barometer)
    _open_topics(edition, names=newest is not None and newest.id == edition.id)
    if edition.compared_with is not None:
        renew_topics(edition.compared_with)  # pages of indicators that this edition has no more say so
    events.record(EventVerb.EDITION_PUBLISH, edition, before=before.value, after=after.value, **traced(actor, at))


def _published_by(edition: Edition) -> int | None:
    this = (CaseEvent.subject_kind == SubjectKind.EDITION, CaseEvent.subject_id == edition.id, CaseEvent.verb == EventVerb.EDITION_PUBLISH)
    return db.session.scalar(select(CaseEvent.actor_id).where(*this).order_by(CaseEvent.id.desc()).limit(1))


def _expect_ready(edition: Edition) -> None:
    if edition.completed_at is None:
        raise EditionRefused(Refusal.INCOMPLETE)
    expect_free(edition.barometer, edition.date)
    if edition.compared_at is None:
        raise EditionRefused(Refusal.NOT_COMPARED)
    before = predecessor(edition.barometer_id, edition.date)
    if (before.id if before else None) != edition.compared_with_id:
        raise EditionRefused(Refusal.PREDECESSOR_CHANGED, before)


def obstacle(edition: Edition) -> Refusal | None:
    """What stands in the way of publishing a draft now; None: nothing."""
    try:
        _expect_ready(edition)
    except EditionRefused as refused:
        return refused.reason
    return None


def find(barometer: Barometer, edition_id: int) -> Edition | None:
    """An edition of this barometer in any state, for those who manage them; None for one that was given up."""
    edition = db.session.get(Edition, edition_id)
    is_there = edition is not None and edition.barometer_id == barometer.id and edition.status is not EditionStatus.DISCARDED
    return edition if is_there else None


def expect_free(barometer: Barometer, on: date) -> None:
    """Raise ``EditionRefused`` where nothing may be published on this date.

    A date is taken by its published edition; one before the newest published edition is free only to replace a withdrawn edition.
    """
    if (same := published_on(barometer, on)) is not None:
        raise EditionRefused(Refusal.OTHER_CONTENT, same)
    newest = latest(barometer)
    if newest is not None and on < newest.date and withdrawn_on(barometer, on) is None:
        raise EditionRefused(Refusal.TOO_OLD, newest)


def withdraw(edition: Edition, reason: str, *, at: datetime, actor: Actor | None = None) -> None:
    """Take a published edition back, for a reason that everybody may read. Its figures stop being shown.

    The edition after it is compared with the one before it from now on: its revisions are hidden until they are computed again
    (``edition_comparison.due``). Raises ``MoveRefused`` for what is not published, ``ValueError`` without a reason.
    """
    allow(actor, edition)
    if not reason.strip():
        raise ValueError("a withdrawal needs a reason")
    lock(edition.barometer)
    db.session.refresh(edition)
    before, edition.status = edition.status, EDITION_WORKFLOW.next(edition.status, EditionAction.WITHDRAW)
    edition.withdrawn_at = at
    edition.withdrawal = EditionWithdrawal(reason=reason, at=at)
    db.session.flush()
    following = _following(edition)
    if following is not None:
        _compare_again(following, predecessor(following.barometer_id, following.date))
    newest = latest(edition.barometer)
    renew_topics(edition)
    if newest is not None:
        _open_topics(newest, names=True)
    events.record(EventVerb.EDITION_WITHDRAW, edition, before=before.value, after=edition.status.value, **traced(actor, at))


def discard(edition: Edition, *, at: datetime, actor: Actor | None = None) -> None:
    """Give up a draft: it cannot be published from now on, and the job process deletes it (``edition_drafts.DraftRemoval``).

    Raises ``MoveRefused`` for what is no draft.
    """
    allow(actor, edition)
    lock(edition.barometer)
    db.session.refresh(edition)
    before, edition.status = edition.status, EDITION_WORKFLOW.next(edition.status, EditionAction.DISCARD)
    events.record(EventVerb.EDITION_DISCARD, edition, before=before.value, after=edition.status.value, **traced(actor, at))


def _compare_again(edition: Edition, before: Edition | None) -> None:
    edition.compared_with_id = before.id if before else None
    edition.compared_at = None
    edition.new_observation_count = None


def _open_topics(edition: Edition, *, names: bool) -> None:
    """Give each indicator of a published edition a topic, and renew its page. ``names``: it is the newest, its names are the names."""
    statement = (
        select(Indicator, EditionIndicator, EditionReform.name, Reform)
        .join(EditionIndicator, EditionIndicator.indicator_id == Indicator.id)
        .join(Reform, Reform.id == EditionIndicator.reform_id)
        .join(EditionReform, (EditionReform.edition_id == edition.id) & (EditionReform.reform_id == Reform.id))
        .where(EditionIndicator.edition_id == edition.id)
        .order_by(EditionIndicator.position)
    )
    found = db.session.execute(statement).all()
    topics = {topic.id: topic for topic in db.session.scalars(select(Topic).where(Topic.id.in_(_topic_ids(edition))))}
    slug = edition.barometer.slug
    for indicator, described, reform_name, reform in found:
        if indicator.topic_id is None:
            key = addresses.indicator_key(slug, indicator.code)
            indicator.topic = Topic(key=key, kind=TopicKind.INDICATOR, title=described.name, ministry_id=reform.ministry_id)
            indicator.reform_id = reform.id
        elif names:
            topic = topics[indicator.topic_id]
            topic.title, topic.ministry_id, indicator.reform_id = described.name, reform.ministry_id, reform.id
        if names:
            reform.name = reform_name
    db.session.flush()
    renew_topics(edition)


def _topic_ids(edition: Edition) -> Select[int | None]:
    return (
        select(Indicator.topic_id)
        .join(EditionIndicator, EditionIndicator.indicator_id == Indicator.id)
        .where(EditionIndicator.edition_id == edition.id, Indicator.topic_id.is_not(None))
    )


def renew_topics(edition: Edition) -> None:
    """Tell the caches that the pages of its indicators show something else now."""
    db.session.execute(
        update(Topic).where(Topic.id.in_(_topic_ids(edition))).values(content_version=Topic.content_version + 1),
        execution_options={"synchronize_session": "fetch"},
    )


def latest(barometer: Barometer) -> Edition | None:
    """The edition that pages show: the newest published one, or None."""
    return db.session.scalar(_published(barometer.id).order_by(Edition.date.desc()).limit(1))


def predecessor(barometer_id: int, on: date) -> Edition | None:
    """The newest published edition dated before ``on``, or None."""
    return db.session.scalar(_published(barometer_id).where(Edition.date < on).order_by(Edition.date.desc()).limit(1))


def _following(edition: Edition) -> Edition | None:
    statement = _published(edition.barometer_id).where(Edition.date > edition.date)
    return db.session.scalar(statement.order_by(Edition.date).limit(1))


def _published(barometer_id: int) -> Select[Edition]:
    return select(Edition).where(Edition.barometer_id == barometer_id, Edition.status == EditionStatus.PUBLISHED)


def published_on(barometer: Barometer, on: date) -> Edition | None:
    """The published edition of a date, or None."""
    return db.session.scalar(_published(barometer.id).where(Edition.date == on))


def withdrawn_on(barometer: Barometer, on: date) -> Edition | None:
    """The edition of a date that was withdrawn (the last one, if several were), or None."""
    statement = select(Edition).where(Edition.barometer_id == barometer.id, Edition.date == on, Edition.status == EditionStatus.WITHDRAWN)
    return db.session.scalar(statement.order_by(Edition.number.desc()).limit(1))


def public_on(barometer: Barometer, on: date) -> Edition | None:
    """What the page of a date is about: its published edition, else the withdrawn one with its reason; never a draft."""
    return published_on(barometer, on) or withdrawn_on(barometer, on)


def draft_on(barometer: Barometer, on: date) -> Edition | None:
    """The draft of a date, whole or half-written, or None."""
    statement = select(Edition).where(Edition.barometer_id == barometer.id, Edition.date == on, Edition.status == EditionStatus.DRAFT)
    return db.session.scalar(statement.order_by(Edition.number.desc()).limit(1))


def all_of(barometer: Barometer) -> Sequence[Edition]:
    """All its editions, drafts and withdrawn ones too, the newest date first: for those who manage them, never for the public."""
    statement = select(Edition).where(Edition.barometer_id == barometer.id, Edition.status != EditionStatus.DISCARDED)
    return db.session.scalars(statement.order_by(Edition.date.desc(), Edition.number.desc())).all()
