"""SIGTERM to the web server, as the units of ``deploy/`` send it: what is begun is finished, and nothing new is taken."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import create_engine, text

from benchmarks.kill_web import PLAN, TOPIC
from tests.servers.process import HOST
from tests.servers.site import RunningSite
from tests.servers.visitor import Visitor, comment_fields, comment_path
from tests.servers.watch import soon

BODY = "Ce texte était en route quand le serveur a été arrêté ; il arrive quand même."


@pytest.fixture
def site(tmp_path: Path) -> RunningSite:
    site = RunningSite(tmp_path, f"sqlite:///{tmp_path / 'site.db'}", GUNICORN_CMD_ARGS="--threads 8 --graceful-timeout 30")
    site.flask("plan", "import", str(PLAN))
    return site


def test_a_text_that_is_on_its_way_when_the_web_server_is_stopped_is_received(site: RunningSite) -> None:
    with site:
        port, pid = site.web.port, site.web.pid
        assert pid
        form = comment_path(TOPIC)
        body = urlencode(comment_fields(Visitor(port).form_key(form), BODY)).encode()
        head = (
            f"POST {form} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        with socket.create_connection((HOST, port), timeout=60) as line:
            line.sendall(head.encode())
            assert line.recv(100).startswith(b"HTTP/1.1 100")  # the request is in the hands of a worker
            line.sendall(body[:20])
            os.kill(pid, signal.SIGTERM)
            assert soon(lambda: "Handling signal: term" in site.web.log.read_text(errors="replace"))
            line.sendall(body[20:])
            answer = b"".join(iter(lambda: line.recv(4096), b""))
        assert b" 303 " in answer.splitlines()[0]
        assert soon(lambda: not site.web.running)
        assert site.errors() == []
    engine = create_engine(site.database_url)
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT body FROM text_version")).all() == [BODY]
    engine.dispose()
