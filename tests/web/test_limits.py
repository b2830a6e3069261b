"""How often forms may be sent: counted for good, by account, network and e-mail address."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask

from feedback_app import create_app
from feedback_app.database import db
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.models import Contribution, RateCount
from tests.conftest import settings
from tests.pages import PageClient
from tests.servers.visitor import comment_fields, comment_path

BODY = "Un commentaire que personne ne veut taper deux fois."


@pytest.fixture(params=["database", "redis"])
def strict(request, tmp_path, app, database, clock) -> Iterator[Flask]:
    """The application with low limits, counting in its database or in Redis."""
    environ = {"RATE_LIMIT_ACCOUNT": "3 per hour", "RATE_LIMIT_ADDRESS": "4 per hour", "RATE_LIMIT_EMAIL": "2 per hour", "REDIS_URL": ""}
    if request.param == "redis":
        server = request.getfixturevalue("redis_server")
        server.flush()
        environ["REDIS_URL"] = server.url()
    strict = create_app(settings(tmp_path, database.url, **environ))
    strict.test_client_class, strict.config["CLOCK"] = PageClient, clock
    yield strict
    with strict.app_context():
        db.engine.dispose()


@pytest.fixture
def counting(tmp_path, app, database, clock) -> Iterator[Flask]:
    """The application counting in its database, wherever the rest of the suite counts."""
    counting = create_app(settings(tmp_path, database.url, RATE_LIMIT_EMAIL="1 per hour", REDIS_URL=""))
    counting.test_client_class, counting.config["CLOCK"] = PageClient, clock
    yield counting
    with counting.app_context():
        db.engine.dispose()


@pytest.fixture
def path(make) -> str:
    return comment_path(make.commitment().topic.key)


def send(app, path, email="jeanne@exemple.test", machine="203.0.113.7", **changes):
    browser = app.test_client()
    fields = comment_fields(browser.get_page(path).form()["key"], BODY, email=email) | changes
    return browser.post(path, data=fields, environ_base={"REMOTE_ADDR": machine})


def statuses(answers) -> list[int]:
    return [answer.status_code for answer in answers]


def test_an_address_may_be_named_so_often_from_wherever(strict, make, path):
    answers = [send(strict, path, email=f"{'J' * (n % 2)}jeanne@exemple.test"[n % 2 :], machine=f"203.0.{n}.7") for n in range(4)]

    assert statuses(answers) == [303, 303, 429, 429]
    assert len(make.all(Contribution)) == 2


def test_a_network_may_send_so_often_whoever_it_names(strict, make, path):
    answers = [send(strict, path, email=f"personne{n}@exemple.test", machine=f"203.0.113.{n}") for n in range(6)]

    assert statuses(answers) == [303] * 4 + [429] * 2
    assert send(strict, path, email="ailleurs@exemple.test", machine="203.0.114.1").status_code == 303


def test_a_household_is_one_network_in_ipv6_too(strict, make, path):
    answers = [send(strict, path, email=f"personne{n}@exemple.test", machine=f"2001:db8:0:1{n:x}::1") for n in range(5)]

    assert statuses(answers) == [303] * 4 + [429]
    assert send(strict, path, email="ailleurs@exemple.test", machine="2001:db8:0:100::1").status_code == 303


def test_the_answer_keeps_the_text_and_says_when_to_come_back(strict, make, path):
    for _sent in range(2):
        send(strict, path)
    answer = send(strict, path)
    page = PageClient.page(answer)

    assert BODY in page.text("main")
    assert int(answer.headers["Retry-After"]) > 0 if answer.headers["Retry-After"].isdigit() else answer.headers["Retry-After"]
    assert "Recommencez dans" in page.text("main")


def test_a_form_that_is_refused_counts_all_the_same(strict, make, path):
    answers = [send(strict, path, body="x") for _sent in range(3)]

    assert statuses(answers) == [422, 422, 429]


def test_somebody_signed_in_is_counted_as_themselves_not_as_their_network(strict, make):
    texts = [make.comment(status=ContributionStatus.PENDING) for _n in range(4)]
    moderator = make.moderator()
    browsers = {}
    for person in (moderator, make.moderator()):
        browser = strict.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = make.session(person)
        browsers[person.id] = browser
    pages = [f"/moderation/textes/{text.current_version_id}" for text in texts]
    answers = [browsers[moderator.id].send(page, {"action": "publish"}) for page in pages]

    assert statuses(answers) == [303, 303, 303, 429]
    other = next(browser for number, browser in browsers.items() if number != moderator.id)
    assert other.send(pages[3], {"action": "publish"}).status_code == 303


def test_a_made_up_cookie_does_not_make_another_account(strict, make):
    for n in range(6):
        browser = strict.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = f"made up {n}"
        answer = browser.post("/moderation/textes/1", data={}, environ_base={"REMOTE_ADDR": "203.0.113.7"})

    assert answer.status_code == 429


def test_reading_is_not_counted(strict, make, path):
    assert {strict.test_client().get(path).status_code for _read in range(8)} == {200}


def test_a_window_ends(counting, clock, path):
    """Only where the database counts: Redis ends its windows by its own clock."""
    assert statuses([send(counting, path), send(counting, path)]) == [303, 429]
    clock.advance(minutes=59)
    assert send(counting, path).status_code == 429
    clock.advance(minutes=1)

    assert send(counting, path).status_code == 303


def test_sixteen_at_once_all_count(strict, make, path, together):
    browsers = [strict.test_client() for _n in range(16)]
    forms = [comment_fields(browser.get_page(path).form()["key"], f"{BODY} {n}") for n, browser in enumerate(browsers)]
    answers = together([partial(browser.post, path, data=form) for browser, form in zip(browsers, forms, strict=True)])

    assert statuses(answers).count(303) == 2
    assert statuses(answers).count(429) == 14


def test_what_is_counted_names_nobody(counting, make, path):
    send(counting, path)
    keys = " ".join(row.key for row in make.all(RateCount))

    assert len(make.all(RateCount)) == 2
    assert "jeanne" not in keys
    assert "203.0.113" not in keys


def test_a_redis_that_is_away_stops_nobody(tmp_path, app, database, clock, make, path):
    away = create_app(settings(tmp_path, database.url, REDIS_URL="redis://127.0.0.1:1/0", RATE_LIMIT_EMAIL="1 per hour"))
    away.test_client_class, away.config["CLOCK"] = PageClient, clock

    assert statuses([send(away, path), send(away, path)]) == [303, 303]
    with away.app_context():
        db.engine.dispose()


def test_a_comment_is_posted_in_fourteen_statements_beside_the_counts(app, client, path, statements):
    fields = comment_fields(client.get_page(path).form()["key"], BODY)
    with statements() as seen:
        assert client.post(path, data=fields).status_code == 303
    counts = [statement for statement in seen if "rate_count" in statement]

    assert len(counts) == (0 if app.config["SETTINGS"].redis_url else 2)
    assert len(seen) - len(counts) <= 14, "\n".join(seen)
