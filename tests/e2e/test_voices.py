"""What is said about a commitment beside its ministry's own words: a comment with its official reply, and a counter-assessment.

In a browser without scripts. The ministry, its people and the association are invented; the plan is the demonstration's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import Mailboxes
from tests.e2e.inspection import Inspector, Watch
from tests.e2e.person import Person
from tests.e2e.site_in_time import SiteInTime, site_in_time
from tests.e2e.staff import Staff
from tests.servers import browser as chromium
from tests.servers import need
from tests.servers.site import ROOT
from tests.servers.smtp import SmtpServer

COMMITMENT = "/engagements/demonstration-2025-2027/1"
TITLE = "Publier chaque semaine l’état des rivières, station par station"
CITIZEN, MODERATOR, BOSS = "citoyenne@exemple.test", "moderation@exemple.test", "administration@exemple.test"
CONTACT, VALIDATOR, ASSESSOR = "contact@exemple.test", "validation@exemple.test", "evaluatrice@exemple.test"
PEOPLE = {
    MODERATOR: ("Adelphine", "--role", "moderator"),
    BOSS: ("Bénédicte", "--role", "administrator"),
    CONTACT: ("Anatolie", "--ministry", "saisons-et-paysages", "--as", "contact"),
    VALIDATOR: ("Veranne", "--ministry", "saisons-et-paysages", "--as", "validator"),
}
COMMENT = "La station de Vernaison ne publie plus rien depuis le mois de janvier."
DRAFT, REPLY = "La station est en panne.", "La station de **Vernaison** est réparée depuis lundi."
REPLIED = "est réparée depuis lundi."
ASSESSMENT = "Sur douze stations visitées, cinq ne publient pas chaque semaine."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, mail_server: SmtpServer) -> Iterator[SiteInTime]:
    need(chromium.available())
    with site_in_time(tmp_path_factory.mktemp("site"), mail_server) as site:
        site.flask("plan", "import", str(ROOT / "feedback_app" / "demo" / "plan.json"))
        for email, (name, *rights) in PEOPLE.items():
            site.flask("accounts", "create", email, "--name", name, *rights)
        yield site


@pytest.fixture(scope="module")
def inspector(browser: Browser, watch: Watch) -> Iterator[Inspector]:
    inspector = Inspector(browser, watch, set())
    yield inspector
    inspector.close()


@pytest.fixture(scope="module")
def staff(site: SiteInTime, somebody: Callable[[], Person]) -> Staff:
    return Staff(site, somebody)


def test_a_comment_gets_its_official_reply_and_an_association_says_otherwise(
    site: SiteInTime, citizen: Person, staff: Staff, inspector: Inspector
) -> None:
    site.at("2026-03-02", "09:00")
    citizen.open(COMMITMENT)
    citizen.reads_the_title(TITLE)
    citizen.follow("Commenter cet engagement", within=citizen.main)
    citizen.write("Votre commentaire", COMMENT)
    citizen.write("Votre adresse électronique", CITIZEN)
    citizen.press("Envoyer le commentaire")
    citizen.open(Mailboxes.link(site.letter(CITIZEN, "Confirmez votre texte"), "/confirmer/"))
    citizen.press("Confirmer et envoyer à la relecture")
    site.at("2026-03-02", "10:00")
    publish(staff, COMMENT)
    site.letter(CITIZEN, "est publié")

    # The contact looks at a preview first, then proposes; somebody else sends it back, and publishes the second wording.
    contact = staff(CONTACT, "/ministere/commentaires")
    contact.sees("Attendent une réponse", COMMENT[:60])
    propose(contact, "Répondre", DRAFT, preview=True)
    validator = staff(VALIDATOR, "/ministere/commentaires?onglet=a-valider")
    validator.follow(COMMENT[:60])
    validator.follow("Renvoyer avec vos mots")
    validator.write("Vos raisons", "Dites plutôt depuis quand elle remarche.")
    validator.press("Renvoyer")
    site.at("2026-03-03", "10:00")
    contact = staff(CONTACT, "/ministere/commentaires")
    contact.follow(COMMENT[:60])
    contact.sees("Dites plutôt depuis quand elle remarche.")
    propose(contact, "Continuer la réponse", REPLY)
    citizen.open(COMMITMENT)
    citizen.does_not_see("Réponse officielle", REPLIED)
    validator = staff(VALIDATOR, "/ministere/commentaires?onglet=a-valider")
    validator.follow(COMMENT[:60])
    validator.follow("Relire et publier")
    validator.sees(COMMENT, REPLIED)
    validator.press("Publier la réponse")
    told = site.letter(CITIZEN, "Réponse officielle à votre commentaire")
    assert REPLIED in told.text
    citizen.open(COMMITMENT)
    citizen.sees(COMMENT, "Réponse officielle", "Ministère des Saisons et des Paysages", REPLIED)
    citizen.does_not_see("Anatolie", "Veranne", "La station est en panne.", "Dites plutôt")
    citizen.open("/transparence/reponses")
    citizen.sees("Les commentaires, par ministère", "100")

    # An association is recognised; what its assessor says is read by a moderator, then shown beside what the ministry says.
    boss = staff(BOSS, "/admin/organisations")
    boss.follow("Reconnaître une organisation")
    boss.write("Nom", "Eaux vives (association fictive)")
    boss.press("Reconnaître")
    boss.follow("Nommer une personne")
    boss.write("Nom de la personne", "Évangéline")
    boss.write("Son adresse électronique", ASSESSOR)
    boss.press("Nommer cette personne")
    site.letter(ASSESSOR, "Vous évaluez les engagements")
    assessor = staff.by_link(ASSESSOR, "/compte/evaluations")
    assessor.follow(f"1. {TITLE}", within=assessor.main)
    assessor.tick("Menacé")
    assessor.write("Votre évaluation", ASSESSMENT)
    assessor.press("Envoyer à la modération")
    assessor.sees("Contre-évaluation", ASSESSMENT)
    citizen.open(COMMITMENT)
    citizen.does_not_see(ASSESSMENT)
    site.at("2026-03-04", "10:00")
    publish(staff, ASSESSMENT)
    site.letter(ASSESSOR, "est publié")
    citizen.open(COMMITMENT)
    citizen.sees("Ce qu’en disent des organisations", "Eaux vives (association fictive)", "Menacé", "Autre constat", ASSESSMENT)
    citizen.does_not_see("Évangéline", "Adelphine")
    assert inspector.problems == []
    assert site.errors() == []


def publish(staff: Staff, text: str) -> None:
    """A moderator publishes a text."""
    moderator = staff(MODERATOR, "/moderation/")
    moderator.follow(text[:60])
    moderator.sees(text)
    moderator.tick("Publier")
    moderator.press("Enregistrer la décision")


def propose(contact: Person, link: str, words: str, *, preview: bool = False) -> None:
    """Write a reply and hand it over."""
    if preview:
        contact.follow(COMMENT[:60])
    contact.follow(link)
    contact.write("Votre réponse officielle", words)
    if preview:
        contact.press("Voir l’aperçu")
        contact.sees("Aperçu", words)
    contact.press("Proposer à la relecture")
    contact.sees("À valider")
