"""Texts: as people type them, as they are stored, and as a page shows them.

Nothing but this module and ``web/presentation.py`` may call a string safe. What citizens write is plain text, escaped when it is
shown; what staff write is a small Markdown, rendered first and cleaned last, when it is stored.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from feedback_app.domain.links import is_official_href, split_links

RENDERER = "md-1"
MARKS_PER_LETTER = 3

# A name never wears what looks like a seal of approval: check marks, medals, shields, stars, locks, institutions, flags (also
# letter by letter), nor a private-use character, which an icon font may turn into any of them.
_BADGES = (
    "\u00ae\u2117\u2120\u2122\u221a\u2605\u2606\u2611\u2696\u269c\u2705\u2713\u2714\u2b50\u32a3\U0001f197\U0001f1e6-\U0001f1ff\U0001f31f\U0001f396\U0001f3c5\U0001f3db"
    "\U0001f3f3-\U0001f3f5\U0001f4db\U0001f510\U0001f512\U0001f530\U0001f5f8-\U0001f5f9\U0001f6a9\U0001f6e1\U0001f947-\U0001f949\U0001faaa"
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
)
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_JOINERS = "\u200c\u200d"
_TAGS = "\U000e0000-\U000e007f"
# Controls (not NUL, see unwritable_characters), marks of direction, and all that takes no room: soft hyphen, zero-width spaces,
# invisible operators, Hangul and Khmer fillers, Mongolian selectors, annotations, tags, noncharacters (which no XML feed may hold).
_INVISIBLE = (
    "\x01-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    + _TAGS
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
)
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
# Scripts in which a joiner changes how a word reads: Arabic (Persian, Urdu...), Syriac, N'Ko, the scripts of India, Sinhala, Khmer...
_JOINING_SCRIPTS = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\ua840-\ua97f\ufb50-\ufdcf\ufe70-\ufefc\U00011000-\U000118ff"
)
_HOME_NATIONS = "|".join(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in f"{code}\x7f") for code in ("gbeng", "gbsct", "gbwls")
)

# In a body a joiner stays between two emoji or after a letter that it may shape, a selector after an emoji, a digit or an ideograph.
_BODY_RULES = (
    re.compile(f"({_HOME_NATIONS})|[{_INVISIBLE}]"),
    re.compile(
        f"()(?:(?<![{_EMOJI}0-9#*\u00a9\u00ae\u203c\u2049\u2122\u2139\u3030\u303d\u3297\u3299])[\ufe0e\ufe0f]"
        "|(?<![\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd])[\ufe00-\ufe0d\U000e0100-\U000e01ef])"
    ),
    re.compile(f"()(?<![{_JOINING_SCRIPTS}])(?:\u200c|\u200d(?![{_EMOJI}])|(?<![{_EMOJI}\ufe0f])\u200d)"),
)
_NAME_RULES = (re.compile(f"()[{_INVISIBLE}{_SELECTORS}{_JOINERS}{_BADGES}]"),)
# Letters with their accents in one character, punctuation, signs of money: no mark is among them, so that most texts need not be counted.
_WITHOUT_MARKS = re.compile("[\x00-\u02ff\u1e00-\u20cf]*")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TOO_MANY_BLANK_LINES = re.compile("\n{4,}")
_LIST_START = re.compile("[0-9]{1,9}")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
# A blank that no eye tells from a space; the bullet of word processors, which only their own font can show.
_LOOK_ALIKES = str.maketrans({"\u2800": " ", "\uf0b7": "\u2022"})


def unwritable_characters(text: str) -> str | None:
    """Name the characters of ``text`` that no database or feed can hold (NUL, lone surrogates), as ``"U+0000, U+D83D"``, or None.

    Forms refuse such a text with a sentence. The cleaning functions leave these characters in place, so that a form may clean first
    and still see them.
    """
    found = sorted(set(_UNWRITABLE.findall(text)))
    return ", ".join(f"U+{ord(character):04X}" for character in found[:5]) or None


def clean_typed(text: str) -> str:
    """Return what a person typed as it is stored: same words, one form.

    NFC; line ends are ``\\n``, a tab is a space; controls, marks of direction and invisible characters are gone, save the joiners that
    emoji, Persian or the scripts of India need; at most two blank lines in a row, none at the ends. Cleaning twice changes nothing.
    """
    return _lines(text.replace("\t", " ")).strip()


def clean_name(text: str) -> str:
    """Return a public name or a subject on one line, fit for a mail header: as ``clean_typed``, and nothing invisible at all.

    Joiners go too (a name is recognised by sight, two names that look the same must be the same), and so do the signs that would
    imitate an official badge: check marks, medals, shields, stars, flags. May be empty then. Cleaning twice changes nothing.
    """
    return " ".join(_legible(" ".join(_LINE_BREAKS.sub(" ", text).replace("\t", " ").split()), _NAME_RULES).split())


def _lines(text: str) -> str:
    text = _legible(_LINE_BREAKS.sub("\n", text), _BODY_RULES)
    # Line by line: a pattern for trailing spaces would take quadratic time on a long run of them.
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _TOO_MANY_BLANK_LINES.sub("\n\n\n", text).strip("\n")


def _legible(text: str, rules: tuple[re.Pattern[str], ...]) -> str:
    text = unicodedata.normalize("NFC", text.translate(_LOOK_ALIKES))
    for rule in rules:
        text = rule.sub(r"\1", text)
    # Once more: a letter and its accent may have met when what stood between them went away.
    return _without_mark_floods(unicodedata.normalize("NFC", text))


def _without_mark_floods(text: str) -> str:
    """Keep three marks on a letter: more ("zalgo") run over the lines of other people. Joiners and selectors do not start a new count."""
    if _WITHOUT_MARKS.fullmatch(text):
        return text
    kept, marks = [], 0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) == "Me":
            marks += 1
            if marks > MARKS_PER_LETTER:
                continue
        elif character not in "\u200c\u200d\ufe0e\ufe0f":
            marks = 0
        kept.append(character)
    return "".join(kept)


def citizen_html(text: str) -> Markup:
    """Show the plain text of a citizen: everything escaped, ``<p>`` at blank lines, ``<br>`` at line breaks, https links.

    Links show the address as typed and carry ``rel="nofollow ugc noopener"``. Takes any string; linear in its length.
    """
    lines = [line.strip() for line in text.splitlines()]
    paragraphs = ["<br>".join(map(_citizen_line, group)) for filled, group in groupby(lines, key=bool) if filled]
    return Markup("\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))  # noqa: S704 (every piece was escaped)


def _citizen_line(line: str) -> str:
    return "".join(
        f'<a href="{escape(piece)}" rel="nofollow ugc noopener">{escape(piece)}</a>' if is_link else escape(piece)
        for piece, is_link in split_links(line)
    )


def excerpt(text: str, length: int) -> str:
    """Return the beginning of a plain text on one line, at most ``length`` characters, cut between words and ended by "…" when cut.

    Raises ValueError for a length below 1.
    """
    if length < 1:
        raise ValueError("an excerpt has at least one character")
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    room = length - 1
    at_word = line.rfind(" ", 0, room + 1)
    end = at_word if at_word > room // 2 else _between_letters(line, room)
    return line[:end].rstrip(" ,;:.!?(\u00ab\u2013-") + "…"


def _between_letters(line: str, end: int) -> int:
    # A word too long to be kept whole is cut, but never between a letter and its accent, or inside one emoji.
    while end > 0 and (unicodedata.category(line[end]).startswith("M") or line[end] == "\u200d" or line[end - 1] == "\u200d"):
        end -= 1
    return end


@dataclass(frozen=True)
class OfficialText:
    """A text by staff or from a plan: what was written, the HTML that is stored beside it, and the renderer that made it."""

    source: str
    html: str
    renderer: str


def render_official(source: str) -> OfficialText:
    """Render the small Markdown of staff and plans; ``source`` is returned cleaned like typed text, its indentation kept.

    Paragraphs, visible line breaks, bold, italic, lists (also with "•"), links, inline code. Raw HTML and links that may not go where
    they point are shown as typed. Never raises, whatever the source.
    """
    from feedback_app.domain import markdown  # a process in which nobody writes an official text does without

    source = official_source(source)
    return OfficialText(source=source, html=_clean_html(markdown.to_html(source)) if source else "", renderer=RENDERER)


def official_source(source: str) -> str:
    """What ``render_official`` keeps of it; to know whether a text changed, without the work of rendering it."""
    # Three spaces nest a list under "- " and under "1. ", and still let it begin right after a paragraph.
    return _lines(source.replace("\t", "   "))


def official_plain(source: str, *, base: str = "") -> str:
    """The words of an official text without its marks, for the text part of a mail: ``base`` goes before links to pages of ours."""
    from feedback_app.domain import markdown

    return markdown.to_plain(official_source(source), base)


def stored_html(cleaned: str) -> Markup:
    """Mark as safe the ``html`` of an ``OfficialText`` read back from the database: nothing else may come through here."""
    return Markup(cleaned)  # noqa: S704 (cleaned when it was stored)


def _clean_html(rendered: str) -> str:
    """The only use of bleach, run last. nh3 is its named successor (bleach has no maintainer)."""
    import bleach

    return bleach.clean(
        rendered,
        tags={"p", "br", "strong", "em", "ul", "ol", "li", "a", "code"},
        attributes=_may_stay,
        protocols={"http", "https", "mailto"},
        strip=True,
    )


def _may_stay(tag: str, name: str, value: str) -> bool:
    # bleach lets "//evil.example" and "javascript:1" through, and hands values over with their entities: both readings must be good.
    if tag == "a" and name == "href":
        return is_official_href(value) and is_official_href(html.unescape(value))
    if tag == "a" and name == "rel":
        return value == "noopener"
    return tag == "ol" and name == "start" and _LIST_START.fullmatch(value) is not None


_LIKE_SPECIAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
_FOLD_SIGNS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\u2032\u0060\u00b4\uff07", "'") | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
_FOLD_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i"})


def fold(text: str) -> str:
    """Return a text as it is compared and searched: no case, accents or invisible characters, œ as oe, single spaces.

    Apostrophes are all "'", hyphens and dashes all "-". Fold both sides of a comparison. Folding twice changes nothing.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_FOLD_SIGNS)).casefold()
    letters = unicodedata.normalize("NFKD", plain).translate(_FOLD_LETTERS | _FOLD_SIGNS)
    return " ".join("".join(letter for letter in letters if unicodedata.category(letter) not in ("Mn", "Me", "Cf")).split())


def like_pattern(term: str) -> str:
    r"""Escape ``term`` for SQL LIKE with the escape character "\": the caller adds its own ``%`` and ``escape="\\"``."""
    return term.translate(_LIKE_SPECIAL)
