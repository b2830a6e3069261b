"""E-mails to people who work for the ministries and the coordination: one a day with what they can act on, and one alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.domain import addresses
from feedback_app.mail.labels import ERRAND_LABELS, Errand
from feedback_app.mail.message import Link, Message, day, in_its_language, short
from feedback_app.models import Identity


@dataclass(frozen=True)
class DigestLine:
    """One case in a daily mail."""

    reference: str
    title: str
    due_on: date | None


@dataclass(frozen=True)
class DigestPart:
    """The cases of one errand: how many there are, and the first of them."""

    errand: Errand
    total: int
    lines: Sequence[DigestLine]


@in_its_language
def daily_digest(*, identity: Identity, language: str, today: date, parts: Sequence[DigestPart]) -> Message:
    """What this person can act on today: one mail, whatever there is."""
    total = sum(part.total for part in parts)
    return Message(
        key=f"staff-digest:{identity.id}:{today.isoformat()}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=ngettext("%(num)s demande vous attend", "%(num)s demandes vous attendent", total),
        paragraphs=(_("Bonjour,"), *(_part(part) for part in parts)),
        button=Link(_("Ouvrir mon espace"), addresses.space()),
        closing=(_("Ce message part une fois par jour, et seulement quand quelque chose vous attend."),),
    )


def _part(part: DigestPart) -> str:
    lines = [_("%(title)s (%(num)s)", title=ERRAND_LABELS[part.errand], num=part.total)]
    for line in part.lines:
        when = _(", pour le %(day)s", day=day(line.due_on)) if line.due_on else ""
        lines.append(f"- {line.reference} {short(line.title)}{when}")
    if part.total > len(part.lines):
        lines.append("- …")
    return "\n".join(lines)


@in_its_language
def no_contact_left(*, identity: Identity, language: str, ministry: str, ministry_id: int, day: date) -> Message:
    """A ministry has no contact any more: nobody will take what comes."""
    return Message(
        key=f"no-contact:{ministry_id}:{identity.id}:{day.isoformat()}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("%(ministry)s n’a plus de contact", ministry=ministry),
        paragraphs=(
            _("Bonjour,"),
            _(
                "La dernière personne qui répondait aux demandes pour «\u00a0%(ministry)s\u00a0» n’a plus ce droit. "
                "Ses dossiers sont revenus dans «\u00a0À prendre\u00a0», et les délais courent toujours.",
                ministry=ministry,
            ),
            _("Désignez une autre personne avec l’administration du site, ou prenez ces dossiers vous-même."),
        ),
        button=Link(_("Ouvrir mon espace"), addresses.space()),
    )
