"""``/donnees-ouvertes/``: every file of open data is described, column by column, and its description is true."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from flask_babel import force_locale

import feedback_app
from feedback_app.database import unit_of_work
from feedback_app.domain.commitment import CommitmentAction
from feedback_app.domain.performance import FigureScope, Tally
from feedback_app.services import statistics
from feedback_app.web.data_files import DAY, PERCENT
from feedback_app.web.public.open_data import FILES
from tests.pages import words
from tests.progress_factories import move, said

PAGE = "/donnees-ouvertes/"
# For each file: its address, and the page that links to it.
PLACES = {
    "public.commitments_file": ("/engagements/engagements.csv", "/engagements/"),
    "public.edition_file": ("/barometre/essai/editions/2026-01-31/revisions.csv?taille=toutes", "/barometre/essai/editions/2026-01-31"),
    "public.answers_given_file": ("/transparence/reponses.csv", "/transparence/reponses"),
}
FORMS = {str(DAY): r"\d{4}-\d\d-\d\d", str(PERCENT): r"\d{1,3}"}


@pytest.fixture
def site(app, make, clock):
    """A site that has something to say in each file."""
    make.revised_indicator("essai")
    make.update(make.commitment(), said("Commencé.", move(CommitmentAction.START)))
    make.commitment(title="Sans nouvelles")
    health = make.ministry("Santé").id
    with app.app_context(), unit_of_work():
        many = Tally(received=30, answered=20, due=21, in_time=14, useful=7, partly=2, useless=3, delays=[*range(1, 21)])
        statistics.keep({health: many, FigureScope.ALL: many, FigureScope.NOBODY: Tally(received=1)}, at=clock())


def test_every_address_that_gives_a_csv_is_described(app):
    given = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.endswith(".csv")}
    assert given == FILES.keys() == PLACES.keys()


def test_nothing_else_of_the_web_writes_a_csv():
    web = Path(feedback_app.__file__).parent / "web"
    assert [path.name for path in web.rglob("*.py") if "csv_text(" in path.read_text(encoding="utf-8")] == ["data_files.py"]


@pytest.mark.parametrize("endpoint", PLACES)
def test_a_file_has_the_columns_that_are_described_and_no_others(client, site, endpoint):
    header, *rows = csv.reader(io.StringIO(client.get(PLACES[endpoint][0]).text.removeprefix("\ufeff")))
    columns = FILES[endpoint].columns
    assert header == [column.name for column in columns]
    assert len(set(header)) == len(header)
    assert rows
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            allowed = {value for value, _words in column.values}
            assert not cell or not allowed or cell in allowed, f"{column.name}: {cell}"
            assert not cell or re.fullmatch(FORMS.get(str(column.form), ".*"), cell, re.DOTALL), f"{column.name}: {cell}"


@pytest.mark.parametrize("endpoint", PLACES)
def test_the_page_says_what_each_column_means_in_both_languages(app, client, site, endpoint):
    file = FILES[endpoint]
    for language, prefix in (("fr", ""), ("en", "/en")):
        page = client.get_page(prefix + PAGE)
        assert page.all(f"main//h2[@id='{file.anchor}']")
        table = page.all("main//table")[list(FILES).index(endpoint)]
        rows = [[words(cell) for cell in row] for row in table.iter("tr")][1:]
        with app.test_request_context(prefix + PAGE), force_locale(language):
            for column, (name, meaning, form) in zip(file.columns, rows, strict=True):
                assert name == column.name
                assert meaning.startswith(words_of(column.meaning))
                assert all(value in meaning and words_of(said) in meaning for value, said in column.values)
                assert form == words_of(column.form)


def words_of(text: object) -> str:
    return " ".join(str(text).split())


def test_what_is_said_of_a_column_is_translated(app):
    for file in FILES.values():
        for column in file.columns:
            with app.test_request_context("/"), force_locale("fr"):
                french = str(column.meaning)
            with app.test_request_context("/"), force_locale("en"):
                assert str(column.meaning) != french, column.name


@pytest.mark.parametrize("endpoint", PLACES)
def test_beside_each_file_there_is_a_link_to_what_its_columns_say(client, site, endpoint):
    page = client.get_page(PLACES[endpoint][1])
    lines = [[link.get("href", "") for link in line.findall("a")] for line in page.all("main//p")]
    (line,) = [links for links in lines if any(link.partition("?")[0].endswith(".csv") for link in links)]
    assert line[1:] == [f"{PAGE}#{FILES[endpoint].anchor}"]


def test_the_page_leads_to_the_files_and_names_their_licence(client, site, make):
    page = client.get_page(PAGE)
    links = page.links()
    assert {"/transparence/reponses.csv", "/barometre/essai/editions/"} <= set(links)
    assert any(link.startswith("/engagements/engagements.csv?plan=") for link in links)
    assert "Licence Ouverte 2.0" in page.text("main")
    assert PAGE in client.get_page("/").links()


def test_a_site_without_data_says_so(client):
    page = client.get_page(PAGE).text("main")
    assert "Aucun plan n’est encore publié." in page
    assert "Aucun baromètre n’est encore publié." in page
