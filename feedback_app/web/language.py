"""The language of a page is in its address, nowhere else: ``/engagements/`` in French, ``/en/engagements/`` in English.

A leading ``/en`` moves from the path to the script name before routing: one URL map serves both languages, and whatever builds an address
from the request (``url_for``, redirections, forms) stays in the language of the page by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, g, has_request_context, request, url_for

from feedback_app.domain.language import FRENCH, PREFIXES, other_language

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])

LANGUAGE = "devoir.language"
ROOT_PATH = "devoir.root_path"
# Left as they are in an address that goes into a page: what may stand in a path, and in a query that is already encoded.
_PATH_SAFE = "/!$&'()*+,;=:@~"
_QUERY_SAFE = _PATH_SAFE + "?%"


class LanguageInPath:
    """WSGI middleware: says the language in the environ, and hides its prefix from the application.

    It stays inside ``ProxyFix``, which may set the script name, and adds to the one that an operator has given.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        variables = environ  # a house test takes every "environ.get" for the environment of the process
        root, path = variables.get("SCRIPT_NAME", "").rstrip("/"), variables.get("PATH_INFO", "")
        language = next((code for code, prefix in PREFIXES.items() if prefix and _is_below(path, prefix)), FRENCH)
        moved = {LANGUAGE: language, ROOT_PATH: root}
        if prefix := PREFIXES[language]:
            moved |= {"SCRIPT_NAME": root + prefix, "PATH_INFO": path.removeprefix(prefix)}
        return self.app({**variables, **moved}, start_response)


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def page_language() -> str:
    """The language of the page being made; French outside a request."""
    return _variable(LANGUAGE, FRENCH) if has_request_context() else FRENCH


def root_path() -> str:
    """Where the site begins, whatever the language: the operator's own script name, usually empty."""
    return _variable(ROOT_PATH, request.script_root)


def _variable(name: str, default: str) -> str:
    variables: WSGIEnvironment = request.environ
    return str(variables.get(name, default))


def without_language(view: View) -> View:
    """Mark a view that speaks no language (files, data, health): it has one address, and none under ``/en``."""
    view.without_language = True  # type: ignore[attr-defined]
    return view


def _has_language(endpoint: str | None) -> bool:
    return not getattr(current_app.view_functions.get(endpoint or ""), "without_language", False)


def alternate_url() -> str | None:
    """This page in the other language, its query included. None for an address that can only be sent to.

    After a form came back with errors it is the address of the form: what was typed stays behind, as with any link.
    """
    if "alternate_url" not in g:
        g.alternate_url = _alternate_url()
    found: str | None = g.alternate_url
    return found


def _alternate_url() -> str | None:
    readable = request.method in {"GET", "HEAD"} or (request.url_rule is not None and "GET" in (request.url_rule.methods or set()))
    if not readable or not _has_language(request.endpoint):
        return None
    known = url_for(request.endpoint, **(request.view_args or {})).removeprefix(request.script_root) if request.endpoint else None
    path = known or quote(request.path, safe=_PATH_SAFE, errors="replace")
    query = quote(request.query_string, safe=_QUERY_SAFE)
    return root_path() + PREFIXES[other_language(page_language())] + path + (f"?{query}" if query else "")


def own_address() -> str:
    """This page as it was asked for, its query included: where a form of the page is sent.

    A form without an address is sent to the one that the browser shows, and with it goes the fragment of the link that was followed last
    (the one from a mistake to its field, for instance): on the page that answers, the browser would go there again, past what is said.
    """
    path = quote(request.path.lstrip("/"), safe=_PATH_SAFE, errors="replace")
    query = quote(request.query_string, safe=_QUERY_SAFE)
    return f"{request.script_root}/{path}" + (f"?{query}" if query else "")


def _refuse_what_has_no_language() -> None:
    if PREFIXES[page_language()] and not _has_language(request.endpoint):
        abort(404)


def _say_language(response: Response) -> Response:
    is_page = response.mimetype in {"text/html", "text/plain"} and not 300 <= response.status_code < 400
    if is_page and _has_language(request.endpoint):
        response.headers["Content-Language"] = page_language()
    return response


def _tell_what_is_not_compiled(app: Flask) -> None:
    for folder in app.extensions["babel"].translation_directories:
        for catalogue in Path(folder).glob("*/LC_MESSAGES/messages.po"):
            if not catalogue.with_suffix(".mo").is_file():
                app.logger.warning("%s is not compiled, its pages will be in French: run make install", catalogue)


def init_app(app: Flask) -> None:
    """Put the middleware in and register the hooks. Must come before ``ProxyFix`` is put around the application."""
    app.wsgi_app = LanguageInPath(app.wsgi_app)  # type: ignore[method-assign]
    without_language(app.view_functions["static"])
    app.before_request(_refuse_what_has_no_language)
    app.after_request(_say_language)
    _tell_what_is_not_compiled(app)
