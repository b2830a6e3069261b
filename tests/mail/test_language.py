"""Mails speak the language of whoever reads them, whole: subject, text and HTML, and the pages they lead to."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from feedback_app import create_app
from feedback_app.mail.rendering import render
from tests.conftest import settings
from tests.mail.test_messages import BODY, EVERY_MESSAGE, TITLE, rejection
from tests.pages import Page
from tests.web.pseudo_locale import Reader, escaped, speak_pseudo

KNOWN = {"Devoir de suite", "Administration à renseigner", TITLE, BODY}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that speaks the pseudo-language in the place of English. No database is needed here."""
    folder = tmp_path_factory.mktemp("pseudo")
    made = create_app(settings(folder))
    speak_pseudo(made, folder / "pseudo")
    return made


@pytest.mark.parametrize("write", [*EVERY_MESSAGE, lambda **changes: rejection(still_public=True, **changes)])
def test_everything_a_mail_says_goes_through_the_catalogue(context, write):
    rendered = render(write(language="en"))
    for part in (rendered.subject, rendered.text.replace("\n", " ").replace(" > ", " ")):
        reader = Reader(KNOWN)
        reader.read(part)
        assert reader.escaped == []
    page = Page(rendered.html)
    assert page.root.get("lang") == "en"
    assert escaped(page, KNOWN) == []


@pytest.mark.parametrize(("language", "start"), [("fr", "http://localhost/"), ("en", "http://localhost/en/")])
@pytest.mark.parametrize("write", EVERY_MESSAGE)
def test_every_link_leads_to_the_language_of_the_mail(context, write, language, start):
    rendered = render(write(language=language))
    links = re.findall(r"https?://\S+", rendered.text) + [link.get("href") for link in Page(rendered.html).all("a")]
    assert links
    assert all(link.startswith(start) and (language == "en" or "/en/" not in link) for link in links)


def test_a_subject_keeps_its_no_break_spaces(context):
    assert render(rejection(language="fr")).subject == f"Votre texte sur «\u00a0{TITLE}\u00a0» n’est pas publié"
