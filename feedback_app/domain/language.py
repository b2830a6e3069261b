"""The languages of the screens, and how an address says which: French at the path itself, English at the same path under ``/en``."""

from __future__ import annotations

FRENCH = "fr"
ENGLISH = "en"
LANGUAGES = (FRENCH, ENGLISH)

PREFIXES = {FRENCH: "", ENGLISH: "/en"}
"""What a language puts before a path of ours."""


def in_language(path: str, language: str) -> str:
    """The address of the page at ``path`` (one of ``domain/addresses``) in a language; in French for one that the screens do not speak."""
    return PREFIXES.get(language, "") + path


def other_language(language: str) -> str:
    """The one that the language switch of a page leads to."""
    return FRENCH if language == ENGLISH else ENGLISH
