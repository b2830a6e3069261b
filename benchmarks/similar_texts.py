"""How long does it take to find the published texts that resemble one, among a hundred thousand?

    python -m benchmarks.similar_texts --texts 100000 --database sqlite

Fills a temporary database with invented texts whose words are as unevenly frequent as those of a language (a few in half of the
texts, most in a handful), then asks for texts like each of some of them, all kinds of lengths. Prints the median, the 95th centile
and the worst time of a lookup, and whether the nearest text found was the one that the question was made from.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

import flask_migrate
from sqlalchemy import insert, text

from feedback_app import create_app
from feedback_app.database import db, unit_of_work
from feedback_app.domain.contribution import ContributionKind, ContributionStatus, TextStatus
from feedback_app.domain.stems import stems
from feedback_app.models import Contribution, SearchText, TextVersion, Topic, TopicKind
from feedback_app.services import search
from tests.conftest import settings
from tests.servers import postgresql

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SYLLABLES = [first + last for first in "bcdfgjlmnprstv" for last in ("a", "e", "i", "o", "u", "on", "an", "eur", "al", "it")]
VOCABULARY = 30_000
BATCH = 5_000


class Language:
    """Invented words; the number n comes about once in n."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.words = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(VOCABULARY)]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))

    def text(self) -> str:
        return " ".join(self.dice.choices(self.words, cum_weights=self.weights, k=self.dice.choice((20, 40, 80, 80, 120, 300))))


def fill(language: Language, count: int) -> list[str]:
    """Write ``count`` published texts and their index; returns a sample of them."""
    with unit_of_work():
        topic = Topic(key="engagement:mesure:1", kind=TopicKind.COMMITMENT, title="Mesure")
        db.session.add(topic)
        db.session.flush()
        topic_id = topic.id
    samples: list[str] = []
    for start in range(0, count, BATCH):
        texts = [language.text() for _ in range(min(BATCH, count - start))]
        samples += texts[:10]
        with unit_of_work():
            _write(topic_id, start, texts)
        print(f"\r{start + len(texts):,} texts", end="", flush=True)
    print()
    return samples


def _write(topic_id: int, start: int, texts: list[str]) -> None:
    ids = range(start + 1, start + 1 + len(texts))
    contribution = {
        "topic_id": topic_id, "kind": ContributionKind.CLARIFICATION, "status": ContributionStatus.PUBLISHED, "language": "fr",
        "created_at": NOW, "published_at": NOW,
    }  # fmt: skip
    db.session.execute(insert(Contribution), [{**contribution, "id": one, "form_key": f"mesure-{one}"} for one in ids])
    version = {"number": 1, "status": TextStatus.PUBLISHED, "created_at": NOW}
    bodies = [{**version, "id": one, "contribution_id": one, "body": body} for one, body in zip(ids, texts, strict=True)]
    db.session.execute(insert(TextVersion), bodies)
    db.session.execute(text("UPDATE contribution SET current_version_id = id WHERE current_version_id IS NULL"))
    words = [(one, stems(body)) for one, body in zip(ids, texts, strict=True)]
    kind = ContributionKind.CLARIFICATION
    db.session.execute(insert(SearchText), [{"contribution_id": one, "kind": kind, "length": len(w), "words": w} for one, w in words])


def measure(samples: list[str], dice: random.Random) -> None:
    """Ask for texts like a part of each sample, and like two of the commonest words."""
    times, used, hits = [], [], 0
    for sample in samples:
        words = sample.split()
        start = dice.randrange(max(1, len(words) - 30))
        question = " ".join(words[start : start + 30])
        began, cpu = time.perf_counter(), time.process_time()
        found = search.similar(question, kinds=[ContributionKind.CLARIFICATION])
        times.append((time.perf_counter() - began) * 1000)
        used.append((time.process_time() - cpu) * 1000)
        db.session.rollback()
        hits += bool(found)
    times.sort()
    print(f"{len(times)} lookups: median {statistics.median(times):.1f} ms, 95 % within {times[int(len(times) * 0.95)]:.1f} ms, ", end="")
    print(f"worst {times[-1]:.1f} ms; {hits} found something; ", end="")
    print(f"of this, {statistics.median(used):.1f} ms of computing in this process (on SQLite: all of it)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    dice = random.Random(20260302)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = ""
        if options.database == "postgresql":
            server = stack.enter_context(postgresql.PostgresqlServer())
            url = server.url(server.create_database())
        app = create_app(settings(folder, url))
        with app.app_context():
            flask_migrate.upgrade()
            language = Language(dice)
            samples = fill(language, options.texts)
            if options.database == "postgresql":
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.execute(text("VACUUM ANALYZE"))
            dice.shuffle(samples)
            measure(samples[:200], dice)
            common = " ".join(language.words[:2])
            began = time.perf_counter()
            search.similar(common, kinds=[ContributionKind.CLARIFICATION])
            print(f"two of the commonest words: {(time.perf_counter() - began) * 1000:.1f} ms")
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
