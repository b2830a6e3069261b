"""Cells that a spreadsheet must not run."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.domain.csv_text import csv_text, safe_cell

DANGEROUS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("begin", list(DANGEROUS))
def test_words_that_begin_like_a_formula_get_an_apostrophe(begin):
    assert safe_cell(f"{begin}1+1") == f"'{begin}1+1"


@pytest.mark.parametrize("begin", list("=+-@"))
def test_spaces_before_it_hide_nothing(begin):
    assert safe_cell(f"  {begin}1+1") == f"'  {begin}1+1"


@pytest.mark.parametrize(("value", "cell"), [(-3, "-3"), (-1.5, "-1.5"), (None, ""), ("mot", "mot"), ("l’été = beau", "l’été = beau")])
def test_numbers_stay_numbers_and_words_stay_words(value, cell):
    assert safe_cell(value) == cell


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\r\0", exclude_categories=("Cs",))), min_size=1, max_size=4))
def test_what_is_read_back_is_what_was_written_but_for_the_apostrophe(row):
    text = csv_text(["a"] * len(row), [row])
    read = list(csv.reader(io.StringIO(text, newline="")))[1] if any(row) or len(row) > 1 else row
    assert [cell.removeprefix("'") if not written.startswith("'") else cell for cell, written in zip(read, row, strict=True)] == row
    assert not any(cell and cell[0] in DANGEROUS for cell in read)
