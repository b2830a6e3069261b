"""Somebody at a browser without scripts: opens, reads, fills in, presses. Every page they are shown is inspected."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

PATIENCE_MS = 30_000
Look = Callable[[Page, dict[str, str]], None]


class Person:
    def __init__(self, context: BrowserContext, address: str, look: Look) -> None:
        self.context = context
        self.address = address
        self._look = look
        self._page = context.new_page()
        self._page.set_default_timeout(PATIENCE_MS)
        self.status = 0

    @property
    def path(self) -> str:
        """Where they are, without the origin."""
        return self._page.url.removeprefix(self.address)

    @property
    def page(self) -> Locator:
        """All of it: menus and footer too."""
        return self._page.locator("body")

    @property
    def main(self) -> Locator:
        return self._page.locator("main")

    def open(self, address: str) -> None:
        """Type an address (or the path of one of ours), or click on one in a mail."""
        with self._new_page():
            self._page.goto(address if address.startswith("http") else self.address + address)

    def follow(self, link: str, *, within: Locator | None = None) -> None:
        with self._new_page():
            (within or self.page).get_by_role("link", name=link).first.click()

    def press(self, button: str, *, within: Locator | None = None) -> None:
        with self._new_page():
            (within or self.main).get_by_role("button", name=button, exact=True).click()

    def write(self, label: str, value: str) -> None:
        self._labelled(label).fill(value)

    def choose(self, label: str, option: str) -> None:
        self._labelled(label).select_option(label=option)

    def tick(self, label: str) -> None:
        self.main.get_by_label(label, exact=True).check()

    def field(self, label: str) -> str:
        """What stands in a field."""
        return self._labelled(label).input_value()

    def _labelled(self, beginning: str) -> Locator:
        named = self.main.get_by_label(re.compile(f"^{re.escape(beginning)}"))
        return named.and_(self.main.locator("input, select, textarea"))  # a picture may have a name that begins like a field's

    def sees(self, *words: str) -> None:
        for word in words:
            expect(self.main).to_contain_text(word)

    def does_not_see(self, *words: str) -> None:
        for word in words:
            expect(self.main).not_to_contain_text(word)

    def reads_the_title(self, title: str) -> None:
        expect(self._page.get_by_role("heading", level=1)).to_have_text(title)

    def _new_page(self) -> _NewPage:
        return _NewPage(self)


class _NewPage:
    """Waits for the page that an act leads to, then has it inspected."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._answers: list[Response] = []

    def __enter__(self) -> None:
        page = self._person._page
        page.on("response", self._note)
        self._navigation = page.expect_navigation(wait_until="load")
        self._navigation.__enter__()

    def __exit__(self, *error: object) -> None:
        page = self._person._page
        try:
            self._navigation.__exit__(*error)  # type: ignore[arg-type]
        finally:
            page.remove_listener("response", self._note)
        if error[0] is None:
            last = self._answers[-1]
            self._person.status = last.status
            self._person._look(page, last.headers)

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._answers.append(response)
