"""The pages that the law asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from config import ConfigError
from feedback_app import create_app
from feedback_app.web.public.legal import OURS
from tests.conftest import settings

PAGES = {
    "accessibilite": "Accessibilité",
    "mentions-legales": "Mentions légales",
    "donnees-personnelles": "Données personnelles",
    "charte": "Charte des contributions",
}


ENGLISH = {
    "accessibilite": "Accessibility",
    "mentions-legales": "Legal notice",
    "donnees-personnelles": "Personal data",
    "charte": "Charter for contributions",
}


def shape(path: Path) -> list[str]:
    """What a text is made of: its headings, list items, paragraphs and what is filled in, without its words."""
    blocks = re.sub(r"\]\(/(en/)?", "](/", path.read_text(encoding="utf-8")).splitlines()
    return [(re.match(r"## |- |", line) or [""])[0] + " ".join(re.findall(r"{\w+}|\]\([^)]+\)|\*\*", line)) for line in blocks if line]


@pytest.mark.parametrize(("page", "title"), PAGES.items())
def test_each_page_is_there_and_in_the_footer(client, page, title):
    assert client.get_page(f"/{page}").h1 == title
    assert f"/{page}" in client.get_page("/").links()


def test_the_operator_is_named_from_the_configuration(client):
    assert "Administration à renseigner" in client.get_page("/mentions-legales").text("main")


def test_the_accessibility_page_says_non_conforme_and_how_to_complain(client):
    text = client.get_page("/accessibilite").text("main")

    assert "non conforme" in text
    assert "Défenseur des droits" in text


def test_the_foot_of_every_page_says_what_the_audit_found(tmp_path):
    (tmp_path / "accessibilite.md").write_text("Le site est partiellement conforme.", encoding="utf-8")
    app = create_app(settings(tmp_path, LEGAL_PATH=str(tmp_path), ACCESSIBILITY="partial"))
    assert "Accessibilité\u00a0: partiellement conforme" in app.test_client().get("/charte").text
    assert "non conforme" not in app.test_client().get("/charte").text


def test_nobody_is_told_more_than_our_own_statement_says(tmp_path):
    with pytest.raises(ConfigError, match=r"accessibilite\.md"):
        settings(tmp_path, ACCESSIBILITY="full")
    with pytest.raises(ConfigError, match="ACCESSIBILITY must be one of"):
        settings(tmp_path, ACCESSIBILITY="excellent")


def test_an_operator_may_replace_a_page_with_their_own_text(client, app, tmp_path, monkeypatch):
    (tmp_path / "charte.md").write_text("Notre **charte**.\n\n## Un titre\n\nDe {operator}.", encoding="utf-8")
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, site=replace(settings.site, legal_path=str(tmp_path))))

    page = client.get_page("/charte")
    assert "Notre charte." in page.text("main")
    assert [heading.text for heading in page.all("main//h2")] == ["Un titre"]
    assert client.get_page("/accessibilite").h1 == "Accessibilité"


@pytest.mark.parametrize(("page", "title"), ENGLISH.items())
def test_each_page_exists_in_english_and_leads_to_the_text_that_counts(client, page, title):
    found = client.get_page(f"/en/{page}")
    assert found.h1 == title
    assert found.all("main//p//a")[0].get("href") == f"/{page}"


@pytest.mark.parametrize("page", PAGES)
def test_the_translation_says_neither_more_nor_less_than_the_french(page):
    """After a change of one, change the other. The translation begins with one sentence of its own."""
    assert shape(OURS / "en" / f"{page}.md")[1:] == shape(OURS / f"{page}.md")


def test_an_operator_s_text_comes_before_a_translation_of_ours(client, app, tmp_path, monkeypatch):
    (tmp_path / "charte.md").write_text("Notre charte.", encoding="utf-8")
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, site=replace(settings.site, legal_path=str(tmp_path))))

    page = client.get_page("/en/charte")
    assert [part.get("lang") for part in page.all("main//div") if "ds-prose" in part.get("class", "")] == ["fr"]
    assert "This text exists in French only. Notre charte." in page.text("main")


def test_an_operator_may_translate_their_own_text(client, app, tmp_path, monkeypatch):
    (tmp_path / "en").mkdir()
    (tmp_path / "charte.md").write_text("La nôtre.", encoding="utf-8")
    (tmp_path / "en" / "charte.md").write_text("Our own.", encoding="utf-8")
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, site=replace(settings.site, legal_path=str(tmp_path))))

    assert "Our own." in client.get_page("/en/charte").text("main")
    assert "La nôtre." in client.get_page("/charte").text("main")
