"""What a commitment says, changed by an administrator with a public reason: everybody keeps reading what it said before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, StringField, TextAreaField, ValidationError
from wtforms.widgets import DateInput

from feedback_app.domain import addresses
from feedback_app.domain.commitment import FIRST_YEAR, LAST_YEAR, TEXT_MAX, TITLE_MAX, WEIGHT_MAX, SectionKind
from feedback_app.domain.policy import Permission
from feedback_app.domain.text import official_source
from feedback_app.models import Commitment, CommitmentChange, Milestone
from feedback_app.services import commitment_words as service
from feedback_app.services import commitments
from feedback_app.services.commitment_words import MilestoneWords, Words
from feedback_app.web import kept as kept_before
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp
from feedback_app.web.admin.forms import VersionedForm, public_reason
from feedback_app.web.commitment_labels import COMMITMENT_LABELS
from feedback_app.web.fields import LengthBetween, Required, Writable, as_typed, one_line
from feedback_app.web.transaction import body_limit, many_fields, transactional

FORM_BYTES = 1024 * 1024  # five long texts, each accented letter sent as six characters
MOST_FIELDS = 1_000
_INDICATOR = re.compile(r"(?:https?://[^/\s]+)?(?:/en)?/barometre/([a-z0-9-]+)/indicateurs/([^/?#\s]+)(?:[?#]\S*)?")


def _title(words: object) -> StringField:
    return StringField(words, filters=[one_line], validators=[Writable(), Required(_l("Écrivez un titre.")), LengthBetween(1, TITLE_MAX)])


def _line(words: object, hint: object = "") -> StringField:
    return StringField(words, description=hint, filters=[one_line], validators=[Writable(), LengthBetween(0, TITLE_MAX)])


def _day(words: object) -> StringField:
    return StringField(words, filters=[one_line], widget=DateInput(), validators=[Writable()])


def _text(kind: SectionKind) -> TextAreaField:
    words = COMMITMENT_LABELS[SectionKind][kind]
    return TextAreaField(words, filters=[lambda value: official_source(value or "")], validators=[Writable(), LengthBetween(0, TEXT_MAX)])


def _as_shown(stored: str | None, field: Field) -> str | None:
    """What the field says; what is stored where the person left it as the page showed it, whatever its blanks."""
    typed = field.data or None
    return stored if typed == (one_line(stored) or None) else typed


class Dated:
    """Of a form with two days: the second is not before the first. Either may be unknown."""

    start: date | None = None
    end: date | None = None

    def validate_starts(self, field: Field) -> None:
        """A day of the calendar."""
        self.start = self._read(field)

    def validate_ends(self, field: Field) -> None:
        """A day that is not before the first."""
        self.end = self._read(field)
        if self.end and self.start and self.end < self.start:
            raise ValidationError(_("L’échéance précède le début."))

    @staticmethod
    def _read(field: Field) -> date | None:
        try:
            day = date.fromisoformat(field.data) if field.data else None
        except ValueError:
            raise ValidationError(_("Cette date n’existe pas. Écrivez-la ainsi\u00a0: 2024-10-17.")) from None
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("Écrivez une année entre %(first)s et %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))
        return day


class MilestoneForm(Dated, Form):
    """The words of one step, and its share of the commitment."""

    title = _title(_l("Titre du jalon"))
    deliverable = TextAreaField(_l("Livrable"), filters=[as_typed], validators=[Writable(), LengthBetween(0, TEXT_MAX)])
    written = _line(_l("Date, telle qu’écrite"))
    starts = _day(_l("Début, tel que compris"))
    ends = _day(_l("Échéance, telle que comprise"))
    weight = StringField(_l("Poids"), filters=[one_line], validators=[Writable()])

    def __init__(self, milestone: Milestone, values: Any) -> None:
        self.milestone = milestone
        said = {"title": milestone.title, "deliverable": milestone.deliverable, "written": milestone.dates_raw}
        days = {"starts": _iso(milestone.start), "ends": _iso(milestone.end)}
        super().__init__(values, prefix=f"jalon{milestone.id}-", data={**said, **days, "weight": str(milestone.weight)})

    def validate_weight(self, field: Field) -> None:
        """A whole number."""
        text = field.data or ""
        if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= WEIGHT_MAX):
            raise ValidationError(_("Écrivez un nombre entier de 1 à %(most)s.", most=WEIGHT_MAX))

    def words(self) -> MilestoneWords:
        """What the service takes."""
        milestone = self.milestone
        deliverable = self.deliverable.data or None
        return MilestoneWords(
            title=_as_shown(milestone.title, self.title) or milestone.title,
            deliverable=milestone.deliverable if deliverable == (as_typed(milestone.deliverable) or None) else deliverable,
            dates_raw=_as_shown(milestone.dates_raw, self.written),
            start=self.start,
            end=self.end,
            weight=int(self.weight.data or 1),
        )


class WordsForm(Dated, VersionedForm):
    """Everything that an administrator may change, and why."""

    title = _title(_l("Titre"))
    theme = _line(_l("Thème"))
    period = _line(_l("Période, telle qu’écrite"))
    starts = _day(_l("Début, tel que compris"))
    ends = _day(_l("Échéance, telle que comprise"))
    problem = _text(SectionKind.PROBLEM)
    commitment = _text(SectionKind.COMMITMENT)
    contribution = _text(SectionKind.CONTRIBUTION)
    ogp_relevance = _text(SectionKind.OGP_RELEVANCE)
    additional_info = _text(SectionKind.ADDITIONAL_INFO)
    indicators = TextAreaField(
        _l("Indicateurs qui le mesurent"),
        filters=[as_typed],
        validators=[Writable(), LengthBetween(0, TEXT_MAX)],
        description=_l("L’adresse de chaque page d’indicateur, une par ligne. Par exemple /barometre/2024/indicateurs/IND-001"),
    )
    reason = public_reason(_l("Pourquoi ce changement"), _l("Tout le monde lira ce motif, avec l’ancien texte et le nouveau."))

    def __init__(self, thing: Commitment) -> None:
        self.thing = thing
        said = service.words_of(thing)
        linked = [addresses.indicator(one.barometer.slug, one.code) for one in service.indicators_of(thing)]
        days = {"starts": _iso(thing.start), "ends": _iso(thing.end)}
        texts = {kind.value: source for kind, source in said.sections.items()}
        fields = {"title": said.title, "theme": said.theme, "period": said.period_raw, "indicators": "\n".join(linked)}
        super().__init__(thing, data={**fields, **days, **texts})
        values = request.form if request.method == "POST" else kept_before.restored()
        self.milestones: Sequence[MilestoneForm] = [MilestoneForm(one, values) for one in thing.current_milestones]
        self.meanwhile: Sequence[CommitmentChange] = ()

    def validate_indicators(self, field: Field) -> None:
        """Pages of indicators of this site."""
        self.indicator_ids = set()
        for line in filter(None, map(str.strip, (field.data or "").splitlines())):
            found = _INDICATOR.fullmatch(line)
            indicator = service.find_indicator(found[1], found[2]) if found else None
            if indicator is None:
                raise ValidationError(_("Aucun indicateur de ce site n’a cette adresse\u00a0: %(address)s", address=line[:200]))
            self.indicator_ids.add(indicator.id)

    def validate(self, extra_validators: Any = None) -> bool:
        """The milestones too, all of them: every mistake is said at once."""
        found = [super().validate(extra_validators), *(milestone.validate() for milestone in self.milestones)]
        return all(found)

    def __iter__(self) -> Iterator[Field]:
        """In the order of the page: the reason comes after the milestones."""
        own = list(super().__iter__())
        yield from (field for field in own if field is not self.reason)
        for milestone in self.milestones:
            yield from milestone
        yield self.reason

    @property
    def errors(self) -> dict[str | None, Any]:
        """Those of the milestones too."""
        found = dict(super().errors)
        for milestone in self.milestones:
            found |= {field.name: field.errors for field in milestone if field.errors}
        return found

    def words(self) -> Words:
        """What the service takes."""
        return Words(
            title=_as_shown(self.thing.title, self.title) or self.thing.title,
            theme=_as_shown(self.thing.theme, self.theme),
            period_raw=_as_shown(self.thing.period_raw, self.period),
            start=self.start,
            end=self.end,
            sections={kind: self[kind.value].data or "" for kind in SectionKind},
            milestones={one.milestone.id: one.words() for one in self.milestones},
            indicator_ids=frozenset(self.indicator_ids),
        )

    def save(self) -> bool:
        """Change it. Where somebody was faster, what the page says now stands beside what was typed; nothing is written."""
        by, at, wanted, found = signed_in_actor(), now(), self.words(), []

        def revise() -> None:
            found.append(service.revise(self.thing, wanted, reason=self.reason.data or "", administrator=by, seen_version=self.seen, at=at))

        done = self.attempt(self.thing, revise)
        if done and found == [None]:
            self.form_errors.append(_("Rien n’a changé dans ce formulaire\u00a0: il n’y a rien à enregistrer."))
        elif not done:
            self.meanwhile = service.apart(self.thing, wanted)
        return done and found != [None]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _commitment(plan: str, number: int) -> Commitment:
    return (commitments.find(plan, number) if number < 10**9 else None) or abort(404)


@bp.route("/plans/<plan>/engagements/<int:number>", methods=["GET", "POST"])
@requires(Permission.PLAN_MANAGE)
@body_limit(FORM_BYTES)
@many_fields(MOST_FIELDS)
@transactional
def edit_commitment(plan: str, number: int) -> Any:
    """Change what a commitment says."""
    found = _commitment(plan, number)
    form = WordsForm(found)
    if form.sent() and form.save():
        flash(_("L’engagement est modifié. L’ancien texte et votre motif se lisent dans son historique."), "success")
        return redirect(url_for(".plan", plan=plan), 303)
    return render_template("admin/edit_commitment.html", commitment=found, form=form), form.status
