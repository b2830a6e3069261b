"""What gunicorn reads by itself when it is started in this folder: its own messages come as the application's, one line of JSON each."""

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
