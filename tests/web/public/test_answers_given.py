"""``/transparence/reponses``: what is shown of how ministries answer, and what is too little to be shown."""

from __future__ import annotations

import csv
import io

import pytest

from feedback_app.database import unit_of_work
from feedback_app.domain.performance import FigureScope, Tally
from feedback_app.services import statistics

PATH = "/transparence/reponses"
MANY = Tally(
    received=1_234, answered=20, due=21, in_time=14, waiting=5, late=2, useful=7, partly=2, useless=3, delays=[*range(1, 19), 40, 60]
)
FEW = Tally(received=9, answered=9, due=9, in_time=9, waiting=1, useful=8, useless=1, delays=[3] * 9)


@pytest.fixture
def figures(app, make, clock):
    """``figures(by ministry name)``: the figures that the page shows."""

    def keep(**by_name: Tally) -> None:
        found = {make.ministry(name).id: tally for name, tally in by_name.items()}
        with app.app_context(), unit_of_work():
            statistics.keep({**found, FigureScope.ALL: MANY, FigureScope.NOBODY: Tally(received=1, waiting=1)}, at=clock())

    return keep


def cells(page, name: str) -> list[str]:
    (row,) = [row for row in page.all("tbody/tr") if "".join(row.itertext()).strip().startswith(name)]
    return ["".join(cell.itertext()).strip() for cell in row.findall("td")]


def test_before_the_first_computation_the_page_says_so(client):
    page = client.get_page(PATH)
    assert "pas encore calculés" in page.text()
    assert page.all("table") == []


def test_each_ministry_has_its_line(client, figures):
    figures(Santé=MANY)
    page = client.get_page(PATH)
    assert cells(page, "Santé") == ["1\u202f234", "20", "10 jours", "18 jours", "67\u202f%", "58\u202f%", "5", "2"]
    assert cells(page, "En attente d’un ministère")[0] == "1"
    assert cells(page, "Ensemble")[1] == "20"


def test_too_few_cases_are_said_and_counts_are_shown(client, figures):
    figures(Petit=FEW)
    few = "trop peu de cas"
    assert cells(client.get_page(PATH), "Petit") == ["9", "9", few, few, few, few, "1", "0"]


def test_the_file_says_the_same_and_runs_nothing(client, figures):
    figures(**{"=HYPERLINK(1)": MANY, "Petit": FEW})
    answer = client.get(PATH + ".csv")
    assert answer.mimetype == "text/csv"
    rows = {row["ministere"]: row for row in csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))}
    assert rows["'=HYPERLINK(1)"]["delai_90e_centile_jours_ouvres"] == "18"
    assert (rows["Petit"]["delai_median_jours_ouvres"], rows["Petit"]["dans_le_delai_pourcent"], rows["Petit"]["demandes_recues"]) == (
        "",
        "",
        "9",
    )


def test_the_page_has_the_same_statements_however_many_ministries_there_are(client, figures, statements):
    counts = []
    for number in (1, 12):
        figures(**{f"Ministère {number}-{one}": MANY for one in range(number)})
        with statements() as seen:
            client.get_page(PATH)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 4


def test_every_page_leads_there_and_it_exists_in_english(client, figures):
    figures(Santé=MANY)
    assert PATH in client.get_page("/").links()
    assert "Answers in figures" in client.get_page("/en" + PATH).text()
