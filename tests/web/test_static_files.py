"""Static files: a name that tells their content, kept for a year, compressed, with the same promises as pages."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from wsgiref.headers import Headers

import pytest
import rcssmin
from flask import Flask, g, render_template_string

from feedback_app import create_app
from feedback_app.web.static_files import CHECKED, IMMUTABLE, StaticFiles
from tests.conftest import settings
from tests.pages import Page

ROOT = Path(__file__).parents[2]
CSS = rcssmin.cssmin((ROOT / "static/css/app.css").read_bytes())


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    """An application that needs no database."""
    return create_app(settings(tmp_path))


def address(site: Flask, name: str = "css/app.css") -> str:
    with site.test_request_context("/"):
        return str(site.jinja_env.globals["static"](name))  # type: ignore[operator]


def server(*, folder: Path | None = None, watch: bool = False) -> StaticFiles:
    """Files without an application behind them."""
    files = StaticFiles(lambda _environ, _start: [b"the application"], lambda _headers, _path, _url: None)
    if folder:
        files.add_tree(folder, watch=watch)
    return files


def test_a_fingerprinted_file_is_kept_for_a_year_without_asking(site):
    path = address(site)
    answer = site.test_client().get(path)
    assert path.startswith("/static/css/app.")
    assert len(path) == len("/static/css/app.12345678.css")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, CSS, "text/css")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_its_plain_name_still_works_but_is_asked_again(site):
    answer = site.test_client().get("/static/css/app.css")
    assert (answer.data, answer.headers["Cache-Control"]) == (CSS, "public, max-age=0, must-revalidate")
    again = site.test_client().get("/static/css/app.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_of_another_release_gets_the_file_of_today_and_does_not_keep_it(site):
    answer = site.test_client().get("/static/css/app.00000000.css")
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (200, CSS, CHECKED)


@pytest.mark.parametrize("path", ["/static/css/nothing.css", "/static/css/nothing.00000000.css", "/static/", "/static/../config.py"])
def test_what_is_not_there_is_a_page_of_ours_that_nobody_keeps(site, path):
    answer = site.test_client().get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert "Page introuvable" in answer.text


@pytest.mark.parametrize("asked", ["gzip", "br, gzip;q=0.8", "gzip, deflate"])
def test_it_is_compressed_for_those_who_ask(site, asked):
    answer = site.test_client().get(address(site), headers={"Accept-Encoding": asked})
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(answer.data) == CSS
    assert len(answer.data) < len(CSS) / 3


@pytest.mark.parametrize("asked", ["", "br", "gzip;q=0", "identity"])
def test_it_is_plain_for_the_others_and_says_that_it_depends(site, asked):
    answer = site.test_client().get(address(site), headers={"Accept-Encoding": asked})
    assert answer.data == CSS
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_what_gains_nothing_is_not_compressed():
    files = server()
    files.add("img/a.png", b"\x89PNG" * 1_000)
    files.add("css/small.css", b"a{}")
    assert ["Vary" in files.files[f"/static/{name}"]._sent for name in ("img/a.png", "css/small.css")] == [False, False]


@pytest.mark.parametrize("base_url", ["http://localhost", "https://localhost"])
def test_static_files_carry_what_pages_carry(tmp_path, base_url):
    site = create_app(settings(tmp_path, BASE_URL=base_url))
    client = site.test_client()
    page, file = client.get("/nulle-part", base_url=base_url), client.get(address(site), base_url=base_url)
    common = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Strict-Transport-Security")
    assert [file.headers.get(name) for name in common] == [page.headers.get(name) for name in common]
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert ("Strict-Transport-Security" in file.headers) == base_url.startswith("https")
    assert "Set-Cookie" not in file.headers
    assert "Access-Control-Allow-Origin" not in file.headers


def test_head_tells_the_length_and_post_is_refused(site):
    head = site.test_client().head(address(site))
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(CSS)))
    assert site.test_client().post(address(site)).status_code == 405


def test_a_name_that_leads_nowhere_fails_loudly(site):
    with site.test_request_context():
        g.error_page = True  # the menu asks nothing of a database that is not there
        with pytest.raises(LookupError, match=r"no static file called 'css/ap\.css'"):
            render_template_string("{{ static('css/ap.css') }}")


def test_the_name_changes_with_the_content_and_only_with_it():
    one, same, other = server(), server(), server()
    one.add("a.css", b"a{}")
    same.add("a.css", b"a{}")
    other.add("a.css", b"b{}")
    assert one.url("a.css") == same.url("a.css") != other.url("a.css")


def test_files_that_name_each_other_keep_their_names_in_a_fingerprinted_folder():
    files = server()
    files.add_folder("theme", {"a.css": b"a{background:url(icons/b.svg)}", "icons/b.svg": b"<svg/>"})
    folder, name = files.url("theme/a.css").rsplit("/", 1)
    assert (name, files.url("theme/icons/b.svg")) == ("a.css", f"{folder}/icons/b.svg")
    before = files.url("theme/a.css")
    files.add_folder("theme", {"a.css": b"a{background:url(icons/b.svg)}", "icons/b.svg": b"<svg></svg>"})
    assert files.url("theme/a.css") != before, "a font or an icon that changes is asked for again"


@pytest.mark.parametrize("watch", [True, False])
def test_in_development_a_changed_file_is_read_again(tmp_path, watch):
    file = tmp_path / "a.css"
    file.write_bytes(b"a{}")
    files = server(folder=tmp_path, watch=watch)
    before = files.url("a.css")
    file.write_bytes(b"b{}")
    os.utime(file, ns=(1, 1))
    assert (files.url("a.css") != before) is watch


def test_nothing_is_written_where_the_files_are():
    assert not [path for path in (ROOT / "static").rglob("*") if path.suffix in {".gz", ".br"} or path.name.count(".") > 1]


def test_the_two_cache_rules_are_those_of_the_files():
    files = server()
    files.add("a.css", b"a{}")
    rules = {path: Headers(files.files[path].alternatives[-1][2])["Cache-Control"] for path in files.files}
    assert rules == {"/static/a.css": CHECKED, files.url("a.css"): IMMUTABLE}


def test_every_file_of_a_page_is_fingerprinted(site):
    page = Page(site.test_client().get("/nulle-part").text)
    links = [link for link in page.all("link") if link.get("rel") != "alternate"]  # the same page in the other language
    found = [element.get("href") or element.get("src") or "" for element in (*links, *page.all("script"), *page.all("img"))]
    assert len(found) >= 4
    for path in found:
        assert site.test_client().get(path).headers["Cache-Control"] == IMMUTABLE, path
