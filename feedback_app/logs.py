"""Logs: one event, one line of JSON on the standard error; nothing in it about a person.

Addresses of pages are left out (some are secret, others hold what was searched for): an event names the endpoint. What an exception says
is left out in production (databases repeat the row that they refuse), its kind and its place in the code are not. What looks like an
e-mail address, or as that of a machine, is taken out wherever it stands.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from flask import Flask

from config import Config, Environment

# E-mail addresses, addresses of machines (our own excepted), and the addresses of pages that gunicorn names when it fails.
PERSONAL = re.compile(
    r"[^\s<>\"'(),:;=]+@[^\s<>\"'(),;=]+|(?<![\d.])(?!127\.|0\.)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|(?<=ip=)\S+|(?<=handling request )/\S*"
)
FRAMES = 12
_HANDLER = "devoir-de-suite"

Event = MutableMapping[str, Any]


# Without any of this nothing of it can be there. Most words of an event are so, and every request is one.
_PERHAPS = re.compile(r"@|\d\.\d{1,3}\.|ip=|handling request")


def _without_people(_logger: object, _method: str, event: Event) -> Event:
    return {key: without_people(value) if isinstance(value, str) else value for key, value in event.items()}


def without_people(words: str) -> str:
    """The same words, without what looks like an address of a person or of a machine."""
    return PERSONAL.sub("[left out]", words) if _PERHAPS.search(words) else words


class _Lines(structlog.stdlib.ProcessorFormatter):
    """Leaves a line of JSON as it is: a record that says ``is_line`` holds one (``web/request_log.py``, for its own words only)."""

    def format(self, record: logging.LogRecord) -> str:
        return str(record.msg) if record.__dict__.get("is_line") else super().format(record)


class _Exceptions:
    """The kind of an exception and of those that caused it, and where it came from; what they say only if ``aloud``."""

    def __init__(self, *, aloud: bool) -> None:
        self._aloud = aloud

    def __call__(self, _logger: object, _method: str, event: Event) -> Event:
        error = event.pop("exc_info", None)
        error = sys.exc_info()[1] if error is True else error[1] if isinstance(error, tuple) else error
        if isinstance(error, BaseException):
            event["error"] = list(self._chain(error))
            frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
            event["at"] = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        return event

    def _chain(self, error: BaseException) -> list[str]:
        found: list[str] = []
        following: BaseException | None = error
        while following is not None and len(found) < FRAMES:
            kind = f"{type(following).__module__}.{type(following).__qualname__}"
            found.append(f"{kind}: {following}" if self._aloud else kind)
            following = following.__cause__ or following.__context__
        return found


def formatter(*, aloud: bool = False) -> logging.Formatter:
    """Makes a line of JSON of any record, ours and those of libraries. Line ends and control characters are escaped."""
    return _Lines(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _Exceptions(aloud=aloud),
            _without_people,
            structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True, default=str),
        ],
    )


def write_to(stream: TextIO, *, aloud: bool) -> logging.Handler:
    """Send every log of this process to ``stream``, as JSON. Called again it replaces the handler of before."""
    handler = logging.StreamHandler(stream)
    handler.name = _HANDLER
    handler.setFormatter(formatter(aloud=aloud))
    root = logging.getLogger()
    for earlier in [found for found in root.handlers if found.name == _HANDLER]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("feedback_app").setLevel(logging.INFO)
    return handler


def init_app(app: Flask) -> None:
    """Give all logs of this process their form; tests keep theirs."""
    settings: Config = app.config["SETTINGS"]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    if settings.environment is not Environment.TEST:
        write_to(sys.stderr, aloud=settings.environment is not Environment.PRODUCTION)
