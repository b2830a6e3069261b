"""What a monitor reads: whether the site is well, and its figures."""

from __future__ import annotations

import http.client
import re

import pytest
from sqlalchemy.exc import OperationalError

from feedback_app import create_app
from feedback_app.database import db, unit_of_work
from feedback_app.services import health
from tests.conftest import settings
from tests.pages import PageClient
from tests.servers.process import HOST
from tests.servers.site import ROOT, RunningSite, WebServer

TOKEN = "a token that only the monitor knows"


@pytest.fixture
def alive(app, clock):
    """The job process has just been there."""
    with app.app_context(), unit_of_work():
        health.beat(health.JOBS, at=clock())


@pytest.fixture
def measured(app, database, clock, tmp_path):
    """A browser on the same site, with figures."""
    counted = create_app(settings(tmp_path, database.url, METRICS_TOKEN=TOKEN))
    counted.test_client_class, counted.config["CLOCK"] = PageClient, clock
    yield counted.test_client()
    with counted.app_context():
        db.engine.dispose()


def figures(browser):
    answer = browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return answer.text


def away(**_arguments):
    raise OperationalError("select", {}, Exception("away"))


def test_a_site_that_is_well_says_so(client, alive):
    answer = client.get("/sante")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok", "mail": "ok", "jobs": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert client.get("/en/sante").status_code == 404


def test_a_job_process_that_is_silent_is_503(client, alive, clock):
    clock.advance(minutes=6)
    answer = client.get("/sante")
    assert (answer.status_code, answer.json["jobs"], answer.json["mail"]) == (503, "silent", "ok")


def test_mails_that_do_not_leave_are_503_and_nobody_is_named(client, make, app, clock):
    make.comment(email="zoe@exemple.test")
    clock.advance(minutes=16)
    with app.app_context(), unit_of_work():
        health.beat(health.JOBS, at=clock())
    answer = client.get("/sante")
    assert (answer.status_code, answer.json["jobs"], answer.json["mail"]) == (503, "ok", "late")
    assert "zoe" not in answer.text


def test_a_database_that_is_away_is_503(client, alive, monkeypatch):
    monkeypatch.setattr(health, "of_site", away)
    answer = client.get("/sante")
    assert (answer.status_code, answer.json["database"], answer.json["status"]) == (503, "away", "failing")


def test_without_the_token_there_are_no_figures(client, measured):
    assert client.get("/metrics").status_code == 404, "not configured"
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    for said in ("", "Bearer", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}"):
        assert measured.get("/metrics", headers={"Authorization": said}).status_code == 404, said


def test_the_figures_tell_of_requests_mails_and_jobs(measured, make, alive, clock):
    make.comment(email="zoe@exemple.test")
    clock.advance(minutes=2)
    measured.get("/")
    measured.get("/nulle-part")
    said = figures(measured)
    assert 'devoir_requests_total{endpoint="public.home",status="2xx"} 1.0' in said
    assert 'devoir_requests_total{endpoint="none",status="4xx"} 1.0' in said
    assert 'devoir_request_seconds_count{kept="no"} 2.0' in said
    assert re.search(r'devoir_mails\{state="waiting"\} [1-9]', said)
    assert "devoir_oldest_mail_overdue_seconds 120.0" in said
    assert "devoir_jobs_seconds_since_sweep 120.0" in said
    assert "zoe" not in said


def test_figures_are_told_while_the_database_is_away(measured, alive, monkeypatch):
    monkeypatch.setattr(health, "of_site", away)
    assert "devoir_database_up 0.0" in figures(measured)


class Measured(WebServer):
    """gunicorn with the file that it finds when it is started in the checkout."""

    def command(self, folder):
        return [*super().command(folder), "--config", str(ROOT / "gunicorn.conf.py")]


def test_whichever_worker_answers_tells_of_all(tmp_path):
    site = RunningSite(tmp_path, f"sqlite:///{tmp_path / 'site.db'}", METRICS_TOKEN=TOKEN, DEMO="1", TMPDIR=str(tmp_path))
    site.web = Measured(site.environ)

    def ask(path):
        connection = http.client.HTTPConnection(HOST, site.web.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    with site:
        for _time in range(10):
            ask("/charte")
        found = [re.search(r'endpoint="public.legal",status="2xx"\} (\d+)', ask("/metrics")) for _time in range(6)]
    assert [one and one[1] for one in found] == ["10"] * 6
    assert not list(tmp_path.glob("devoir-metrics-*")), "the files of the counts are taken away at the end"
