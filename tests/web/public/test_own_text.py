"""The private page of a contribution: what its author sees and can do."""

from __future__ import annotations

import pytest

from feedback_app.domain.contribution import ContributionStatus, TextStatus
from feedback_app.models import CaseEvent, Identity, TextVersion

NEW = "Une autre façon de dire la même chose, plus posée."


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (ContributionStatus.AWAITING_CONFIRMATION, "Il reste une chose à faire : confirmer"),
        (ContributionStatus.PENDING, "En attente de relecture"),
        (ContributionStatus.PUBLISHED, "Votre commentaire est publié"),
        (ContributionStatus.REJECTED, "Votre commentaire n’est pas publié"),
        (ContributionStatus.WITHDRAWN, "Vous avez retiré ce commentaire"),
    ],
)
def test_the_page_says_where_the_text_stands(client, make, status, sentence):
    page = client.get_page(make.private_path(make.comment(status=status)))

    assert sentence in page.text("main")


def test_a_refusal_is_shown_with_its_ground_and_facts(client, make):
    page = client.get_page(make.private_path(make.comment(status=ContributionStatus.REJECTED)))

    assert "Motif : propos insultants" in page.text("main")
    assert "vise une personne nommée" in page.text("main")


def test_a_text_awaiting_confirmation_is_corrected_and_the_new_wording_is_what_is_confirmed(client, make):
    contribution = make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)
    client.send(make.private_path(contribution) + "/corriger", {"body": NEW})
    client.send(make.confirmation_path(contribution))

    first, second = make.all(TextVersion)
    assert (first.status, first.submitted_at) == (TextStatus.REPLACED, None)
    assert (second.status, second.body) == (TextStatus.PENDING, NEW)
    assert second.submitted_at is not None
    assert make.reload(contribution).current_version_id == second.id


def test_a_correction_of_a_published_text_waits_while_the_old_one_stays_public(client, make):
    contribution = make.comment(body="Le premier texte, publié et lu.")
    client.send(make.private_path(contribution) + "/corriger", {"body": NEW})

    public = client.get_page("/engagements/" + contribution.topic.key.removeprefix("engagement:").replace(":", "/")).text("main")
    assert "Le premier texte, publié et lu." in public
    assert NEW not in public
    private = client.get_page(make.private_path(contribution)).text("main")
    assert "attend sa relecture" in private
    assert NEW in private
    assert "Le premier texte, publié et lu." in private
    assert make.reload(contribution).status is ContributionStatus.PUBLISHED


def test_a_correction_that_changes_nothing_makes_no_version(client, make):
    contribution = make.comment(status=ContributionStatus.PENDING)
    client.send(make.private_path(contribution) + "/corriger")

    assert len(make.all(TextVersion)) == 1


def test_two_windows_correcting_the_same_text_lose_nothing(client, make):
    contribution = make.comment(status=ContributionStatus.PENDING)
    path = make.private_path(contribution) + "/corriger"
    stale = client.get_page(path).form()
    client.send(path, {"body": NEW})

    response = client.post(path, data=stale | {"body": "Ce que dit la seconde fenêtre."})
    assert response.status_code == 409
    page = client.page(response).text("main")
    assert NEW in page
    assert "Ce que dit la seconde fenêtre." in page


@pytest.mark.parametrize("status", [ContributionStatus.REJECTED, ContributionStatus.WITHDRAWN])
def test_a_text_that_is_refused_or_withdrawn_cannot_be_corrected(client, make, status):
    path = make.private_path(make.comment(status=status)) + "/corriger"

    assert client.get(path).status_code == 303
    assert client.post(path, data={"body": NEW, "seen_version": "1"}).status_code == 409
    assert len(make.all(TextVersion)) == 1


def test_withdrawing_asks_first_then_hides_the_text_everywhere(client, make):
    contribution = make.comment(body="Un texte que je vais retirer.")
    path = make.private_path(contribution) + "/retirer"
    assert "On ne peut pas revenir en arrière" in client.get_page(path).text("main")
    client.send(path)

    assert make.reload(contribution).status is ContributionStatus.WITHDRAWN
    assert "Un texte que je vais retirer." not in client.get("/").text
    assert client.post(path).status_code == 303
    assert [event.verb for event in make.all(CaseEvent)].count("contribution:withdraw") == 1


def test_a_pending_text_that_is_withdrawn_leaves_the_queue(client, make, sign_in):
    contribution = make.comment(status=ContributionStatus.PENDING, body="Retiré avant lecture, merci.")
    client.send(make.private_path(contribution) + "/retirer")

    assert "Retiré avant lecture" not in sign_in(make.moderator()).get("/moderation/").text


def test_a_wrong_address_is_corrected_and_the_link_sent_to_it_opens_nothing(client, make, outbox):
    contribution = make.comment(status=ContributionStatus.AWAITING_CONFIRMATION, email="erreur@exemple.test")
    old_link = make.confirmation_path(contribution)
    client.send(make.private_path(contribution) + "/adresse", {"email": "juste@exemple.test"})

    assert outbox.last().recipient == "juste@exemple.test"
    client.get_page(old_link, status=404)
    assert client.post(old_link).status_code == 404
    assert make.reload(contribution).status is ContributionStatus.AWAITING_CONFIRMATION
    assert make.identity("erreur@exemple.test") is None
    client.send(make.confirmation_path(make.reload(contribution)))
    assert make.reload(contribution).status is ContributionStatus.PENDING


def test_a_corrected_address_keeps_a_person_who_has_confirmed_something_else(client, make):
    make.comment(status=ContributionStatus.PENDING, email="connue@exemple.test")
    contribution = make.comment(status=ContributionStatus.AWAITING_CONFIRMATION, email="connue@exemple.test")
    client.send(make.private_path(contribution) + "/adresse", {"email": "autre@exemple.test"})

    assert {identity.email for identity in make.all(Identity)} >= {"connue@exemple.test", "autre@exemple.test"}


def test_the_confirmation_is_sent_five_times_at_most(client, make, outbox):
    contribution = make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)
    path = make.private_path(contribution) + "/adresse"
    for _attempt in range(4):
        assert client.send(path).status_code == 303

    refused = client.send(path)
    assert refused.status_code == 422
    assert "déjà été envoyé cinq fois" in client.page(refused).text("main")
    assert len(outbox.all()) == 5


def test_a_forged_private_address_is_a_404(client, make):
    path = make.private_path(make.comment())

    for forged in (path[:-1], path + "x", "/ma-contribution/1", "/ma-contribution/MQ.x", "/ma-contribution/%F0%9F%98%80"):
        client.get_page(forged, status=404)


def test_a_private_page_is_never_kept_nor_indexed(client, make):
    response = client.get(make.private_path(make.comment()))

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
