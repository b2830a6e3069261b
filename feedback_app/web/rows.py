"""Parts of pages, drawn once for as long as nothing in them changes: rows of long lists, whole lists, the frame of every page.

A part is a macro of values: what it shows follows from its arguments, the language, the address at which the site begins and the day
(in Paris), so these are its key, and whatever changes in the database is another key. Nothing is ever shown because it was kept: each
page reads what it shows anew, and only the markup may be an earlier one. A list of a hundred rows costs a template several times less.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache

from flask import Flask, g, request
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf

from feedback_app.domain.calendar import day_of
from feedback_app.services.freshness import Version
from feedback_app.web.access import now
from feedback_app.web.closing import frame
from feedback_app.web.language import alternate_url

KEPT = 1_024
"""Rows kept by a process: one or two megabytes."""
KEPT_WHOLE = 32
"""Whole lists, with what they were drawn of: two to four megabytes."""
KEPT_FRAMES = 128
"""Parts of the frame: those that two languages, a few menus and the places in them make."""
TOKEN_PLACE = "&token;"  # noqa: S105
"""Where the session's token stands in a part that has a form: no kept part holds one. No text becomes this: its "&" would be escaped."""
ADDRESS_PLACE = "&here;"
"""Where the address of this page in the other language stands."""

Macro = Callable[..., str]


class Rows:
    """Parts as this process drew them last: ``drawn``, ``drawn_whole`` and ``framed`` in templates."""

    def __init__(self) -> None:
        self._rows, self._wholes = lru_cache(KEPT)(_draw), lru_cache(KEPT_WHOLE)(_draw)
        self._everywhere: int | None = None

    def __call__(self, macro: Macro, *values: Hashable) -> str:
        """``drawn(cases.desk_row, line, …)``: the macro's markup for these values, all of which are immutable."""
        return _with_token(self._rows(macro, *self._now(), values))

    def whole(self, macro: Macro, *values: Hashable) -> str:
        """``drawn_whole(cases.desk_table, lines, …)``: the same for what many rows are in, perhaps drawn one by one inside it."""
        return _with_token(self._wholes(macro, *self._now(), values))

    def __len__(self) -> int:
        return self._rows.cache_info().currsize + self._wholes.cache_info().currsize

    def _now(self) -> tuple[object, object]:
        if "drawn_for" not in g:
            self._notice(frame().version)
            g.drawn_for = (get_locale().language, request.script_root), day_of(now())
        found: tuple[object, object] = g.drawn_for
        return found

    def _notice(self, version: Version | None) -> None:
        """Somebody may have been erased: then what was drawn of them is not only out of use, it goes."""
        if version and version.everywhere != self._everywhere:
            self._rows.cache_clear()
            self._wholes.cache_clear()
            self._everywhere = version.everywhere


class Frames:
    """What stands around pages, as this process drew it last; ``framed`` in templates. Nothing of it is of a person.

    Somebody who is changing styles or templates (``keep`` False) sees them on the next page.
    """

    def __init__(self, *, keep: bool) -> None:
        self._draw = lru_cache(KEPT_FRAMES if keep else 0)(_draw)

    def __call__(self, macro: Macro, *values: Hashable) -> str:
        """``framed(parts.header, …)``: the macro's markup for these values; addresses begin where the site does."""
        part = _with_token(self._draw(macro, get_locale().language, request.script_root, values))
        return part.replace(ADDRESS_PLACE, alternate_url() or "") if ADDRESS_PLACE in part else part


def _draw(macro: Macro, _language: object, _place: object, values: tuple[Hashable, ...]) -> str:
    outer, g.drawing = g.get("drawing", False), True
    try:
        return macro(*values)
    finally:
        g.drawing = outer


def _with_token(part: str) -> str:
    """For this session; a part of a part that is being drawn keeps the place, since the whole is kept."""
    return part.replace(TOKEN_PLACE, generate_csrf()) if TOKEN_PLACE in part and not g.get("drawing") else part


def init_app(app: Flask) -> None:
    """Give templates ``drawn``, ``drawn_whole`` and ``framed``."""
    app.extensions["rows"] = rows = Rows()
    frames = Frames(keep=not app.config["SETTINGS"].follows_files)
    app.jinja_env.globals.update(drawn=rows, drawn_whole=rows.whole, framed=frames, this_moment=now)
