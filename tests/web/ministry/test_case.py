"""The page of a case and its small forms: what each shows, who may send it, and that nothing typed is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from feedback_app.database import db
from feedback_app.domain.case import AnswerStatus, CaseStatus, Outcome, RefusalGround
from feedback_app.domain.contribution import ContributionKind
from feedback_app.models import Answer, CaseText, CitizenRequest, Topic
from feedback_app.services.cases import closing, taking
from feedback_app.services.cases.beginning import Figure
from tests.pages import Page, PageClient, words

S = CaseStatus
# What every signed-in page asks: the session with its rights, and whether the menu leads to a barometer.
FRAME = ("FROM account_session", "FROM account_role", "FROM membership", "FROM barometer")
REASON = "Une raison assez longue pour être lue."


def path(request: CitizenRequest, rest: str = "") -> str:
    return f"/ministere/dossiers/{request.reference}{rest}"


def press(browser: PageClient, request: CitizenRequest, rest: str) -> Any:
    """Press the button of the case's page that goes to this address."""
    page = browser.get_page(path(request))
    (form,) = [form for form in page.all("main//form") if (form.get("action") or "").endswith(rest)]
    values = {field.get("name"): field.get("value") for field in form.iter("input")}
    return browser.post(form.get("action"), data=values)


def buttons(page: Page) -> set[str]:
    found = page.all("main//*[@class]")
    return {words(element) for element in found if "fr-btn" in (element.get("class") or "").split() and element.tag in {"a", "button"}}


def test_the_page_says_what_is_asked_how_long_is_left_and_what_to_do(desk, sign_in):
    request = desk.request(body="Pourquoi la route est-elle fermée ?")
    page = sign_in(desk.contact).get_page(path(request))
    for said in ("Pourquoi la route est-elle fermée ?", "Jeanne D.", "Encore 15 jours ouvrés", "le 23 mars 2026", "Des routes sans trous"):
        assert said in page.text("main")
    assert {"Prendre ce dossier", "Répondre", "Prolonger le délai", "Proposer à un autre ministère", "Ajouter une note"} <= buttons(page)
    assert "Du 3 mars 2026 au 23 mars 2026 : 15 jours ouvrés." in page.text("main")


def test_what_is_internal_is_told_apart_by_words_too(desk, sign_in):
    request = desk.request(S.ASSIGNED)
    sign_in(desk.colleague).send(path(request, "/note"), {"body": "Voir avec la direction des routes."})
    page = sign_in(desk.contact).get_page(path(request))
    internal = [words(entry) for entry in page.all("li") if "ds-event--internal" in (entry.get("class") or "")]
    (note,) = [entry for entry in internal if "Voir avec" in entry]
    assert "Interne, jamais publié" in note
    assert "Bo" in note


def test_a_case_of_another_ministry_is_not_there(desk, make, sign_in):
    request = desk.request(S.ASSIGNED)
    browser = sign_in(desk.neighbour)
    for rest in ("", "/note", "/confier", "/question", "/prolonger", "/proposer", "/decliner", "/reponse"):
        assert browser.get(path(request, rest)).status_code == 404, rest
    token = browser.get_page("/compte/").all("input[@name='csrf_token']")[0].get("value")
    for rest in ("/prendre", "/remettre", "/reprendre", "/garder", "/accepter", "/note", "/question", "/reponse"):
        data = {"csrf_token": token, "seen_version": request.version, "body": REASON}
        assert browser.post(path(request, rest), data=data).status_code == 404, rest
    assert make.reload(request).status is S.ASSIGNED


def test_a_request_that_no_ministry_may_see_yet_or_any_more_is_not_there(desk, sign_in):
    for status in (S.RECEIVED, S.WITHDRAWN):
        assert sign_in(desk.contact).get(path(desk.request(status))).status_code == 404
    assert sign_in(desk.contact).get("/ministere/dossiers/DS-2026-999999").status_code == 404


def test_taking_and_putting_back(desk, make, sign_in):
    request, browser = desk.request(), sign_in(desk.contact)
    assert press(browser, request, "/prendre").status_code == 303
    assert make.reload(request).status is S.ASSIGNED
    assert "Ce dossier est à vous" in browser.get_page(path(request)).text()
    assert press(browser, request, "/remettre").status_code == 303
    assert make.reload(request).status is S.OPEN


def test_two_people_take_the_same_case(desk, make, sign_in):
    request = desk.request()
    first, second = sign_in(desk.contact), sign_in(desk.colleague)
    values = second.get_page(path(request)).form(0)
    press(first, request, "/prendre")
    answer = second.post(path(request, "/prendre"), data=values)
    assert answer.status_code == 409
    assert "Prise en charge par Ana" in second.page(answer).text()
    assert make.reload(request).assignee_id == desk.contact.identity_id


def test_handing_over_to_a_colleague_only(desk, make, sign_in):
    request, browser = desk.request(S.ASSIGNED), sign_in(desk.contact)
    refused = browser.send(path(request, "/confier"), {"to": str(desk.neighbour.identity_id), "body": "Tu connais mieux."})
    assert refused.status_code == 422
    assert "Tu connais mieux." in refused.text
    assert browser.send(path(request, "/confier"), {"to": str(desk.colleague.identity_id)}).status_code == 303
    assert make.reload(request).assignee_id == desk.colleague.identity_id


def test_a_question_stops_the_clock_and_taking_back_starts_it(desk, make, sign_in):
    request, browser = desk.request(S.ASSIGNED), sign_in(desk.contact)
    assert browser.send(path(request, "/question"), {"body": "court"}).status_code == 422
    assert browser.send(path(request, "/question"), {"body": "De quelle **route** parlez-vous ?"}).status_code == 303
    assert make.reload(request).status is S.WAITING
    page = browser.get_page(path(request))
    assert "Délai suspendu" in page.text("main")
    assert "Texte officiel" in page.text("main")
    assert press(browser, request, "/reprendre").status_code == 303
    assert make.reload(request).status is S.ASSIGNED


def test_one_extension_with_its_public_reason(desk, sign_in):
    request, browser = desk.request(S.ASSIGNED), sign_in(desk.contact)
    offered = browser.get_page(path(request, "/prolonger")).text("main")
    assert "au plus tard le 23 mars 2026. Une fois prolongé : le 14 avril 2026." in offered  # Easter Monday is no working day
    assert browser.send(path(request, "/prolonger"), {"body": REASON}).status_code == 303
    page = browser.get_page(path(request))
    assert "Encore 30 jours ouvrés" in page.text("main")
    assert "Prolonger le délai" not in buttons(page)
    assert "Ce n’est pas possible maintenant" in browser.get_page(path(request, "/prolonger")).text()


def test_a_transfer_is_offered_seen_by_the_other_ministry_declined_or_accepted(desk, make, sign_in):
    request, ours, theirs = desk.request(S.ASSIGNED), sign_in(desk.contact), sign_in(desk.neighbour)
    assert ours.send(path(request, "/proposer"), {"to": desk.ministry.slug, "body": REASON}).status_code == 422
    assert ours.send(path(request, "/proposer"), {"to": desk.other.slug, "body": REASON}).status_code == 303
    page = theirs.get_page(path(request))
    assert REASON in page.text("main")
    assert {"Accepter le transfert", "Refuser le transfert"} <= buttons(page)
    assert "Répondre" not in buttons(page)
    assert press(ours, request, "/garder").status_code == 303
    assert theirs.get(path(request)).status_code == 404
    assert ours.send(path(request, "/proposer"), {"to": desk.other.slug, "body": REASON}).status_code == 303
    assert press(theirs, request, "/accepter").status_code == 303
    assert make.reload(request).ministry_id == desk.other.id
    assert ours.get(path(request)).status_code == 404


def test_declining_leads_to_the_coordination(desk, make, sign_in):
    request, theirs = desk.request(S.TRANSFER_OFFERED), sign_in(desk.neighbour)
    answer = theirs.send(path(request, "/decliner"), {"body": REASON})
    assert (answer.status_code, answer.location) == (303, "/ministere/")
    assert make.reload(request).status is S.ARBITRATION


def test_whoever_a_case_is_offered_to_sees_no_draft_of_the_other_ministry(desk, make, sign_in):
    request = desk.request(S.ASSIGNED)
    make.draft(request, "Un brouillon bien gardé.", contact=desk.contact)
    sign_in(desk.contact).send(path(request, "/proposer"), {"to": desk.other.slug, "body": REASON})
    assert "Un brouillon bien gardé." in sign_in(desk.colleague).get_page(path(request)).text()
    assert "Un brouillon bien gardé." not in sign_in(desk.neighbour).get_page(path(request)).text()


def test_an_answer_is_looked_at_saved_proposed_and_published_by_somebody_else(desk, make, sign_in):
    request, browser, validator = desk.request(S.ASSIGNED), sign_in(desk.contact), sign_in(desk.validator)
    looked = browser.send(path(request, "/reponse"), {"body": "Elle **rouvre** en mai.", "do": "preview"})
    assert (looked.status_code, make.all(Answer)) == (200, [])
    assert "<strong>rouvre</strong>" in looked.text
    assert browser.page(looked).form()["outcome"] == "", "to be looked at, a text needs no choice"
    written = {"body": "Elle **rouvre** en mai.", "outcome": "partial", "do": "save"}
    assert browser.send(path(request, "/reponse"), written).status_code == 303
    page = browser.get_page(path(request, "/reponse"))
    assert (page.form()["body"], page.form()["outcome"]) == ("Elle **rouvre** en mai.", "partial")
    assert browser.send(path(request, "/reponse"), {"do": "propose"}).status_code == 303
    assert "Relire et publier" not in buttons(browser.get_page(path(request)))
    assert browser.get(path(request, "/reponse/publier")).status_code == 403, "a contact validates nothing"
    assert "Elle rouvre en mai." in validator.get_page(path(request, "/reponse/publier")).text("main")
    assert validator.send(path(request, "/reponse/publier")).status_code == 303
    assert make.all(Answer)[0].status is AnswerStatus.PUBLISHED
    assert make.reload(request).status is S.ANSWERED


def test_a_validator_does_not_publish_what_they_wrote(desk, make, sign_in):
    request = desk.request(S.ASSIGNED)
    make.draft(request, contact=desk.validator, propose=True)
    browser = sign_in(desk.validator)
    page = browser.get_page(path(request, "/reponse/publier"))
    assert "une autre personne de votre ministère la publie" in page.text()
    values = sign_in(desk.lead).get_page(path(request, "/reponse/publier")).form()
    token = browser.get_page("/compte/").all("input[@name='csrf_token']")[0].get("value")
    assert browser.post(path(request, "/reponse/publier"), data={**values, "csrf_token": token}).status_code == 403
    assert sign_in(desk.lead).send(path(request, "/reponse/publier")).status_code == 303


def test_publishing_twice_is_publishing_once(desk, make, sign_in):
    request, browser = desk.request(S.ASSIGNED), sign_in(desk.validator)
    make.draft(request, contact=desk.contact, propose=True)
    values = browser.get_page(path(request, "/reponse/publier")).form()
    assert [browser.post(path(request, "/reponse/publier"), data=values).status_code for _time in range(2)] == [303, 303]


def test_an_answer_is_sent_back_with_words(desk, make, sign_in):
    request = desk.request(S.ASSIGNED)
    make.draft(request, contact=desk.contact, propose=True)
    assert sign_in(desk.validator).send(path(request, "/reponse/renvoyer"), {"body": "Citez la source du chiffre."}).status_code == 303
    assert make.all(Answer)[0].status is AnswerStatus.DRAFT
    page = sign_in(desk.contact).get_page(path(request))
    assert "Citez la source du chiffre." in page.text("main")
    assert "Continuer la réponse" in buttons(page)


def test_two_contacts_answer_one_case_and_both_texts_are_kept(desk, make, sign_in):
    request, ana, bo = desk.request(S.ASSIGNED), sign_in(desk.contact), sign_in(desk.colleague)
    values = bo.get_page(path(request, "/reponse")).form()
    ana.send(path(request, "/reponse"), {"body": "Le texte d’Ana, enregistré.", "outcome": "full", "do": "save"})
    values |= {"body": "Le texte de Bo, en même temps.", "outcome": "partial", "do": "save"}
    answer = bo.post(path(request, "/reponse"), data=values)
    page = bo.page(answer)
    assert answer.status_code == 409
    assert "Le texte d’Ana, enregistré." in page.text("main")
    assert page.form()["body"] == "Le texte de Bo, en même temps."
    assert len(make.all(Answer)) == 1
    assert page.title.startswith("Quelqu’un a écrit en même temps que vous")
    assert [alert.get("autofocus") is not None for alert in page.all("main//*[@role='status']")] == [True]
    again = bo.post(path(request, "/reponse"), data={**page.form(), "body": "Les deux textes réunis.", "do": "save"})
    assert again.status_code == 303, "once both are read, it can be saved"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"outcome": "refused"}, "Un refus a un motif"),
        ({"outcome": "duplicate", "duplicate_of": "DS-2026-999999"}, "d’une autre demande, publique"),
        ({"outcome": "rien"}, "Choisissez ce que la réponse apporte."),
        ({"outcome": ""}, "Choisissez ce que la réponse apporte."),
        ({"body": "court"}, "texte trop court"),
    ],
)
def test_an_answer_that_lacks_something_keeps_what_was_typed(desk, make, sign_in, typed, said):
    request, browser = desk.request(S.ASSIGNED), sign_in(desk.contact)
    sent = {"body": "Une réponse assez longue.", "outcome": "full", "do": "propose", **typed}
    answer = browser.send(path(request, "/reponse"), sent)
    assert answer.status_code == 422
    assert said in browser.page(answer).text()
    assert sent["body"] in answer.text
    assert make.all(Answer) == []


def test_a_refusal_keeps_its_ground_and_a_duplicate_its_reference(desk, make, sign_in):
    other, browser = desk.request(S.ANSWERED), sign_in(desk.contact)
    refused, double = desk.request(S.ASSIGNED), desk.request(S.ASSIGNED)
    texts = {"body": "Une réponse assez longue.", "do": "save"}
    browser.send(path(refused, "/reponse"), {**texts, "outcome": "refused", "ground": "security"})
    browser.send(path(double, "/reponse"), {**texts, "outcome": "duplicate", "duplicate_of": other.reference.lower()})
    _first, one, two = make.all(Answer)
    assert (one.outcome, one.refusal_ground) == (Outcome.REFUSED, RefusalGround.SECURITY)
    assert (two.outcome, two.duplicate_of_id) == (Outcome.DUPLICATE, other.id)


def test_a_private_request_is_no_duplicate_to_point_at(desk, make, sign_in):
    private = desk.request(S.ANSWERED, kind=ContributionKind.ACCESS, private=True)
    request, browser = desk.request(S.ASSIGNED), sign_in(desk.contact)
    typed = {"body": "Une réponse assez longue.", "do": "save", "outcome": "duplicate", "duplicate_of": private.reference}
    assert browser.send(path(request, "/reponse"), typed).status_code == 422


def test_a_published_answer_is_corrected_by_another_that_takes_its_place(desk, make, sign_in):
    request, browser = desk.request(S.ANSWERED), sign_in(desk.contact)
    (published,) = make.all(Answer)
    link = path(request, f"/reponse?corrige={published.id}")
    assert link in browser.get_page(path(request)).links()
    assert browser.send(link, {"body": "Elle rouvre en juin, et non en mai.", "do": "propose"}).status_code == 303
    assert sign_in(desk.validator).send(path(request, "/reponse/publier")).status_code == 303
    assert make.all(Answer)[1].corrects_id == published.id
    assert browser.get(path(request, "/reponse?corrige=999")).status_code == 404


def test_a_text_sent_to_a_case_that_moved_on_is_kept_on_the_page_that_says_so(desk, sign_in, play):
    request, browser = desk.request(S.ASSIGNED), sign_in(desk.contact)
    values = browser.get_page(path(request, "/question")).form()
    play(taking.release, request, desk.colleague)
    answer = browser.post(path(request, "/question"), data={**values, "body": "De quelle route parlez-vous ?"})
    assert answer.status_code == 409
    assert "De quelle route parlez-vous ?" in answer.text
    assert path(request, "/question") in browser.page(answer).links(), "the page leads back to the form"


def test_a_second_reason_from_another_window_is_not_taken_for_a_double_click(desk, sign_in):
    request, browser = desk.request(S.ASSIGNED), sign_in(desk.contact)
    values = browser.get_page(path(request, "/prolonger")).form()
    sent = [browser.post(path(request, "/prolonger"), data={**values, "body": words}) for words in ("Une enquête.", "Une enquête.")]
    assert [answer.status_code for answer in sent] == [303, 303]
    other = browser.post(path(request, "/prolonger"), data={**values, "body": "Une tout autre raison, plus longue."})
    assert other.status_code == 409
    assert "Une tout autre raison, plus longue." in other.text
    assert "déjà été prolongé" in browser.get_page(path(request, "/prolonger")).text()


def test_the_reason_of_a_rating_is_read_by_the_ministry(desk, sign_in):
    request = desk.request(S.CLOSED)
    assert "Il manque 2022." in sign_in(desk.contact).get_page(path(request)).text("main")


def test_the_law_s_month_is_told_as_such(desk, sign_in):
    request = desk.request(kind=ContributionKind.ACCESS, private=True)
    page = sign_in(desk.contact).get_page(path(request))
    assert "La loi donne un mois" in page.text("main")
    assert "Texte non public" in page.text("main")
    assert "Prolonger le délai" not in buttons(page)


def test_a_note_needs_a_word_and_is_kept_once(desk, make, sign_in):
    request, browser = desk.request(), sign_in(desk.contact)
    assert browser.send(path(request, "/note"), {"body": " "}).status_code == 422
    for _time in range(2):
        assert browser.send(path(request, "/note"), {"body": "Voir avec la direction."}).status_code == 303
    assert len(make.all(CaseText)) == 1


def test_the_page_costs_the_same_whatever_happened(desk, make, sign_in, statements, play):
    request = desk.request(S.ANSWERED)
    for number in range(10):
        browser = sign_in(desk.contact)
        browser.send(path(request, "/reponse"), {"body": f"Une réponse de plus, numéro {number}.", "outcome": "full", "do": "propose"})
        assert sign_in(desk.validator).send(path(request, "/reponse/publier")).status_code == 303
        browser.send(path(request, "/note"), {"body": f"Note numéro {number}."})
    browser = sign_in(desk.contact)
    with statements() as seen:
        page = browser.get_page(path(request))
    assert page.text("main").count("Réponse publiée") == 11
    assert len([statement for statement in seen if not any(table in statement for table in FRAME)]) <= 10, seen


def test_a_reopened_case_can_be_answered_again(desk, sign_in, play):
    request = desk.request(S.CLOSED)
    play(closing.reopen, request, None, "Il manque toujours une année.", form_key="again", language="fr")
    page = sign_in(desk.contact).get_page(path(request))
    assert "Il manque toujours une année." in page.text("main")
    assert "Pas encore public" in page.text("main")
    assert "Répondre" in buttons(page)


def test_the_figure_that_it_is_about_is_told_in_words(desk, make, sign_in):
    topic = make.indicator().topic
    with make._work():
        db.session.get_one(Topic, topic.id).ministry_id = desk.ministry.id
    request = desk.request(topic=make.one(Topic, topic.id), figure=Figure("D69", date(2025, 12, 31)))
    page = sign_in(desk.contact).get_page(path(request))
    assert "Le chiffre publié : 7 guichets, dans le Rhône, le 31 décembre 2025 (édition du 31 janvier 2026)." in page.text("main")
    elsewhere = desk.request(topic=make.one(Topic, topic.id), figure=Figure("D75", date(2025, 12, 31)))
    assert "Territoire : Paris" in sign_in(desk.contact).get_page(path(elsewhere)).text("main")


def test_similar_requests_that_were_answered_are_shown_never_private_ones(desk, sign_in):
    answered = desk.request(S.ANSWERED, body="Pourquoi la passerelle de la rivière est-elle fermée ?")
    private = desk.request(
        S.ANSWERED, kind=ContributionKind.ACCESS, private=True, body="Le dossier de la passerelle de la rivière, s’il vous plaît."
    )
    request = desk.request(body="La passerelle de la rivière reste fermée : pourquoi ?")
    page = sign_in(desk.contact).get_page(path(request))
    assert answered.reference in page.text("main")
    assert private.reference not in page.text("main")


def test_what_has_to_be_done_again_stands_beside_the_answer_until_it_is_proposed_again(desk, sign_in):
    request, writer, reader = desk.request(S.ASSIGNED), sign_in(desk.contact), sign_in(desk.validator)
    writer.send(path(request, "/reponse"), {"body": "Le périmètre a changé en 2023.", "outcome": "full", "do": "propose"})
    reader.send(path(request, "/reponse/renvoyer"), {"body": "Donnez la source des deux séries."})
    for rest in ("", "/reponse"):
        page = writer.get_page(path(request, rest))
        (note,) = [words(one) for one in page.all("main//article") if "Donnez la source" in words(one)]
        assert "Val" in note
        assert "Interne, jamais publié" in note
    writer.send(path(request, "/reponse"), {"body": "Le périmètre a changé en 2023. Source : le bilan.", "do": "propose"})
    assert not [one for one in reader.get_page(path(request)).all("main//article") if "Donnez la source" in words(one)]


def test_whoever_answers_reads_what_the_person_replied(desk, make, sign_in, play):
    request, browser = desk.request(S.ASSIGNED), sign_in(desk.contact)
    browser.send(path(request, "/question"), {"body": "De quelle **route** parlez-vous ?"})
    make.reply(make.reload(request), "De la route des crêtes.")
    page = browser.get_page(path(request, "/reponse")).text("main")
    assert "De quelle route parlez-vous ?" in page
    assert "De la route des crêtes." in page


def test_whoever_decides_on_a_transfer_reads_why_it_was_offered_and_declined(desk, sign_in):
    request, theirs = desk.request(S.ASSIGNED), sign_in(desk.neighbour)
    sign_in(desk.contact).send(path(request, "/proposer"), {"to": desk.other.slug, "body": "Le pont est à eux."})
    assert "Le pont est à eux." in theirs.get_page(path(request, "/decliner")).text("main")
    theirs.send(path(request, "/decliner"), {"body": "Le pont est privé."})
    page = sign_in(desk.coordinator).get_page(f"/coordination/dossiers/{request.reference}/attribuer").text("main")
    assert "Le pont est à eux." in page
    assert "Le pont est privé." in page
