"""What every importer says about a file that it refuses: all the problems, each with its place, what was found and what was expected.

Messages are French sentences, shown as they are on screens and by commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Problem:
    """One reason to refuse a file.

    ``path`` is the place (a JSON path in a JSON file), ``value`` what was found there in a short printable form (``None`` where
    nothing useful can be quoted), ``message`` what was expected.
    """

    path: str
    value: str | None
    message: str

    def __str__(self) -> str:
        """The problem as one line, which never holds a control character."""
        found = "" if self.value is None else f" (trouvé : {self.value})"
        return f"{self.path} : {self.message}{found}"


class ImportRefused(Exception):
    """A file was read and refused as a whole; ``problems`` holds every reason, in the order of the file as far as possible.

    ``count``: how many there are, where ``problems`` keeps the first ones only.
    """

    def __init__(self, problems: Iterable[Problem], *, count: int | None = None) -> None:
        self.problems = tuple(problems)
        self.count = len(self.problems) if count is None else count
        super().__init__("; ".join(self.lines(limit=1)))

    def lines(self, limit: int = 100) -> Iterator[str]:
        """Give one line per problem, ``limit`` at most, then one with the number of those left out, if any."""
        for problem in self.problems[:limit]:
            yield str(problem)
        left_out = self.count - min(limit, len(self.problems))
        if left_out == 1:
            yield "… et 1 autre problème"
        elif left_out > 1:
            yield f"… et {left_out} autres problèmes"


def shown(value: object) -> str:
    """Give a value read from a file in a short form that is safe on a terminal, in a log and in JSON, whatever it holds."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "un objet"
    if isinstance(value, list | tuple):
        return "une liste"
    if isinstance(value, str):
        return f'"{printable(value)}"'
    return printable(str(value))


def printable(text: str) -> str:
    """Give the beginning of a text with every invisible character, lone surrogates included, written as its code."""
    start = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text[:SHOWN_CHARACTERS])
    return start if len(text) <= SHOWN_CHARACTERS else f"{start}…"
