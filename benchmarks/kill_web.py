"""kill -9 of the web processes while people post: is every text that was acknowledged there, once, with its mail?

    python -m benchmarks.kill_web --posts 300 --kills 5 --threads 6 --database sqlite

Each person opens the form, sends it, and sends it again (with the same key, as a browser does) only while nothing answered.
Exit status: 0 nothing was lost, 1 something was.
"""

from __future__ import annotations

import argparse
import http.client
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, create_engine, text

from tests.servers.site import ROOT, RunningSite, database_of
from tests.servers.visitor import Answer, Visitor, comment_fields, comment_path

PLAN = ROOT / "feedback_app" / "demo" / "plan.json"
TOPIC = "engagement:demonstration-2025-2027:1"
KILL_WITHIN = 0.05  # seconds: about as long as a request
PATIENCE = 600.0  # seconds, for the next texts to be acknowledged, or for the server to be back, on a machine that others use too

T = TypeVar("T")

# What a half-written text would look like: each of these must give no row.
HALVES = {
    "contributions without a version": """
        SELECT c.id FROM contribution c LEFT JOIN text_version v ON v.contribution_id = c.id AND v.id = c.current_version_id
        WHERE v.id IS NULL""",
    "contributions without their event": """
        SELECT c.id FROM contribution c LEFT JOIN case_event e ON e.contribution_id = c.id AND e.verb = 'contribution:submit'
        GROUP BY c.id HAVING count(e.id) <> 1""",
    "contributions without their mail": """
        SELECT c.id FROM contribution c LEFT JOIN outgoing_mail m ON m.key = 'confirm-contribution:' || c.id || ':1'
        GROUP BY c.id HAVING count(m.id) <> 1""",
    "versions, events or mails of no contribution": """
        SELECT v.id FROM text_version v WHERE v.contribution_id NOT IN (SELECT id FROM contribution)
        UNION ALL SELECT e.id FROM case_event e WHERE e.contribution_id NOT IN (SELECT id FROM contribution)
        UNION ALL SELECT m.id FROM outgoing_mail m WHERE m.key NOT IN (SELECT 'confirm-contribution:' || id || ':1' FROM contribution)""",
}


@dataclass
class Tally:
    """What the people who post have seen so far."""

    acknowledged: dict[str, str] = field(default_factory=dict)  # text -> address of its private page
    cut_off: int = 0  # sendings that nothing answered
    repeated: dict[str, datetime] = field(default_factory=dict)  # text -> when its last sending, not its first, began
    refused: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    up: threading.Event = field(default_factory=threading.Event)

    def wait_for(self, count: int) -> None:
        with self.changed:
            done = self.changed.wait_for(lambda: len(self.acknowledged) >= count or bool(self.refused), PATIENCE)
        if not done:
            raise TimeoutError(f"{len(self.acknowledged)} of {count} texts were acknowledged within {PATIENCE:.0f} s")


@dataclass(frozen=True)
class Report:
    """How it went. ``unheard``: texts that were recorded although nobody heard so, and that came back as the same contribution."""

    database: str
    posts: int
    kills: int
    acknowledged: int
    cut_off: int
    unheard: int
    refused: list[str]
    missing: list[str]
    doubled: list[str]
    halves: dict[str, int]
    integrity: str
    seconds: float

    @property
    def nothing_lost(self) -> bool:
        wrong = self.refused or self.missing or self.doubled or any(self.halves.values())
        return not wrong and self.acknowledged == self.posts and self.integrity == "ok"

    def __str__(self) -> str:
        lines = [
            f"{self.database}: {self.posts} posts, {self.kills} kill -9 of the web processes, {self.seconds:.1f} s",
            f"acknowledged {self.acknowledged}; sendings cut off {self.cut_off}, of which recorded all the same {self.unheard}",
            f"acknowledged texts missing {len(self.missing)}, there more than once {len(self.doubled)}; refused {len(self.refused)}",
            *(f"{name}: {count}" for name, count in self.halves.items()),
            f"integrity of the database: {self.integrity}",
            *(f"  missing: {body}" for body in self.missing[:10]),
            *(f"  refused: {what}" for what in self.refused[:10]),
            "nothing was lost" if self.nothing_lost else "SOMETHING WAS LOST",
        ]
        return "\n".join(lines)


def run(folder: Path, database_url: str, *, posts: int, kills: int, threads: int = 6) -> Report:
    """Post, kill and restart, count. The database at ``database_url`` must exist and be empty."""
    site, tally, moment, started = RunningSite(folder, database_url), Tally(), random.Random(posts), time.monotonic()
    site.flask("plan", "import", str(PLAN))
    with site, ThreadPoolExecutor(threads) as people:
        tally.up.set()
        futures = [people.submit(post, site, tally, number) for number in range(posts)]
        for kill in range(kills):
            tally.wait_for(posts * (kill + 1) // (kills + 1))
            time.sleep(moment.uniform(0, KILL_WITHIN))  # somewhere in the middle of the next requests
            tally.up.clear()
            site.kill_web()
            site.start_web()
            tally.up.set()
        for future in futures:
            future.result()
    return report_on(database_url, tally, posts, kills, time.monotonic() - started)


def post(site: RunningSite, tally: Tally, number: int) -> None:
    """One person: opens the form, then sends it until somebody answers."""
    body = f"Texte numéro {number} : il est écrit une fois, et doit être là une fois."
    form = comment_path(TOPIC)
    key = _until_answered(site, tally, lambda visitor: visitor.form_key(form))
    fields = comment_fields(key, body, email=f"personne{number}@exemple.test")
    attempts: list[datetime] = []

    def send(visitor: Visitor) -> Answer:
        attempts.append(datetime.now(UTC))
        return visitor.post(form, fields)

    answer = _until_answered(site, tally, send)
    with tally.changed:
        tally.cut_off += len(attempts) - 1
        if len(attempts) > 1:
            tally.repeated[body] = attempts[-1]
        if answer.status == 303 and answer.location:
            tally.acknowledged[body] = answer.location
        else:
            tally.refused.append(f"{answer.status} for {body!r}")
        tally.changed.notify_all()


def _until_answered(site: RunningSite, tally: Tally, ask: Callable[[Visitor], T]) -> T:
    while tally.up.wait(PATIENCE):
        try:
            return ask(Visitor(site.web.port))
        except (OSError, http.client.HTTPException):
            continue  # killed: wait until it is up again
    raise TimeoutError("the server did not come back")


def report_on(database_url: str, tally: Tally, posts: int, kills: int, seconds: float) -> Report:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        written = list(connection.execute(text("SELECT body, created_at FROM text_version")))
        bodies = [row.body for row in written]
        times = {row.body: _utc(row.created_at) for row in written}
        report = Report(
            database=engine.dialect.name,
            posts=posts,
            kills=kills,
            acknowledged=len(tally.acknowledged),
            cut_off=tally.cut_off,
            unheard=sum(times[body] < began for body, began in tally.repeated.items() if body in times),
            refused=tally.refused,
            missing=[body for body in tally.acknowledged if body not in times],
            doubled=sorted({body for body in bodies if bodies.count(body) > 1}),
            halves={name: len(connection.exec_driver_sql(query).all()) for name, query in HALVES.items()},
            integrity=_integrity(connection),
            seconds=seconds,
        )
    engine.dispose()
    return report


def _utc(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _integrity(connection: Connection) -> str:
    if connection.dialect.name != "sqlite":
        return "ok"
    broken_keys = connection.execute(text("PRAGMA foreign_key_check")).all()
    return str(connection.execute(text("PRAGMA integrity_check")).scalar()) if not broken_keys else f"foreign keys: {broken_keys[:3]}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_web", description="kill -9 of the web processes while people post.")
    parser.add_argument("--posts", type=int, default=300)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--threads", type=int, default=6, help="people who post at the same time")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="devoir-kill-") as name, database_of(asked.database, Path(name)) as url:
        report = run(Path(name), url, posts=asked.posts, kills=asked.kills, threads=asked.threads)
    print(report)
    return 0 if report.nothing_lost else 1


if __name__ == "__main__":
    sys.exit(main())
