"""The catalogue says everything that the sources say, in whole sentences; the sources write French as French is typeset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from config import ROOT, SiteConfig
from feedback_app import create_app
from feedback_app.web.presentation import OUR_TAGLINE
from tests.conftest import settings
from tests.web.pseudo_locale import CATALOGUE

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%(?!\()")
BREAKABLE = re.compile(r"[ '](?=[:;?!»])|(?<=«) |(?<=\w)'(?=\w)")
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
HOW = "run make messages, then translate what is empty in messages.po"


def forms(message: Message, of: str = "id") -> list[str]:
    """The singular and the plural, or the one form there is."""
    value = message.id if of == "id" else message.string
    return list(value) if isinstance(value, tuple | list) else [value]


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def said() -> dict[object, str]:
    """Everything that the sources say, and the file of it."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        mapping, options = parse_mapping_cfg(file, filename="babel.cfg")
    found = extract_from_dir(ROOT, mapping, options, keywords=KEYWORDS, directory_filter=lambda path: not Path(path).name.startswith("."))
    return {words: f"{name}:{line}" for name, line, words, _comments, _context in found}


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def unlike(message: Message) -> bool:
    """Whether a translation has other placeholders than its source."""
    source = [sorted(PLACEHOLDER.findall(form)) for form in forms(message)]
    return any(sorted(PLACEHOLDER.findall(form)) != source[min(i, len(source) - 1)] for i, form in enumerate(forms(message, "string")))


def test_what_the_sources_say_is_what_the_catalogue_holds(catalogue, said):
    held = {message.id for message in messages(catalogue)}
    assert {place: words for words, place in said.items() if words not in held} == {}, HOW
    assert held - set(said) == set(), HOW


def test_every_message_is_translated_and_nobody_guessed(catalogue):
    assert [message.id for message in messages(catalogue) if not all(forms(message, "string"))] == [], HOW
    assert [message.id for message in messages(catalogue) if message.fuzzy] == []
    assert list(catalogue.obsolete) == []


def test_what_is_filled_in_is_the_same_in_both_languages(catalogue):
    assert [message.id for message in messages(catalogue) if unlike(message)] == []


def test_a_translation_is_typeset_in_english_and_ends_like_its_source(catalogue):
    pairs = [pair for message in messages(catalogue) for pair in zip(forms(message), forms(message, "string"), strict=True)]
    assert [english for _french, english in pairs if re.search(r"[«»\u00a0\u202f]| [:;?!]", english)] == []
    assert [english for french, english in pairs if french[-1] in ".?:…" and english[-1] != french[-1]] == []


def test_the_french_of_the_sources_holds_its_punctuation_with_no_break_spaces(said):
    sentences = [(form, place) for words, place in said.items() for form in (words if isinstance(words, tuple) else (words,))]
    assert len(sentences) > 300
    assert [place_and_words for place_and_words in sentences if BREAKABLE.search(place_and_words[0])] == []


def test_the_compiled_catalogue_is_there_and_up_to_date(catalogue, tmp_path, caplog):
    """``make install`` compiles it; without it English pages are in French, and the log says so."""
    compiled = CATALOGUE.with_suffix(".mo")
    assert compiled.is_file(), "run make install"
    assert compiled.stat().st_mtime >= CATALOGUE.stat().st_mtime, "run make install"
    create_app(settings(tmp_path))
    assert "not compiled" not in caplog.text


def test_a_catalogue_that_is_not_compiled_is_told(tmp_path, monkeypatch, caplog):
    source = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.touch()
    configured = settings(tmp_path)
    options = {**configured.flask(), "BABEL_TRANSLATION_DIRECTORIES": str(tmp_path)}
    monkeypatch.setattr(type(configured), "flask", lambda _self: options)
    create_app(configured)
    assert f"{source} is not compiled" in caplog.text


def test_our_tagline_is_the_default_of_the_setting():
    assert str(OUR_TAGLINE) == SiteConfig.tagline


# The rules themselves are tried on what they must find.


@pytest.mark.parametrize("words", ["Quoi ?", "Voici : un", "« mot", "mot »", "l'arbre"])
def test_french_that_a_line_may_break_wrongly_is_found(words):
    assert BREAKABLE.search(words)
    assert not BREAKABLE.search(
        words.replace(" :", "\u00a0:").replace(" ?", "\u00a0?").replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace("'", "’")
    )


@pytest.mark.parametrize(
    ("french", "english"), [("%(a)s", "%(b)s"), ("%(a)s %(b)s", "%(a)s"), ("dix", "10%"), (("un", "%(num)s"), ("one", "two"))]
)
def test_a_placeholder_that_went_missing_is_found(french, english):
    assert unlike(Message(french, english))
