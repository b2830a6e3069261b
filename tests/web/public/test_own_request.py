"""The private page of a request: what always comes next, and what its author does there."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.domain.case import CaseStatus, Verdict
from feedback_app.domain.contribution import ContributionKind, ContributionStatus
from feedback_app.models import AnswerRating, CaseContribution, Contribution
from tests.pages import words

S = CaseStatus


def path_of(make, request, rest=""):
    return make.private_path(request.contribution) + rest


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (S.RECEIVED, "En attente de relecture"),
        (S.OPEN, "Réponse attendue au plus tard le 23 mars 2026"),
        (S.ASSIGNED, "Réponse attendue au plus tard le 23 mars 2026"),
        (S.WAITING, "Le ministère attend votre réponse"),
        (S.ARBITRATION, "Réponse attendue au plus tard le 23 mars 2026"),
        (S.ANSWERED, "Dire si elle vous aide"),
        (S.CLOSED, "Rouvrir ma demande"),
        (S.WITHDRAWN, "Vous avez retiré cette demande"),
    ],
)
def test_it_says_what_comes_next(client, make, status, sentence):
    request = make.request(status=status)
    page = client.get_page(path_of(make, request))
    assert request.reference in page.text("h1")
    assert sentence in page.text("main")


def test_a_day_missed_is_said(client, make, clock):
    request = make.request(status=S.OPEN)
    clock.advance(days=30)
    assert "Délai dépassé : la réponse était attendue au plus tard le 23 mars 2026" in client.get_page(path_of(make, request)).text("main")


def test_before_it_is_confirmed_the_page_shows_what_was_sent_and_nothing_else(client, make, app):
    request = make.request(status=S.RECEIVED)
    assert "Ce qui s’est passé" in client.get_page(path_of(make, request)).text("main")
    for rest in ("/repondre", "/rouvrir", "/avis"):
        client.get(path_of(make, request, rest))
    unconfirmed = make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)
    for rest in ("/repondre", "/rouvrir", "/avis"):
        client.get_page(make.private_path(unconfirmed) + rest, 404)


def test_the_ministry_s_question_is_read_and_answered(client, make):
    request = make.request(status=S.WAITING)
    assert "Quel territoire ?" in client.get_page(path_of(make, request, "/repondre")).text("main")
    response = client.send(path_of(make, request, "/repondre"), {"body": "Le Rhône, en 2023."})
    assert response.status_code == 303
    assert make.reload(request).status is S.ASSIGNED
    assert "Le Rhône, en 2023." in client.get_page(path_of(make, request)).text("main")
    assert make.all(Contribution)[-1].status is ContributionStatus.PENDING


def test_what_the_person_did_is_acknowledged_and_not_put_down_to_the_ministry(client, make):
    request = make.request(status=S.WAITING)
    client.send(path_of(make, request, "/repondre"), {"body": "Le Rhône, en 2023."})
    page = client.get_page(path_of(make, request))
    assert "Votre réponse est arrivée au ministère" in page.text("main")
    (reply,) = [words(entry) for entry in page.all("main//li") if "Le Rhône, en 2023." in words(entry)]
    assert request.ministry.name not in reply

    closed = make.request(status=S.CLOSED)
    page = client.get_page(path_of(make, closed))
    assert [link for link in page.links() if link.endswith("/rouvrir")] == 2 * [path_of(make, closed, "/rouvrir")], (
        "in the message, and below"
    )
    client.send(path_of(make, closed, "/rouvrir"), {"body": "Il manque une année entière."})
    assert "Votre demande est rouverte" in client.get_page(path_of(make, closed)).text("main")


def test_the_public_page_to_come_has_a_whole_address(client, make):
    request = make.request(status=S.RECEIVED)
    assert f"http://localhost/demandes/{request.reference}" in client.get_page(path_of(make, request)).text("main")


def test_a_reply_sent_twice_is_one(client, make):
    request = make.request(status=S.WAITING)
    path = path_of(make, request, "/repondre")
    values = client.get_page(path).form() | {"body": "Le Rhône, en 2023."}
    assert [client.post(path, data=values).status_code for _ in range(2)] == [303, 303]
    assert len(make.all(CaseContribution)) == 1


def test_a_reply_that_comes_too_late_is_given_back(client, make, app):
    request = make.request(status=S.WAITING)
    path = path_of(make, request, "/repondre")
    values = client.get_page(path).form() | {"body": "Le Rhône, mais trop tard."}
    client.send(path_of(make, request, "/retirer"))
    response = client.post(path, data=values)
    assert response.status_code == 409
    assert "Le Rhône, mais trop tard." in response.text


def test_a_link_in_a_mail_rates_nothing_until_the_button_is_pressed(client, make):
    request = make.request(status=S.ANSWERED)
    page = client.get_page(path_of(make, request, "/avis?reponse=no"))
    assert page.form()["verdict"] == "no"
    assert make.all(AnswerRating) == []
    client.send(path_of(make, request, "/avis?reponse=no"), {"body": "Il manque 2022."})
    (rating,) = make.all(AnswerRating)
    assert (rating.verdict, rating.reason) == (Verdict.NO, "Il manque 2022.")
    assert make.reload(request).status is S.CLOSED
    assert "Il manque 2022." not in client.get_page(path_of(make, request)).text("main")


def test_once_rated_the_page_says_that_it_counted_and_until_when_to_reopen(client, make, clock):
    request = make.request(status=S.CLOSED)  # answered and rated on 2 March
    path = path_of(make, request)
    page = client.get_page(path).text("main")
    assert "Merci, votre avis est compté" in page
    assert "jusqu’au 2 septembre 2026" in page
    clock.advance(days=185)
    page = client.get_page(path).text("main")
    assert "Cette demande est close." in page
    assert "rouvrir" not in page


def test_a_made_up_answer_in_the_link_chooses_nothing(client, make):
    request = make.request(status=S.ANSWERED)
    assert "verdict" not in client.get_page(path_of(make, request, "/avis?reponse=peut-etre")).form()


def test_reopened_with_a_text_it_is_due_again(client, make, clock):
    request = make.request(status=S.CLOSED)
    clock.advance(days=10)
    assert client.send(path_of(make, request, "/rouvrir"), {"body": "Il manque toujours 2022."}).status_code == 303
    page = client.get_page(path_of(make, request)).text("main")
    assert "Réponse attendue au plus tard le 2 avril 2026" in page
    assert "Rouvrir ma demande" not in page


def test_too_late_to_reopen_the_page_does_not_offer_it(client, make, clock):
    request = make.request(status=S.CLOSED)
    clock.advance(days=200)
    assert "Rouvrir ma demande" not in client.get_page(path_of(make, request)).text("main")
    assert client.get(path_of(make, request, "/rouvrir")).status_code == 303


def test_a_reply_has_its_own_private_page_under_its_own_name(client, make):
    reply = make.reply(make.request(status=S.WAITING))
    page = client.get_page(make.private_path(reply))
    assert page.text("h1") == "Réponse au ministère"
    assert "Le Rhône, en 2023." in page.text("main")


def test_on_the_day_when_silence_becomes_a_refusal_the_page_says_so_and_where_to_turn(client, make, clock):
    asked = make.request(kind=ContributionKind.ACCESS, private=True)
    path = make.private_path(asked.contribution)
    assert asked.due_on == date(2026, 4, 2)
    clock.now = clock.now.replace(month=4, day=1)
    assert "Le silence vaut refus" not in client.get_page(path).text("main")
    clock.now = clock.now.replace(day=2)
    page = client.get_page(path).text("main")
    assert "Le silence vaut refus" in page
    assert "comme refusée depuis le 2 avril 2026" in page
    assert "jusqu’au 2 juin 2026" in page
    other = make.request()
    clock.now = clock.now.replace(month=6)
    assert "Le silence vaut refus" not in client.get_page(make.private_path(other.contribution)).text("main")
