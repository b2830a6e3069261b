"""The sentences of templates: each is looked up once for the life of an application, since a page asks for many of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from flask import Flask
from flask_babel import get_locale

from feedback_app.extensions import babel

SENTENCES = 8_192


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else ""


def _gettext() -> Callable[[str], str]:
    @lru_cache(SENTENCES)
    def looked_up(_language: str, message: str) -> str:
        return str(babel.domain_instance.get_translations().ugettext(message))

    return lambda message: looked_up(_language(), message)


def _ngettext(singular: str, plural: str, number: int) -> str:
    return str(babel.domain_instance.get_translations().ungettext(singular, plural, number))


def init_app(app: Flask) -> None:
    """Give them to the templates, in the place of Flask-Babel's own."""
    app.jinja_env.install_gettext_callables(_gettext(), _ngettext, newstyle=True)  # type: ignore[attr-defined]
