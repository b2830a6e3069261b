"""A double click, a slow line, an impatient person: the same form many times at once is one text and one mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from feedback_app.domain.contribution import ContributionStatus
from feedback_app.models import CaseEvent, Contribution, Identity, Signature, TextVersion
from tests.conftest import Outbox
from tests.factories import Make
from tests.pages import PageClient
from tests.servers.site import RunningSite
from tests.servers.visitor import Answer, Visitor, comment_fields, comment_path

Together = Callable[[Sequence[Callable[[], Any]]], list[Any]]

TIMES = 16
BODY = "Les horaires de la bibliothèque ne sont plus à jour depuis février."
EMAIL = "jeanne@exemple.test"


@pytest.mark.parametrize("known", [False, True], ids=["a new citizen", "a citizen known under another name"])
def test_sixteen_sendings_of_one_form_make_one_text_and_one_mail(make: Make, outbox: Outbox, together: Together, known: bool) -> None:
    topic = make.commitment().topic
    if known:
        make.comment(topic=topic, email=EMAIL, name="Jeanne D.", status=ContributionStatus.AWAITING_CONFIRMATION)
    before = {table: len(make.all(table)) for table in (Contribution, TextVersion, CaseEvent)}
    mails_before = len(outbox.all())
    path = comment_path(topic.key)
    form = make.app.test_client().get_page(path).form() | comment_fields("", BODY, email=EMAIL, name="Jeanne Dupré")  # type: ignore[attr-defined]
    form["key"] = make.app.test_client().get_page(path).form()["key"]  # type: ignore[attr-defined]
    answers: list[TestResponse] = together([partial(make.app.test_client().post, path, data=form) for _ in range(TIMES)])
    assert [answer.status_code for answer in answers] == [303] * TIMES
    assert len({answer.location for answer in answers}) == 1
    assert {table: len(make.all(table)) - count for table, count in before.items()} == {Contribution: 1, TextVersion: 1, CaseEvent: 1}
    assert len(outbox.all()) - mails_before == 1
    assert (len(make.all(Identity)), len(make.all(Signature))) == (1, 2 if known else 1)


def test_one_person_sending_different_forms_at_once_loses_none(make: Make, outbox: Outbox, together: Together) -> None:
    path = comment_path(make.commitment().topic.key)
    browsers = [make.app.test_client() for _ in range(TIMES)]
    forms = [browser.get_page(path).form() for browser in browsers]  # type: ignore[attr-defined]
    sent = [form | comment_fields(form["key"], f"{BODY} ({number})", email=EMAIL) for number, form in enumerate(forms)]
    answers = together([partial(browser.post, path, data=form) for browser, form in zip(browsers, sent, strict=True)])
    assert [answer.status_code for answer in answers] == [303] * TIMES
    assert {version.body for version in make.all(TextVersion)} == {form["body"] for form in sent}
    assert len(outbox.all()) == len(make.all(Contribution)) == TIMES
    assert len(make.all(Identity)) == len(make.all(Signature)) == 1


def test_one_key_with_two_texts_at_once_keeps_one_and_shows_the_other_again(make: Make, outbox: Outbox, together: Together) -> None:
    path = comment_path(make.commitment().topic.key)
    browsers = [make.app.test_client(), make.app.test_client()]
    key = browsers[0].get_page(path).form()["key"]  # type: ignore[attr-defined]
    texts = [f"{BODY} Le premier.", f"{BODY} Le second."]
    posts = [partial(browser.post, path, data=comment_fields(key, body)) for browser, body in zip(browsers, texts, strict=True)]
    answers = together(posts)
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    (version,) = make.all(TextVersion)
    again = next(answer for answer in answers if answer.status_code == 422)
    (other,) = (body for body in texts if body != version.body)
    assert PageClient.page(again).form()["body"] == other
    assert len(outbox.all()) == 1


def test_a_confirmation_pressed_many_times_at_once_happens_once(make: Make, together: Together) -> None:
    comment = make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)
    path = make.confirmation_path(comment)
    answers = together([partial(make.app.test_client().post, path) for _ in range(TIMES)])
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, make.private_path(comment))}
    assert [event.verb for event in make.all(CaseEvent)].count("contribution:confirm") == 1


@pytest.mark.parametrize("times", [1, 4], ids=["one after the other", "at once"])
def test_a_correction_sent_twice_is_one_new_version(make: Make, client: PageClient, together: Together, times: int) -> None:
    path = make.private_path(make.comment(body=BODY, status=ContributionStatus.PENDING)) + "/corriger"
    form = client.get_page(path).form() | {"body": f"{BODY} Depuis mars, pardon."}
    answers = together([partial(make.app.test_client().post, path, data=form) for _ in range(times)])
    answers.append(client.post(path, data=form))
    assert {answer.status_code for answer in answers} == {303}
    assert [version.number for version in make.all(TextVersion)] == [1, 2]


def test_a_text_withdrawn_by_many_clicks_at_once_is_withdrawn_and_nobody_sees_an_error(make: Make, together: Together) -> None:
    comment = make.comment(status=ContributionStatus.PENDING)
    answers = together([partial(make.app.test_client().post, make.private_path(comment) + "/retirer") for _ in range(TIMES)])
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, make.private_path(comment))}
    assert [event.verb for event in make.all(CaseEvent)].count("contribution:withdraw") == 1


def test_sixteen_sendings_over_the_network_to_two_web_processes_make_one_text_and_one_mail(site: RunningSite, together: Together) -> None:
    path, visitor = comment_path("engagement:demonstration-2025-2027:2"), Visitor(site.web.port)
    fields = comment_fields(visitor.form_key(path), BODY)
    answers: list[Answer] = together([partial(visitor.post, path, fields) for _ in range(TIMES)])
    assert [answer.status for answer in answers] == [303] * TIMES
    assert len({answer.location for answer in answers}) == 1
    engine = create_engine(site.database_url)
    with engine.connect() as connection:
        counts = {
            t: connection.execute(text(f"SELECT count(*) FROM {t}")).scalar() for t in ("contribution", "text_version", "outgoing_mail")
        }
    engine.dispose()
    assert counts == {"contribution": 1, "text_version": 1, "outgoing_mail": 1}
    assert BODY in visitor.get(answers[0].location or "").text
    assert site.errors() == []
