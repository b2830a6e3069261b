"""A commitment followed in public, in a real browser without scripts: a contact says where it stands, somebody else publishes it, and a
citizen sees what moved and who said so.

``Follow`` has a step for each act, so that what others do about a commitment can be added to the journey.
"""

from __future__ import annotations

from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Mailboxes
from tests.e2e.person import Person
from tests.e2e.plan import PlanOnPaper
from tests.servers.site import RunningSite

CONTACT, VALIDATOR = "contact.suivi@exemple.test", "validation.suivi@exemple.test"
DONE = "La première étape est franchie : trois ateliers ont eu lieu."
NEXT = "La synthèse sera publiée au printemps."
CRITERION = "la synthèse des ateliers est en ligne"
PROOF = "https://exemple.test/synthese"


class Follow:
    """What people do about the commitment of the plan on paper."""

    def __init__(self, plan: PlanOnPaper, contact: Person, validator: Person, citizen: Person) -> None:
        self.plan, self.contact, self.validator, self.citizen = plan, contact, validator, citizen
        self.title = str(plan.chosen["title"])

    def opens_the_editor(self) -> None:
        self.contact.open("/ministere/engagements/?onglet=tous")
        self.contact.open(f"/ministere{self.plan.path}")
        self.contact.reads_the_title("Faire le point")

    def says(self, done: str, *, whole: str | None = None, confidence: str = "Atteignable") -> None:
        self.contact.write("Ce qui est fait", done)
        self.contact.tick(confidence)
        if whole:
            self.contact.choose("Changement de statut", whole)

    def proposes(self) -> None:
        self.contact.press("Proposer à la relecture")
        expect(self.contact.page).to_contain_text("Le point d’avancement est proposé.")

    def publishes(self) -> None:
        self.validator.open("/ministere/engagements/?onglet=a-relire")
        self.validator.follow("Relire engagement")
        self.validator.reads_the_title("Relire et publier le point d’avancement")
        self.validator.press("Publier le point d’avancement")
        expect(self.validator.page).to_contain_text("Le point d’avancement est publié.")


def sign_in(person: Person, email: str, mailboxes: Mailboxes) -> Person:
    """Through the form and the link of the mail, with a telephone tied to the account at this first time."""
    person.open("/ministere/engagements/")
    person.write("Votre adresse électronique", email)
    person.press("Recevoir un lien de connexion")
    person.open(mailboxes.link(mailboxes.next_to(email), "/compte/connexion/"))
    person.press("Se connecter")
    person.write("Code", pyotp.TOTP(person.main.locator("code").inner_text().replace(" ", "")).now())
    person.press("Protéger mon compte")
    person.follow("J’ai noté mes codes")
    return person


@pytest.fixture(scope="module")
def staff(site: RunningSite, somebody: Callable[[], Person], mailboxes: Mailboxes, plan: PlanOnPaper) -> tuple[Person, Person]:
    """A contact and a validator of the ministry that is responsible."""
    ministry = str(plan.chosen["ministry"])
    site.flask("accounts", "create", CONTACT, "--name", "Ana Contact", "--ministry", ministry, "--as", "contact")
    site.flask("accounts", "create", VALIDATOR, "--name", "Val Relecture", "--ministry", ministry, "--as", "validator")
    return sign_in(somebody(), CONTACT, mailboxes), sign_in(somebody(), VALIDATOR, mailboxes)


@pytest.fixture
def journey(plan: PlanOnPaper, staff: tuple[Person, Person], citizen: Person) -> Follow:
    return Follow(plan, *staff, citizen)


def test_from_a_contact_to_a_citizen_by_way_of_somebody_else(journey: Follow) -> None:
    # 1. Before: nobody has said anything, and the page says so.
    journey.citizen.open(journey.plan.path)
    journey.citizen.sees("Aucun point d’avancement n’est publié.", "Critère mesurable : manquant")

    # 2. The contact tries too little, then says what is done and moves the status; the texts stay.
    journey.opens_the_editor()
    journey.contact.write("Ce qui vient", NEXT)
    journey.contact.write("Liens de preuve", "pas un lien")
    journey.contact.press("Proposer à la relecture")
    journey.contact.sees("Un lien de preuve commence par")
    assert journey.contact.field("Ce qui vient") == NEXT
    journey.contact.write("Liens de preuve", PROOF)
    journey.says(DONE, whole="Le travail commence")
    journey.proposes()

    # 3. Nothing has moved in public.
    journey.citizen.open(journey.plan.path)
    journey.citizen.does_not_see(DONE)

    # 4. The contact cannot publish what they wrote; the validator reads it over and does.
    journey.contact.open(f"/ministere{journey.plan.path}/publier")
    assert journey.contact.status == 403
    journey.publishes()

    # 5. The citizen sees what moved and who said so, on the page and on the dashboard.
    journey.citizen.open(journey.plan.path)
    journey.citizen.sees(DONE, NEXT, "En cours", f"selon {journey.plan.ministry}", PROOF, "Prévu → En cours")
    journey.citizen.open(f"/engagements/?plan={journey.plan.slug}")
    journey.citizen.sees("Où en est le plan", "Jalons en retard", "Derniers points d’avancement", journey.title[:60])


def test_a_validator_sends_an_update_back_and_the_contact_takes_it_up_again(journey: Follow) -> None:
    journey.opens_the_editor()
    journey.says("Un premier jet, sans chiffre.")
    journey.proposes()
    journey.validator.open(f"/ministere{journey.plan.path}/renvoyer")
    journey.validator.write("Ce qui est à reprendre", "Donnez le nombre d’ateliers, merci.")
    journey.validator.press("Renvoyer")
    expect(journey.validator.page).to_contain_text("renvoyé à son auteur")

    journey.opens_the_editor()
    journey.contact.sees("Donnez le nombre d’ateliers, merci.")
    assert journey.contact.field("Ce qui est fait") == "Un premier jet, sans chiffre."
    journey.says("Cinq ateliers ont eu lieu.")
    journey.proposes()
    journey.publishes()
    journey.citizen.open(journey.plan.path)
    journey.citizen.sees("Cinq ateliers ont eu lieu.")
    journey.citizen.does_not_see("Un premier jet, sans chiffre.", "Donnez le nombre d’ateliers")
