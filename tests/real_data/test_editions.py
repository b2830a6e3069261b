"""The four published editions through the command, on both databases. The figures were counted by hand or with plain ``csv``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from feedback_app.database import db
from feedback_app.domain.barometer import RevisionDirection, RevisionKind, RevisionSize, Series
from feedback_app.models import Edition, FigureRevision, Indicator, Observation
from tests.real_data.conftest import published

# Figures: indicators, territories, observations, targets, baselines.
COUNTS = {
    "2021-05-07": (45, 120, 5221, 2379, 4509),
    "2023-01-19": (57, 120, 9672, 4340, 6023),
    "2024-05-31": (106, 120, 53153, 6912, 7836),
    "2024-10-17": (106, 120, 61955, 7011, 8162),
}
BAROMETERS = {"premier": ("2021-05-07", "2023-01-19"), "second": ("2024-05-31", "2024-10-17")}
ENTRY = {"premier": "barometre-resultats-synthese-national.csv", "second": "config-viz.yml"}


def folder(barometer: str, edition: str) -> Path:
    return published(f"barometre/{edition}/{ENTRY[barometer]}").parent


def load(app: Flask, barometer: str, edition: str, *options: str) -> dict[str, Any]:
    arguments = ["barometer", "import", str(folder(barometer, edition)), "--barometer", barometer, "--date", edition, "--json", *options]
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


@pytest.fixture(params=BAROMETERS)
def imported(request: pytest.FixtureRequest, app: Flask) -> tuple[str, list[dict[str, Any]]]:
    """Both editions of a barometer, published, and what the command said of each."""
    barometer = request.param
    for edition in BAROMETERS[barometer]:
        folder(barometer, edition)
    assert app.test_cli_runner().invoke(args=["barometer", "create", barometer, "--name", barometer]).exit_code == 0
    return barometer, [load(app, barometer, edition, "--publish") for edition in BAROMETERS[barometer]]


def changes(app: Flask, code: str, kind: RevisionKind) -> list[FigureRevision]:
    """The national revisions of an indicator."""
    statement = select(FigureRevision).join(Indicator, Indicator.id == FigureRevision.indicator_id)
    mine = (Indicator.code == code, FigureRevision.territory == "FRANCE", FigureRevision.kind == kind)
    with app.app_context():
        return list(db.session.scalars(statement.where(*mine)))


def test_the_editions_enter_whole_and_the_changes_between_them_are_found(app: Flask, imported: tuple[str, list[dict[str, Any]]]) -> None:
    barometer, reports = imported
    for report in reports:
        found = tuple(report[name] for name in ("indicators", "territories", "observations", "targets", "baselines"))
        assert found == COUNTS[report["date"]]
        assert report["status"] == "published"
    with app.app_context():
        stored = select(Edition.date, func.count()).join(Observation, Observation.edition_id == Edition.id).group_by(Edition.date)
        assert {str(on): count for on, count in db.session.execute(stored)} == {on: COUNTS[on][2] for on in BAROMETERS[barometer]}
    again = load(app, barometer, BAROMETERS[barometer][1])
    assert (again["status"], again["revisions"]) == ("unchanged", reports[1]["revisions"])
    if barometer == "premier":
        _named_examples(app)
        _two_series(app)
    else:
        assert sum(reports[1]["revisions_by_size"]["rounding"].values()) == 2286
        assert reports[1]["new_observations"] == 61955 - 53153 + reports[1]["revisions"]["observation_removed"]


def _named_examples(app: Flask) -> None:
    (prisoners,) = changes(app, "tx-detenus-formation", RevisionKind.TARGET_CHANGED)
    assert (prisoners.old_number, prisoners.new_number, str(prisoners.new_date)) == (19, 11, "2022-12-31")
    assert (prisoners.size, prisoners.direction) == (RevisionSize.REAL, RevisionDirection.EASIER)
    (roads,) = changes(app, "nb-morts-routes", RevisionKind.BASELINE_CHANGED)
    assert (roads.old_number, roads.new_number, str(roads.new_date)) == (3684, 3448, "2017-12-31")
    (target,) = changes(app, "nombre-contrats-apprentissage", RevisionKind.TARGET_CHANGED)
    (baseline,) = changes(app, "nombre-contrats-apprentissage", RevisionKind.BASELINE_CHANGED)
    assert (target.old_number, target.new_number, target.direction) == (450000, 520000, RevisionDirection.HARDER)
    assert (baseline.old_number, baseline.new_number) == (294958, 305271)


def _two_series(app: Flask) -> None:
    """Road deaths: a year's total in the synthesis, a month's in the detail."""
    with app.app_context():
        statement = select(Observation.series, func.count()).join(Indicator, Indicator.id == Observation.indicator_id)
        found = db.session.execute(statement.where(Indicator.code == "nb-morts-routes").group_by(Observation.series))
        assert {series for series, _count in found} == {Series.HEADLINE, Series.PERIODIC}


def test_a_dry_run_of_a_real_edition_tells_the_same_and_writes_nothing(app: Flask) -> None:
    folder("second", "2024-10-17")
    app.test_cli_runner().invoke(args=["barometer", "create", "second", "--name", "second"])
    report = load(app, "second", "2024-10-17", "--dry-run", "--publish")
    assert tuple(report[name] for name in ("indicators", "territories", "observations", "targets")) == (106, 120, 61955, 7011)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Edition)) == 0
