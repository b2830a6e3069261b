"""The dashboard counts, names and sorts what the domain calls late, silent and reached; its statements do not grow with the data."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.calendar import day_of
from feedback_app.domain.commitment import CommitmentAction, CommitmentStatus, PlanPhase, UpdateStatus, is_late, progress, silent_since
from feedback_app.models import Commitment, Milestone, Plan, Topic, TopicKind
from feedback_app.services.paging import Window
from feedback_app.services.progress import dashboard, lines
from feedback_app.services.progress.dashboard import Filters, Sorting
from tests.progress_factories import move, said

S = CommitmentStatus
TODAY = date(2026, 3, 2)
DAYS = (None, date(2026, 3, 1), date(2026, 3, 2), date(2025, 12, 2), date(2025, 12, 3))


@pytest.fixture
def many(app, make):
    """A commitment for each status, deadline and last news, each with a few milestones."""
    plan, ministry = make.plan("2026-2028"), make.ministry("École")
    first = make.commitment(plan=plan, ministry=ministry)
    with app.app_context(), unit_of_work():
        made = db.session.get_one(Commitment, first.id)
        db.session.get_one(Plan, plan.id).start = date(2025, 1, 1)
        steps = [(status, end) for status in S for end in DAYS[:2]]
        for number, (status, end, news) in enumerate([(s, e, n) for s in S for e in DAYS[:3] for n in (None, *DAYS[3:])], start=1000):
            _add(made, number, status, end, news, steps[number % 16 :][:3])
    return plan


def _add(like, number, status, end, news, steps):
    topic = Topic(key=f"engagement:2026-2028:{number}", kind=TopicKind.COMMITMENT, title="T", ministry_id=like.ministry_id)
    db.session.add(
        Commitment(
            plan_id=like.plan_id,
            number=number,
            topic=topic,
            ministry_id=like.ministry_id,
            title="T",
            title_folded="t",
            state_actors=[],
            other_actors=[],
            status=status,
            end=end,
            updated_at=datetime(news.year, news.month, news.day, 23, 30, tzinfo=UTC) if news else None,  # the next day, in Paris
            followed_since=date(2025, 6, 1),
            theme=f"Thème {number % 2}",
            milestones=[
                Milestone(position=position, title="J", end=day, status=step, weight=position)
                for position, (step, day) in enumerate(steps, start=1)
            ],
        )
    )


def test_lists_and_counts_agree_with_the_domain(app, many):
    with app.app_context():
        plan = db.session.get_one(Plan, many.id)
        rows = {row.id: row for row in db.session.query(Commitment).all()}
        found = {line.id: line for line in dashboard.every(plan, Filters(), today=TODAY)}
        late_ones, silent_ones = set(), set()
        for row_id, row in rows.items():
            line = found[row_id]
            steps = [(one.status, one.weight) for one in row.milestones]
            late_steps = [one for one in row.milestones if is_late(one.status, one.end, TODAY)]
            assert (line.progress, line.late_milestones, line.milestones) == (progress(steps), len(late_steps), len(steps))
            assert line.late(TODAY) == is_late(row.status, row.end, TODAY)
            late_ones |= {row_id} if late_steps or line.late(TODAY) else set()
            news = day_of(row.updated_at) if row.updated_at else None
            expected = max(row.followed_since, plan.start)
            since = silent_since(row.status, plan.phase, last_news=news, expected_from=expected, today=TODAY)
            assert line.silent_since(TODAY) == since
            silent_ones |= {row_id} if since else set()
        assert {line.id for line in dashboard.every(plan, Filters(late=True), today=TODAY)} == late_ones
        assert {line.id for line in dashboard.every(plan, Filters(silent=True), today=TODAY)} == silent_ones
        standing = dashboard.standings(today=TODAY)[plan.id]
        assert standing.silent == len(silent_ones)
        assert standing.late == sum(is_late(row.status, row.end, TODAY) for row in rows.values())
        assert sum(standing.statuses.values()) == standing.total == len(rows)


def test_a_plan_that_is_not_decided_owes_no_news(app, many):
    with app.app_context(), unit_of_work():
        plan = db.session.get_one(Plan, many.id)
        plan.phase = PlanPhase.WRITING
        db.session.flush()
        assert dashboard.count(plan, Filters(silent=True), today=TODAY) == 0


@pytest.mark.parametrize("sorting", list(Sorting))
def test_every_order_is_read_forward_and_back_without_missing_any(app, many, sorting):
    with app.app_context():
        plan = db.session.get_one(Plan, many.id)
        forward, window = [], Window(size=7)
        while True:
            page = dashboard.table(plan, Filters(), sorting, window, today=TODAY)
            forward += [line.number for line in page.items]
            if page.next_after is None:
                break
            window = Window(after=page.next_after, size=7)
        assert len(forward) == len(set(forward)) == dashboard.count(plan, Filters(), today=TODAY)
        backward = dashboard.table(plan, Filters(), sorting, Window(before=page.previous_before, size=len(forward)), today=TODAY)
        assert [line.number for line in backward.items] + [line.number for line in page.items] == forward


def test_late_milestones_are_named_the_longest_first_and_dropped_ones_are_none(app, make, many):
    with app.app_context(), unit_of_work():
        plan = db.session.get_one(Plan, many.id)
        some = db.session.query(Milestone).filter(lines.late_milestone(TODAY)).first()
        some.dropped_at = datetime(2026, 3, 1, tzinfo=UTC)
        db.session.flush()
        named = dashboard.late_milestones(plan, Window(size=1000), today=TODAY).items
        known = [one for one in db.session.query(Milestone) if is_late(one.status, one.end, TODAY) and one.dropped_at is None]
        assert [one.id for one in named] == [one.id for one in sorted(known, key=lambda one: (one.end, one.id))]
        assert dashboard.late_milestone_count(plan, today=TODAY) == len(known)


def test_the_latest_news_are_those_that_were_published(app, make, team):
    first = make.update(team.commitment, said("Premier.", move(CommitmentAction.START)))
    team.clock.advance(hours=1)
    second = make.update(team.commitment, said("Second."))
    make.update(team.commitment, said("Pas encore."), status=UpdateStatus.PROPOSED)
    with app.app_context():
        assert [one.id for one in dashboard.latest()] == [second.id, first.id]
