"""What the administrators' forms have in common: the version that they showed, and refusals said above the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from feedback_app.domain.case import REASON_MAX
from feedback_app.domain.errors import Conflict
from feedback_app.services import ministries, people, scopes
from feedback_app.web.fields import LengthBetween, PageForm, Required, Writable, as_typed
from feedback_app.web.presentation import long_datetime


def public_reason(words: object, hint: object) -> TextAreaField:
    """Why something that everybody reads is taken back or changed."""
    return TextAreaField(
        words,
        filters=[as_typed],
        validators=[Writable(), Required(_l("Donnez un motif\u00a0: tout le monde le lira.")), LengthBetween(10, REASON_MAX)],
        description=hint,
    )


class Versioned(Protocol):
    """Something that two administrators may change."""

    version: Any


class VersionedForm(PageForm):
    """A form about something that carries a version. ``status``: how the page with it is answered."""

    seen_version = HiddenField()

    def __init__(self, thing: Versioned | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.overtaken = False
        if self.seen_version.data is None:
            self.seen_version.data = str(thing.version if thing else 0)

    @property
    def seen(self) -> int:
        """The version that the form showed; -1 for one that nobody can read."""
        typed = str(self.seen_version.data)
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1

    @property
    def status(self) -> int:
        return 409 if self.overtaken else 422 if self.errors or self.form_errors else 200

    def attempt(self, thing: Versioned | None, command: Callable[[], Any]) -> bool:
        """Run the command of a form that is right. What it refuses is said above the form, with what was typed still in it."""
        try:
            command()
        except Conflict as conflict:
            self.overtaken = True
            self.seen_version.data = str(thing.version if thing else 0)
            self.form_errors.append(_overtaken(conflict))
        except people.LastAdministrator:
            self.form_errors.append(
                _("Il n’y aurait plus personne pour administrer le site\u00a0: donnez d’abord ce rôle à quelqu’un d’autre.")
            )
        except people.AlreadyHere as refused:
            self.form_errors.append(_("Cette adresse est déjà celle de %(name)s.", name=refused.account.name))
        except people.AlreadyHeld:
            self.form_errors.append(_("Cette personne a déjà cette habilitation."))
        except scopes.UnknownPlace as refused:
            self.form_errors.append(_("Inconnu dans ce ministère\u00a0: %(words)s.", words=", ".join(refused.words)))
        except ministries.NameTaken as refused:
            self.form_errors.append(_("Ce nom est, ou a été, celui d’un autre\u00a0: %(name)s.", name=refused.other.name))
        except ministries.WouldTurnInCircles:
            self.form_errors.append(_("Ce ministère ne peut pas se succéder à lui-même, directement ou non."))
        else:
            return True
        return False


def _overtaken(conflict: Conflict) -> str:
    by, at = conflict.other.by, conflict.other.at
    if by and at:
        return _(
            "%(name)s a fait un changement le %(date)s, après que vous avez ouvert cette page. Relisez, puis envoyez de nouveau.",
            name=by,
            date=long_datetime(at),
        )
    return _("Quelqu’un a fait un changement après que vous avez ouvert cette page. Relisez, puis envoyez de nouveau.")
