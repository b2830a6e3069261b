"""The guided tours: no dead link, the right person at each step, and on each page what the step promises."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from feedback_app.database import db
from feedback_app.demo.barometer import SLUG
from feedback_app.demo.people import PEOPLE
from feedback_app.demo.tours import MISSED, TOURS, Stop, Tour, _standing
from feedback_app.domain.addresses import commitment_key, indicator_key
from feedback_app.models import Ministry, Topic
from feedback_app.services.signing import private_token
from tests.pages import Page, PageClient

STEPS = 5
# (tour, number): what the step says that its page shows, in the words of the page.
PROMISED = {
    ("citoyenne", 1): ["18", "10", "plus facile"],
    ("citoyenne", 2): ["Finistère", "ne sont pas publiés"],
    ("citoyenne", 3): ["Rivières en commun", "Autre constat", "Menacé", "Réponse officielle", "hors service"],
    ("citoyenne", 4): ["en retard", "DS-"],
    ("citoyenne", 5): ["Dire si elle vous aide", "arrachée"],
    ("contact", 1): ["À prendre", "En retard", "À valider"],
    ("contact", 2): ["Prendre", "forêt"],
    ("contact", 3): ["retard", "fichier du lundi"],
    ("contact", 4): ["Accepter", "digues en terre"],
    ("contact", 5): ["Publier", "sonde"],
    ("moderation", 1): ["textes attendent", "Correction"],
    ("moderation", 2): ["Mise à jour"],
    ("moderation", 3): ["lettre de mission", "Ne pas publier"],
    ("moderation", 4): ["camionnette", "Ne pas publier"],
    ("moderation", 5): ["taxe des étangs", "une autre personne le relira"],
    ("journaliste", 1): ["Chemins et des Rivages", "trop peu de cas"],
    ("journaliste", 2): ["plus facile", "arrondi"],
    ("journaliste", 3): ["Bretagne", "Haies plantées"],
    ("journaliste", 4): ["rouvert", "places"],
    ("journaliste", 5): ["en retard", "panneau"],
}


def stops(site: Flask, tour: Tour) -> list[Stop]:
    with site.test_request_context():
        return list(tour.stops())


def visited(site: Flask, stop: Stop) -> Page:
    """The page that its link or its button leads to."""
    browser = site.test_client()
    assert isinstance(browser, PageClient)
    if stop.person is None:
        return browser.get_page(stop.path)
    answer = browser.post(f"/demo/entrer/{stop.person.key}", data={"suite": stop.path})
    assert answer.location == stop.path
    return browser.get_page(stop.path)


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.key)
def test_each_step_leads_somewhere_and_shows_what_it_promises(whole_demo: Flask, tour: Tour) -> None:
    found = stops(whole_demo, tour)
    assert len(found) == STEPS
    missing = []
    for number, stop in enumerate(found, start=1):
        text = visited(whole_demo, stop).text("main")
        missing += [(number, words) for words in PROMISED[tour.key, number] if words.lower() not in text.lower()]
    assert missing == []


def test_what_a_citizen_writes_on_the_first_tour_reaches_people_whom_one_can_be(whole_demo: Flask) -> None:
    at_the_door = {slug for person in PEOPLE for slug, _right in person.memberships}
    with whole_demo.test_request_context():
        paths = [stop.path for stop in TOURS[0].stops() if stop.path != "/demandes/"]
        asked = _standing("C4", "answered")
        assert asked is not None
        assert private_token(asked) in paths[-1]
        commitment = commitment_key(paths[-2].split("/")[-2], 1)
        keys = [indicator_key(SLUG, MISSED), commitment, asked.topic.key]
        owners = select(Ministry.slug).join(Topic, Topic.ministry_id == Ministry.id).where(Topic.key.in_(keys))
        assert paths[0].endswith(MISSED)
        assert set(db.session.scalars(owners)) <= at_the_door


def test_the_page_lists_the_four_tours_with_their_links_and_buttons(whole_demo: Flask) -> None:
    browser = whole_demo.test_client()
    assert isinstance(browser, PageClient)
    page = browser.get_page("/demo")
    links = page.links()
    for tour in TOURS:
        for stop in stops(whole_demo, tour):
            if stop.person is None:
                assert stop.path in links
            else:
                hidden = [field.get("value") for field in page.all("main//input[@type='hidden']")]
                assert stop.path in hidden


def test_in_english_its_links_stay_in_english(whole_demo: Flask) -> None:
    browser = whole_demo.test_client()
    assert isinstance(browser, PageClient)
    page = browser.get_page("/en/demo")
    assert "A target made easier, and missed" in page.text("main")
    links = [link.get("href", "") for link in page.all("main//table//a")]
    wanted = [field.get("value", "") for field in page.all("main//input[@name='suite']")]
    assert len(links) + len(wanted) == len(TOURS) * STEPS
    assert all(path.startswith("/en/") for path in links + wanted)


def test_a_step_whose_subject_is_not_there_is_left_out(demo: Flask) -> None:
    """The small sample has neither barometer nor requests."""
    left = {tour.key: [stop.path for stop in stops(demo, tour)] for tour in TOURS}
    assert left["contact"] == ["/ministere/"]
    assert all(path for paths in left.values() for path in paths)
    assert not [path for paths in left.values() for path in paths if path.startswith("/barometre")]


def test_the_button_leads_nowhere_outside(whole_demo: Flask) -> None:
    browser = whole_demo.test_client()
    for elsewhere in ("https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example"):
        assert "ailleurs" not in browser.post("/demo/entrer/citoyenne", data={"suite": elsewhere}).location
