"""The pages of one's own data: the copy, the erasure."""

from __future__ import annotations

import pytest

from feedback_app.domain.policy import Role
from feedback_app.domain.privacy import TextsChoice
from feedback_app.models import PlannedErasure

ERASE = "/compte/effacement"


@pytest.fixture
def citizen(make, sign_in):
    make.comment(email="ondine@exemple.test")
    return sign_in(make.person(email="ondine@exemple.test", name="Ondine"))


def test_one_s_space_leads_to_both(citizen):
    links = citizen.get_page("/compte/").links()
    assert {"/compte/mes-donnees", ERASE} <= set(links)


def test_an_erasure_needs_a_choice_and_nothing_is_chosen_beforehand(citizen, make):
    assert "texts" not in citizen.get_page(ERASE).form()
    answer = citizen.send(ERASE)
    assert answer.status_code == 422
    assert "Choisissez ce que deviennent vos textes publiés." in citizen.page(answer).text("main")
    assert make.all(PlannedErasure) == []


@pytest.mark.parametrize(("texts", "sentence"), [("keep", "signés « compte supprimé »"), ("withdraw", "vos textes publiés aussi")])
def test_it_is_planned_said_and_can_be_stopped_from_the_page(citizen, make, texts, sentence):
    assert citizen.send(ERASE, {"texts": texts}).status_code == 303
    assert [planned.texts for planned in make.all(PlannedErasure)] == [TextsChoice(texts)]
    page = citizen.get_page(ERASE)
    assert sentence in page.text("main")
    assert "3 mars 2026" in page.text("main")
    form = page.all("main//form")[0]
    assert citizen.post(form.get("action"), data=page.form(0)).status_code == 303
    assert make.all(PlannedErasure) == []
    assert "Demander l’effacement" in citizen.get_page(ERASE).text("main")


def test_somebody_else_s_choice_is_nobody_s_business(citizen, make, sign_in):
    other = sign_in(make.person())
    other.send(ERASE, {"texts": "keep"})
    assert "est prévu" not in citizen.get_page(ERASE).text("main")


@pytest.mark.parametrize("path", [f"{ERASE}/nothing", f"{ERASE}/annuler"])
def test_a_link_that_was_made_up_stops_nothing(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_the_only_administrator_is_told_why_not(make, sign_in):
    browser = sign_in(make.person(roles=(Role.ADMINISTRATOR,)))
    answer = browser.send(ERASE, {"texts": "keep"})
    assert answer.status_code == 422
    assert "Vous êtes la seule personne à pouvoir administrer ce site." in browser.page(answer).text("main")
    assert make.all(PlannedErasure) == []


def test_after_the_erasure_the_session_is_dead(app, citizen, make, clock, monkeypatch):
    from feedback_app import jobs

    citizen.send(ERASE, {"texts": "keep"})
    clock.advance(hours=24)
    monkeypatch.setattr(jobs, "_now", clock)
    make.session(make.person(email="autre@exemple.test"))
    jobs.queue_of(app).sweep()
    assert citizen.get("/compte/").status_code == 302
