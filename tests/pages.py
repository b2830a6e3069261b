"""What every HTML page of the site must be, and a test client that checks it on every answer."""

from __future__ import annotations

import warnings
from collections import Counter
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element  # only its type: parsing is html5lib's

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback_app.web.access import Door

NAMED_BY_CONTENT = {"button", "a", "summary"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
UNLABELLED_INPUTS = {"hidden", "submit", "button"}


class Page:
    """A parsed page: asks what a person would look for."""

    def __init__(self, html: str) -> None:
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=False, namespaceHTMLElements=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=UserWarning)  # html5lib normalises some attribute names with one
            self.root: Element = parser.parse(html)
        self.errors = [code for _position, code, _data in parser.errors]

    def all(self, path: str) -> list[Element]:
        """Elements by ElementTree path, anywhere."""
        return self.root.findall(f".//{path}")

    def text(self, path: str = "body") -> str:
        """The visible text of the first element at ``path``, spaces folded."""
        found = self.all(path)
        return words(found[0]) if found else ""

    @property
    def title(self) -> str:
        return self.text("title")

    @property
    def h1(self) -> str:
        return self.text("h1")

    def links(self) -> list[str]:
        return [link.get("href", "") for link in self.all("a")]

    @property
    def next_page(self) -> str | None:
        """Where a list goes on, if it does."""
        return next((link.get("href") for link in self.all("a") if link.get("rel") == "next"), None)

    def form(self, index: int = -1) -> dict[str, str]:
        """The fields of a form of the main part, as a browser would send them back untouched."""
        form = self.all("main//form")[index]
        values: dict[str, str] = {}
        for field in form.iter():
            name = field.get("name")
            if not name or field.get("disabled") is not None:
                continue
            if field.tag == "textarea":
                values[name] = "".join(field.itertext()).removeprefix("\n")
            elif field.tag == "select":
                chosen = [o for o in field.iter("option") if o.get("selected") is not None] or list(field.iter("option"))[:1]
                values[name] = chosen[0].get("value", "") if chosen else ""
            elif field.tag == "input" and (field.get("type") not in {"radio", "checkbox"} or field.get("checked") is not None):
                values[name] = field.get("value", "")
        return values


def words(element: Element) -> str:
    """The text inside an element, spaces folded (no-break ones too, so that tests can be typed)."""
    return " ".join("".join(element.itertext()).split())


def problems(page: Page) -> list[str]:
    """What is wrong with a page, in words. Empty when nothing is."""
    found = [f"not valid HTML: {error}" for error in page.errors]
    if len(page.all("h1")) != 1:
        found.append(f"{len(page.all('h1'))} h1")
    if not page.title or not page.h1:
        found.append("empty title or h1")
    ids = Counter(element.get("id") for element in page.root.iter() if element.get("id"))
    found += [f"id {name!r} used {count} times" for name, count in ids.items() if count > 1]
    found += _label_problems(page, set(ids))
    found += [f"inline {name} attribute" for e in page.root.iter() for name in e.attrib if name == "style" or name.startswith("on")]
    found += ["inline script or style" for e in page.root.iter() if e.tag == "style" or (e.tag == "script" and not e.get("src"))]
    main_levels = [int(e.tag[1]) for main in page.all("main") for e in main.iter() if e.tag in HEADINGS]
    found += [f"heading jumps from h{a} to h{b}" for a, b in pairwise(main_levels) if b > a + 1]
    return found


def _label_problems(page: Page, ids: set[str | None]) -> list[str]:
    found = []
    labelled = {label.get("for") for label in page.all("label") if words(label)}
    for field in page.root.iter():
        if field.tag not in {"input", "select", "textarea"} or field.get("type") in UNLABELLED_INPUTS:
            continue
        if field.get("id") not in labelled and not field.get("aria-label"):
            found.append(f"{field.tag} {field.get('name')!r} has no label")
    for element in page.root.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "for", "aria-controls"):
            targets = (element.get(attribute) or "").split()
            found += [f"{attribute} names {target!r}, which is not there" for target in targets if target not in ids]
        if element.tag in NAMED_BY_CONTENT and not words(element) and not element.get("aria-label"):
            found.append(f"{element.tag} without a name")
    return found


class PageClient(FlaskClient):
    """The test client: every HTML answer is checked, and the promises of its door with it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.get_data():
            found = problems(self.page(response)) if "<!doctype html>" in response.text[:20].lower() else _bare_problems(response)
            assert not found, f"{response.request.path}: {found}\n{response.text[:3000]}"
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        self._check_door(response)
        return response

    @staticmethod
    def page(response: TestResponse) -> Page:
        """The parsed page of an answer."""
        return Page(response.text)

    def get_page(self, path: str, status: int = 200, **kwargs: Any) -> Page:
        """GET, expect a status, and parse."""
        response = self.get(path, **kwargs)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return self.page(response)

    def send(self, path: str, changes: dict[str, str] | None = None, *, form: int = -1, **kwargs: Any) -> TestResponse:
        """Open the form at ``path``, change some fields, and send it back as a browser does."""
        values = self.get_page(path).form(form) | (changes or {})
        return self.post(path, data=values, **kwargs)

    def _check_door(self, response: TestResponse) -> None:
        urls = self.application.url_map.bind("localhost")
        path = response.request.path.removeprefix("/en") if response.request.path.startswith("/en/") else response.request.path
        try:
            endpoint, _arguments = urls.match(path, method=response.request.method)
        except Exception:  # noqa: BLE001 - 404, 405, redirections: no endpoint, no door
            return
        access = getattr(self.application.view_functions[endpoint], "access", None)
        if access and access.door is Door.PUBLIC:
            assert "Set-Cookie" not in response.headers, "a public page sets no cookie"
            assert "Cookie" not in response.headers.get("Vary", ""), "a public page reads no session"
        elif access:
            assert response.headers["Cache-Control"] == "no-store"


def _bare_problems(response: TestResponse) -> list[str]:
    """Werkzeug's own redirect page is the only one without our layout."""
    return [] if 300 <= response.status_code < 400 else ["a page outside the layout"]
