"""No table and no column is forgotten by erasure and export: ``models/inventory.py`` against the models."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from feedback_app.database import UTCDateTime, db
from feedback_app.domain.inventory import ADDRESS, HASHED_ADDRESS, PERSON, Fate, Holds, Link, Table
from feedback_app.models.inventory import INVENTORY
from tests.house.data_dictionary import STORED, dictionary

FILE = "feedback_app/models/inventory.py"
WORDLESS = (sa.Enum, sa.Boolean, sa.Integer, sa.Numeric, sa.Float, sa.Date, sa.DateTime, UTCDateTime)
IS_A_PERSON = {PERSON, ADDRESS, HASHED_ADDRESS}
EMPTIED = {Fate.BLANKED, Fate.CHOSEN}


def problems(tables: Mapping[str, sa.Table], inventory: Mapping[str, Table]) -> list[str]:
    """What is missing or contradictory, each in a sentence that says what to do."""
    found = [f"table {name} is not in {FILE}: say there what its rows are, and whose" for name in sorted(set(tables) - set(inventory))]
    found += [f"{FILE} declares {name}, and there is no such table" for name in sorted(set(inventory) - set(tables))]
    for name in sorted(set(tables) & set(inventory)):
        found += _of_columns(tables[name], inventory)
        found += _of_links(tables[name], inventory)
    return found


def _of_columns(table: sa.Table, inventory: Mapping[str, Table]) -> list[str]:
    entry = inventory[table.name]
    linked = {link.column for link in entry.links}
    found = []
    for column in table.columns:
        if column.name in entry.columns or column.name in linked or column.primary_key:
            continue
        if not isinstance(column.type, WORDLESS):
            found.append(f"{column} can hold words and is not in {FILE}: say what it holds (NOTHING if nothing about a person)")
        elif _points_at_people(column, inventory):
            found.append(f"{column} leads to rows about people and is no link in {FILE}: say what becomes of its row at an erasure")
    unknown = sorted((set(entry.columns) | linked) - set(table.columns.keys()))
    return found + [f"{FILE} declares {table.name}.{name}, and there is no such column" for name in unknown]


def _points_at_people(column: sa.Column[object], inventory: Mapping[str, Table]) -> bool:
    targets = {key.column.table.name for key in column.foreign_keys}
    if not targets:
        return column.name.endswith("_id")  # a number without a key: nobody but a person can tell what it points at
    return any(name not in inventory or inventory[name].links for name in targets)


def _of_links(table: sa.Table, inventory: Mapping[str, Table]) -> list[str]:
    entry, found = inventory[table.name], []
    for link in entry.links:
        column = table.columns.get(link.column)
        if link.to not in IS_A_PERSON and not (link.to in inventory and inventory[link.to].links):
            found.append(f"{table.name}.{link.column} leads to {link.to}, whose rows lead to nobody in {FILE}")
        if column is None or column.primary_key:
            continue
        if link.fate is Fate.UNLINKED and not column.nullable:
            found.append(f"{column} cannot be emptied: an erasure could not unlink it")
        if link.fate in EMPTIED:
            found += _of_emptied(table, entry, link, column)
    return found


def _of_emptied(table: sa.Table, entry: Table, link: Link, column: sa.Column[object]) -> list[str]:
    found = []
    if link.to == PERSON and not column.nullable:
        found.append(f"{column} cannot be emptied: the row would still lead to the person")
    for name in entry.names(Holds.PERSONAL, Holds.MENTIONS, Holds.SECRET):
        emptied = table.columns.get(name)
        if emptied is not None and not emptied.nullable and (emptied.unique or not isinstance(emptied.type, sa.String)):
            found.append(f"{emptied} cannot be emptied: make it nullable, or let the row be deleted")
    return found


def test_every_table_and_column_says_whether_it_holds_personal_data():
    assert problems(db.metadata.tables, INVENTORY) == []


def test_the_inventory_is_alphabetical():
    assert list(INVENTORY) == sorted(INVENTORY)


def test_the_data_dictionary_says_what_the_inventory_says():
    message = "run .venv/bin/python -m tests.house.data_dictionary"
    assert STORED.read_text(encoding="utf-8") == dictionary(), message


# The rules themselves are tried on what they must find.


def tables(*columns: sa.Column[object]) -> dict[str, sa.Table]:
    metadata = sa.MetaData()
    people = sa.Table(PERSON, metadata, sa.Column("id", sa.Integer, primary_key=True))
    return {PERSON: people, "note": sa.Table("note", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)}


PEOPLE = {PERSON: Table("People.", (Link("id", PERSON, Fate.DELETED),))}


@pytest.mark.parametrize(
    ("columns", "entry", "sentence"),
    [
        ([], None, "table note is not in"),
        ([sa.Column("body", sa.Text)], Table("A note."), "note.body can hold words"),
        ([sa.Column("body", sa.JSON)], Table("A note."), "note.body can hold words"),
        ([sa.Column("file", sa.LargeBinary)], Table("A note."), "note.file can hold words"),
        ([sa.Column("author_id", sa.ForeignKey("identity.id"))], Table("A note."), "note.author_id leads to rows about people"),
        ([sa.Column("author_id", sa.Integer)], Table("A note."), "note.author_id leads to rows about people"),
        ([], Table("A note.", columns={"body": Holds.PERSONAL}), "declares note.body, and there is no such column"),
        (
            [sa.Column("author_id", sa.ForeignKey("identity.id"), nullable=False)],
            Table("A note.", (Link("author_id", PERSON, Fate.UNLINKED),)),
            "note.author_id cannot be emptied: an erasure could not unlink it",
        ),
        (
            [sa.Column("author_id", sa.ForeignKey("identity.id"), nullable=False)],
            Table("A note.", (Link("author_id", PERSON, Fate.BLANKED),)),
            "note.author_id cannot be emptied: the row would still lead to the person",
        ),
        (
            [sa.Column("author_id", sa.ForeignKey("identity.id")), sa.Column("code", sa.Text, unique=True, nullable=False)],
            Table("A note.", (Link("author_id", PERSON, Fate.BLANKED),), {"code": Holds.SECRET}),
            "note.code cannot be emptied",
        ),
        ([sa.Column("a_id", sa.Integer)], Table("A note.", (Link("a_id", "elsewhere", Fate.KEPT),)), "whose rows lead to nobody"),
    ],
)
def test_what_is_forgotten_or_contradictory_is_found(columns, entry, sentence):
    inventory = PEOPLE if entry is None else {**PEOPLE, "note": entry}
    (problem,) = problems(tables(*columns), inventory)
    assert sentence in problem


def test_a_declaration_without_a_table_is_found():
    assert "there is no such table" in problems(tables(), {**PEOPLE, "note": Table("A note."), "gone": Table("Gone.")})[0]
