"""The fields in which a meeting is described, by a citizen or by staff, and what they say to the service."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, RadioField, SelectChoice, StringField, TextAreaField, ValidationError

from feedback_app.domain.calendar import PARIS
from feedback_app.domain.links import is_web_address
from feedback_app.domain.meeting import (
    DESCRIPTION_MAX,
    DESCRIPTION_MIN,
    ORGANISERS_MAX,
    PARTICIPANTS_MAX,
    PLACE_MAX,
    TITLE_MAX,
    TITLE_MIN,
    Facts,
    MeetingKind,
)
from feedback_app.models import MeetingVersion
from feedback_app.services import meeting_lists
from feedback_app.web.fields import LengthBetween, Required, Writable, as_typed, one_line
from feedback_app.web.labels import LABELS, label

# 15/03/2026 14:30 and 15.3.2026 à 14 h 30, as people write them; 2026-03-15T14:30, as a browser's field does.
WRITTEN = re.compile(
    r"(?:(?P<y>[12]\d{3})-(?P<m>\d\d?)-(?P<d>\d\d?)|(?P<day>\d\d?)[/.](?P<month>\d\d?)[/.](?P<year>[12]\d{3}))"
    r"(?:T|,? +(?:(?:à|at) +)?)(?P<hour>\d\d?)(?::| ?h ?)(?P<minute>\d\d)?(?::\d\d)?",
    re.ASCII,
)
LINES_MAX = 20


class AtMost:
    """A number of characters, where nothing at all is fine too."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Form, field: Field) -> None:
        if field.data:
            LengthBetween(0, self.most)(form, field)


def moment(typed: str) -> datetime | None:
    """A day and an hour of Paris, as a browser's field or a person writes them. Raises ``ValueError``."""
    if not typed:
        return None
    found = WRITTEN.fullmatch(typed.strip().replace("\u00a0", " "))
    if not found:
        raise ValueError(typed)
    year, month, day, hour, minute = (
        int(found[name] or found[other] or 0)
        for name, other in (("y", "year"), ("m", "month"), ("d", "day"), ("hour", "hour"), ("minute", "minute"))
    )
    return datetime(year, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


class MeetingFields(Form):
    """Mixed into a form of a page."""

    kind = RadioField(
        _l("De quoi s’agit-il"),
        choices=[SelectChoice(kind.value, words) for kind, words in LABELS[MeetingKind].items()],
        validate_choice=False,
    )
    title = StringField(
        _l("Titre"), filters=[one_line], validators=[Writable(), Required(_l("Donnez un titre.")), LengthBetween(TITLE_MIN, TITLE_MAX)]
    )
    starts = StringField(_l("Début"), filters=[one_line], validators=[Writable(), Required(_l("Indiquez le jour et l’heure du début."))])
    ends = StringField(_l("Fin"), filters=[one_line], validators=[Writable()])
    place = StringField(_l("Lieu"), filters=[one_line], validators=[Writable(), AtMost(PLACE_MAX)])
    link = StringField(_l("Adresse en ligne"), filters=[one_line], validators=[Writable()])
    organisers = StringField(
        _l("Qui organise"),
        filters=[one_line],
        validators=[Writable(), Required(_l("Dites qui organise.")), LengthBetween(2, ORGANISERS_MAX)],
    )
    participants = StringField(_l("Nombre de participants"), filters=[one_line], validators=[Writable()])
    about = TextAreaField(_l("Engagements et réformes concernés"), filters=[as_typed], validators=[Writable()])
    description = TextAreaField(
        _l("Présentation"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Présentez ce rendez-vous.")), LengthBetween(DESCRIPTION_MIN, DESCRIPTION_MAX)],
    )

    def validate_kind(self, field: RadioField) -> None:
        """One of the list."""
        if field.data not in set(MeetingKind):
            field.errors = []
            raise ValidationError(_("Choisissez de quoi il s’agit."))

    def validate_starts(self, field: StringField) -> None:
        """A day and an hour."""
        _moment_of(field)

    def validate_ends(self, field: StringField) -> None:
        """Not before the beginning."""
        end = _moment_of(field)
        try:
            start = moment(self.starts.data or "")
        except ValueError:
            return  # said there
        if end and start and end < start:
            raise ValidationError(_("La fin vient avant le début\u00a0: corrigez l’une ou l’autre."))

    def validate_place(self, field: StringField) -> None:
        """Somewhere, or online."""
        if not field.data and not self.link.data:
            raise ValidationError(_("Indiquez un lieu, ou une adresse en ligne."))

    def validate_link(self, field: StringField) -> None:
        """An address of the web."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(_("Cette adresse doit commencer par https:// ou http://. Exemple\u00a0: https://exemple.fr"))

    def validate_participants(self, field: StringField) -> None:
        """A number, or nothing."""
        if field.data and self._participants() is None:
            raise ValidationError(_("Écrivez un nombre entier, par exemple 25."))

    def validate_about(self, _field: TextAreaField) -> None:
        """What is known here."""
        try:
            if len(self._about()) > LINES_MAX:
                raise ValidationError(_("Vingt lignes au plus."))
            meeting_lists.subjects(self._about())
        except meeting_lists.UnknownSubject as unknown:
            raise ValidationError(_("Inconnu ici\u00a0: %(words)s.", words=", ".join(unknown.words))) from None

    def _about(self) -> list[str]:
        return list(dict.fromkeys((self.about.data or "").split()))

    def _participants(self) -> int | None:
        typed = "".join((self.participants.data or "").split())
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
        return number if number is not None and number <= PARTICIPANTS_MAX else None

    def facts(self, minutes: str = "") -> Facts:
        """What the service takes, of a form that is right."""
        topics, reforms = meeting_lists.subjects(self._about())
        starts = moment(self.starts.data or "")
        if starts is None:
            raise LookupError("a form that is right has a beginning")
        return Facts(
            kind=MeetingKind(self.kind.data),
            title=self.title.data or "",
            starts_at=starts,
            ends_at=moment(self.ends.data or ""),
            place=self.place.data or "",
            link=self.link.data or "",
            organisers=self.organisers.data or "",
            participants=self._participants(),
            description=self.description.data or "",
            minutes=minutes,
            topic_ids=topics,
            reform_ids=reforms,
        )


def _moment_of(field: StringField) -> datetime | None:
    try:
        return moment(field.data or "")
    except ValueError:
        words = _("%(field)s\u00a0: écrivez le jour et l’heure ainsi, 15/03/2026 14:30.", field=field.label.text)
        raise ValidationError(words) from None


def said(version: MeetingVersion | None) -> dict[str, Any]:
    """What the fields hold when a meeting is written again."""
    if version is None:
        return {}
    names = [link.topic.key if link.topic else link.reform.code if link.reform else "" for link in version.links]
    return {
        "kind": version.kind.value,
        "title": version.title,
        "starts": _typed(version.starts_at),
        "ends": _typed(version.ends_at),
        "place": version.place,
        "link": version.link,
        "organisers": version.organisers,
        "participants": "" if version.participants is None else str(version.participants),
        "about": "\n".join(names),
        "description": version.description,
        "minutes": version.minutes,
    }


def _typed(at: datetime | None) -> str:
    return at.astimezone(PARIS).strftime("%d/%m/%Y %H:%M") if at else ""


def in_words(form: MeetingFields) -> str:
    """Everything that a proposal says, in one text: what its author confirms, and what a moderator reads."""
    lines = [
        _("%(kind)s\u00a0: %(title)s", kind=label(MeetingKind(form.kind.data)), title=form.title.data),
        _("Début\u00a0: %(moment)s", moment=(form.starts.data or "").replace("T", " ")),
        _("Fin\u00a0: %(moment)s", moment=form.ends.data.replace("T", " ")) if form.ends.data else "",
        _("Lieu\u00a0: %(place)s", place=form.place.data) if form.place.data else "",
        _("En ligne\u00a0: %(link)s", link=form.link.data) if form.link.data else "",
        _("Organisé par\u00a0: %(names)s", names=form.organisers.data),
        _("Participants\u00a0: %(number)s", number=form.participants.data) if form.participants.data else "",
        _("À propos de\u00a0: %(words)s", words=" ".join((form.about.data or "").split())) if form.about.data else "",
    ]
    return "\n".join(line for line in lines if line) + "\n\n" + (form.description.data or "")
