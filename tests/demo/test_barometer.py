"""The barometer of the demo: made of files that the importer takes, with revisions that are worth a look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from feedback_app.database import db, unit_of_work
from feedback_app.demo import barometer, barometer_files, seed
from feedback_app.demo.indicators import EDITIONS, QUARTERS, REFORMS, SPECS
from feedback_app.demo.plan_file import plan_file
from feedback_app.domain.barometer import EditionStatus, RevisionDirection, RevisionKind, RevisionSize, Series
from feedback_app.domain.territory import FRANCE, TERRITORIES, TerritoryKind
from feedback_app.importers.barometer import read_edition
from feedback_app.models import Edition, FigureRevision, Indicator, Observation, Reform, Target
from feedback_app.services import barometers, editions, plans
from tests.conftest import NOW, Clock
from tests.databases import SqliteDatabase
from tests.demo.sites import demo_site

TODAY = NOW.date()
DAYS = [date(2026, 1, 1), date(2026, 3, 2), date(2026, 5, 20), date(2026, 11, 26), date(2028, 2, 29)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demo with the plan and the barometer, nobody having said a word yet."""
    folder: Path = tmp_path_factory.mktemp("barometer")
    database = SqliteDatabase(folder)
    with demo_site(folder, database.url, Clock()) as app:
        database.migrated(app)
        with app.app_context(), unit_of_work():
            plans.import_plan(plan_file(NOW.date()), at=datetime(2025, 1, 1, tzinfo=UTC))
            for turn in barometer.publications(NOW, seed.SEED):
                turn.act(turn.at)
        yield app


@pytest.mark.parametrize("day", DAYS)
def test_editions_know_whole_quarters_of_the_past(day: date) -> None:
    dates = [barometer_files.edition_date(number, day) for number in range(EDITIONS)]
    newest = barometer_files.last_quarter(day)
    assert dates == sorted(dates)
    assert newest < dates[-1] < day
    assert (newest.month, newest.day) in {(3, 31), (6, 30), (9, 30), (12, 31)}
    assert (day - dates[0]).days < 540


@pytest.mark.parametrize("number", range(EDITIONS))
def test_the_importer_takes_each_edition_without_a_word(number: int) -> None:
    edition = read_edition(barometer_files.files(number, seed=1, today=TODAY))
    assert edition.warnings == ()
    assert {row.code for row in edition.indicators} == {spec.code for spec in SPECS if spec.since <= number}


def test_the_same_seed_and_day_give_the_same_files() -> None:
    def made(seed_: int) -> dict[str, bytes]:
        return barometer_files.files(2, seed=seed_, today=TODAY)

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_fifteen_indicators_two_series_eight_quarters(site: Flask) -> None:
    with site.app_context():
        found = barometers.active()
        assert found is not None
        assert "données fictives" in found.name
        newest = editions.latest(found)
        assert newest is not None
        assert [edition.status for edition in editions.all_of(found)] == [EditionStatus.PUBLISHED] * EDITIONS
        series = db.session.execute(
            select(Observation.indicator_id, Observation.series, func.count())
            .where(Observation.edition_id == newest.id, Observation.territory == FRANCE)
            .group_by(Observation.indicator_id, Observation.series)
        ).all()
    assert len({row[0] for row in series}) == len(SPECS) == 15
    assert {row[2] for row in series if row[1] is Series.PERIODIC} == {QUARTERS}


def test_most_indicators_say_something_of_each_departement(site: Flask) -> None:
    with site.app_context():
        told = db.session.execute(
            select(Observation.indicator_id, Observation.territory).where(Observation.series == Series.HEADLINE).distinct()
        ).all()
    departments = {code for code, place in TERRITORIES.items() if place.kind is TerritoryKind.DEPARTMENT}
    by_indicator = [len([row for row in told if row[0] == one and row[1] in departments]) for one in {row[0] for row in told}]
    assert sum(count > 90 for count in by_indicator) >= 11
    assert all(count < len(departments) for count in by_indicator), "somebody never sends anything"


def test_a_target_was_made_easier_after_it_was_missed(site: Flask) -> None:
    with site.app_context():
        last, before = db.session.scalars(
            select(Edition).where(Edition.status == EditionStatus.PUBLISHED).order_by(Edition.date.desc()).limit(2)
        ).all()
        indicator = db.session.execute(select(Indicator).where(Indicator.code == "cars-a-l-heure")).scalar_one()
        national = (Target.indicator_id == indicator.id, Target.territory == FRANCE)
        promised = db.session.execute(select(Target).where(Target.edition_id == before.id, *national)).scalar_one()
        reached = db.session.execute(
            select(Observation).where(
                Observation.edition_id == before.id,
                Observation.indicator_id == indicator.id,
                Observation.territory == FRANCE,
                Observation.series == Series.HEADLINE,
            )
        ).scalar_one()
        eased = db.session.execute(
            select(FigureRevision).where(
                FigureRevision.edition_id == last.id, FigureRevision.indicator_id == indicator.id, FigureRevision.territory == FRANCE
            )
        ).scalar_one()
    assert promised.date is not None
    assert promised.date <= reached.date
    assert reached.number < promised.number
    assert (eased.kind, eased.direction) == (RevisionKind.TARGET_MOVED, RevisionDirection.EASIER)


def test_revisions_are_of_many_kinds_and_roundings_are_known_as_such(site: Flask) -> None:
    with site.app_context():
        rows = db.session.execute(
            select(FigureRevision.kind, FigureRevision.size, FigureRevision.direction, func.count()).group_by(
                FigureRevision.kind, FigureRevision.size, FigureRevision.direction
            )
        ).all()
    assert {row[2] for row in rows} >= {RevisionDirection.EASIER, RevisionDirection.HARDER}
    assert {row[0] for row in rows} >= {
        RevisionKind.INDICATOR_ADDED,
        RevisionKind.NAME_CHANGED,
        RevisionKind.TARGET_CHANGED,
        RevisionKind.TARGET_MOVED,
        RevisionKind.BASELINE_CHANGED,
        RevisionKind.OBSERVATION_CHANGED,
    }
    observed = {row[1]: row[3] for row in rows if row[0] is RevisionKind.OBSERVATION_CHANGED}
    assert observed[RevisionSize.ROUNDING] > 1_000
    assert 5 < observed[RevisionSize.REAL] < 60


def test_every_reform_but_one_has_its_ministry(site: Flask) -> None:
    with site.app_context():
        found = {
            reform.name: reform.ministry.slug if reform.ministry else None
            for reform in db.session.scalars(select(Reform).join(Indicator, Indicator.reform_id == Reform.id))
        }
    assert found == REFORMS
    assert list(found.values()).count(None) == 1
