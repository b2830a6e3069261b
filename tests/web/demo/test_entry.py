"""The way into the demo, and signing in as its people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from feedback_app.database import db
from feedback_app.demo.people import PEOPLE, Person
from feedback_app.domain.policy import Role
from feedback_app.domain.trace import AccessAction
from feedback_app.models import AccessLog
from tests.conftest import Clock
from tests.databases import SqliteDatabase
from tests.demo.sites import demo_site
from tests.pages import PageClient, words


@pytest.fixture
def unfilled(tmp_path: Path) -> Iterator[PageClient]:
    """A browser on a demo whose data were never entered."""
    database = SqliteDatabase(tmp_path)
    with demo_site(tmp_path, database.url, Clock()) as site:
        database.migrated(site)
        browser = site.test_client()
        assert isinstance(browser, PageClient)
        yield browser


def test_the_page_says_that_all_is_invented_and_lists_everybody(visitor: PageClient) -> None:
    page = visitor.get_page("/demo")
    assert "données fictives" in page.text("main")
    buttons = [words(button) for button in page.all("main//button")]
    as_people = [button for button in buttons if button.startswith("Se connecter")]
    assert as_people == [f"Se connecter comme {person.name.split()[0]}" for person in PEOPLE]
    assert {form.get("action") for form in page.all("main//form")} == {f"/demo/entrer/{person.key}" for person in PEOPLE}


def test_its_links_lead_somewhere(visitor: PageClient) -> None:
    links = [link.get("href", "") for link in visitor.get_page("/demo").all("main//a")]
    assert "/demo/courriels" in links
    for link in links:
        visitor.get_page(link)


def test_with_a_final_slash_it_is_the_same_page(visitor: PageClient) -> None:
    assert visitor.get("/demo/").text == visitor.get("/demo").text


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.key)
def test_each_person_is_signed_in_at_once_and_goes_where_they_work(visitor: PageClient, person: Person) -> None:
    answer = visitor.post(f"/demo/entrer/{person.key}")
    assert answer.status_code == 303
    works = {Role.MODERATOR: "/moderation/", Role.COORDINATOR: "/coordination/", Role.ADMINISTRATOR: "/admin/"}
    without_role = "/ministere/" if person.memberships else "/compte/"
    assert answer.location == next((works[role] for role in person.roles), without_role)
    visitor.get_page(answer.location)
    assert person.email in visitor.get_page("/compte/").text("main")


def test_a_moderator_sees_the_queue_and_can_open_every_text(visitor: PageClient) -> None:
    visitor.post("/demo/entrer/moderation-2")
    texts = [link for link in visitor.get_page("/moderation/").links() if link.startswith("/moderation/textes/")]
    assert len(texts) >= 7
    pages = [visitor.get_page(link) for link in texts]
    assert any('<script>alert("coucou")</script>' in page.text("main") for page in pages)


def test_changing_people_changes_rights(visitor: PageClient) -> None:
    visitor.post("/demo/entrer/moderation-1")
    visitor.post("/demo/entrer/citoyen")
    assert visitor.get("/moderation/").status_code == 403


def test_signing_in_is_logged_like_any_other_sign_in(demo: Flask, visitor: PageClient) -> None:
    visitor.post("/demo/entrer/administration")
    with demo.app_context():
        last = db.session.scalars(select(AccessLog).order_by(AccessLog.id.desc()).limit(1)).one()
        assert last.action is AccessAction.SIGN_IN


def test_an_unknown_person_is_not_found(visitor: PageClient) -> None:
    assert visitor.post("/demo/entrer/personne").status_code == 404


def test_opening_the_address_of_a_button_signs_nobody_in(visitor: PageClient) -> None:
    assert visitor.get("/demo/entrer/citoyenne").status_code == 405
    assert visitor.get("/compte/").status_code == 302


def test_a_form_of_another_site_signs_nobody_in(visitor: PageClient) -> None:
    assert visitor.post("/demo/entrer/citoyenne", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert visitor.get("/compte/").status_code == 302


def test_without_its_data_it_says_how_to_enter_them(unfilled: PageClient) -> None:
    page = unfilled.get_page("/demo")
    assert "flask demo seed" in page.text("main")
    assert page.all("main//form") == []


def test_without_its_data_nobody_can_be_signed_in(unfilled: PageClient) -> None:
    assert unfilled.post("/demo/entrer/citoyenne").status_code == 404
