"""What every address answers to every kind of person, kept in ``rights.txt``.

After a deliberate change: ``.venv/bin/python -m tests.house.rights_table``, then read the difference line by line: it is who gets in.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.house.walk import PEOPLE, TWO, Answer, Site, filled_site, walk

STORED = Path(__file__).with_name("rights.txt")
HEAD = "# method address | " + " | ".join(
    (", ".join(PEOPLE[:2]), ", ".join(PEOPLE[2:5]), "own ministry: " + ", ".join(PEOPLE[5:8]), "another: " + ", ".join(PEOPLE[8:]))
)


def lines(site: Site, answers: Iterable[Answer]) -> list[str]:
    """One line for each method of each address: what each person got at its first example."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for answer in answers:
        words = found.setdefault((answer.rule.rule, answer.method, answer.rule.endpoint), {})
        words.setdefault(answer.person, answer.word)
    return [f"{method} {path} | {_words(words)}" for (path, method, _endpoint), words in sorted(found.items())]


def _words(words: dict[str, str]) -> str:
    if tuple(words) == TWO and len(set(words.values())) == 1:
        return f"everybody: {words[TWO[0]]}"
    cells = [words.get(person, "?") for person in PEOPLE]
    return " | ".join(" ".join(cells[first:last]) for first, last in ((0, 2), (2, 5), (5, 8), (8, 11)))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, filled_site(Path(folder)) as site:
        STORED.write_text("\n".join([HEAD, *lines(site, walk(site))]) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
