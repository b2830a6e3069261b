"""The citizens who write in the demo: most of them once or twice, some often, a third without a name."""

from __future__ import annotations

from random import Random

from feedback_app.demo.dossier import Author
from feedback_app.demo.prose import family

HOW_MANY = 150
NAMELESS = 0.35


class Authors:
    """Whoever writes next. The same person keeps the same name."""

    def __init__(self, draw: Random) -> None:
        names = family("names")
        draw.shuffle(names)
        known = [Author(f"habitant-{number}@exemple.test", _name(names, number, draw)) for number in range(HOW_MANY)]
        self._draw, self._known = draw, known
        self._last: Author | None = None

    def next(self) -> Author:
        """Somebody else than the one before."""
        author = self._last
        while author is self._last:
            # Squared: the first of the list write more often than the last.
            author = self._known[int(self._draw.random() ** 2 * len(self._known))]
        self._last = author
        return author or self._known[0]


def _name(names: list[str], number: int, draw: Random) -> str | None:
    if draw.random() < NAMELESS:
        return None
    name = names[number % len(names)]
    rounds = number // len(names)
    return name if not rounds or " " in name else f"{name} {'ABCDEFGHJKLMNPRSTV'[draw.randrange(18)]}."
