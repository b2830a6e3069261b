"""How the job process works: huey's consumer, as we need it. Only that process imports it."""

from __future__ import annotations

import logging
import signal
from datetime import datetime
from typing import Any

from huey import Huey
from huey.consumer import Consumer, Scheduler

SWEEP_SECONDS = 30
SCHEDULER_SECONDS = 10
POLL_SECONDS = 1.0
RECONNECT_SECONDS = 10.0
SHUTDOWN_TIMEOUT_SECONDS = 60

logger = logging.getLogger(__name__)


def of(huey: Huey) -> Consumer:
    """The consumer of this queue, not yet running: one worker, and a sweep every 30 seconds."""
    # Redis calls us when a task comes, and the longest delay is the one between two attempts to reach it; a file must be looked at.
    delay = RECONNECT_SECONDS if huey.storage.blocking else POLL_SECONDS
    return _Consumer(huey, workers=1, max_delay=delay, scheduler_interval=SCHEDULER_SECONDS, shutdown_timeout=SHUTDOWN_TIMEOUT_SECONDS)


class _Scheduler(Scheduler):
    """Sweeps by itself instead of through the queue: a lost or broken queue then delays nothing for long."""

    periodic_task_seconds = SWEEP_SECONDS

    def enqueue_periodic_tasks(self, now: datetime | None) -> None:
        for task in self.huey.read_periodic(now):
            try:
                task.execute()
            except Exception:
                logger.exception("a sweep failed, the next one tries again")


class _Consumer(Consumer):
    """huey stops gracefully on one signal only; a service manager sends SIGTERM, a terminal SIGINT."""

    scheduler_class = _Scheduler

    def __init__(self, huey: Huey, **options: Any) -> None:
        super().__init__(huey, **options)
        self._signal_actions = {signal.SIGTERM: (False, True), signal.SIGINT: (False, True)}
