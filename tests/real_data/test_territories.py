"""The table of territories against the names and codes that the published editions carry."""

from __future__ import annotations

import csv

import pytest

from feedback_app.domain.territory import FRANCE, TERRITORIES, TerritoryKind
from tests.real_data.conftest import published

SYNTHESIS = "barometre/{edition}/barometre-resultats-synthese-{kind}.csv"


def written(edition: str, kind: str, column: str) -> set[tuple[str, str]]:
    with published(SYNTHESIS.format(edition=edition, kind=kind)).open(encoding="utf-8-sig", newline="") as file:
        return {(row[f"code_{column}"], row[f"libelle_{column}"]) for row in csv.DictReader(file)}


@pytest.mark.parametrize("edition", ["2021-05-07", "2023-01-19"])
@pytest.mark.parametrize(
    ("kind", "file", "column"), [(TerritoryKind.REGION, "regional", "region"), (TerritoryKind.DEPARTMENT, "departemental", "departement")]
)
def test_names_are_those_of_the_published_editions(edition, kind, file, column):
    ours = {(one.number, one.name.replace("’", "'")) for one in TERRITORIES.values() if one.kind is kind}
    assert written(edition, file, column) == ours


@pytest.mark.parametrize("edition", ["2024-05-31", "2024-10-17"])
def test_zones_are_those_of_the_published_editions(edition):
    folder = published(f"barometre/{edition}/config-viz.yml").parent / "data"
    zones: set[str] = set()
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as rows:
            zones |= {row["enforce_zone_id"] for row in csv.DictReader(rows)}
    assert zones == set(TERRITORIES)
    assert FRANCE in zones
