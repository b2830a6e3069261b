"""The Redis of ``REDIS_URL``: with it set, the whole suite runs on that Redis, each worker in a database of its own number.

The tests empty these databases, so the first use refuses one that holds something: a Redis that serves a site is never cleared.
"""

from __future__ import annotations

import os
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import pytest
from redis import Redis


def url() -> str:
    """The address of this worker's database, empty where ``REDIS_URL`` is not set."""
    given = os.environ.get("REDIS_URL", "")
    if not given:
        return ""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return urlunsplit(urlsplit(given)._replace(path=f"/{number}"))


def empty() -> None:
    """Forget what the tests before this one left there."""
    if address := url():
        _client(address).flushdb()


@cache
def _client(address: str) -> Redis:
    client = Redis.from_url(address)
    if client.dbsize():
        pytest.exit("the Redis of REDIS_URL is not empty, and the tests would empty it: give them one of their own", returncode=2)
    return client
