"""An administrator sends a plan file, reads what it changes, applies it with a reason, and moves plans from phase to phase."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from feedback_app.domain.commitment import PlanPhase, PlanUploadStatus
from feedback_app.domain.policy import Role
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import CaseEvent, Commitment, CommitmentRevision, Ministry, Plan, PlanRevision, PlanUpload
from feedback_app.services import plan_uploads
from tests.plan_files import as_bytes, plan_file, revised_plan

HOME = "/admin/plans/"
SEND = f"{HOME}envoi"
PAGE = "/engagements/essai-2030/1"
PLAN = "/engagements/?plan=essai-2030"
REASON = "Le plan a été amendé en mars."


def send(browser: Any, content: bytes) -> Any:
    return browser.post(SEND, data={**browser.get_page(SEND).form(), "file": (BytesIO(content), "plan.json")})


def sent(make) -> PlanUpload:
    (found,) = make.all(PlanUpload)
    return found


def path_of(upload: PlanUpload) -> str:
    return f"{HOME}envois/{upload.id}"


def apply(browser: Any, upload: PlanUpload, reason: str = REASON) -> Any:
    return browser.send(path_of(upload), {"reason": reason})


def written(make) -> tuple[int, int, int]:
    return len(make.all(Commitment)), len(make.all(CommitmentRevision)), len(make.all(CaseEvent))


def test_a_new_plan_is_compared_first_and_applied_without_a_reason_that_nobody_would_read(admin, make):
    answer = send(admin, as_bytes(plan_file()))
    upload = sent(make)
    assert answer.location.endswith(path_of(upload))
    page = admin.get_page(answer.location)
    for words in ("Ce plan n’est pas encore sur le site", "Inconnu ici, sera créé Ministère des Phares", "1. Allumer les phares 3 jalons"):
        assert words in page.text()
    assert make.all(Plan) == [], "nothing is applied before it was read"
    assert "aucun motif n’est demandé" in page.text()
    assert admin.send(path_of(upload)).location.endswith(f"{HOME}essai-2030/")
    assert [one.title for one in make.all(Commitment)] == ["Allumer les phares", "Éteindre les phares"]
    event = next(event for event in make.all(CaseEvent) if event.verb is EventVerb.PLAN_IMPORT)
    assert event.actor_kind is ActorKind.STAFF


def test_the_differences_are_shown_side_by_side_before_anything_is_written(admin, make):
    make.imported_plan()
    before = written(make)
    send(admin, as_bytes(revised_plan()))
    page = admin.get_page(path_of(sent(make)))
    text = page.text()
    for words in ("1 engagement ajouté", "1 engagement modifié", "1 jalon retiré", "1 ministère nouveau", "3. Publier les marées 1 jalon"):
        assert words in text
    assert "Engagements absents du fichier Ils restent tels quels : des personnes en parlent. 2. Éteindre les phares" in text
    assert "30 juin 2030" in text, "days are said in words"
    assert "abandonné le 1er avril 2026 si personne ne l’applique" in text
    assert "tous" in [(mark.text or "").strip() for mark in page.all("main//ins")], "only what differs is marked"
    assert written(make)[:2] == before[:2]


def test_what_is_applied_keeps_both_wordings_and_the_reason_for_everybody(admin, make, client):
    make.imported_plan()
    send(admin, as_bytes(revised_plan()))
    upload = sent(make)
    apply(admin, upload)
    upload = sent(make)
    assert (upload.status, upload.content) == (PlanUploadStatus.APPLIED, None)
    assert [one.title for one in make.all(Commitment)] == ["Allumer tous les phares", "Éteindre les phares", "Publier les marées"]
    assert [one.slug for one in make.all(Ministry)] == ["phares", "marees"]
    public = client.get_page(PAGE).text()
    assert REASON in public
    assert "Inaugurer" in public, "what was there stays to be read"
    assert "appliqués le" in admin.get_page(path_of(upload)).text()


def test_what_a_plan_says_of_itself_keeps_both_wordings_and_the_reason_too(admin, make, client):
    make.imported_plan()
    before = client.get_page(PLAN)
    assert "Le texte du plan a été modifié" not in before.text()
    send(admin, as_bytes(plan_file(title="Plan des phares et des marées", end="2032-06-30")))
    path = path_of(sent(make))
    assert "Donnez un motif" in admin.page(admin.send(path, {"reason": ""})).text(), "nobody changes it without saying why"
    assert client.get_page(PLAN).text() == before.text()
    assert admin.send(path, {"reason": REASON}).status_code == 303
    page = client.get_page(PLAN)
    for words in ("Le texte du plan a été modifié", REASON, "Plan d’essai", "Plan des phares et des marées", "30 juin 2032"):
        assert words in page.text(), words
    assert "Le texte du plan a été modifié" not in client.get_page(f"{PLAN}&q=phare").text(), "who looks for something finds that alone"


def test_a_phase_that_a_file_begins_is_no_change_of_words(admin, make, client):
    make.imported_plan()
    send(admin, as_bytes(plan_file(status="closed")))
    assert admin.send(path_of(sent(make))).status_code == 303
    assert make.all(PlanRevision) == []
    assert make.all(Plan)[0].phase is PlanPhase.CLOSED


def test_a_reason_is_asked_for_and_the_page_stays(admin, make):
    make.imported_plan()
    upload = make.plan_upload()
    answer = apply(admin, upload, " ")
    assert answer.status_code == 422
    assert "Donnez un motif" in admin.page(answer).text()
    assert "Allumer tous les phares" in admin.page(answer).text()
    assert make.all(CommitmentRevision) == []


def test_the_same_file_again_changes_nothing_and_is_not_kept(admin, make):
    make.imported_plan()
    answer = send(admin, as_bytes(plan_file()))
    assert "Aucun changement" in admin.get_page(answer.location).text()
    assert make.all(PlanUpload) == []


def test_a_plan_that_changed_meanwhile_is_compared_anew_and_the_reason_kept(admin, make):
    make.imported_plan()
    upload = make.plan_upload()
    form = admin.get_page(path_of(upload)).form()
    make.revision(make.all(Commitment)[0], title="Allumer le phare du nord")
    revisions = len(make.all(CommitmentRevision))
    answer = admin.post(path_of(upload), data={**form, "reason": REASON})
    page = admin.page(answer)
    assert answer.status_code == 409
    assert "Le plan a changé depuis que vous avez lu cette comparaison" in page.text()
    assert "Allumer le phare du nord" in page.text(), "the new comparison is there"
    assert page.form()["reason"] == REASON
    assert len(make.all(CommitmentRevision)) == revisions, "nothing is applied"
    assert "Allumer le phare du nord" in admin.get_page(path_of(upload)).text(), "and it stays to be read"
    assert admin.post(path_of(upload), data=page.form()).status_code == 303
    assert make.all(Commitment)[0].title == "Allumer tous les phares"


def test_a_file_that_somebody_applied_meanwhile_has_nothing_left_to_apply(admin, make):
    make.imported_plan()
    first, second = make.plan_upload(), make.plan_upload()
    form = admin.get_page(path_of(second)).form()
    apply(admin, first)
    answer = admin.post(path_of(second), data={**form, "reason": REASON})
    assert answer.status_code == 409
    assert "Aucun changement" in admin.page(answer).text()
    assert len(make.all(CommitmentRevision)) == 1


def test_a_file_is_applied_once(admin, make):
    make.imported_plan()
    upload = make.plan_upload()
    form = admin.get_page(path_of(upload)).form()
    apply(admin, upload)
    assert admin.post(path_of(upload), data={**form, "reason": REASON}).status_code == 409
    assert len(make.all(CommitmentRevision)) == 1


def test_a_file_that_is_given_up_is_forgotten(admin, make):
    make.imported_plan()
    upload = make.plan_upload()
    admin.post(f"{path_of(upload)}/abandon", data=admin.get_page(path_of(upload)).form())
    upload = sent(make)
    assert (upload.status, upload.content, upload.differences) == (PlanUploadStatus.DISCARDED, None, {})
    assert "a été abandonné" in admin.get_page(path_of(upload)).text()
    assert make.all(CommitmentRevision) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "le fichier est vide"),
        (b"PK\x03\x04 not json", "JSON invalide"),
        (as_bytes(plan_file()).decode().encode("utf-16"), "UTF-8"),
        (b'{"format": "devoir-de-suite/plan", "version": 1, "plan": \xff}', "UTF-8"),
        (b"[" * 100_000, "imbriqués trop profondément"),
        (as_bytes(plan_file(status="open")), "$.plan.status"),
        (as_bytes(plan_file(title="Plan\x00")), "U+0000"),
        (b'{"plan": {"title": "a", "title": "b"}}', "format inconnu"),
    ],
    ids=["empty", "archive", "utf-16", "not utf-8", "bomb", "phase", "nul", "doubled"],
)
def test_a_bad_file_is_refused_in_words_and_nothing_is_kept(admin, make, content, words):
    answer = send(admin, content)
    assert answer.status_code == 422
    assert words in admin.page(answer).text()
    assert make.all(PlanUpload) == []
    assert make.all(Plan) == []


def test_more_than_a_person_can_read_is_for_the_command(admin, make):
    document = plan_file()
    document["commitments"] = [{"number": number, "title": "Titre", "ministry": "phares"} for number in range(1, 202)]
    answer = send(admin, as_bytes(document))
    assert answer.status_code == 422
    assert "flask plan import" in admin.page(answer).text()


def test_no_file_is_said_and_what_is_beyond_the_bound_is_not_read(admin, monkeypatch):
    assert "Choisissez un fichier" in admin.page(admin.send(SEND)).text()
    body = b" " * (plan_uploads.MAX_BYTES + 20_000)
    assert admin.post(SEND, data=body, content_type="multipart/form-data; boundary=x").status_code == 413
    monkeypatch.setattr(plan_uploads, "MAX_BYTES", 100)
    answer = send(admin, as_bytes(plan_file()))
    assert answer.status_code == 422
    assert "dépasse 1 Mo" in admin.page(answer).text()


def test_a_file_never_takes_a_plan_back_to_an_earlier_phase(admin, make):
    make.imported_plan(plan_file(status="closed"))
    send(admin, as_bytes(plan_file(title="Plan d’essai, relu")))
    upload = sent(make)
    assert "Il est plus avancé sur le site, et y reste" in admin.get_page(path_of(upload)).text()
    apply(admin, upload)
    (plan,) = make.all(Plan)
    assert (plan.title, plan.phase) == ("Plan d’essai, relu", PlanPhase.CLOSED)


def test_the_plans_are_listed_with_their_phase_what_they_hold_and_what_waits(admin, make):
    make.imported_plan()
    make.plan_upload()
    text = admin.get_page(HOME).text()
    for words in ("Plan d’essai", "En cours", "2 engagements", "3 jalons", "dernier import le", "1 fichier à relire"):
        assert words in text
    page = admin.get_page(f"{HOME}essai-2030/")
    assert f"{HOME}essai-2030/engagements/1" in page.links()
    assert "À relire" in page.text()


PHASE = f"{HOME}essai-2030/phase"


def test_a_plan_moves_to_the_next_phase_and_its_pages_say_what_that_means(admin, make, client):
    make.imported_plan(plan_file(status="writing"))
    assert "ses engagements peuvent encore changer" in client.get_page(PAGE).text()
    page = admin.get_page(PHASE)
    assert "trois mois de silence se voient" in page.text(), "what a phase means is said before it begins"
    admin.send(PHASE, {"move": "advance"})
    assert "peuvent encore changer" not in client.get_page(PAGE).text()
    admin.send(PHASE, {"move": "advance"})
    for path in (PAGE, "/engagements/?plan=essai-2030"):
        assert "le ministère peut répondre que le sujet est clos" in client.get_page(path).text()
    moves = [(event.before, event.after) for event in make.all(CaseEvent) if event.verb is EventVerb.PLAN_MOVE]
    assert moves == [("writing", "running"), ("running", "closed")]
    assert "En cours → Terminé" in admin.get_page(f"{HOME}essai-2030/").text()


def test_a_plan_steps_back_when_it_was_moved_by_mistake(admin, make):
    make.imported_plan(plan_file(status="closed"))
    page = admin.get_page(PHASE)
    assert [one.get("value") for one in page.all("main//input[@type='radio']")] == ["step_back"]
    admin.send(PHASE, {"move": "step_back"})
    assert make.all(Plan)[0].phase is PlanPhase.RUNNING


@pytest.mark.parametrize("move", ["", "close", "step_back"])
def test_a_phase_that_cannot_follow_is_refused(admin, make, move):
    make.imported_plan(plan_file(status="collecting"))
    answer = admin.send(PHASE, {"move": move})
    assert answer.status_code == 422
    assert "Choisissez une phase" in admin.page(answer).text()
    assert make.all(Plan)[0].phase is PlanPhase.COLLECTING


def test_two_administrators_do_not_move_a_plan_twice(admin, make):
    make.imported_plan(plan_file(status="writing"))
    form = admin.get_page(PHASE).form() | {"move": "advance"}
    admin.post(PHASE, data=form)
    answer = admin.post(PHASE, data=form)
    assert answer.status_code == 409
    assert "a changé de phase" in admin.page(answer).text()
    assert make.all(Plan)[0].phase is PlanPhase.RUNNING


def test_the_plan_under_way_is_the_first_that_citizens_see(make, client):
    make.imported_plan()
    later = plan_file(slug="suite-2032", title="Plan suivant", start="2032-01-01", end="2033-12-31", status="collecting")
    make.imported_plan(later)
    assert "Allumer les phares" in client.get_page("/engagements/").text()
    assert client.get_page("/engagements/").text("main//h1") == "Engagements"
    page = client.get_page("/engagements/?plan=suite-2032").text()
    assert "rien n’y est encore promis" in page


@pytest.mark.parametrize("rest", ["", "envoi", "envois/1", "essai-2030/", "essai-2030/phase", "essai-2030/engagements/1"])
def test_only_administrators_see_any_of_it(make, sign_in, rest):
    make.imported_plan()
    make.plan_upload()
    for role in (Role.MODERATOR, Role.COORDINATOR):
        assert sign_in(make.person(roles=(role,))).get(f"{HOME}{rest}").status_code == 403


@pytest.mark.parametrize("rest", ["envois/99", "envois/99999999999999999999", "absent/", "absent/phase", "essai-2030/engagements/99"])
def test_what_is_not_there_is_not_found(admin, make, rest):
    make.imported_plan()
    assert admin.get(f"{HOME}{rest}").status_code == 404
