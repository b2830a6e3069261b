"""Where a promise may stand, when it is late or silent, and how far it is."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.domain.commitment import (
    COMMITMENT_WORKFLOW,
    CommitmentAction,
    CommitmentStatus,
    PlanPhase,
    is_late,
    moved_on,
    progress,
    silent_since,
)
from feedback_app.domain.workflow import MoveRefused

S = CommitmentStatus
TODAY = date(2026, 3, 2)
# Design, § 5.
MOVES = {
    S.PLANNED: {S.IN_PROGRESS, S.ABANDONED},
    S.IN_PROGRESS: {S.AT_RISK, S.BLOCKED, S.COMPLETED, S.PARTLY_COMPLETED, S.ABANDONED},
    S.AT_RISK: {S.IN_PROGRESS, S.BLOCKED, S.COMPLETED, S.PARTLY_COMPLETED, S.ABANDONED},
    S.BLOCKED: {S.IN_PROGRESS, S.AT_RISK, S.ABANDONED},
    S.PARTLY_COMPLETED: {S.CARRIED_OVER, S.IN_PROGRESS},
    S.ABANDONED: {S.CARRIED_OVER},
    S.COMPLETED: {S.IN_PROGRESS},
    S.CARRIED_OVER: set(),
}


@pytest.mark.parametrize("status", list(S))
def test_the_moves_are_those_of_the_design_and_each_target_has_one_action(status):
    targets = [COMMITMENT_WORKFLOW.next(status, action) for action in COMMITMENT_WORKFLOW.actions_from(status)]
    assert len(targets) == len(set(targets))
    assert set(targets) == MOVES[status]


def test_a_promise_that_has_not_begun_is_not_kept():
    with pytest.raises(MoveRefused):
        COMMITMENT_WORKFLOW.next(S.PLANNED, CommitmentAction.COMPLETE)


@pytest.mark.parametrize(
    ("status", "end", "late"),
    [
        (S.PLANNED, date(2026, 3, 1), True),
        (S.IN_PROGRESS, date(2026, 3, 1), True),
        (S.AT_RISK, date(2026, 3, 1), True),
        (S.BLOCKED, date(2026, 3, 1), True),
        (S.PLANNED, date(2026, 3, 2), False),  # its last day is today
        (S.PLANNED, None, False),
        *((status, date(2020, 1, 1), False) for status in (S.COMPLETED, S.PARTLY_COMPLETED, S.ABANDONED, S.CARRIED_OVER)),
    ],
)
def test_late_is_what_is_not_finished_after_its_last_day(status, end, late):
    assert is_late(status, end, TODAY) is late


@pytest.mark.parametrize(
    ("last_news", "since"),
    [
        (date(2025, 12, 3), None),
        (date(2025, 12, 2), date(2025, 12, 2)),
        (date(2024, 1, 1), date(2024, 1, 1)),
        (None, date(2025, 11, 1)),
    ],
)
def test_three_months_without_news_are_silence(last_news, since):
    found = silent_since(S.PLANNED, PlanPhase.RUNNING, last_news=last_news, expected_from=date(2025, 11, 1), today=TODAY)
    assert found == since


@pytest.mark.parametrize(("status", "phase"), [(S.COMPLETED, PlanPhase.RUNNING), (S.PLANNED, PlanPhase.WRITING)])
def test_no_news_are_owed_of_what_is_finished_or_not_yet_decided(status, phase):
    assert silent_since(status, phase, last_news=None, expected_from=date(2020, 1, 1), today=TODAY) is None


def test_silence_that_would_begin_on_the_30th_of_february_begins_on_the_day_after_its_end():
    days = {"last_news": date(2025, 11, 30), "expected_from": date(2025, 1, 1)}
    assert silent_since(S.PLANNED, PlanPhase.CLOSED, **days, today=date(2026, 2, 28)) is None
    assert silent_since(S.PLANNED, PlanPhase.CLOSED, **days, today=date(2026, 3, 1)) == date(2025, 11, 30)


@pytest.mark.parametrize(
    ("steps", "percent"),
    [
        ([], None),
        ([(S.PLANNED, 1)], 0),
        ([(S.COMPLETED, 1)], 100),
        ([(S.COMPLETED, 1), (S.PLANNED, 1), (S.PLANNED, 1)], 33),
        ([(S.COMPLETED, 3), (S.PLANNED, 1)], 75),
        ([(S.PARTLY_COMPLETED, 1), (S.BLOCKED, 1)], 25),
        ([(S.COMPLETED, 1), (S.ABANDONED, 1), (S.CARRIED_OVER, 2)], 25),
        ([(S.COMPLETED, 199), (S.PLANNED, 1)], 99),  # 100 % only when all is there
    ],
)
def test_progress_weighs_the_milestones(steps, percent):
    assert progress(steps) == percent


@pytest.mark.parametrize(
    ("phase", "wanted", "reached"),
    [
        (PlanPhase.COLLECTING, PlanPhase.COLLECTING, PlanPhase.COLLECTING),
        (PlanPhase.COLLECTING, PlanPhase.CLOSED, PlanPhase.CLOSED),
        (PlanPhase.WRITING, PlanPhase.RUNNING, PlanPhase.RUNNING),
        (PlanPhase.CLOSED, PlanPhase.RUNNING, PlanPhase.CLOSED),
        (PlanPhase.RUNNING, PlanPhase.COLLECTING, PlanPhase.RUNNING),
    ],
)
def test_a_file_leads_a_plan_on_and_never_back(phase, wanted, reached):
    assert moved_on(phase, wanted) is reached
