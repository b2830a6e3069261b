"""A commitment followed in public on the real plan, in a real browser without scripts, with real mails.

A contact says where it stands and somebody else publishes it; a citizen sees what moved and who said so, and comments; the ministry
replies officially; an association says otherwise. The people and the association are invented.

``Follow`` has a step for each act.
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
CITIZEN, BOSS, ASSESSOR = "citoyenne.suivi@exemple.test", "administration.suivi@exemple.test", "evaluatrice.suivi@exemple.test"
DONE = "La première étape est franchie : trois ateliers ont eu lieu."
NEXT = "La synthèse sera publiée au printemps."
CRITERION = "la synthèse des ateliers est en ligne"
PROOF = "https://exemple.test/synthese"
COMMENT = "Dans ma ville, aucun des trois ateliers n’a été annoncé."
DRAFT, REPLY = "Ils l’ont été.", "Les ateliers de cet automne seront **annoncés** en mairie."
REPLIED = "seront annoncés en mairie."
SEND_BACK = "Dites plutôt ce qui va changer."
ORGANISATION = "Ateliers ouverts (association fictive)"
ASSESSMENT = "Sur trois ateliers annoncés, nous n’en avons trouvé qu’un dans les agendas publics."


class Follow:
    """What people do about the commitment of the plan on paper."""

    def __init__(
        self, plan: PlanOnPaper, contact: Person, validator: Person, citizen: Person, moderator: Person, mailboxes: Mailboxes
    ) -> None:
        self.plan, self.contact, self.validator, self.citizen = plan, contact, validator, citizen
        self.moderator, self.mailboxes = moderator, mailboxes
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

    def comments(self) -> None:
        self.citizen.open(self.plan.path)
        self.citizen.follow("Commenter cet engagement", within=self.citizen.main)
        self.citizen.write("Votre commentaire", COMMENT)
        self.citizen.write("Votre adresse électronique", CITIZEN)
        self.citizen.press("Envoyer le commentaire")
        self.citizen.open(self.mailboxes.link(self.mailboxes.next_to(CITIZEN), "/confirmer/"))
        self.citizen.press("Confirmer et envoyer à la relecture")

    def moderates(self, text: str, *, author: str) -> None:
        """A moderator publishes a text, and its author is told."""
        self.moderator.open("/moderation/")
        self.moderator.follow(text[:60])
        self.moderator.sees(text)
        self.moderator.tick("Publier")
        self.moderator.press("Enregistrer la décision")
        assert "est publié" in str(self.mailboxes.next_to(author).message["Subject"])

    def replies(self, link: str, words: str, *, reads: str = COMMENT) -> None:
        """The contact looks at a preview, then hands the reply over."""
        self.contact.open("/ministere/commentaires")
        self.contact.follow(COMMENT[:50])
        self.contact.sees(reads)
        self.contact.follow(link)
        self.contact.write("Votre réponse officielle", words)
        self.contact.press("Voir l’aperçu")
        self.contact.sees("Aperçu")
        self.contact.press("Proposer à la relecture")
        self.contact.sees("À valider")

    def looks_at_the_reply(self, link: str) -> None:
        self.validator.open("/ministere/commentaires?onglet=a-valider")
        self.validator.follow(COMMENT[:50])
        self.validator.follow(link)


def sign_in(person: Person, email: str, mailboxes: Mailboxes, path: str = "/ministere/engagements/") -> Person:
    """Through the form and the link of the mail, with a telephone tied to the account at this first time."""
    by_link(person, email, mailboxes, path)
    person.write("Code", pyotp.TOTP(person.main.locator("code").inner_text().replace(" ", "")).now())
    person.press("Protéger mon compte")
    person.follow("J’ai noté mes codes")
    return person


def by_link(person: Person, email: str, mailboxes: Mailboxes, path: str) -> Person:
    """As anybody without rights does."""
    person.open(path)
    person.write("Votre adresse électronique", email)
    person.press("Recevoir un lien de connexion")
    person.open(mailboxes.link(mailboxes.next_to(email), "/compte/connexion/"))
    person.press("Se connecter")
    return person


@pytest.fixture(scope="module")
def staff(site: RunningSite, somebody: Callable[[], Person], mailboxes: Mailboxes, plan: PlanOnPaper) -> tuple[Person, Person]:
    """A contact and a validator of the ministry that is responsible."""
    ministry = str(plan.chosen["ministry"])
    site.flask("accounts", "create", CONTACT, "--name", "Ana Contact", "--ministry", ministry, "--as", "contact")
    site.flask("accounts", "create", VALIDATOR, "--name", "Val Relecture", "--ministry", ministry, "--as", "validator")
    return sign_in(somebody(), CONTACT, mailboxes), sign_in(somebody(), VALIDATOR, mailboxes)


@pytest.fixture(scope="module")
def assessor(site: RunningSite, somebody: Callable[[], Person], mailboxes: Mailboxes) -> Person:
    """Somebody whom an association sends, and whom the administration named."""
    site.flask("accounts", "create", BOSS, "--name", "Bénédicte", "--role", "administrator")
    boss = sign_in(somebody(), BOSS, mailboxes, "/admin/organisations")
    boss.follow("Reconnaître une organisation")
    boss.write("Nom", ORGANISATION)
    boss.press("Reconnaître")
    boss.follow("Nommer une personne")
    boss.write("Nom de la personne", "Évangéline")
    boss.write("Son adresse électronique", ASSESSOR)
    boss.press("Nommer cette personne")
    assert "Vous évaluez les engagements" in str(mailboxes.next_to(ASSESSOR).message["Subject"])
    return by_link(somebody(), ASSESSOR, mailboxes, "/compte/evaluations")


@pytest.fixture
def journey(plan: PlanOnPaper, staff: tuple[Person, Person], citizen: Person, moderator: Person, mailboxes: Mailboxes) -> Follow:
    return Follow(plan, *staff, citizen, moderator, mailboxes)


def test_from_an_update_to_an_official_reply_and_a_counter_assessment(journey: Follow, assessor: Person) -> None:
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

    # 6. They say what they saw: confirmed by mail, read by a moderator, published; and the ministry finds it on its desk.
    journey.comments()
    journey.moderates(COMMENT, author=CITIZEN)
    journey.contact.open("/ministere/commentaires")
    journey.contact.sees("Attendent une réponse", COMMENT[:50])

    # 7. The contact replies; a validator wants it otherwise, and publishes the second wording. Nothing shows before.
    journey.replies("Répondre", DRAFT)
    journey.looks_at_the_reply("Renvoyer avec vos mots")
    journey.validator.write("Vos raisons", SEND_BACK)
    journey.validator.press("Renvoyer")
    journey.replies("Continuer la réponse", REPLY, reads=SEND_BACK)
    journey.citizen.open(journey.plan.path)
    journey.citizen.sees(COMMENT)
    journey.citizen.does_not_see("Réponse officielle", REPLIED)
    journey.looks_at_the_reply("Relire et publier")
    journey.validator.sees(COMMENT, REPLIED)
    journey.validator.press("Publier la réponse")

    # 8. The citizen is told, and reads it under their comment, signed by the ministry and by nobody.
    told = journey.mailboxes.next_to(CITIZEN)
    assert "Réponse officielle à votre commentaire" in str(told.message["Subject"])
    assert REPLIED in told.text.replace("**", "")
    journey.citizen.open(journey.plan.path)
    journey.citizen.sees(COMMENT, "Réponse officielle", journey.plan.ministry, REPLIED)
    journey.citizen.does_not_see("Ana", "Val Relecture", DRAFT, SEND_BACK)
    journey.citizen.open("/transparence/reponses")
    journey.citizen.sees("Les commentaires, par ministère", journey.plan.ministry)

    # 9. An association that the administration recognised says otherwise; once a moderator has read it, both stand side by side.
    assessor.follow(f"{journey.plan.chosen['number']}. {journey.title}", within=assessor.main)
    assessor.tick("Menacé")
    assessor.write("Votre évaluation", ASSESSMENT)
    assessor.press("Envoyer à la modération")
    assessor.sees("Contre-évaluation", ASSESSMENT)
    journey.citizen.open(journey.plan.path)
    journey.citizen.does_not_see(ASSESSMENT)
    journey.moderates(ASSESSMENT, author=ASSESSOR)
    journey.citizen.open(journey.plan.path)
    side_by_side = journey.citizen.main.locator("section[aria-labelledby=contre-evaluations]")
    for words in (ORGANISATION, "Menacé", "En cours", "Autre constat", ASSESSMENT):
        expect(side_by_side).to_contain_text(words)
    journey.citizen.does_not_see("Évangéline", "Ada Modératrice")


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
