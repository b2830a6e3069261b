"""The whole sample, as ``make demo`` shows it: every state there is, histories that could have happened, nothing real, nothing to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

import pytest
from flask import Flask
from sqlalchemy import Select, func, select

from feedback_app.database import db
from feedback_app.demo.people import COLLEAGUES, LEARNING, PEOPLE, WAYS
from feedback_app.domain.case import (
    CASE_WORKFLOW,
    REQUEST_KINDS,
    AnswerStatus,
    CaseAction,
    CaseStatus,
    CaseTextKind,
    OfferStatus,
    Outcome,
    RefusalGround,
    Verdict,
)
from feedback_app.domain.commitment import CommitmentStatus, UpdateStatus
from feedback_app.domain.contribution import THREAD_KINDS, ContributionKind, ContributionStatus, Ground, TextStatus
from feedback_app.domain.meeting import MeetingKind, MeetingStatus
from feedback_app.domain.reply import ReplyStatus
from feedback_app.domain.trace import EventVerb
from feedback_app.models import (
    Answer,
    AnswerRating,
    AnswerVersion,
    CaseEvent,
    CaseText,
    CitizenRequest,
    Commitment,
    Contribution,
    Edition,
    Identity,
    MailStatus,
    Meeting,
    MeetingVersion,
    MeToo,
    Milestone,
    ModerationDecision,
    OfficialReply,
    OfficialReplyVersion,
    Organisation,
    OutgoingMail,
    Plan,
    ProgressUpdate,
    TextVersion,
    TransferOffer,
)
from feedback_app.services import assessments, meeting_lists, reply_desk, statistics
from feedback_app.services.cases import closing, conversation, transfers
from feedback_app.services.paging import Window
from feedback_app.services.progress import dashboard
from tests.conftest import NOW

TODAY = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC)
STATES = [
    (CitizenRequest.status, CaseStatus),
    (Contribution.kind, ContributionKind),
    (Contribution.status, ContributionStatus),
    (TextVersion.status, TextStatus),
    (TransferOffer.status, OfferStatus),
    (Answer.status, AnswerStatus),
    (Answer.outcome, Outcome),
    (AnswerRating.verdict, Verdict),
    (CaseText.kind, CaseTextKind),
    (ModerationDecision.ground, Ground),
    (OfficialReply.status, ReplyStatus),
    (Meeting.status, MeetingStatus),
    (MeetingVersion.kind, MeetingKind),
]


def counted(site: Flask, column: object) -> Counter[object]:
    with site.app_context():
        return Counter(db.session.scalars(select(column)))  # type: ignore[call-overload]


def rows(site: Flask, statement: Select[object]) -> Sequence[object]:
    with site.app_context():
        return db.session.scalars(statement).all()


@pytest.mark.parametrize(("column", "all_of_them"), STATES, ids=str)
def test_there_is_one_of_each(whole_demo: Flask, column: object, all_of_them: type) -> None:
    assert set(all_of_them) - set(counted(whole_demo, column)) == set()


def test_each_move_of_a_case_has_happened(whole_demo: Flask) -> None:
    verbs = set(counted(whole_demo, CaseEvent.verb))
    assert {EventVerb(f"request:{action.value}") for action in CaseAction} - verbs == {EventVerb.REQUEST_FOLLOW_SUCCESSOR}
    assert EventVerb.REQUEST_LATE in verbs


def test_there_are_as_many_as_promised(whole_demo: Flask) -> None:
    kinds = counted(whole_demo, Contribution.kind)
    assert sum(kinds[kind] for kind in THREAD_KINDS) == 300
    assert sum(kinds[kind] for kind in REQUEST_KINDS) >= 120
    refused = counted(whole_demo, Answer.refusal_ground)
    assert len(set(refused) & set(RefusalGround)) >= 4


def test_the_conversation_lasts_eighteen_months_and_ends_yesterday(whole_demo: Flask) -> None:
    with whole_demo.app_context():
        times = [event.at for event in db.session.scalars(select(CaseEvent).order_by(CaseEvent.id))]
        sent = db.session.scalars(select(Contribution.created_at)).all()
    assert times == sorted(times)
    assert times[-1] < TODAY
    assert timedelta(days=500) < TODAY - min(sent) < timedelta(days=560)
    by_quarter = Counter((moment.year, (moment.month - 1) // 3) for moment in sent)
    assert min(by_quarter[quarter] for quarter in sorted(by_quarter)[1:]) > 25  # but for the one in which it began


def test_no_day_that_is_past_lies_in_the_future(whole_demo: Flask) -> None:
    past = (
        Contribution.created_at,
        Contribution.published_at,
        Answer.published_at,
        AnswerRating.rated_at,
        CaseText.written_at,
        AnswerVersion.written_at,
        CitizenRequest.status_since,
        TransferOffer.offered_at,
        ModerationDecision.decided_at,
        OutgoingMail.created_at,
        Edition.published_at,
        ProgressUpdate.published_at,
        MeToo.confirmed_at,
        OfficialReply.published_at,
        OfficialReplyVersion.written_at,
        Meeting.published_at,
        MeetingVersion.written_at,
        Organisation.recognised_at,
    )
    with whole_demo.app_context():
        latest = [db.session.scalar(select(func.max(column))) for column in past]
    assert [str(column) for column, moment in zip(past, latest, strict=True) if moment is None or moment >= NOW] == []


def test_the_history_of_each_case_is_a_way_through_the_workflow(whole_demo: Flask) -> None:
    moves = {EventVerb(f"request:{action.value}"): action for action in CaseAction}
    with whole_demo.app_context():
        events = db.session.scalars(select(CaseEvent).where(CaseEvent.verb.in_(moves)).order_by(CaseEvent.request_id, CaseEvent.id)).all()
        histories = {request: list(happened) for request, happened in groupby(events, key=lambda event: event.request_id)}
        cases = db.session.scalars(select(CitizenRequest)).all()
        for case in cases:
            status = CaseStatus.RECEIVED
            for event in histories.get(case.id, []):
                assert event.before == status.value, case.reference
                status = CASE_WORKFLOW.next(status, moves[event.verb])
                assert event.after == status.value, case.reference
            assert status is case.status, case.reference


def test_nothing_was_left_undone_by_the_jobs_of_the_past(whole_demo: Flask) -> None:
    with whole_demo.app_context():
        assert closing.without_a_word(TODAY) == []
        assert conversation.waiting_too_long(TODAY) == []
        assert transfers.left_unanswered(TODAY) == []


def test_the_desks_and_queues_that_visitors_open_are_not_empty(whole_demo: Flask) -> None:
    with whole_demo.app_context():
        late = select(func.count()).where(CitizenRequest.due_on < TODAY.date(), CitizenRequest.status.in_(["open", "assigned"]))
        unrouted = select(func.count()).where(CitizenRequest.ministry_id.is_(None), CitizenRequest.status == CaseStatus.OPEN)
        waiting = select(func.count()).where(TextVersion.status == TextStatus.PENDING, TextVersion.submitted_at.is_not(None))
        assert (db.session.scalar(late) or 0) >= 5
        assert db.session.scalar(unrouted) == 2
        assert (db.session.scalar(waiting) or 0) >= 20


def test_one_ministry_is_late_and_of_another_there_is_too_little_to_say(whole_demo: Flask) -> None:
    with whole_demo.app_context():
        shown = statistics.published()
    assert shown is not None
    lines = {line.slug: line for line in shown.lines if line.slug}
    late, few = lines[WAYS], lines[LEARNING]
    others = [line for slug, line in lines.items() if slug not in {WAYS, LEARNING}]
    assert len(others) == 3
    for line in others:
        assert (line.median_days or 99) <= 15 < (late.median_days or 0)
        assert (line.in_time or 0) > 80 > 40 > (late.in_time or 0)
    assert late.late >= 4
    assert few.answered > 0
    assert few.median_days is None


def test_few_mails_of_the_past_are_kept_and_what_is_owed_is_still_owed(whole_demo: Flask) -> None:
    with whole_demo.app_context():
        mails = db.session.scalars(select(OutgoingMail)).all()
    assert 5 < len(mails) < 60
    assert all(mail.created_at >= NOW - timedelta(days=3) or mail.due_at > NOW for mail in mails)
    assert all(mail.status is MailStatus.WAITING for mail in mails)


def test_some_requests_are_answered_in_private(whole_demo: Flask) -> None:
    private = select(CitizenRequest.status).join(Contribution, CitizenRequest.contribution_id == Contribution.id)
    statuses = rows(whole_demo, private.where(Contribution.status == ContributionStatus.REJECTED))
    assert CaseStatus.ASSIGNED in statuses
    assert {CaseStatus.ANSWERED, CaseStatus.CLOSED} & set(statuses)


def test_no_two_texts_are_the_same_and_few_begin_alike(whole_demo: Flask) -> None:
    texts = [str(text) for text in rows(whole_demo, select(TextVersion.body).where(TextVersion.number == 1))]
    assert [text for text, times in Counter(texts).items() if times > 1] == []
    beginnings = Counter(text[:40] for text in texts)
    assert max(beginnings.values()) <= 6
    sources = [str(source) for source in rows(whole_demo, select(AnswerVersion.source).where(AnswerVersion.number == 1))]
    assert len(set(sources)) == len(sources) > 90


def test_no_two_neighbours_of_a_thread_say_the_same(whole_demo: Flask) -> None:
    with whole_demo.app_context():
        said = db.session.execute(
            select(Contribution.topic_id, TextVersion.body)
            .join(TextVersion, Contribution.current_version_id == TextVersion.id)
            .where(Contribution.kind.in_(THREAD_KINDS))
            .order_by(Contribution.topic_id, Contribution.created_at)
        ).all()
    for (topic, first), (following, second) in pairwise(said):
        common = set(first.lower().split()) & set(second.lower().split())
        shorter = min(len(set(first.split())), len(set(second.split())))
        assert topic != following or len(common) < 0.7 * shorter, (first, second)


def test_no_blank_was_left_unfilled(whole_demo: Flask) -> None:
    texts = rows(whole_demo, select(TextVersion.body)) + rows(whole_demo, select(AnswerVersion.source))  # type: ignore[operator]
    texts += rows(whole_demo, select(CaseText.source))  # type: ignore[operator]
    marks = ("{lieu", "{sujet", "{n}", "{m}", "{val", "{dans", " // ", "@2 ", "@3 ", " de les rel", " de le bon", " à Les ", " de Les ")
    assert [text for text in texts if any(mark in str(text) for mark in marks)] == []


def test_ministries_say_where_their_promises_stand(whole_demo: Flask) -> None:
    commitments, milestones = counted(whole_demo, Commitment.status), counted(whole_demo, Milestone.status)
    for status in (CommitmentStatus.PLANNED, CommitmentStatus.AT_RISK, CommitmentStatus.BLOCKED, CommitmentStatus.COMPLETED):
        assert commitments[status] >= 1, status
    assert milestones[CommitmentStatus.COMPLETED] > 20
    assert milestones[CommitmentStatus.PARTLY_COMPLETED] == 1
    updates = counted(whole_demo, ProgressUpdate.status)
    assert updates[UpdateStatus.PUBLISHED] > 40
    assert updates[UpdateStatus.PROPOSED] == 2
    with whole_demo.app_context():
        plan = db.session.scalars(select(Plan)).one()
        assert dashboard.late_milestone_count(plan, today=TODAY.date()) >= 5
        for update in db.session.scalars(select(ProgressUpdate).where(ProgressUpdate.status == UpdateStatus.PUBLISHED)):
            assert update.published_by_id not in update.author_ids


def test_meetings_are_to_come_and_over_with_their_minutes_by_the_state_and_by_civil_society(whole_demo: Flask) -> None:
    with whole_demo.app_context():
        coming, over = (found(Window(), at=TODAY).items for found in (meeting_lists.upcoming, meeting_lists.past))
        assert {one.meeting.ministry_id is None for one in coming} == {one.meeting.ministry_id is None for one in over} == {True, False}
        assert any("caisses" in (one.minutes_html or "") and one.participants == 47 for one in over)
        assert not any("botte" in one.title for one in coming)


def test_some_comments_have_their_official_reply_and_an_organisation_says_otherwise(whole_demo: Flask) -> None:
    with whole_demo.app_context():
        published = select(OfficialReply).where(OfficialReply.status == ReplyStatus.PUBLISHED)
        for reply in db.session.scalars(published):
            assert reply.published_by_id not in {version.author_id for version in reply.versions}
            assert reply_desk.below([reply.contribution_id])[reply.contribution_id]
        first = db.session.execute(select(Commitment).where(Commitment.number == 1)).scalar_one()
        (voice,) = assessments.of_topic(first.topic_id)
        assert voice.latest.status is not first.status
        assert [one.status for one in voice.earlier] == [CommitmentStatus.IN_PROGRESS]


def test_some_ask_the_same_and_nobody_twice(whole_demo: Flask) -> None:
    with whole_demo.app_context():
        people = db.session.execute(select(MeToo.request_id, MeToo.identity_id).where(MeToo.confirmed_at.is_not(None))).all()
    by_request = Counter(row.request_id for row in people)
    assert len(people) == len(set(people)) > 100
    assert 4 <= max(by_request.values()) <= 9


def test_nobody_could_ever_be_written_to(whole_demo: Flask) -> None:
    addresses = rows(whole_demo, select(Identity.email))
    assert [email for email in addresses if not str(email).endswith("@exemple.test")] == []


def test_those_who_work_behind_the_scenes_are_not_offered_at_the_door() -> None:
    assert {person.key for person in COLLEAGUES} & {person.key for person in PEOPLE} == set()
    assert all(not person.roles for person in COLLEAGUES)
