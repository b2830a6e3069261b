"""The sentences of templates, and words put together from them: each once for the life of an application, since a page asks for many."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, has_app_context, has_request_context, request
from flask_babel import get_locale

from feedback_app.extensions import babel

P = ParamSpec("P")
T = TypeVar("T")
SENTENCES = 8_192


def _language() -> str:
    # Flask-Babel keeps what it found on the request, and a page asks for it at each sentence.
    locale = request.__dict__.get("babel_locale") if has_request_context() else None
    locale = locale or get_locale()
    return locale.language if locale else ""


def kept_words(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function says that writes nothing but our words and addresses, in each language. Its arguments are immutable."""

    @wraps(function)
    def wrapper(*values: P.args, **named: P.kwargs) -> T:
        if not has_app_context():
            return function(*values, **named)
        kept: dict[Any, Callable[..., T]] = current_app.extensions.setdefault("words", {})
        if function not in kept:
            # By type as well: members of two string enumerations with the same value are equal.
            kept[function] = lru_cache(SENTENCES, typed=True)(lambda _language, _place, *values, **named: function(*values, **named))
        return kept[function](_language(), request.script_root if has_request_context() else "", *values, **named)

    return wrapper


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
