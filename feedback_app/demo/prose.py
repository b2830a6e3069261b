"""What the people of the demo write, as families of sentences in ``prose/``: by topic, by kind, by occasion.

A file has sections (``== name``), and in them a text a line; ``> ``: what is replied to the line above; ``//``: a new paragraph;
``@3``: what the third edition of the barometer gave to talk about.
Citizens type straight quotes; what staff write gets the typography of official texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

from feedback_app.domain.case import Outcome, RefusalGround
from feedback_app.domain.contribution import ContributionKind, Ground

FOLDER = Path(__file__).with_name("prose")
Item = TypeVar("Item")

THREAD = {"c": ContributionKind.COMMENT, "v": ContributionKind.VIEWPOINT, "x": ContributionKind.EXPERIENCE}
REQUESTS = {
    "cl": ContributionKind.CLARIFICATION,
    "dq": ContributionKind.DATA_QUESTION,
    "wf": ContributionKind.WRONG_FIGURE,
    "ac": ContributionKind.ACCESS,
}
# "de les rivières" is no French; "de les lire" is.
_CONTRACTED = {"de les": "des", "de le": "du", "à les": "aux", "à le": "au", "a les": "aux", "a le": "au"}


@dataclass(frozen=True)
class Said:
    """A line of a thread: ``topic`` is "C5" or the code of an indicator."""

    topic: str
    kind: ContributionKind
    text: str
    edition: int = 0


@dataclass(frozen=True)
class Asked:
    """A request, and what a ministry answers to it; without an answer, one that nobody has answered yet."""

    topic: str
    kind: ContributionKind
    text: str
    outcome: Outcome = Outcome.FULL
    ground: RefusalGround | None = None
    answer: str = ""
    edition: int = 0


@dataclass(frozen=True)
class Pair:
    """Something said and what was replied."""

    text: str
    reply: str


@dataclass(frozen=True)
class Refused:
    """A text that no moderator publishes: the ground, and the facts told to its author."""

    ground: Ground
    text: str
    facts: str


class Deck(Generic[Item]):
    """Things drawn one after the other in a random order, each once before any comes again, and never twice in a row."""

    def __init__(self, draw: Random, things: Iterable[Item]) -> None:
        self._draw, self._things = draw, list(things)
        self._left: list[Item] = []

    def next(self) -> Item:
        if not self._left:
            last = self._things[-1]
            self._draw.shuffle(self._things)
            if self._things[0] is last and len(self._things) > 1:
                self._things.append(self._things.pop(0))
            self._left = list(reversed(self._things))
        return self._left.pop()


@cache
def _sections(name: str) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            lines = found.setdefault(line[3:], [])
        elif line:
            lines.append(line)
    return found


def family(name: str) -> list[str]:
    """The sentences of a family, one a line (or several, between bars)."""
    return [text for line in _sections("families")[name] for text in line.split("|")]


def pairs(name: str) -> list[Pair]:
    """The sentences of a family and what is replied to each."""
    lines = _sections("families")[name]
    return [Pair(text, reply.removeprefix("> ")) for text, reply in zip(lines[::2], lines[1::2], strict=True)]


def topics() -> dict[str, str]:
    """How each topic is called inside a sentence: "C1" -> "les relevés de rivières"."""
    headings = [heading for name in ("commitments_1", "commitments_2", "indicators") for heading in _sections(name)]
    return {code: words for code, _space, words in (heading.partition(" ") for heading in headings)}


def threads() -> list[Said]:
    """What is said about each topic."""
    lines = [(topic, line) for topic, lines in _by_topic() for line in lines if line[:2] in {"c ", "v ", "x "}]
    return [Said(topic, THREAD[line[0]], *_dated(line[2:])) for topic, line in lines]


def _dated(line: str) -> tuple[str, int]:
    """A text, and the number (from 0) of the edition after which it makes sense."""
    return (line[3:], int(line[1]) - 1) if line.startswith("@") else (line, 0)


def dossiers() -> list[Asked]:
    """What is asked about each topic, with its answer."""
    found = []
    for topic, lines in _by_topic():
        asked = [(lines[at], lines[at + 1], lines[at + 2]) for at, line in enumerate(lines) if line.startswith("? ")]
        for head, text, answer in asked:
            _mark, kind, outcome = head.split(" ")
            result, _colon, ground = outcome.partition(":")
            refusal = RefusalGround(ground) if ground else None
            words, edition = _dated(text)
            found.append(Asked(topic, REQUESTS[kind], words, Outcome(result), refusal, answer.removeprefix("> "), edition))
    return found


def open_questions() -> list[tuple[str, Asked]]:
    """What was asked lately, each with the state in which it is found today, and what has been written so far."""
    found: list[tuple[str, Asked]] = []
    for line in (FOLDER / "open_questions.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("> "):
            state, asked = found.pop()
            found.append((state, replace(asked, answer=line[2:])))
        else:
            topic, kind, state, text = line.split(" ", 3)
            found.append((state, Asked(topic, REQUESTS[kind], text)))
    return found


def progress() -> Mapping[str, Sequence[str]]:
    """What ministries say of their commitments, line by line: by topic."""
    return _sections("progress")


def refused() -> list[Refused]:
    """What moderators did not publish."""
    found = []
    for ground, lines in _sections("refused").items():
        found += [
            Refused(Ground(ground), text, official(facts.removeprefix("> "))) for text, facts in zip(lines[::2], lines[1::2], strict=True)
        ]
    return found


def _by_topic() -> list[tuple[str, Sequence[str]]]:
    return [
        (heading.partition(" ")[0], lines)
        for name in ("commitments_1", "commitments_2", "indicators")
        for heading, lines in _sections(name).items()
    ]


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with its blanks filled, their articles contracted, and its paragraphs cut."""
    for name, word in words.items():
        article, _space, rest = word.partition(" ")
        if article.lower() in {"le", "les"}:
            contract = partial(_contracted, article=article.lower(), rest=rest)
            text = re.sub(rf"\b(de|à|a) \{{{name}\}}", contract, text, flags=re.IGNORECASE)
    return text.format_map(words).replace(" // ", "\n\n")


def _contracted(match: re.Match[str], *, article: str, rest: str) -> str:
    short = _CONTRACTED[f"{match[1].lower()} {article}"]
    return f"{short.capitalize() if match[1][0].isupper() else short} {rest}"


def official(text: str) -> str:
    """The same with the typography of official texts: curved apostrophes, no-break spaces."""
    curved = text.replace("'", "’")
    return re.sub(r" ([:;?!»])", "\u00a0\\1", curved).replace("« ", "«\u00a0")
