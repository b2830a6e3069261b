"""``flask demo seed``."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from feedback_app.demo import seed
from tests.conftest import Clock
from tests.demo.sites import demo_site


def test_the_command_fills_once_and_says_so_in_one_line(empty_demo: Flask) -> None:
    first = empty_demo.test_cli_runner().invoke(args=["demo", "seed", "--small"])
    said = "Démonstration prête : 20 engagements, 0 indicateurs, 0 demandes, 26 commentaires, 13 personnes : tout est fictif.\n"
    assert (first.exit_code, first.output) == (0, said)
    again = empty_demo.test_cli_runner().invoke(args=["demo", "seed"])
    assert (again.exit_code, again.output) == (0, "La démonstration a déjà ses données : rien n’a changé.\n")


def test_without_an_option_it_enters_everything(empty_demo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(seed, "seed", lambda *, at, progress, whole: asked.append(whole))
    for arguments in ([], ["--small"]):
        assert empty_demo.test_cli_runner().invoke(args=["demo", "seed", *arguments]).exit_code == 0
    assert asked == [True, False]


def test_a_database_that_is_not_ready_is_said_in_one_line(tmp_path: Path, clock: Clock) -> None:
    with demo_site(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}", clock) as site:
        result = site.test_cli_runner().invoke(args=["demo", "seed"])
    assert result.exit_code == 1
    assert "flask db upgrade" in result.output
    assert result.output.count("\n") == 1


def test_there_is_no_such_command_outside_a_demo(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "seed"])
    assert result.exit_code == 2
    assert "No such command" in result.output
