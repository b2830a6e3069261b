"""What is too large is refused by a page of ours: not by a broken connection, and not by the database."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlencode

import pytest

from tests.pages import Page, problems
from tests.servers.process import HOST
from tests.servers.site import RunningSite
from tests.servers.visitor import Visitor, comment_fields, comment_path

FORM = comment_path("engagement:demonstration-2025-2027:4")
FIVE_MEGABYTES = 5 * 1024 * 1024
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}

pytestmark = pytest.mark.parametrize("site", ["sqlite"], indirect=True)


@pytest.fixture
def visitor(site: RunningSite) -> Visitor:
    return Visitor(site.web.port)


def large_form(visitor: Visitor) -> bytes:
    return urlencode(comment_fields(visitor.form_key(FORM), "é" * (FIVE_MEGABYTES // 2))).encode()


def said(text: str) -> Page:
    page = Page(text)
    assert problems(page) == []
    return page


def test_five_megabytes_get_our_page(site: RunningSite, visitor: Visitor) -> None:
    answer = visitor.send("POST", FORM, large_form(visitor), FORM_TYPE)
    assert answer.status == 413
    assert said(answer.text).h1 == "Envoi trop volumineux"
    assert site.errors() == []


def test_five_megabytes_in_chunks_get_our_page(site: RunningSite, visitor: Visitor) -> None:
    def pieces() -> Iterator[bytes]:
        body = large_form(visitor)
        yield from (body[start : start + 65_536] for start in range(0, len(body), 65_536))

    with closing(http.client.HTTPConnection(HOST, site.web.port, timeout=60)) as connection:
        connection.request("POST", FORM, pieces(), {**FORM_TYPE, "Transfer-Encoding": "chunked"}, encode_chunked=True)
        answer = connection.getresponse()
        assert answer.status in {411, 413}  # never read up to the limit and taken for the whole
        assert said(answer.read().decode()).h1
    assert site.errors() == []


def test_a_file_of_five_megabytes_that_nobody_asked_for_gets_our_page(site: RunningSite, visitor: Visitor) -> None:
    head = b'--limite\r\nContent-Disposition: form-data; name="body"; filename="photo.jpg"\r\n\r\n'
    body = head + bytes(FIVE_MEGABYTES) + b"\r\n--limite--\r\n"
    answer = visitor.send("POST", FORM, body, {"Content-Type": "multipart/form-data; boundary=limite"})
    assert answer.status == 413
    assert said(answer.text).h1 == "Envoi trop volumineux"


@pytest.mark.parametrize("path", ["/", "/nulle-part", "/compte/deconnexion", "/confirmer/faux", "/ma-contribution/faux/retirer"])
def test_five_megabytes_to_an_address_that_wants_none_get_a_page_of_ours(site: RunningSite, visitor: Visitor, path: str) -> None:
    answer = visitor.send("POST", path, bytes(FIVE_MEGABYTES), FORM_TYPE)
    assert 400 <= answer.status < 500
    assert said(answer.text).h1
    assert site.errors() == []


@pytest.mark.parametrize("length", [5_001, 100_000])
def test_a_text_over_the_limit_but_not_huge_comes_back_in_its_form(site: RunningSite, visitor: Visitor, length: int) -> None:
    body = ("Le service est fermé. " * (length // 20))[:length]
    answer = visitor.post(FORM, comment_fields(visitor.form_key(FORM), body))
    assert answer.status == 422
    assert "le maximum est 5000" in said(answer.text).text("main").replace("\u202f", "").replace("5 000", "5000")
    assert Page(answer.text).form()["body"] == body.strip()
