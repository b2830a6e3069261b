"""The workflows of requests, transfers and answers, as tables written by hand from the design (section 5)."""

from __future__ import annotations

import pytest

from feedback_app.domain.case import (
    ANSWER_WORKFLOW,
    CASE_WORKFLOW,
    OFFER_WORKFLOW,
    PAUSED,
    PUBLIC_TEXT_KINDS,
    REQUEST_KINDS,
    RUNNING,
    AnswerAction,
    AnswerStatus,
    CaseAction,
    CaseStatus,
    CaseTextKind,
    OfferAction,
    OfferStatus,
    reference,
)
from feedback_app.domain.contribution import THREAD_KINDS, ContributionKind
from feedback_app.domain.trace import EventVerb
from feedback_app.domain.workflow import MoveRefused

CASE_MOVES = """
received -begin-> open
open -take-> assigned
assigned -release-> open
assigned -hand_over-> assigned
assigned -ask_citizen-> waiting
waiting|asleep -citizen_replies-> assigned
waiting -take_back-> assigned
waiting -sleep-> asleep
open -extend-> open
assigned -extend-> assigned
waiting -extend-> waiting
asleep -extend-> asleep
open|assigned -offer_transfer-> transfer_offered
transfer_offered -accept_transfer-> open
transfer_offered -decline_transfer-> arbitration
transfer_offered -cancel_transfer-> open
transfer_offered -expire_transfer-> arbitration
arbitration|open|assigned|waiting|asleep|transfer_offered -route-> open
open -follow_successor-> open
assigned -follow_successor-> assigned
waiting -follow_successor-> waiting
asleep -follow_successor-> asleep
transfer_offered -follow_successor-> transfer_offered
arbitration -follow_successor-> arbitration
open|assigned|waiting|asleep|answered -answer-> answered
answered -close-> closed
answered|closed -reopen-> assigned
received|open|assigned|waiting|asleep|transfer_offered|arbitration|answered -citizen_withdraws-> withdrawn
"""
OFFER_MOVES = "offered -accept-> accepted\noffered -decline-> declined\noffered -cancel-> cancelled\noffered -expire-> expired"
ANSWER_MOVES = "draft -write-> draft\ndraft -propose-> proposed\nproposed -send_back-> draft\nproposed -publish-> published"


def moves(text: str) -> dict[tuple[str, str], str]:
    found = {}
    for line in text.strip().splitlines():
        sources, action, target = line.replace("-> ", " -").split(" -")
        found |= {(source, action): target for source in sources.split("|")}
    return found


@pytest.mark.parametrize(
    ("workflow", "statuses", "actions", "table"),
    [
        (CASE_WORKFLOW, CaseStatus, CaseAction, moves(CASE_MOVES)),
        (OFFER_WORKFLOW, OfferStatus, OfferAction, moves(OFFER_MOVES)),
        (ANSWER_WORKFLOW, AnswerStatus, AnswerAction, moves(ANSWER_MOVES)),
    ],
    ids=["case", "offer", "answer"],
)
def test_it_moves_as_the_design_says_and_no_other_way(workflow, statuses, actions, table):
    for status in statuses:
        for action in actions:
            expected = table.pop((status.value, action.value), None)
            if expected is None:
                with pytest.raises(MoveRefused):
                    workflow.next(status, action)
            else:
                assert workflow.next(status, action).value == expected
    assert table == {}, "moves of the design that no status and action know"


def test_each_move_has_an_event_of_its_own():
    assert {f"request:{action.value}" for action in CaseAction} <= {verb.value for verb in EventVerb}
    assert {f"answer:{action.value}" for action in AnswerAction} <= {verb.value for verb in EventVerb}


def test_the_clock_runs_or_stands_still_but_not_both():
    assert PAUSED.isdisjoint(RUNNING)
    assert {CaseStatus.TRANSFER_OFFERED, CaseStatus.ARBITRATION} <= RUNNING


def test_every_kind_of_text_is_of_one_place():
    inside = {ContributionKind.REPLY, ContributionKind.REOPENING}
    elsewhere = {ContributionKind.MEETING, ContributionKind.ASSESSMENT}  # on a page, or in a part of a page, of their own
    assert THREAD_KINDS | REQUEST_KINDS | inside | elsewhere == set(ContributionKind)
    assert len(THREAD_KINDS) + len(REQUEST_KINDS) + len(inside) + len(elsewhere) == len(ContributionKind)


def test_only_the_question_and_the_reason_of_an_extension_leave_the_ministries():
    assert {CaseTextKind.QUESTION, CaseTextKind.EXTENSION} == PUBLIC_TEXT_KINDS


def test_a_reference_has_its_year_and_six_digits():
    assert reference(2026, 123) == "DS-2026-000123"
