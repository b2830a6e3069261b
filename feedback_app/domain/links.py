"""The links that people write: where one begins and ends, and which addresses may become clickable."""

from __future__ import annotations

import re
from collections.abc import Iterator

ADDRESS_MAX = 2_000
HOST_MAX = 253

# Never part of an address: spaces, controls, the invisible (a direction mark hides where a link goes), delimiters, and the
# backslash, which browsers read as a slash.
_NOT_IN_ADDRESSES = '\\s\x00-\x20\x7f-\xa0\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff<>"\u00ab\u00bb\u201c-\u201f`{}|\\\\^'
_WRITTEN = re.compile(rf"(?<!\w)[hH][tT][tT][pP][sS]://[^{_NOT_IN_ADDRESSES}]+")
_FORBIDDEN = re.compile(f"[{_NOT_IN_ADDRESSES}]")
_WEB = re.compile(r"https?://([^/?#@:]+)(?::[0-9]{1,5})?(?:[/?#].*)?", re.ASCII | re.IGNORECASE)
# Letters of a host: ASCII and those that AFNIC registers under .fr. A Cyrillic or Greek look-alike stays plain text.
_HOST_LABEL = re.compile(r"[a-z0-9ßà-öø-ÿœ-]{1,63}")
_MAILTO = re.compile(r"mailto:[a-z0-9.!#$'*+/=_~-]+@([^@?&#%]+)(?:\?subject=[^&#]*)?", re.ASCII | re.IGNORECASE)
_LINE_BREAK_IN_SUBJECT = re.compile(r"%0[ad]", re.IGNORECASE)
_CLOSING = {")": "(", "]": "["}
_TRAILING = frozenset(".,;:!?*'\u2019\u2026)]")


def split_links(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into pieces ``(piece, is_link)``; joined again, the pieces are the text.

    Only ``https://`` followed by a real host makes a link: no ``http://``, no ``//host``, no ``https://user@host``.
    Closing punctuation and a parenthesis that was opened before the address stay outside. Linear in the length of the text.
    """
    position = 0
    for match in _WRITTEN.finditer(text):
        address = _without_closing_punctuation(match[0])
        if not is_web_address(address):
            continue
        if match.start() > position:
            yield text[position : match.start()], False
        yield address, True
        position = match.start() + len(address)
    if position < len(text):
        yield text[position:], False


def is_web_address(address: str) -> bool:
    """Say whether this is ``http(s)://host...`` with a public host name, and neither user name nor look-alike letters in it."""
    if len(address) > ADDRESS_MAX or _FORBIDDEN.search(address):
        return False
    match = _WEB.fullmatch(address)
    return match is not None and _is_host(match[1])


def is_official_href(href: str) -> bool:
    """Say whether a link of an official text may go there: http(s), mailto (with a subject at most) or a path of ours.

    ``href`` is the address as the browser will read it, entities decoded. Paths of ours begin with one single slash, and not with an
    escape: a server that decodes ``/%2Fhost`` and redirects would send people away.
    """
    if len(href) > ADDRESS_MAX or _FORBIDDEN.search(href):
        return False
    if href.startswith("/"):
        return not href.startswith(("//", "/%"))
    mail = _MAILTO.fullmatch(href)
    if mail is not None:
        return _is_host(mail[1]) and not _LINE_BREAK_IN_SUBJECT.search(href)
    return is_web_address(href)


def _is_host(host: str) -> bool:
    labels = host.lower().split(".")
    if len(host) > HOST_MAX or len(labels) < 2:
        return False
    if any(not _HOST_LABEL.fullmatch(label) or label.startswith("-") or label.endswith("-") for label in labels):
        return False
    last = labels[-1]
    return last.startswith("xn--") or (len(last) > 1 and last.isalpha())


def _without_closing_punctuation(address: str) -> str:
    # The surplus is counted once, so that twenty thousand parentheses cost one pass and not twenty thousand.
    surplus = {closing: address.count(closing) - address.count(opening) for closing, opening in _CLOSING.items()}
    end = len(address)
    while end and address[end - 1] in _TRAILING:
        last = address[end - 1]
        if last in surplus:
            if surplus[last] <= 0:
                break
            surplus[last] -= 1
        end -= 1
    return address[:end]
