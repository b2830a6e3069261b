"""A question on a real result, from the page of the figure to a closed case, through two ministries: in a browser without scripts.

The edition is the published one of 17 October 2024; the ministries, their people and their words are invented. The dates are counted
by hand, on a wall calendar of 2025: Good Friday (18 April) is worked in Paris; Easter Monday (21 April), 1 May, 8 May, Ascension
(29 May) and Whit Monday (9 June) are not. ``tests/services/cases/test_whole_life.py`` lives the same life on both databases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Mailboxes
from tests.e2e.inspection import Inspector, Watch
from tests.e2e.person import Person
from tests.e2e.site_in_time import SiteInTime, site_in_time
from tests.e2e.staff import Staff
from tests.real_data.conftest import published
from tests.servers import browser as chromium
from tests.servers import need
from tests.servers.site import ROOT
from tests.servers.smtp import SmtpServer

EDITION = "2024-10-17"
REFORM, RESULT = "CH-067", "/barometre/politiques/indicateurs/IND-223?territoire=D69"
SEASONS, NEIGHBOURS = "Ministère des Saisons et des Paysages (fictif)", "Ministère de l’Entraide et de la Proximité (fictif)"
CITIZEN, MODERATOR, COORDINATOR = "citoyenne@exemple.test", "moderation@exemple.test", "coordination@exemple.test"
PASSER_BY = "passante@exemple.test"
CONTACT, NEIGHBOUR, VALIDATOR = "contact@exemple.test", "voisin@exemple.test", "validation@exemple.test"
PEOPLE = {
    MODERATOR: ("Adelphine", "--role", "moderator"),
    COORDINATOR: ("Corentine", "--role", "coordinator"),
    CONTACT: ("Anatolie", "--ministry", "saisons-et-paysages", "--as", "contact"),
    NEIGHBOUR: ("Noursine", "--ministry", "entraide-et-proximite", "--as", "contact"),
    VALIDATOR: ("Veranne", "--ministry", "entraide-et-proximite", "--as", "validator"),
}
AGENTS = [words[0] for words in PEOPLE.values()]
REFERENCE = "DS-2025-000001"
CASE = f"/ministere/dossiers/{REFERENCE}"
QUESTION = "Pourquoi ce résultat baisse-t-il dans le Rhône alors que la cible monte ?"
ASKED_BACK, REPLY = "De quelle année parlez-vous ?", "De la rentrée de septembre 2023, surtout à Villeurbanne."
BECAUSE = "Une enquête sur place a lieu fin mai."
FIRST, BETTER = "Le périmètre a changé.", "Le périmètre a changé en septembre 2023."
AGAIN, SECOND = "Vous ne dites pas de combien il a changé, ni où le lire.", "Il a perdu douze collèges : la liste est publiée."
WORDS = ("Cela relève de nos voisins.", "Non, nous n’avons pas ce sujet.", "Si, depuis janvier.", "Dites depuis quand.", "Et de combien ?")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, mail_server: SmtpServer) -> Iterator[SiteInTime]:
    """The real edition, imported by the command; one of its reforms is answered for by an invented ministry."""
    need(chromium.available())
    folder = published(f"barometre/{EDITION}/config-viz.yml").parent
    with site_in_time(tmp_path_factory.mktemp("site"), mail_server) as site:
        site.flask("plan", "import", str(ROOT / "feedback_app" / "demo" / "plan.json"))
        site.flask("barometer", "create", "politiques", "--name", "Baromètre des politiques prioritaires", "--active")
        site.flask("barometer", "import", str(folder), "--barometer", "politiques", "--date", EDITION, "--publish")
        site.flask("barometer", "map-reform", REFORM, "--barometer", "politiques", "--ministry", "saisons-et-paysages")
        for email, (name, *rights) in PEOPLE.items():
            site.flask("accounts", "create", email, "--name", name, *rights)
        yield site


@pytest.fixture(scope="module")
def inspector(browser: Browser, watch: Watch) -> Iterator[Inspector]:
    inspector = Inspector(browser, watch, set(), brief=True)
    yield inspector
    inspector.close()


@pytest.fixture(scope="module")
def staff(site: SiteInTime, somebody: Callable[[], Person]) -> Staff:
    return Staff(site, somebody)


def test_a_question_on_a_result_crosses_two_ministries_and_its_author_always_knows_what_happens_next(
    site: SiteInTime, citizen: Person, staff: Staff, somebody: Callable[[], Person]
) -> None:
    # The first screen is the result, the second the form, the third the page where everything can be followed.
    site.at("2025-04-16", "18:00")
    citizen.open(RESULT)
    citizen.sees("53,8", "édition du 17 octobre 2024", SEASONS)
    citizen.follow("Poser une question", within=citizen.main)
    citizen.sees("Rhône", "15 jours ouvrés", "Une personne relit votre texte, puis le publie et le transmet au ministère.")
    citizen.tick("Demande d’explication")
    citizen.write("Votre texte", QUESTION)
    citizen.write("Votre adresse électronique", CITIZEN)
    citizen.press("Envoyer")
    own = citizen.path
    citizen.reads_the_title(f"Votre demande {REFERENCE}")
    citizen.sees("Il reste une chose à faire\u00a0: confirmer", CITIZEN, QUESTION)
    citizen.open(Mailboxes.link(site.letter(CITIZEN, f"Confirmez votre demande {REFERENCE}"), "/confirmer/"))
    citizen.press("Confirmer et envoyer à la relecture")
    assert citizen.path == own
    citizen.sees("En attente de relecture", "puis la transmettre au ministère")

    # Published on Thursday 17 April: 18 | 22 23 24 25 | 28 29 30, 2 May | 5 6 7, 9 | 12 13: the fifteenth is Tuesday 13 May.
    site.at("2025-04-17", "09:30")
    decide(staff, QUESTION)
    assert "13 mai 2025" in site.letter(CITIZEN, "votre demande est publiée").text
    follow_up(citizen, own, f"Chez\u00a0: {SEASONS}", "Réponse attendue au plus tard le 13 mai 2025.")
    me_too(site, somebody())

    # Offered on Good Friday: the two working days are Tuesday 22 and Wednesday 23 April. The clock runs on.
    site.at("2025-04-18", "11:00")
    contact = staff(CONTACT, "/ministere/")
    contact.sees("À prendre", REFERENCE, "le 13 mai 2025", "Encore 14 jours ouvrés")
    contact.follow(REFERENCE)
    contact.sees(QUESTION, "53,8", "Dernier jour pour répondre\u00a0: le 13 mai 2025.")
    contact.follow("Proposer à un autre ministère")
    contact.choose("À quel ministère", NEIGHBOURS)
    contact.write("Vos raisons", WORDS[0])
    contact.press("Proposer le transfert")
    told(contact, "L’autre ministère a deux jours ouvrés pour répondre.")
    contact.sees("23 avril 2025", "le 13 mai 2025")

    # Declined, and given to that ministry all the same.
    site.at("2025-04-22", "15:00")
    neighbour = staff(NEIGHBOUR, "/ministere/")
    neighbour.follow(f"Décider {REFERENCE}")
    neighbour.sees(QUESTION, WORDS[0], "23 avril 2025")
    neighbour.follow("Refuser le transfert")
    neighbour.write("Vos raisons", WORDS[1])
    neighbour.press("Refuser le transfert")
    told(neighbour, "La coordination décide à qui revient ce dossier.")
    neighbour.open(CASE)
    assert neighbour.status == 404, "what is neither theirs nor offered to them is not theirs to read"
    site.at("2025-04-23", "10:00")
    coordinator = staff(COORDINATOR, "/coordination/")
    coordinator.sees(REFERENCE, "le 13 mai 2025", "Encore 12 jours ouvrés")
    coordinator.follow(f"Attribuer {REFERENCE}")
    coordinator.choose("À quel ministère", NEIGHBOURS)
    coordinator.write("Vos raisons", WORDS[2])
    coordinator.press("Attribuer")
    told(coordinator, "Le dossier est attribué.")
    assert "13 mai 2025" in site.letter(CITIZEN, "un autre ministère vous répondra").text
    follow_up(citizen, own, f"Chez\u00a0: {NEIGHBOURS}", "Réponse attendue au plus tard le 13 mai 2025.")
    staff(CONTACT, "/ministere/").does_not_see(REFERENCE)

    site.at("2025-04-24", "09:00")
    neighbour = staff(NEIGHBOUR, "/ministere/")
    neighbour.sees("Encore 11 jours ouvrés")
    neighbour.press(f"Prendre {REFERENCE}")
    told(neighbour, "Ce dossier est à vous.")
    neighbour.sees("le 13 mai 2025")
    site.letter(CITIZEN, "une personne s’occupe de votre demande")

    # Asked something on Friday 25 April: 18, 22, 23 and 24 counted, eleven days are left, and nothing is due.
    site.at("2025-04-25", "14:00")
    neighbour = staff(NEIGHBOUR, CASE)
    neighbour.follow("Poser une question à la personne")
    neighbour.write("Votre texte", ASKED_BACK)
    neighbour.press("Envoyer la question")
    neighbour.sees("Délai suspendu", "Suspendu depuis le 25 avril 2025\u00a0: il reste 11 jours ouvrés.")
    citizen.open(Mailboxes.link(site.letter(CITIZEN, "le ministère vous pose une question"), "/ma-contribution/"))
    citizen.sees("Le ministère attend votre réponse", "Le délai est suspendu jusque-là.", ASKED_BACK)

    # The reply on Saturday 3 May at 23:30 in Paris: 5 6 7, 9 | 12 13 14 15 16 | 19 20: the eleventh is Tuesday 20 May.
    site.at("2025-05-03", "23:30")
    citizen.open(own)
    citizen.follow("Répondre au ministère")
    citizen.write("Votre texte", REPLY)
    citizen.press("Envoyer ma réponse")
    citizen.sees("Réponse attendue au plus tard le 20 mai 2025.", REPLY)
    site.at("2025-05-05", "09:00")
    decide(staff, REPLY)
    site.letter(CITIZEN, "est publié")

    # Extended by fifteen after 20 May: 21 22 23 | 26 27 28, 30 | 2 June 3 4 5 6 | 10 11 12: Thursday 12 June.
    site.at("2025-05-07", "10:00")
    neighbour = staff(NEIGHBOUR, CASE)
    neighbour.sees(REPLY, "Suspendu du 25 avril 2025 au 3 mai 2025.", "le 20 mai 2025")
    neighbour.follow("Prolonger le délai")
    neighbour.write("Votre texte", BECAUSE)
    neighbour.press("Prolonger de 15 jours ouvrés")
    told(neighbour, "Le délai est prolongé de 15 jours ouvrés.")
    neighbour.sees("Dernier jour pour répondre\u00a0: le 12 juin 2025.")
    extended = site.letter(CITIZEN, "le délai est prolongé").text
    assert "12 juin 2025" in extended
    assert BECAUSE in extended
    follow_up(citizen, own, "Réponse attendue au plus tard le 12 juin 2025.", BECAUSE)

    # Proposed, sent back, proposed, and published by somebody else.
    site.at("2025-05-12", "09:00")
    propose(staff, "Répondre", FIRST)
    site.at("2025-05-13", "09:00")
    validator = staff(VALIDATOR, "/ministere/?onglet=a-valider")
    validator.follow(f"Relire {REFERENCE}")
    validator.sees("La réponse à valider", FIRST)
    validator.follow("Renvoyer avec vos mots")
    validator.write("Ce qui est à reprendre", WORDS[3])
    validator.press("Renvoyer")
    told(validator, "La réponse est renvoyée à son auteur, avec vos mots.")
    site.at("2025-05-14", "09:00")
    neighbour = propose(staff, "Continuer la réponse", BETTER)
    neighbour.open(f"{CASE}/reponse/publier")
    assert neighbour.status == 403, "who wrote an answer does not publish it"
    site.at("2025-05-15", "16:00")
    publish(staff)
    answered = site.letter(CITIZEN, "une réponse est publiée")
    assert BETTER in answered.text
    follow_up(citizen, own, "Une réponse est publiée", BETTER)
    citizen.does_not_see(FIRST, *WORDS, *AGENTS)

    # Rated "partly" by the link in the reminder of the third day: only the button counts. The reminder of the tenth day never leaves.
    site.at("2025-05-19", "20:00")
    reminder = site.letter(CITIZEN, "cette réponse vous a-t-elle aidé")
    (partly,) = {word for word in reminder.text.split() if word.endswith("/avis?reponse=partly")}
    citizen.open(partly)
    assert citizen.main.get_by_label("En partie").is_checked()
    citizen.write("Pourquoi", WORDS[4])
    citizen.press("Donner mon avis")
    assert citizen.path == own
    citizen.sees("En partie", "Merci, votre avis est compté", "jusqu’au 15 novembre 2025")

    # Reopened on Saturday 31 May: 2 June 3 4 5 6 | 10 11 12 13 | 16 17 18 19 20 | 23: Monday 23 June.
    site.at("2025-05-31", "11:00")
    citizen.open(own)
    citizen.follow("Rouvrir ma demande")
    citizen.write("Votre texte", AGAIN)
    citizen.press("Rouvrir ma demande")
    citizen.sees("Réponse attendue au plus tard le 23 juin 2025.", AGAIN)
    assert "23 juin 2025" in site.letter(CITIZEN, "votre demande est rouverte").text
    site.at("2025-06-02", "09:00")
    decide(staff, AGAIN)
    site.letter(CITIZEN, "est publié")

    # The second answer. The one extension is spent.
    site.at("2025-06-10", "10:00")
    neighbour = staff(NEIGHBOUR, "/ministere/?onglet=rouvertes")
    neighbour.sees(REFERENCE, "le 23 juin 2025", "Encore 9 jours ouvrés")
    neighbour.follow(REFERENCE)
    neighbour.sees(AGAIN, WORDS[4], "Dernier jour pour répondre\u00a0: le 23 juin 2025.")
    neighbour.does_not_see("Prolonger le délai")
    write(neighbour, "Répondre", SECOND)
    site.at("2025-06-11", "09:00")
    publish(staff)
    assert SECOND in site.letter(CITIZEN, "une réponse est publiée").text

    # Not a word for 21 days: two reminders, then the job process closes the case, on 2 July at the minute, not before.
    site.at("2025-06-14", "09:00")
    site.letter(CITIZEN, "cette réponse vous a-t-elle aidé")
    site.at("2025-06-21", "09:00")
    assert "C’est le dernier rappel." in site.letter(CITIZEN, "cette réponse vous a-t-elle aidé").text
    site.at("2025-07-02", "08:59")
    follow_up(citizen, own, "Une réponse est publiée")
    site.at("2025-07-02", "09:00")
    follow_up(citizen, own, "Close", BETTER, SECOND, ASKED_BACK, REPLY, BECAUSE, AGAIN)
    citizen.does_not_see("Rouvrir ma demande", FIRST, *WORDS[:4], *AGENTS)
    staff(NEIGHBOUR, "/ministere/?onglet=repondues").sees(REFERENCE)
    read_by_anybody(somebody())

    each_mail_came_once(site)


def decide(staff: Staff, text: str) -> None:
    """A moderator publishes a text."""
    moderator = staff(MODERATOR, "/moderation/")
    moderator.follow(text[:60])
    moderator.sees(text)
    moderator.tick("Publier")
    moderator.press("Enregistrer la décision")
    moderator.does_not_see(text)


def me_too(site: SiteInTime, passer_by: Person) -> None:
    """Somebody finds the request in the public list and asks the same: counted once their address is proved."""
    passer_by.open("/demandes/")
    passer_by.sees("1 demande", "réponse attendue au plus tard le 13 mai 2025")
    passer_by.follow(QUESTION[:40], within=passer_by.main)
    assert passer_by.path == f"/demandes/{REFERENCE}"
    passer_by.sees(QUESTION, SEASONS, "Elle est attendue au plus tard le 13 mai 2025.")
    passer_by.follow("Moi aussi", within=passer_by.main)
    passer_by.write("Votre adresse électronique", PASSER_BY)
    passer_by.press("Moi aussi")
    passer_by.reads_the_title("Il reste à confirmer")
    passer_by.open(Mailboxes.link(site.letter(PASSER_BY, f"confirmez pour la demande {REFERENCE}"), "/moi-aussi/"))
    passer_by.press("Confirmer")
    passer_by.sees("C’est compté")
    passer_by.follow("Lire la demande et ce que le ministère répond")
    passer_by.sees("1 autre personne se pose la même question.")
    passer_by.does_not_see(PASSER_BY, CITIZEN)


def read_by_anybody(reader: Person) -> None:
    """What the public pages say once it is over: the answers and what led to them, nothing that stays inside the administration."""
    reader.open("/demandes/?statut=repondue")
    reader.sees("1 demande", "1 autre personne se la pose", NEIGHBOURS)
    reader.follow(QUESTION[:40], within=reader.main)
    reader.sees(QUESTION, BETTER, SECOND, ASKED_BACK, REPLY, BECAUSE, AGAIN, "Close", "1 autre personne se pose la même question.")
    reader.does_not_see(FIRST, *WORDS, *AGENTS, CITIZEN, PASSER_BY)
    reader.open("/transparence/reponses")
    reader.sees(NEIGHBOURS, "Par ministère")


def told(person: Person, words: str) -> None:
    """What the page says was done, above its own words."""
    expect(person.page).to_contain_text(words)


def follow_up(citizen: Person, own: str, *words: str) -> None:
    """What the page of the person who asked says now."""
    citizen.open(own)
    citizen.sees(*words)


def write(contact: Person, link: str, text: str) -> None:
    """From the page of the case: look at the answer, then propose it."""
    contact.follow(link, within=contact.main)
    contact.write("La réponse", text)
    contact.choose("Ce que la réponse apporte", "Réponse complète")
    contact.press("Voir l’aperçu")
    contact.sees("Voici ce que lira la personne. Rien n’est encore enregistré.", text)
    contact.press("Proposer à la relecture")
    told(contact, "La réponse est proposée.")


def propose(staff: Staff, link: str, text: str) -> Person:
    contact = staff(NEIGHBOUR, CASE)
    contact.sees("le 12 juin 2025")
    write(contact, link, text)
    return contact


def publish(staff: Staff) -> None:
    """Somebody who wrote no word of it reads the answer over and publishes it."""
    validator = staff(VALIDATOR, CASE)
    validator.follow("Relire et publier")
    validator.press("Publier la réponse")
    told(validator, "La réponse est publiée.")
    validator.sees("Répondue le")


def each_mail_came_once(site: SiteInTime) -> None:
    """To the person who asked exactly these; to each agent at most one of a kind a day; no mail twice."""
    prefix = f"{REFERENCE}\u00a0: "
    received = Counter(str(mail.message["Subject"]).removeprefix(prefix) for _day, to, mail in site.letters if to == CITIZEN)
    said_inside = {words: count for words, count in received.items() if words.startswith("Votre texte sur")}
    assert list(said_inside.values()) == [2], "the reply and the reopening were published"
    assert received - Counter(said_inside) == {
        f"Confirmez votre demande {REFERENCE}": 1,
        "votre demande est publiée": 1,
        "un autre ministère vous répondra": 1,
        "une personne s’occupe de votre demande": 1,
        "le ministère vous pose une question": 1,
        "le délai est prolongé": 1,
        "une réponse est publiée": 2,
        "cette réponse vous a-t-elle aidé\u00a0?": 3,
        "votre demande est rouverte": 1,
    }
    assert len({mail.message["Message-ID"] for _day, _to, mail in site.letters}) == len(site.letters)
    daily = Counter((day, to, str(mail.message["Subject"])) for day, to, mail in site.letters if to != CITIZEN)
    assert [found for found, count in daily.items() if count > 1] == []
    secrets = (*AGENTS, FIRST, *WORDS[:4])
    assert [word for _day, to, mail in site.letters if to == CITIZEN for word in secrets if word in mail.text] == []
