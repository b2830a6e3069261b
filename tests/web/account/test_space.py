"""A person's own space."""

from __future__ import annotations

from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionStatus
from tests.pages import words

WAITS = "Une correction attend sa relecture"


def test_it_says_which_text_has_a_correction_that_waits(make, sign_in):
    jeanne = make.person(email="jeanne@exemple.test")
    published = make.comment(email="jeanne@exemple.test", body="Le premier texte, publié et corrigé.")
    make.correction(published, "Le premier texte, mieux dit.")
    make.comment(email="jeanne@exemple.test", body="Le second texte, publié seulement.")
    make.comment(email="jeanne@exemple.test", body="Le troisième, qui attend.", status=ContributionStatus.PENDING)
    lines = [words(line) for line in sign_in(jeanne).get_page("/compte/").all("main//li[@class='ds-item']")]
    assert [WAITS in line for line in lines if "Le premier" in line] == [True]
    assert [WAITS in line for line in lines if "Le premier" not in line] == [False, False]


def test_a_correction_of_a_text_that_was_never_public_is_the_text_that_waits(make, sign_in):
    jeanne = make.person(email="jeanne@exemple.test")
    make.correction(make.comment(email="jeanne@exemple.test", status=ContributionStatus.PENDING), "Le même texte, mieux dit.")
    page = sign_in(jeanne).get_page("/compte/")
    assert "En attente de relecture" in page.text("main")
    assert WAITS not in page.text("main")


def test_a_request_says_its_reference_and_where_its_case_is(make, sign_in):
    jeanne = make.person(email="jeanne@exemple.test")
    waiting = make.request(email="jeanne@exemple.test", status=CaseStatus.WAITING)
    received = make.request(email="jeanne@exemple.test", status=CaseStatus.RECEIVED)
    lines = {words(line) for line in sign_in(jeanne).get_page("/compte/").all("main//li[@class='ds-item']")}
    of = {reference: next(line for line in lines if reference in line) for reference in (waiting.reference, received.reference)}
    assert "Le ministère attend votre réponse" in of[waiting.reference]
    assert "En attente de relecture" in of[received.reference]


def test_what_somebody_asks_too_is_there_and_leads_to_where_it_is_taken_back(make, sign_in):
    person, asked, hidden = make.person(), make.request(), make.request()
    for request in (asked, hidden):
        make.me_too(request, person.identity.email)
    make.me_too(make.request())
    make.withdrawn(hidden.contribution)
    browser = sign_in(person)
    (way,) = [link for link in browser.get_page("/compte/").links() if "/moi-aussi/" in link]
    page = browser.get_page(way)
    assert asked.reference in page.text("main")
    browser.send(way, {"do": "withdraw"})
    assert "/moi-aussi/" not in " ".join(browser.get_page("/compte/").links())
