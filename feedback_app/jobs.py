"""The job queue. huey only wakes and sweeps: what is due is a row of the application's database, so losing its file loses nothing.

Two job processes at once are harmless, and so is a task that runs twice or never: the next sweep finds what is left.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from config import Config
from feedback_app.database import db, scrub, unit_of_reading, unit_of_work, work_through
from feedback_app.domain.privacy import Progress
from feedback_app.mail import outbox
from feedback_app.services import edition_comparison, edition_drafts, edition_uploads, health, job_runs, page_store, search, statistics
from feedback_app.services.cases import closing, conversation, extending, succession, transfers
from feedback_app.services.digest import daily
from feedback_app.services.edition_comparison import Comparison
from feedback_app.services.edition_drafts import DraftRemoval, DraftReplaced
from feedback_app.services.edition_uploads import UploadImport
from feedback_app.services.editions import EditionRefused
from feedback_app.services.privacy import erasure, export, purge

if TYPE_CHECKING:
    from huey import Huey

NAME = "devoir-de-suite"
FILE_NAME = "jobs.db"
ROUND = 100
MAX_WAITING = 20
ENQUEUE_TIMEOUT_SECONDS = 2
REDIS_TIMEOUT_SECONDS = 3  # more than the second for which huey listens

logger = logging.getLogger(__name__)


PARIS = ZoneInfo("Europe/Paris")
NIGHT = timedelta(hours=3)  # the work of a day begins at three in the morning
MORNING = timedelta(hours=7)  # and what people read with their coffee at seven


@dataclass(frozen=True)
class Work:
    """A kind of due row. ``due``: their ids; ``do``: deals with one in one transaction, and does nothing when somebody else has."""

    name: str
    due: Callable[[datetime], Sequence[int]]
    do: Callable[[int, datetime], None]


WORKS = (
    Work("erasure", erasure.due, erasure.execute_due),
    Work("export", export.due, export.make_due),
    Work("case to sleep", conversation.waiting_too_long, conversation.sleep),
    Work("case to close", closing.without_a_word, closing.close),
    Work("case to follow its ministry", succession.left_behind, succession.follow),
    Work("transfer to expire", transfers.left_unanswered, transfers.expire),
)


@dataclass(frozen=True)
class LongWork:
    """A kind of due thing that takes many transactions. ``due``: what to do; ``do``: does one, and ends its transactions itself."""

    name: str
    due: Callable[[datetime], Sequence[Any]]
    do: Callable[[Any, datetime], None]


def read_upload(upload_id: int, at: datetime) -> None:
    """Make a draft of files that were sent, or say why not. Not inside a transaction."""
    try:
        work_through(UploadImport(upload_id, at=at).batches())
    except edition_uploads.REFUSED as refused:
        with unit_of_work():
            edition_uploads.refuse(upload_id, refused, at=at)
    except (DraftReplaced, IntegrityError):
        logger.info("upload %s met another import of its date, it is read again later", upload_id)


def _compare(edition_id: int, at: datetime) -> None:
    """Compute the revisions that a publication or a withdrawal between two editions left to be computed again."""
    try:
        work_through(Comparison(edition_id, at=at).batches())
    except EditionRefused:
        logger.info("edition %s is compared elsewhere or has changed, the next sweep looks again", edition_id)


def _compare_draft(key: str, at: datetime) -> None:
    with unit_of_work():
        held = job_runs.claim(key, at=at)
    if held:
        _compare(int(key.removeprefix(edition_comparison.KEY)), at)
        with unit_of_work():
            job_runs.finish(key, held, at=at)


LONG_WORKS = (
    LongWork("upload", edition_uploads.due, read_upload),
    LongWork("comparison", lambda _at: edition_comparison.due(), _compare),
    LongWork("comparison of a draft", lambda at: job_runs.open_keys(edition_comparison.KEY, at=at), _compare_draft),
    LongWork("removal", lambda _at: edition_drafts.discarded(), lambda edition_id, _at: work_through(DraftRemoval(edition_id).batches())),
)


class QueueUnavailable(Exception):
    """The job queue cannot be opened: wrong rights on the instance folder, wrong address of Redis."""


def init_app(app: Flask) -> None:
    """Bind a queue to the application. Neither file nor connection is opened before the first task (nor shared by a fork)."""
    app.extensions["huey"] = JobQueue(app)


def wake_if_needed() -> None:
    """Call it after a commit: when a mail was queued in this session, ask the job process to deliver now. Never raises."""
    if not db.session.info.pop(outbox.QUEUED, False):
        return
    try:
        queue_of(current_app).wake()
    except Exception:
        # The row is committed and will leave with the next sweep: the person who posted must not see an error.
        logger.warning("the job queue could not be woken, the next sweep will deliver", exc_info=True)


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT, in this process: deliver when woken, sweep at once and every 30 seconds.

    The mail in hand is finished first. Raises ``QueueUnavailable``.
    """
    queue = queue_of(app)
    try:
        huey = queue.huey
    except (OSError, sqlite3.Error, ValueError) as error:
        raise QueueUnavailable(str(error)) from error
    from feedback_app import consumer  # this process only

    working = consumer.of(huey)
    queue.stopping = working.stop_flag
    working.run()


def queue_of(app: Flask) -> JobQueue:
    """The queue that ``init_app`` bound to ``app``."""
    queue: JobQueue = app.extensions["huey"]
    return queue


class JobQueue:
    """The tasks of one application, and where they wait: Redis when it is configured, else a SQLite file in the instance folder."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.stopping = threading.Event()
        self._one_round_at_a_time = threading.Lock()

    @cached_property
    def delivery(self) -> Any:
        """The task "deliver", on a queue made at first use in the process that uses it. Calling it puts it into that queue."""
        huey = _open_queue(self._app.config["SETTINGS"])
        huey.periodic_task(lambda _at: True, name="sweep")(self.sweep)
        return huey.task(name="deliver")(self.sweep)

    @property
    def huey(self) -> Huey:
        return self.delivery.huey

    def wake(self) -> None:
        """Ask for a delivery. A queue that nobody reads stays short: whatever waits in it will find the new row too."""
        if self.huey.pending_count() < MAX_WAITING:
            self.delivery()

    def sweep(self) -> None:
        """Everything that is due: rows of each kind of work, what is done once a day, what deletions left in the file, then the mails."""
        self._beat()
        try:
            with self._one_round_at_a_time, self._app.app_context():
                for work in WORKS:
                    self._do(work)
                self._work_on_editions()
                if not self.stopping.is_set():
                    purge_of_the_day(clock=_now, keep_going=lambda: not self.stopping.is_set())
                    cases_of_the_day(clock=_now, keep_going=lambda: not self.stopping.is_set())
                    _scrub_if_planned()
                    figures_of_the_day(clock=_now)
        finally:
            self.deliver()  # whatever failed above, mails leave

    def _beat(self) -> None:
        """Show that this process works (``services/health``)."""
        try:
            with self._app.app_context(), unit_of_work():
                health.beat(health.JOBS, at=_now())
        except SQLAlchemyError as error:  # what is due comes first
            logger.warning("no sign of life could be left: %s", type(error).__name__)

    def _do(self, work: Work) -> None:
        due = work.due(_now())
        db.session.rollback()
        for row_id in due:
            if self.stopping.is_set():
                return
            try:
                with unit_of_work():
                    work.do(row_id, _now())
            except Exception:  # one row never blocks the others; it stays due
                logger.exception("%s %s failed, the next sweep tries again", work.name, row_id)

    def _work_on_editions(self) -> None:
        """The long works, cut into short transactions: read what was sent, compare again, delete drafts that were given up."""
        for long_work in LONG_WORKS:
            with unit_of_reading():
                due = long_work.due(_now())
            for subject in due:
                if self.stopping.is_set():
                    return
                try:
                    long_work.do(subject, _now())
                except Exception:  # one never blocks the others; it stays due
                    logger.exception("%s %s failed, a later sweep tries again", long_work.name, subject)

    def deliver(self) -> None:
        """Deliver everything that is due, round after round, until nothing is left or the process is asked to stop."""
        with self._one_round_at_a_time, self._app.app_context():
            while not self.stopping.is_set():
                report = outbox.deliver_due(clock=_now, limit=ROUND, keep_going=lambda: not self.stopping.is_set())
                if report.tried < ROUND:
                    break


def _claimed(
    key: str, *, clock: Callable[[], datetime], planned: bool = False, with_it: Callable[[], object] = lambda: None
) -> datetime | None:  # fmt: skip
    """Take the work of a key, looking first without waiting for anybody: until when it is ours; None when there is nothing to take.

    ``planned``: only if somebody owed it. ``with_it``: done in the transaction that takes it.
    """
    is_open = job_runs.is_open(key, at=clock(), planned=planned)
    db.session.rollback()
    if not is_open:
        return None
    with unit_of_work():
        held = job_runs.claim(key, at=clock())
        if held:
            with_it()
    return held


def purge_of_the_day(*, clock: Callable[[], datetime], keep_going: Callable[[], bool] = lambda: True) -> bool:
    """Forget what is past its period, once a day whatever the number of job processes. Returns whether it was done here."""
    key = f"purge:{(clock().astimezone(PARIS) - NIGHT).date()}"
    held = _claimed(key, clock=clock)
    for step in purge.STEPS if held else ():
        done = 1
        while held and done and keep_going():
            with unit_of_work():
                held = job_runs.renew(key, held, at=clock())
                done = step.run(clock()) if held else 0
                if done:
                    job_runs.plan(erasure.SCRUB, at=clock())
    if not held or not keep_going():
        return False  # begun again by the next sweep that finds it free
    with unit_of_work():
        return job_runs.finish(key, held, at=clock())


def cases_of_the_day(*, clock: Callable[[], datetime], keep_going: Callable[[], bool] = lambda: True) -> bool:
    """Record what became late and owe staff their mail of the day, once, from seven in the morning. Returns whether it was done here.

    Killed in the middle, it goes on where it was: each mail of a day has its key.
    """
    key = f"cases:{(clock().astimezone(PARIS) - MORNING).date()}"
    held = _claimed(key, clock=clock, with_it=lambda: extending.record_late(at=clock()))
    for account_id in daily.people(clock()) if held else ():
        if not held or not keep_going():
            return False
        db.session.rollback()
        with unit_of_work():
            held = job_runs.renew(key, held, at=clock())
            if held:
                daily.send(account_id, at=clock())
    db.session.rollback()
    if not held:
        return False
    with unit_of_work():
        return job_runs.finish(key, held, at=clock())


def figures_of_the_day(*, clock: Callable[[], datetime]) -> bool:
    """Compute how ministries answer, once a day whatever the number of job processes. Returns whether it was done here."""
    key = f"figures:{(clock().astimezone(PARIS) - NIGHT).date()}"
    held = _claimed(key, clock=clock)
    if not held:
        return False
    at = clock()
    figures = statistics.compute(at=at)  # reads for seconds: nobody who writes waits for it
    db.session.rollback()
    with unit_of_work():
        statistics.keep(figures, at=at)
        return job_runs.finish(key, held, at=clock())


def wipe() -> bool:
    """Let nothing that was deleted stay in the files of the database, its index of words, or pages kept whole. False: try again."""
    with unit_of_work():
        search.forget_deleted()
    return page_store.forget_shared(current_app) and scrub()


def purge_now(*, clock: Callable[[], datetime], progress: Callable[[Progress], None] = lambda _progress: None) -> dict[str, int]:
    """Forget what is past its period, now. Returns how many rows each step dealt with; ``progress`` is told after each batch."""
    dealt_with: dict[str, int] = {}
    for step in purge.STEPS:
        total, done = step.count(clock()), 0
        db.session.rollback()
        progress(Progress(step.name, 0, total))
        while batch := _one_batch(step, clock):
            done += batch
            progress(Progress(step.name, done, max(total, done)))
        dealt_with[step.name] = done
    if any(dealt_with.values()):
        wipe()
    return dealt_with


def _one_batch(step: purge.Step, clock: Callable[[], datetime]) -> int:
    with unit_of_work():
        return step.run(clock())


def _scrub_if_planned() -> None:
    held = _claimed(erasure.SCRUB, clock=_now, planned=True)
    if held and wipe():
        with unit_of_work():
            job_runs.finish(erasure.SCRUB, held, at=_now())


def _open_queue(settings: Config) -> Huey:
    with _without(*(() if settings.redis_url else ("redis",)), "psycopg"):
        from huey import RedisHuey, SqliteHuey

    if settings.redis_url:
        return RedisHuey(NAME, results=False, connection_pool=_redis_pool(settings.redis_url))
    # Not durable on purpose (no fsync): a lost wake-up costs one sweep. A short timeout: a citizen's request waits for it.
    return SqliteHuey(NAME, results=False, filename=str(settings.instance_path / FILE_NAME), timeout=ENQUEUE_TIMEOUT_SECONDS, fsync=False)


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """huey imports a client for each store that it knows, if it is installed: 16 MB in every web process, for stores not in use."""
    unused = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(unused))  # type: ignore[arg-type]  # None: not to be found
    try:
        yield
    finally:
        for name in unused:
            del sys.modules[name]


def _redis_pool(url: str) -> Any:
    from redis import ConnectionPool  # only where it is configured

    return ConnectionPool.from_url(url, socket_connect_timeout=ENQUEUE_TIMEOUT_SECONDS, socket_timeout=REDIS_TIMEOUT_SECONDS)


def _now() -> datetime:
    return datetime.now(UTC)
