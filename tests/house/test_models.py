"""The tables as the models declare them: values of enumerations, moments with a zone, ids that are never used again."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from feedback_app import create_app, models
from feedback_app.database import Base, UTCDateTime, db
from tests.conftest import settings
from tests.databases import SqliteDatabase
from tests.house.rows import fill

LONGEST_VALUE = 40


class Unlike(enum.Enum):
    """Names and values that differ in more than their case."""

    FIRST = "one"


def columns() -> Iterator[sa.Column[object]]:
    for table in db.metadata.tables.values():
        yield from table.columns


def enum_columns() -> list[sa.Column[object]]:
    return [column for column in columns() if isinstance(column.type, sa.Enum)]


def named(column: sa.Column[object]) -> str:
    return str(column)


def stored_wrongly(column_type: sa.Enum) -> list[str]:
    """What is wrong with the column type of an enumeration."""
    enum_class = column_type.enum_class
    if enum_class is None:
        return ["it has no class"]
    problems = {
        "it stores names": column_type.enums != [member.value for member in enum_class],
        "it is a type of its own in PostgreSQL": column_type.native_enum,
        "it has a CHECK: a new member would need a migration": column_type.create_constraint,
        "a value is too long": max(len(member.value) for member in enum_class) > LONGEST_VALUE,
        "it has another length": column_type.length != LONGEST_VALUE,
    }
    return [problem for problem, there in problems.items() if there]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with rows in every table."""
    folder: Path = tmp_path_factory.mktemp("models")
    database = SqliteDatabase(folder)
    app = create_app(settings(folder / "instance", database.url))
    database.migrated(app)
    fill(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("column", enum_columns(), ids=named)
def test_an_enumeration_is_declared_as_its_values_in_forty_characters(column):
    assert stored_wrongly(column.type) == []


@pytest.mark.parametrize("column", enum_columns(), ids=named)
def test_the_database_holds_the_values_of_an_enumeration(full, column):
    with full.app_context():
        stored = set(db.session.scalars(sa.text(f'SELECT DISTINCT "{column.name}" FROM "{column.table.name}"'))) - {None}
    assert stored, "no sample row has one"
    assert stored <= {member.value for member in column.type.enum_class}


def test_sqlalchemy_s_own_way_of_storing_an_enumeration_is_found():
    assert stored_wrongly(sa.Enum(Unlike)) == ["it stores names", "it is a type of its own in PostgreSQL", "it has another length"]


def test_every_moment_has_a_zone():
    moments = [column for column in columns() if isinstance(column.type, sa.DateTime | UTCDateTime)]
    assert moments
    assert [named(column) for column in moments if not isinstance(column.type, UTCDateTime)] == []


def test_every_table_says_that_its_ids_are_never_used_again():
    """``__table_args__`` of a model replaces that of ``Base``: it has to say so again."""
    assert [name for name, table in db.metadata.tables.items() if not table.dialect_options["sqlite"]["autoincrement"]] == []


def test_every_constraint_has_a_name():
    """A migration can only drop what has one."""
    for table in db.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint!r}"


def test_every_foreign_key_that_may_cascade_has_an_index_that_begins_with_it():
    """Without one, each deletion of a parent reads the whole table of the children."""
    missing = []
    for table in db.metadata.tables.values():
        indexes = [list(index.columns.keys()) for index in table.indexes]
        indexes += [list(c.columns.keys()) for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
        for key in table.foreign_key_constraints:
            columns = key.column_keys
            missing += [] if any(index[: len(columns)] == columns for index in indexes) else [f"{table.name}: {', '.join(columns)}"]
    assert missing == []


def test_the_package_exports_every_table():
    classes = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    assert classes - set(models.__all__) == set()
