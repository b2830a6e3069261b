"""The barometer as a citizen meets it: from the menu to one's own département."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.domain.barometer import EditionStatus
from feedback_app.domain.figures import ReformRow
from tests.barometers import edition_file, indicator
from tests.pages import words

BASE = "/barometre/essai"


@pytest.fixture
def barometer(make):
    return make.revised_indicator("essai").barometer


def figures_of(page, name):
    """What the list says on the line of an indicator."""
    (line,) = [item for item in page.all("main//li") if name in words(item) and item.find(".//b") is not None]
    return words(line)


def test_without_a_barometer_the_menu_does_not_name_one(client, make):
    assert "Baromètre" not in client.get_page("/").text("header")
    make.edition(barometer=make.barometer("essai"), status=EditionStatus.DRAFT)
    assert "Baromètre" not in client.get_page("/").text("header")
    assert "Aucun baromètre n’est encore publié" in client.get_page("/barometre/").text("main")


def test_the_menu_and_the_home_page_lead_to_the_active_one(client, make, barometer):
    make.edition(barometer=make.barometer("ancien", active=False))
    home = client.get_page("/")
    assert f"{BASE}/" in home.links()
    assert "/barometre/ancien/" not in home.links()
    assert "Baromètre des essais" in home.text("main")
    assert [link for link in client.get_page("/barometre/").links() if link.count("/") == 3 and "barometre" in link][-2:] == [
        f"{BASE}/",
        "/barometre/ancien/",
    ]


def test_it_lists_every_indicator_of_france_by_priority_and_reform(client, barometer):
    page = client.get_page(f"{BASE}/")
    assert page.h1 == "Baromètre des essais"
    assert "3 indicateurs, tels que publiés le 31 janvier 2026" in page.text("main")
    assert "Refonder les services publics" in [words(heading) for heading in page.all("h2")]
    assert "Ouvrir les guichets" in [words(heading) for heading in page.all("h3")]
    line = figures_of(page, "Indicateur IND-001")
    assert "9,75 %" in line
    assert "30 sept. 2025" in line
    assert "cible 11 % 31 déc. 2026" in line
    assert "atteinte 41,05 %" in line
    assert "chiffres révisés" in line


def test_what_is_not_published_is_said_and_never_invented(client, barometer):
    line = figures_of(client.get_page(f"{BASE}/"), "Appels reçus")
    assert "1 234 567,89" in line
    assert "cible non publiée" in line
    assert "atteinte non publiée" in line


def test_reforms_without_a_priority_come_last_under_a_name_of_ours(client, make):
    reforms = (ReformRow("CH-2", "Sans priorité"), ReformRow("CH-1", "Avec priorité", "A", "La priorité"))
    file = edition_file(
        indicator("IND-2", {"FRANCE": {"2025-12-31": "1"}}, reform="CH-2"),
        indicator("IND-1", {"FRANCE": {"2025-12-31": "1"}}, reform="CH-1"),
        reforms=reforms,
    )
    make.edition(file, barometer=make.barometer("essai"))
    headings = [words(heading) for heading in client.get_page(f"{BASE}/").all("main//h2")]
    assert headings[-2:] == ["La priorité", "Autres réformes"]


def test_an_indicator_is_found_by_a_word_of_its_name_or_of_its_reform(client, barometer):
    page = client.get_page(f"{BASE}/?q=DELAI+reponse")
    assert "1 indicateur pour « DELAI reponse »" in page.text("main")
    assert f"{BASE}/indicateurs/IND-002" in page.links()
    assert f"{BASE}/indicateurs/IND-001" not in page.links()
    assert "3 indicateurs" in client.get_page(f"{BASE}/?q=guichets").text("main")
    assert "Aucun indicateur ne correspond" in client.get_page(f"{BASE}/?q=%25").text("main")


@pytest.mark.parametrize("place", ["69003", "69", "D69", "Rhône-A", "bas rhin"])
def test_a_place_is_found_by_postal_code_number_code_or_name(client, barometer, place):
    answer = client.get(f"{BASE}/territoires/", query_string={"lieu": place})
    expected = {"Rhône-A": "R84", "bas rhin": "D67"}.get(place, "D69")
    assert (answer.status_code, answer.location) == (302, f"{BASE}/territoires/{expected}")


def test_a_place_that_nobody_knows_is_answered_with_what_to_try(client, barometer):
    page = client.get_page(f"{BASE}/territoires/?lieu=Lyon")
    assert "Rien de trouvé pour « Lyon »" in page.text("main")
    assert "un code postal à cinq chiffres" in page.text("main")


def test_a_name_that_means_several_places_lets_people_choose(client, barometer):
    page = client.get_page(f"{BASE}/territoires/?lieu=rhone")
    items = [words(item.find(".//a")) for item in page.all("main//li") if item.find("h3") is not None]
    assert items == ["Rhône (69)", "Auvergne-Rhône-Alpes", "Bouches-du-Rhône (13)"]


def test_a_place_that_the_barometer_does_not_cover_is_answered_by_name(client, barometer):
    page = client.get_page(f"{BASE}/territoires/?lieu=98714")
    assert "Polynésie française" in [words(heading) for heading in page.all("h2")]
    assert "ne publie pas de résultats pour ce territoire" in page.text("main")


def test_all_regions_and_departements_can_be_browsed(client, barometer):
    links = client.get_page(f"{BASE}/territoires/").links()
    assert len([link for link in links if link.startswith(f"{BASE}/territoires/R")]) == 18
    assert len([link for link in links if link.startswith(f"{BASE}/territoires/D")]) == 101


def test_a_territory_lists_what_is_published_there_and_counts_what_is_not(client, barometer):
    page = client.get_page(f"{BASE}/territoires/D69")
    assert page.h1 == "Les résultats dans le Rhône"
    assert page.title.startswith("Les résultats dans le Rhône – Baromètre des essais")
    assert "7,5 %" in figures_of(page, "Indicateur IND-001")
    assert f"{BASE}/indicateurs/IND-001?territoire=D69" in page.links()
    assert "2 autres indicateurs ne sont pas publiés pour ce territoire" in page.text("main")
    assert f"{BASE}/territoires/R84" in page.links()
    assert "Aucun indicateur n’est publié" in client.get_page(f"{BASE}/territoires/D02").text("main")


def test_a_target_without_a_value_is_still_listed(client, barometer):
    assert "non publié cible 12 %" in figures_of(client.get_page(f"{BASE}/territoires/D01"), "Indicateur IND-001")


@pytest.mark.parametrize("path", ["/barometre/rien/", f"{BASE}/territoires/69", f"{BASE}/territoires/D99", f"{BASE}/territoires/d69"])
def test_what_nobody_knows_is_not_found(client, barometer, path):
    client.get_page(path, 404)


def test_an_archived_barometer_stays_readable_and_says_so(client, make, barometer):
    make.edition(barometer=make.barometer("nouveau", active=True))
    for path in ("/", "/territoires/D69", "/indicateurs/IND-001", "/editions/", "/editions/2026-01-31"):
        assert "Ce baromètre est archivé" in client.get_page(BASE + path).text("main"), path
    assert "Archivé" in client.get_page("/barometre/").text("main")
    assert "archivé" not in client.get_page("/barometre/nouveau/").text("main")


def test_a_draft_has_no_way_out(client, make, barometer):
    secret = edition_file(indicator("IND-SECRET", {"FRANCE": {"2026-06-30": "777"}}, name="Indicateur caché"))
    make.edition(secret, barometer=barometer, on=date(2026, 7, 31), status=EditionStatus.DRAFT)
    make.edition(secret, barometer=make.barometer("brouillon", active=False), status=EditionStatus.DRAFT)
    for path in ("/", "/?q=cache", "/territoires/D69", "/editions/", "/indicateurs/IND-001"):
        page = client.get_page(BASE + path)
        assert "caché" not in page.text(), path
        assert "777" not in page.text(), path
    for path in (f"{BASE}/indicateurs/IND-SECRET", f"{BASE}/editions/2026-07-31", f"{BASE}/editions/2026-07-31/revisions.csv",
                 "/barometre/brouillon/", "/barometre/brouillon/editions/", "/barometre/brouillon/indicateurs/IND-SECRET"):  # fmt: skip
        assert client.get(path).status_code == 404, path
    assert "caché" not in client.get_page("/barometre/").text()
    assert client.get("/commenter?sujet=indicateur:brouillon:IND-SECRET").status_code == 404


def test_a_barometer_whose_only_edition_was_withdrawn_says_so_and_shows_no_figure(client, make):
    barometer = make.barometer("essai")
    make.edition(barometer=barometer, status=EditionStatus.WITHDRAWN, reason="Les fichiers étaient faux.")
    page = client.get_page(f"{BASE}/")
    assert "Aucune édition n’est publiée en ce moment" in page.text("main")
    assert "Les fichiers étaient faux." in client.get_page(f"{BASE}/editions/2026-01-31").text("main")
    for path in ("/territoires/", "/territoires/FRANCE", "/indicateurs/IND-001"):
        client.get_page(BASE + path, 404)
    assert client.get("/commenter?sujet=indicateur:essai:IND-001").status_code == 404
    assert "Baromètre" not in client.get_page("/").text("header")


def many(count):
    values = {place: {f"20{year}-12-31": "5.5" for year in range(15, 26)} for place in ("FRANCE", "D69", "R84")}
    targets = {place: {"2026-12-31": "9"} for place in values}
    return edition_file(*(indicator(f"IND-{n}", values, targets=targets, baselines=targets, reform=f"CH-{n % 40}") for n in range(count)))


@pytest.mark.parametrize("count", [3, 106])
def test_a_territory_asks_the_same_few_questions_whatever_it_holds(client, make, statements, count):
    make.edition(many(count), barometer=make.barometer("essai"))
    client.get(f"{BASE}/territoires/D69")
    with statements() as seen:
        page = client.get_page(f"{BASE}/territoires/D69")
    assert len([link for link in page.links() if "/indicateurs/" in link]) == count
    assert len(seen) <= 7, seen


def test_the_barometer_page_asks_few_questions_too_and_stays_within_the_first_view(client, make, statements):
    barometer = make.barometer("essai")
    make.edition(many(100), barometer=barometer, on=date(2025, 1, 31))
    make.edition(many(106), barometer=barometer)
    client.get(f"{BASE}/")
    with statements() as seen:
        page = client.get(f"{BASE}/")
    assert len(seen) <= 10, seen
    assert len(page.data) < 65_000
