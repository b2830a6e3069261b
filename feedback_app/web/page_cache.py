"""Public pages kept whole: answered before the application is asked, as long as the database says that nothing has changed.

A view says that its page may be kept (``@cached``), which of its parameters make another page, and which topic it is about. Whatever
else stands in the query is dropped before the view reads it. A kept page is a 200 that carries the cache rule of public pages and
nothing of the person who asked: no cookie, no ``Vary``. Who carries our session cookie is never answered from here.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlencode

from flask import Flask, Response, current_app, request, url_for
from werkzeug.sansio.http import is_resource_modified
from werkzeug.sansio.utils import host_is_trusted

from config import ROOT
from feedback_app.database import db
from feedback_app.domain.calendar import day_of
from feedback_app.services import freshness, page_store
from feedback_app.services.page_store import KeptPage, PageStore
from feedback_app.web import closing as site_frame
from feedback_app.web import request_log
from feedback_app.web.access import PUBLIC_RULE, Door, clock_of, declared

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])
Headers = list[tuple[str, str]]

VISIT = "devoir.page"
LONGEST_QUERY = 500
HOSTS = 64
# Of an answer without a body (RFC 9110, 15.4.5): what tells about the body stays behind.
_OF_THE_BODY = frozenset({"content-length", "content-type", "content-language", "content-disposition"})
# What a page is made from beside the database and the settings.
_SOURCES = ("templates/**/*.html", "feedback_app/**/*.py", "feedback_app/**/*.mo", "feedback_app/**/*.md", "static/**/*")


@dataclass(frozen=True)
class Cached:
    """How the page of a view is kept.

    ``by``: the parameters with few values that make another page; ``not_with``: those with which a page is made each time (words,
    cursors, filters); ``topic``: the key of the topic that the page is about, from the view's arguments in their order.
    """

    by: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    topic: Callable[..., str] | None = None


def cached(*, by: tuple[str, ...] = (), not_with: tuple[str, ...] = (), topic: Callable[..., str] | None = None) -> Callable[[View], View]:
    """Mark a public view whose page may be kept whole. Every parameter that the view reads is named, others do not reach it."""

    def mark(view: View) -> View:
        view.cached = Cached(by, not_with, topic)  # type: ignore[attr-defined]
        return view

    return mark


def rule_of(view: Callable[..., Any] | None) -> Cached | None:
    """What the view says, or None: its page is not kept."""
    return getattr(view, "cached", None)


@dataclass
class Visit:
    """One request on its way through the application, and what it finds out about how its page may be kept."""

    query: str | None = None
    stamp: str | None = None
    version: freshness.Version | None = None
    topic_id: int | None = None
    endpoint: str = ""
    said: str = ""
    headers: Headers = field(default_factory=list)


class PageCache:
    """WSGI middleware. Stays inside ``ProxyFix`` (it reads the host) and outside ``LanguageInPath`` (its addresses hold the language)."""

    def __init__(self, app: Flask, wsgi: WSGIApplication, store: PageStore) -> None:
        self._app, self._wsgi, self.store = app, wsgi, store
        self._cookie = app.config["SESSION_COOKIE_NAME"] + "="
        self._hosts: dict[str, bool] = {}
        self._reader: freshness.Reader | None = None
        self._release: str | None = None
        self._names: tuple[frozenset[str], frozenset[str]] | None = None

    def __call__(self, call: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A kept page if there is one, else the application's answer, kept if it may be."""
        if call["REQUEST_METHOD"] != "GET" or self._cookie in call.get("HTTP_COOKIE", "") or not self._is_our_name(call):
            return self._wsgi(call, start_response)
        began = time.perf_counter()
        query = self._asked(call.get("QUERY_STRING", ""))
        page = self._fresh(self._key(call, query)) if query is not None else None
        if page is None:
            return self._make(call, start_response)
        status, headers, body = _answer(page, call)
        request_log.answered(self._app, page.endpoint, int(status[:3]), began)
        start_response(status, headers)
        return body

    def _is_our_name(self, call: WSGIEnvironment) -> bool:
        host = call.get("HTTP_HOST", "")
        known = self._hosts.get(host)
        if known is None:
            known = bool(host) and host_is_trusted(host, self._app.config["TRUSTED_HOSTS"])
            if len(self._hosts) < HOSTS:
                self._hosts[host] = known
        return known

    def _asked(self, query: str) -> str | None:
        """The query as pages are kept under; None where one of its parameters asks for a page of its own."""
        if not query:
            return ""
        by, not_with = self._names = self._names or _all_names(self._app)
        if len(query) > LONGEST_QUERY:
            return None
        pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
        if any(name in not_with for name, _value in pairs):
            return None
        return written({name: value for name, value in reversed(pairs) if name in by})

    def _key(self, call: WSGIEnvironment, query: str) -> str:
        self._release = self._release or release(self._app)
        return f"{self._release}:{call.get('SCRIPT_NAME', '')}{call['PATH_INFO']}?{query}"

    def _fresh(self, key: str) -> KeptPage | None:
        """The page of this address, if it is what the database would say today."""
        page = self.store.get(key)
        if page is None:
            return None
        try:
            version = self._versions().read(page.topic_id)
        except freshness.Unknown:
            return None  # the application meets the same, and says it
        stamp = self._stamp(version)
        self.store.notice(version.everywhere)
        if page.stamp != stamp:
            page = self.store.get_shared(key)
        return page if page and page.stamp == stamp else None

    def _versions(self) -> freshness.Reader:
        if self._reader is None:  # not before a fork
            with self._app.app_context():
                self._reader = freshness.Reader(db.engine)
        return self._reader

    def _stamp(self, version: freshness.Version) -> str:
        return f"{day_of(clock_of(self._app)).isoformat()} {version.stamp}"

    def _make(self, call: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the application answer; keep its page if the view said how (``_prepare``) and the answer allows it."""
        visit = Visit()

        def hold(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            visit.said, visit.headers = status, headers
            if visit.stamp is None or exc_info:
                return start_response(status, headers, exc_info)
            return _no_write

        body = self._wsgi({**call, VISIT: visit}, hold)
        if visit.stamp is None:
            return body
        with closing(_closable(body)) as parts:
            whole = b"".join(parts)
        page = self._keep(call, visit, whole)
        if page is None:
            start_response(visit.said, visit.headers)
            return [whole]
        status, headers, answer = _answer(page, call)
        start_response(status, headers)
        return answer

    def _keep(self, call: WSGIEnvironment, visit: Visit, body: bytes) -> KeptPage | None:
        names = {name.lower(): value for name, value in visit.headers}
        is_for_everybody = names.get("cache-control") == PUBLIC_RULE and not {"set-cookie", "vary", "x-request-id"} & names.keys()
        if not visit.said.startswith("200 ") or not is_for_everybody or visit.version is None or visit.query is None:
            return None
        self.store.notice(visit.version.everywhere)
        page = KeptPage(visit.stamp or "", visit.topic_id, visit.endpoint, names.get("etag", ""), tuple(visit.headers), body)
        self.store.put(self._key(call, visit.query), page)
        return page

    def prepare(self, visit: Visit) -> None:
        """In the application, before the view: how the page of this request may be kept. Reads what it is made for first of all."""
        rule = rule_of(current_app.view_functions.get(request.endpoint or ""))
        if rule is None or not set(rule.not_with).isdisjoint(request.args):
            return
        arguments = request.view_args or {}
        if unquote(url_for(str(request.endpoint), **arguments)) != request.script_root + request.path:
            return  # another spelling of an address: "/07" for "/7"
        visit.query = written({name: request.args[name] for name in rule.by if request.args.get(name)})
        if visit.query != request.query_string.decode("latin-1"):
            _read_instead(visit.query)
        frame = site_frame.frame(rule.topic(*arguments.values()) if rule.topic else None)
        if frame.version is not None:
            visit.version, visit.topic_id, visit.endpoint = frame.version, frame.topic_id, str(request.endpoint)
            visit.stamp = self._stamp(frame.version)


def written(values: dict[str, str]) -> str:
    """One way to write a query: the names in their order, nothing empty."""
    return urlencode([(name, value) for name, value in sorted(values.items()) if value])


def _all_names(app: Flask) -> tuple[frozenset[str], frozenset[str]]:
    rules = [rule for view in app.view_functions.values() if (rule := rule_of(view))]
    by = frozenset(name for rule in rules for name in rule.by)
    # What makes another page of one view and no page of another is looked up: where it makes none, none is found.
    return by, frozenset(name for rule in rules for name in rule.not_with) - by


def _read_instead(query: str) -> None:
    """What nobody reads is not in the page either: a link to the other language repeats the query."""
    request.query_string = query.encode()
    for name in ("args", "full_path", "url"):
        request.__dict__.pop(name, None)


def _answer(page: KeptPage, call: WSGIEnvironment) -> tuple[str, Headers, list[bytes]]:
    """The page, or 304 to whoever has it."""
    known = call.get("HTTP_IF_NONE_MATCH")
    if known and page.etag and (known == page.etag or not is_resource_modified(http_if_none_match=known, etag=page.etag)):
        return "304 NOT MODIFIED", [(name, value) for name, value in page.headers if name.lower() not in _OF_THE_BODY], []
    return "200 OK", list(page.headers), [page.body]


def _closable(body: Iterable[bytes]) -> Any:
    if hasattr(body, "close"):
        return body

    def parts() -> Iterator[bytes]:
        yield from body

    return parts()


def _no_write(_data: bytes) -> object:
    raise RuntimeError("a page that is kept is not written in pieces")


def release(app: Flask) -> str:
    """The same for the same code, templates, styles and settings: pages of another release are not ours."""
    settings = app.config["SETTINGS"]
    whole = hashlib.blake2b(digest_size=8)
    for path in sorted(path for pattern in _SOURCES for path in ROOT.glob(pattern) if path.is_file()):
        whole.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + hashlib.blake2b(path.read_bytes()).digest())
    legal = Path(settings.site.legal_path) if settings.site.legal_path else None
    for path in sorted(legal.rglob("*.md")) if legal else ():
        whole.update(path.read_bytes())
    static = app.extensions["static_files"].addresses()
    said = (settings.environment, settings.base_url, settings.demo, settings.site, settings.periods, static)
    whole.update(repr(said).encode())
    return whole.hexdigest()


def _prepare() -> None:
    variables: WSGIEnvironment = request.environ
    visit = variables.get(VISIT)
    if visit is not None:
        current_app.extensions["page_cache"].prepare(visit)


def _tag(response: Response) -> Response:
    """Public pages carry an ETag, kept or not. Of those that are kept the middleware says whether they changed."""
    access = declared(request.endpoint)
    if not access or access.door is not Door.PUBLIC or response.status_code != 200 or request.method not in {"GET", "HEAD"}:
        return response
    if response.is_streamed or response.cache_control.no_store or request.endpoint == "static":
        return response
    response.add_etag()
    variables: WSGIEnvironment = request.environ
    visit = variables.get(VISIT)
    if not (visit and visit.stamp):
        response.make_conditional(request)
        response.headers.pop("Date", None)  # the server says it
    return response


def init_app(app: Flask) -> None:
    """Put the middleware in. After ``language``, before ``ProxyFix`` is put around, and right after the log of requests."""
    page_store.init_app(app)
    app.after_request(_tag)
    store = page_store.of(app)
    if store is not None:
        cache = PageCache(app, app.wsgi_app, store)
        app.extensions["page_cache"] = cache
        app.wsgi_app = cache  # type: ignore[assignment,method-assign]


def prepare_pages(app: Flask) -> None:
    """Register the step before the view. Must come after the guard."""
    if page_store.of(app) is not None:
        app.before_request(_prepare)
