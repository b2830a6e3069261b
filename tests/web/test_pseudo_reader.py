"""The reader of the pseudo-language is tried on what it must find, and on what it must leave alone."""

from __future__ import annotations

import pytest

from tests.pages import Page
from tests.web.pseudo_locale import escaped


@pytest.mark.parametrize(
    "html",
    [
        "<p>Escaped</p>",
        "<p>⟦in⟧ out</p>",
        "<p>⟦in <b>in</b>⟧ <b>out</b></p>",
        "<img alt='out'>",
        "<button aria-label='out'>⟦in⟧</button>",
        "<input type='submit' value='out'>",
        "<input placeholder='out'>",
        "<div data-copy-label='out'></div>",
        "<p lang='en'>out</p>",
        "<p>3 mai 2024</p>",
        "<title>⟦in⟧ out</title>",
    ],
)
def test_what_escaped_is_found(html):
    assert escaped(Page(f"<!doctype html><html lang='en'><body>{html}")) != []


@pytest.mark.parametrize(
    "html",
    [
        "<p>⟦in ⟦in⟧ <b>in</b> in⟧</p>",
        "<p lang='fr'>Du contenu <b>français</b></p> – 12,5&nbsp;%",
        "<p>3 May 2024, 14:05, ann@example.org</p>",
        "<textarea>typed</textarea><input value='typed'>",
        "<p>Devoir de suite</p>",
    ],
)
def test_what_did_not_escape_is_left_alone(html):
    assert escaped(Page(f"<!doctype html><html lang='en'><body>{html}"), {"Devoir de suite"}) == []
