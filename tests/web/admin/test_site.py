"""Closing and reopening contributions; the notice; mails and jobs."""

from __future__ import annotations

import pytest

from feedback_app.domain.case import CaseStatus
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import Role
from feedback_app.models import CitizenRequest, Contribution, MailStatus

TYPED = "Un commentaire que je ne veux pas perdre."
NOTICES = {"notice_fr": "Travaux jusqu’à midi.", "notice_en": "Works until noon."}


@pytest.fixture
def desk(sign_in, make):
    return sign_in(make.person(name="Ada", roles=(Role.ADMINISTRATOR,)))


@pytest.fixture
def close(desk):
    """``close()``: citizens can read but not write."""
    return lambda: desk.send("/admin/reglages", {"contributions": "closed", **NOTICES})


def test_a_form_that_was_open_before_gives_the_text_back_and_keeps_nothing(client, make, close):
    path = f"/commenter?sujet={make.commitment().topic.key}"
    values = client.get_page(path).form()
    assert close().status_code == 303
    answer = client.post(path, data={**values, "body": TYPED, "email": "zoe@exemple.test"})
    assert answer.status_code == 503
    assert TYPED in client.page(answer).text()
    assert "Travaux jusqu’à midi." in client.page(answer).text()
    assert make.all(Contribution) == []


def test_a_form_says_so_before_anything_is_typed_and_reading_goes_on(client, make, close):
    topic = make.commitment().topic
    close()
    assert "contributions sont fermées" in client.get_page(f"/commenter?sujet={topic.key}", 503).text()
    assert "Travaux jusqu’à midi." in client.get_page("/").text()
    assert "Works until noon." in client.get_page("/en/engagements/").text()


def test_confirming_and_withdrawing_remain_possible_and_correcting_waits(client, make, close):
    waiting = make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)
    published = make.comment()
    close()
    assert client.get(f"{make.private_path(published)}/corriger").status_code == 503
    assert client.send(make.confirmation_path(waiting)).status_code == 303
    assert make.reload(waiting).status is ContributionStatus.PENDING
    assert client.send(f"{make.private_path(published)}/retirer").status_code == 303
    assert make.reload(published).status is ContributionStatus.WITHDRAWN


def test_asking_says_so_too_and_gives_back_what_was_typed(client, make, close):
    path = f"/demandes/nouvelle?sujet={make.commitment().topic.key}"
    values = client.get_page(path).form()
    close()
    assert "contributions sont fermées" in client.get_page(path, 503).text()
    answer = client.post(path, data={**values, "body": TYPED})
    assert answer.status_code == 503
    assert TYPED in client.page(answer).text()
    assert make.all(CitizenRequest) == []


def test_what_a_ministry_waits_for_can_still_be_said(client, make, close):
    waiting, answered, closed = (make.request(status=status) for status in (CaseStatus.WAITING, CaseStatus.ANSWERED, CaseStatus.CLOSED))
    close()
    assert client.send(f"{make.private_path(waiting.contribution)}/repondre", {"body": TYPED}).status_code == 303
    assert make.reload(waiting).status is CaseStatus.ASSIGNED
    assert client.send(f"{make.private_path(answered.contribution)}/avis", {"verdict": "no"}).status_code == 303
    assert client.send(f"{make.private_path(closed.contribution)}/rouvrir", {"body": TYPED}).status_code == 303
    assert make.reload(closed).status is CaseStatus.ASSIGNED


def test_opening_again_leaves_no_trace_on_the_pages(client, desk, make, close):
    topic = make.commitment().topic
    close()
    assert desk.send("/admin/reglages", {"contributions": "open", "notice_fr": "", "notice_en": ""}).status_code == 303
    assert client.send(f"/commenter?sujet={topic.key}", {"body": TYPED, "email": "zoe@exemple.test"}).status_code == 303
    assert "Travaux" not in client.get_page("/").text()


def test_a_notice_in_one_language_only_is_refused(desk):
    assert desk.send("/admin/reglages", {"notice_fr": "Travaux"}).status_code == 422


def test_two_administrators_do_not_undo_each_other(desk, close):
    stale = desk.get_page("/admin/reglages").form()
    close()
    answer = desk.post("/admin/reglages", data={**stale, "notice_fr": "A", "notice_en": "B"})
    assert answer.status_code == 409
    assert "Travaux" in desk.get_page("/").text()


def test_dead_letters_are_listed_without_addresses_and_tried_again(desk, make):
    make.comment(email="camille.martin@exemple.test")
    dead = make.dead_letter()
    page = desk.get_page("/admin/sante")
    assert "550" in page.text("table")
    assert "camille.martin" not in page.text()
    token = page.form()["csrf_token"]
    assert desk.post(f"/admin/sante/courriels/{dead.id}/relancer", data={"csrf_token": token}).status_code == 303
    assert make.reload(dead).status is MailStatus.WAITING
    assert desk.post(f"/admin/sante/courriels/{dead.id}/relancer", data={"csrf_token": token}).status_code == 404
