"""The private address of a contribution: what happens to it, and what its author can do."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import EmailField, IntegerField, TextAreaField
from wtforms.widgets import HiddenInput

from feedback_app.domain.contribution import BODY_MAX, BODY_MIN, CONTRIBUTION_WORKFLOW, ContributionAction, ContributionStatus, TextStatus
from feedback_app.models import Contribution
from feedback_app.services import assessments, assessors, contributions, moderation
from feedback_app.services.cases import reading
from feedback_app.services.signing import contribution_of_private
from feedback_app.web.access import now, secret_link
from feedback_app.web.closing import contributing
from feedback_app.web.fields import EmailAddress, LengthBetween, PageForm, Required, Writable, as_typed, one_line
from feedback_app.web.public import bp, own_request
from feedback_app.web.transaction import small_form, transactional


class CorrectionForm(PageForm):
    """A new wording of a text."""

    body = TextAreaField(
        _l("Votre texte corrigé"),
        filters=[as_typed],
        validators=[
            Writable(),
            Required(_l("Écrivez votre texte. Pour le supprimer, retirez la contribution.")),
            LengthBetween(BODY_MIN, BODY_MAX),
        ],
    )
    seen_version = IntegerField(widget=HiddenInput())


class AddressForm(PageForm):
    """Where to send the confirmation."""

    email = EmailField(
        _l("Votre adresse électronique"),
        filters=[one_line],
        validators=[Writable(), Required(_l("Indiquez l’adresse où envoyer le lien de confirmation.")), EmailAddress()],
    )


def _own(token: str) -> Contribution:
    return contribution_of_private(token) or abort(404)


def _actions(contribution: Contribution) -> list[ContributionAction]:
    """What its author can do now."""
    speaks = assessors.may_speak(contribution)
    return [one for one in CONTRIBUTION_WORKFLOW.actions_from(contribution.status) if speaks or one is not ContributionAction.CORRECT]


def _back(token: str) -> Response:
    return redirect(url_for(".private_page", token=token), 303)


@bp.get("/ma-contribution/<token>")
@secret_link
def private_page(token: str) -> str:
    """Where the contribution stands, and what can be done about it."""
    contribution = _own(token)
    own = reading.of_contribution(contribution)
    if own and own.contribution_id == contribution.id:
        return render_template("public/private_request.html", token=token, **own_request.facts(own))
    latest = contributions.latest_version(contribution)
    confirmed = contribution.confirmed_at is not None
    return render_template(
        "public/private_page.html",
        contribution=contribution,
        latest=latest,
        assessment=assessments.of_contribution(contribution),
        token=token,
        # Before the address is proved, whoever holds this page sees only what they sent.
        decision=moderation.decision_on(latest) if confirmed else None,
        actions=_actions(contribution),
        edit_waits=contribution.status is ContributionStatus.PUBLISHED and latest.status is TextStatus.PENDING,
    )


@bp.route("/ma-contribution/<token>/corriger", methods=["GET", "POST"])
@secret_link
@transactional
@contributing
def correct(token: str) -> str | Response | tuple[str, int]:
    """Send a new wording."""
    contribution = _own(token)
    latest = contributions.latest_version(contribution)
    form = CorrectionForm(data={"body": latest.body, "seen_version": latest.number})
    if form.sent():
        contributions.correct(contribution, form.body.data or "", seen_version=form.seen_version.data or 0, at=now())
        return _back(token)
    if ContributionAction.CORRECT not in _actions(contribution):
        return _back(token)
    page = render_template("public/correct.html", contribution=contribution, form=form, token=token)
    return page, 422 if request.method == "POST" else 200


@bp.route("/ma-contribution/<token>/adresse", methods=["GET", "POST"])
@secret_link
@transactional
@small_form
def correct_address(token: str) -> str | Response | tuple[str, int]:
    """Send the confirmation again, to another address if the first was wrong."""
    contribution = _own(token)
    if ContributionAction.REDIRECT not in CONTRIBUTION_WORKFLOW.actions_from(contribution.status):
        return _back(token)
    form = AddressForm(data={"email": contribution.identity.email if contribution.identity else ""})
    if form.sent():
        try:
            contributions.resend_confirmation(contribution, form.email.data or "", at=now())
            return _back(token)
        except contributions.TooManyMails:
            form.form_errors.append(_("Le message a déjà été envoyé cinq fois. Écrivez à l’adresse de contact du site."))
    page = render_template("public/correct_address.html", contribution=contribution, form=form, token=token)
    return page, 422 if request.method == "POST" else 200


@bp.route("/ma-contribution/<token>/retirer", methods=["GET", "POST"])
@secret_link
@transactional
@small_form
def withdraw(token: str) -> str | Response:
    """Take the text back, after one question."""
    contribution = _own(token)
    if contribution.status is ContributionStatus.WITHDRAWN:
        return _back(token)
    if request.method == "POST":
        contributions.withdraw(contribution, at=now())
        return _back(token)
    return render_template("public/withdraw.html", contribution=contribution, token=token)
