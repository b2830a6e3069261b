"""The rows of long lists, drawn once for as long as nothing in them changes.

A row is a macro of values: what it shows follows from its arguments, the language and the day (in Paris), so these are its key, and
whatever changes in the database is another key. Nothing is ever shown because it was kept: each page reads its rows anew, and only their
markup may be an earlier one. A list of a hundred rows costs a template several times less so.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache

from flask import Flask, g
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf

from feedback_app.domain.calendar import day_of
from feedback_app.web.access import now

KEPT = 1_024
"""Rows kept by a process: one or two megabytes."""
TOKEN_PLACE = "&token;"  # noqa: S105
"""Where the session's token stands in a row that has a form: no kept row holds one. No text becomes this: its "&" would be escaped."""

Macro = Callable[..., str]


def _drawing() -> Callable[..., str]:
    @lru_cache(KEPT)
    def draw(macro: Macro, _language: str, _day: object, values: tuple[Hashable, ...]) -> str:
        return macro(*values)

    def drawn(macro: Macro, *values: Hashable) -> str:
        """``drawn(cases.desk_row, line, …)``: the macro's markup for these values, all of which are immutable."""
        if "drawn_for" not in g:
            g.drawn_for = get_locale().language, day_of(now())
        row = draw(macro, *g.drawn_for, values)
        return row.replace(TOKEN_PLACE, generate_csrf()) if TOKEN_PLACE in row else row

    return drawn


def init_app(app: Flask) -> None:
    """Give templates ``drawn``."""
    app.jinja_env.globals.update(drawn=_drawing(), this_moment=now)
