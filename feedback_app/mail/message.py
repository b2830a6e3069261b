"""What every e-mail is made of. The mails themselves are in ``messages`` (texts, sign-in), ``case_messages`` and ``staff_messages``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import NamedTuple, ParamSpec

from flask import current_app
from flask_babel import force_locale, format_date, get_locale

from config import SiteConfig
from feedback_app.domain.text import official_plain

TITLE_IN_SUBJECT = 80
EXCERPT = 300

P = ParamSpec("P")


class Link(NamedTuple):
    """``path`` is one of ours, from ``domain/addresses``."""

    label: str
    path: str


class Section(NamedTuple):
    """A short list of links under a title. ``more``: it is not the whole list."""

    title: str
    links: tuple[Link, ...]
    more: bool = False


@dataclass(frozen=True)
class Message:
    """A mail before it is rendered, in reading order: paragraphs, quoted text, sections, button, what comes after, links, closing."""

    key: str
    identity_id: int | None
    recipient: str
    language: str
    subject: str
    paragraphs: tuple[str, ...]
    quote: str | None = None
    sections: tuple[Section, ...] = ()
    button: Link | None = None
    after: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    closing: tuple[str, ...] = ()


def in_its_language(write: Callable[P, Message]) -> Callable[P, Message]:
    """Run ``write`` in the language that it is given."""

    @wraps(write)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Message:
        with force_locale(str(kwargs["language"])):
            return write(*args, **kwargs)

    return wrapper


def site() -> SiteConfig:
    """Who runs this site."""
    found: SiteConfig = current_app.config["SETTINGS"].site
    return found


def short(title: str) -> str:
    """A title fit for a subject line."""
    return title if len(title) <= TITLE_IN_SUBJECT else title[: TITLE_IN_SUBJECT - 1].rstrip() + "…"


def official(source: str) -> str:
    """An official text as mails quote it: its words, without the marks of its Markdown."""
    return official_plain(source, base=current_app.config["BASE_URL"])


def excerpt(body: str) -> str:
    """Enough to recognise one's own text. Whoever fills in the form chooses who receives this: no links, and not much room."""
    text = re.sub(r"(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.)\S+", "[…]", body)
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"


def day(value: date) -> str:
    """``3 mai 2024``, ``1er mai 2024``, ``3 May 2024``."""
    words = str(format_date(value, "d MMMM y"))
    return words.replace("1 ", "1er ", 1) if str(get_locale()) == "fr" and words.startswith("1 ") else words
