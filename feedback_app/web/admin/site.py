"""The site's own state: may citizens write, what is said to everybody, are mails and jobs well."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, TextAreaField, ValidationError

from feedback_app.domain.policy import Permission
from feedback_app.mail import outbox
from feedback_app.models import SiteState
from feedback_app.services import health as service
from feedback_app.services import site
from feedback_app.services.paging import Window
from feedback_app.web.access import now, requires, signed_in_actor
from feedback_app.web.admin import bp
from feedback_app.web.admin.forms import VersionedForm
from feedback_app.web.fields import LengthBetween, Writable, one_line
from feedback_app.web.transaction import transactional

Answer = str | Response | tuple[str, int]
OPEN, CLOSED = "open", "closed"


class SiteForm(VersionedForm):
    """Whether citizens may write, and the notice."""

    contributions = RadioField(
        _l("Les citoyens"),
        choices=[
            SelectChoice(OPEN, _l("peuvent lire et écrire")),
            SelectChoice(CLOSED, _l("peuvent lire, mais pas écrire pour le moment")),
        ],
    )
    notice_fr = TextAreaField(
        _l("Avis affiché sur toutes les pages, en français"), filters=[one_line], validators=[Writable(), LengthBetween(0, site.NOTICE_MAX)]
    )
    notice_en = TextAreaField(
        _l("Le même avis, en anglais"), filters=[one_line], validators=[Writable(), LengthBetween(0, site.NOTICE_MAX)]
    )

    def __init__(self, state: SiteState | None) -> None:
        closed = state is not None and state.contributions_closed_at is not None
        notices = {"notice_fr": state.notice_fr, "notice_en": state.notice_en} if state else {}
        super().__init__(state, data={"contributions": CLOSED if closed else OPEN, **notices})

    def validate_contributions(self, field: RadioField) -> None:
        """One of the two."""
        if field.data not in {OPEN, CLOSED}:
            field.errors = []
            raise ValidationError(_("Choisissez l’un des deux."))

    def validate_notice_en(self, field: TextAreaField) -> None:
        """An English reader has a right to the notice too."""
        if bool(field.data) != bool(self.notice_fr.data):
            raise ValidationError(_("Écrivez l’avis dans les deux langues, ou dans aucune."))


@bp.route("/reglages", methods=["GET", "POST"])
@requires(Permission.SITE_MANAGE)
@transactional
def settings() -> Answer:
    """What can be set while the site runs."""
    state = site.state()
    form = SiteForm(state)
    if form.sent() and form.attempt(
        state,
        lambda: site.change(
            close=form.contributions.data == CLOSED,
            notice_fr=form.notice_fr.data or "",
            notice_en=form.notice_en.data or "",
            administrator=signed_in_actor(),
            seen_version=form.seen,
            at=now(),
        ),
    ):
        flash(_("Enregistré."), "success")
        return redirect(url_for(".settings"), 303)
    return render_template("admin/settings.html", form=form, state=state), form.status


@bp.get("/sante")
@requires(Permission.SITE_MANAGE)
def health() -> str:
    """Whether mails leave and jobs run."""
    page = service.dead_letters(Window(request.args.get("apres"), request.args.get("avant"), 50))
    return render_template("admin/health.html", health=service.of_site(at=now()), page=page)


@bp.post("/sante/relancer")
@requires(Permission.SITE_MANAGE)
@transactional
def retry_all() -> Response:
    """Try every dead letter again."""
    count = service.retry(None, administrator=signed_in_actor(), at=now())
    flash(ngettext("%(num)s courriel repart.", "%(num)s courriels repartent.", count), "success")
    return redirect(url_for(".health"), 303)


@bp.post("/sante/courriels/<int:mail_id>/relancer")
@requires(Permission.SITE_MANAGE)
@transactional
def retry_mail(mail_id: int) -> Response:
    """Try one dead letter again."""
    try:
        service.retry(mail_id if mail_id < 2**63 else 0, administrator=signed_in_actor(), at=now())
    except outbox.NotDeadLetters:
        abort(404)
    flash(_("Le courriel repart."), "success")
    return redirect(url_for(".health"), 303)
