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

LINES = 5
"""How many of a heading a daily mail names."""


@dataclass(frozen=True)
class CaseLine:
    """One request in a daily mail."""

    reference: str
    title: str
    due_on: date | None


@dataclass(frozen=True)
class CommitmentLine:
    """One commitment in a daily mail, with what is wrong with it. ``late_since``: its own last day, which is over."""

    plan: str
    number: int
    title: str
    late_since: date | None = None
    late_milestones: int = 0
    silent_since: date | None = None


@dataclass(frozen=True)
class CommentLine:
    """One comment in a daily mail: its words stay on the site, where its author can take them back."""

    contribution_id: int
    topic_title: str
    published_on: date


@dataclass(frozen=True)
class DigestPart:
    """What is under one heading: how much there is, and the first of it. ``new``: some of it is worth a mail of its own today."""

    errand: Errand
    total: int
    lines: Sequence[CaseLine | CommitmentLine | CommentLine]
    new: bool = True


@in_its_language
def daily_digest(*, identity: Identity, language: str, today: date, parts: Sequence[DigestPart], of_a_ministry: bool) -> Message:
    """What this person can act on today: one mail, whatever there is. ``of_a_ministry``: they have a desk there."""
    cases, commitments, comments = (sum(part.total for part in parts if isinstance(part.lines[0], kind)) for kind in _KINDS)
    counted = [
        ngettext("%(num)s demande", "%(num)s demandes", cases) if cases else "",
        ngettext("%(num)s engagement", "%(num)s engagements", commitments) if commitments else "",
        ngettext("%(num)s commentaire", "%(num)s commentaires", comments) if comments else "",
    ]
    desks = [
        (cases, Link(_("Ouvrir la liste des demandes"), addresses.desk() if of_a_ministry else addresses.coordination())),
        (commitments, Link(_("Ouvrir les engagements de votre ministère"), addresses.commitments_desk())),
        (comments, Link(_("Ouvrir les commentaires qui concernent votre ministère"), addresses.comments_desk())),
    ]
    first, *others = (link for total, link in desks if total)
    return Message(
        key=f"staff-digest:{identity.id}:{today.isoformat()}",
        identity_id=identity.id,
        recipient=identity.email,
        language=language,
        subject=ngettext("%(num)s demande vous attend", "%(num)s demandes vous attendent", cases)
        if not commitments and not comments
        else _("Ce qui vous attend\u00a0: %(list)s", list=", ".join(filter(None, counted))),
        paragraphs=(_("Bonjour,"),),
        sections=tuple(_section(part) for part in parts),
        button=first,
        links=tuple(others),
        closing=(
            _(
                "Ce message part au plus une fois par jour, quand quelque chose de nouveau vous attend. "
                "Ce qui dure (retards, silence, commentaires sans réponse) est rappelé une fois par semaine."
            )
            if commitments or comments
            else _("Ce message part une fois par jour, et seulement quand quelque chose vous attend."),
        ),
    )


_KINDS = (CaseLine, CommitmentLine, CommentLine)


def _section(part: DigestPart) -> Section:
    title = _("%(title)s (%(num)s)", title=ERRAND_LABELS[part.errand], num=part.total)
    return Section(title, tuple(_line(line) for line in part.lines), more=part.total > len(part.lines))


def _line(line: CaseLine | CommitmentLine | CommentLine) -> Link:
    match line:
        case CaseLine():
            when = _(", pour le %(day)s", day=day(line.due_on)) if line.due_on else ""
            return Link(f"{line.reference} {short(line.title)}{when}", addresses.case(line.reference))
        case CommitmentLine():
            return Link(_about(line), addresses.said_of(line.plan, line.number))
        case CommentLine():
            written = {"title": short(line.topic_title), "day": day(line.published_on)}
            return Link(_("Sur «\u00a0%(title)s\u00a0», publié le %(day)s", **written), addresses.comment_at_its_desk(line.contribution_id))


def _about(line: CommitmentLine) -> str:
    named = _("Engagement %(number)s, %(title)s", number=line.number, title=short(line.title))
    facts = [
        _("échéance dépassée depuis le %(day)s", day=day(line.late_since)) if line.late_since else "",
        ngettext("%(num)s jalon en retard", "%(num)s jalons en retard", line.late_milestones) if line.late_milestones else "",
        _("sans nouvelles depuis le %(day)s", day=day(line.silent_since)) if line.silent_since else "",
    ]
    said = ", ".join(filter(None, facts))
    return _("%(what)s\u00a0: %(facts)s", what=named, facts=said) if said else named


@in_its_language
def no_contact_left(
    *, identity: Identity, language: str, ministry: str, ministry_id: int, day: date, path: str, whole: bool = True
) -> Message:
    """A ministry has no contact any more, or (not ``whole``) none for some of its cases: nobody will take them. ``path``: their desk."""
    answers = path != addresses.coordination()
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
            _("Désignez une autre personne avec l’administration du site, ou prenez ces dossiers vous-même.")
            if answers
            else _(
                "Demandez à l’administration du site qu’une autre personne soit désignée, ou attribuez ces dossiers à un autre ministère."
            ),
        ),
        button=Link(_("Ouvrir la liste des demandes"), path),
    )
