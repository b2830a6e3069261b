"""The page of an indicator: where it stands, against what was promised, since when, who says so, and what changed."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.domain.barometer import EditionFormat, EditionStatus
from feedback_app.models import Topic, TopicKind
from tests.barometers import edition_file, indicator
from tests.pages import words

PATH = "/barometre/essai/indicateurs/IND-001"


@pytest.fixture
def revised(make):
    return make.revised_indicator("essai")


def standing(page):
    """The three figures of the page, by their names."""
    (rows,) = [found for found in page.all("dl") if found.get("class") == "ds-standing"]
    return {words(row.find("dt")): words(row.find("dd")) for row in rows.findall("div")}


def changes(page):
    return [words(item) for item in page.all("main//ol/li") if "ds-event" in (item.get("class") or "")]


def test_it_says_where_it_stands_what_was_promised_and_where_it_started(client, revised):
    page = client.get_page(PATH)
    assert page.h1 == "Indicateur IND-001"
    assert page.title.startswith("Indicateur IND-001 – France")
    assert standing(page) == {
        "Dernière valeur": "9,75 % des guichets ouverts au 30 septembre 2025",
        "Promis": "11 % des guichets ouverts au 31 décembre 2026",
        "Au départ": "6 % des guichets ouverts au 31 décembre 2022",
    }
    assert "Taux d’atteinte de la cible, tel que publié : 41,05 %" in page.text("main")
    assert "Doit augmenter" in page.text("aside")
    assert "Baromètre des essais, édition du 31 janvier 2026" in page.text("aside")
    assert "Ouvrir les guichets" in page.text("aside")


def test_another_territory_has_its_own_figures(client, revised):
    page = client.get_page(f"{PATH}?territoire=D69")
    assert "Où en est-on dans le Rhône ?" in page.text("main")
    assert standing(page)["Dernière valeur"].startswith("7,5 %")
    assert "Taux d’atteinte" not in page.text("main"), "none was published"
    (chosen,) = [option for option in page.all("option") if option.get("selected") is not None]
    assert chosen.get("value") == "D69"
    assert len(page.all("main//option")) == 120


def test_what_is_not_published_is_said(client, revised):
    assert standing(client.get_page(f"{PATH}?territoire=D01")) == {
        "Dernière valeur": "non publiée",
        "Promis": "12 % des guichets ouverts au 31 décembre 2027",
        "Au départ": "non publié",
    }
    assert "Rien n’est publié pour ce territoire" in client.get_page(f"{PATH}?territoire=D02").text("main")


@pytest.mark.parametrize("query", ["?territoire=69", "?territoire=D99", "?territoire=%27"])
def test_a_territory_that_nobody_knows_is_not_found(client, revised, query):
    client.get_page(PATH + query, 404)


def test_an_indicator_that_nobody_knows_is_not_found(client, revised):
    client.get_page("/barometre/essai/indicateurs/IND-999", 404)
    client.get_page("/barometre/rien/indicateurs/IND-001", 404)


def test_the_history_is_a_line_with_its_table_and_its_words(client, revised):
    page = client.get_page(PATH)
    (plot,) = [found for found in page.all("{*}svg") if found.get("role") == "img"]
    assert page.root.find(f".//*[@id='{plot.get('aria-labelledby')}']") is not None
    (told,) = [found for found in page.root.iter() if found.get("id") == plot.get("aria-describedby")]
    assert "3 valeurs publiées, de 8 % au 31 déc. 2024 à 9,75 % au 30 sept. 2025" in words(told)
    rows = [[words(cell) for cell in row] for row in page.all("main//tbody/tr")]
    assert rows == [
        ["30 sept. 2025", "9,75", "31 janv. 2026"],
        ["31 mars 2025", "9,25", "31 janv. 2026"],
        ["31 déc. 2024", "8", "31 janv. 2026"],
    ]


def test_the_line_marks_the_target_the_start_and_each_revised_figure(client, revised):
    page = client.get_page(PATH)
    (plot,) = [found for found in page.all("{*}svg") if found.get("role") == "img"]
    used = [use.get("href") for use in plot.findall(".//{*}use")]
    assert {shape: used.count(f"#courbe-{shape}") for shape in ("valeur", "cible", "depart", "avant")} == {
        "valeur": 3,
        "cible": 1,
        "depart": 1,
        "avant": 3,  # target 19 -> 11, start 6.5 -> 6, value 8.5 -> 8
    }


def test_no_chart_is_drawn_where_there_is_nothing(client, revised):
    page = client.get_page(f"{PATH}?territoire=D02")
    assert [found for found in page.all("{*}svg") if found.get("role") == "img"] == []


def test_what_changed_is_told_figure_by_figure_with_its_edition(client, revised):
    page = client.get_page(PATH)
    told = changes(page)
    assert any(one.startswith("31 janvier 2026") and "Cible plus facile à atteindre" in one and "passe de 19 à 11." in one for one in told)
    assert any("La valeur de départ (31 déc. 2022) passe de 6,5 à 6." in one for one in told)
    assert any("L’unité était « % des guichets », elle est « % des guichets ouverts »." in one for one in told)
    assert "La valeur du 31 déc. 2024 passe de 8,5 à 8. Édition du 31 janvier 2026." in page.text("main")
    assert "/barometre/essai/editions/2026-01-31?genre=target_changed" in page.links()


def test_each_territory_tells_its_own_changes(client, revised):
    told = " ".join(changes(client.get_page(f"{PATH}?territoire=D69")))
    assert "La cible passe de 9 (31 déc. 2026) à 12 (31 déc. 2027)." in told
    assert "Une valeur de départ est ajoutée : 4 (31 déc. 2022)." in told
    assert "19" not in told
    removed = " ".join(changes(client.get_page(f"{PATH}?territoire=R84")))
    assert "La cible de 30 (31 déc. 2026) est retirée." in removed


def test_the_changes_of_a_withdrawn_edition_are_gone(client, make):
    barometer = make.barometer("essai")
    make.edition(edition_file(indicator(targets={"FRANCE": {"2026-12-31": "19"}})), barometer=barometer, on=date(2025, 1, 31))
    make.edition(
        edition_file(indicator(targets={"FRANCE": {"2026-12-31": "11"}})),
        barometer=barometer,
        on=date(2025, 6, 30),
        status=EditionStatus.WITHDRAWN,
    )
    page = client.get_page(PATH)
    assert standing(page)["Promis"].startswith("19")
    assert changes(page) == []
    assert "à 11" not in page.text("main")


def test_an_indicator_that_left_the_barometer_keeps_its_page_and_says_so(client, revised):
    page = client.get_page("/barometre/essai/indicateurs/IND-003")
    assert "n’est plus publié depuis l’édition du 31 janvier 2026" in page.text("main")
    assert standing(page)["Dernière valeur"].startswith("5")
    assert "édition du 30 juin 2025" in page.text("aside")
    assert any("L’indicateur disparaît du baromètre." in one for one in changes(page))


def test_a_synthesis_takes_its_earlier_values_from_earlier_editions_and_keeps_the_periods_apart(client, make):
    barometer = make.barometer("essai")
    for on, value, month in (
        (date(2021, 5, 7), {"2020-12-31": "2779"}, "2020-12-31"),
        (date(2023, 1, 19), {"2022-09-30": "2454"}, "2022-11-30"),
    ):
        figures = indicator(
            values={"FRANCE": value},
            periodic={"FRANCE": {"2017-12-31": "315", month: "248"}},
            baselines={"FRANCE": {"2017-12-31": "3448"}},
            unit="morts dans l'année",
        )
        make.edition(edition_file(figures, format=EditionFormat.SYNTHESIS), barometer=barometer, on=on)
    page = client.get_page(PATH)
    tables = [[[words(cell) for cell in row] for row in table.findall(".//tbody/tr")] for table in page.all("main//table")]
    assert tables == [
        [["30 sept. 2022", "2 454", "19 janv. 2023"], ["31 déc. 2020", "2 779", "7 mai 2021"]],
        [["30 nov. 2022", "248", "19 janv. 2023"], ["31 déc. 2017", "315", "19 janv. 2023"]],
    ]
    assert standing(page)["Dernière valeur"] == "2 454 morts dans l'année au 30 septembre 2022"
    assert "Valeur de chaque période" in page.text("main")


def test_a_target_or_a_start_without_a_date_is_shown_without_one(client, make):
    file = edition_file(indicator(values={"FRANCE": {"2025-12-31": "5"}}, targets={"FRANCE": {"": "9"}}, baselines={"FRANCE": {"": "1"}}))
    make.edition(file, barometer=make.barometer("essai"))
    found = standing(client.get_page(PATH))
    assert (found["Promis"], found["Au départ"]) == ("9 guichets sans date", "1 guichets sans date")


def test_people_comment_on_an_indicator_and_read_each_other_there(client, make, revised):
    key = "indicateur:essai:IND-001"
    page = client.get_page(PATH)
    assert f"/commenter?sujet={key}" in page.links()
    assert f"/demandes/nouvelle?sujet={key}&territoire=FRANCE&date=2025-09-30" in page.links()
    assert "Personne n’a encore commenté cet indicateur" in page.text("main")
    form = client.get_page(f"/commenter?sujet={key}")
    assert "Revenir à l’indicateur" in form.text("main")
    assert "Indicateur IND-001" in form.text("main")
    answer = client.send(f"/commenter?sujet={key}", {"body": "Ce chiffre m’étonne beaucoup.", "email": "ann@exemple.test"})
    assert answer.status_code == 303
    make.comment(topic=revised.topic, body="Chez nous le guichet a fermé.", name="Jeanne D.")
    page = client.get_page(f"{PATH}?territoire=D69")
    assert "1 commentaire" in page.text("main")
    assert "Chez nous le guichet a fermé." in page.text("main")
    assert "étonne" not in page.text("main"), "it waits"
    assert any(link.startswith(f"{PATH}?territoire=D69#texte-") for link in page.links())


def test_the_page_asks_the_same_few_questions_whatever_there_is(client, make, statements):
    barometer = make.barometer("essai")
    for year in range(2020, 2026):
        months = {f"{year - back}-{month:02}-01": str(month + back + year / 7) for back in range(4) for month in range(1, 13)}
        file = indicator(values={"FRANCE": months}, targets={"FRANCE": {f"20{n}-12-31": str(year) for n in range(30, 40)}})
        make.edition(edition_file(file), barometer=barometer, on=date(year, 12, 31))
    topic = make.all(type(make.indicator(barometer=make.barometer("autre", active=False)).topic))[0]
    for _number in range(5):
        make.comment(topic=topic)
    client.get(PATH)
    with statements() as seen:
        page = client.get_page(PATH)
    assert "5 commentaires" in page.text("main")
    assert len(changes(page)) > 10
    assert len(seen) <= 12, seen


def test_what_was_said_about_an_indicator_leaves_the_home_page_with_the_only_edition_that_held_it(client, make):
    barometer = make.barometer("essai")
    edition = make.edition(edition_file(indicator()), barometer=barometer, on=date(2025, 1, 31))
    topic = next(topic for topic in make.all(Topic) if topic.kind is TopicKind.INDICATOR)
    make.comment(topic=topic, body="Ce chiffre ne dit rien des guichets fermés.")
    make.comment(body="Cette promesse-ci garde sa page.")
    home = client.get_page("/").text("main")
    assert "guichets fermés" in home
    make.withdrawal(edition)
    home = client.get_page("/")
    assert "guichets fermés" not in home.text("main")
    assert topic.title not in home.text("main")
    assert "garde sa page" in home.text("main")
