"""The published plan 2021-2023 in the database, on both kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from feedback_app.database import db
from feedback_app.models import CaseEvent, Commitment, Milestone, Ministry
from tests.factories import Make


@pytest.fixture
def imported(app: Flask, published_plan: Path) -> dict[str, Any]:
    return report_of(run(app, published_plan))


def run(app: Flask, file: Path, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["plan", "import", str(file), "--json", *options])


def report_of(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def all_rows(app: Flask) -> dict[str, list[Any]]:
    with app.app_context():
        return {table.name: list(db.session.execute(select(table).order_by(table.c.id))) for table in db.metadata.sorted_tables}


def test_the_whole_plan_enters(make: Make, imported: dict[str, Any]) -> None:
    assert (imported["commitments"], imported["milestones"], imported["ministries"]) == (59, 163, 20)
    assert imported["created"] == {"plan": 1, "ministries": 20, "commitments": 59, "milestones": 163}
    assert [commitment.number for commitment in make.all(Commitment)] == list(range(1, 60))
    assert (len(make.all(Milestone)), len(make.all(Ministry)), len(make.all(CaseEvent))) == (163, 20, 60)


def test_again_it_changes_nothing(app: Flask, published_plan: Path, imported: dict[str, Any]) -> None:
    before = all_rows(app)
    again = report_of(run(app, published_plan))
    assert (again["changes"], again["missing"]) == ([], [])
    assert again["unchanged"] == imported["created"]
    assert all_rows(app) == before


def test_a_dry_run_writes_nothing(app: Flask, published_plan: Path) -> None:
    assert report_of(run(app, published_plan, "--dry-run"))["created"]["commitments"] == 59
    assert not any(all_rows(app).values())


def test_every_text_title_and_date_of_the_file_is_in_the_database(app: Flask, published_plan: Path, imported: dict[str, Any]) -> None:
    rows = {row["number"]: row for row in json.loads(published_plan.read_bytes())["commitments"]}
    with app.app_context():
        for found in db.session.scalars(select(Commitment)):
            row = rows[found.number]
            assert (found.title, found.topic.title, found.ministry.slug) == (row["title"], row["title"], row["ministry"])
            assert (found.lead, found.period_raw, found.other_actors) == (row["lead"], row["period"]["raw"], row["other_actors"])
            assert {section.kind.value: section.source for section in found.sections} == {
                kind: row[kind] for kind in ("problem", "commitment", "contribution", "ogp_relevance", "additional_info") if row[kind]
            }
            assert [(step.title, step.dates_raw, step.end and step.end.isoformat()) for step in found.milestones] == [
                (step["title"], step["dates_raw"], step["end"]) for step in row["milestones"]
            ]
