"""Rows that are drawn once: whatever they show is in their key, so nobody reads an earlier state, and no token is kept."""

from __future__ import annotations

from sqlalchemy import update

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus
from feedback_app.models import TextVersion, Topic
from feedback_app.services import freshness


def tokens(page):
    return {field.get("value") for field in page.all("tbody//input[@name='csrf_token']")}


def test_a_row_follows_what_it_shows(app, desk, sign_in):
    request = desk.request(CaseStatus.OPEN)
    browser = sign_in(desk.contact)
    title = browser.get_page("/ministere/").text("tbody")
    assert request.reference in title
    with app.app_context(), unit_of_work():
        db.session.get_one(Topic, request.topic_id).title = "Un autre titre"
    assert "Un autre titre" in browser.get_page("/ministere/").text("tbody")


def test_each_session_has_its_own_token_in_the_rows_that_two_people_share(desk, sign_in):
    desk.request(CaseStatus.OPEN)
    first, second = sign_in(desk.contact).get_page("/ministere/"), sign_in(desk.colleague).get_page("/ministere/")
    assert len(tokens(first)) == len(tokens(second)) == 1
    assert tokens(first) != tokens(second)


def test_the_frame_that_pages_share_has_each_session_s_token_and_each_page_s_address(desk, sign_in):
    first, second = sign_in(desk.contact), sign_in(desk.colleague)
    pages = [browser.get_page(path) for browser in (first, second) for path in ("/ministere/?onglet=en-retard", "/ministere/?q=a%26b")]
    fields = [page.all("nav[@class='ds-desk']//input[@name='csrf_token']") for page in pages]
    found = [{field.get("value").split(".")[0] for field in these} for these in fields]  # then comes the second it was signed
    assert found[0] == found[1] != found[2] == found[3]
    assert len(found[0]) == len(found[2]) == 1
    links = [{link.get("href") for link in page.all("header//a[@lang='en']")} for page in pages]
    assert links == [{"/en/ministere/?onglet=en-retard"}, {"/en/ministere/?q=a%26b"}] * 2


def test_the_menu_is_that_of_whoever_reads(desk, make, sign_in):
    pages = [sign_in(person).get_page("/compte/") for person in (desk.contact, make.moderator(), desk.contact)]
    menus = [page.text("nav[@class='ds-desk']") for page in pages]
    assert "Commentaires" in menus[0]
    assert "Modération" not in menus[0]
    assert "Modération" in menus[1]
    assert "Commentaires" not in menus[1]
    assert menus[2] == menus[0]


def test_a_text_with_the_mark_of_the_token_stays_a_text(desk, sign_in):
    desk.request(CaseStatus.OPEN, body="Que veut dire &token; dans cette page ?")
    assert "Que veut dire &token; dans cette page ?" in sign_in(desk.contact).get_page("/ministere/").text("tbody")


def test_the_time_that_is_left_is_that_of_today(desk, sign_in, clock):
    desk.request(CaseStatus.OPEN)
    browser = sign_in(desk.contact)
    assert "Encore" in browser.get_page("/ministere/").text("tbody")
    clock.advance(days=40)
    assert "En retard" in sign_in(desk.contact).get_page("/ministere/?onglet=a-prendre").text("tbody")


def test_a_thread_is_in_the_language_of_its_page(client, make):
    commitment = make.commitment()
    make.comment(topic=commitment.topic, name=None)
    path = f"/engagements/{commitment.plan.slug}/{commitment.number}"
    assert "Anonyme" in client.get_page(path).text("main")
    assert "Anonymous" in client.get_page(f"/en{path}").text("main")


def test_after_an_erasure_no_row_of_before_is_kept(app, desk, sign_in):
    desk.request(CaseStatus.OPEN, body="Ondine Quatremare demande pourquoi.")
    browser, rows, kept = sign_in(desk.contact), app.extensions["rows"], []
    for body in ("Ondine demande pourquoi.", "Une personne demande pourquoi."):
        with app.app_context(), unit_of_work():
            freshness.everything_changed()  # as an erasure does, in whatever process
            db.session.execute(update(TextVersion).values(body=body))
        assert body in browser.get_page("/ministere/").text("tbody")
        kept.append(len(rows))
    assert kept[0] == kept[1] > 0, "what was drawn now, and nothing else"
