"""What came of a command, and what is in the site afterwards."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result

from feedback_app.models import Contribution
from tests.factories import Make


def restored(flask, path: Path) -> str:
    result = flask("restore", path, "--yes")
    assert result.exit_code == 0, result.output
    return result.output


def refused(result: Result) -> str:
    """The one line of a refusal."""
    assert result.exit_code == 1, result.output
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert line.endswith("(rien n’a changé)")
    return line


def bodies(make: Make) -> list[int]:
    return sorted(row.id for row in make.all(Contribution))
