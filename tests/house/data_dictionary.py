"""The data dictionary, ``docs/data-dictionary.md``. After a change of the models or of ``models/inventory.py``:
``.venv/bin/python -m tests.house.data_dictionary``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import sqlalchemy as sa

from feedback_app.database import UTCDateTime, db
from feedback_app.domain.inventory import Fate, Holds, Link, Table
from feedback_app.models.inventory import INVENTORY
from tests.house.source import ROOT

STORED = ROOT / "docs" / "data-dictionary.md"
OPENING = """# Data dictionary

Written from the models and from `feedback_app/models/inventory.py` by `.venv/bin/python -m tests.house.data_dictionary`; do not
edit. It says where personal data are, what a person who asks for a copy receives, and what an erasure does.
[personal-data.md](personal-data.md) says the rest.

- **personal**: words or an address of a person; **mentions**: the same, and it may name others; **secret**: a hash or a key;
  **others**: about somebody else than the person whose row it is; all else is about nobody.
- A copy holds the rows that lead to the person, without what is secret or about others.
"""
HOLDS = {Holds.NOTHING: "", **{kind: f"**{kind.value}**" for kind in (Holds.PERSONAL, Holds.MENTIONS, Holds.SECRET, Holds.OTHERS)}}
FATES = {
    Fate.DELETED: "the rows are deleted",
    Fate.BLANKED: "what is personal or secret in the rows is emptied, and so is the link",
    Fate.CHOSEN: "emptied, except what is public when the person chose to keep it",
    Fate.UNLINKED: "only the link is emptied",
    Fate.KEPT: "nothing changes: a number that leads nowhere",
}
TYPES: tuple[tuple[type, str], ...] = (
    (UTCDateTime, "moment"),
    (sa.Boolean, "yes or no"),
    (sa.Date, "date"),
    (sa.JSON, "JSON"),
    (sa.LargeBinary, "bytes"),
    (sa.Numeric, "number"),
    (sa.Integer, "number"),
    (sa.String, "text"),
)


def dictionary() -> str:
    """The whole page."""
    return OPENING + "".join(part for name in sorted(INVENTORY) for part in _table(name, INVENTORY[name]))


def _table(name: str, entry: Table) -> Iterator[str]:
    yield f"\n## {name}\n{entry.about}"
    yield f" Kept {entry.period}.\n" if entry.period else "\n"
    if entry.links:
        yield "\n" + "".join(f"- {_link(link)}\n" for link in entry.links)
    yield "\n| column | type | holds |\n|---|---|---|\n"
    for column in db.metadata.tables[name].columns:
        holds = HOLDS[entry.columns.get(column.name, Holds.NOTHING)]
        yield f"| `{column.name}` | {_type(column)} | {holds} |\n"


def _link(link: Link) -> str:
    copy = "" if link.theirs else "; not in the copy"
    return f"`{link.column}` leads to {link.to}. Erasure: {FATES[link.fate]}{copy}"


def _type(column: sa.Column[object]) -> str:
    if isinstance(column.type, sa.Enum) and column.type.enum_class:
        words = f"`{column.type.enum_class.__name__}`"
    else:
        words = next((word for kind, word in TYPES if isinstance(column.type, kind)), str(column.type))
    for key in column.foreign_keys:
        words = f"row of `{key.column.table.name}`"
    return words + (", may be empty" if column.nullable else "")


def main() -> int:
    STORED.write_text(dictionary(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
