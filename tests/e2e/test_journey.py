"""The whole conversation in a real browser without scripts, over real mails: a citizen, a moderator, and what each of them reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Mailboxes
from tests.e2e.person import Person
from tests.e2e.plan import PlanOnPaper, in_french

BODY = "Nous avons essayé la plateforme dans notre école : elle est claire, mais lente.\n\nEst-ce que le code sera publié ?"
FIRST_LINE = "Nous avons essayé la plateforme dans notre école : elle est claire, mais lente."
FACTS = "La deuxième phrase donne le numéro de téléphone d’une personne."


class Conversation:
    """What a citizen and a moderator do about one commitment."""

    def __init__(self, plan: PlanOnPaper, citizen: Person, moderator: Person, mailboxes: Mailboxes, email: str) -> None:
        self.plan, self.citizen, self.moderator, self.mailboxes, self.email = plan, citizen, moderator, mailboxes, email
        self.private = ""

    def write(self, body: str, name: str = "Jeanne D.") -> None:
        self.citizen.open(self.plan.path)
        self.citizen.follow("Commenter cet engagement")
        self.citizen.write("Votre commentaire", body)
        self.citizen.write("Le nom affiché", name)
        self.citizen.write("Votre adresse électronique", self.email)
        self.citizen.press("Envoyer le commentaire")
        self.private = self.citizen.path

    def confirm(self) -> None:
        self.citizen.open(self.mailboxes.link(self.mailboxes.next_to(self.email), "/confirmer/"))
        self.citizen.press("Confirmer et envoyer à la relecture")

    def review(self, words: str) -> None:
        self.moderator.open("/moderation/")
        self.moderator.follow(words)

    def publish(self, words: str) -> None:
        self.review(words)
        self.moderator.tick("Publier")
        self.moderator.press("Enregistrer la décision")

    def reject(self, words: str, facts: str) -> None:
        self.review(words)
        self.moderator.tick("Ne pas publier")
        self.moderator.choose("Motif du refus", "données personnelles (nom, adresse, téléphone, santé…)")
        self.moderator.write("Ce qui, dans ce texte, justifie le refus", facts)
        self.moderator.press("Enregistrer la décision")

    def published(self, body: str) -> None:
        """Bring a text onto the public page, and read the mail that says so."""
        self.write(body)
        self.confirm()
        self.publish(body.splitlines()[0][:60])
        assert "est publié" in self.mailboxes.next_to(self.email).message["Subject"]


@pytest.fixture
def conversation(
    plan: PlanOnPaper, citizen: Person, moderator: Person, mailboxes: Mailboxes, request: pytest.FixtureRequest
) -> Conversation:
    name = "".join(letter for letter in request.node.originalname if letter.isalpha())[4:44]
    return Conversation(plan, citizen, moderator, mailboxes, f"{name}@exemple.test")


def test_a_citizen_finds_a_commitment_by_its_ministry_and_by_a_word(citizen: Person, plan: PlanOnPaper) -> None:
    citizen.open("/")
    citizen.follow(plan.title)
    citizen.reads_the_title("Engagements")
    citizen.sees(f"{len(plan.commitments)} engagements")
    citizen.choose("Ministère ou institution", plan.ministry)
    citizen.press("Filtrer")
    titles = plan.titles_of_the_ministry()
    citizen.sees(f"{len(titles)} engagement", titles[0])
    citizen.follow("Effacer les filtres")
    citizen.write("Mots du titre", plan.chosen["title"].upper())
    citizen.press("Filtrer")
    citizen.sees("1 engagement")
    citizen.write("Mots du titre", "un mot qui n’y est pas")
    citizen.press("Filtrer")
    citizen.sees("Aucun engagement ne correspond.")
    citizen.follow("Voir tous les engagements du plan")
    citizen.sees(f"{len(plan.commitments)} engagements")


def test_a_commitment_is_shown_as_it_was_written_and_as_it_was_understood(citizen: Person, plan: PlanOnPaper) -> None:
    citizen.open(f"/engagements/?plan={plan.slug}&q={plan.chosen['title'].split()[0]}&ministere={plan.chosen['ministry']}")
    citizen.follow(plan.chosen["title"])
    assert citizen.path == plan.path
    citizen.reads_the_title(plan.chosen["title"])
    for folded in citizen.main.locator("details:not([open]) > summary").all():
        folded.click()
    expect(citizen.main.locator("strong", has_text=plan.bold()).first).to_be_visible()
    expect(citizen.main.locator(".ds-prose li", has_text=plan.bullet()).first).to_be_visible()
    period = plan.chosen["period"]
    citizen.sees(period["raw"], f"du {in_french(period['start'])} au {in_french(period['end'])}", plan.ministry)
    expect(citizen.main.locator("tbody tr")).to_have_count(len(plan.chosen["milestones"]))
    for milestone in plan.chosen["milestones"]:
        citizen.sees(milestone["title"].strip(), milestone["dates_raw"] or "non écrite")
        citizen.sees(*(in_french(milestone[when]) for when in ("start", "end") if milestone[when]))


def test_every_page_of_the_public_site_is_fit_for_everybody(citizen: Person, plan: PlanOnPaper) -> None:
    for path in ("/", "/engagements/", "/charte", "/mentions-legales", "/donnees-personnelles", "/accessibilite", "/compte/connexion"):
        citizen.open(path)
        assert citizen.status == 200
    citizen.open("/engagements/nulle-part/1")
    assert citizen.status == 404
    citizen.open("/compte/connexion/un-faux-lien")
    assert citizen.status == 410


def test_a_form_with_mistakes_comes_back_with_what_was_typed_and_a_way_to_each_mistake(citizen: Person, plan: PlanOnPaper) -> None:
    citizen.open(plan.path)
    citizen.follow("Commenter cet engagement")
    citizen.write("Votre commentaire", "Trop.")
    citizen.write("Le nom affiché", "Jeanne D.")
    citizen.write("Votre adresse électronique", "jeanne")
    citizen.press("Envoyer le commentaire")
    assert citizen.status == 422
    summary = citizen.main.get_by_role("alert")
    expect(summary).to_contain_text("2 corrections sont nécessaires")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    for link in summary.get_by_role("link").all():
        expect(citizen.main.locator(link.get_attribute("href") or "")).to_be_visible()
    kept = [citizen.field(label) for label in ("Votre commentaire", "Le nom affiché", "Votre adresse électronique")]
    assert kept == ["Trop.", "Jeanne D.", "jeanne"]


def test_a_comment_goes_from_the_form_to_the_public_page_through_two_mails(conversation: Conversation, plan: PlanOnPaper) -> None:
    citizen, moderator = conversation.citizen, conversation.moderator
    conversation.write(BODY)
    citizen.reads_the_title("Votre commentaire")
    citizen.sees("À confirmer par courriel", conversation.email, FIRST_LINE)
    conversation.confirm()
    assert citizen.path == conversation.private
    citizen.sees("En attente de relecture")
    citizen.open(plan.path)
    citizen.does_not_see(FIRST_LINE)
    conversation.review(FIRST_LINE[:60])
    moderator.sees(FIRST_LINE, "Est-ce que le code sera publié ?", "Jeanne D.", plan.chosen["title"])
    moderator.tick("Publier")
    moderator.press("Enregistrer la décision")
    moderator.does_not_see(FIRST_LINE)
    decision = conversation.mailboxes.next_to(conversation.email)
    assert "est publié" in decision.message["Subject"]
    citizen.open(conversation.mailboxes.link(decision, plan.path))
    citizen.sees("Jeanne D.", FIRST_LINE, "Est-ce que le code sera publié ?")
    citizen.open("/")
    citizen.sees(FIRST_LINE, plan.chosen["title"][:60])


def test_a_refused_comment_tells_its_author_the_ground_and_the_facts(conversation: Conversation, plan: PlanOnPaper) -> None:
    citizen, moderator = conversation.citizen, conversation.moderator
    body = "Appelez donc la cheffe du projet, elle répond toujours, voici son numéro."
    conversation.write(body, name="")
    conversation.confirm()
    conversation.review(body[:60])
    moderator.sees(body, "Anonyme")
    moderator.tick("Ne pas publier")
    moderator.press("Enregistrer la décision")
    assert moderator.status == 422
    moderator.sees("2 corrections sont nécessaires", "Choisissez le motif du refus.")
    conversation.reject(body[:60], FACTS)
    mail = conversation.mailboxes.next_to(conversation.email)
    assert "n’est pas publié" in mail.message["Subject"]
    assert FACTS in " ".join(mail.text.split())
    citizen.open(conversation.mailboxes.link(mail, "/ma-contribution/"))
    assert citizen.path == conversation.private
    citizen.sees("Non publié", "données personnelles", FACTS, body)
    citizen.open(plan.path)
    citizen.does_not_see(body, FACTS)


def test_a_correction_waits_while_the_old_text_stays_and_then_takes_its_place(conversation: Conversation, plan: PlanOnPaper) -> None:
    citizen = conversation.citizen
    old, new = "Le guide promis est en ligne depuis hier matin.", "Le guide promis est en ligne depuis lundi matin, pardon."
    conversation.published(old)
    citizen.open(conversation.private)
    citizen.follow("Corriger le texte")
    assert citizen.field("Votre texte corrigé") == old
    citizen.write("Votre texte corrigé", new)
    citizen.press("Envoyer la correction")
    citizen.sees("l’ancien texte reste affiché", new)
    citizen.open(plan.path)
    citizen.sees(old)
    citizen.does_not_see(new)
    conversation.review(new)
    conversation.moderator.sees(new, old)
    conversation.moderator.tick("Publier")
    conversation.moderator.press("Enregistrer la décision")
    citizen.open(conversation.mailboxes.link(conversation.mailboxes.next_to(conversation.email), plan.path))
    citizen.sees(new)
    citizen.does_not_see(old)


def test_a_withdrawn_text_is_gone_from_the_public_page(conversation: Conversation, plan: PlanOnPaper) -> None:
    citizen = conversation.citizen
    body = "Je retire ce que je n’aurais pas dû écrire si vite."
    conversation.published(body)
    citizen.open(plan.path)
    citizen.sees(body)
    citizen.open(conversation.private)
    citizen.follow("Retirer ce commentaire")
    citizen.sees(body)
    citizen.press("Retirer le texte")
    assert citizen.path == conversation.private
    citizen.sees("Vous avez retiré ce commentaire")
    for path in (plan.path, "/"):
        citizen.open(path)
        citizen.does_not_see(body)


def test_a_citizen_finds_their_texts_again_and_a_copied_cookie_dies_when_they_sign_out(
    conversation: Conversation, somebody: Callable[[], Person]
) -> None:
    citizen, thief = conversation.citizen, somebody()
    body = "Je voudrais relire plus tard ce que j’ai écrit ici."
    conversation.write(body)
    conversation.confirm()
    citizen.open("/compte/")
    citizen.reads_the_title("Se connecter")
    citizen.write("Votre adresse électronique", conversation.email)
    citizen.press("Recevoir un lien de connexion")
    link = conversation.mailboxes.link(conversation.mailboxes.next_to(conversation.email), "/compte/connexion/")
    citizen.open(link)
    citizen.press("Se connecter")
    assert citizen.path == "/compte/"
    citizen.sees(body, "En attente de relecture")
    thief.context.add_cookies(citizen.context.cookies())  # type: ignore[arg-type]
    thief.open("/compte/")
    thief.sees(body)
    citizen.press("Se déconnecter", within=citizen.page)
    for person in (citizen, thief):
        person.open("/compte/")
        person.reads_the_title("Se connecter")
    thief.open(link)
    assert thief.status == 410
