"""What the database promises to every layer: durable and fair on SQLite, no naive hour, no id twice, one transaction at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from feedback_app import create_app
from feedback_app.database import BUSY_TIMEOUT_SECONDS, begin_writing, db, insert_at_once, unit_of_work
from feedback_app.domain.contribution import ContributionKind, ContributionStatus
from feedback_app.models import Contribution, Identity, Topic, TopicKind
from feedback_app.services import identities
from tests.conftest import NOW, settings
from tests.databases import SqliteDatabase

INSERT = "INSERT INTO identity (email, email_key, created_at) VALUES ('{0}', '{0}', '2026-03-02 10:00:00')"
ON, FULL = 1, 2


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Flask]:
    """An application on a SQLite file of its own, within its context."""
    database = SqliteDatabase(tmp_path)
    app = create_app(settings(tmp_path / "instance", database.url))
    database.migrated(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def rival(sqlite: Flask) -> Iterator[sa.Connection]:
    """A second connection to the same file, that does not wait its turn for long."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
        connection.rollback()
        yield connection


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", FULL),
        ("foreign_keys", ON),
        ("secure_delete", ON),
        ("busy_timeout", BUSY_TIMEOUT_SECONDS * 1000),
    ],
)
def test_every_sqlite_connection_is_durable_and_strict(sqlite, pragma, value):
    with db.engine.connect() as one, db.engine.connect() as other:
        assert [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for connection in (one, other)] == [value, value]


def test_a_transaction_that_reads_first_fails_when_somebody_wrote_meanwhile(sqlite, rival):
    """Why ``begin_writing`` exists: no timeout helps here, the first reader's picture is too old to be written on."""
    db.session.scalars(sa.select(Identity)).all()
    rival.exec_driver_sql(INSERT.format("rival@exemple.test"))
    rival.commit()
    with pytest.raises(sa.exc.OperationalError, match="database is locked"):
        identities.find_or_create("lente@exemple.test", at=NOW)


def test_a_transaction_that_says_it_will_write_has_its_turn(sqlite, rival):
    begin_writing()
    db.session.scalars(sa.select(Identity)).all()
    with pytest.raises(sa.exc.OperationalError, match="database is locked"):
        rival.exec_driver_sql(INSERT.format("rival@exemple.test"))
    rival.rollback()
    identities.find_or_create("lente@exemple.test", at=NOW)
    db.session.commit()
    rival.exec_driver_sql(INSERT.format("rival@exemple.test"))
    rival.commit()
    assert set(db.session.scalars(sa.select(Identity.email))) == {"lente@exemple.test", "rival@exemple.test"}


def test_readers_do_not_wait_for_a_writer(sqlite, rival):
    begin_writing()
    identities.find_or_create("lente@exemple.test", at=NOW)
    assert rival.exec_driver_sql("SELECT count(*) FROM identity").scalar() == 0


def test_begin_writing_comes_before_the_first_read(context):
    db.session.scalars(sa.select(Identity)).all()
    with pytest.raises(RuntimeError, match="before"):
        begin_writing()


def test_a_unit_of_work_is_kept_whole(context):
    with unit_of_work():
        identities.find_or_create("a@exemple.test", at=NOW)
    assert db.session.scalars(sa.select(Identity.email)).all() == ["a@exemple.test"]


def test_a_unit_of_work_that_fails_leaves_nothing(context):
    def fail_late() -> None:
        with unit_of_work():
            identities.find_or_create("a@exemple.test", at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_late()
    assert db.session.scalars(sa.select(Identity.email)).all() == []


@pytest.mark.parametrize("naive", [datetime(2026, 3, 2, 10, 0), datetime(2026, 3, 2)], ids=["hour", "midnight"])  # noqa: DTZ001 - that is the point
def test_a_datetime_without_a_zone_is_refused(context, naive):
    with pytest.raises(sa.exc.StatementError, match="naive datetime"), unit_of_work():
        identities.find_or_create("a@exemple.test", at=naive)


def test_a_datetime_comes_back_in_utc_as_the_same_moment(context):
    in_paris = NOW.astimezone(timezone(timedelta(hours=2)))
    with unit_of_work():
        identities.find_or_create("a@exemple.test", at=in_paris)
    at = db.session.scalars(sa.select(Identity.created_at)).one()
    assert (at, at.tzinfo) == (NOW, UTC)


def test_moments_are_compared_as_moments(context):
    with unit_of_work():
        identities.find_or_create("a@exemple.test", at=NOW)
    tokyo = timezone(timedelta(hours=9))
    for moment, found in ((NOW.astimezone(tokyo), 1), (NOW.astimezone(tokyo) + timedelta(microseconds=1), 0)):
        count = sa.select(sa.func.count()).select_from(Identity).where(Identity.created_at >= moment)
        assert db.session.scalar(count) == found


def test_the_id_of_a_deleted_row_is_never_used_again(context):
    """A past event that names identity 1 must not point at somebody else."""
    ids = []
    for number in range(3):
        with unit_of_work():
            identity = identities.find_or_create(f"{number}@exemple.test", at=NOW)
            ids.append(identity.id)
        with unit_of_work():
            db.session.delete(db.session.get_one(Identity, ids[-1]))
    assert ids == sorted(set(ids))
    assert len(ids) == 3


def test_a_row_that_is_written_at_once_is_there_as_if_it_had_been_read(context, clock):
    with unit_of_work():
        topic = Topic(key="engagement:essai:1", kind=TopicKind.COMMITMENT, title="Essai", content_version=0)
        person = Identity(email="Jeanne@exemple.test", email_key="jeanne@exemple.test", created_at=clock())
        assert [insert_at_once(one) for one in (topic, person)] == [True, True]
        text = Contribution(
            topic=topic, identity=person, kind=ContributionKind.COMMENT, status=ContributionStatus.AWAITING_CONFIRMATION, form_key="k",
            language="fr", created_at=clock(),
        )  # fmt: skip
        assert insert_at_once(text)
        assert (text.identity_id, text.topic_id, text.current_version_id) == (person.id, topic.id, None)
        assert text in db.session
        assert not db.session.dirty
        person.email = "jeanne@exemple.test"
    found = db.session.get_one(Contribution, text.id)
    assert (found.identity.email, found.kind, found.created_at) == ("jeanne@exemple.test", ContributionKind.COMMENT, clock())


def test_a_row_whose_key_is_taken_is_not_written_and_the_rest_of_the_transaction_is(context, clock):
    first, second, third = (
        Identity(email=email, email_key=key, created_at=clock()) for email, key in (("a@b.fr", "a"), ("A@b.fr", "a"), ("c@b.fr", "c"))
    )
    with unit_of_work():
        assert [insert_at_once(one) for one in (first, second, third)] == [True, False, True]
    assert sorted(db.session.scalars(sa.select(Identity.email))) == ["a@b.fr", "c@b.fr"]
    assert second not in db.session
