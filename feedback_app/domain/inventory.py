"""The words in which ``models/inventory.py`` says where personal data are, and what becomes of them when a person is erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

PERSON = "identity"
"""The table that every link leads to in the end: the row of the person."""
ADDRESS = "the address"
"""What a link leads to when the column itself holds the person's e-mail address, in whatever case."""
HASHED_ADDRESS = "a keyed hash of the address"
"""The same for a column that holds the keyed hash under which sign-in links are counted."""


class Holds(StrEnum):
    """What a column holds."""

    PERSONAL = "personal"  # words or an address of a person, or about one: exported, and emptied with the row
    MENTIONS = "mentions"  # personal, and it may name other people too: their names and addresses are taken out when they are erased
    SECRET = "secret"  # noqa: S105 - hashes and keys: no copy leaves; emptied with the row
    OTHERS = "others"  # about somebody else than the person whose row it is (who moderated it): not exported
    NOTHING = "nothing"  # nothing about a person: numbers, enumerations, and the words of institutions


class Fate(StrEnum):
    """What becomes of the rows that a link leads to when that person is erased."""

    DELETED = "deleted"  # the rows go
    BLANKED = "blanked"  # what is personal or secret in them is emptied; the rows stay and lead to nobody
    CHOSEN = "chosen"  # blanked too, but a text that is public stays if the person chose so
    UNLINKED = "unlinked"  # the rows are somebody else's or the institution's: only the link is emptied
    KEPT = "kept"  # nothing changes: a number that leads nowhere once the person is gone


@dataclass(frozen=True)
class Link:
    """``column`` leads to a row of ``to`` that belongs to a person, so this row concerns that person.

    ``theirs``: the row is in the copy of their data that the person may ask for, and rows that lead to it are theirs too. Not so where
    they only had a hand in what is somebody else's (who moderated a text).
    """

    column: str
    to: str
    fate: Fate
    theirs: bool = True


@dataclass(frozen=True)
class Table:
    """One table: what a row is, how it leads to people, and what its columns hold.

    Columns that can hold words (texts, JSON, bytes), and numbers that point at rows about people, must be declared; dates,
    enumerations and other numbers need not.
    """

    about: str
    links: tuple[Link, ...] = ()
    columns: Mapping[str, Holds] = field(default_factory=dict)
    period: str = ""
    """How long a row lives otherwise, in words, for the data dictionary."""

    def names(self, *kinds: Holds) -> list[str]:
        """The columns that hold one of these."""
        return [name for name, holds in self.columns.items() if holds in kinds]
