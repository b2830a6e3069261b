"""Ministries and institutions: made, renamed, succeeded."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField, SelectChoice, SelectField, StringField, TelField, TextAreaField, ValidationError
from wtforms.validators import Length

from feedback_app.domain.commitment import MinistryKind
from feedback_app.domain.policy import Permission
from feedback_app.models import Ministry
from feedback_app.services import ministries as service
from feedback_app.services.paging import Window
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp
from feedback_app.web.admin.forms import VersionedForm
from feedback_app.web.admin.people import ministry_choices
from feedback_app.web.fields import EmailAddress, Required, Writable, as_typed, one_line
from feedback_app.web.labels import LABELS
from feedback_app.web.transaction import transactional

Answer = str | Response | tuple[str, int]


class MinistryForm(VersionedForm):
    """What is said of a ministry."""

    name = StringField(
        _l("Nom"),
        filters=[one_line],
        validators=[
            Writable(),
            Required(_l("Indiquez un nom.")),
            Length(max=service.NAME_MAX, message=_l("Ce nom est trop long\u00a0: 200 caractères au plus.")),
        ],
    )
    kind = RadioField(_l("Nature"), choices=[SelectChoice(kind.value, LABELS[MinistryKind][kind]) for kind in MinistryKind])
    contact_email = EmailField(_l("Adresse électronique de l’institution"), filters=[one_line], validators=[Writable()])
    postal_address = TextAreaField(
        _l("Adresse postale"),
        filters=[as_typed],
        validators=[
            Writable(),
            Length(max=service.ADDRESS_MAX, message=_l("Cette adresse est trop longue\u00a0: 300 caractères au plus.")),
        ],
    )
    telephone = TelField(
        _l("Téléphone"),
        filters=[one_line],
        validators=[Writable(), Length(max=service.TELEPHONE_MAX, message=_l("Ce numéro est trop long\u00a0: 40 caractères au plus."))],
    )

    def __init__(self, ministry: Ministry | None = None) -> None:
        reached = ("contact_email", "postal_address", "telephone")
        said = {"name": ministry.name, "kind": ministry.kind.value, **{one: getattr(ministry, one) for one in reached}} if ministry else {}
        super().__init__(ministry, data=said or {"kind": MinistryKind.MINISTRY.value})

    def validate_kind(self, field: RadioField) -> None:
        """One of the two."""
        if field.data not in set(MinistryKind):
            field.errors = []
            raise ValidationError(_("Choisissez ministère ou institution."))

    def validate_contact_email(self, field: EmailField) -> None:
        """May stay empty."""
        if field.data:
            EmailAddress()(self, field)

    def said(self) -> service.NewMinistry:
        """What the service takes."""
        return service.NewMinistry(
            name=self.name.data or "",
            kind=MinistryKind(self.kind.data),
            contact_email=self.contact_email.data or None,
            postal_address=self.postal_address.data or None,
            telephone=self.telephone.data or None,
        )


class SuccessorForm(VersionedForm):
    """Who took over."""

    successor = SelectField(_l("Ministère ou institution qui prend la suite"), validate_choice=False)


@bp.get("/ministeres")
@requires(Permission.MINISTRY_MANAGE)
def list_ministries() -> str:
    """All of them, found by the names that they had too."""
    words = one_line(request.args.get("q", ""))[:200]
    page = service.listed(words, Window(request.args.get("apres"), request.args.get("avant"), 50))
    return render_template("admin/list_ministries.html", page=page, words=words)


@bp.route("/ministeres/nouveau", methods=["GET", "POST"])
@requires(Permission.MINISTRY_MANAGE)
@transactional
def new_ministry() -> Answer:
    """Make one."""
    form = MinistryForm()
    if form.sent() and form.attempt(None, lambda: service.create(form.said(), administrator=signed_in_actor(), at=now())):
        flash(_("Enregistré."), "success")
        return redirect(url_for(".list_ministries"), 303)
    return render_template("admin/new_ministry.html", form=form), form.status


@bp.route("/ministeres/<ministry_slug>/modifier", methods=["GET", "POST"])
@requires(Permission.MINISTRY_MANAGE)
@transactional
def edit_ministry(ministry_slug: str) -> Answer:
    """Rename it, or change its address."""
    ministry = service.find(ministry_slug) or abort(404)
    form = MinistryForm(ministry)
    if form.sent() and form.attempt(
        ministry,
        lambda: service.change(ministry, form.said(), administrator=signed_in_actor(), seen_version=form.seen, at=now()),
    ):
        flash(_("Enregistré."), "success")
        return redirect(url_for(".list_ministries"), 303)
    return render_template("admin/edit_ministry.html", ministry=ministry, form=form), form.status


@bp.route("/ministeres/<ministry_slug>/successeur", methods=["GET", "POST"])
@requires(Permission.MINISTRY_MANAGE)
@transactional
def succeed_ministry(ministry_slug: str) -> Answer:
    """Say who took over."""
    ministry = service.find(ministry_slug) or abort(404)
    form = SuccessorForm(ministry, data={"successor": ministry.successor.slug if ministry.successor else ""})
    form.successor.choices = ministry_choices(_("Personne\u00a0: il est toujours en charge"))
    if form.sent() and form.attempt(
        ministry,
        lambda: service.succeed(
            ministry,
            (service.find(form.successor.data) or abort(404)) if form.successor.data else None,
            administrator=signed_in_actor(),
            seen_version=form.seen,
            at=now(),
        ),
    ):
        flash(_("Enregistré."), "success")
        return redirect(url_for(".list_ministries"), 303)
    return render_template("admin/succeed_ministry.html", ministry=ministry, form=form), form.status
