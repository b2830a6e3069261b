"""Writing a comment, and confirming the address it was sent with."""

from __future__ import annotations

import pytest

from feedback_app.domain.contribution import BODY_MAX, ContributionStatus, TextStatus
from feedback_app.models import CaseEvent, Contribution, OutgoingMail, TextVersion

BODY = "Ce plan promet beaucoup.\n\nJ’aimerais savoir où en est l’ouverture des données."
FORM = {"body": BODY, "public_name": "Jeanne D.", "email": "jeanne@exemple.test"}


@pytest.fixture
def path(make):
    return f"/commenter?sujet={make.commitment().topic.key}"


def test_a_comment_is_kept_and_its_author_asked_to_confirm(client, make, outbox, path):
    response = client.send(path, FORM)

    assert response.status_code == 303
    (contribution,) = make.all(Contribution)
    assert contribution.status is ContributionStatus.AWAITING_CONFIRMATION
    assert make.reload(contribution).current_version.body == BODY
    assert outbox.only().recipient == "jeanne@exemple.test"
    assert make.confirmation_path(contribution) in outbox.only().text


def test_the_private_page_says_what_to_do_next(client, path):
    page = client.page(client.send(path, FORM, follow_redirects=True))

    assert "Il reste une chose à faire : confirmer" in page.text("main")
    assert "jeanne@exemple.test" in page.text("main")


def test_the_confirmation_mail_opens_no_private_page_so_that_a_wrong_address_learns_nothing_more(client, make, outbox, path):
    client.send(path, FORM)

    (contribution,) = make.all(Contribution)
    assert make.private_path(contribution) not in outbox.only().text + outbox.only().html


def test_opening_the_confirmation_link_confirms_nothing_until_the_button_is_pressed(client, make):
    contribution = make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)

    page = client.get_page(make.confirmation_path(contribution))
    assert "Confirmer et envoyer à la relecture" in page.text("main")
    assert make.reload(contribution).status is ContributionStatus.AWAITING_CONFIRMATION

    client.send(make.confirmation_path(contribution))
    assert make.reload(contribution).status is ContributionStatus.PENDING


def test_a_confirmation_sent_again_changes_nothing_and_leads_to_the_private_page(client, make, clock):
    contribution = make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)
    client.send(make.confirmation_path(contribution))
    confirmed_at = make.reload(contribution).confirmed_at
    clock.advance(hours=1)

    replay = client.post(make.confirmation_path(contribution))
    assert replay.status_code == 303
    assert replay.location == make.private_path(contribution)
    assert make.reload(contribution).confirmed_at == confirmed_at
    assert len([event for event in make.all(CaseEvent) if event.verb == "contribution:confirm"]) == 1


def test_a_forged_confirmation_is_a_page_that_offers_a_way_on(client, make):
    path = make.confirmation_path(make.comment(status=ContributionStatus.AWAITING_CONFIRMATION))

    page = client.get_page(path[:-2] + "xx", status=404)
    assert "/engagements/" in page.links()
    assert client.post(path[:-2] + "xx").status_code == 404


def test_the_same_form_sent_twice_makes_one_comment(client, make, outbox, path):
    values = client.get_page(path).form() | FORM

    first, second = client.post(path, data=values), client.post(path, data=values)
    assert first.location == second.location
    assert len(make.all(Contribution)) == 1
    assert len(outbox.all()) == 1


def test_a_double_click_by_somebody_known_under_another_spelling_is_still_one_comment(client, make, path):
    make.comment(email="Jeanne@exemple.test", status=ContributionStatus.PENDING)
    values = client.get_page(path).form() | FORM

    first, second = client.post(path, data=values), client.post(path, data=values)
    assert first.location == second.location
    assert len(make.all(Contribution)) == 2


def test_the_same_form_with_another_text_loses_neither(client, make, path):
    values = client.get_page(path).form() | FORM
    first = client.post(path, data=values)

    response = client.post(path, data=values | {"body": "Un tout autre texte, écrit après un retour en arrière."})
    assert response.status_code == 422
    assert first.location in client.page(response).links()
    again = client.page(response).form()
    assert again["body"].startswith("Un tout autre texte")
    assert client.post(path, data=again).status_code == 303
    assert len(make.all(Contribution)) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": ""}, "Écrivez votre commentaire."),
        ({"body": " \n\t "}, "Écrivez votre commentaire."),
        ({"body": "Court"}, "au moins 10 caractères"),
        ({"body": "x" * (BODY_MAX + 1)}, "compte 5 001 caractères"),
        ({"body": "Un texte avec un NUL\x00 dedans."}, "caractères illisibles"),
        ({"email": ""}, "Indiquez votre adresse"),
        ({"email": "jeanne"}, "n’a pas la forme attendue"),
        ({"email": "jeanne@exemple.test\r\nBcc: x@y.fr"}, "n’a pas la forme attendue"),
        ({"public_name": "n" * 81}, "80 caractères au plus"),
        ({"key": "inventée"}, "Ce formulaire n’est plus valable"),
        ({"key": ""}, "Ce formulaire n’est plus valable"),
        ({"website": "http://robot.example"}, "réservé aux robots"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_the_text_is_kept(client, make, path, changes, sentence):
    response = client.send(path, FORM | changes)

    assert response.status_code == 422
    page = client.page(response)
    assert sentence in page.text("main")
    assert page.title.startswith("Erreur")
    assert page.form()["body"].strip() == (FORM | changes)["body"].strip().replace("\x00", "\ufffd")
    assert make.all(Contribution) == []
    assert make.all(OutgoingMail) == []


def test_a_form_mended_after_a_wrong_key_goes_through(client, make, path):
    refused = client.send(path, FORM | {"key": "inventée"})

    assert client.post(path, data=client.page(refused).form()).status_code == 303
    assert len(make.all(Contribution)) == 1


def test_a_key_made_for_another_topic_is_refused(client, make, path):
    other = f"/commenter?sujet={make.commitment().topic.key}"
    key = client.get_page(other).form()["key"]

    assert client.send(path, FORM | {"key": key}).status_code == 422
    assert make.all(Contribution) == []


def test_a_page_left_open_for_a_day_keeps_the_text_and_offers_to_send_it_again(client, make, clock, path):
    values = client.get_page(path).form() | FORM
    clock.advance(hours=25)

    response = client.post(path, data=values)
    assert response.status_code == 422
    page = client.page(response)
    assert "trop longtemps" in page.text("main")
    assert client.post(path, data=page.form()).status_code == 303


def _multipart(values: dict[str, str], raw: bytes) -> bytes:
    parts = [b'--limit\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v.encode()) for n, v in values.items()]
    return b"".join(
        [*parts, b'--limit\r\nContent-Disposition: form-data; name="body"\r\n\r\nUn texte assez long ', raw, b"\r\n--limit--\r\n"]
    )


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"\xed\xa0\x80 une moiti\xc3\xa9 de caract\xc3\xa8re", "\ufffd".encode()])
def test_bytes_that_are_not_text_are_refused_in_words_and_the_rest_is_kept(client, make, path, raw):
    values = {"key": client.get_page(path).form()["key"], "email": "jeanne@exemple.test"}

    response = client.post(path, data=_multipart(values, raw), content_type="multipart/form-data; boundary=limit")
    assert response.status_code == 422
    assert "caractères illisibles" in client.page(response).text("main")
    assert client.page(response).form()["body"].startswith("Un texte assez long")
    assert make.all(TextVersion) == []


def test_a_body_that_is_not_a_form_at_all_is_a_form_to_fill_in_again(client, make, path):
    response = client.post(path, data=b"body=\xff\xfe", content_type="application/x-www-form-urlencoded")

    assert response.status_code == 422
    assert "Écrivez votre commentaire." in client.page(response).text("main")


def test_five_megabytes_are_refused_with_a_page_that_says_what_to_do(client, make, path):
    response = client.send(path, FORM | {"body": "x" * 5_000_000})

    assert response.status_code == 413
    assert "Raccourcissez-le" in client.page(response).text("main")
    assert make.all(Contribution) == []


def test_an_unknown_topic_is_a_404(client):
    client.get_page("/commenter?sujet=engagement:nulle-part:1", status=404)
    client.get_page("/commenter", status=404)


def test_a_post_from_another_site_is_refused(client, make, path):
    values = client.get_page(path).form() | FORM

    assert client.post(path, data=values, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert make.all(Contribution) == []


def test_a_form_that_comes_back_too_fast_is_asked_again(client, app, make, clock, path, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], form_min_seconds=3.0))
    refused = client.send(path, FORM)
    assert refused.status_code == 422
    assert "trop vite" in client.page(refused).text("main")

    clock.advance(seconds=4)
    assert client.post(path, data=client.page(refused).form()).status_code == 303
    assert make.all(Contribution)[0].status is ContributionStatus.AWAITING_CONFIRMATION
    assert make.all(TextVersion)[0].status is TextStatus.PENDING
