"""The history of an account in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.trace import EventVerb
from feedback_app.services.staff import Happened
from feedback_app.web.labels import label

WORDS = {
    EventVerb.ACCOUNT_CREATE: _l("Compte créé"),
    EventVerb.ACCOUNT_DEACTIVATE: _l("Compte désactivé"),
    EventVerb.ACCOUNT_INVITE: _l("Invitation envoyée"),
    EventVerb.ACCOUNT_REACTIVATE: _l("Compte réactivé"),
    EventVerb.ACCOUNT_RENAME: _l("Nom changé"),
    EventVerb.ACCOUNT_RESET_SECOND_FACTOR: _l("Connexion en deux étapes à refaire"),
    EventVerb.MEMBERSHIP_END: _l("Habilitation retirée"),
    EventVerb.MEMBERSHIP_GRANT: _l("Habilitation donnée"),
    EventVerb.MEMBERSHIP_NARROW: _l("Périmètre changé"),
    EventVerb.ROLE_END: _l("Rôle retiré"),
    EventVerb.ROLE_GRANT: _l("Rôle donné"),
}


def title(line: Happened) -> str:
    """What happened."""
    return str(WORDS.get(line.verb) or _("Autre changement"))


def detail(line: Happened, ministries: Mapping[int, str]) -> tuple[str, str]:
    """On what: the role and no ministry, or the membership and its ministry."""
    value = (line.after or line.before or "").split(" ")[0]
    if value in set(Role):
        return label(Role(value)), ""
    kind, _colon, number = value.partition(":")
    if kind in set(MembershipKind) and number.isdigit():
        return label(MembershipKind(kind)), ministries.get(int(number), number)
    return "", ""
