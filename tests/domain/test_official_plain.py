"""What staff write, as the text part of a mail shows it: its words, and none of the marks."""

import re

import html5lib
import pytest

from feedback_app.domain.text import official_plain, render_official
from tests.domain.awkward import AWKWARD, for_any


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("un\ndeux\n\n\ntrois", "un\ndeux\n\ntrois", id="lines and paragraphs"),
        pytest.param("**a** *b* _c_ ***d*** `e`", "a b c d e", id="marks go"),
        pytest.param("**a", "**a", id="stars that nothing closes stay"),
        pytest.param("a ** b *", "a ** b *", id="stars alone stay"),
        pytest.param("2 * 3 * 4 et \\*a\\*", "2 * 3 * 4 et *a*", id="stars that are no marks stay"),
        pytest.param("G_NIUS_x", "G_NIUS_x", id="so do underscores"),
        pytest.param("## Titre *x*\ntexte", "Titre x\n\ntexte", id="a heading is a paragraph"),
        pytest.param("#", "#", id="a heading without words"),
        pytest.param("Un :\n- a\n* b\n  suite\n\nfin", "Un :\n\n- a\n\n- b\n  suite\n\nfin", id="lists"),
        pytest.param("\u2022 a\n-\u00a0b", "- a\n- b", id="bullets of word processors"),
        pytest.param("2. b\n3. c", "2. b\n3. c", id="numbers go on"),
        pytest.param("0. a\n1. b", "0. a\n1. b", id="from nought too"),
        pytest.param("- a\n   - **b**\n   - c\n- d", "- a\n  - b\n  - c\n- d", id="a list in a list"),
        pytest.param("- a\n\n  suite\n- b", "- a\n  suite\n- b", id="an item of two paragraphs"),
        pytest.param("-\n- b", "-\n- b", id="an item without a word"),
        pytest.param("[la loi](https://exemple.test/loi)", "la loi (https://exemple.test/loi)", id="a link"),
        pytest.param("[le *plan*](/engagements/)", "le plan (https://suite.test/engagements/)", id="a link to a page of ours"),
        pytest.param("[nous](mailto:a@exemple.test)", "nous (a@exemple.test)", id="a link to a mailbox"),
        pytest.param("<https://exemple.test/x>", "https://exemple.test/x", id="an address is said once"),
        pytest.param("voir https://exemple.test/x.", "voir https://exemple.test/x.", id="a bare address"),
        pytest.param("[https://exemple.test](https://exemple.test)", "https://exemple.test", id="an address that leads to itself"),
        pytest.param("[](https://exemple.test)", " (https://exemple.test)", id="a link without words"),
        pytest.param("[x](javascript:1)", "[x](javascript:1)", id="a link that may not go there stays as typed"),
        pytest.param("<b>x</b> &amp;", "<b>x</b> &amp;", id="what looks like HTML stays"),
    ],
)
def test_only_the_words_are_left(source, plain):
    assert official_plain(source, base="https://suite.test") == plain


@for_any(AWKWARD)
def test_whatever_was_typed_no_word_of_the_page_is_lost(source):
    page = "".join(html5lib.parseFragment(render_official(source).html).itertext())
    plain = official_plain(source)
    assert [word for word in re.findall(r"\w+", page) if word not in plain] == []
