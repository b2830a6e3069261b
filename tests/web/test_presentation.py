"""Dates, numbers and passages in another language, as each language of the screens writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from feedback_app import create_app
from tests.conftest import NOW, Clock, settings

Show = Callable[..., str]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    made = create_app(settings(tmp_path_factory.mktemp("presentation")))
    made.config["CLOCK"] = Clock()
    return made


@contextmanager
def page(app: Flask, language: str) -> Iterator[Show]:
    """``show(template, **values)`` on a page in this language."""
    with app.test_request_context("/", environ_overrides={"devoir.language": language}):
        yield lambda template, **values: app.jinja_env.from_string(template).render(**values)


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (date(2024, 5, 3), "3 mai 2024", "3 May 2024"),
        (date(2024, 8, 1), "1er août 2024", "1 August 2024"),
        (datetime(2024, 12, 31, 23, 30, tzinfo=UTC), "1er janvier 2025", "1 January 2025"),
    ],
)
def test_a_date_is_read_in_paris(app, value, french, english):
    for language, words in (("fr", french), ("en", english)):
        with page(app, language) as show:
            assert show("{{ value|date }}", value=value) == words


def test_a_moment_gives_the_hour_too(app):
    for language, words in (("fr", "3 mai 2024 à 14:05"), ("en", "3 May 2024 at 14:05")):
        with page(app, language) as show:
            assert show("{{ value|datetime }}", value=datetime(2024, 5, 3, 12, 5, tzinfo=UTC)) == words


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [
        (-5, "à l’instant", "just now"),
        (59, "à l’instant", "just now"),
        (60, "il y a 1 minute", "1 minute ago"),
        (3_599, "il y a 59 minutes", "59 minutes ago"),
        (3_600, "il y a 1 heure", "1 hour ago"),
        (86_399, "il y a 23 heures", "23 hours ago"),
        (86_400, "il y a 1 jour ouvré", "1 working day ago"),  # NOW is a Monday
        (4 * 86_400, "il y a 2 jours ouvrés", "2 working days ago"),
        (40 * 86_400, "il y a 28 jours ouvrés", "28 working days ago"),
    ],
)
def test_how_long_ago_is_told_in_hours_then_in_working_days(app, seconds, french, english):
    for language, words in (("fr", french), ("en", english)):
        with page(app, language) as show:
            assert show("{{ value|ago }}", value=NOW - timedelta(seconds=seconds)) == words


def test_what_happened_this_week_end_is_told_in_plain_days(app, monkeypatch):
    saturday = datetime(2026, 2, 28, 9, 0, tzinfo=UTC)
    monkeypatch.setitem(app.config, "CLOCK", Clock(saturday + timedelta(days=1, hours=2)))
    with page(app, "fr") as show:
        assert show("{{ value|ago }}", value=saturday) == "il y a 1 jour"


@pytest.mark.parametrize(
    ("template", "french", "english"),
    [
        ("{{ 1234567|number }}", "1\u202f234\u202f567", "1,234,567"),
        ("{{ 0.925|percent }}", "92,5\u202f%", "92.5%"),
        ("{{ value|percent }}", "33,3\u202f%", "33.3%"),
    ],
)
def test_numbers_are_those_of_the_language(app, template, french, english):
    for language, words in (("fr", french), ("en", english)):
        with page(app, language) as show:
            assert show(template, value=Decimal("0.3333")) == words


def test_none_is_singular_in_french_and_plural_in_english(app):
    template = '{{ ngettext("%(num)s engagement", "%(num)s engagements", count) }}'
    for language, words in (
        ("fr", ["0 engagement", "1 engagement", "2 engagements"]),
        ("en", ["0 commitments", "1 commitment", "2 commitments"]),
    ):
        with page(app, language) as show:
            assert [show(template, count=count) for count in (0, 1, 2)] == words


def test_a_passage_in_another_language_than_its_page_says_so_and_stays_escaped(app):
    template = "{{ '<b>'|written_in }} {{ 'a'|written_in('en') }} {{ none|written_in or 'rien' }} {{ foreign() }} {{ foreign('en') }}"
    with page(app, "en") as show:
        assert show(template) == '<span lang="fr">&lt;b&gt;</span> a rien fr None'
    with page(app, "fr") as show:
        assert show(template) == '&lt;b&gt; <span lang="en">a</span> rien None en'
