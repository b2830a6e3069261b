"""Commenting: the form, then the confirmation of the address."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import Length

from feedback_app.domain.case import REQUEST_KINDS, REQUEST_PROMISES
from feedback_app.domain.contribution import BODY_MAX, BODY_MIN, NAME_MAX, ContributionKind, ContributionStatus
from feedback_app.models import TopicKind
from feedback_app.services import contributions, topics
from feedback_app.services.signing import contribution_of_confirmation, private_token
from feedback_app.web.access import now, public_form, secret_link
from feedback_app.web.closing import contributing
from feedback_app.web.fields import AnonymousForm, EmailAddress, LengthBetween, OwnName, Required, Writable, as_typed, one_line
from feedback_app.web.language import page_language
from feedback_app.web.public import bp
from feedback_app.web.transaction import small_form, transactional


class CommentForm(AnonymousForm):
    """A comment by anybody with an e-mail address."""

    body = TextAreaField(
        _l("Votre commentaire"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez votre commentaire.")), LengthBetween(BODY_MIN, BODY_MAX)],
    )
    public_name = StringField(
        _l("Le nom affiché avec votre commentaire"),
        filters=[one_line],
        validators=[Writable(), Length(max=NAME_MAX, message=_l("Ce nom est trop long\u00a0: 80 caractères au plus.")), OwnName()],
    )
    email = EmailField(
        _l("Votre adresse électronique"),
        filters=[one_line],
        validators=[Writable(), Required(_l("Indiquez votre adresse\u00a0: nous y enverrons le lien de confirmation.")), EmailAddress()],
    )

    def new_text(self) -> contributions.NewText:
        """What the service takes."""
        return contributions.NewText(body=self.body.data or "", email=self.email.data or "", public_name=self.public_name.data or None)


@bp.route("/commenter", methods=["GET", "POST"])
@public_form
@transactional
@contributing
def comment() -> str | Response | tuple[str, int]:
    """Write a comment on a topic."""
    topic = topics.find(request.args.get("sujet", ""))
    if topic is None or topic.kind is TopicKind.GENERAL:
        abort(404)  # a thread needs a page
    form, earlier = CommentForm(f"comment:{topic.key}", at=now()), None
    if form.sent():
        try:
            sent = contributions.submit(
                topic, ContributionKind.COMMENT, form.new_text(), form_key=form.nonce or "", language=page_language(), at=form.at
            )
            return redirect(url_for(".private_page", token=private_token(sent)), 303)
        except contributions.FormAlreadyUsed as used:
            earlier = private_token(used.contribution)
            form.renew_key()
    return render_template("public/comment.html", topic=topic, form=form, earlier=earlier), 422 if request.method == "POST" else 200


def _confirm_title(kind: ContributionKind) -> str:
    if kind is ContributionKind.MEETING:
        return _("Confirmer votre proposition")
    return _("Confirmer votre demande") if kind in REQUEST_KINDS else _("Confirmer votre commentaire")


@bp.route("/confirmer/<token>", methods=["GET", "POST"])
@secret_link
@transactional
@small_form
def confirm(token: str) -> str | Response:
    """Confirm an address. Opening the link shows a button: only pressing it confirms, so that link scanners cannot."""
    contribution = contribution_of_confirmation(token) or abort(404)
    private = url_for(".private_page", token=private_token(contribution))
    if request.method == "POST":
        contributions.confirm(contribution, at=now())
        return redirect(private, 303)
    if contribution.status is not ContributionStatus.AWAITING_CONFIRMATION:
        return redirect(private)
    return render_template(
        "public/confirm.html",
        contribution=contribution,
        promise=REQUEST_PROMISES.get(contribution.kind),
        title=_confirm_title(contribution.kind),
    )
