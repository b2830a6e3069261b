"""Rows read without the ORM: the same values as with it, in the same transaction, looked at only when somebody asks."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import bindparam, literal_column, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from feedback_app.database import begin_writing, db, unit_of_work
from feedback_app.domain.case import AWAITING_ANSWER, CaseStatus
from feedback_app.models import CitizenRequest, Topic
from feedback_app.services import plain_rows

R = CitizenRequest
EVERY_KIND = select(R.id, R.reference, R.kind, R.status, R.status_since, R.due_on, R.territory, R.reopened_at.is_not(None).label("again"))
OPEN_ONES = EVERY_KIND.where(R.status.in_(AWAITING_ANSWER), R.due_on >= bindparam("day"), R.status_since <= bindparam("since")).limit(5)


def test_values_are_those_of_the_orm(app, make, clock):
    for status in (CaseStatus.OPEN, CaseStatus.WAITING, CaseStatus.ANSWERED):
        make.request(status=status)
    values = {"day": date(2020, 1, 1), "since": clock()}
    with app.app_context():
        for statement, given in ((EVERY_KIND, {}), (OPEN_ONES, values)):
            expected = db.session.execute(statement, given).all()
            found = plain_rows.read(statement, given)
            assert [row._asdict() for row in found] == [row._asdict() for row in expected] != []
            assert {type(value) for row in found for value in row} == {type(value) for row in expected for value in row}


def test_a_statement_is_sent_with_the_values_of_each_time(app, make):
    first, second = make.request(), make.request()
    statement = select(R.reference).where(R.id == bindparam("id"))
    with app.app_context():
        assert [plain_rows.one(statement, {"id": one.id}).reference for one in (first, second, first)] == [
            one.reference for one in (first, second, first)
        ]
        with pytest.raises(LookupError, match="id"):
            plain_rows.read(statement, {})


def test_what_the_session_changed_is_seen_and_rolled_back_with_it(app, make):
    request = make.request()
    statement = select(Topic.title).where(Topic.id == bindparam("id"))
    with app.app_context():
        begin_writing()
        db.session.get_one(Topic, request.topic_id).title = "Un autre titre"
        assert plain_rows.one(statement, {"id": request.topic_id}).title == "Un autre titre"
        db.session.rollback()
        assert plain_rows.one(statement, {"id": request.topic_id}).title != "Un autre titre"


def test_rows_are_equal_when_the_database_said_the_same(app, make):
    for _number in range(3):
        make.request()
    with app.app_context():
        before, again = plain_rows.read(EVERY_KIND), plain_rows.read(EVERY_KIND)
        assert before == again
        assert hash(before) == hash(again)
        assert before.made(str) == again.made(str) != before
        assert list(before.made(str)) == [str(row) for row in before]
        assert [row.id for row in before[1:]] == [row.id for row in before][1:]
    make.request()
    with app.app_context():
        assert plain_rows.read(EVERY_KIND) != before


def test_it_counts_as_any_other_statement(app, statements):
    with app.app_context(), statements() as seen:
        plain_rows.read(EVERY_KIND)
    assert len(seen) == 1


def test_an_error_is_that_of_any_other_statement(app):
    with app.app_context(), pytest.raises(DBAPIError, match="no_such_table") as told:
        plain_rows.read(select(literal_column("1").label("one")).select_from(text("no_such_table")))
    assert type(told.value) in {OperationalError, ProgrammingError}


def test_each_transaction_has_its_own_connection(app, make):
    request = make.request()
    statement = select(Topic.title).where(Topic.id == bindparam("id"))
    with app.app_context():
        before = plain_rows.one(statement, {"id": request.topic_id}).title
        db.session.rollback()
        with unit_of_work():
            db.session.get_one(Topic, request.topic_id).title = "Un autre titre"
        assert before != plain_rows.one(statement, {"id": request.topic_id}).title == "Un autre titre"
