"""The forms of a case. Each carries the version of the case that it was made from; its text is called ``body``, which error pages keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from feedback_app.domain.case import OFFICIAL_MAX, OFFICIAL_MIN, WORDS_MAX, WORDS_MIN, Outcome, RefusalGround
from feedback_app.models import (
    Account,
    Answer,
    AnswerVersion,
    CitizenRequest,
    Ministry,
    OfficialReplyVersion,
    ProgressUpdate,
    ProgressVersion,
)
from feedback_app.services.cases import reading
from feedback_app.services.cases.answers import Wording
from feedback_app.web.fields import LengthBetween, PageForm, Required, Writable, as_typed, one_line
from feedback_app.web.labels import LABELS
from feedback_app.web.presentation import foreign


def version_of(value: str | None) -> int:
    """The number that a hidden field carries; -1, which is no version, when it carries none."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else -1


class MoveForm(PageForm):
    """A button: nothing but the version that was shown."""

    seen_version = HiddenField()

    def __init__(self, case: CitizenRequest, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if request.method != "POST":
            self.seen_version.data = str(case.version)

    @property
    def seen(self) -> int:
        """The version that the person saw."""
        return version_of(self.seen_version.data)


def _reasons() -> TextAreaField:
    return TextAreaField(
        _l("Vos raisons"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez vos raisons.")), LengthBetween(WORDS_MIN, WORDS_MAX)],
    )


class WordsForm(MoveForm):
    """A move with a reason or words for colleagues."""

    body = _reasons()


class OfficialForm(MoveForm):
    """A text that is published in the ministry's name."""

    body = TextAreaField(
        _l("Votre texte"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez votre texte.")), LengthBetween(OFFICIAL_MIN, OFFICIAL_MAX)],
    )


class NoteForm(PageForm):
    """A note between colleagues."""

    body = TextAreaField(
        _l("Votre note"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez votre note.")), LengthBetween(2, OFFICIAL_MAX)],
    )


class HandOverForm(MoveForm):
    """To whom, and a word for them."""

    to = SelectField(_l("À qui"), validators=[Required(_l("Choisissez une personne."))], validate_choice=False)
    body = TextAreaField(
        _l("Un mot pour cette personne"),
        filters=[as_typed],
        validators=[Writable(), Length(max=WORDS_MAX, message=_l("Ce texte est trop long\u00a0: 2\u00a0000 caractères au plus."))],
    )

    def __init__(self, case: CitizenRequest, people: Sequence[Account]) -> None:
        super().__init__(case)
        named = [SelectChoice(str(person.identity_id), person.name or _("Sans nom")) for person in people]
        self.to.choices = [SelectChoice("", _("Choisissez une personne")), *named]

    def validate_to(self, field: SelectField) -> None:
        """One of the list."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Cette personne ne fait pas partie du ministère."))


class ToMinistryForm(WordsForm):
    """To which ministry, and why."""

    to = SelectField(_l("À quel ministère"), validators=[Required(_l("Choisissez un ministère."))], validate_choice=False)
    body = _reasons()  # after it, as on the page

    def __init__(self, case: CitizenRequest, ministries: Sequence[Ministry]) -> None:
        super().__init__(case)
        lang = foreign()
        self.ministries = {ministry.slug: ministry for ministry in ministries}
        named = [SelectChoice(one.slug, one.name, {"lang": lang} if lang else {}) for one in ministries]
        self.to.choices = [SelectChoice("", _("Choisissez un ministère")), *named]

    def validate_to(self, field: SelectField) -> None:
        """One of the list."""
        if field.data not in self.ministries:
            raise ValidationError(_("Choisissez un ministère de la liste."))

    @property
    def ministry(self) -> Ministry:
        """The one that was chosen."""
        return self.ministries[self.to.data]


Latest = AnswerVersion | OfficialReplyVersion | ProgressVersion | None


class WordingForm(PageForm):
    """An act on a text that is being prepared: on the wording that was read."""

    seen_wording = HiddenField()

    def __init__(self, latest: Latest, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if request.method != "POST":
            self.show_wording(latest)

    def show_wording(self, latest: Latest) -> None:
        """Say which wording the page shows."""
        self.seen_wording.data = str(latest.number) if latest else "0"

    @property
    def seen(self) -> int:
        """The wording that the person saw."""
        return version_of(self.seen_wording.data)


class ReplyForm(WordingForm):
    """The editor of an official reply to a comment."""

    body = TextAreaField(
        _l("Votre réponse officielle"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez la réponse.")), LengthBetween(OFFICIAL_MIN, OFFICIAL_MAX)],
    )

    def __init__(self, latest: OfficialReplyVersion | None) -> None:
        super().__init__(latest, data={"body": latest.source} if latest else {})


class ReplyWordsForm(WordingForm):
    """Why a reply is sent back, or why none is needed."""

    body = TextAreaField(
        _l("Vos raisons"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez vos raisons.")), LengthBetween(WORDS_MIN, WORDS_MAX)],
    )


class ReviewForm(WordingForm):
    """Publishing, or sending back: on the answer and the wording that were read."""

    seen_answer = HiddenField()

    def __init__(self, answer: Answer | ProgressUpdate | None, **kwargs: Any) -> None:
        super().__init__(answer.latest if answer else None, **kwargs)
        if request.method != "POST":
            self.show(answer)

    def show(self, answer: Answer | ProgressUpdate | None) -> None:
        """Say which answer and wording the page shows."""
        self.seen_answer.data = str(answer.id) if answer else "0"
        self.show_wording(answer.latest if answer else None)


class SendBackForm(ReviewForm):
    """What has to be done again."""

    body = TextAreaField(
        _l("Ce qui est à reprendre"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Dites ce qui est à reprendre.")), LengthBetween(WORDS_MIN, WORDS_MAX)],
    )


class AnswerForm(ReviewForm):
    """The editor: the text, and what the answer gives."""

    body = TextAreaField(
        _l("La réponse"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez la réponse.")), LengthBetween(OFFICIAL_MIN, OFFICIAL_MAX)],
    )
    # Nothing is chosen for the person: these words make the public figures.
    outcome = SelectField(
        _l("Ce que la réponse apporte"),
        choices=[
            SelectChoice("", _l("Choisissez")),
            *(SelectChoice(outcome.value, words) for outcome, words in LABELS[Outcome].items()),
        ],
        validators=[Required(_l("Choisissez ce que la réponse apporte."))],
        validate_choice=False,
    )
    ground = SelectField(
        _l("Motif du refus"),
        choices=[
            SelectChoice("", _l("Choisissez un motif")),
            *(SelectChoice(ground.value, words) for ground, words in LABELS[RefusalGround].items()),
        ],
        validate_choice=False,
    )
    duplicate_of = StringField(_l("Référence de la demande déjà posée"), filters=[one_line])

    def __init__(self, case: CitizenRequest, answer: Answer | None, start: Answer | None) -> None:
        self.case = case
        self.duplicate_id: int | None = None
        first, kept = answer or start, {}
        if first:
            same = first.duplicate_of
            kept = {
                "body": first.latest.source,
                "outcome": first.outcome.value,
                "ground": first.refusal_ground.value if first.refusal_ground else "",
                "duplicate_of": same.reference if same else "",
            }
        super().__init__(answer, data=kept)

    def validate(self, extra_validators: Any = None) -> bool:
        """Everything is needed to keep an answer; to look at its text, the text is enough."""
        return self.body.validate(self) if request.form.get("do") == "preview" else super().validate(extra_validators)

    def validate_outcome(self, field: SelectField) -> None:
        """One of the list."""
        if field.data not in set(Outcome):
            raise ValidationError(_("Choisissez ce que la réponse apporte."))

    def validate_ground(self, field: SelectField) -> None:
        """Needed to refuse, and then only."""
        if self.outcome.data == Outcome.REFUSED.value and field.data not in set(RefusalGround):
            raise ValidationError(_("Un refus a un motif\u00a0: choisissez-le."))

    def validate_duplicate_of(self, field: StringField) -> None:
        """A request that everybody may read: the answer leads there."""
        if self.outcome.data != Outcome.DUPLICATE.value:
            return
        other = reading.public_request((field.data or "").upper())
        if other is None or other.id == self.case.id:
            raise ValidationError(_("Indiquez la référence d’une autre demande, publique, par exemple DS-2026-000123."))
        self.duplicate_id = other.id

    def wording(self) -> Wording:
        """What the service takes. A ground or a reference left from another choice is not part of it."""
        outcome = Outcome(self.outcome.data)
        refused = outcome is Outcome.REFUSED
        return Wording(self.body.data or "", outcome, RefusalGround(self.ground.data) if refused else None, self.duplicate_id)
