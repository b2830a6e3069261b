"""Organisations of civil society: recognised, and who assesses in their name."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import EmailField, StringField, ValidationError
from wtforms.validators import Length

from feedback_app.domain.links import is_web_address
from feedback_app.domain.policy import Permission
from feedback_app.models import Organisation
from feedback_app.services import organisations as service
from feedback_app.services.paging import Window
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp
from feedback_app.web.admin.forms import VersionedForm
from feedback_app.web.fields import EmailAddress, Required, Writable, one_line
from feedback_app.web.language import page_language
from feedback_app.web.transaction import transactional

Answer = str | Response | tuple[str, int]


class OrganisationForm(VersionedForm):
    """What is said of an organisation."""

    name = StringField(
        _l("Nom"),
        filters=[one_line],
        validators=[
            Writable(),
            Required(_l("Indiquez un nom.")),
            Length(max=service.NAME_MAX, message=_l("Ce nom est trop long\u00a0: 200 caractères au plus.")),
        ],
    )
    website = StringField(_l("Site de l’organisation"), filters=[one_line], validators=[Writable()])

    def __init__(self, organisation: Organisation | None = None) -> None:
        super().__init__(organisation, data={"name": organisation.name, "website": organisation.website} if organisation else {})

    def validate_website(self, field: StringField) -> None:
        """May stay empty."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(_("Cette adresse doit commencer par https:// ou http://. Exemple\u00a0: https://exemple.fr"))

    def said(self) -> service.NewOrganisation:
        """What the service takes."""
        return service.NewOrganisation(self.name.data or "", self.website.data or None)


class AssessorForm(VersionedForm):
    """Who assesses in its name."""

    name = StringField(
        _l("Nom de la personne"),
        filters=[one_line],
        validators=[
            Writable(),
            Required(_l("Indiquez un nom.")),
            Length(max=service.NAME_MAX, message=_l("Ce nom est trop long\u00a0: 200 caractères au plus.")),
        ],
    )
    email = EmailField(
        _l("Son adresse électronique"), filters=[one_line], validators=[Writable(), Required(_l("Indiquez une adresse.")), EmailAddress()]
    )

    def add(self, organisation: Organisation) -> bool:
        """Add the person. What stands in the way is said above the form."""
        name, email, seen = self.name.data or "", self.email.data or "", self.seen
        try:
            return self.attempt(
                organisation,
                lambda: service.add_assessor(
                    organisation, email, name, administrator=signed_in_actor(), seen_version=seen, at=now(), language=page_language()
                ),
            )
        except service.WorksForTheState:
            self.form_errors.append(_("Cette personne a des droits sur ce site\u00a0: elle ne peut pas évaluer au nom d’une organisation."))
            return False


def _organisation(organisation_id: int) -> Organisation:
    return service.find(organisation_id) or abort(404)


def _back(organisation: Organisation, done: str) -> Response:
    flash(done, "success")
    return redirect(url_for(".organisation", organisation_id=organisation.id), 303)


@bp.get("/organisations")
@requires(Permission.ORGANISATION_MANAGE)
def list_organisations() -> str:
    """All of them, by name."""
    page = service.listed(Window(request.args.get("apres"), request.args.get("avant"), 50))
    return render_template("admin/list_organisations.html", page=page)


@bp.route("/organisations/nouvelle", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_MANAGE)
@transactional
def new_organisation() -> Answer:
    """Recognise one."""
    form = OrganisationForm()
    if form.sent():
        made = service.recognise(form.said(), administrator=signed_in_actor(), at=now())
        return _back(made, _("Cette organisation est reconnue. Nommez les personnes qui évaluent en son nom."))
    return render_template("admin/new_organisation.html", form=form), form.status


@bp.get("/organisations/<int:organisation_id>")
@requires(Permission.ORGANISATION_MANAGE)
def organisation(organisation_id: int) -> str:
    """One, with its assessors."""
    found = _organisation(organisation_id)
    return render_template("admin/organisation.html", organisation=found)


@bp.route("/organisations/<int:organisation_id>/modifier", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_MANAGE)
@transactional
def edit_organisation(organisation_id: int) -> Answer:
    """Correct its name or address."""
    found = _organisation(organisation_id)
    form = OrganisationForm(found)
    if form.sent() and form.attempt(
        found, lambda: service.change(found, form.said(), administrator=signed_in_actor(), seen_version=form.seen, at=now())
    ):
        return _back(found, _("Enregistré."))
    return render_template("admin/edit_organisation.html", organisation=found, form=form), form.status


@bp.route("/organisations/<int:organisation_id>/fin", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_MANAGE)
@transactional
def end_recognition(organisation_id: int) -> Answer:
    """End the recognition, after one question."""
    found = _organisation(organisation_id)
    form = VersionedForm(found)
    if form.sent() and form.attempt(found, lambda: service.end(found, administrator=signed_in_actor(), seen_version=form.seen, at=now())):
        return _back(found, _("Cette organisation n’est plus reconnue\u00a0: personne n’évalue plus en son nom."))
    return render_template("admin/end_recognition.html", organisation=found, form=form), form.status


@bp.post("/organisations/<int:organisation_id>/reconnaitre")
@requires(Permission.ORGANISATION_MANAGE)
@transactional
def recognise_again(organisation_id: int) -> Response:
    """Give the recognition back."""
    found = _organisation(organisation_id)
    service.recognise_again(found, administrator=signed_in_actor(), seen_version=VersionedForm(found).seen, at=now())
    return _back(found, _("Cette organisation est de nouveau reconnue."))


@bp.route("/organisations/<int:organisation_id>/evaluateurs/nouveau", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_MANAGE)
@transactional
def add_assessor(organisation_id: int) -> Answer:
    """Name somebody."""
    found = _organisation(organisation_id)
    form = AssessorForm(found)
    if form.sent() and form.add(found):
        return _back(found, _("Cette personne peut évaluer au nom de l’organisation. Elle en est prévenue par courriel."))
    return render_template("admin/add_assessor.html", organisation=found, form=form), form.status


@bp.post("/organisations/<int:organisation_id>/evaluateurs/<int:assessor_id>/retirer")
@requires(Permission.ORGANISATION_MANAGE)
@transactional
def remove_assessor(organisation_id: int, assessor_id: int) -> Response:
    """Take the right away."""
    found = _organisation(organisation_id)
    seen = VersionedForm(found).seen
    service.remove_assessor(found, assessor_id, administrator=signed_in_actor(), seen_version=seen, at=now())
    return _back(found, _("Cette personne n’évalue plus au nom de l’organisation."))
