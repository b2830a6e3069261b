"""One event for each request, and a number that all events of one request carry."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from datetime import UTC, datetime

import structlog
from flask import Flask, Response, current_app, g, request

from feedback_app.web import measures

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

log = structlog.stdlib.get_logger("feedback_app.requests")
_plain = logging.getLogger("feedback_app.requests")


def _begin() -> None:
    structlog.contextvars.clear_contextvars()
    said = request.headers.get("X-Request-ID", "")
    g.request_id = said if REQUEST_ID.fullmatch(said) else secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    if "request_id" in g:
        if response.status_code >= 400:  # what a person may be asked for; a page for everybody has nothing of one request
            response.headers["X-Request-ID"] = g.request_id
        seconds = time.perf_counter() - g.began
        measures.count(current_app, request.endpoint or "", response.status_code, seconds)
        if request.method in METHODS:
            _write(request.method, request.endpoint, response.status_code, seconds, g.request_id)
        else:  # a word of somebody else's
            took = round(seconds * 1000)
            log.info("request", method=request.method[:10], endpoint=request.endpoint, status=response.status_code, milliseconds=took)
    return response


def answered(app: Flask, endpoint: str, status: int, began: float) -> None:
    """The same for an answer that did not need the application."""
    seconds = time.perf_counter() - began
    measures.count(app, endpoint, status, seconds, kept=True)
    _write("GET", endpoint, status, seconds, secrets.token_hex(8))


def _write(method: str, endpoint: str | None, status: int, seconds: float, number: str) -> None:
    """The line as structlog would write it, in a tenth of the time: as it is, since all of it is ours."""
    if not _plain.isEnabledFor(logging.INFO):
        return
    took = round(seconds * 1000)
    event = {"endpoint": endpoint, "event": "request", "level": "info", "logger": _plain.name, "method": method, "milliseconds": took}
    event |= {"request": number, "status": status, "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
    record = logging.LogRecord(_plain.name, logging.INFO, __file__, 0, json.dumps(event), None, None)
    record.is_line = True
    _plain.handle(record)


def init_app(app: Flask) -> None:
    """Register it. Before everything else: what is refused is an event too."""
    app.before_request(_begin)
    app.after_request(_end)
