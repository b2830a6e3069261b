"""Where the published data are. They are never copied into the repository; a test that needs them says so when they are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def published(path: str) -> Path:
    """A file of the real data. Where it is absent the test is skipped with the reason; with CI=true it fails."""
    file = ROOT / os.environ.get("REAL_DATA", "../shared/data") / path
    if not file.is_file():
        reason = f"the real data are absent: {file} (set REAL_DATA to their folder)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return file


@pytest.fixture(scope="session")
def published_plan() -> Path:
    return published("plan/plan-2021-2023.json")
