"""A calendar that other programs subscribe to (RFC 5545): escaped, folded, moments in UTC, stable identifiers, no personal data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar"
LINE = 75  # octets of a line, its end not counted
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Entry:
    """One meeting. ``uid`` never changes; ``changed_at`` and ``sequence`` tell a program that knows it already."""

    uid: str
    changed_at: datetime
    sequence: int
    starts_at: datetime
    ends_at: datetime | None
    title: str
    place: str
    description: str
    url: str


def calendar(name: str, producer: str, entries: Iterable[Entry]) -> str:
    """The whole file. ``producer``: who made it (``PRODID``)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{escape(producer)}", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{escape(name)}"]
    for entry in entries:
        lines += _event(entry)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in fold(line))


def _event(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(entry.uid)}"
    yield f"DTSTAMP:{_moment(entry.changed_at)}"
    yield f"LAST-MODIFIED:{_moment(entry.changed_at)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTART:{_moment(entry.starts_at)}"
    if entry.ends_at and entry.ends_at > entry.starts_at:  # an end that is the beginning is no end
        yield f"DTEND:{_moment(entry.ends_at)}"
    yield f"SUMMARY:{escape(entry.title)}"
    if entry.place:
        yield f"LOCATION:{escape(entry.place)}"
    if entry.description:
        yield f"DESCRIPTION:{escape(entry.description)}"
    yield f"URL:{_CONTROLS.sub('', entry.url).replace(chr(10), '')}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape(text: str) -> str:
    """A value of type TEXT: no control character, no bare line break."""
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, each but the first begun by a space; no character is cut."""
    piece, room = "", LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            piece, room = " ", LINE - 1
        piece += letter
        room -= size
    yield piece
