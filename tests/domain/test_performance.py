"""What one case adds to the figures, and how figures are made of cases."""

from __future__ import annotations

from datetime import datetime

import pytest

from feedback_app.domain.calendar import PARIS
from feedback_app.domain.case import Verdict
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.performance import CaseFigures, FigureScope, Happening, Judgement, Tally, of_case, tallies
from feedback_app.domain.trace import EventVerb

KIND = ContributionKind.CLARIFICATION
NOW = "2026-12-31"


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day} 10:00").replace(tzinfo=PARIS)


def history(*lines: str) -> list[Happening]:
    """From ``"2026-11-02 begin open"``: the day, what was done to the request (or to an answer) and what came of it."""
    found = []
    for line in lines:
        day, verb, after, *ministry = line.split()
        subject = "answer" if verb in {"publish", "rate"} else "request"
        found.append(Happening(EventVerb(f"{subject}:{verb}"), at(day), after, int(ministry[0]) if ministry else 1, 7))
    return found


def figures(*lines: str, kind: ContributionKind = KIND, now: str = NOW) -> CaseFigures:
    found = of_case(kind, history(*lines), at(now))
    assert found
    return found


ANSWERED = ("2026-11-02 begin open", "2026-11-03 take assigned")


@pytest.mark.parametrize(
    ("lines", "days", "in_time"),
    [
        (["2026-11-13 answer answered"], 8, True),
        (["2026-11-24 answer answered"], 15, True),
        (["2026-11-25 answer answered"], 16, False),
        (["2026-11-05 ask_citizen waiting", "2026-11-10 citizen_replies assigned", "2026-11-30 answer answered"], 15, True),
        (["2026-11-05 ask_citizen waiting", "2026-11-10 citizen_replies assigned", "2026-12-01 answer answered"], 16, False),
        (["2026-11-05 ask_citizen waiting", "2026-12-20 answer answered"], 2, True),  # without waiting for the reply
        (["2026-11-23 extend assigned", "2026-12-15 answer answered"], 30, True),
        (["2026-11-23 extend assigned", "2026-12-16 answer answered"], 31, False),
        (["2026-11-13 answer answered", "2026-11-20 reopen assigned", "2026-12-30 answer answered"], 8, True),  # the first counts
    ],
)
def test_a_case_counts_by_its_first_answer(lines, days, in_time):
    found = figures(*ANSWERED, *lines)
    assert (found.days, found.in_time, found.answered_by_id) == (days, in_time, 1)


def test_the_month_of_the_law_is_not_paused():
    lines = ("2026-10-31 begin open", "2026-11-05 ask_citizen waiting", "2026-11-20 citizen_replies assigned")
    on_the_day = figures(*lines, "2026-11-30 answer answered", kind=ContributionKind.ACCESS)
    too_late = figures(*lines, "2026-12-01 answer answered", kind=ContributionKind.ACCESS)
    assert (on_the_day.days, on_the_day.in_time, too_late.in_time) == (20, True, False)


@pytest.mark.parametrize(
    ("lines", "now", "waiting", "late", "in_time"),
    [
        ([], "2026-11-24", True, False, None),
        ([], "2026-11-25", True, True, False),
        (["2026-11-05 ask_citizen waiting"], "2026-12-31", True, False, None),
        (["2026-11-13 answer answered"], "2026-12-31", False, False, True),
        (["2026-11-13 answer answered", "2026-11-16 reopen assigned"], "2026-12-07", True, False, True),
        (["2026-11-13 answer answered", "2026-11-16 reopen assigned"], "2026-12-08", True, True, True),
        (["2026-11-04 citizen_withdraws withdrawn"], "2026-12-31", False, False, None),
    ],
)
def test_what_waits_and_what_is_late(lines, now, waiting, late, in_time):
    found = figures(*ANSWERED, *lines, now=now)
    assert (found.waiting, found.late, found.in_time) == (waiting, late, in_time)


def test_a_case_that_has_not_begun_is_none():
    assert of_case(KIND, history("2026-11-02 submit received"), at(NOW)) is None


def test_a_verdict_goes_to_the_ministry_whose_answer_it_was():
    found = figures(
        *ANSWERED, "2026-11-13 publish published 1", "2026-11-13 answer answered 1", "2026-11-14 rate partly 2", "2026-11-15 close closed 2"
    )
    assert found.judgements == (Judgement(1, Verdict.PARTLY),)


def case(**more) -> CaseFigures:
    usual = {"holder_id": 1, "answered_by_id": 1, "days": 5, "in_time": True, "waiting": False, "late": False, "judgements": ()}
    return CaseFigures(**{**usual, **more})


def test_a_case_that_moved_on_after_its_answer_is_received_by_both_and_once_by_all():
    found = tallies([case(holder_id=2, waiting=True)], {})
    assert {whose: (tally.received, tally.answered, tally.waiting) for whose, tally in found.items()} == {
        FigureScope.ALL: (1, 1, 1),
        1: (1, 1, 0),
        2: (1, 0, 1),
    }


def test_an_overdue_case_weighs_on_who_has_it():
    found = tallies([case(answered_by_id=None, days=None, in_time=False, waiting=True, late=True)], {})
    assert (found[1].due, found[1].in_time, found[1].late) == (1, 0, 1)


def test_figures_go_to_the_successor_and_to_nobody():
    found = tallies([case(), case(holder_id=None, answered_by_id=None, days=None, in_time=None, waiting=True)], {1: 3})
    assert set(found) == {FigureScope.ALL, FigureScope.NOBODY, 3}


@pytest.mark.parametrize(
    ("delays", "median", "ninth"), [([], None, None), ([4], 4, 4), ([9, 1], 1, 9), (list(range(1, 11)), 5, 9), (list(range(1, 12)), 6, 10)]
)
def test_delays_that_occurred(delays, median, ninth):
    tally = Tally(delays=delays)
    assert (tally.delay(0.5), tally.delay(0.9)) == (median, ninth)
