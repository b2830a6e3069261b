"""What each mail says: who it is for, what happened, what happens next, and nothing that should not be there."""

from __future__ import annotations

import pytest
from flask_babel import get_locale

from feedback_app.domain.contribution import Ground
from feedback_app.mail import case_messages, messages
from feedback_app.mail.labels import GROUND_LABELS
from feedback_app.mail.rendering import render
from feedback_app.models import Identity

TITLE = "Ouvrir les données de la commande publique"
BODY = "Ce commentaire dit ce que j’en pense."
CLAIRE = Identity(id=7, email="claire@example.org")


@pytest.fixture
def app(plain_app):
    """No database is needed here."""
    return plain_app


def confirmation(**changes):
    values = {
        "identity": CLAIRE,
        "language": "fr",
        "topic_title": TITLE,
        "body": BODY,
        "confirmation_path": "/confirmer/c0nf1rm",
        "contribution_id": 12,
    }
    return messages.confirm_contribution(**{**values, **changes})


def rejection(**changes):
    values = {
        "identity": CLAIRE,
        "language": "fr",
        "topic_title": TITLE,
        "body": BODY,
        "ground": Ground.OFF_TOPIC,
        "facts": "Le texte parle des marchés de Noël,\npas de la commande publique.",
        "private_path": "/ma-contribution/pr1v",
        "decision_id": 31,
    }
    return messages.text_rejected(**{**values, **changes})


def publication(**changes):
    values = {
        "identity": CLAIRE,
        "language": "fr",
        "topic_title": TITLE,
        "body": BODY,
        "topic_path": "/engagements/plan/3",
        "private_path": "/ma-contribution/pr1v",
        "decision_id": 30,
    }
    return messages.text_published(**{**values, **changes})


def sign_in(**changes):
    return messages.sign_in_link(
        **{"identity": CLAIRE, "language": "fr", "path": "/compte/connexion/t0k", "minutes": 15, "link_id": 4, **changes}
    )


def unknown(**changes):
    return messages.unknown_address(**{"recipient": "paul@example.org", "language": "fr", "link_id": 5, **changes})


EVERY_MESSAGE = [confirmation, publication, rejection, sign_in, unknown]


def said(message) -> str:
    return " ".join(render(message).text.split())


def test_the_confirmation_asks_to_confirm_and_says_what_follows(context):
    message = confirmation()
    assert (message.key, message.identity_id, message.recipient) == ("confirm-contribution:12:1", 7, "claire@example.org")
    assert message.subject == f"Confirmez votre texte sur «\u00a0{TITLE}\u00a0»"
    text = said(message)
    assert "Confirmer mon texte : http://localhost/confirmer/c0nf1rm" in text
    assert "Rien n’est publié avant cette confirmation, puis la relecture de votre texte par une personne de la modération." in text
    assert "/ma-contribution/" not in text, "the address may be a stranger's until it is confirmed"
    assert "Vous n’avez rien écrit ? Ignorez ce message" in text


def test_asking_again_is_another_mail(context):
    assert confirmation(attempt=2).key == "confirm-contribution:12:2"


def test_the_confirmation_quotes_enough_to_recognise_the_text_and_no_link(context):
    """Whoever fills in the form chooses the address: our mail must not carry their advertisement."""
    quoted = confirmation(body="Voyez https://evil.example/achetez et www.evil.example !\n" + "mot " * 200).quote
    assert quoted.startswith("Voyez […] et […] !\nmot mot")
    assert quoted.endswith("…")
    assert len(quoted) <= 300


def test_the_publication_links_to_the_page_and_quotes_the_whole_text(context):
    message = publication(body="mot " * 500)
    assert message.key == "text-published:30"
    assert message.subject == f"Votre texte sur «\u00a0{TITLE}\u00a0» est publié"
    assert message.quote == "mot " * 500
    assert "Voir la page : http://localhost/engagements/plan/3" in said(message)


def test_the_rejection_gives_the_ground_in_words_the_facts_and_what_can_be_done(context):
    message = rejection()
    assert message.key == "text-rejected:31"
    assert message.subject == f"Votre texte sur «\u00a0{TITLE}\u00a0» n’est pas publié"
    text = said(message)
    assert "Motif : texte sans rapport avec le sujet." in text
    assert "Explication : Le texte parle des marchés de Noël, pas de la commande publique." in text
    assert BODY in text
    assert "Vous pouvez écrire un autre texte sur le même sujet" in text
    assert "écrivez-nous : contact@example.org" in text


def test_the_rejection_of_a_correction_says_that_the_former_version_stays(context):
    message = rejection(still_public=True)
    assert message.subject == f"Votre correction sur «\u00a0{TITLE}\u00a0» n’est pas publiée"
    assert "La version publiée auparavant reste en ligne." in said(message)


def test_the_sign_in_mail_gives_the_link_and_how_long_it_serves(context):
    message = sign_in()
    assert (message.key, message.identity_id) == ("sign-in-link:4", 7)
    text = said(message)
    assert "Me connecter : http://localhost/compte/connexion/t0k" in text
    assert "une seule fois, pendant 15 minutes" in text
    assert "Vous n’avez rien demandé ? Ignorez ce message" in text


def test_an_unknown_address_is_told_so_and_given_no_link(context):
    message = unknown()
    assert (message.key, message.identity_id, message.recipient) == ("unknown-address:5", None, "paul@example.org")
    assert (message.button, message.links) == (None, ())
    assert "Nous n’y connaissons ni compte, ni texte confirmé" in said(message)


@pytest.mark.parametrize("write", EVERY_MESSAGE)
def test_every_word_is_in_the_language_of_its_reader(context, write, monkeypatch):
    monkeypatch.setattr(messages, "_", lambda text, **_values: f"{get_locale()}: {text}")
    for language in ("en", "fr"):
        message = write(language=language)
        ours = [message.subject, *message.paragraphs, *message.after, *message.closing, *(link.label for link in message.links)]
        assert message.language == language
        assert all(text.startswith(f"{language}: ") for text in ours)


@pytest.mark.parametrize("write", EVERY_MESSAGE)
def test_every_mail_is_polite_short_and_strictly_html(context, write):
    from tests.mail.test_rendering import parse

    rendered = render(write())
    parse(rendered.html)
    assert rendered.text.startswith("Bonjour,\n")
    assert len(rendered.text) < 2_000
    assert len(rendered.subject) < 120


@pytest.mark.parametrize("write", [confirmation, publication, rejection])
def test_a_very_long_title_does_not_fill_the_subject(context, write):
    assert len(write(topic_title="Très long titre " * 40).subject) < 130


def test_every_ground_has_words():
    assert set(GROUND_LABELS) == set(Ground)


def test_the_ground_is_worded_when_the_mail_is_written_not_when_the_module_loads(context, monkeypatch):
    monkeypatch.setitem(GROUND_LABELS, Ground.OFF_TOPIC, type("Lazy", (), {"__str__": lambda _self: f"en {get_locale()}"})())
    assert "Reason: en en." in rejection(language="en").paragraphs


SOURCE = (
    "## Ce que nous faisons\nLe pont **rouvre** en *mai* ; 2 * 3 arches, et un mot **laissé ouvert.\n\n"
    "- [le calendrier](https://exemple.test/calendrier)\n- [l’engagement](/engagements/plan/3), que nous tenons à jour chaque mois "
    "avec les communes riveraines\n   - à Lyon"
)
SAID = """> Ce que nous faisons
>
> Le pont rouvre en mai ; 2 * 3 arches, et un mot **laissé ouvert.
>
> - le calendrier (https://exemple.test/calendrier)
> - l’engagement (http://localhost/engagements/plan/3), que nous tenons à
>   jour chaque mois avec les communes riveraines
>   - à Lyon
"""


@pytest.mark.parametrize("write", ["question", "extension", "answered", "corrected", "comment_answered"])
def test_the_words_of_a_ministry_are_quoted_without_the_marks_of_its_editor(context, write):
    about = case_messages.About(CLAIRE, "DS-2026-000001", TITLE, "Ministère d’essai", "/ma-demande/pr1v")
    more = {
        "question": {"text_id": 1},
        "extension": {"text_id": 1, "due_on": None},
        "answered": {"answer_id": 1, "rating_paths": {}},
        "corrected": {"answer_id": 1},
        "comment_answered": {"topic_title": TITLE, "ministry": "Essai", "topic_path": "/x", "private_path": "/y", "reply_id": 1},
    }[write]
    if write == "comment_answered":
        message = messages.comment_answered(identity=CLAIRE, language="fr", source=SOURCE, **more)
    else:
        message = getattr(case_messages, write)(about=about, language="fr", source=SOURCE, **more)
    rendered = render(message)
    assert SAID in rendered.text
    assert "Le pont rouvre en mai" in rendered.html
    assert "[le calendrier]" not in rendered.html
