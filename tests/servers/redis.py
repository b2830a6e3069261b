"""A private Redis for the tests: on 127.0.0.1, on a free port, keeping nothing on disk."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.servers.process import HOST, Server

SEARCH = "/usr/bin:/usr/local/bin:/usr/sbin"


def program() -> str | None:
    return shutil.which("redis-server") or shutil.which("redis-server", path=SEARCH)


def available() -> tuple[bool, str]:
    """Whether a Redis can be started here, else why not."""
    return (True, "") if program() else (False, "redis-server is not installed")


class RedisServer(Server):
    name = "redis"
    stop_signals = (signal.SIGTERM,)
    death_signal = signal.SIGKILL  # it keeps nothing

    def url(self, database: int = 0) -> str:
        return f"redis://{HOST}:{self.port}/{database}"

    def flush(self) -> None:
        """Empty every database, for the next test."""
        with redis.Redis(host=HOST, port=self.port, socket_timeout=5) as client:
            client.flushall()

    def prepare(self, folder: Path) -> None:
        """Nothing to make: it keeps nothing."""

    def command(self, folder: Path) -> list[str]:
        options = {"port": str(self.port), "bind": HOST, "save": "", "appendonly": "no", "dir": str(folder), "databases": "16"}
        return [str(program()), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def answers(self) -> bool:
        try:
            with redis.Redis(host=HOST, port=self.port, socket_timeout=2, retry=Retry(NoBackoff(), 0)) as client:
                return bool(client.info("server")["process_id"] == self.pid)
        except redis.RedisError:
            return False
