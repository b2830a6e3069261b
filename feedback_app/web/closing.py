"""While citizens can read but not write: forms say so before anything is typed, and keep what was typed before."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, g, make_response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from feedback_app.database import db
from feedback_app.services import site
from feedback_app.web.language import page_language

View = Callable[..., Any]


def contributing(view: View) -> View:
    """Mark a form by which citizens send a new text: while the site is closed it is not shown, nor shown again with its mistakes.

    What is sent without a mistake is the service's to refuse (``site.expect_open`` says what stays open).
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            site.expect_open()
            return view(*args, **kwargs)
        answer = make_response(view(*args, **kwargs))
        if not answer.location:
            site.expect_open()
        return answer

    wrapper.contributing = True  # type: ignore[attr-defined]
    return wrapper


def frame(topic_key: str | None = None) -> site.Frame:
    """What the database says of the frame of this page, asked once. A page that needs no database does without.

    ``topic_key``: see ``site.frame``; only for whoever asks first.
    """
    if "frame" not in g:
        try:
            g.frame = site.frame(topic_key)
        except (OperationalError, PoolTimeout):
            db.session.rollback()
            g.frame = site.Frame(None, None)
    return g.frame


def notice() -> tuple[str, str, bool] | None:
    """What the site says to everybody: the words, their language, and whether contributions are closed. None: nothing to say.

    Words that exist in one language only are shown in that one. An error page does not ask: the database may be what failed.
    """
    if "site_notice" in g:
        return g.site_notice
    if g.get("error_page"):
        return None
    said = frame().said
    if said is None:
        return None
    words = {"fr": said.notice_fr, "en": said.notice_en}
    language = page_language() if words.get(page_language()) else next((code for code, text in words.items() if text), page_language())
    return (words.get(language, ""), language, said.closed) if said.closed or words.get(language) else None


def init_app(app: Flask) -> None:
    """Give the layout the notice."""
    app.jinja_env.globals["site_notice"] = notice
