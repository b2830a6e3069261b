"""Words of the domain that mails and screens share, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

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
