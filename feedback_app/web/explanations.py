"""The words of the error pages: what happened, what to do next, and when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext


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
        _l(
            "Ce que montrait cette page a changé depuis que vous l’avez ouverte, peut-être dans une autre de vos fenêtres. "
            "Votre envoi n’a pas été enregistré."
        ),
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
    422: Explanation(
        _l("Envoi incomplet"),
        _l("Il manque quelque chose à ce que vous avez envoyé, ou une réponse n’est pas possible. Rien n’a été enregistré."),
        _l("Revenez à la page précédente, vérifiez chaque champ, puis renvoyez."),
    ),
    429: Explanation(
        _l("Trop de demandes à la suite"),
        _l("Cette action vient d’être faite de nombreuses fois, par vous ou depuis la même connexion que vous. Rien n’a été enregistré."),
        _l("Attendez quelques minutes, puis recommencez."),
    ),
    500: Explanation(
        _l("Le site a rencontré une erreur"),
        _l("Ce n’est pas votre faute."),
        _l("Réessayez dans quelques minutes. Si cela continue, écrivez-nous."),
    ),
    503: Explanation(
        _l("Le site est momentanément indisponible"),
        _l("Il est trop occupé ou en cours de maintenance."),
        _l("Réessayez dans quelques minutes."),
    ),
}


CLOSED = Explanation(
    _l("On ne peut pas écrire pour le moment"),
    _l("Vous pouvez tout lire, mais les contributions sont fermées."),
    _l("Revenez un peu plus tard."),
)


def of(code: int) -> Explanation:
    """The words for this status; for one without words of its own, those of its kind."""
    return EXPLANATIONS.get(code) or EXPLANATIONS[500 if code >= 500 else 400]


def when_to_retry(after: datetime | int | None, now: datetime) -> str | None:
    """What ``Retry-After`` says, in words; never sooner than it says."""
    if after is None:
        return None
    seconds = math.ceil((after - now).total_seconds()) if isinstance(after, datetime) else after
    if seconds <= 90:
        count = max(seconds, 1)
        return ngettext("Recommencez dans %(num)s seconde.", "Recommencez dans %(num)s secondes.", count)
    if seconds <= 90 * 60:
        return ngettext("Recommencez dans %(num)s minute.", "Recommencez dans %(num)s minutes.", math.ceil(seconds / 60))
    return ngettext("Recommencez dans %(num)s heure.", "Recommencez dans %(num)s heures.", math.ceil(seconds / 3600))
