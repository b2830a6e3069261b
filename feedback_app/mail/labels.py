"""Words of the domain that mails and screens share, in the reader's language."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from feedback_app.domain.case import Verdict
from feedback_app.domain.contribution import Ground

GROUND_LABELS: dict[Ground, Any] = {
    Ground.INSULT: _l("propos insultants, agressifs ou diffamatoires"),
    Ground.HATRED: _l("propos haineux ou discriminatoires"),
    Ground.PERSONAL_DATA: _l("données personnelles (nom, adresse, téléphone, santé…)"),
    Ground.OFF_TOPIC: _l("texte sans rapport avec le sujet"),
    Ground.ADVERTISING: _l("publicité ou démarchage"),
    Ground.ILLEGAL: _l("contenu contraire à la loi"),
    Ground.DUPLICATE: _l("texte déjà publié à l’identique"),
    Ground.UNINTELLIGIBLE: _l("texte incompréhensible"),
}

VERDICT_LINK_LABELS: dict[Verdict, Any] = {
    Verdict.YES: _l("Oui, elle répond à ma question"),
    Verdict.PARTLY: _l("En partie"),
    Verdict.NO: _l("Non"),
}


class Errand(StrEnum):
    """Why something is in somebody's daily mail."""

    NEW = "new"
    MINE_DUE_SOON = "due_soon"
    MINE_LATE = "late"
    SENT_BACK = "sent_back"
    TO_VALIDATE = "to_validate"
    OFFERED = "offered"
    REOPENED = "reopened"
    MINISTRY_LATE = "ministry_late"
    TO_ROUTE = "to_route"
    TWICE_LATE = "twice_late"
    UPDATES_TO_VALIDATE = "updates_to_validate"
    UPDATES_SENT_BACK = "updates_sent_back"
    COMMITMENTS_LATE = "commitments_late"
    COMMITMENTS_SILENT = "commitments_silent"
    REPLIES_TO_VALIDATE = "replies_to_validate"
    REPLIES_SENT_BACK = "replies_sent_back"
    COMMENTS_AWAITING = "comments_awaiting"


ERRAND_LABELS: dict[Errand, Any] = {
    Errand.NEW: _l("À prendre"),
    Errand.MINE_DUE_SOON: _l("Les vôtres, à rendre sous trois jours ouvrés"),
    Errand.MINE_LATE: _l("Les vôtres, en retard"),
    Errand.SENT_BACK: _l("Réponses renvoyées, à reprendre"),
    Errand.TO_VALIDATE: _l("Réponses à valider"),
    Errand.OFFERED: _l("Transferts proposés à votre ministère"),
    Errand.REOPENED: _l("Rouvertes"),
    Errand.MINISTRY_LATE: _l("En retard dans votre ministère"),
    Errand.TO_ROUTE: _l("À attribuer à un ministère"),
    Errand.TWICE_LATE: _l("En retard depuis plus longtemps que le délai lui-même"),
    Errand.UPDATES_TO_VALIDATE: _l("Points d’avancement à valider"),
    Errand.UPDATES_SENT_BACK: _l("Points d’avancement renvoyés, à reprendre"),
    Errand.COMMITMENTS_LATE: _l("Engagements en retard"),
    Errand.COMMITMENTS_SILENT: _l("Engagements sans nouvelles depuis plus de trois mois"),
    Errand.REPLIES_TO_VALIDATE: _l("Réponses à des commentaires, à valider"),
    Errand.REPLIES_SENT_BACK: _l("Réponses à des commentaires renvoyées, à reprendre"),
    Errand.COMMENTS_AWAITING: _l("Commentaires qui attendent une réponse officielle"),
}
