"""What a person may do about their own data: receive a copy of everything, have everything erased."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, ValidationError

from feedback_app.domain.policy import Permission
from feedback_app.domain.privacy import TextsChoice
from feedback_app.services.privacy import erasure, export
from feedback_app.web.access import now, requires, secret_link, signed_in_actor
from feedback_app.web.account import bp
from feedback_app.web.fields import PageForm
from feedback_app.web.labels import LABELS
from feedback_app.web.language import page_language
from feedback_app.web.transaction import transactional


class ErasureForm(PageForm):
    """What becomes of the published texts."""

    texts = RadioField(
        _l("Vos textes publiés"),
        choices=[SelectChoice(choice.value, LABELS[TextsChoice][choice]) for choice in TextsChoice],
    )

    def validate_texts(self, field: RadioField) -> None:
        """One of the two."""
        if field.data not in set(TextsChoice):
            field.errors = []
            raise ValidationError(_("Choisissez ce que deviennent vos textes publiés."))


@bp.route("/mes-donnees", methods=["GET", "POST"])
@requires(Permission.DATA_EXPORT)
@transactional
def own_data() -> str | Response:
    """Ask for a copy of everything."""
    identity = current_user.account.identity
    if request.method == "POST":
        export.ask(identity, actor=signed_in_actor(), language=page_language(), at=now())
        flash(_("C’est noté\u00a0: vous recevrez un lien par courriel dans quelques minutes."), "success")
        return redirect(url_for(".own_data"), 303)
    return render_template("account/own_data.html", latest=export.latest(identity.id), email=identity.email, now=now())


@bp.route("/mes-donnees/<token>", methods=["GET", "POST"])
@secret_link
@transactional
def fetch_data(token: str) -> str | FlaskResponse | tuple[str, int]:
    """Receive the copy. Opening the link shows a button: only pressing it uses the link up, so that link scanners cannot."""
    try:
        if request.method != "POST":
            return render_template("account/fetch_data.html", expires_at=export.usable(token, at=now()).expires_at)
        content = export.fetch(token, at=now(), machine=request.remote_addr)
    except export.ExportGone:
        return render_template("account/data_gone.html"), 410
    answer = make_response(content)
    answer.mimetype = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="mes-donnees-{now():%Y-%m-%d}.zip"'
    return answer


@bp.route("/effacement", methods=["GET", "POST"])
@requires(Permission.DATA_ERASE)
@transactional
def erase() -> str | Response | tuple[str, int]:
    """Ask to be erased; or see that it is planned, and stop it."""
    identity, form, alone = current_user.account.identity, ErasureForm(), False
    if form.sent():
        try:
            erasure.ask(identity, TextsChoice(form.texts.data), actor=signed_in_actor(), language=page_language(), at=now())
            return redirect(url_for(".erase"), 303)
        except erasure.LastAdministrator:
            alone = True
    planned = erasure.planned_for(identity.id)
    page = render_template(
        "account/erase.html",
        form=form,
        planned=planned,
        alone=alone,
        staff=signed_in_actor().roles or signed_in_actor().memberships,
        cancel=url_for(".cancel_erasure", token=erasure.cancel_token(planned)) if planned else None,
        hours=current_app.config["SETTINGS"].periods.erasure_hours,
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/effacement/<token>", methods=["GET", "POST"])
@secret_link
@transactional
def cancel_erasure(token: str) -> str | Response:
    """Stop the erasure, from the mail or from one's own page."""
    planned = erasure.planned_by_token(token) or abort(404)
    if request.method != "POST":
        return render_template("account/cancel_erasure.html", planned=planned)
    erasure.cancel(planned, at=now())
    return redirect(url_for(".erasure_cancelled"), 303)


@bp.get("/effacement/annule")
@secret_link
def erasure_cancelled() -> str:
    """Nothing will be erased."""
    return render_template("account/erasure_cancelled.html")
