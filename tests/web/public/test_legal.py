"""The pages that the law asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

PAGES = {
    "accessibilite": "Accessibilité",
    "mentions-legales": "Mentions légales",
    "donnees-personnelles": "Données personnelles",
    "charte": "Charte des contributions",
}


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


def test_an_operator_may_replace_a_page_with_their_own_text(client, app, tmp_path, monkeypatch):
    (tmp_path / "charte.md").write_text("Notre **charte**.\n\n## Un titre\n\nDe {operator}.", encoding="utf-8")
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, site=replace(settings.site, legal_path=str(tmp_path))))

    page = client.get_page("/charte")
    assert "Notre charte." in page.text("main")
    assert [heading.text for heading in page.all("main//h2")] == ["Un titre"]
    assert client.get_page("/accessibilite").h1 == "Accessibilité"
