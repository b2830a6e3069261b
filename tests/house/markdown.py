"""The documentation as a reader of it sees it: code spans, tables, headings, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import ROOT
from tests.house.test_commit_hygiene import tracked

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\[[^\]\[]*\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)


def pages() -> list[Path]:
    """Every Markdown file that is committed; the legal pages of the site are content, not documentation."""
    return [path for path in tracked() if path.suffix == ".md" and "legal" not in path.parts]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(text: str) -> Iterator[str]:
    """Every code span, and every line of a fenced block."""
    for block in _FENCE.findall(text):
        yield from block.splitlines()[1:-1]
    yield from _SPAN.findall(_FENCE.sub("", text))


def rows(text: str) -> Iterator[list[str]]:
    """The cells of each table row (also of headers), without the spaces around them. A ``|`` inside a code span is no border."""
    for line in _FENCE.sub("", text).splitlines():
        if line.startswith("|"):
            hidden = _SPAN.sub(lambda span: span[0].replace("|", "\0"), line)
            yield [cell.strip().replace("\0", "|") for cell in hidden.strip().strip("|").split("|")]


def sections(text: str, level: int) -> dict[str, str]:
    """Heading -> what stands under it, for headings of this level."""
    parts = re.split(rf"^{'#' * level} +(.+?)\s*$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def links(text: str) -> list[str]:
    """The targets of links, code left out."""
    return _LINK.findall(_SPAN.sub("", _FENCE.sub("", text)))


def anchors(text: str) -> set[str]:
    """The fragments that headings make, as forges build them."""
    titles = (re.sub(r"[^\w\- ]", "", title.replace("`", "")).strip().lower() for title in _HEADING.findall(_FENCE.sub("", text)))
    return {title.replace(" ", "-") for title in titles}


def broken_links(page: Path, text: str) -> list[str]:
    """The relative links of a page that lead to no file, or to no heading of it."""
    problems = []
    for target in links(text):
        name, _hash, fragment = target.partition("#")
        if re.match(r"[a-z]+:", name):
            continue
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or not file.is_relative_to(ROOT):
            problems.append(f"{page.relative_to(ROOT)}: {target} leads nowhere")
        elif fragment and fragment not in anchors(text if file == page else file.read_text(encoding="utf-8")):
            problems.append(f"{page.relative_to(ROOT)}: {target} has no such heading")
    return problems
