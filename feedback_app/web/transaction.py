"""One request, one transaction: committed when the view answered well, rolled back on any refusal or error."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, current_app, g, make_response, request

from feedback_app import jobs
from feedback_app.database import begin_reading, begin_writing, db, end_reading, unit_of_work
from feedback_app.web import kept
from feedback_app.web.access import refuse_strangers

View = Callable[..., Any]
MAX_FIELDS = 200
SMALL_FORM = 16 * 1024


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
            kept.sent()
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


def after_giving_up(act: Callable[[], None]) -> None:
    """Write something in a transaction of its own, once the request's was rolled back."""
    with unit_of_work():
        act()


def writes() -> bool:
    """Whether this request sends a form to a view that writes."""
    return request.method == "POST" and bool(getattr(current_app.view_functions.get(request.endpoint or ""), "writes", False))


def body_limit(size: int) -> Callable[[View], View]:
    """Mark a view whose forms are larger or smaller than usual (``MAX_CONTENT_LENGTH``): what is longer is answered with 413."""

    def mark(view: View) -> View:
        view.body_limit = size  # type: ignore[attr-defined]
        return view

    return mark


def many_fields(most: int) -> Callable[[View], View]:
    """Mark a view whose form has more fields than usual (``MAX_FIELDS``)."""

    def mark(view: View) -> View:
        view.field_limit = most  # type: ignore[attr-defined]
        return view

    return mark


small_form = body_limit(SMALL_FORM)


def file_limit(size: int) -> Callable[[View], View]:
    """Mark a view whose form carries a file of ``size`` bytes at most. It is kept on a disk while it comes in, not in memory.

    Only somebody who may use the view is listened to for so long: from others not even the beginning is read.
    """

    def mark(view: View) -> View:
        view.file_limit = size + SMALL_FORM  # type: ignore[attr-defined]
        return view

    return mark


def _read_body() -> None:
    if request.method == "POST" and not has_length():
        abort(411)
    limit = getattr(current_app.view_functions.get(request.endpoint or ""), "body_limit", None)
    if limit:
        request.max_content_length = request.max_form_memory_size = limit
    size = getattr(current_app.view_functions.get(request.endpoint or ""), "file_limit", None)
    if size and request.method == "POST":
        refuse_strangers()
        db.session.rollback()  # the writing transaction begins after the body
        request.max_content_length = size
    if request.query_string.count(b"&") >= MAX_FIELDS:
        abort(400)
    # The body is read here: a slow sender must not hold the write lock.
    most = getattr(current_app.view_functions.get(request.endpoint or ""), "field_limit", MAX_FIELDS)
    if writes() and sum(len(values) for _name, values in request.form.lists()) > most:
        abort(400)


def _open_transaction() -> None:
    if writes():
        begin_writing()
    else:
        begin_reading()


def _end_reading(_error: BaseException | None) -> None:
    end_reading()


def read_bodies(app: Flask) -> None:
    """Register the first step: what comes next may look at the form."""
    app.before_request(_read_body)


def init_app(app: Flask) -> None:
    """Register the second. Must come before the access guard, which reads the session row."""
    app.before_request(_open_transaction)
    app.teardown_request(_end_reading)
