"""The words by which a text is found."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.domain.stems import stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("les logements sociaux", "un logement social"),
        ("l’engagement du ministère", "aux engagements des ministères"),
        ("la rénovation des écoles", "LA RENOVATION DES ECOLES"),
        ("hôpitaux", "hopital"),
        ("engagée", "engage"),
        ("cœur", "coeur"),
        ("qu’est-ce que la décarbonation\u00a0?", "decarbonation"),
        ("l'année 2024 dans le D69", "d69 : 2024 (année)"),
        ("e\u0301cole", "école"),
    ],
)
def test_texts_about_the_same_share_their_stems(one, other):
    assert stems(one) & stems(other)


@pytest.mark.parametrize("text", ["", "le la les", "Bonjour, pourquoi est-ce que…", "à l’ y a", "???", "3 x 7", "\u0301"])
def test_what_every_sentence_has_tells_nothing(text):
    assert stems(text) == frozenset()


def test_a_very_long_word_is_cut():
    assert {len(stem) for stem in stems("x" * 5_000)} == {40}


@given(st.text())
def test_stems_are_words_that_no_database_has_to_quote(text):
    assert all(re.fullmatch(r"[^\W_]{2,}", stem) for stem in stems(text))
