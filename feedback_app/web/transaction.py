"""One request, one transaction: committed when the view answered well, rolled back on any refusal or error."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, current_app, g, make_response, request

from feedback_app import jobs
from feedback_app.database import begin_writing, db

View = Callable[..., Any]


def transactional(view: View) -> View:
    """Mark a view as writing: its POST runs in one writing transaction, opened before anything is read."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        if request.method != "POST":
            return make_response(view(*args, **kwargs))
        response = make_response(view(*args, **kwargs))
        if response.status_code >= 400 and not g.get("refusal_is_recorded"):
            db.session.rollback()
        else:
            db.session.commit()
            jobs.wake_if_needed()
        return response

    wrapper.writes = True  # type: ignore[attr-defined]
    return wrapper


def record_refusal() -> None:
    """Say, in a view, that what its service wrote about this refusal stays, although the answer is one: a wrong code counts."""
    g.refusal_is_recorded = True


def has_length() -> bool:
    """Whether the body says how long it is. One in chunks does not: past the limit it would be cut, and taken for the whole."""
    return "Transfer-Encoding" not in request.headers


def _open_transaction() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method == "POST" and not has_length():
        abort(411)
    if request.method == "POST" and getattr(view, "writes", False):
        request.form  # noqa: B018 - read the body first: a slow sender must not hold the write lock
        begin_writing()


def init_app(app: Flask) -> None:
    """Register it. Must come before the access guard, which reads the session row."""
    app.before_request(_open_transaction)
