"""The workflows, as tables."""

from __future__ import annotations

import pytest

from feedback_app.domain.contribution import (
    CONTRIBUTION_WORKFLOW,
    TEXT_WORKFLOW,
    ContributionAction,
    ContributionStatus,
    TextAction,
    TextStatus,
)
from feedback_app.domain.workflow import MoveRefused

CONTRIBUTION_MOVES = {
    ("awaiting_confirmation", "confirm"): "pending",
    ("awaiting_confirmation", "redirect"): "awaiting_confirmation",
    ("awaiting_confirmation", "correct"): "awaiting_confirmation",
    ("awaiting_confirmation", "withdraw"): "withdrawn",
    ("pending", "correct"): "pending",
    ("published", "correct"): "published",
    ("pending", "publish"): "published",
    ("pending", "reject"): "rejected",
    ("pending", "withdraw"): "withdrawn",
    ("published", "take_off"): "rejected",
    ("published", "withdraw"): "withdrawn",
    ("rejected", "withdraw"): "withdrawn",
}
TEXT_MOVES = {
    ("pending", "publish"): "published",
    ("pending", "reject"): "rejected",
    ("pending", "replace"): "replaced",
    ("pending", "withdraw"): "withdrawn",
    ("published", "take_off"): "rejected",
}


@pytest.mark.parametrize("status", list(ContributionStatus))
@pytest.mark.parametrize("action", list(ContributionAction))
def test_a_contribution_moves_as_the_design_says_and_no_other_way(status, action):
    expected = CONTRIBUTION_MOVES.get((status.value, action.value))
    if expected:
        assert CONTRIBUTION_WORKFLOW.next(status, action) == expected
    else:
        with pytest.raises(MoveRefused):
            CONTRIBUTION_WORKFLOW.next(status, action)


@pytest.mark.parametrize("status", list(TextStatus))
@pytest.mark.parametrize("action", list(TextAction))
def test_a_version_moves_as_the_design_says_and_no_other_way(status, action):
    expected = TEXT_MOVES.get((status.value, action.value))
    if expected:
        assert TEXT_WORKFLOW.next(status, action) == expected
    else:
        with pytest.raises(MoveRefused):
            TEXT_WORKFLOW.next(status, action)


def test_the_actions_offered_are_those_that_lead_somewhere():
    for status in ContributionStatus:
        offered = CONTRIBUTION_WORKFLOW.actions_from(status)
        assert offered == [action for action in ContributionAction if (status.value, action.value) in CONTRIBUTION_MOVES]
