"""Somebody who has no mouse: everything is reached by Tab and done by Enter, Space and arrows, on a screen as narrow as a small phone."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator

from tests.e2e.inspection import Watch
from tests.e2e.person import Look, Person

MOST_STOPS = 200
FOCUSED = "element => element === document.activeElement"
IN_THE_GROUP = "element => document.activeElement.type === 'radio' && document.activeElement.name === element.name"
WIDTH = 320


class Typist(Person):
    """A person whose every act begins with Tab, from wherever the page put the focus."""

    def follow(self, link: str, *, within: Locator | None = None) -> None:
        self._enter((within or self.page).get_by_role("link", name=link).first)

    def press(self, button: str, *, within: Locator | None = None) -> None:
        self._enter((within or self.main).get_by_role("button", name=button, exact=True))

    def write(self, label: str, value: str) -> None:
        self._reach(self._labelled(label))
        self._keys("Control+a")
        self._page.keyboard.insert_text(value) if value else self._keys("Delete")

    def choose(self, label: str, option: str) -> None:
        field = self._labelled(label)
        self._reach(field)
        names = field.locator("option").all_inner_texts()
        for _ in range(names.index(option)):
            self._keys("ArrowDown")

    def tick(self, label: str) -> None:
        box = self.main.get_by_label(label, exact=True)
        if box.get_attribute("type") == "radio":
            self._reach(box, IN_THE_GROUP)
            self._turn_to(box)
        else:
            self._reach(box)
        if not box.is_checked():
            self._keys("Space")

    def goes_back(self) -> None:
        """By the browser's own key."""
        with self._new_page():
            self._page.go_back()

    def another_window(self) -> Typist:
        """The same page once more, in the same browser."""
        other = Typist(self.context, self.address, self._look)
        other.open(self.path)
        return other

    def hears(self, *words: str) -> None:
        """These words are where the focus is, so a screen reader says them first."""
        said = self._page.evaluate("document.activeElement.innerText")
        for word in words:
            assert word in said, f"“{word}” is not where the focus is: {said!r}"

    @property
    def title(self) -> str:
        return self._page.title()

    def goes_to_the_field_of(self, mistake: str) -> None:
        """By its link in what a page says of mistakes."""
        self._reach(self.main.get_by_role("link", name=mistake))
        self._keys("Enter")

    def is_on(self, label: str) -> bool:
        return bool(self._labelled(label).evaluate(FOCUSED))

    def _enter(self, wanted: Locator) -> None:
        self._reach(wanted)
        with self._new_page():
            self._keys("Enter")

    def _turn_to(self, choice: Locator) -> None:
        for _ in range(MOST_STOPS):
            if choice.evaluate(FOCUSED):
                return
            self._keys("ArrowDown")
        raise AssertionError("the arrows never come to this choice")

    def _reach(self, wanted: Locator, how: str = FOCUSED) -> None:
        for _ in range(MOST_STOPS):
            if wanted.evaluate(how):
                return
            self._keys("Tab")
        raise AssertionError(f"Tab never comes to {wanted} on {self.path}")

    def _keys(self, key: str) -> None:
        self._page.keyboard.press(key)


def typist(browser: Browser, watch: Watch, address: str, look: Look, language: str = "fr-FR") -> Typist:
    """One more of them, scripts off."""
    context = watch.over(
        browser.new_context(java_script_enabled=False, locale=language, viewport={"width": WIDTH, "height": 720}, reduced_motion="reduce")
    )
    return Typist(context, address, look)
