"""A second look at every page that somebody was shown: accessible, narrow enough, and talking to nobody but our own origin.

The people of the journey have scripts off, and axe is a script: the page as they got it (same address, same headers, same HTML) is
served again to a browser with scripts on, so that nothing is asked of the site twice.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Route

WIDTHS = (320, 1280)
SCHEMES = ("light", "dark")
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
}
CHANGING = re.compile(r"[A-Za-z0-9_.-]{20,}|[0-9]+")
REFUSED_PAGE = "Failed to load resource: the server responded with a status of 4"


class Watch:
    """Notes every request that leaves the origin and every complaint of the browser (a refusal of the content policy among them)."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.problems: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        """The same context, watched."""
        context.on("request", self._request)
        context.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url} ({request.failure})"))
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        return context

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self.origin + "/"):
            self.problems.append(f"foreign request: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        own_page = message.page is not None and message.location["url"] == message.page.url
        if message.type in {"error", "warning"} and not (own_page and message.text.startswith(REFUSED_PAGE)):
            self.problems.append(f"{message.type}: {message.text} ({message.location['url']})")


class Inspector:
    """Looks at pages in both colour schemes and at both widths, and remembers what is wrong with them.

    ``seen``: the pages that were inspected already. One that differs only in numbers and secrets is not looked at again.
    ``brief``: for a long journey over pages that ``tests/crawl`` looks at in every state; each address once, narrow and light.
    """

    def __init__(self, browser: Browser, watch: Watch, seen: set[str], *, brief: bool = False) -> None:
        self.problems: list[str] = []
        self._brief = brief
        self._seen = seen
        self._context = watch.over(browser.new_context(reduced_motion="reduce"))
        self._page = self._context.new_page()
        self._page.route("**/*", self._serve)
        self._shown = ("", {"content-type": "text/html; charset=utf-8"})

    def look(self, shown: Page, headers: dict[str, str]) -> None:
        """Inspect the page that somebody sees now, which came with these headers."""
        html = shown.content()
        same = CHANGING.sub("", shown.url if self._brief else html)
        if same in self._seen:
            return
        self._seen.add(same)
        kept = {name: value for name, value in headers.items() if name in {"content-security-policy", "content-type", "referrer-policy"}}
        self._shown = (html, kept)
        self._page.goto(shown.url)
        for scheme in SCHEMES[:1] if self._brief else SCHEMES:
            self._page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for width in WIDTHS[:1] if self._brief else WIDTHS:
                self._page.set_viewport_size({"width": width, "height": 800})
                self._check(f"{urlsplit(shown.url).path} {scheme} {width}")

    def close(self) -> None:
        self._context.close()

    def _serve(self, route: Route) -> None:
        html, headers = self._shown
        if route.request.is_navigation_request():
            route.fulfill(status=200, headers=headers, body=html)
        else:
            route.continue_()

    def _check(self, where: str) -> None:
        wide = self._page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        if wide > 0:
            self.problems.append(f"{where}: scrolls sideways by {wide} px")
        for violation in Axe().run(self._page, options=AXE_OPTIONS).response["violations"]:
            nodes = "; ".join(f"{node['html'][:160]} {node.get('failureSummary', '')}" for node in violation["nodes"][:3])
            self.problems.append(f"{where}: {violation['id']} ({violation['impact']}): {nodes}")
