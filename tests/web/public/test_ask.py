"""Asking from a commitment: one form, what each kind promises, and what follows."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionKind
from feedback_app.models import CitizenRequest, Contribution
from tests.pages import words

BODY = "Pourquoi la dernière mesure manque-t-elle ?"
FORM = {"kind": "clarification", "body": BODY, "public_name": "Jeanne D.", "email": "jeanne@exemple.test"}


@pytest.fixture
def path(make):
    return f"/demandes/nouvelle?sujet={make.commitment().topic.key}"


def test_the_commitment_s_page_leads_to_the_form_and_each_kind_says_what_it_promises(client, make):
    commitment = make.commitment()
    page = client.get_page(f"/engagements/{commitment.plan.slug}/{commitment.number}")
    (link,) = {a.get("href") for a in page.all("main//a") if words(a) == "Poser une question"}
    form = client.get_page(link).text("main")
    for promise in ("sous 15 jours ouvrés", "La loi donne un mois", "Personne n’est tenu d’y répondre"):
        assert promise in form


def test_two_screens_lead_to_a_number_and_a_page_to_follow_it(client, make, path):
    page = client.page(client.send(path, FORM, follow_redirects=True))
    assert "Votre demande DS-2026-000001" in page.text("h1")
    assert "Il reste une chose à faire : confirmer" in page.text("main")
    assert make.all(CitizenRequest)[0].status is CaseStatus.RECEIVED


def test_what_the_question_is_about_travels_with_it(client, make, path):
    response = client.send(f"{path}&territoire=D69&date=2023-12-31", FORM)
    assert response.status_code == 303
    (request,) = make.all(CitizenRequest)
    assert (request.territory, request.figure_date) == ("D69", date(2023, 12, 31))


@pytest.mark.parametrize("rest", ["&territoire=Rhône&date=hier", "&territoire=D999&date=2023-02-30", "&territoire=&date="])
def test_an_address_that_points_at_nothing_asks_about_the_topic_alone(client, make, path, rest):
    client.send(path + rest, FORM)
    (request,) = make.all(CitizenRequest)
    assert (request.territory, request.figure_date) == (None, None)


def test_a_viewpoint_gets_no_number(client, make, path):
    client.send(path, FORM | {"kind": "viewpoint"})
    assert make.all(CitizenRequest) == []
    assert make.all(Contribution)[0].kind is ContributionKind.VIEWPOINT


@pytest.mark.parametrize("kind", ["", "reply", "reopening", "comment", "anything"])
def test_no_other_kind_can_be_sent_and_the_text_stays(client, make, path, kind):
    response = client.send(path, FORM | {"kind": kind})
    assert response.status_code == 422
    assert BODY in client.page(response).form()["body"]
    assert make.all(Contribution) == []


def test_a_topic_that_does_not_exist_is_not_found(client):
    client.get_page("/demandes/nouvelle", 404)
    client.get_page("/demandes/nouvelle?sujet=engagement:nulle-part:1", 404)


def test_sent_twice_it_is_one_request(client, make, path):
    values = client.get_page(path).form() | FORM
    answers = [client.post(path, data=values) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(make.all(CitizenRequest)) == 1
