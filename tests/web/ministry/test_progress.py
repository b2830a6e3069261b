"""A contact says where a commitment stands in two minutes; a validator publishes it; nothing typed is lost."""

from __future__ import annotations

import pytest

from feedback_app.domain.commitment import CommitmentAction, CommitmentStatus, UpdateStatus
from feedback_app.models import Commitment, ProgressUpdate
from tests.progress_factories import move, said
from tests.services.progress.conftest import Team, team

__all__ = ["team"]
S = CommitmentStatus
PROOF = "https://exemple.fr/preuve"


def path(team: Team, rest: str = "") -> str:
    return f"/ministere/engagements/{team.commitment.plan.slug}/{team.commitment.number}{rest}"


def test_from_the_desk_to_the_public_page(team, make, client, sign_in):
    desk = sign_in(team.contact).get_page("/ministere/engagements/")
    assert path(team) in desk.links()
    answer = sign_in(team.contact).send(
        path(team),
        {
            "done": "Le chantier est **ouvert**.",
            "help_wanted": "Des communes volontaires.",
            "confidence": "support_needed",
            "whole-action": "start",
            f"milestone{team.milestone.id}-action": "start",
            f"milestone{team.milestone.id}-criterion": "Cent communes ont publié.",
            "do": "propose",
        },
    )
    assert answer.status_code == 303
    assert "chantier" not in client.get(f"/engagements/{team.commitment.plan.slug}/{team.commitment.number}").text

    validator = sign_in(team.validator)
    assert path(team, "/publier") in validator.get_page("/ministere/engagements/").links()
    review = validator.get_page(path(team, "/publier"))
    assert "Le travail commence" in review.text("main")
    assert validator.post(path(team, "/publier"), data=review.form()).status_code == 303

    page = client.get_page(f"/engagements/{team.commitment.plan.slug}/{team.commitment.number}").text("main")
    for words in (
        "depuis le 2 mars 2026, selon Ministère des Routes",
        "Le chantier est ouvert.",
        "Des communes volontaires.",
        "Atteignable avec un appui",
        "On saura que c’est atteint quand : Cent communes ont publié.",
        "Prévu → En cours",
        "0 % des jalons",
    ):
        assert words in page, words


def test_an_update_is_looked_at_before_anything_is_kept(team, make, client, sign_in):
    step = f"milestone{team.milestone.id}-"
    typed = {
        "done": "Le chantier est **ouvert**.",
        "confidence": "support_needed",
        "whole-action": "start",
        f"{step}action": "start",
        f"{step}criterion": "Cent communes ont publié.",
        f"{step}evidence": PROOF,
        "do": "preview",
    }
    browser = sign_in(team.contact)
    answer = browser.send(path(team), typed)
    page = browser.page(answer)
    assert (answer.status_code, make.all(ProgressUpdate)) == (200, [])
    (shown,) = page.all("main//div[@class='ds-text']")
    text = " ".join("".join(shown.itertext()).split())
    for said_there in ("Le chantier est ouvert.", "Prévu → En cours", "Cent communes ont publié.", PROOF, "Atteignable avec un appui"):
        assert said_there in text, said_there
    assert page.form()["done"] == "Le chantier est **ouvert**."
    assert (page.form()["whole-action"], page.form()[f"{step}evidence"]) == ("start", PROOF)
    kept = browser.post(path(team), data={**page.form(), "do": "propose"})
    assert kept.status_code == 303, "what was looked at can be proposed as it is"


def test_what_cannot_be_kept_cannot_be_looked_at_either(team, sign_in):
    answer = sign_in(team.contact).send(path(team), {"done": "Un texte.", "whole-evidence": "javascript:alert(1)", "do": "preview"})
    assert answer.status_code == 422
    assert 'href="javascript' not in answer.text


def test_a_look_at_a_commitment_that_moved_meanwhile_shows_no_address_that_leads_nowhere(team, make, sign_in):
    browser = sign_in(team.contact)
    values = browser.get_page(path(team)).form()
    make.update(team.commitment, said("On commence.", move(CommitmentAction.START)))
    more = {"done": "Un texte.", "whole-action": "start", "whole-evidence": "javascript:alert(1)", "do": "preview"}
    answer = browser.post(path(team), data={**values, **more})
    assert answer.status_code == 200
    assert 'href="javascript' not in answer.text
    assert "Le travail commence" in browser.page(answer).text("main")


def test_a_contact_is_led_to_no_page_that_would_refuse_them(team, sign_in):
    browser = sign_in(team.contact)
    assert browser.send(path(team), {"done": "Le chantier est ouvert.", "confidence": "secured", "do": "propose"}).status_code == 303
    for address in ("/ministere/engagements/", "/ministere/engagements/?onglet=a-relire", path(team)):
        page = browser.get_page(address)
        for link in page.links():
            if link.startswith("/ministere/engagements/"):
                assert browser.get(link).status_code == 200, (address, link)


def test_a_contact_of_another_ministry_finds_nothing(team, sign_in):
    for rest in ("", "/publier", "/renvoyer"):
        assert sign_in(team.neighbour).get(path(team, rest)).status_code == 404
    assert path(team) not in sign_in(team.neighbour).get_page("/ministere/engagements/?onglet=tous").links()


def test_an_unknown_desk_or_commitment_is_a_404(team, sign_in):
    browser = sign_in(team.contact)
    for wrong in ("/ministere/engagements/?ministere=nope", "/ministere/engagements/nope/1", "/ministere/engagements/nope/9999999999"):
        assert browser.get(wrong).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"whole-action": "complete", "whole-evidence": PROOF}, "Ce changement n’est pas possible depuis « Prévu »."),
        ({"whole-action": "nonsense"}, "Ce changement n’est pas possible depuis « Prévu »."),
        ({"whole-evidence": "javascript:alert(1)"}, "Un lien de preuve commence par"),
        ({"confidence": ""}, "Dites si l’échéance vous paraît tenable."),
        ({"done": "a\x00b"}, "caractères illisibles"),
        ({"done": "x" * 20_001}, "20 001"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words_and_the_texts_stay(team, make, sign_in, typed, words):
    values = {"done": "Un texte gardé.", "next": "La suite, gardée aussi.", "confidence": "secured", "do": "propose", **typed}
    answer = sign_in(team.contact).send(path(team), values)
    assert answer.status_code == 422
    page = sign_in(team.contact).page(answer)
    assert words in page.text("main").replace("\u202f", " ").replace("\u00a0", " ")
    assert "La suite, gardée aussi." in answer.text
    assert make.all(ProgressUpdate) == []


def test_nothing_is_said_without_a_text(team, make, sign_in):
    answer = sign_in(team.contact).send(path(team), {"whole-action": "start", "confidence": "secured", "do": "propose"})
    assert answer.status_code == 422
    assert "Écrivez au moins un des textes" in answer.text
    assert make.all(ProgressUpdate) == []


def test_completed_asks_for_a_link_at_its_own_field(team, make, sign_in):
    make.update(team.commitment, said("On commence.", move(CommitmentAction.START, team.milestone.id)))
    field = f"milestone{team.milestone.id}-action"
    answer = sign_in(team.contact).send(path(team), {"done": "Fini.", "confidence": "secured", field: "complete", "do": "propose"})
    assert answer.status_code == 422
    assert "donnez un lien qui le montre" in answer.text

    values = {field: "complete", f"milestone{team.milestone.id}-evidence": PROOF}
    assert sign_in(team.contact).send(path(team), {"done": "Fini.", "confidence": "secured", "do": "propose", **values}).status_code == 303


def test_of_two_contacts_the_second_sees_both_texts(team, make, sign_in):
    late = sign_in(team.colleague)
    values = late.get_page(path(team)).form()
    sign_in(team.contact).send(path(team), {"done": "Le texte d’Ana.", "do": "save"})

    answer = late.post(path(team), data={**values, "done": "Le texte de Bo.", "whole-action": "start", "do": "save"})
    assert answer.status_code == 409
    page = late.page(answer)
    assert "Le texte d’Ana." in page.text("main")
    assert page.form()["done"] == "Le texte de Bo."
    assert page.form()["whole-action"] == "start"
    assert late.post(path(team), data={**page.form(), "do": "save"}).status_code == 303


def test_what_was_published_meanwhile_is_shown_and_a_move_that_is_over_is_no_error(team, make, sign_in):
    browser = sign_in(team.contact)
    values = browser.get_page(path(team)).form()
    make.update(team.commitment, said("Publié entre-temps.", move(CommitmentAction.START)), contact=team.colleague)

    answer = browser.post(path(team), data={**values, "done": "Écrit avant.", "whole-action": "start", "do": "propose"})
    assert answer.status_code == 409
    assert "Publié entre-temps." in browser.page(answer).text("main")
    assert "Écrit avant." in answer.text
    assert make.reload(team.commitment).status is S.IN_PROGRESS


def test_whoever_wrote_a_word_of_it_is_told_that_somebody_else_publishes(team, make, sign_in):
    make.update(team.commitment, status=UpdateStatus.PROPOSED, contact=team.validator)
    page = sign_in(team.validator).get_page(path(team, "/publier"))
    assert "une autre personne de votre ministère le publie" in page.text("main")
    assert sign_in(team.validator).post(path(team, "/publier"), data={"seen_answer": "1", "seen_wording": "1"}).status_code in {
        400,
        401,
        403,
    }


def test_a_validator_sends_back_and_the_contact_reads_why(team, make, sign_in):
    make.update(team.commitment, status=UpdateStatus.PROPOSED, contact=team.contact)
    answer = sign_in(team.validator).send(path(team, "/renvoyer"), {"body": "Donnez un chiffre, merci."})
    assert answer.status_code == 303

    page = sign_in(team.contact).get_page(path(team)).text("main")
    assert "Donnez un chiffre, merci." in page


def test_silence_and_lateness_are_tasks_of_the_desk(team, clock, sign_in):
    browser = sign_in(team.contact)
    assert "Sans nouvelles depuis" not in browser.get_page("/ministere/engagements/?onglet=tous").text("main//table")
    clock.advance(days=150)
    browser = sign_in(team.contact)
    for tab in ("", "?onglet=sans-nouvelles", "?onglet=en-retard"):
        page = browser.get_page(f"/ministere/engagements/{tab}").text("main//table")
        assert "Sans nouvelles depuis le 2 mars 2026" in page
        assert "1 jalon en retard" in page


def test_a_commitment_is_the_one_of_its_plan(team, make, sign_in):
    twin = make.commitment(number=team.commitment.number, ministry=team.elsewhere)
    assert sign_in(team.contact).get(f"/ministere/engagements/{twin.plan.slug}/{twin.number}").status_code == 404
    assert make.one(Commitment, twin.id).status is S.PLANNED
