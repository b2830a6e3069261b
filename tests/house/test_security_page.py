"""``docs/security.md`` promises with tests in hand: each exists, and each threat has one."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.house.source import ROOT

PAGE = ROOT / "docs" / "security.md"
NAME = re.compile(r"`(test_\w+)`")


@cache
def known_tests() -> set[str]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob("test_*.py"))
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def threats() -> list[list[str]]:
    """The rows of the tables: threat, measure, tests."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in rows if row[0] != "threat"]


@pytest.mark.parametrize("row", threats(), ids=lambda row: row[0][:60])
def test_every_threat_has_a_measure_and_a_test_that_exists(row):
    threat, measure, tests = row

    assert threat
    assert measure
    assert NAME.findall(tests)
    assert set(NAME.findall(tests)) - known_tests() == set()
