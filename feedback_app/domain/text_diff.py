"""Two wordings side by side: which words of each the other does not have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

WORD = re.compile(r"\S+\s*|\s+")
# Comparing takes the product of both lengths at worst: what differs in more words than this is shown as wholly different.
COMPARED_WORDS = 1_500

Pieces = list[tuple[str, bool]]


def pieces(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Both texts in pieces, each with whether it is only in this one. Together the pieces of a side are its text."""
    old, new = WORD.findall(before), WORD.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    middle = old[start : len(old) - end], new[start : len(new) - end]
    if sum(map(len, middle)) > COMPARED_WORDS:
        blocks: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(middle[0]), 0, len(middle[1]))]
    else:
        blocks = SequenceMatcher(None, *middle).get_opcodes()
    first, last = (old[:start], False), (old[len(old) - end :], False)
    sides = (
        [first, *((middle[0][a:b], tag != "equal") for tag, a, b, _c, _d in blocks), last],
        [first, *((middle[1][c:d], tag != "equal") for tag, _a, _b, c, d in blocks), last],
    )
    return _joined(sides[0]), _joined(sides[1])


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _joined(side: Sequence[tuple[list[str], bool]]) -> Pieces:
    """Words together again. The blank after a marked passage is not part of it."""
    found: Pieces = []
    for words, changed in side:
        text = "".join(words)
        marked = text.rstrip() if changed else ""
        found += [piece for piece in ((marked, True), (text[len(marked) :], False)) if piece[0]]
    return found
