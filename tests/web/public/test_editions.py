"""The editions of a barometer: what each changed, on pages and in a file."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from feedback_app.domain.barometer import EditionStatus
from feedback_app.services import revisions
from tests.barometers import after_revision, edition_file, indicator
from tests.pages import words

BASE = "/barometre/essai/editions"
PAGE = f"{BASE}/2026-01-31"


@pytest.fixture
def barometer(make):
    return make.revised_indicator("essai").barometer


def listed(page):
    return [words(item) for item in page.all("main//ul/li") if item.get("class") == "ds-item"]


def changes(page):
    """What the page says of each change, told alone or with others."""
    alone = [words(item) for item in page.all("main//ul/li") if item.get("class") == "ds-item" and item.find(".//details") is None]
    return alone + [words(one) for one in page.all("main//details[@class='ds-details ds-details--quiet']//li")]


def file_of(client, query=""):
    answer = client.get(f"{PAGE}/revisions.csv{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_editions_are_listed_the_newest_first_with_what_they_changed(client, barometer):
    found = listed(client.get_page(f"{BASE}/"))
    assert found[0].startswith("Édition du 31 janvier 2026")
    assert all(fact in found[0] for fact in ("3 indicateurs", "3 territoires", "7 valeurs", "13 changements réels"))
    assert found[1].startswith("Édition du 30 juin 2025")
    assert "changement" not in found[1], "the first one changed nothing"


def test_an_edition_lists_what_it_changed_without_the_roundings(client, barometer):
    page = client.get_page(PAGE)
    assert page.h1 == "Édition du 31 janvier 2026"
    assert "Ce qu’elle a changé aux chiffres de l’édition du 30 juin 2025" in page.text("main")
    found = listed(page)
    expected = (
        ("Cible modifiée", "Indicateur IND-001", "La cible (31 déc. 2026) passe de 19 à 11.", "Cible plus facile à atteindre", "France"),
        ("Nom modifié", "Délai moyen de réponse", "Il s’appelait « Délai de réponse »."),
        ("Sens modifié", "Sens attendu : « Doit diminuer » devient « Doit augmenter »."),
        ("Nouvel indicateur", "Appels reçus"),
        ("Indicateur disparu", "Guichets mobiles"),
    )
    for facts in expected:
        assert any(all(fact in one for fact in facts) for one in found), facts
    assert not any("100,1" in one for one in found)
    assert len(found) == len(file_of(client))


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("?genre=target_changed", {"target_changed"}),
        ("?genre=target_moved", {"target_moved"}),
        ("?taille=rounding", {"observation_changed"}),
        ("?sens=easier", {"target_changed"}),
        ("?sens=harder", {"target_moved"}),
        ("?territoire=R84", {"target_removed", "baseline_removed"}),
        ("?territoire=D01", {"target_added"}),
        ("?reforme=CH-001&genre=name_changed", {"name_changed"}),
        ("?reforme=CH-999", set()),
    ],
)
def test_the_list_and_the_file_are_narrowed_in_the_same_way(client, barometer, query, kinds):
    rows, found = file_of(client, query), listed(client.get_page(PAGE + query))
    assert {row["type"] for row in rows} == kinds
    assert len(rows) == len(found)
    (link,) = [link for link in client.get_page(PAGE + query).links() if "revisions.csv" in link] or [None]
    assert (link is None) == (not kinds)
    assert link is None or dict(pair.split("=") for pair in link.split("?")[1].split("&")) == dict(
        pair.split("=") for pair in query[1:].split("&")
    )


def test_a_filter_that_nobody_can_read_narrows_nothing(client, barometer):
    assert len(listed(client.get_page(f"{PAGE}?genre=x&taille=x&sens=x&territoire=84"))) == len(listed(client.get_page(PAGE)))


def test_everything_can_be_asked_for_roundings_included(client, barometer):
    everything = file_of(client, "?taille=toutes")
    assert {row["taille"] for row in everything} == {"real", "rounding"}
    assert len(everything) == len(file_of(client)) + len(file_of(client, "?taille=rounding"))


def test_the_file_says_each_change_as_published(client, barometer):
    (row,) = file_of(client, "?genre=target_changed")
    assert row == {
        "type": "target_changed", "taille": "real", "effet": "easier", "code_indicateur": "IND-001", "indicateur": "Indicateur IND-001",
        "unite": "'% des guichets ouverts", "code_reforme": "CH-001", "reforme": "Ouvrir les guichets", "code_territoire": "FRANCE",
        "territoire": "France", "serie": "", "ancienne_valeur": "19.0", "nouvelle_valeur": "11.0", "ancienne_date": "2026-12-31",
        "nouvelle_date": "2026-12-31",
    }  # fmt: skip


def test_no_cell_of_the_file_runs_in_a_spreadsheet(client, make):
    barometer = make.barometer("essai")
    make.edition(edition_file(indicator(name="Sage")), barometer=barometer, on=date(2025, 6, 30))
    make.edition(edition_file(indicator(name='=HYPERLINK("x")')), barometer=barometer)
    (row,) = file_of(client)
    assert row["indicateur"] == '\'=HYPERLINK("x")'
    assert row["ancienne_valeur"] == "Sage"


def test_counts_by_kind_and_size_stand_on_the_page(client, barometer):
    rows = [[words(cell) for cell in row] for row in client.get_page(PAGE).all("main//tbody/tr")]
    assert ["Valeur passée modifiée", "1", "1"] in rows
    assert ["Cible modifiée", "1", "0"] in rows
    assert sum(int(row[1]) for row in rows) == len(file_of(client))


def test_the_list_goes_on_page_by_page_with_its_filters(client, make, monkeypatch):
    monkeypatch.setattr(revisions, "PAGE_SIZE", 2)
    barometer = make.barometer("essai")
    places = ("FRANCE", "D01", "D02", "D03", "D04")
    for on, value in ((date(2025, 6, 30), "5"), (date(2026, 1, 31), "6")):
        make.edition(edition_file(indicator(targets={place: {"2027-12-31": value} for place in places})), barometer=barometer, on=on)
    seen, path = [], f"{PAGE}?genre=target_changed"
    while path:
        page = client.get_page(path)
        seen += changes(page)
        path = page.next_page
        assert path is None or "genre=target_changed" in path
    assert len(seen) == len(set(seen)) == 5


def test_what_changed_alike_in_many_territories_is_told_once_and_unfolds(client, make):
    barometer = make.barometer("essai")
    for on, value, there in ((date(2025, 6, 30), "5", "7"), (date(2026, 1, 31), "6", "8")):
        same = indicator(targets={place: {"2027-12-31": value} for place in ("R84", "R53", "R11")})
        other = indicator("IND-002", targets={"D01": {"2027-12-31": value}, "D02": {"2027-12-31": there}})
        make.edition(edition_file(same, other), barometer=barometer, on=on)
    page = client.get_page(PAGE)
    regions, departments = listed(page)
    for said in ("La cible (31 déc. 2027) passe de 5 à 6.", "3 territoires", "Voir ces 3 changements, un par un"):
        assert said in regions.split("Île-de-France")[0]
    assert "passe" not in departments.split("Voir ces")[0], "two different sentences are none for both"
    for place, change in zip(("Auvergne-Rhône-Alpes", "Bretagne", "Île-de-France", "Ain", "Aisne"), changes(page), strict=True):
        assert change.startswith(place)
    assert "La cible (31 déc. 2027) passe de 7 à 8." in changes(page)[-1]
    assert "/barometre/essai/indicateurs/IND-001?territoire=R53" in page.links()
    assert any("territoire=D02" in link and "revision=target_changed" in link for link in page.links()), "each can be asked about"


def test_the_first_edition_changed_nothing(client, barometer):
    page = client.get_page(f"{BASE}/2025-06-30")
    assert "C’est la première édition de ce baromètre" in page.text("main")
    assert page.all("main//form") == []


def test_a_withdrawn_edition_gives_its_reason_and_nothing_else(client, make, barometer):
    make.edition(
        edition_file(indicator(name="Nom retiré", values={"FRANCE": {"2026-02-28": "777"}})),
        barometer=barometer,
        on=date(2026, 2, 28),
        status=EditionStatus.WITHDRAWN,
        reason="Un fichier était faux.",
    )
    page = client.get_page(f"{BASE}/2026-02-28")
    assert "Cette édition a été retirée le" in page.text("main")
    assert "Un fichier était faux." in page.text("main")
    assert "777" not in page.text("main")
    assert "Nom retiré" not in page.text("main")
    assert client.get(f"{BASE}/2026-02-28/revisions.csv").status_code == 404
    assert "Retirée" in client.get_page(f"{BASE}/").text("main")
    assert client.get_page("/barometre/essai/").text("main").count("31 janvier 2026") == 1


def test_the_edition_that_replaces_a_withdrawn_one_tells_of_it(client, make):
    barometer = make.barometer("essai")
    make.edition(barometer=barometer, status=EditionStatus.WITHDRAWN, reason="Un fichier était faux.")
    make.edition(after_revision(), barometer=barometer)
    page = client.get_page(PAGE)
    assert "Une première version de cette édition a été retirée" in page.text("main")
    assert "Un fichier était faux." in page.text("main")


def test_changes_are_hidden_until_they_are_computed_again(client, make):
    barometer = make.barometer("essai")
    make.edition(barometer=barometer, on=date(2025, 1, 31))
    first = edition_file(indicator(targets={"FRANCE": {"2027-12-31": "19"}}))
    middle = make.edition(first, barometer=barometer, on=date(2025, 6, 30))
    make.edition(edition_file(indicator(targets={"FRANCE": {"2027-12-31": "11"}})), barometer=barometer)
    assert "passe de 19 à 11" in client.get_page(PAGE).text("main")
    make.withdrawal(middle)
    page = client.get_page(PAGE)
    assert "La comparaison est en cours" in page.text("main")
    assert "passe de 19 à 11" not in page.text("main")
    assert client.get(f"{PAGE}/revisions.csv").status_code == 404
    assert "passe de 19 à 11" not in client.get_page("/barometre/essai/indicateurs/IND-001").text("main")
    assert "passe de 19 à 11" not in client.get_page("/barometre/essai/").text("main")


@pytest.mark.parametrize("day", ["2026-01-30", "20260131", "2026-1-31", "hier", "2026-W05-6"])
def test_a_date_without_an_edition_is_not_found(client, barometer, day):
    client.get_page(f"{BASE}/{day}", 404)


def test_the_barometer_page_names_the_changes_of_france_that_tell_most(client, barometer):
    page = client.get_page("/barometre/essai/")
    assert "Ce que cette édition a changé pour la France" in page.text("main")
    assert "La cible (31 déc. 2026) passe de 19 à 11." in page.text("main")
    assert "La valeur de départ (31 déc. 2022) passe de 6,5 à 6." in page.text("main")
    assert f"{PAGE}?genre=target_changed&territoire=FRANCE" in page.links()


def test_an_edition_asks_the_same_few_questions_whatever_it_changed(client, make, statements):
    barometer = make.barometer("essai")
    places = [f"D{number:02}" for number in range(1, 20)]
    for on, value in ((date(2025, 6, 30), "5"), (date(2026, 1, 31), "6")):
        found = [indicator(f"IND-{n}", targets={place: {"2027-12-31": value} for place in places}, reform=f"CH-{n}") for n in range(10)]
        make.edition(edition_file(*found), barometer=barometer, on=on)
    client.get(PAGE)
    with statements() as seen:
        page = client.get_page(PAGE)
    assert len(changes(page)) == revisions.PAGE_SIZE
    assert "190 changements" in page.text("main")
    assert len(seen) <= 10, seen
