"""What people do without a mouse, without scripts, on 320 px, sent to the end: by Tab, Enter, Space and arrows only.

The small sample of the demo, on SQLite: what is read here, focus, titles and labels, does not depend on the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from feedback_app.database import unit_of_reading, unit_of_work
from feedback_app.demo import seed
from tests.e2e.inspection import Inspector, Watch
from tests.e2e.keyboard import Typist, typist
from tests.e2e.site_in_time import SiteInTime, site_in_time
from tests.servers import browser as chromium
from tests.servers import need
from tests.servers.smtp import SmtpServer

SAVED, CLOSED = "Enregistré.", "On ne peut pas écrire pour le moment"
QUESTION = "Combien de courriers ont été réécrits, et où peut-on relire les premiers ?"
SEASONS = "Ministère des Saisons et des Paysages (fictif)"
AGAIN = "after you opened this page"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, mail_server: SmtpServer) -> Iterator[SiteInTime]:
    """The demo, whose people are signed in by one button."""
    need(chromium.available())
    with site_in_time(tmp_path_factory.mktemp("site"), mail_server, DEMO="1", MAIL_SERVER="", MAIL_PORT="", MAIL_SENDER="") as site:
        with site.app.app_context(), unit_of_work():
            seed.seed(at=site.clock(), whole=False)
        yield site


@pytest.fixture(scope="module")
def plan(site: SiteInTime) -> str:
    """The address of the demo's plan, which follows the years."""
    with site.app.app_context(), unit_of_reading():
        found = seed.plan()
        assert found is not None
        return f"/engagements/{found.slug}"


@pytest.fixture(scope="module")
def inspector(browser: Browser, watch: Watch) -> Iterator[Inspector]:
    inspector = Inspector(browser, watch, set(), brief=True)
    yield inspector
    inspector.close()


@pytest.fixture
def sits_down(browser: Browser, site: SiteInTime, watch: Watch) -> Iterator[Callable[..., Typist]]:
    """``sits_down("Maude")``: one of the demo's people; without a name a visitor. ``path``: where the language is."""
    people: list[Typist] = []

    def sit_down(name: str = "", path: str = "") -> Typist:
        people.append(person := typist(browser, watch, site.address, _stays_in_its_place, "en-GB" if path else "fr-FR"))
        if name:
            person.open(f"{path}/demo")
            person.press(f"{'Sign in as' if path else 'Se connecter comme'} {name}")
        return person

    yield sit_down
    for person in people:
        person.context.close()


def _stays_in_its_place(page: Page, _headers: dict[str, str]) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls sideways"


def test_the_site_is_closed_for_writing_and_a_half_written_question_is_not_lost(
    sits_down: Callable[..., Typist], plan: str, watch: Watch
) -> None:
    citizen = sits_down()
    citizen.open(f"{plan}/6")
    citizen.follow("Poser une question", within=citizen.main)
    citizen.tick("Demande d’explication")
    citizen.write("Votre texte", QUESTION)
    citizen.write("Votre adresse électronique", "lea@exemple.test")

    administrator = sits_down("Zoé")
    administrator.follow("Réglages")
    administrator.tick("peuvent lire, mais pas écrire pour le moment")
    administrator.write("Avis affiché sur toutes les pages, en français", "x" * 600)
    administrator.press("Enregistrer")
    administrator.hears("2 corrections sont nécessaires", "le maximum est 500")
    assert administrator.title.startswith("Erreur\u00a0: Réglages")

    # The second time too, although a link has led to a field in between.
    administrator.goes_to_the_field_of("le maximum est 500")
    assert administrator.is_on("Avis affiché sur toutes les pages, en français")
    administrator.write("Avis affiché sur toutes les pages, en français", "Travaux jusqu’à ce soir.")
    administrator.press("Enregistrer")
    administrator.hears("Une correction est nécessaire", "dans les deux langues")
    administrator.goes_to_the_field_of("dans les deux langues")
    administrator.write("Le même avis, en anglais", "Works until tonight.")
    administrator.press("Enregistrer")
    administrator.hears(SAVED)
    assert administrator.path == "/admin/reglages"

    citizen.press("Envoyer")
    assert citizen.status == 503
    citizen.reads_the_title(CLOSED)
    citizen.sees(QUESTION, "Votre envoi n’a pas été enregistré.")

    administrator.tick("peuvent lire et écrire")
    administrator.press("Enregistrer")
    administrator.hears(SAVED)
    citizen.goes_back()
    assert citizen.field("Votre texte") == QUESTION
    citizen.press("Envoyer")
    citizen.sees("Il reste une chose à faire\u00a0: confirmer", QUESTION)
    assert "À confirmer par courriel" in citizen.title
    (refusal,) = watch.problems  # the browser notes the answer to what was sent while the site was closed, and nothing else
    assert "status of 503" in refusal
    watch.problems.clear()


def test_a_right_is_given_narrowed_and_taken_away_in_english(sits_down: Callable[..., Typist], plan: str) -> None:
    administrator = sits_down("Zoé", "/en")
    administrator.follow("People", within=administrator.main)
    administrator.follow("Invite somebody")
    administrator.write("Name, as colleagues see it", "Lise Vermillon")
    administrator.write("Work email address", "lise@exemple.test")
    administrator.choose("Ministry or institution", SEASONS)
    administrator.press("Invite")
    administrator.hears("Choose the ministry and as what")
    administrator.choose("As what", "Lead")
    administrator.press("Invite")
    administrator.hears("Lise Vermillon will receive an email.")
    administrator.follow("Lise Vermillon")
    administrator.follow("Change the scope Lead")
    administrator.write("Commitments and indicators", "/engagements/nowhere/9")
    administrator.write("Territories", "69")
    administrator.press("Save")
    administrator.hears("2 corrections are needed", "Unknown in this ministry", "Unknown code: 69")
    administrator.goes_to_the_field_of("Unknown code: 69")
    assert administrator.is_on("Territories")
    administrator.write("Territories", "D69")
    administrator.write("Commitments and indicators", f"{administrator.address}/en{plan}/1?lu=1")
    stale = administrator.another_window()
    administrator.press("Save")
    administrator.hears("Scope saved.")
    administrator.sees("Rhône")
    stale.write("Territories", "R84")
    stale.press("Save")
    stale.hears(AGAIN)
    assert stale.status == 409
    administrator.follow("Withdraw Lead")
    administrator.press("Withdraw")
    administrator.hears("Membership withdrawn.")
    administrator.does_not_see("Rhône")


def test_a_meeting_is_written_read_over_published_and_found_in_the_calendar(sits_down: Callable[..., Typist]) -> None:
    contact, validator, citizen = sits_down("Maude"), sits_down("Ilyès"), sits_down()
    contact.follow("Rendez-vous", within=contact.page.locator(".ds-desk"))
    contact.follow("Ajouter un rendez-vous")
    contact.tick("Réunion")
    contact.write("Titre", "Réunion du comité des haies")
    contact.write("Début", "demain matin")
    contact.write("Fin", "plus tard")
    contact.write("Lieu", "Mairie de Vernaison")
    contact.write("Qui organise", "Le comité")
    contact.write("Présentation", "L’ordre du jour, puis les **suites** du plan.")
    contact.press("Enregistrer")
    contact.hears("2 corrections sont nécessaires", "Début\u00a0: écrivez le jour", "Fin\u00a0: écrivez le jour")
    contact.write("Début", "20/02/2027 à 9 h")
    contact.write("Fin", "20/02/2027 11:30")
    contact.press("Enregistrer")
    contact.hears("Une autre personne va relire et publier.")
    validator.open("/ministere/rendez-vous")
    validator.follow("Réunion du comité des haies")
    validator.press("Publier")
    validator.hears("C’est publié.")
    validator.follow("Voir la page publique")
    validator.sees("20 février 2027, de 09:00 à 11:30", "Administration publique")
    citizen.open("/rendez-vous/")
    citizen.follow("Réunion du comité des haies")
    citizen.sees("Mairie de Vernaison")
    calendar = citizen.context.request.get(f"{citizen.address}/rendez-vous/calendrier.ics").text()
    assert re.search(r"DTSTART:20270220T080000Z\r?\nDTEND:20270220T103000Z\r?\nSUMMARY:Réunion du comité des haies", calendar)
