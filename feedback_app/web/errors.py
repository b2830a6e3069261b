"""Error pages: what happened, what to do next, and the text kept where there was one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, abort, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from feedback_app.database import db
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import NotAllowed
from feedback_app.domain.text import clean_typed
from feedback_app.domain.workflow import MoveRefused
from feedback_app.web.fields import readable
from feedback_app.web.transaction import has_length

DRAIN_BYTES = 16 * 1024 * 1024
KEPT_FIELDS = ("body", "facts")


@dataclass(frozen=True)
class Explanation:
    """The words of one error page."""

    title: object
    what: object
    next_step: object


EXPLANATIONS = {
    400: Explanation(
        _l("Demande illisible"),
        _l("Votre navigateur a envoyé quelque chose que ce site ne comprend pas, ou la page était ouverte depuis trop longtemps."),
        _l("Revenez à la page précédente, rechargez-la, puis recommencez."),
    ),
    401: Explanation(
        _l("Votre session est terminée"),
        _l("Il faut être connecté pour faire cela. Rien n’a été enregistré."),
        _l("Connectez-vous de nouveau, puis recommencez."),
    ),
    403: Explanation(
        _l("Accès refusé"),
        _l("Cette page, ou cette action, n’est pas ouverte avec vos droits."),
        _l("Si vous pensez qu’elle devrait l’être, écrivez à l’administrateur du site."),
    ),
    404: Explanation(
        _l("Page introuvable"),
        _l("Cette adresse ne mène à rien\u00a0: elle est peut-être incomplète, ou le lien est ancien."),
        _l("Vérifiez l’adresse, ou repartez de la liste des engagements."),
    ),
    405: Explanation(
        _l("Action impossible ici"),
        _l("Cette adresse existe, mais on ne peut pas l’utiliser de cette façon."),
        _l("Revenez à la page précédente et utilisez le bouton du formulaire."),
    ),
    409: Explanation(
        _l("Quelqu’un vous a devancé"),
        _l("Ce texte a changé depuis que vous avez ouvert la page. Votre envoi n’a pas été enregistré."),
        _l("Comparez les deux, rechargez la page, puis recommencez s’il le faut."),
    ),
    411: Explanation(
        _l("Envoi sans longueur"),
        _l("Ce qui a été envoyé n’annonce pas sa taille. Rien n’a été enregistré."),
        _l("Revenez à la page précédente et renvoyez le formulaire avec un navigateur."),
    ),
    413: Explanation(
        _l("Envoi trop volumineux"),
        _l("Ce que vous avez envoyé dépasse la taille acceptée. Rien n’a été enregistré."),
        _l("Revenez à la page précédente\u00a0: votre navigateur y a gardé votre texte. Raccourcissez-le, puis renvoyez-le."),
    ),
    500: Explanation(
        _l("Le site a rencontré une erreur"),
        _l("Ce n’est pas votre faute. Votre envoi n’a pas été enregistré."),
        _l("Réessayez dans quelques minutes. Si cela continue, écrivez-nous."),
    ),
    503: Explanation(
        _l("Le site est momentanément indisponible"),
        _l("Il est trop occupé ou en cours de maintenance. Votre envoi n’a pas été enregistré."),
        _l("Réessayez dans quelques minutes."),
    ),
}


def _page(code: int, **context: object) -> tuple[str, int]:
    explanation = EXPLANATIONS.get(code) or EXPLANATIONS[500 if code >= 500 else 400]
    g.error_page = True  # no menu of the session: the database may be what failed
    return render_template("errors/page.html", code=code, explanation=explanation, kept=_kept(), **context), code


def _kept() -> list[str]:
    """What the person had typed. A body that is too large or broken cannot be read: what is left of it is drained."""
    if request.method != "POST":
        return []
    try:
        form = request.form if has_length() else abort(411)
    except HTTPException:
        _drain()
        return []
    return [text for name in KEPT_FIELDS if (text := clean_typed(readable(form.get(name, ""))))]


def _http(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    code = error.code or 500
    if isinstance(error, SecurityError):
        # Asked under a name that is not ours: no link of ours can be written for it.
        return Response(_("Ce site ne répond pas à ce nom."), status=code, mimetype="text/plain")
    if code < 400:
        return error  # a redirection
    db.session.rollback()
    return _page(code)


def _drain() -> None:
    """Read what is still coming, within a bound: a connection closed too early shows the browser's own error, not ours."""
    stream, left = request.environ["wsgi.input"], DRAIN_BYTES
    while left > 0 and (chunk := stream.read(min(left, 65536))):
        left -= len(chunk)


def _csrf(_error: CSRFError) -> tuple[str, int]:
    """The form was made in a session that is over: the same words, and the text kept."""
    db.session.rollback()
    return _page(401)


def _conflict(error: Conflict) -> tuple[str, int]:
    db.session.rollback()
    return _page(409, other=error.other)


def _move_refused(_error: MoveRefused) -> tuple[str, int]:
    db.session.rollback()
    return _page(409, other=None)


def _not_allowed(_error: NotAllowed) -> tuple[str, int]:
    db.session.rollback()
    return _page(403)


def _database_away(error: OperationalError | PoolTimeout) -> tuple[str, int]:
    current_app.logger.error("database unavailable: %s", type(error).__name__)
    db.session.rollback()
    return _page(503)


def _unexpected(error: Exception) -> tuple[str, int]:
    current_app.logger.error("unexpected error", exc_info=error)
    db.session.rollback()
    return _page(500)


def init_app(app: Flask) -> None:
    """Register them. In tests an unexpected error goes through, so that it is seen."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(MoveRefused, _move_refused)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)
