"""The real editions in a real browser without scripts: a journalist and two changed figures, a citizen and their département."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.person import Person
from tests.real_data.conftest import published
from tests.servers import browser as chromium
from tests.servers import need
from tests.servers.site import RunningSite

EDITIONS = (("resultats", "2021-05-07"), ("resultats", "2023-01-19"), ("politiques", "2024-10-17"))
ARCHIVED, ACTIVE = "/barometre/resultats/", "/barometre/politiques/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site with both barometers, imported by our commands."""
    folders = [published(f"barometre/{date}/{part}").parents[part.count("/")] for (_slug, date), part in zip(EDITIONS, PARTS, strict=True)]
    need(chromium.available())
    folder = tmp_path_factory.mktemp("barometer")
    site = RunningSite(folder, f"sqlite:///{folder / 'site.db'}")
    site.flask("barometer", "create", "resultats", "--name", "Baromètre des résultats de l’action publique")
    site.flask("barometer", "create", "politiques", "--name", "Baromètre des politiques prioritaires", "--active")
    for (slug, date), edition in zip(EDITIONS, folders, strict=True):
        site.flask("barometer", "import", str(edition), "--barometer", slug, "--date", date, "--publish")
    with site:
        yield site


PARTS = ("barometre-resultats-synthese-national.csv",) * 2 + ("config-viz.yml",)


@pytest.mark.parametrize(
    ("kind", "indicator", "change"),
    [
        ("Cible modifiée", "Taux de personnes détenues ayant bénéficié d", "La cible (31 déc. 2022) passe de 19 à 11."),
        (
            "Valeur de départ modifiée",
            "Nombre de morts sur les routes",
            "La valeur de départ (31 déc. 2017) passe de 3\u202f684 à 3\u202f448.",
        ),
    ],
)
def test_a_journalist_finds_a_changed_figure_in_two_clicks(citizen: Person, kind: str, indicator: str, change: str) -> None:
    citizen.open(ARCHIVED)
    citizen.follow(f"{kind}\u00a0: tout voir")
    citizen.sees(indicator, change)
    citizen.follow(indicator)
    citizen.sees(change, "édition du 19 janvier 2023", "ancien chiffre, révisé depuis")
    assert citizen.path.startswith(f"{ARCHIVED}indicateurs/")


def test_a_citizen_of_the_rhone_sees_where_things_stand(citizen: Person) -> None:
    citizen.open("/")
    citizen.write("Mon département", "69003")
    citizen.press("Trouver")
    citizen.reads_the_title("Les résultats dans le Rhône")
    citizen.follow("Part des élèves maitrisant la résolution de problèmes de mathématiques en début de 6°")
    citizen.sees(
        "Où en est-on dans le Rhône",
        "53,8",
        "59,2",
        "Taux d’atteinte de la cible, tel que publié\u00a0: 41,3\u202f%",
        "édition du 17 octobre 2024",
    )
    citizen.choose("Territoire", "Isère (38)")
    citizen.press("Voir")
    citizen.sees("Où en est-on en Isère")
    citizen.follow("Commenter cet indicateur", within=citizen.main)
    citizen.reads_the_title("Écrire un commentaire")


def test_every_kind_of_page_is_accessible_and_narrow_enough(citizen: Person) -> None:
    """Each page that somebody opens is inspected (axe, 320 px, both colour schemes) when the test ends."""
    for path in (
        "/barometre/",
        ACTIVE,
        f"{ACTIVE}?q=logement",
        f"{ACTIVE}territoires/?lieu=rhone",
        f"{ACTIVE}territoires/D974",
        f"{ACTIVE}indicateurs/IND-736",
        f"{ACTIVE}editions/",
        f"{ARCHIVED}editions/2023-01-19",
        f"{ARCHIVED}indicateurs/nb-morts-routes",
        f"/en{ARCHIVED}indicateurs/nombre-contrats-apprentissage?territoire=D35",
    ):
        citizen.open(path)
        assert citizen.status == 200, path
