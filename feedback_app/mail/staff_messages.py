"""E-mails to people who work for the ministries and the coordination: one a day with what they can act on, and one alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.domain import addresses
from feedback_app.mail.labels import ERRAND_LABELS, Errand
from feedback_app.mail.message import Link, Message, Section, day, in_its_language, short
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
def daily_digest(*, identity: Identity, language: str, today: date, parts: Sequence[DigestPart], path: str) -> Message:
    """What this person can act on today: one mail, whatever there is. ``path``: the desk on which they find it all."""
    total = sum(part.total for part in parts)
    return Message(
        key=f"staff-digest:{identity.id}:{today.isoformat()}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=ngettext("%(num)s demande vous attend", "%(num)s demandes vous attendent", total),
        paragraphs=(_("Bonjour,"),),
        sections=tuple(_section(part) for part in parts),
        button=Link(_("Ouvrir la liste des demandes"), path),
        closing=(_("Ce message part une fois par jour, et seulement quand quelque chose vous attend."),),
    )


def _section(part: DigestPart) -> Section:
    title = _("%(title)s (%(num)s)", title=ERRAND_LABELS[part.errand], num=part.total)
    return Section(title, tuple(_line(line) for line in part.lines), more=part.total > len(part.lines))


def _line(line: DigestLine) -> Link:
    when = _(", pour le %(day)s", day=day(line.due_on)) if line.due_on else ""
    return Link(f"{line.reference} {short(line.title)}{when}", addresses.case(line.reference))


@in_its_language
def no_contact_left(
    *, identity: Identity, language: str, ministry: str, ministry_id: int, day: date, path: str, whole: bool = True
) -> Message:
    """A ministry has no contact any more, or (not ``whole``) none for some of its cases: nobody will take them. ``path``: their desk."""
    what = (
        _(
            "La dernière personne qui répondait aux demandes pour «\u00a0%(ministry)s\u00a0» n’a plus ce droit. "
            "Ses dossiers sont revenus dans «\u00a0À prendre\u00a0», et les délais courent toujours.",
            ministry=ministry,
        )
        if whole
        else _(
            "Pour «\u00a0%(ministry)s\u00a0», plus personne n’a le droit de répondre à certaines demandes. "
            "Elles sont dans «\u00a0À prendre\u00a0», et les délais courent toujours.",
            ministry=ministry,
        )
    )
    return Message(
        key=f"no-contact:{ministry_id}:{identity.id}:{day.isoformat()}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=_("%(ministry)s n’a plus de contact", ministry=ministry)
        if whole
        else _("%(ministry)s n’a plus de contact pour certaines demandes", ministry=ministry),
        paragraphs=(
            _("Bonjour,"),
            what,
            _("Désignez une autre personne avec l’administration du site, ou prenez ces dossiers vous-même."),
        ),
        button=Link(_("Ouvrir la liste des demandes"), path),
    )
