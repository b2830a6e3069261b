"""How a mail looks: the same content as plain text and as HTML, from one pair of templates."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale

from feedback_app.domain.language import in_language
from feedback_app.mail.message import Message

LINE_WIDTH = 76

# A line must not begin with these marks nor end with an opening one: French sets them apart by a space. Ours do not break; what
# people type usually has a plain one.
_HELD_SPACE = re.compile(r" (?=[?!:;»])|(?<=«) ")
_HELD = "\x1f"
# A line of a list keeps its margin, and what is folded stands under its words.
_ITEM = re.compile(r"( {0,8})(?:-|[0-9]{1,9}\.) ")
_BREAKABLE_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_NOT_IN_A_HEADER = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True)
class Rendered:
    """What a mail row keeps."""

    subject: str
    text: str
    html: str


def render(message: Message) -> Rendered:
    """Subject, text part and HTML part, in the message's language, like the pages its links lead to. Links start with ``BASE_URL``."""
    context = {
        "message": message,
        "subject": one_line(message.subject),
        "site": current_app.config["SETTINGS"].site,
        "link": lambda path: current_app.config["BASE_URL"] + in_language(path, message.language),
        "wrap": wrap,
    }
    with force_locale(message.language):
        text, html = _fill("mail/message.txt", context), _fill("mail/message.html", context)
    return Rendered(subject=one_line(message.subject), text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", html=html)


def _fill(name: str, context: dict[str, Any]) -> str:
    # Not ``render_template``: the context processors of the web read a request, which a job has not.
    return current_app.jinja_env.get_template(name).render(context)


def wrap(text: str, prefix: str = "", further: str | None = None) -> str:
    """Each line of ``text`` folded at 76 columns and begun by ``prefix``, which a folded line repeats unless ``further`` is given for it.

    A web address is never cut, however long it is.
    """
    return "\n".join(_wrap_line(line, prefix, prefix if further is None else further) for line in text.splitlines())


def _wrap_line(line: str, prefix: str, further: str) -> str:
    item = _ITEM.match(line)
    folded = textwrap.fill(
        _HELD_SPACE.sub(_HELD, line.strip()),
        width=LINE_WIDTH,
        initial_indent=prefix + (item[1] if item else ""),
        subsequent_indent=further + (f"{item[1]}  " if item else ""),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return (folded or prefix.rstrip()).replace(_HELD, " ")


def one_line(value: str) -> str:
    """``value`` fit for a header: no line break or control character of any kind, so that it can never add another header."""
    return _BREAKABLE_SPACES.sub(" ", "".join(" " if unicodedata.category(c) in _NOT_IN_A_HEADER else c for c in value)).strip()
