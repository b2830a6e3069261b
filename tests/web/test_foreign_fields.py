"""What is sent beside a form's own fields is ignored, and said in the log when it looks like an attempt."""

from __future__ import annotations

import logging

import pytest

from feedback_app.domain.contribution import ContributionStatus
from feedback_app.models import Contribution


@pytest.fixture
def warnings(caplog):
    """What the application's log says of forged fields."""
    caplog.set_level(logging.WARNING)
    return lambda: [record.getMessage() for record in caplog.records if "forged" in record.getMessage()]


def test_a_citizen_who_adds_a_status_and_an_author_writes_an_ordinary_comment(client, make, warnings):
    other = make.person()
    path = f"/commenter?sujet={make.commitment().topic.key}"
    forged = {"status": "published", "author_id": str(other.identity_id), "published_at": "2020-01-01"}
    answer = client.send(path, {"body": "Un commentaire assez long.", "email": "zoe@exemple.test", **forged})

    assert answer.status_code == 303
    (contribution,) = make.all(Contribution)
    assert contribution.status is ContributionStatus.AWAITING_CONFIRMATION
    assert contribution.identity_id != other.identity_id
    assert warnings() == ["forged fields ignored: endpoint=public.comment fields=author_id,published_at,status"]


def test_it_is_logged_where_a_button_has_no_form_at_all(sign_in, make, warnings):
    browser = sign_in(make.person())
    token = browser.get_page("/compte/").all("input[@name='csrf_token']")[0].get("value")
    assert browser.post("/compte/deconnexion", data={"csrf_token": token, "role": "jeanne@exemple.test"}).status_code == 303
    assert warnings() == ["forged fields ignored: endpoint=account.sign_out fields=role"], "and no value is"


def test_an_ordinary_form_leaves_nothing_in_the_log(client, make, warnings):
    client.send(f"/commenter?sujet={make.commitment().topic.key}", {"body": "Un commentaire assez long.", "email": "zoe@exemple.test"})
    assert warnings() == []
