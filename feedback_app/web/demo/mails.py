"""The mails that would have left, so that a visitor can follow the links in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request

from config import LOOPBACK
from feedback_app.domain.links import is_official_href
from feedback_app.mail import outbox
from feedback_app.models import MailStatus, OutgoingMail
from feedback_app.services.paging import parse_number
from feedback_app.web.access import now, public_form
from feedback_app.web.demo import bp

SHOWN = 20
# A demo's address is a loopback one (config.py), but its port may be another than when the mail was written.
_HOSTS = "|".join(re.escape(f"[{host}]" if ":" in host else host) for host in sorted(LOOPBACK))
_OWN_ADDRESS = re.compile(rf"https?://(?:{_HOSTS})(?::[0-9]{{1,5}})?(/[^\s<>\"]*)")


@dataclass(frozen=True)
class Piece:
    """A part of a mail's text; ``path``: where it leads on this site, when it is one of our addresses."""

    text: str
    path: str | None = None


@dataclass(frozen=True)
class ShownMail:
    """A mail as the page shows it."""

    recipient: str
    subject: str
    language: str
    at: datetime
    pieces: tuple[Piece, ...]
    leaves_at: datetime | None
    """When it would leave, for one that is planned (a reminder) and may still be cancelled."""


@bp.get("/courriels")
@public_form
def mails() -> str:
    """The mails, the newest first, one page after the other."""
    older_than = _cursor()
    found = outbox.recent(SHOWN + 1, older_than=older_than)
    at = now()
    mails = [_shown(mail, at) for mail in found[:SHOWN]]
    return render_template(
        "demo/mails.html",
        mails=mails,
        opened=next((mail for mail in mails if not mail.leaves_at), None) if older_than is None else None,
        first=older_than is None,
        next_after=found[SHOWN - 1].id if found[SHOWN:] else None,
    )


def _cursor() -> int | None:
    """The last mail of the page before. An address that nobody can read gives the first page."""
    try:
        return parse_number(request.args.get("apres", ""))[0]
    except ValueError:
        return None


def _shown(mail: OutgoingMail, at: datetime) -> ShownMail:
    planned = mail.status is MailStatus.WAITING and mail.due_at > at
    return ShownMail(
        mail.recipient, mail.subject, mail.language, mail.created_at, tuple(pieces(mail.text)), mail.due_at if planned else None
    )


def pieces(text: str) -> Iterator[Piece]:
    """Cut a mail's text at the addresses of this site. Nothing else becomes a link; joined again, the pieces are the text."""
    position = 0
    for match in _OWN_ADDRESS.finditer(text):
        # ``//elsewhere.example`` after our host would lead there.
        if not is_official_href(match[1]):
            continue
        if match.start() > position:
            yield Piece(text[position : match.start()])
        yield Piece(match[0], match[1])
        position = match.end()
    if position < len(text):
        yield Piece(text[position:])
