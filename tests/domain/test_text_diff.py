"""Which words of two wordings differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.domain import text_diff
from feedback_app.domain.text_diff import pieces


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("le port", "le port", [("le port", False)], [("le port", False)]),
        ("le grand port", "le port", [("le ", False), ("grand", True), (" ", False), ("port", False)], [("le ", False), ("port", False)]),
        (
            "avant le 3 mai au port",
            "avant le 4 juin au port",
            [("avant le ", False), ("3 mai", True), (" ", False), ("au port", False)],
            [("avant le ", False), ("4 juin", True), (" ", False), ("au port", False)],
        ),
        ("", "neuf", [], [("neuf", True)]),
        ("ancien", "", [("ancien", True)], []),
        ("a\n\n- b", "a\n\n- c", [("a\n\n- ", False), ("b", True)], [("a\n\n- ", False), ("c", True)]),
    ],
)
def test_only_the_words_that_differ_are_marked(before, after, old, new):
    assert pieces(before, after) == (old, new)


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_no_character_is_lost(before, after):
    assert tuple("".join(words for words, _changed in side) for side in pieces(before, after)) == (before, after)


def test_two_long_texts_without_a_common_word_are_not_searched(monkeypatch):
    monkeypatch.setattr(text_diff, "SequenceMatcher", None)
    assert pieces("un " + "a b " * 1_000, "un " + "c d " * 1_000)[1] == [("un ", False), (("c d " * 1_000).rstrip(), True), (" ", False)]
