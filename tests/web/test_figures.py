"""Published figures in words, in French and in English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from feedback_app.domain.chart import Change, Point, line_chart
from feedback_app.domain.territory import TERRITORIES
from feedback_app.web import figures


@pytest.fixture
def french(app):
    with app.test_request_context("/"):
        yield


@pytest.fixture
def english(app):
    with app.test_request_context("/", environ_overrides={"devoir.language": "en"}):
        yield


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("74396.0", "74\u202f396"),
        ("1053711.8899999997", "1\u202f053\u202f711,89"),
        ("98.979946", "98,98"),
        ("41.05", "41,05"),
        ("-12.5", "\u221212,5"),
        ("0.00123", "0,0012"),
        ("-0.00001", "0"),
        ("0.0", "0"),
        ("1E+3", "1\u202f000"),
        ("1234567890123.4", "1\u202f234\u202f567\u202f890\u202f123,4"),
        ("n.d.", "n.d."),
        ("NaN", "NaN"),
        (None, "non publié"),
    ],
)
def test_a_figure_is_written_as_the_french_write(french, text, shown):
    assert figures.figure(text) == shown


def test_two_figures_that_are_compared_keep_all_their_decimals(french):
    assert (figures.exact_figure("98.979946"), figures.exact_figure("3684.0")) == ("98,979946", "3\u202f684")


def test_the_same_figures_in_english(english):
    assert (figures.figure("1053711.8899999997"), figures.figure("-3.5")) == ("1,053,711.89", "\u22123.5")
    assert figures.figure("42") + figures.symbol("% des élèves") == "42%"


def test_a_percentage_keeps_its_sign_and_the_rest_of_the_unit_follows(french):
    assert (figures.symbol("% des élèves"), figures.noun("% des élèves")) == ("\u202f%", "des élèves")
    assert (figures.symbol("morts dans l'année"), figures.noun("morts dans l'année")) == ("", "morts dans l'année")
    assert (figures.symbol(None), figures.noun(None)) == ("", "")


@pytest.mark.parametrize(
    ("value", "step", "shown"),
    [
        ("20", "5", "20"),
        ("42.5", "2.5", "42,5"),
        ("2000000", "500000", "2\u00a0M"),
        ("4000000000000", "1000000000000", "4\u202f000\u00a0Md"),
        ("0", "1000000", "0"),
        ("0.001", "0.001", "0,001"),
    ],
)
def test_a_scale_is_short(french, value, step, shown):
    assert figures.scale(Decimal(value), Decimal(step)) == shown


def test_dates_in_tables_are_short_and_say_when_there_is_none(french):
    assert [figures.short_date(day) for day in (date(2023, 12, 1), date(2023, 5, 11), None)] == [
        "1er déc. 2023",
        "11 mai 2023",
        "sans date",
    ]
    assert (figures.calendar(date(2023, 1, 1), "year"), figures.calendar(date(2023, 1, 1), "month")) == ("2023", "janv. 2023")


def test_a_place_is_said_as_a_sentence_needs_it(french):
    assert [figures.inside(TERRITORIES[code]) for code in ("D69", "D974")] == ["dans le Rhône", "à La Réunion"]


def test_a_place_in_english(english):
    assert figures.inside(TERRITORIES["D69"]) == "in Rhône"


def test_a_chart_is_told_in_sentences(french):
    chart = line_chart(
        [Point(date(2019 + index, 12, 31), Decimal(value)) for index, value in enumerate(("70", "75.5", "90.25"))],
        targets=[Point(date(2026, 12, 31), Decimal(100))],
        changes=[Change(Point(date(2026, 12, 31), Decimal(99)), Point(date(2026, 12, 31), Decimal(100)))],
    )
    assert chart
    assert figures.told(chart, "% des classes") == [
        "3 valeurs publiées, de 70\u202f% au 31 déc. 2019 à 90,25\u202f% au 31 déc. 2021.",
        "La plus basse\u00a0: 70\u202f% au 31 déc. 2019\u00a0; la plus haute\u00a0: 90,25\u202f% au 31 déc. 2021.",
        "Cible\u00a0: 100\u202f% au 31 déc. 2026.",
        "Un chiffre a été révisé.",
        "L’échelle ne commence pas à zéro.",
    ]


def test_a_chart_of_a_target_alone_says_that_nothing_is_published(french):
    chart = line_chart([], targets=[Point(date(2026, 12, 31), Decimal(5))])
    assert chart
    assert figures.told(chart, None)[0] == "Aucune valeur publiée."
