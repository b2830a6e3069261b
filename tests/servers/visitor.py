"""Plain HTTP to a running site, one connection a request, as many at a time as one likes."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote, urlencode

from tests.servers.process import HOST

PATIENCE = 40.0


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    location: str | None
    text: str


@dataclass(frozen=True)
class Visitor:
    """Somebody without a cookie, at the site on this port. Its methods raise ``OSError`` or ``HTTPException`` when the line breaks."""

    port: int

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self.send("POST", path, urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheader("Location"), answer.read().decode())
        finally:
            connection.close()

    def form_key(self, path: str) -> str:
        """The signed key of the form at this address."""
        found = re.search(r'name="key"[^>]* value="([^"]+)"', self.get(path).text)
        assert found, f"no form key at {path}"
        return unescape(found[1])


def comment_path(topic_key: str) -> str:
    """The address of the comment form of a topic."""
    return f"/commenter?sujet={quote(topic_key)}"


def comment_fields(key: str, body: str, *, email: str = "jeanne@exemple.test", name: str = "Jeanne D.") -> dict[str, str]:
    """The comment form, filled in."""
    return {"key": key, "website": "", "body": body, "public_name": name, "email": email}
