"""A file that a spreadsheet opens runs nothing."""

from __future__ import annotations

import csv
import io

import pytest

from feedback_app.domain.csv_file import csv_text, safe_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "-cmd|' /C calc'!A0", "\t=1", "\r=1", " =1", "\u00a0=1", "-1+2", "+a", "|x", "% des élèves"]
)
def test_what_would_start_a_formula_does_not(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.5", "+3", "-1,5", "0", "Rhône", "", "2024-10-17", "a=b"])
def test_numbers_and_words_stay_as_they_are(text):
    assert safe_cell(text) == text


def test_a_file_has_its_mark_its_header_and_empty_cells():
    text = csv_text(("nom", "valeur"), [('a;b, "c"', None), ("=x", "-5")])
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [["nom", "valeur"], ['a;b, "c"', ""], ["'=x", "-5"]]
