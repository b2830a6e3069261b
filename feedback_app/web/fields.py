"""The fields and checks that every form is made of. What is wrong is said in a sentence; what was typed stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, flash, request
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField, StringField, ValidationError
from wtforms.validators import StopValidation

from feedback_app.domain.impersonation import claims_an_office
from feedback_app.domain.personal_data import InvalidEmail, clean_email
from feedback_app.domain.text import clean_name, clean_typed, unwritable_characters
from feedback_app.web import foreign_fields, kept
from feedback_app.web.form_key import KeyFault, new_form_key, read_form_key
from feedback_app.web.language import page_language

REPLACEMENT = "\ufffd"
KEY_MESSAGES = {
    KeyFault.WRONG: _l("Ce formulaire n’est plus valable, mais votre texte est là\u00a0: relisez-le, puis envoyez-le de nouveau."),
    KeyFault.TOO_OLD: _l("Cette page était ouverte depuis trop longtemps, mais votre texte est là\u00a0: relisez-le, puis renvoyez-le."),
    KeyFault.TOO_FAST: _l("Ce formulaire est revenu trop vite pour avoir été lu. Patientez quelques secondes, puis renvoyez-le."),
}


class Required:
    """Something must be there."""

    field_flags = {"required": True}

    def __init__(self, message: object) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        if not field.data or not str(field.data).strip():
            field.errors = []
            raise StopValidation(str(self.message))


class LengthBetween:
    """A number of characters, counted after cleaning; the message names the field and says how many there are."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: Form, field: Field) -> None:
        length = len(field.data or "")
        if length > self.most:
            raise ValidationError(
                _(
                    "%(field)s\u00a0: ce texte compte %(length)s caractères, le maximum est %(most)s.",
                    field=field.label.text,
                    length=format_decimal(length),
                    most=format_decimal(self.most),
                )
            )
        if length < self.least:
            least = format_decimal(self.least)
            words = _("%(field)s\u00a0: texte trop court, écrivez au moins %(least)s caractères.", field=field.label.text, least=least)
            raise ValidationError(words)


class Writable:
    """No character that a database or a reader cannot take: NUL, halves of characters, bytes that are not UTF-8.

    They come back as the replacement sign, so that the person sees where they are.
    """

    def __call__(self, _form: Form, field: Field) -> None:
        raw = field.raw_data[0] if field.raw_data else ""
        if not isinstance(raw, str):
            return
        # Werkzeug has already put the sign in the place of bytes that are not UTF-8.
        if REPLACEMENT in raw or unwritable_characters(raw):
            field.data = readable(field.data or raw)
            raise StopValidation(str(_l("Ce texte contient des caractères illisibles. Effacez-les ou retapez ce passage.")))


class EmailAddress:
    """An address that can receive a mail, as far as its form tells; the field then holds it cleaned."""

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            field.data = clean_email(field.data or "")
        except InvalidEmail:
            message = _l("Cette adresse n’a pas la forme attendue. Exemple\u00a0: nom@exemple.fr")
            raise ValidationError(str(message)) from None


class OwnName:
    """A name under which nobody could be taken for an institution, nor for the people of this site."""

    def __call__(self, _form: Form, field: Field) -> None:
        site = current_app.config["SETTINGS"].site
        if claims_an_office(field.data or "", reserved=(site.name, site.operator)):
            raise ValidationError(
                _("On pourrait croire que ce nom est celui d’une administration. Signez de votre nom, ou laissez ce champ vide.")
            )


def readable(text: str) -> str:
    """``text`` with the replacement sign in the place of what no page can show."""
    return "".join(REPLACEMENT if unwritable_characters(character) else character for character in text)


def one_line(value: str | None) -> str:
    """Filter of short fields (names): cleaned, on one line."""
    return clean_name(value or "")


def as_typed(value: str | None) -> str:
    """Filter of texts: cleaned as it will be stored."""
    return clean_typed(value or "")


class PageForm(Form):
    """A form of a page. It reads the request only when it was posted."""

    class Meta:
        @property
        def locales(self) -> tuple[str, ...]:
            """For WTForms' own messages, which have their own catalogues; ours go through gettext."""
            return (page_language(),)

    def __init__(self, **kwargs: Any) -> None:
        before = kept.restored() if request.method == "GET" else None
        super().__init__(request.form if request.method == "POST" else before, **kwargs)
        if before:
            flash(_("Voici ce que vous aviez écrit avant de vous reconnecter. Relisez, puis envoyez de nouveau."), "info")
        foreign_fields.bound_by(self)

    def sent(self) -> bool:
        """Whether it was posted and everything in it is right."""
        return request.method == "POST" and self.validate()


class AnonymousForm(PageForm):
    """A form for people without a session: protected by a signed key, a field that only robots fill, and a minimum time."""

    key = HiddenField()
    website = StringField(_l("Ne remplissez pas ce champ"))

    def __init__(self, purpose: str, *, at: datetime, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.purpose, self.at = purpose, at
        self.nonce: str | None = None
        if request.method != "POST":
            self.key.data = new_form_key(purpose, at=at)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then the key. A key that is refused is replaced, so that sending again works.

        Nothing is said of the key while a field is wrong: by the time it is mended, the form has a good one.
        """
        fields_are_right = super().validate(extra_validators)
        self.nonce, fault = read_form_key(self.key.data or "", self.purpose, at=self.at)
        if fault and fields_are_right:
            self.form_errors.append(str(KEY_MESSAGES[fault]))
        if fault in {KeyFault.WRONG, KeyFault.TOO_OLD}:
            self.renew_key()
        if self.website.data:
            self.form_errors.append(str(_l("Un champ caché, réservé aux robots, était rempli\u00a0: il a été vidé. Envoyez de nouveau.")))
            self.website.data = ""
        return fields_are_right and fault is None and not self.form_errors

    def renew_key(self) -> None:
        """Give the form a fresh key: what comes back next is another text."""
        self.key.data = new_form_key(self.purpose, at=self.at)
