"""How fast an edition is imported, how much memory that takes, and how long a citizen who posts meanwhile waits.

The measure is a floor: a script that reads the same CSV files with ``csv``, converts the same cells and writes the same rows into
tables with the same indexes by ``sqlite3``'s ``executemany``, without checking anything. Reads ``REAL_DATA``; SQLite only.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask

from config import Config
from feedback_app import create_app
from feedback_app.cli.barometer import imported
from feedback_app.cli.edition_work import without_collector
from feedback_app.database import db, unit_of_work
from feedback_app.domain.commitment import MinistryKind
from feedback_app.domain.contribution import ContributionKind
from feedback_app.models import Ministry, Topic, TopicKind
from feedback_app.services import barometers, contributions

ROOT = Path(__file__).parents[1]
FIRST, SECOND = "2024-05-31", "2024-10-17"
POST_EVERY_SECONDS = 0.1
Measure = dict[str, float]


def folder(edition: str) -> Path:
    return ROOT / os.environ.get("REAL_DATA", "../shared/data") / "barometre" / edition


def application(place: Path) -> Flask:
    environ = {"ENVIRONMENT": "test", "SECRET_KEY": "a benchmark needs a key that is long enough", "BASE_URL": "http://localhost"}
    return create_app(Config.from_env({**environ, "INSTANCE_PATH": str(place), "FORM_MIN_SECONDS": "0"}))


def prepared(place: Path, *, with_first: bool = False) -> Flask:
    """An empty database at head with one barometer; ``with_first``: and its first edition."""
    app = application(place)
    with app.app_context():
        flask_migrate.upgrade()
        with unit_of_work():
            barometers.create("essai", name="Essai", active=True, at=datetime.now(UTC))
            ministry = Ministry(slug="essai", name="Essai", kind=MinistryKind.MINISTRY, created_at=datetime.now(UTC))
            db.session.add(Topic(key="engagement:essai:1", kind=TopicKind.COMMITMENT, title="Essai", ministry=ministry))
        if with_first:
            load(FIRST)
    return app


def load(edition: str) -> None:
    """What the command does: read, draft, compare, publish."""
    with without_collector():
        imported(folder(edition), "essai", date.fromisoformat(edition), dry_run=False, then_publish=True)


def floor(place: Path, edition: str) -> None:
    """The same rows by the shortest way. The tables are the application's, foreign keys are not looked at."""
    connection = sqlite3.connect(place / "devoir-de-suite.db")
    connection.execute("PRAGMA synchronous=FULL")
    tables: dict[str, list[tuple[Any, ...]]] = {"observation": [], "target": [], "baseline": []}
    for number, path in enumerate(sorted((folder(edition) / "data").glob("*.csv")), start=1):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.reader(stream)
            next(rows)
            for _code, zone, day, _level, initial, value, target, rate in rows:
                on = date.fromisoformat(day).isoformat() if day else None
                if value:
                    reached = (rate, float(rate)) if rate else (None, None)
                    tables["observation"].append((1, number, zone, "headline", on, value, float(value), *reached))
                if target:
                    tables["target"].append((1, number, zone, on, target, float(target)))
                if initial:
                    tables["baseline"].append((1, number, zone, on, initial, float(initial)))
    columns = {"observation": "edition_id, indicator_id, territory, series, date, text, number, rate_text, rate"}
    common = "edition_id, indicator_id, territory, date, text, number"
    with connection:
        for table, found in tables.items():
            names = columns.get(table, common)
            marks = ", ".join("?" for _name in names.split(","))
            connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", found)
    connection.close()


def posting(app: Flask, stop: threading.Event, waits: list[float]) -> None:
    """A citizen who posts, again and again, in a process of its own; how long each transaction took, its commit included."""
    for number in count():
        if stop.wait(POST_EVERY_SECONDS):
            return
        with app.app_context():
            started = time.monotonic()
            with unit_of_work():
                topic = db.session.query(Topic).order_by(Topic.id).first()
                new = contributions.NewText(body="Un commentaire.", email=f"p{number}@exemple.test", public_name=None)
                key = f"key-{number}-{started}"
                contributions.submit(topic, ContributionKind.COMMENT, new, form_key=key, language="fr", at=datetime.now(UTC))
            waits.append(time.monotonic() - started)


def timed(work: Callable[[], object]) -> Measure:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def child(what: str, place: Path) -> Measure:
    """One measurement, in this process."""
    if what == "floor":
        return timed(lambda: floor(place, SECOND))
    app = application(place)
    with app.app_context():
        return timed(lambda: load(SECOND))


def measured(what: str) -> Measure:
    """One measurement in a process of its own, on a database made for it."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        prepared(place, with_first=what == "compare")
        return _child(what, place)


def _child(what: str, place: Path) -> Measure:
    command = [sys.executable, "-m", "benchmarks.import_edition", "--child", what, "--place", str(place)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    found: Measure = json.loads(done.stdout.splitlines()[-1])
    return found


def waits_while_importing() -> tuple[list[float], list[float]]:
    """How long a post takes when nothing else happens, and while an edition is imported and compared."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        app = prepared(place, with_first=True)
        results = []
        for work in (lambda: time.sleep(3), lambda: _child("compare", place)):
            stop, waits = threading.Event(), list[float]()
            poster = threading.Thread(target=posting, args=(app, stop, waits))
            poster.start()
            work()
            stop.set()
            poster.join()
            results.append(waits)
        return results[0], results[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--child", choices=["floor", "import", "compare"])
    parser.add_argument("--place", type=Path)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(options.child, options.place)))
        return 0
    rounds: dict[str, list[Measure]] = {"floor": [], "import": [], "compare": []}
    for _round in range(options.rounds):
        for what, found in rounds.items():
            found.append(measured(what))
    base = {unit: statistics.median(one[unit] for one in rounds["floor"]) for unit in ("seconds", "cpu")}
    for what, found in rounds.items():
        seconds, cpu = (statistics.median(one[unit] for one in found) for unit in ("seconds", "cpu"))
        peak = max(one["peak_mb"] for one in found)
        ratios = f"{seconds / base['seconds']:.2f} x the floor ({cpu / base['cpu']:.2f} x in processor time)"
        print(f"{what:8} {seconds:.2f} s ({cpu:.2f} s of processor), {ratios}, peak {peak:.0f} MB")
    quiet, busy = waits_while_importing()
    for words, waits in (("alone", quiet), ("during an import with comparison", busy)):
        print(f"post {words}: {len(waits)}, median {statistics.median(waits) * 1000:.0f} ms, longest {max(waits) * 1000:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
