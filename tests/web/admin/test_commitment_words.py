"""An administrator changes what a commitment says, with a public reason; nothing is lost, and everybody reads both."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from feedback_app.domain.trace import EventVerb
from feedback_app.models import CaseEvent, Commitment, CommitmentChange, CommitmentIndicator, CommitmentRevision, Milestone, Topic
from tests.plan_files import plan_file

EDIT = "/admin/plans/essai-2030/engagements/1"
PAGE = "/engagements/essai-2030/1"
REASON = "Une faute dans le titre, signalée par un lecteur."


@pytest.fixture
def plan(make) -> None:
    make.imported_plan()


def edit(browser: Any, **changes: str) -> Any:
    return browser.send(EDIT, {"reason": REASON, **changes})


def first(make) -> Commitment:
    return make.all(Commitment)[0]


def step(make, name: str, place: int = 0) -> str:
    return f"jalon{make.all(Milestone)[place].id}-{name}"


def test_a_changed_title_is_public_with_the_old_one_and_the_reason(admin, plan, make, client):
    answer = edit(admin, title="Allumer tous les phares")
    assert answer.status_code == 303
    assert make.all(Topic)[0].title == "Allumer tous les phares"
    page = client.get_page(PAGE)
    assert page.text("main//h1") == "Allumer tous les phares"
    for words in (REASON, "Le texte de l’engagement a été modifié"):
        assert words in page.text()
    assert [(mark.text or "").strip() for mark in page.all("main//ins")] == ["tous"]
    assert len([event for event in make.all(CaseEvent) if event.verb is EventVerb.COMMITMENT_REVISE]) == 1


def test_texts_days_and_milestones_change_in_one_act(admin, plan, make, client):
    changes = {step(make, "title"): "Acheter deux lampes", step(make, "ends"): "2030-07-31", step(make, "weight"): "3"}
    texts = {"problem": "Il fait **très** nuit.", "theme": "Mer", "period": "Été 2030", "starts": "2030-02-01", "ends": "2030-08-31"}
    edit(admin, **changes, **texts)
    commitment, milestone = first(make), make.all(Milestone)[0]
    assert (commitment.theme, commitment.period_raw, commitment.end) == ("Mer", "Été 2030", date(2030, 8, 31))
    assert (milestone.title, milestone.end, milestone.weight) == ("Acheter deux lampes", date(2030, 7, 31), 3)
    assert len(make.all(CommitmentRevision)) == 1
    assert len(make.all(CommitmentChange)) == 8
    text = client.get_page(PAGE).text()
    assert "30 juin 2030" in text
    assert "31 juillet 2030" in text


def test_indicators_are_linked_by_their_addresses(admin, plan, make, client):
    make.edition(barometer=make.barometer("essai"))
    edit(admin, indicators="https://exemple.fr/en/barometre/essai/indicateurs/IND-001?territoire=D69\n/barometre/essai/indicateurs/IND-001")
    assert len(make.all(CommitmentIndicator)) == 1
    assert "Les chiffres qui le mesurent" in client.get_page(PAGE).text()
    assert admin.get_page(EDIT).form()["indicators"].splitlines()[0] == "/barometre/essai/indicateurs/IND-001"
    edit(admin, indicators="")
    assert make.all(CommitmentIndicator) == []


def test_the_form_sent_back_untouched_changes_nothing(admin, make):
    document = plan_file()
    document["commitments"][0] |= {"title": "Deux  espaces ✓", "problem": "  Un retrait\n\n   - et une liste", "theme": " Mer "}
    make.imported_plan(document)
    answer = edit(admin)
    assert answer.status_code == 422
    assert "Rien n’a changé" in admin.page(answer).text()
    assert make.all(CommitmentRevision) == []


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("reason", "", "Donnez un motif"),
        ("reason", "court", "au moins 10"),
        ("title", " ", "Écrivez un titre"),
        ("title", "x" * 501, "501"),
        ("problem", "x" * 20_001, "20"),
        ("problem", "a\x00b", "illisibles"),
        ("starts", "2030-02-30", "n’existe pas"),
        ("ends", "le 3 mai", "n’existe pas"),
        ("ends", "1066-01-01", "entre 1900 et 2200"),
        ("indicators", "/barometre/essai/indicateurs/ABSENT", "Aucun indicateur"),
        ("indicators", "javascript:alert(1)", "Aucun indicateur"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_typed_is_lost(admin, plan, make, field, typed, words):
    answer = edit(admin, theme="Mer", **{field: typed})
    assert answer.status_code == 422
    page = admin.page(answer)
    assert words in page.text()
    assert page.form()["theme"] == "Mer"
    assert make.all(CommitmentRevision) == []


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("title", "", "Écrivez un titre"),
        ("weight", "0", "de 1 à 100"),
        ("weight", "beaucoup", "de 1 à 100"),
        ("starts", "2031-01-01", "précède"),
    ],
)
def test_a_wrong_milestone_is_named_in_the_summary(admin, plan, make, name, typed, words):
    field = step(make, name)
    answer = edit(admin, **{field: typed})
    page = admin.page(answer)
    assert answer.status_code == 422
    assert any(link.startswith((f"#{field}", f"#{step(make, 'ends')}")) for link in page.links())
    assert words in page.text()


def test_of_two_people_at_once_the_second_sees_both_texts(admin, plan, make):
    form = admin.get_page(EDIT).form()
    edit(admin, title="Allumer le phare du nord")
    answer = admin.post(EDIT, data={**form, "title": "Allumer le phare du sud", "reason": REASON})
    page = admin.page(answer)
    assert answer.status_code == 409
    assert "Rien n’est perdu" in page.text()
    assert "Allumer le phare du nord" in page.text()
    assert page.form()["title"] == "Allumer le phare du sud"
    assert page.form()["reason"] == REASON
    assert first(make).title == "Allumer le phare du nord", "nothing is overwritten"
    assert admin.post(EDIT, data=page.form()).status_code == 303
    assert [one.before for one in make.all(CommitmentChange)] == ["Allumer les phares", "Allumer le phare du nord"]


def test_forged_fields_and_steps_of_another_commitment_are_not_bound(admin, make):
    document = plan_file()
    document["commitments"][1]["milestones"] = [{"title": "Un autre jalon"}]
    make.imported_plan(document)
    other = make.all(Milestone)[-1]
    edit(admin, title="Allumer tous les phares", **{f"jalon{other.id}-title": "Volé", "status": "completed", "ministry_id": "99"})
    assert make.all(Milestone)[-1].title == "Un autre jalon"
    assert first(make).status.value == "planned"


def test_a_commitment_of_many_milestones_can_be_sent(admin, make):
    document = plan_file()
    document["commitments"][0]["milestones"] = [{"title": f"Jalon {number}"} for number in range(60)]
    make.imported_plan(document)
    assert edit(admin, title="Allumer tous les phares").status_code == 303
