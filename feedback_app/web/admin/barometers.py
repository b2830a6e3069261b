"""Barometers, their editions, and the files that administrators send: what waits, and what became of each file."""

from __future__ import annotations

import datetime as dt
from typing import IO, Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import FileField, StringField, ValidationError
from wtforms.widgets import DateInput

from feedback_app.domain.policy import Permission
from feedback_app.models import Barometer
from feedback_app.services import barometers as service
from feedback_app.services import edition_uploads, editions
from feedback_app.services.editions import EditionRefused
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp
from feedback_app.web.fields import PageForm, Required, Writable, one_line
from feedback_app.web.labels import label
from feedback_app.web.transaction import file_limit, transactional

LARGEST_ID = 2**63 - 1


class SendForm(PageForm):
    """The files of an edition, and its date."""

    on = StringField(
        _l("Date de l’édition"),
        filters=[one_line],
        widget=DateInput(),
        validators=[Writable(), Required(_l("Indiquez la date de l’édition."))],
        description=_l("Celle de sa publication par l’État."),
    )
    archive = FileField(
        _l("Archive zip"),
        description=_l("Les fichiers de l’édition, tels qu’ils ont été publiés, dans une archive zip de 100\u00a0Mo au plus."),
    )

    def validate_on(self, field: StringField) -> None:
        """A day that has come."""
        try:
            self.day = dt.date.fromisoformat(field.data or "")
        except ValueError:
            raise ValidationError(_("Cette date n’existe pas. Écrivez-la ainsi\u00a0: 2024-10-17.")) from None
        if self.day > now().date():
            raise ValidationError(_("Cette date n’est pas encore venue."))

    def validate_archive(self, field: FileField) -> None:
        """A file, of which nothing more is known yet."""
        sent = request.files.get(field.name)
        if sent is None or not sent.filename:
            raise ValidationError(_("Choisissez un fichier."))
        self.file: IO[bytes] = sent.stream

    def attempt(self, barometer: Barometer) -> int | None:
        """Hand the files over: the number of the upload. What the service refuses is said above the form."""
        try:
            return edition_uploads.receive(barometer, self.day, self.file, at=now(), actor=signed_in_actor()).id
        except edition_uploads.NotAnArchive:
            self.form_errors.append(_("Ce fichier n’est pas une archive zip."))
        except edition_uploads.AlreadyUnderWay:
            self.form_errors.append(
                _("Des fichiers ont déjà été envoyés pour cette date et ne sont pas encore lus\u00a0: attendez leur résultat.")
            )
        except EditionRefused as refused:
            self.form_errors.append(label(refused.reason))
        return None


def of_address(slug: str) -> Barometer:
    """The barometer of an address, or 404."""
    return service.find(slug) or abort(404)


@bp.get("/barometre/")
@requires(Permission.BAROMETER_MANAGE)
def barometers() -> str:
    """All barometers, and what waits in each."""
    return render_template("admin/barometers.html", found=edition_uploads.overview())


@bp.get("/barometre/<slug>/")
@requires(Permission.BAROMETER_MANAGE)
def barometer(slug: str) -> str:
    """One barometer: its editions, drafts too, and what was sent lately."""
    found = of_address(slug)
    return render_template("admin/barometer.html", barometer=found, editions=editions.all_of(found), uploads=edition_uploads.latest(found))


@bp.route("/barometre/<slug>/envoi", methods=["GET", "POST"])
@requires(Permission.BAROMETER_MANAGE)
@file_limit(edition_uploads.MAX_BYTES)
@transactional
def send_edition(slug: str) -> Any:
    """Send the files of an edition."""
    found, form = of_address(slug), SendForm()
    if form.sent() and (upload_id := form.attempt(found)):
        flash(_("Les fichiers sont reçus, ils vont être lus."), "success")
        return redirect(url_for(".upload", slug=slug, upload_id=upload_id), 303)
    return render_template("admin/send_edition.html", barometer=found, form=form), 422 if form.errors or form.form_errors else 200


@bp.get("/barometre/<slug>/envois/<int:upload_id>")
@requires(Permission.BAROMETER_MANAGE)
def upload(slug: str, upload_id: int) -> str | Response:
    """What became of the files that were sent."""
    found = of_address(slug)
    sent = edition_uploads.find(found, upload_id if upload_id <= LARGEST_ID else 0) or abort(404)
    return render_template("admin/upload.html", barometer=found, upload=sent)
