"""What this site counts for Prometheus: requests, how long they took, pages kept whole; and, when asked, how mails and jobs are.

Only with ``METRICS_TOKEN``; else nothing is counted nor imported. Under gunicorn each worker counts in files that all of them read
(``PROMETHEUS_MULTIPROC_DIR``, set by ``gunicorn.conf.py``), so that whichever answers tells of all. How mails and jobs are is read from
the database, the same for every process. Labels are endpoints and classes of status: nothing of a person, and few of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Flask

from feedback_app.services.health import Health

SLOWEST = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Measures:
    """The counters of this process, in a registry of their own."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram  # only where it is configured

        self._registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self._registry}
        self._requests = Counter("devoir_requests", "Answers, by endpoint and class of status.", ("endpoint", "status"), **own)
        self._seconds = Histogram("devoir_request_seconds", "How long answers took to make.", ("kept",), buckets=SLOWEST, **own)

    def count(self, endpoint: str, status: int, seconds: float, *, kept: bool) -> None:
        """One answer. ``kept``: a page kept whole, for which the application was not asked."""
        self._requests.labels(endpoint or "none", f"{status // 100}xx").inc()
        self._seconds.labels("yes" if kept else "no").observe(seconds)

    def written(self, health: Health | None, at: datetime) -> tuple[str, str]:
        """All of it in the format of Prometheus, and its content type. ``health`` None: the database is away."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self._registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        now = CollectorRegistry()
        now.register(_Now(health, at))
        return (generate_latest(registry) + generate_latest(now)).decode(), CONTENT_TYPE_LATEST


class _Now:
    """How mails and jobs are at this moment."""

    def __init__(self, health: Health | None, at: datetime) -> None:
        self._health, self._at = health, at

    def describe(self) -> list[Any]:
        return []

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        yield GaugeMetricFamily("devoir_database_up", "Whether the database answers.", value=float(self._health is not None))
        if self._health is None:
            return
        mails = GaugeMetricFamily("devoir_mails", "Mails by state.", labels=("state",))
        for state in ("waiting", "failed", "sent"):
            mails.add_metric((state,), getattr(self._health, state))
        yield mails
        yield GaugeMetricFamily(
            "devoir_oldest_mail_overdue_seconds",
            "How long the mail that waits longest has been due.",
            value=self._since("oldest_waiting") or 0,
        )
        if (swept := self._since("last_sweep")) is not None:
            yield GaugeMetricFamily("devoir_jobs_seconds_since_sweep", "How long ago the job process last looked for work.", value=swept)

    def _since(self, name: str) -> float | None:
        moment: datetime | None = getattr(self._health, name)
        return None if moment is None else max(0.0, (self._at - moment).total_seconds())


def of(app: Flask) -> Measures | None:
    """The measures of this application; None where nobody asked for them."""
    found: Measures | None = app.extensions["measures"]
    return found


def count(app: Flask, endpoint: str, status: int, seconds: float, *, kept: bool = False) -> None:
    """Count one answer, if answers are counted."""
    found = of(app)
    if found:
        found.count(endpoint, status, seconds, kept=kept)


def init_app(app: Flask) -> None:
    """Make the counters, if the settings ask for them."""
    app.extensions["measures"] = Measures() if app.config["SETTINGS"].metrics_token else None
