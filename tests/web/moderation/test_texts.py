"""The moderators' queue and their decisions."""

from __future__ import annotations

import pytest

from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionKind, ContributionStatus, Ground, TextAction, TextStatus
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.models import CaseEvent, ModerationDecision

FACTS = "Le troisième paragraphe vise une personne nommée."


@pytest.fixture
def pending(make):
    return make.comment(status=ContributionStatus.PENDING, body="Un texte qui attend d’être lu.")


def review(contribution) -> str:
    return f"/moderation/textes/{contribution.current_version_id}"


def test_publishing_shows_the_text_and_tells_its_author(client, make, sign_in, outbox, pending):
    response = sign_in(make.moderator()).send(review(pending), {"action": "publish"})

    assert response.status_code == 303
    assert make.reload(pending).status is ContributionStatus.PUBLISHED
    assert make.reload(pending.current_version).status is TextStatus.PUBLISHED
    assert "Un texte qui attend d’être lu." in client.get("/").text
    assert outbox.last().recipient == pending.identity.email
    assert make.private_path(pending) in outbox.last().text


def test_rejecting_a_comment_tells_its_author_why(client, make, sign_in, outbox, pending):
    sign_in(make.moderator()).send(review(pending), {"action": "reject", "ground": "insult", "facts": FACTS})

    assert make.reload(pending).status is ContributionStatus.REJECTED
    (decision,) = make.all(ModerationDecision)
    assert (decision.action, decision.ground, decision.facts) == (TextAction.REJECT, Ground.INSULT, FACTS)
    assert "troisième paragraphe" in outbox.last().text
    assert "Un texte qui attend" not in client.get("/").text


def test_a_decision_leaves_an_event_with_ids_and_enumerations_only(make, sign_in, pending):
    moderator = make.moderator()
    sign_in(moderator).send(review(pending), {"action": "reject", "ground": "insult", "facts": FACTS})

    event = make.all(CaseEvent)[-1]
    (decision,) = make.all(ModerationDecision)
    assert (event.verb, event.before, event.after) == ("text:reject", "pending", "rejected")
    assert (event.actor_id, event.decision_id, event.contribution_id) == (moderator.identity_id, decision.id, pending.id)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Choisissez de publier ou de ne pas publier."),
        ({"action": "hide"}, "Choisissez de publier ou de ne pas publier."),
        ({"action": "reject", "facts": FACTS}, "Choisissez le motif du refus."),
        ({"action": "reject", "facts": FACTS, "ground": "mood"}, "Choisissez le motif du refus."),
        ({"action": "reject", "ground": "insult", "facts": ""}, "au moins 20 caractères"),
        (
            {"action": "reject", "ground": "insult", "facts": "trop court"},
            "Ce qui, dans ce texte, justifie le refus : texte trop court, écrivez au moins 20 caractères",
        ),
        ({"action": "reject", "ground": "insult", "facts": "x" * 2001}, "le maximum est 2 000"),
        ({"action": "reject", "ground": "insult", "facts": "Un NUL \x00 dans des faits assez longs."}, "caractères illisibles"),
    ],
)
def test_a_refusal_without_its_reasons_is_asked_again_with_what_was_typed(make, sign_in, pending, changes, sentence):
    browser = sign_in(make.moderator())
    response = browser.send(review(pending), changes)

    assert response.status_code == 422
    page = browser.page(response)
    assert sentence in page.text("main")
    assert page.form()["facts"].strip() == changes.get("facts", "").replace("\x00", "\ufffd").strip()
    assert make.reload(pending).status is ContributionStatus.PENDING


def test_the_second_of_two_moderators_learns_who_decided_what_and_keeps_their_words(make, sign_in, outbox, pending):
    camille, sacha = make.moderator(name="Camille Martin"), make.moderator(name="Sacha Petit")
    second = sign_in(sacha)
    stale = second.get_page(review(pending)).form()
    sign_in(camille).send(review(pending), {"action": "publish"})
    mails = len(outbox.all())

    response = second.post(review(pending), data=stale | {"action": "reject", "ground": "insult", "facts": FACTS})
    assert response.status_code == 409
    page = second.page(response).text("main")
    assert "Publié par Camille Martin" in page
    assert FACTS in page
    assert make.reload(pending).status is ContributionStatus.PUBLISHED
    assert len(make.all(ModerationDecision)) == 1
    assert len(outbox.all()) == mails


def test_a_double_click_of_one_moderator_is_one_decision(make, sign_in, outbox, pending):
    browser = sign_in(make.moderator())
    values = browser.get_page(review(pending)).form() | {"action": "publish"}

    assert [browser.post(review(pending), data=values).status_code for _click in range(2)] == [303, 303]
    assert len(make.all(ModerationDecision)) == 1
    assert len([mail for mail in outbox.all() if mail.key.startswith("text-published")]) == 1


def test_a_text_corrected_while_it_was_read_is_not_decided_on_its_old_wording(make, sign_in, pending):
    browser = sign_in(make.moderator())
    stale = browser.get_page(review(pending)).form()
    make.correction(pending, "Le texte que son auteur préfère maintenant.")

    response = browser.post(review(pending), data=stale | {"action": "publish"})
    assert response.status_code == 409
    assert "Le texte que son auteur préfère maintenant." in browser.page(response).text("main")
    assert make.reload(pending).status is ContributionStatus.PENDING


def test_a_correction_of_a_published_text_replaces_it_once_published(client, make, sign_in):
    contribution = make.comment(body="La première version, publiée.")
    version = make.correction(contribution, "La seconde version, corrigée.")
    browser = sign_in(make.moderator())

    page = browser.get_page(f"/moderation/textes/{version.id}")
    assert "La première version, publiée." in page.text("main")
    browser.send(f"/moderation/textes/{version.id}", {"action": "publish"})
    public = client.get("/").text
    assert "La seconde version, corrigée." in public
    assert "La première version" not in public


def test_a_refused_correction_leaves_the_published_text_where_it_is(client, make, sign_in):
    contribution = make.comment(body="La première version, publiée.")
    version = make.correction(contribution, "Une version injurieuse, refusée.")
    sign_in(make.moderator()).send(f"/moderation/textes/{version.id}", {"action": "reject", "ground": "insult", "facts": FACTS})

    assert make.reload(contribution).status is ContributionStatus.PUBLISHED
    assert "La première version, publiée." in client.get("/").text
    assert "Votre correction n’est pas publiée" in client.get_page(make.private_path(contribution)).text("main")


@pytest.mark.parametrize("status", [ContributionStatus.PENDING, ContributionStatus.PUBLISHED])
def test_a_withdrawn_text_is_shown_to_moderators_no_more(client, make, sign_in, status):
    contribution, browser = make.comment(status=status, body="Un secret que son auteur retire."), sign_in(make.moderator())
    form = browser.get_page(review(make.comment(status=ContributionStatus.PENDING))).form()
    client.send(make.private_path(contribution) + "/retirer")

    assert "Un secret" not in browser.get_page(review(contribution)).text("body")
    late = browser.post(review(contribution), data=form | {"action": "reject", "ground": "insult", "facts": FACTS})
    assert late.status_code == 409
    assert "Un secret" not in late.text
    assert FACTS in browser.page(late).text("main")


def test_nobody_moderates_their_own_text(make, sign_in):
    moderator = make.moderator(email="camille@exemple.test")
    own = make.comment(email="camille@exemple.test", status=ContributionStatus.PENDING)
    browser = sign_in(moderator)

    page = browser.get_page(review(own))
    assert "une autre personne le relira" in page.text("main")
    token = browser.get_page(review(make.comment(status=ContributionStatus.PENDING))).form()["csrf_token"]
    assert browser.post(review(own), data={"csrf_token": token, "action": "publish"}).status_code == 403
    assert make.reload(own).status is ContributionStatus.PENDING


def test_the_queue_shows_what_waits_the_oldest_first_and_nothing_unconfirmed(make, sign_in, clock):
    make.comment(status=ContributionStatus.AWAITING_CONFIRMATION, body="Jamais confirmé, jamais montré.")
    for body in ("Le plus ancien des textes.", "Le plus récent des textes."):
        make.comment(status=ContributionStatus.PENDING, body=body)
        clock.advance(minutes=5)

    page = sign_in(make.moderator()).get_page("/moderation/").text("main")
    assert page.index("Le plus ancien") < page.index("Le plus récent")
    assert "Jamais confirmé" not in page
    assert "2 textes attendent" in page


def test_an_unconfirmed_text_has_no_review_page(make, sign_in):
    unconfirmed = make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)

    sign_in(make.moderator()).get_page(review(unconfirmed), status=404)


def test_no_address_is_shown_to_moderators(make, sign_in, pending):
    browser = sign_in(make.moderator())

    assert pending.identity.email not in browser.get("/moderation/").text
    assert pending.identity.email not in browser.get(review(pending)).text


@pytest.mark.parametrize("roles", [(), (Role.COORDINATOR,), (Role.ADMINISTRATOR,)])
def test_only_moderators_open_the_back_office(make, sign_in, pending, roles):
    browser = sign_in(make.person(roles=roles, ministry=make.ministry(), kind=MembershipKind.LEAD))

    assert browser.get("/moderation/").status_code == 403
    assert browser.get(review(pending)).status_code == 403
    token = browser.get_page("/compte/")
    assert token
    assert browser.post(review(pending), data={"action": "publish"}).status_code in {401, 403}
    assert make.reload(pending).status is ContributionStatus.PENDING


def test_a_stranger_is_asked_to_sign_in(client, pending):
    response = client.get(review(pending))

    assert response.status_code == 302
    assert response.location.startswith("/compte/connexion?suite=/moderation/textes/")


def test_a_decision_sent_after_the_session_ended_keeps_its_words(make, sign_in, pending, clock):
    browser = sign_in(make.moderator())
    values = browser.get_page(review(pending)).form()
    clock.advance(hours=13)

    response = browser.post(review(pending), data=values | {"action": "reject", "ground": "insult", "facts": FACTS})
    assert response.status_code == 401
    assert FACTS in browser.page(response).text("main")
    assert make.reload(pending).status is ContributionStatus.PENDING


def test_a_decision_without_the_token_of_the_session_is_refused(make, sign_in, pending):
    response = sign_in(make.moderator()).post(review(pending), data={"action": "publish"})

    assert response.status_code == 401
    assert make.reload(pending).status is ContributionStatus.PENDING


def test_the_queue_takes_the_same_statements_for_three_texts_and_thirty(make, sign_in, statements):
    topic, browser = make.commitment().topic, sign_in(make.moderator())
    counts = []
    for more in (3, 27):
        for _text in range(more):
            make.comment(topic=topic, status=ContributionStatus.PENDING)
        with statements() as seen:
            browser.get_page("/moderation/")
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 8


def test_a_long_queue_is_read_page_by_page_without_missing_any(make, sign_in, monkeypatch):
    monkeypatch.setattr("feedback_app.web.moderation.texts.QUEUE_SIZE", 4)
    topic = make.commitment().topic
    for number in range(9):
        make.comment(topic=topic, status=ContributionStatus.PENDING, body=f"Texte numéro {number} de la file.")
    browser, path, seen = sign_in(make.moderator()), "/moderation/", []
    while path:
        page = browser.get_page(path)
        seen += [link for link in page.links() if "/moderation/textes/" in link]
        path = page.next_page

    assert len(seen) == len(set(seen)) == 9


def test_what_a_decision_on_a_request_does_is_said_before_it_is_taken(make, sign_in):
    browser = sign_in(make.moderator())
    question, paper = (
        make.request(kind=kind, status=CaseStatus.RECEIVED) for kind in (ContributionKind.CLARIFICATION, ContributionKind.ACCESS)
    )
    assert "Refusée, aucun ministère ne la voit" in browser.get_page(review(question.contribution)).text("main")
    page = browser.get_page(review(paper.contribution)).text("main")
    assert "le mois de la loi court déjà, jusqu’au" in page
    assert "Refusée, aucun ministère" not in page
    asked = make.request(status=CaseStatus.WAITING)
    assert "le ministère lit déjà ce texte" in browser.get_page(review(make.reply(asked))).text("main")
    assert "données ou de documents" in browser.get_page("/moderation/").text("main"), "the queue tells requests from comments"


def test_what_was_done_takes_the_focus(make, sign_in, pending):
    browser = sign_in(make.moderator())
    browser.send(review(pending), {"action": "publish"})
    (said,) = [one for one in browser.get_page("/moderation/").all("div") if "ds-messages" in (one.get("class") or "")]
    assert (said.get("tabindex"), "autofocus" in said.attrib) == ("-1", True)
