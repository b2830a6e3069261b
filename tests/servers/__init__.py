"""Real servers for the tests: PostgreSQL, Redis, SMTP, and Debian's Chromium.

Each module has ``available() -> (bool, reason)``; ``need(available())`` skips a test with that reason, and fails it where CI=true.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest

from tests.servers import browser, postgresql, redis, systemd

Available = tuple[bool, str]


@dataclass(frozen=True)
class Program:
    """A program that the tests use and that no Python package brings."""

    package: str
    used_for: str
    reason: str


def missing_programs() -> list[Program]:
    """What cannot be run on this machine, with the Debian package that would bring it."""
    found = [
        ("chromium", "the tests in a real browser", browser.available()),
        ("postgresql", "the tests on PostgreSQL", postgresql.available()),
        ("redis-server", "the tests on Redis", redis.available()),
        ("nginx", "the tests of the proxy's configuration", _nginx()),
        ("systemd", "the check of the units of systemd", systemd.available()),
    ]
    return [Program(package, used_for, reason) for package, used_for, (there, reason) in found if not there]


def _nginx() -> Available:
    from tests.servers import nginx  # it needs this package

    return nginx.available()


def need(available: Available) -> None:
    """Skip this test, saying why, where what it needs cannot be run; with CI=true fail instead."""
    there, reason = available
    if there:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"nothing may be left out with CI=true: {reason}", pytrace=False)
    pytest.skip(reason)
