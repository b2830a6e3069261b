"""What other people say of a public request: "me too", and that its answer is enough for them."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import EmailField

from feedback_app.models import CitizenRequest
from feedback_app.services.cases import reading
from feedback_app.services.cases import same_question as service
from feedback_app.services.signing import signer
from feedback_app.web.access import now, public, public_form, secret_link
from feedback_app.web.closing import contributing
from feedback_app.web.fields import AnonymousForm, EmailAddress, Required, Writable, one_line
from feedback_app.web.language import page_language
from feedback_app.web.public import bp
from feedback_app.web.transaction import small_form, transactional

ENOUGH = "enough"


class MeTooForm(AnonymousForm):
    """Whose "me too" it is."""

    email = EmailField(
        _l("Votre adresse électronique"),
        filters=[one_line],
        validators=[Writable(), Required(_l("Indiquez votre adresse\u00a0: nous y enverrons le lien de confirmation.")), EmailAddress()],
    )


def _asked(reference: str) -> CitizenRequest:
    return reading.public_request(reference) or abort(404)


@bp.route("/demandes/<reference>/moi-aussi", methods=["GET", "POST"])
@public_form
@transactional
@small_form
@contributing
def me_too(reference: str) -> Response | tuple[str, int]:
    """Ask the same as a public request."""
    asked = _asked(reference)
    form = MeTooForm(f"me-too:{asked.reference}", at=now())
    if form.sent():
        service.ask(asked, form.email.data or "", form_key=form.nonce or "", language=page_language(), at=form.at)
        return redirect(url_for(".me_too_sent", reference=reference), 303)
    page = render_template("public/me_too.html", asked=asked, form=form, count=service.count(asked))
    return page, 422 if request.method == "POST" else 200


@bp.get("/demandes/<reference>/moi-aussi/envoye")
@public
def me_too_sent(reference: str) -> str:
    """What comes next. The same whether or not the address is known or counted already: its owner reads that behind the link."""
    return render_template("public/me_too_sent.html", asked=_asked(reference))


@bp.route("/moi-aussi/<token>", methods=["GET", "POST"])
@secret_link
@transactional
@small_form
def own_me_too(token: str) -> str | Response:
    """Confirm one's "me too", or take it back. Opening the link changes nothing, so that link scanners count nobody."""
    own = service.of_token(token) or abort(404)
    if request.method == "POST":
        act = service.withdraw if request.form.get("do") == "withdraw" else service.confirm
        act(own, at=now())
        return redirect(url_for(".own_me_too", token=token), 303)
    return render_template("public/own_me_too.html", own=own, is_own=service.is_own(own), count=service.count(own.request))


def enough_key(nonce: str) -> str:
    """What the button "this answer is enough" carries: made once a form was really sent, and good for one count."""
    return signer().sign(ENOUGH, nonce)


@bp.post("/demandes/<reference>/suffit")
@public_form
@transactional
@small_form
def enough(reference: str) -> Response:
    """The answer to this request is enough for somebody who was about to ask: count it, and lead them to it."""
    asked, nonce = _asked(reference), signer().read(ENOUGH, request.form.get("key", ""))
    if asked.first_answered_at is None:
        abort(404)
    if isinstance(nonce, str):
        service.suffice(asked, form_key=nonce, at=now())
    return redirect(url_for(".citizen_request", reference=reference, _anchor="reponses"), 303)
