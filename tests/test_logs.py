"""Logs: one event a line, of JSON, and nobody in them."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from feedback_app import create_app, logs
from feedback_app.database import db, unit_of_work
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.jobs import queue_of
from feedback_app.mail import outbox, transport
from feedback_app.web.access import public
from tests.conftest import settings
from tests.servers.visitor import comment_fields, comment_path

NAME, EMAIL, BODY, MACHINE = "Zyxwinda Q.", "zyxwinda.q@exemple.test", "Un texte où zyxmirabelle est planté.", "203.0.113.77"
PLANTED = ("zyxwinda", "zyxmirabelle", "203.0.113.77")


HOSTILE = ["line\nbreak", "\x1b[31mred", '\r\n{"event": "forged"}', "\x00", "\u2028\u202e"]


class Written:
    """What a process in production would have written."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def events(self) -> list[dict]:
        return [json.loads(line) for line in self.text.splitlines()]

    def events_of(self, event: str) -> list[dict]:
        return [found for found in self.events if found["event"] == event]


@pytest.fixture
def written() -> Iterator[Written]:
    root, ours = logging.getLogger(), logging.getLogger("feedback_app")
    levels, stream = (root.level, ours.level), io.StringIO()
    handler = logs.write_to(stream, aloud=False)
    yield Written(stream)
    root.removeHandler(handler)
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_a_request_is_one_event_that_names_the_endpoint_and_not_the_address(client, make, written):
    comment = make.comment(status=ContributionStatus.PENDING)
    client.get(make.private_path(comment))
    client.get("/engagements/?q=zyxmirabelle")
    client.get(f"/{EMAIL}")

    assert [(event["endpoint"], event["status"]) for event in written.events_of("request")] == [
        ("public.private_page", 200),
        ("public.commitments", 200),
        (None, 404),
    ]
    assert make.private_path(comment).rsplit("/", 1)[1] not in written.text
    assert not [word for word in PLANTED if word in written.text.lower()]


def test_the_events_of_a_request_carry_its_number_and_so_does_the_answer_to_an_error(client, written):
    answer = client.get("/nulle-part")
    client.get("/nulle-part", headers={"X-Request-ID": "from-the-proxy-1"})
    client.get("/nulle-part", headers={"X-Request-ID": "x\x1b[31m"})

    numbers = [event["request"] for event in written.events_of("request")]
    assert numbers[0] == answer.headers["X-Request-ID"]
    assert numbers[1] == "from-the-proxy-1"
    assert re.fullmatch(r"[0-9a-f]{16}", numbers[2])
    assert len(set(numbers)) == 3


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_nobody_writes_a_line_of_their_own(written, hostile):
    logging.getLogger("feedback_app").warning("said: %s", hostile)

    assert len(written.text.splitlines()) == 1
    assert written.text.isascii()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", written.text)
    assert written.events[0]["level"] == "warning"


def test_half_a_character_is_escaped_like_the_rest():
    record = logging.LogRecord("feedback_app", logging.WARNING, "", 0, "half \ud800", None, None)  # captured logs could not hold it

    assert json.loads(logs.formatter().format(record))["event"] == "half \ud800"


def test_what_an_exception_says_stays_out_but_not_what_it_was_nor_where(written):
    try:
        try:
            raise ValueError(BODY)
        except ValueError as error:
            raise LookupError(EMAIL) from error
    except LookupError:
        logging.getLogger("feedback_app").exception("it failed")

    (event,) = written.events
    assert event["error"] == ["builtins.LookupError", "builtins.ValueError"]
    assert "test_logs.py" in event["at"][0]
    assert not [word for word in PLANTED if word in written.text.lower()]


@pytest.mark.parametrize(
    "said",
    [
        f"refused <{EMAIL}>: no such user",
        f"Invalid request from ip={MACHINE}: no",
        "Invalid request from ip=2001:db8::77: no",
        "Error handling request /ma-contribution/MQ.abc",
        f"from {MACHINE}, or so",
    ],
)
def test_what_libraries_repeat_is_taken_out(written, said):
    logging.getLogger("gunicorn.error").propagate = True
    logging.getLogger("gunicorn.error").warning(said)

    assert "[left out]" in written.text
    assert not [word for word in (*PLANTED, "2001:db8::77", "MQ.abc") if word in written.text.lower()]


def test_a_conversation_leaves_nobody_in_the_logs_of_web_and_jobs(app, make, client, sign_in, written, monkeypatch):
    """Everything that happens to a text and to its author, failures included."""
    path = comment_path(make.commitment().topic.key)
    post = partial(client.post, environ_base={"REMOTE_ADDR": MACHINE})
    fields = comment_fields(client.get_page(path).form()["key"], BODY, email=EMAIL, name=NAME)
    assert post(path, data={**fields, "role": "administrator"}).status_code == 303
    assert post(path, data={**fields, "body": "\x00" + BODY}).status_code == 422
    assert post(path, data={**fields, "body": BODY * 10_000}).status_code == 413
    assert client.send("/compte/connexion", {"email": EMAIL}).status_code == 303
    assert post("/moderation/textes/1", data={"facts": BODY}).status_code == 401

    monkeypatch.setattr(outbox, "can_send", lambda: True)
    monkeypatch.setattr(transport.Connection, "deliver", _refuse)
    queue_of(app).deliver()
    with app.app_context():
        _insert_twice()

    assert written.events_of("a row was refused")
    assert [event for event in written.events if event["logger"] == "feedback_app.mail.outbox"]
    assert [event for event in written.events if "forged" in event["event"]]
    assert not [word for word in PLANTED if word in written.text.lower()]


def _insert_twice() -> None:
    """PostgreSQL repeats the row that it refuses."""
    try:
        with unit_of_work():
            db.session.execute(
                text("INSERT INTO identity (email, email_key, created_at) SELECT email, email_key, created_at FROM identity")
            )
    except IntegrityError:
        logging.getLogger("feedback_app").exception("a row was refused")


def _refuse(*_arguments: object, **_more: object) -> None:
    raise ValueError(f"<{EMAIL}> {BODY}")


def test_an_unexpected_error_is_logged_and_its_words_are_not(tmp_path, written):
    app = create_app(settings(tmp_path, ENVIRONMENT="development"))
    stream = io.StringIO()
    handler = logs.write_to(stream, aloud=False)

    @app.route("/boum")
    @public
    def boum() -> str:
        raise ValueError(f"{EMAIL}: {BODY}")

    assert app.test_client().get("/boum").status_code == 500
    logging.getLogger().removeHandler(handler)
    assert [json.loads(line)["error"] for line in stream.getvalue().splitlines() if "unexpected" in line] == [["builtins.ValueError"]]
    assert not [word for word in PLANTED if word in stream.getvalue().lower()]
