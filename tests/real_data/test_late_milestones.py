"""On the published plan the dashboard names the late milestones of a given day exactly: recounted in raw SQL, and from the file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from feedback_app.database import db
from feedback_app.domain.commitment import CommitmentAction
from feedback_app.models import Commitment
from tests.conftest import Clock
from tests.factories import Make
from tests.pages import Page, PageClient, words
from tests.progress_factories import move, said

DAYS = ["2021-10-01", "2022-01-01", "2022-06-30", "2022-07-01", "2023-01-01", "2024-01-01"]
PROOF = "https://exemple.fr/preuve"
# Written out here on purpose: it shares nothing with the service.
RECOUNT = """
    SELECT c.number, m.title FROM milestone m JOIN commitment c ON c.id = m.commitment_id
    WHERE m."end" IS NOT NULL AND m."end" < :day AND m.dropped_at IS NULL
      AND m.status NOT IN ('completed', 'partly_completed', 'abandoned', 'carried_over')
    ORDER BY m."end", m.id
"""
LATE = """
    SELECT c.number FROM commitment c WHERE c."end" < :day
    AND c.status NOT IN ('completed', 'partly_completed', 'abandoned', 'carried_over') ORDER BY c.number
"""


@pytest.fixture
def plan(app: Flask, published_plan: Path, make: Make, clock: Clock) -> list[Commitment]:
    """The plan, in which one milestone of each of the first commitments with milestones was completed."""
    assert app.test_cli_runner().invoke(args=["plan", "import", str(published_plan)]).exit_code == 0
    with app.app_context():
        found = [one.id for one in db.session.scalars(sa.select(Commitment).order_by(Commitment.number)) if one.milestones][:3]
    moved = []
    for row_id in found:
        with app.app_context():
            commitment = db.session.get_one(Commitment, row_id)
            step = commitment.milestones[0].id
            db.session.expunge_all()
        make.update(commitment, said("Commencé.", move(CommitmentAction.START, step)))
        moved.append(make.update(commitment, said("Achevé.", move(CommitmentAction.COMPLETE, step, PROOF))).commitment)
    return moved


def named(client: PageClient) -> list[tuple[int, str]]:
    """Every late milestone that the pages name, in their order."""
    found, address = [], "/engagements/jalons-en-retard?plan=2021-2023"
    while address:
        page = client.get_page(address)
        found += [_row(row) for row in page.all("main//tbody/tr")]
        address = page.next_page
    return found


def _row(row: object) -> tuple[int, str]:
    title, commitment = row.find("th"), row.find("td//a")  # type: ignore[attr-defined]
    return int(words(commitment).split(".")[0]), words(title)


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("day", DAYS)
def test_the_late_milestones_of_a_day_are_named_exactly(app: Flask, client: PageClient, clock: Clock, plan: list[Commitment], day: str):
    clock.now = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=UTC)
    with app.app_context():
        expected = [(number, folded(title)) for number, title in db.session.execute(sa.text(RECOUNT), {"day": day}).all()]
        late = [number for (number,) in db.session.execute(sa.text(LATE), {"day": day}).all()]
    assert named(client) == expected

    dashboard = client.get_page("/engagements/?plan=2021-2023")
    said = dashboard.text("main")
    assert (f"{len(expected)} jalons en retard" in said) == (len(expected) > 1)
    assert ("Aucun jalon n’est en retard." in said) == (not expected)
    assert figure(dashboard, "en retard") == len(late)
    rows = client.get("/engagements/engagements.csv?plan=2021-2023").text.splitlines()
    assert len(rows) >= 60


def figure(page: Page, words_of_it: str) -> int:
    (item,) = [item for item in page.all("ul[@class='ds-figures']/li") if words(item).endswith(f" {words_of_it}")]
    return int(words(item).split()[0])


def test_without_any_news_the_file_alone_says_which_are_late(app: Flask, client: PageClient, published_plan: Path, clock: Clock):
    assert app.test_cli_runner().invoke(args=["plan", "import", str(published_plan)]).exit_code == 0
    clock.now = datetime(2022, 7, 1, 10, tzinfo=UTC)
    document = json.loads(published_plan.read_bytes())
    expected = sorted(
        (row["number"], folded(step["title"]))
        for row in document["commitments"]
        for step in row["milestones"]
        if step["end"] and step["end"] < "2022-07-01"
    )
    assert expected
    assert sorted(named(client)) == expected
