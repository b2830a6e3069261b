"""What the person who asked does on their private page once a ministry has the request: reply, say whether it helped, reopen."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import Length

from feedback_app.domain.case import CASE_WORKFLOW, REASON_MAX, CaseAction, Verdict
from feedback_app.domain.contribution import BODY_MAX, BODY_MIN, CONTRIBUTION_WORKFLOW
from feedback_app.models import CitizenRequest
from feedback_app.services import contributions, moderation
from feedback_app.services.cases import clock, closing, conversation, reading
from feedback_app.services.signing import contribution_of_private
from feedback_app.web.access import now, secret_link
from feedback_app.web.fields import AnonymousForm, LengthBetween, PageForm, Required, Writable, as_typed
from feedback_app.web.labels import LABELS
from feedback_app.web.language import page_language
from feedback_app.web.public import bp
from feedback_app.web.transaction import transactional


class ReplyForm(AnonymousForm):
    """A text inside one's own case."""

    body = TextAreaField(
        _l("Votre texte"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez votre texte.")), LengthBetween(BODY_MIN, BODY_MAX)],
    )


class RatingForm(PageForm):
    """Whether the answer helped, and why."""

    verdict = RadioField(
        _l("Cette réponse répond-elle à votre question\u00a0?"),
        choices=[SelectChoice(verdict.value, words) for verdict, words in LABELS[Verdict].items()],
        validators=[Required(_l("Choisissez une des trois réponses."))],
    )
    body = TextAreaField(
        _l("Pourquoi"),
        filters=[as_typed],
        validators=[Writable(), Length(max=REASON_MAX, message=_l("Ce texte est trop long\u00a0: 2\u00a0000 caractères au plus."))],
    )


def _own(token: str) -> CitizenRequest:
    """The confirmed request of this private page."""
    contribution = contribution_of_private(token)
    if contribution is None or contribution.confirmed_at is None:
        abort(404)
    return reading.of_contribution(contribution) or abort(404)


def _back(token: str) -> Response:
    return redirect(url_for(".private_page", token=token), 303)


def _shown(page: str) -> tuple[str, int]:
    return page, 422 if request.method == "POST" else 200


def facts(own: CitizenRequest) -> dict[str, Any]:
    """What the private page of a request says: what became of the text, and the case."""
    contribution, at = own.contribution, now()
    latest, confirmed = contributions.latest_version(contribution), contribution.confirmed_at is not None
    answer = closing.to_rate(own)
    rated = answer is not None and closing.rating_of(answer) is not None
    return {
        "own": own,
        "contribution": contribution,
        "latest": latest,
        # Before the address is proved, whoever holds this page sees only what they sent.
        "decision": moderation.decision_on(latest) if confirmed else None,
        "actions": CONTRIBUTION_WORKFLOW.actions_from(contribution.status),
        "case_actions": CASE_WORKFLOW.actions_from(own.status) if confirmed else [],
        "timeline": reading.timeline(own, reading.Audience.AUTHOR) if confirmed else [],
        "delay": clock.delay(own),
        "cada_until": clock.cada_until(own, at=at),
        "at": at,
        "may_rate": answer is not None and not rated,
        "rated": rated,
        "reopen_until": closing.reopen_until(own) if closing.may_reopen(own, at=at) else None,
    }


@bp.route("/ma-contribution/<token>/repondre", methods=["GET", "POST"])
@secret_link
@transactional
def reply(token: str) -> Response | tuple[str, int]:
    """Reply to the ministry's question."""
    own = _own(token)
    form = ReplyForm(f"reply:{own.reference}", at=now())
    if form.sent():
        try:
            conversation.citizen_replies(own, form.body.data or "", form_key=form.nonce or "", language=page_language(), at=form.at)
            return _back(token)
        except contributions.FormAlreadyUsed:
            form.renew_key()
    elif request.method == "GET" and CaseAction.CITIZEN_REPLIES not in CASE_WORKFLOW.actions_from(own.status):
        return _back(token)
    return _shown(render_template("public/reply.html", own=own, form=form, token=token, question=reading.open_question(own)))


@bp.route("/ma-contribution/<token>/rouvrir", methods=["GET", "POST"])
@secret_link
@transactional
def reopen(token: str) -> Response | tuple[str, int]:
    """Say why the answer is not enough: the ministry answers again."""
    own = _own(token)
    form = ReplyForm(f"reopen:{own.reference}", at=now())
    if form.sent():
        try:
            closing.reopen(own, form.body.data or "", form_key=form.nonce or "", language=page_language(), at=form.at)
            return _back(token)
        except contributions.FormAlreadyUsed:
            form.renew_key()
    elif request.method == "GET" and not closing.may_reopen(own, at=form.at):
        return _back(token)
    return _shown(render_template("public/reopen.html", own=own, form=form, token=token))


@bp.route("/ma-contribution/<token>/avis", methods=["GET", "POST"])
@secret_link
@transactional
def rate(token: str) -> Response | tuple[str, int]:
    """Say whether the answer helped. A link in a mail proposes the answer; only the button records it."""
    own = _own(token)
    answer = closing.to_rate(own)
    if answer is None or (request.method == "GET" and closing.rating_of(answer)):
        return _back(token)
    form = RatingForm(data={"verdict": request.args.get("reponse", "")})
    if form.sent():
        closing.rate(own, Verdict(form.verdict.data), reason=form.body.data or None, at=now())
        return _back(token)
    return _shown(render_template("public/rate.html", own=own, answer=answer, form=form, token=token))
