"""The pages that the crawl looks at: every visit of ``VISITS``, in a language, as the answer that a browser would get."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, abort
from werkzeug.test import TestResponse

from feedback_app import create_app
from feedback_app.demo.people import PEOPLE, Person
from feedback_app.domain.policy import Role
from feedback_app.web.access import Access, public
from tests.conftest import NOW, Clock, settings
from tests.databases import SqliteDatabase
from tests.demo.sites import demo_site, fill
from tests.factories import Make
from tests.house.url_list import STORED
from tests.pages import PageClient
from tests.web.test_pseudo_locale import NOT_A_PAGE, VISITS, Site

FRENCH, ENGLISH = "fr", "en"
FAILURES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


@dataclass(frozen=True)
class Answer:
    """One HTML page as it was answered."""

    method: str
    path: str
    status: int
    headers: dict[str, str]
    html: str


class Visitor(PageClient):
    """A test client that keeps the pages it was shown. The visits are written for ``/en``: in French it leaves that out."""

    language = ENGLISH
    shown: list[Answer]

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.language == FRENCH and args and isinstance(args[0], str) and args[0].startswith("/en/"):
            args = (args[0].removeprefix("/en"), *args[1:])
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            request = response.request
            path = request.path + (f"?{request.query_string}" if request.query_string else "")
            self.shown.append(Answer(request.method, path, response.status_code, dict(response.headers), response.text))
        return response


class Pages:
    """A demo site in one language, and the pages that its visits lead to."""

    def __init__(self, language: str, site: Site, shown: list[Answer]) -> None:
        self.language, self.site, self._shown = language, site, shown
        self._visited: dict[str, Answer] = {}

    def visit(self, name: str) -> Answer:
        """The page that this visit ends on. Each is made once."""
        if name not in self._visited:
            before = len(self._shown)
            VISITS[name][1](self.site)
            assert len(self._shown) > before, f"the visit {name!r} showed no page"
            self._visited[name] = self._shown[-1]
        return self._visited[name]

    def shown_to(self, person: Person, path: str) -> Answer | None:
        """What somebody of the demo gets at this address; None where they may not go."""
        browser = self.site.browser()
        browser.post(f"/demo/entrer/{person.key}")
        before = len(self._shown)
        browser.get(path)
        found = self._shown[before:]
        return found[-1] if found and found[-1].status == 200 else None


def first_visits() -> dict[str, str]:
    """Endpoint -> its first visit that is a plain page (the later ones show its other states)."""
    first: dict[str, str] = {}
    for name, (endpoint, _visit) in VISITS.items():
        if endpoint:
            first.setdefault(endpoint, name)
    return first


OTHER_STATES = [name for name in VISITS if name not in first_visits().values()]


def listed_pages() -> dict[str, str]:
    """Endpoint -> its line of the stored list of addresses, for all that may be pages."""
    lines = [line.split(" | ") for line in STORED.read_text(encoding="utf-8").splitlines()]
    return {endpoint: f"{path} ({access})" for methods, path, endpoint, access in lines if "GET" in methods and endpoint not in NOT_A_PAGE}


def one_person_of_each_kind() -> list[Person]:
    """The people of the demo, one for each set of rights."""
    kinds: dict[tuple[object, ...], Person] = {}
    for person in PEOPLE:
        kinds.setdefault((person.roles, tuple(kind for _slug, kind in person.memberships)), person)
    return list(kinds.values())


def needs_session(app: Flask, endpoint: str) -> bool:
    """Whether the page depends on who looks at it."""
    access: Access | None = getattr(app.view_functions[endpoint], "access", None)
    return access is not None and access.needs_session


@contextmanager
def demo_pages(language: str, folder: Path) -> Iterator[Pages]:
    """A filled demo of its own, in this language."""
    shown: list[Answer] = []
    clock, database = Clock(), SqliteDatabase(folder)
    with demo_site(folder, database.url, clock) as app:
        database.migrated(app)
        assert fill(app, NOW - timedelta(days=2))
        app.test_client_class = type("VisitorIn", (Visitor,), {"language": language, "shown": shown})
        yield Pages(language, Site(app, Make(app, clock)), shown)


class Answers:
    """What one browser is shown by one application, page by page."""

    def __init__(self, app: Flask, secret: str | None = None) -> None:
        self.app, self._secret, self._shown = app, secret, []  # type: ignore[var-annotated]
        app.test_client_class = type("VisitorHere", (Visitor,), {"language": FRENCH, "shown": self._shown})

    def shown(self, path: str, status: int = 200) -> list[Answer]:
        """The page at this address; none where it leads elsewhere or shows something else than a page."""
        browser = self.app.test_client()
        if self._secret:
            with browser.session_transaction() as session:
                session["_user_id"], session["_fresh"] = self._secret, True
        before = len(self._shown)
        browser.get(path)
        return [answer for answer in self._shown[before:] if answer.status == status]


def pages_without_arguments() -> list[str]:
    """The addresses of the stored list that are whole; not the catalogue, which is the same on every site."""
    return [line.split()[0] for endpoint, line in listed_pages().items() if "<" not in line and not endpoint.startswith("catalogue.")]


@contextmanager
def empty_pages(folder: Path) -> Iterator[Answers]:
    """A demo that nobody has filled, seen by somebody who may open every door."""
    clock, database = Clock(), SqliteDatabase(folder)
    with demo_site(folder, database.url, clock) as app:
        database.migrated(app)
        make = Make(app, clock)
        yield Answers(app, make.session(make.person(roles=tuple(Role), ministry=make.ministry())))


@contextmanager
def failing_pages(folder: Path) -> Iterator[Answers]:
    """An application without a database, whose pages at /refus/<code> fail."""
    app = create_app(settings(folder, f"sqlite:///{folder}/absent/nothing.db"))

    @app.route("/refus/<int:code>")
    @public
    def refuse(code: int) -> str:
        abort(code)

    yield Answers(app)
