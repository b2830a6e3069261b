"""Somebody holds the database, or the line: everybody else goes on, and who must wait is served in the end."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.servers.process import HOST
from tests.servers.site import RunningSite
from tests.servers.visitor import Visitor, comment_fields, comment_path

TOPIC = "engagement:demonstration-2025-2027:3"
PUBLIC_PAGE = "/engagements/demonstration-2025-2027/3"
BODY = "Les horaires de la bibliothèque ne sont plus à jour depuis février."
HELD_FOR = 3.0
IN_THE_END = 30.0

HOLD = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
database.execute("BEGIN IMMEDIATE")
database.execute("UPDATE topic SET content_version = content_version")
print("held", flush=True)
sys.stdin.readline()
database.execute("COMMIT")
print("released", flush=True)
"""


@pytest.fixture
def visitor(site: RunningSite) -> Visitor:
    return Visitor(site.web.port)


@contextmanager
def another_process_writing(database_url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the write lock of a SQLite database, until ``release``."""
    command = [sys.executable, "-c", HOLD, database_url.removeprefix("sqlite:///")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert said_by(process) == "held"
        yield process


def release(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    assert said_by(process) == "released"


def said_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_second_process_that_writes_for_three_seconds_delays_a_post_and_no_reader(site: RunningSite, visitor: Visitor) -> None:
    form = comment_path(TOPIC)
    fields = comment_fields(visitor.form_key(form), BODY)
    with ThreadPoolExecutor(1) as threads, another_process_writing(site.database_url) as other:
        posting = threads.submit(visitor.post, form, fields)
        for path in ("/", "/engagements/", PUBLIC_PAGE, form):
            assert visitor.get(path).status == 200  # answered although nobody has let go of the lock
        with pytest.raises(TimeoutError):
            posting.result(HELD_FOR)
        release(other)
        answer = posting.result(IN_THE_END)
    assert answer.status == 303
    assert BODY in visitor.get(answer.location or "").text
    assert site.errors() == []


class SlowSender:
    """Somebody on a bad line, who has sent the head and the first half of a form."""

    def __init__(self, port: int, path: str, fields: dict[str, str]) -> None:
        body = urlencode(fields).encode()
        self._rest = body[len(body) // 2 :]
        head = [f"POST {path} HTTP/1.1", f"Host: {HOST}:{port}", "Content-Type: application/x-www-form-urlencoded"]
        head += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        self._line = socket.create_connection((HOST, port), timeout=IN_THE_END)
        self._line.sendall("\r\n".join(head).encode() + body[: len(body) // 2])

    def finish(self) -> tuple[int, str | None]:
        self._line.sendall(self._rest)
        answer = http.client.HTTPResponse(self._line, method="POST")
        answer.begin()
        answer.read()
        return answer.status, answer.getheader("Location")

    def close(self) -> None:
        """Hang up, whatever was sent so far."""
        self._line.close()


def test_a_slow_sender_keeps_nobody_from_writing(site: RunningSite, visitor: Visitor) -> None:
    form = comment_path(TOPIC)
    fields = comment_fields(visitor.form_key(form), f"{BODY} Envoyé lentement.")
    with closing(SlowSender(site.web.port, form, fields)) as slow:
        quick = visitor.post(form, comment_fields(visitor.form_key(form), f"{BODY} Envoyé vite."))
        assert quick.status == 303
        status, location = slow.finish()
    assert status == 303
    assert "Envoyé lentement." in visitor.get(location or "").text
    assert site.errors() == []


def test_somebody_who_hangs_up_in_the_middle_leaves_nothing_behind(site: RunningSite, visitor: Visitor, tmp_path: Path) -> None:
    form = comment_path(TOPIC)
    key = visitor.form_key(form)
    SlowSender(site.web.port, form, comment_fields(key, f"{BODY} Raccroché.")).close()
    again = visitor.post(form, comment_fields(key, f"{BODY} Renvoyé en entier."))
    assert again.status == 303  # the key of a form that never arrived is still good
    assert "Renvoyé en entier." in visitor.get(again.location or "").text
    assert site.errors() == []


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_writers_queue_up_behind_one_another_and_each_is_served(site: RunningSite, visitor: Visitor) -> None:
    form = comment_path(TOPIC)
    keys = [visitor.form_key(form) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads, another_process_writing(site.database_url) as other:
        posts: list[Future[object]] = [
            threads.submit(visitor.post, form, comment_fields(key, f"{BODY} Numéro {n}.")) for n, key in enumerate(keys)
        ]
        release(other)
        assert [post.result(IN_THE_END).status for post in posts] == [303] * 8  # type: ignore[attr-defined]
