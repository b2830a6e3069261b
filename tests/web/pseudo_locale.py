"""A language that nobody speaks: every sentence of the catalogue between brackets, its letters accented.

The application takes it for English. Whatever a page or a mail then says outside brackets never went through the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from tests.pages import Page

CATALOGUE = Path(__file__).resolve().parents[2] / "feedback_app" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
OPENING, CLOSING = "⟦", "⟧"
ACCENTS = str.maketrans("aeiouyAEIOU", "åëîôûÿÅËÎÔÛ")
PLACEHOLDER = re.compile(r"(%\(\w+\)s)")

# Elements whose text nobody reads, or is what the person typed, or is a command to type.
NOT_PROSE = {"script", "style", "textarea", "code"}
SAID = ("alt", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "label", "placeholder", "summary", "title")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# What needs no translation: dates as English writes them (so a French one is found), addresses (masked ones too), names of the factories.
NO_WORDS = re.compile(rf"(?:\d{{1,2}} )?(?:{MONTHS}) \d{{4}}|https?://\S+|[\w.+…-]+@[\w.…-]+\w|Personne \d+")
LETTER = re.compile(r"[^\W\d_]")


def pseudo(words: str) -> str:
    """A sentence in the pseudo-language, its placeholders kept."""
    parts = PLACEHOLDER.split(words)
    return OPENING + "".join(part if PLACEHOLDER.fullmatch(part) else part.translate(ACCENTS) for part in parts) + CLOSING


def speak_pseudo(app: Flask, folder: Path) -> None:
    """Give the application the pseudo-language in the place of English."""
    with CATALOGUE.open("rb") as file:
        source = read_po(file)
    catalogue = Catalog(locale="en")
    for message in source:
        if message.id:
            plural = isinstance(message.id, (tuple, list))
            catalogue.add(message.id, tuple(pseudo(form) for form in message.id) if plural else pseudo(message.id))
    target = folder / "en" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)
    app.extensions["babel"].translation_directories = [str(folder)]
    app.extensions.pop("catalogues", None)


class Reader:
    """Reads a page or a mail from its beginning to its end, and keeps what was said outside brackets."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = sorted(known, key=len, reverse=True)
        self._depth = 0
        self.escaped: list[str] = []

    def read(self, text: str) -> None:
        """Go on with ``text``: a bracket may have been opened before it and may be closed after it."""
        outside, rest = [], text
        for match in re.finditer(f"[{OPENING}{CLOSING}]", text):
            piece, rest = text[len(text) - len(rest) : match.start()], text[match.end() :]
            outside.append(piece if not self._depth else " ")
            self._depth += 1 if match[0] == OPENING else -1
        outside.append(rest if not self._depth else " ")
        said = NO_WORDS.sub(" ", "".join(outside))
        for name in self._known:
            said = said.replace(name, " ")
        if LETTER.search(said):
            self.escaped.append(" ".join(text.split()))


def escaped(page: Page, known: Iterable[str] = (), content: str | None = None) -> list[str]:
    """What a page says that went through no catalogue.

    Left out: passages that say their own language, ``known`` names, and the element of class ``content``.
    """
    reader = Reader(known)
    _walk(page.root, reader, page.root.get("lang"), content)
    return reader.escaped


def _walk(element: Element, reader: Reader, language: str | None, content: str | None) -> None:
    if not isinstance(element.tag, str) or element.tag in NOT_PROSE or element.get("lang", language) != language:
        return
    if content and content in (element.get("class") or "").split():
        return
    for words in _attributes(element):
        reader.read(words)
    reader.read(element.text or "")
    for child in element:
        _walk(child, reader, language, content)
        reader.read(child.tail or "")


def _attributes(element: Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name in SAID or (name.startswith("data-") and name.endswith("label")):
            yield value
    if element.tag == "input" and element.get("type") in {"submit", "button", "reset"}:
        yield element.get("value", "")
    if element.tag == "meta" and element.get("name") in {"description", "application-name"}:
        yield element.get("content", "")
