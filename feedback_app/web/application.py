"""The application as Flask makes it, but for two things that cost each page more than they give."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment


class Templates(Environment):
    """Templates share the globals of the application.

    Jinja would give each a map of its own above them, and at each import compare the two name by name, in Python: for a page that imports
    eight files of components, as much as two statements.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class Application(Flask):
    """Nothing here is a coroutine: Flask would ask so of each hook and view, at each request."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
