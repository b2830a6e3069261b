"""Static files, each under a name that tells its content: browsers keep it for a year, and a new content has a new name.

WhiteNoise answers for them before the application does. They are few and small: read, hashed and compressed in memory, so that
nothing has to be built or written before a start.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

import rcssmin
from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import NOT_ALLOWED_RESPONSE, Response, StaticFile

from config import Environment
from feedback_app.web import headers
from feedback_app.web.language import root_path

PREFIX = "/static/"
# RFC 8246: a year, and no question asked meanwhile, not even on reload.
IMMUTABLE = "public, max-age=31536000, immutable"
CHECKED = "public, max-age=0, must-revalidate"
FINGERPRINT = 8  # hexadecimal digits
SMALLEST_PACKED = 500  # bytes
PACKED_ALREADY = (".png", ".woff2", ".woff", ".ico")
_FINGERPRINTED = re.compile(rf"\.[0-9a-f]{{{FINGERPRINT}}}(?=\.\w+$)")

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Alternative = tuple[re.Pattern[str], bytes, list[tuple[str, str]]]


def fingerprint(*contents: bytes) -> str:
    """The same for the same contents, in all likelihood different for others."""
    whole = hashlib.sha256()
    for content in contents:
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()[:FINGERPRINT]


class FileInMemory(StaticFile):
    """One file, plain and gzipped. No ranges: nothing here is long enough to be resumed."""

    def __init__(self, content: bytes, sent: Headers, *, packable: bool) -> None:
        self._content, self._sent = content, sent
        self._packable = packable and len(content) >= SMALLEST_PACKED
        if self._packable:
            sent["Vary"] = "Accept-Encoding"
        self.etag, self.last_modified = sent["ETag"], None
        self.not_modified_response = self.get_not_modified_response(sent)

    @cached_property
    def alternatives(self) -> list[Alternative]:
        """The encodings, the best first; made when somebody asks, so that a start does not wait for it."""
        plain = self._alternative(re.compile(""), self._content)
        if not self._packable:
            return [plain]
        packed = gzip.compress(self._content, 9, mtime=0)
        return [self._alternative(re.compile(r"\bgzip\b(?!;\s*q=0(?:\.0*)?\s*(?:,|$))"), packed, ("Content-Encoding", "gzip")), plain]

    def _alternative(self, asked: re.Pattern[str], content: bytes, *more: tuple[str, str]) -> Alternative:
        return asked, content, [*self._sent.items(), ("Content-Length", str(len(content))), *more]

    def get_response(self, method: str, request_headers: Mapping[str, str]) -> Response:
        """What WhiteNoise sends: its own answer for files on disk, reading from memory."""
        if method not in {"GET", "HEAD"}:
            refusal = NOT_ALLOWED_RESPONSE
            return Response(refusal.status, [*refusal.headers, ("X-Content-Type-Options", "nosniff")], refusal.file)
        if self.is_not_modified(request_headers):
            return self.not_modified_response
        content, sent = self.get_path_and_headers(request_headers)
        return Response(HTTPStatus.OK, sent, BytesIO(content) if method == "GET" else None)


class StaticFiles(WhiteNoise):
    """The files by name and by address, in front of the application."""

    def __init__(self, application: Wsgi, add_headers: Callable[[Headers, str, str], None]) -> None:
        super().__init__(application, max_age=None, allow_all_origins=False, add_headers_function=add_headers)
        self._urls: dict[str, str] = {}
        self._contents: dict[str, bytes] = {}
        self._endings: dict[str, bytes] = {}
        self._watched: dict[str, tuple[Path, int]] = {}

    def url(self, name: str) -> str:
        """The address of the file called ``name``, as templates write it. Raises ``LookupError``: a page without its styles must not
        go unnoticed."""
        if name in self._watched:
            self._read_again(name)
        try:
            return self._urls[name]
        except KeyError:
            raise LookupError(f"there is no static file called {name!r}") from None

    def addresses(self) -> list[str]:
        """The addresses that pages may hold."""
        return sorted(self._urls.values())

    def add(self, name: str, content: bytes) -> None:
        """Serve ``css/app.css`` under its own name, to be asked again, and as ``css/app.3f2a9c1b.css``, for ever.

        Style sheets leave without their comments and spaces.
        """
        content += self._endings.get(name, b"")
        self._contents[name] = content
        if name.endswith(".css"):
            content = rcssmin.cssmin(content)
        stem, dot, suffix = name.rpartition(".")
        self._serve(name, content, f"{stem}.{fingerprint(content)}{dot}{suffix}")

    def extend(self, name: str, ending: bytes) -> None:
        """Let the file called ``name`` end so, whenever it is read."""
        self._endings[name] = ending
        self.add(name, self._contents[name])

    def content(self, name: str) -> bytes:
        """What was added as ``name``, as it was written."""
        return self._contents[name]

    def add_folder(self, folder: str, contents: Mapping[str, bytes]) -> None:
        """The same for files that name each other: they keep their names below ``folder/3f2a9c1b/``."""
        mark = fingerprint(*(part for name in sorted(contents) for part in (name.encode(), contents[name])))
        for name, content in contents.items():
            self._serve(f"{folder}/{name}", content, f"{folder}/{mark}/{name}")

    def add_tree(self, root: Path, *, watch: bool) -> None:
        """Every file below ``root``. ``watch``: read one again when it changed (development)."""
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            name = path.relative_to(root).as_posix()
            self.add(name, path.read_bytes())
            if watch:
                self._watched[name] = path, path.stat().st_mtime_ns

    def _read_again(self, name: str) -> None:
        path, seen = self._watched[name]
        changed = path.stat().st_mtime_ns
        if changed != seen:
            self._watched[name] = path, changed
            self.add(name, path.read_bytes())

    def _serve(self, name: str, content: bytes, lasting: str) -> None:
        self._urls[name] = PREFIX + lasting
        for path, rule in ((name, CHECKED), (lasting, IMMUTABLE)):
            sent = Headers([("Cache-Control", rule), ("ETag", f'W/"{fingerprint(content)}"')])
            self.add_mime_headers(sent, path, PREFIX + path)
            self.add_headers_function(sent, path, PREFIX + path)
            self.files[PREFIX + path] = FileInMemory(content, sent, packable=not path.endswith(PACKED_ALREADY))

    def __call__(self, call: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer. A page of the release before, or of the next one on another machine, gets today's file, not to be kept."""
        path = call["PATH_INFO"]
        if path.startswith(PREFIX) and path not in self.files and (known := _FINGERPRINTED.sub("", path)) in self.files:
            call = {**call, "PATH_INFO": known}
        return super().__call__(call, start_response)


def init_app(app: Flask) -> StaticFiles:
    """Put the files of ``static/`` in front of the application, and ``static`` into templates."""
    settings = app.config["SETTINGS"]
    files = StaticFiles(app.wsgi_app, headers.for_static_files(app))
    files.add_tree(Path(app.static_folder or ""), watch=settings.environment is Environment.DEVELOPMENT and not settings.demo)
    app.extensions["static_files"] = files
    app.wsgi_app = files  # type: ignore[method-assign]
    # The same address from the pages of every language, so that a file is fetched and kept once.
    app.jinja_env.globals["static"] = lambda name: root_path() + files.url(name)
    return files
