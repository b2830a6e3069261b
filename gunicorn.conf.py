"""What gunicorn reads by itself when it is started in this folder: its own messages come as the application's, one line of JSON each."""

import os
import shutil
import tempfile
from typing import Any

from gunicorn.glogging import Logger

from feedback_app.logs import formatter


class JsonLogger(Logger):
    """Requests are logged by the application: gunicorn keeps no access log unless it is asked to."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter())


logger_class = JsonLogger

# Each worker counts in files of its own, which /metrics adds up (feedback_app/web/measures.py). A start counts from nothing.
if os.environ.get("METRICS_TOKEN"):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="devoir-metrics-")


def on_exit(_server: Any) -> None:
    """Only in the process that started the workers: they may not take the files away from each other."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)
