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
from feedback_app.services.freshness import Version
from feedback_app.web.access import now
from feedback_app.web.closing import frame

KEPT = 1_024
"""Rows kept by a process: one or two megabytes."""
TOKEN_PLACE = "&token;"  # noqa: S105
"""Where the session's token stands in a row that has a form: no kept row holds one. No text becomes this: its "&" would be escaped."""

Macro = Callable[..., str]


class Rows:
    """Rows as this process drew them last; ``drawn`` in templates."""

    def __init__(self) -> None:
        self._draw = lru_cache(KEPT)(_draw)
        self._everywhere: int | None = None

    def __call__(self, macro: Macro, *values: Hashable) -> str:
        """``drawn(cases.desk_row, line, …)``: the macro's markup for these values, all of which are immutable."""
        if "drawn_for" not in g:
            self._notice(frame().version)
            g.drawn_for = get_locale().language, day_of(now())
        row = self._draw(macro, *g.drawn_for, values)
        return row.replace(TOKEN_PLACE, generate_csrf()) if TOKEN_PLACE in row else row

    def __len__(self) -> int:
        return self._draw.cache_info().currsize

    def _notice(self, version: Version | None) -> None:
        """Somebody may have been erased: then what was drawn of them is not only out of use, it goes."""
        if version and version.everywhere != self._everywhere:
            self._draw.cache_clear()
            self._everywhere = version.everywhere


def _draw(macro: Macro, _language: str, _day: object, values: tuple[Hashable, ...]) -> str:
    return macro(*values)


def init_app(app: Flask) -> None:
    """Give templates ``drawn``."""
    app.extensions["rows"] = rows = Rows()
    app.jinja_env.globals.update(drawn=rows, this_moment=now)
