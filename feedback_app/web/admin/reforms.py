"""Which ministry answers for which reform."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectChoice, SelectField, ValidationError

from feedback_app.domain.policy import Permission
from feedback_app.models import Barometer, Reform
from feedback_app.services import barometers as service
from feedback_app.services.barometers import SeenReform
from feedback_app.services.paging import Window
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp
from feedback_app.web.admin.barometers import of_address
from feedback_app.web.fields import PageForm
from feedback_app.web.presentation import foreign
from feedback_app.web.transaction import transactional

PAGE_SIZE = 100
NOBODY = "-"


def seen_value(reform: Reform) -> str:
    """What the box of a reform says: who answered for it when the page was made, and its code."""
    return f"{reform.ministry_id or 0}.{reform.code}"


def _seen(value: str) -> SeenReform:
    ministry, _dot, code = value.partition(".")
    return SeenReform(code, int(ministry) or None) if ministry.isascii() and ministry.isdigit() and len(ministry) < 19 else abort(400)


class MapForm(PageForm):
    """One ministry for the reforms that were ticked."""

    ministry = SelectField(_l("Ministère ou institution qui en répond"), validate_choice=False)

    def __init__(self) -> None:
        super().__init__()
        lang = {"lang": words} if (words := foreign()) else {}
        self.ministry.choices = [
            SelectChoice("", _("Choisissez")),
            SelectChoice(NOBODY, _("Personne\u00a0: la coordination oriente")),
            *(SelectChoice(one.slug, one.name, lang) for one in service.ministries_in_charge()),
        ]
        self.ticked = request.form.getlist("reform")

    def validate_ministry(self, field: SelectField) -> None:
        """Somebody, or nobody on purpose; and for at least one reform."""
        if not self.ticked:
            raise ValidationError(_("Cochez au moins une réforme."))
        if not field.data:
            raise ValidationError(_("Choisissez un ministère, une institution ou «\u00a0personne\u00a0»."))

    def save(self, barometer: Barometer) -> int:
        """Give them to it. Returns how many changed."""
        chosen = self.ministry.data
        ministry = None if chosen == NOBODY else service.find_ministry(chosen) or abort(400)
        try:
            seen = [_seen(value) for value in self.ticked]
            return service.map_reforms(barometer, seen, ministry, at=now(), actor=signed_in_actor())
        except LookupError:
            abort(400)


@bp.route("/barometre/<slug>/reformes", methods=["GET", "POST"])
@requires(Permission.BAROMETER_MANAGE)
@transactional
def reforms(slug: str) -> Any:
    """The reforms of a barometer, those of no ministry first."""
    barometer, form = of_address(slug), MapForm()
    if form.sent():
        changed = form.save(barometer)
        flash(ngettext("%(num)s réforme a changé de ministère.", "%(num)s réformes ont changé de ministère.", changed), "success")
        return redirect(url_for(".reforms", slug=slug), 303)
    page = service.list_reforms(barometer, Window(request.args.get("apres"), request.args.get("avant"), PAGE_SIZE))
    context = {"barometer": barometer, "form": form, "page": page, "seen_value": seen_value}
    return render_template("admin/reforms.html", **context), 422 if form.errors else 200
