"""The demo on another day: its plan is in the years of whoever looks at it, and shows all that it has to show."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from feedback_app.database import db
from feedback_app.demo.plan_file import plan, plan_file
from feedback_app.demo.tours import TOURS, Tour
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.commitment import PlanPhase
from feedback_app.models import CitizenRequest
from feedback_app.services import meeting_lists
from feedback_app.services.paging import Window
from feedback_app.services.progress import dashboard
from tests.conftest import NOW
from tests.demo.conftest import LATER
from tests.demo.test_tours import STEPS, stops, visited
from tests.demo.test_whole import STATES, counted

FIRST_DAYS = [date(year, month, 1) for year in range(2025, 2033) for month in range(1, 13)]


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.key)
def test_no_step_of_a_tour_is_a_dead_link(later_demo: Flask, tour: Tour) -> None:
    found = stops(later_demo, tour)
    assert len(found) == STEPS
    assert all(visited(later_demo, stop).h1 for stop in found)


def test_every_state_is_still_there(later_demo: Flask) -> None:
    missing = {column: set(words) - set(counted(later_demo, column)) for column, words in STATES}
    assert [words for words in missing.values() if words] == []


def test_what_is_late_is_late_and_what_is_to_come_is_to_come(later_demo: Flask) -> None:
    today, overdue_in = LATER.date(), [CaseStatus.OPEN, CaseStatus.ASSIGNED]
    with later_demo.app_context():
        found = plan()
        assert found is not None
        assert (found.phase, found.slug) == (PlanPhase.RUNNING, "demonstration-2025-2027")
        assert dashboard.late_milestone_count(found, today=today) >= 5
        overdue = select(func.count()).where(CitizenRequest.due_on < today, CitizenRequest.status.in_(overdue_in))
        assert (db.session.scalar(overdue) or 0) >= 5
        assert meeting_lists.upcoming(Window(), at=LATER).items
        assert meeting_lists.past(Window(), at=LATER).items


@pytest.mark.parametrize("today", FIRST_DAYS, ids=str)
def test_on_any_day_the_plan_is_under_way(today: date) -> None:
    file = plan_file(today)
    assert file.plan.end is not None
    assert file.plan.start + timedelta(days=365) <= today <= file.plan.end - timedelta(days=60)
    assert file.plan.slug == f"demonstration-{file.plan.start.year}-{file.plan.end.year}"
    assert f" {file.plan.start.year}-{file.plan.end.year} " in file.plan.title
    ends = [step.end for one in file.commitments for step in one.milestones if step.end]
    assert sum(end < today for end in ends) >= 20
    assert sum(end >= today for end in ends) >= 8


def test_its_words_speak_of_the_years_of_its_dates() -> None:
    first, later = plan_file(NOW.date()), plan_file(NOW.date() + timedelta(days=5 * 366))
    pairs = [
        (ours, theirs)
        for one, other in zip(first.commitments, later.commitments, strict=True)
        for ours, theirs in zip(one.milestones, other.milestones, strict=True)
        if ours.end and theirs.end
    ]
    assert len(pairs) > 50
    for ours, theirs in pairs:
        assert theirs.end == ours.end.replace(year=ours.end.year + 5)
        assert (str(ours.end.year) in (ours.dates_raw or "")) == (str(theirs.end.year) in (theirs.dates_raw or ""))


def test_within_a_year_it_is_the_same_on_every_day() -> None:
    assert plan_file(date(2026, 10, 1)) is plan_file(date(2027, 9, 30))
    assert plan_file(date(2027, 10, 1)) is not plan_file(date(2027, 9, 30))
