"""kill -9 of the web processes and of the job process, together, again and again, while people post and mails leave.

    python -m benchmarks.kill_all --rounds 50 --database sqlite

Is every acknowledged text there, once, with its mail? Has every mail arrived, and has no kill made more than one of them arrive twice
(then under the same Message-ID)? Mails go to a real SMTP server on loopback, and each round strikes just after it took one. Exit
status: 0 all of this held, 1 something did not.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks.kill_web import KILL_WITHIN, PLAN, Report, Tally, post, report_on
from tests.servers.process import HOST
from tests.servers.site import RunningSite, database_of
from tests.servers.smtp import SmtpServer
from tests.servers.watch import soon

NEXT_MAIL = 10.0  # seconds to wait for a mail before striking all the same: the server may have been too busy to owe one
LAST_MAIL = 300.0  # a mail that was in hand at a kill comes due again after two minutes


@dataclass(frozen=True)
class Mails:
    """What arrived. ``recipients``: Message-IDs by address, one for each arrival."""

    recipients: dict[str, list[str]]
    owed: int  # rows that are not sent
    expected: int

    @property
    def lost(self) -> int:
        return self.expected - len(self.recipients)

    @property
    def twice(self) -> int:
        return sum(len(ids) - 1 for ids in self.recipients.values())

    @property
    def under_another_id(self) -> int:
        return sum(len(set(ids)) > 1 for ids in self.recipients.values())


@dataclass(frozen=True)
class Outcome:
    """The texts, as after a kill of the web alone, and the mails."""

    texts: Report
    mails: Mails

    @property
    def nothing_lost(self) -> bool:
        wrong = self.mails.lost or self.mails.owed or self.mails.under_another_id or self.mails.twice > self.texts.kills
        return self.texts.nothing_lost and not wrong

    def __str__(self) -> str:
        mails = self.mails
        lines = [
            str(self.texts).rsplit("\n", 1)[0],
            f"mails owed {mails.expected}, arrived {len(mails.recipients)}, lost {mails.lost}, still waiting {mails.owed}",
            f"arrived twice {mails.twice} ({self.texts.kills} kills of the job process), under another id {mails.under_another_id}",
            "nothing was lost" if self.nothing_lost else "SOMETHING WAS LOST",
        ]
        return "\n".join(lines)


def run(folder: Path, database_url: str, *, rounds: int, posts: int = 10, threads: int = 4) -> Outcome:
    """``posts``: texts a round. The database at ``database_url`` must exist and be empty."""
    moment, tally, started, total = random.Random(rounds), Tally(), time.monotonic(), rounds * posts
    with SmtpServer() as smtp:
        site = RunningSite(folder, database_url, MAIL_SERVER=HOST, MAIL_PORT=str(smtp.port))
        site.flask("plan", "import", str(PLAN))
        with site, ThreadPoolExecutor(threads) as people:
            site.jobs.start()
            tally.up.set()
            futures = []
            try:
                for number in range(rounds):  # the texts of a round are sent in it: the last kill strikes people who post, as the first
                    futures += [people.submit(post, site, tally, number * posts + rank) for rank in range(posts)]
                    tally.wait_for((number + 1) * posts - posts // 2)
                    strike(site, smtp, tally, moment)
                    _tell(f"round {number + 1} of {rounds}, {len(tally.acknowledged)} texts acknowledged, {len(smtp.mails)} mails taken")
                for future in futures:
                    future.result()
            finally:
                people.shutdown(wait=False, cancel_futures=True)  # else, after a failure, each text would wait for a server in vain
            soon(lambda: len(_arrived(smtp)) >= total and not _waiting(database_url), LAST_MAIL)
        mails = Mails(_arrived(smtp), _waiting(database_url), total)
    return Outcome(report_on(database_url, tally, total, rounds, time.monotonic() - started), mails)


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def strike(site: RunningSite, smtp: SmtpServer, tally: Tally, moment: random.Random) -> None:
    """Kill everything at once, as soon as the mail server has taken one more mail, and start everything again."""
    before = len(smtp.mails)
    soon(lambda: len(smtp.mails) > before, NEXT_MAIL)
    time.sleep(moment.uniform(0, KILL_WITHIN))
    tally.up.clear()
    site.jobs.kill()
    site.web.kill()
    site.jobs.stop()
    site.web.stop()
    site.jobs.start()  # does not wait: both come up at the same time
    site.start_web()
    tally.up.set()


def _arrived(smtp: SmtpServer) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for mail in smtp.mails:
        found[mail.recipients[0]].append(str(mail.message["Message-ID"]))
    return dict(found)


def _waiting(database_url: str) -> int:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM outgoing_mail WHERE status <> 'sent'"))
    engine.dispose()
    return int(count or 0)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_all", description="kill -9 of web and jobs while people post.")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--posts", type=int, default=10, help="texts in each round")
    parser.add_argument("--threads", type=int, default=4, help="people who post at the same time")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="devoir-kill-") as name, database_of(asked.database, Path(name)) as url:
        outcome = run(Path(name), url, rounds=asked.rounds, posts=asked.posts, threads=asked.threads)
    print(outcome)
    return 0 if outcome.nothing_lost else 1


if __name__ == "__main__":
    sys.exit(main())
