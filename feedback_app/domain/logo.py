"""A site's own logo: a small SVG or PNG file that does nothing but show itself."""

from __future__ import annotations

from xml.parsers import expat

LARGEST = 40_000  # bytes: it is part of every first view
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = "http://www.w3.org/2000/svg"
_ACTIVE = {"script", "foreignobject", "iframe", "object", "embed", "handler", "audio", "video", "animate", "set"}


class LogoRefused(ValueError):
    """This file cannot be the logo. The message says why, in English, for whoever sets the site up."""


def suffix_of(content: bytes) -> str:
    """``svg`` or ``png``, judged by the content. Raises ``LogoRefused``."""
    if len(content) > LARGEST:
        raise LogoRefused(f"is larger than {LARGEST // 1_000} kB, and every page carries it")
    if content.startswith(PNG_SIGNATURE):
        if content[12:16] != b"IHDR" or len(content) < 45:
            raise LogoRefused("is a broken PNG file")
        return "png"
    _check_svg(content)
    return "svg"


def _check_svg(content: bytes) -> None:
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    elements: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        space, _space, tag = name.rpartition(" ")
        elements.append(tag)
        if len(elements) == 1 and (space, tag) != (SVG, "svg"):
            raise LogoRefused("is neither an SVG nor a PNG file")
        if tag.lower() in _ACTIVE:
            raise LogoRefused(f"holds <{tag}>: a logo only shows itself")
        for attribute, value in attributes.items():
            _check_attribute(attribute.rpartition(" ")[2].lower(), value)

    def refuse_doctype(*_declared: object) -> None:
        raise LogoRefused("declares a document type (<!DOCTYPE>): remove that line")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        words = f"is a broken SVG file ({expat.errors.messages[error.code]}, line {error.lineno})"
        raise LogoRefused(words if elements else "is neither an SVG nor a PNG file") from None


def _check_attribute(name: str, value: str) -> None:
    if name.startswith("on"):
        raise LogoRefused(f"holds a script ({name}): a logo only shows itself")
    if name == "href" and not value.strip().startswith(("#", "data:image/")):
        raise LogoRefused(f"refers to another file ({value[:60]!r}): a logo is whole by itself")
