"""Asking: one form from a topic, with what each kind promises in plain words."""

from __future__ import annotations

from datetime import date

from flask import abort, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, TextAreaField

from feedback_app.domain.contribution import BODY_MAX, BODY_MIN, ContributionKind
from feedback_app.domain.territory import TERRITORIES
from feedback_app.services import contributions, topics
from feedback_app.services.cases.beginning import Figure
from feedback_app.services.signing import private_token
from feedback_app.web.access import now, public_form
from feedback_app.web.closing import contributing
from feedback_app.web.fields import LengthBetween, Required, Writable, as_typed
from feedback_app.web.labels import LABELS
from feedback_app.web.language import page_language
from feedback_app.web.public import bp
from feedback_app.web.public.comments import CommentForm
from feedback_app.web.transaction import transactional

# What one may count on, under each kind.
PROMISES = {
    ContributionKind.CLARIFICATION: _l("Pourquoi ce résultat, ce retard, ce choix\u00a0? Réponse publique attendue sous 15 jours ouvrés."),
    ContributionKind.DATA_QUESTION: _l(
        "D’où vient ce chiffre, que compte-t-il, où le télécharger\u00a0? Réponse publique attendue sous 15 jours ouvrés."
    ),
    ContributionKind.WRONG_FIGURE: _l("Vous pensez qu’un chiffre est faux. Réponse publique attendue sous 15 jours ouvrés."),
    ContributionKind.ACCESS: _l(
        "Vous demandez un document ou des données. La loi donne un mois pour répondre\u00a0; vous recevez un accusé de réception."
    ),
    ContributionKind.VIEWPOINT: _l("Ce que vous en pensez. Publié avec les commentaires. Personne n’est tenu d’y répondre."),
    ContributionKind.EXPERIENCE: _l("Ce que vous avez vécu. Publié avec les commentaires. Personne n’est tenu d’y répondre."),
}


class AskForm(CommentForm):
    """A request, a viewpoint or an experience, by anybody with an e-mail address."""

    kind = RadioField(
        _l("Que voulez-vous faire\u00a0?"),
        choices=[SelectChoice(kind.value, LABELS[ContributionKind][kind]) for kind in PROMISES],
        validators=[Required(_l("Choisissez ce que vous voulez faire."))],
    )
    body = TextAreaField(
        _l("Votre texte"),
        filters=[as_typed],
        validators=[Writable(), Required(_l("Écrivez votre texte.")), LengthBetween(BODY_MIN, BODY_MAX)],
    )


def _figure() -> Figure:
    """What the address points at. What it does not say well, it does not say."""
    code, day = request.args.get("territoire", ""), request.args.get("date", "")
    try:
        found = date.fromisoformat(day)
    except ValueError:
        found = None
    return Figure(code if code in TERRITORIES else None, found)


@bp.route("/demandes/nouvelle", methods=["GET", "POST"])
@public_form
@transactional
@contributing
def ask() -> str | Response | tuple[str, int]:
    """Ask something about a topic, or share a viewpoint or an experience."""
    topic = topics.find(request.args.get("sujet", "")) or abort(404)
    form, earlier, figure = AskForm(f"ask:{topic.key}", at=now()), None, _figure()
    if form.sent():
        kind, key = ContributionKind(form.kind.data), form.nonce or ""
        try:
            sent = contributions.submit(topic, kind, form.new_text(), form_key=key, language=page_language(), at=form.at, figure=figure)
            return redirect(url_for(".private_page", token=private_token(sent)), 303)
        except contributions.FormAlreadyUsed as used:
            earlier = private_token(used.contribution)
            form.renew_key()
    page = render_template("public/ask.html", topic=topic, form=form, earlier=earlier, figure=figure, promises=PROMISES, places=TERRITORIES)
    return page, 422 if request.method == "POST" else 200
