"""``deploy/nginx.conf``, tried with the real nginx in front of the real site."""

from __future__ import annotations

import gzip
import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kill_web import PLAN, TOPIC
from tests.servers import need, nginx
from tests.servers.nginx import NginxServer
from tests.servers.process import HOST
from tests.servers.site import RunningSite
from tests.servers.visitor import Visitor, comment_fields, comment_path
from tests.servers.watch import soon


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    need(nginx.available())
    folder = tmp_path_factory.mktemp("proxied")
    site = RunningSite(folder, f"sqlite:///{folder / 'site.db'}", TRUSTED_PROXIES="1")
    site.flask("plan", "import", str(PLAN))
    with site:
        yield site


@pytest.fixture(scope="module")
def proxy(site: RunningSite) -> Iterator[NginxServer]:
    with NginxServer(site.web.port) as server:
        yield server


def test_pages_come_over_https_compressed_and_with_the_headers_of_the_site(proxy):
    answer = proxy.get("/engagements/", {"Accept-Encoding": "gzip"})
    assert (answer.status, answer.getheader("Content-Encoding")) == (200, "gzip")
    assert b"</html>" in gzip.decompress(answer.body)
    assert answer.getheader("Content-Security-Policy")
    assert answer.getheader("Cache-Control") == "public, max-age=0, must-revalidate"
    assert answer.getheader("Server") == "nginx"


def test_plain_http_leads_to_https_and_nowhere_else(proxy):
    connection = http.client.HTTPConnection(HOST, proxy.plain_port, timeout=20)
    connection.request("GET", "/engagements/?q=a", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    connection.close()
    assert (answer.status, answer.getheader("Location")) == (301, "https://devoir.example.org/engagements/?q=a")


def test_a_file_is_kept_and_a_page_never(proxy):
    page = proxy.get("/engagements/").body.decode()
    css = re.search(r'href="(/static/[^"]+\.css[^"]*)"', page)[1]
    for path in (css, css, "/engagements/", "/engagements/"):
        assert proxy.get(path).status == 200
    assert soon(lambda: proxy.written().count("GET engagements 200") >= 3)
    states = [line.split()[7] for line in proxy.written().splitlines() if line.split()[2] == "static"]
    assert states == ["MISS", "HIT"]
    assert {line.split()[7] for line in proxy.written().splitlines() if line.split()[2] == "engagements"} == {"-"}


def test_the_log_holds_neither_address_nor_the_secret_of_a_private_page(proxy, site):
    form = comment_path(TOPIC)
    sent = Visitor(site.web.port).post(form, comment_fields(Visitor(site.web.port).form_key(form), "Un texte assez long pour partir."))
    secret = sent.location.rstrip("/").rsplit("/", 1)[-1].split("?")[0]
    assert len(secret) > 20
    lines = len(proxy.written().splitlines())
    assert proxy.get(sent.location, {"User-Agent": "Mon Navigateur", "Referer": "https://voisin.example/"}).status == 200
    assert soon(lambda: len(proxy.written().splitlines()) > lines)
    for word in (secret, "127.0.0.1", "Navigateur", "voisin", "q=a"):
        assert word not in proxy.written()


def test_what_a_visitor_claims_about_their_address_is_not_believed(proxy):
    answer = proxy.get("/", {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9"})
    assert answer.status == 200
    assert b"evil.example" not in answer.body


def test_a_form_that_is_too_large_stops_at_the_proxy(proxy):
    assert proxy.get("/commenter", {"Content-Length": str(600 * 1024)}).status == 413


def test_figures_for_monitoring_are_not_reachable_from_outside(proxy):
    assert proxy.get("/metrics").status == 404


def test_who_asks_too_often_is_told_so():
    text = Path(nginx.CONFIGURATION).read_text(encoding="utf-8")
    assert "limit_req_status 429;" in text
    assert "limit_req zone=devoir_pages" in text
