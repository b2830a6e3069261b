"""docs/accessibility.md: the 106 criteria, each once and in order, each with a state, and sums that are right."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.house.markdown import read

# How many criteria each theme of the RGAA 4.1 has.
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
STATES = {"Settled": "settled", "By page": "by page", "Audit": "for an audit", "None here": "not here"}
ROW = re.compile(r"^\| (\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) ?\|$", re.MULTILINE)


@pytest.fixture(scope="module")
def grid() -> list[tuple[str, str, str, str]]:
    return ROW.findall(read("docs/accessibility.md"))


def test_each_criterion_stands_there_once_and_in_order(grid):
    expected = [f"{theme}.{number}" for theme, most in enumerate(THEMES, 1) for number in range(1, most + 1)]
    assert len(expected) == 106
    assert [number for number, *_rest in grid] == expected


def test_each_has_a_state_and_what_is_settled_says_by_what(grid):
    assert {state for _number, _about, state, _why in grid} == set(STATES)
    assert [number for number, _about, state, why in grid if state in {"Settled", "None here"} and not why.strip()] == []


def test_the_sums_are_right(grid):
    counted = Counter(state for _number, _about, state, _why in grid)
    said = ", ".join(f"{counted[state]} {words}" for state, words in STATES.items())
    assert f"\n{said}.\n" in read("docs/accessibility.md"), said
