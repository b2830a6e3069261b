"""Whatever is sent to whatever address, the site answers with a page of its own, never with an error of its own.

The requests are made as bytes arrive from a socket: nothing between hypothesis and the application tidies them up.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import run_wsgi_app
from wtforms import Form
from wtforms.fields.core import UnboundField

from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import Role
from feedback_app.models import Account, Contribution
from feedback_app.web.fields import PageForm
from tests.conftest import Clock
from tests.factories import Make
from tests.house.source import ROOT
from tests.house.test_doors import examples_of
from tests.pages import Page, problems

VARIABLE = re.compile(r"<(?:[^<>]*:)?(\w+)>")
LINE_BREAKS = re.compile(rb"[\r\n ]")  # they would end the request line: what comes after is another matter
EXAMPLES = int(os.environ.get("HOSTILE_REQUESTS", "300"))
METHODS = ["GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW"]
NASTY = [
    b"", b" ", b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"\xc3", b"\xf4\x90\x80\x80", b"\xe2\x80\xae", b"\xf0\x9f\x92\xa9",
    b"-1", b"0", b"+1", b"1e3", b"1_000", b"0x10", b"1.5", b"NaN", b"2147483648", b"9223372036854775807", b"9223372036854775808",
    b"1" + b"0" * 30, b"-" + b"9" * 40, b"9" * 5000, "٣".encode(), "１２".encode(), "²".encode(), "Ⅷ".encode(),
    b"../", b"..%2f..", b"/etc/passwd", b"//evil.example", b"/\\evil.example", b"javascript:alert(1)", b"\r\nSet-Cookie: a=b", b"%", b"%zz",
    b"'", b"' OR 1=1 --", b"{{7*7}}", b"%(x)s", b"{0}", b"<script>", b"A" * 20_000, b"\n" * 3000, "é".encode() * 6000,
    b"engagement", b"engagement:",
    b"engagement:a:b", b"engagement:a:1:2", "engagement:x:٣".encode(), b"0.0", b"1.1", b"-1.1", b"99999999999999999999.1",
    b"1.9999999999999999999",
    b"253402300800000000.1", b"9" * 59, b"9" * 18 + b".1", b"publish", b"reject", b"insult", b"=", b"&", b";", b"[]", b"a[]=1",
]  # fmt: skip


def form_fields(form: type[Form] = PageForm) -> set[str]:
    """The fields of every form of the site: a new form is tried by itself."""
    own = {name for name in dir(form) if isinstance(getattr(form, name), UnboundField)}
    return own.union(*(form_fields(child) for child in form.__subclasses__()))


def asked_of_the_address() -> set[str]:
    """What the code reads from the question mark on."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "feedback_app").rglob("*.py"))
    return set(re.findall(r"""args(?:\.get(?:list)?\(|\[)\s*["'](\w+)["']""", sources))


FIELDS = sorted(form_fields() | asked_of_the_address() | {"csrf_token", "repris", ""})
TYPES = ["application/x-www-form-urlencoded"] * 6 + [
    "", "text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=",
    "application/x-www-form-urlencoded; charset=utf-7", "é/\xff",
]  # fmt: skip
HEADERS = {
    "HTTP_COOKIE": [b"session=garbage", b"session=", b"=; =;;", b"\xff=\xff", b"session=" + b"a" * 8000],
    "HTTP_REFERER": [b"", b"\xff", b"https://evil.example/"],
    "HTTP_SEC_FETCH_SITE": [b"cross-site", b"\xff"],
    "HTTP_ACCEPT_LANGUAGE": [b"", b"xx", b"fr;q=banana", b"\xff" * 50],
    "HTTP_IF_MODIFIED_SINCE": [b"never", b"Mon, 99 Abc 99999 99:99:99 GMT"],
    "HTTP_IF_NONE_MATCH": [b'"', b"*"],
    "HTTP_RANGE": [b"bytes=-1", b"bytes=9-1", b"bytes=99999999999999999999-"],
    "HTTP_X_FORWARDED_FOR": [b"\xff", b"1.2.3.4, '"],
    "HTTP_HOST": [b"", b"evil.example", b"localhost:99999", b"[::1", b"\xff"],
}

nasty = st.one_of(st.sampled_from(NASTY), st.binary(max_size=40), st.text(max_size=20).map(lambda value: value.encode("utf-8", "replace")))


@dataclass(frozen=True)
class Known:
    """The application, and true values of what its addresses and forms carry: half of the time a request has one of these."""

    app: Flask
    cookie: bytes
    values: dict[str, list[bytes]]

    def __repr__(self) -> str:
        return "Known(...)"

    @property
    def rules(self) -> list[str]:
        return sorted(str(rule) for rule in self.app.url_map.iter_rules())


@pytest.fixture
def known(app: Flask, make: Make) -> Known:
    owner = make.ministry()
    commitment, moderator = make.commitment(ministry=owner), make.person(roles=tuple(Role), ministry=owner)
    states = [
        ContributionStatus.AWAITING_CONFIRMATION,
        ContributionStatus.PENDING,
        ContributionStatus.PUBLISHED,
        ContributionStatus.REJECTED,
    ]
    texts = [make.comment(topic=commitment.topic, status=state, email=moderator.identity.email) for state in states]
    cookie, csrf = signed_in(app, make, moderator, texts[1])
    paths = [path(text) for path in (make.private_path, make.confirmation_path) for text in texts]
    form = app.test_client().get_page(f"/commenter?sujet={commitment.topic.key}").form()  # type: ignore[attr-defined]
    examples = {name: [str(value).encode()] for name, value in examples_of(make, owner).items()}
    return Known(
        app,
        cookie,
        {
            **examples,
            "token": [path.rsplit("/", 1)[1].encode() for path in paths],
            "plan": [commitment.plan.slug.encode()],
            "number": [str(commitment.number).encode()],
            "version_id": [str(text.current_version_id).encode() for text in texts],
            "page": [b"charte"],
            "filename": [b"css/app.css"],
            "sujet": [commitment.topic.key.encode()],
            "key": [form["key"].encode()],
            "csrf_token": [csrf.encode()],
            "seen_version": [b"1"],
            "action": [b"publish", b"reject"],
            "ground": [b"insult"],
            "body": ["Un texte tout à fait ordinaire.".encode()],
            "facts": ["Un constat de plus de vingt caractères.".encode()],
            "email": [b"personne@exemple.test", moderator.identity.email.encode()],
        },
    )


def signed_in(app: Flask, make: Make, moderator: Account, text: Contribution) -> tuple[bytes, str]:
    """The cookie of a moderator and the CSRF token of their session."""
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = make.session(moderator)
    other = make.comment(topic=text.topic, status=ContributionStatus.PENDING)
    form = browser.get_page(f"/moderation/textes/{other.current_version_id}").form()  # type: ignore[attr-defined]
    cookie = browser.get_cookie("session")
    assert cookie is not None
    return f"session={cookie.value}".encode(), form["csrf_token"]


@st.composite
def requests_to(draw: st.DrawFn, known: Known) -> dict[str, Any]:
    """A WSGI environment."""

    def value(name: str) -> bytes:
        true = known.values.get(name)
        return draw(st.sampled_from(true)) if true and draw(st.booleans()) else draw(nasty)

    def pairs() -> bytes:
        names = draw(st.lists(st.sampled_from(FIELDS), max_size=6))
        return "&".join(f"{quote(name)}={quote_from_bytes(value(name))}" for name in names).encode()

    parts = VARIABLE.split(draw(st.sampled_from(known.rules)))
    path = b"".join(value(part) if is_variable else part.encode() for is_variable, part in zip(cycle([False, True]), parts, strict=False))
    body = draw(st.one_of(st.just(pairs()), nasty))
    environ = {
        "REQUEST_METHOD": draw(st.sampled_from(METHODS)),
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": (pairs() if draw(st.booleans()) else LINE_BREAKS.sub(b"", draw(nasty))).decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": draw(st.sampled_from(TYPES)),
        "CONTENT_LENGTH": draw(st.sampled_from([str(len(body))] * 8 + ["", "-1", "x", "9" * 30, str(len(body) + 5)])),
        "HTTP_COOKIE": known.cookie.decode("latin-1") if draw(st.booleans()) else "",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for header in draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=2, unique=True)):
        environ[header] = draw(st.sampled_from(HEADERS[header])).decode("latin-1")
    return environ


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="HOSTILE_REQUESTS" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_no_request_makes_the_site_fail(known: Known, clock: Clock, data: st.DataObject) -> None:
    clock.advance(seconds=1)
    environ = data.draw(requests_to(known))
    body, status, headers = run_wsgi_app(known.app, environ, buffered=True)
    page = b"".join(body)
    told_as_a_monitor = environ["PATH_INFO"] == "/sante" and status.startswith("503 ")  # no job process runs here
    assert int(status.split()[0]) < 500 or told_as_a_monitor, status
    assert headers["X-Content-Type-Options"] == "nosniff"
    if headers.get("Location"):
        assert urlsplit(headers["Location"]).netloc in {"", "localhost"}
    if page.lstrip().lower().startswith(b'<!doctype html>\n<html lang="fr">'):
        assert problems(Page(page.decode())) == []


def test_every_form_and_every_query_is_tried():
    """Found in the code: whoever adds one need not come here."""
    assert {"body", "public_name", "facts", "seed", "code", "suite", "apres", "sujet"} <= set(FIELDS)


@pytest.mark.parametrize("where", ["body", "address"])
def test_more_than_two_hundred_fields_are_refused(client, make, where):
    path = f"/commenter?sujet={make.commitment().topic.key}"
    many = "&".join(f"field{number}=1" for number in range(201))
    answer = client.post(path, data=many, content_type=TYPES[0]) if where == "body" else client.get(f"{path}&{many}")

    assert answer.status_code == 400


def test_a_form_of_a_few_words_takes_a_short_body_only(client, make):
    long = client.post("/compte/connexion", data={"email": "a" * 20_000})
    assert long.status_code == 413
    assert client.post(f"/commenter?sujet={make.commitment().topic.key}", data={"body": "a" * 20_000}).status_code == 422
