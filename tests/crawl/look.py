"""What a browser sees of one page, and what is wrong with it: axe, width, zoom, keyboard, weight, and who else is asked for something."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, ConsoleMessage, Route

from tests.crawl.visits import Answer
from tests.e2e.inspection import AXE_OPTIONS, REFUSED_PAGE

ORIGIN = "http://localhost"
MOST_REQUESTS, MOST_BYTES = 6, 100_000
NARROW, WIDE = 320, 1280
LIGHT, DARK = "light", "dark"
ZOOMED_WIDTH = 640  # a window of 1280 px, enlarged to 200 %
LARGE_TEXT = {"standard": 32, "fixed": 26}  # the browser's own text size, doubled
USUAL_TEXT = {"standard": 16, "fixed": 13}
# What a reader of names and numbers sees of two pages that are alike.
CHANGING = re.compile(r"[A-Za-z0-9_.-]{20,}|[0-9]+")

# Words that a box cuts off. What is hidden on purpose (for screen readers, behind a closed disclosure) has no room at all.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(e => {
  const style = getComputedStyle(e);
  return e.checkVisibility() && e.clientWidth > 1 && e.clientHeight > 1 && e.innerText?.trim()
    && !["auto", "scroll"].includes(style.overflowX) && style.overflowX !== "visible"
    && e.scrollWidth > e.clientWidth + 1 && e.tagName !== "SELECT";
}).map(e => e.outerHTML.slice(0, 120))"""

SPACED_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""

# Everything that the keyboard must reach, once (a group of radio buttons is one stop), and what it did reach, in this order.
# Gives back how often to press: a date has a stop for each of its parts.
WATCH_FOCUS = """() => {
  const group = e => [...document.querySelectorAll(`input[name="${CSS.escape(e.name)}"]`)].find(other => other.form === e.form);
  const stop = e => e.type === "radio" ? group(e) : e;
  const expected = [...new Set([...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(e =>
    e.tabIndex >= 0 && !e.disabled && e.type !== "hidden" && e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length
  ).map(stop))];
  const outlined = e => [null, "::after"].some(part => {
    const style = getComputedStyle(e, part);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/^rgba.*, 0\\)$/.test(style.outlineColor);
  });
  window.walk = {expected, reached: [], unseen: []};
  document.addEventListener("focusin", event => {
    window.walk.reached.push(stop(event.target));
    if (!outlined(event.target)) window.walk.unseen.push(event.target);
  });
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  window.walk.reached.length = window.walk.unseen.length = 0;
  return expected.length + 4 * expected.filter(e => e.type === "date").length;
}"""
WALKED = """() => {
  const name = e => e.outerHTML.slice(0, 120);
  const {expected, reached, unseen} = window.walk;
  return {
    missed: expected.filter(e => !reached.includes(e)).map(name),
    unseen: [...new Set(unseen)].map(name),
    jumping: expected.filter(e => e.tabIndex > 0).map(name),
  };
}"""


class Eye:
    """One tab of one browser, in which each page is looked at. It gets nothing but from the application."""

    def __init__(self, browser: Browser, app: Flask) -> None:
        self._files = app.test_client_class(app) if app.test_client_class else FlaskClient(app)
        self._context = browser.new_context(reduced_motion="reduce", viewport={"width": WIDE, "height": 800})
        self.page = self._context.new_page()
        self.page.set_default_timeout(90_000)
        self.page.route("**/*", self._serve)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._found.append(f"script error: {error}"))
        self._devtools = self._context.new_cdp_session(self.page)
        self._known_files: dict[str, dict[str, Any]] = {}
        self._seen: set[str] = set()
        self._found: list[str] = []
        self._sizes: list[int] = []
        self._answer = Answer("GET", "/", 200, {}, "")

    def close(self) -> None:
        self._context.close()

    def load(self, answer: Answer) -> list[str]:
        """Show a page. Says what it asked for that it should not, and whether it is too heavy."""
        self._answer, self._found, self._sizes = answer, [], []
        self.page.goto(ORIGIN + urlsplit(answer.path).path, wait_until="load")
        self.page.evaluate(AXE_SCRIPT)
        found = list(self._found)
        if len(self._sizes) > MOST_REQUESTS:
            found.append(f"first view: {len(self._sizes)} requests")
        # The catalogue shows everything at once, to those who build pages.
        if sum(self._sizes) > MOST_BYTES and not answer.path.endswith("/composants"):
            found.append(f"first view: {sum(self._sizes)} bytes")
        return found

    def look(self, width: int, scheme: str) -> list[str]:
        """What is wrong with the page that is shown, at this width and in these colours."""
        where = f"{width} px, {scheme}"
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        self.page.set_viewport_size({"width": width, "height": 800})
        found = [f"{where}: {problem}" for problem in self._spills()]
        violations = self.page.evaluate(f"axe.run({json.dumps(AXE_OPTIONS)}).then(result => result.violations)")
        for violation in violations:
            nodes = "; ".join(f"{node['html'][:160]} {node.get('failureSummary', '')}" for node in violation["nodes"][:3])
            found.append(f"{where}: {violation['id']} ({violation['impact']}): {nodes}")
        return found

    def enlarge(self) -> list[str]:
        """At 200 %: the whole page, then the text alone (the browser's own setting)."""
        self.page.set_viewport_size({"width": ZOOMED_WIDTH, "height": 400})
        found = [f"page at 200 %: {problem}" for problem in self._spills()]
        self._devtools.send("Page.setFontSizes", {"fontSizes": LARGE_TEXT})
        self.page.set_viewport_size({"width": WIDE, "height": 800})
        found += [f"text at 200 %: {problem}" for problem in self._spills()]
        self._devtools.send("Page.setFontSizes", {"fontSizes": USUAL_TEXT})
        return found

    def space_out(self) -> list[str]:
        """On a phone, with the lines, letters and words as far apart as WCAG 1.4.12 lets a reader set them."""
        self.page.set_viewport_size({"width": NARROW, "height": 800})
        self.page.evaluate(SPACED_OUT)
        found = [f"text spaced out: {problem}" for problem in self._spills()]
        self.page.evaluate("document.adoptedStyleSheets = []")
        return found

    def walk(self, width: int) -> list[str]:
        """Press the tabulator until everything was reached. Says what was not, what comes out of order, and where focus was not seen."""
        self.page.set_viewport_size({"width": width, "height": 800})
        for _press in range(self.page.evaluate(WATCH_FOCUS) + 2):
            self.page.keyboard.press("Tab")
        walked = self.page.evaluate(WALKED)
        said = {"missed": "not reached by keyboard", "jumping": "jumps the order of the page", "unseen": "focus cannot be seen"}
        return [f"{width} px: {said[what]}: {element}" for what, elements in walked.items() for element in elements]

    def is_new(self, answer: Answer) -> bool:
        """Whether no page like this one, but for numbers and secrets, was asked about before."""
        same = CHANGING.sub("", answer.html)
        new = same not in self._seen
        self._seen.add(same)
        return new

    def _spills(self) -> Iterator[str]:
        wide = self.page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        if wide > 0:
            yield f"scrolls sideways by {wide} px"
        for element in self.page.evaluate(CUT_OFF):
            yield f"words are cut off: {element}"

    def _serve(self, route: Route) -> None:
        request = route.request
        address = urlsplit(request.url)
        if f"{address.scheme}://{address.netloc}" != ORIGIN:
            self._found.append(f"asks somebody else: {request.url}")
            route.abort()
            return
        if request.is_navigation_request():
            kept = {name: value for name, value in self._answer.headers.items() if name in {"Content-Security-Policy", "Content-Type"}}
            self._sizes.append(len(self._answer.html.encode()))
            route.fulfill(status=self._answer.status, headers=kept, body=self._answer.html)
            return
        if address.path not in self._known_files:
            answer = self._files.get(address.path, buffered=True)
            self._known_files[address.path] = {"status": answer.status_code, "content_type": answer.content_type, "body": answer.get_data()}
        file = self._known_files[address.path]
        self._sizes.append(len(file["body"]))
        if file["status"] != 200:
            self._found.append(f"asks for {address.path}: {file['status']}")
        route.fulfill(**file)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSED_PAGE) and "status of 5" not in message.text:
            self._found.append(f"{message.type}: {message.text}")


@contextmanager
def eye_of(browser: Browser, app: Flask) -> Iterator[Eye]:
    """An eye on an application."""
    eye = Eye(browser, app)
    yield eye
    eye.close()
