"""French words for the enumerations of the domain: one place for screens (mails have theirs in ``mail/labels.py``)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from feedback_app.domain.barometer import EditionStatus, Refusal, RevisionDirection, RevisionKind, RevisionSize, Tendency, UploadStatus
from feedback_app.domain.commitment import MinistryKind
from feedback_app.domain.contribution import ContributionStatus, Ground, TextAction, TextStatus
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.privacy import TextsChoice
from feedback_app.domain.territory import TerritoryKind
from feedback_app.domain.trace import AccessAction
from feedback_app.mail.labels import GROUND_LABELS
from feedback_app.models import MailStatus
from feedback_app.services.edition_checks import Notice
from feedback_app.web.case_labels import CASE_LABELS
from feedback_app.web.commitment_labels import COMMITMENT_LABELS
from feedback_app.web.translation import kept_words

# By class first: members of two string enumerations with the same value are equal, and one dictionary would mix them up.
LABELS: dict[type[StrEnum], Mapping[Any, Any]] = {
    ContributionStatus: {
        ContributionStatus.AWAITING_CONFIRMATION: _l("À confirmer par courriel"),
        ContributionStatus.PENDING: _l("En attente de relecture"),
        ContributionStatus.PUBLISHED: _l("Publié"),
        ContributionStatus.REJECTED: _l("Non publié"),
        ContributionStatus.WITHDRAWN: _l("Retiré"),
    },
    TextStatus: {
        TextStatus.PENDING: _l("En attente de relecture"),
        TextStatus.PUBLISHED: _l("Publiée"),
        TextStatus.REJECTED: _l("Refusée"),
        TextStatus.REPLACED: _l("Remplacée par une version plus récente"),
        TextStatus.WITHDRAWN: _l("Retirée par son auteur"),
    },
    TextAction: {
        TextAction.PUBLISH: _l("Publier"),
        TextAction.REJECT: _l("Ne pas publier"),
        TextAction.TAKE_OFF: _l("Retirer du site"),
    },
    TextsChoice: {
        TextsChoice.WITHDRAW: _l("Les retirer du site et les effacer"),
        TextsChoice.KEEP: _l("Les laisser en ligne, signés «\u00a0compte supprimé\u00a0»"),
    },
    Role: {
        Role.MODERATOR: _l("Modération"),
        Role.COORDINATOR: _l("Coordination"),
        Role.ADMINISTRATOR: _l("Administration"),
    },
    MinistryKind: {
        MinistryKind.MINISTRY: _l("Ministère"),
        MinistryKind.INSTITUTION: _l("Institution"),
    },
    MembershipKind: {
        MembershipKind.CONTACT: _l("Contact"),
        MembershipKind.VALIDATOR: _l("Validation"),
        MembershipKind.LEAD: _l("Responsable"),
    },
    AccessAction: {
        AccessAction.ADDRESS_REVEALED: _l("Adresse affichée"),
        AccessAction.EXPORT_FETCHED: _l("Copie de données téléchargée"),
        AccessAction.LINK_ASKED: _l("Lien de connexion demandé"),
        AccessAction.LINK_REFUSED: _l("Lien de connexion refusé"),
        AccessAction.RECOVERY_CODES_MADE: _l("Codes de secours créés"),
        AccessAction.RECOVERY_CODE_USED: _l("Code de secours utilisé"),
        AccessAction.SECOND_FACTOR_ENROLLED: _l("Second facteur activé"),
        AccessAction.SECOND_FACTOR_LOCKED: _l("Second facteur bloqué"),
        AccessAction.SECOND_FACTOR_PASSED: _l("Second facteur accepté"),
        AccessAction.SECOND_FACTOR_REFUSED: _l("Second facteur refusé"),
        AccessAction.SECOND_FACTOR_RESET: _l("Second facteur réinitialisé"),
        AccessAction.SESSIONS_ENDED: _l("Sessions fermées"),
        AccessAction.SIGN_IN: _l("Connexion"),
        AccessAction.SIGN_OUT: _l("Déconnexion"),
    },
    MailStatus: {
        MailStatus.WAITING: _l("En attente"),
        MailStatus.SENT: _l("Envoyé"),
        MailStatus.FAILED: _l("En échec"),
    },
    EditionStatus: {
        EditionStatus.DRAFT: _l("Brouillon"),
        EditionStatus.PUBLISHED: _l("Publiée"),
        EditionStatus.WITHDRAWN: _l("Retirée"),
        EditionStatus.DISCARDED: _l("Abandonnée"),
    },
    UploadStatus: {
        UploadStatus.QUEUED: _l("En attente de lecture"),
        UploadStatus.READING: _l("Lecture en cours"),
        UploadStatus.READY: _l("Lue"),
        UploadStatus.FAILED: _l("Refusée"),
    },
    Refusal: {
        Refusal.INCOMPLETE: _l(
            "Ce brouillon n’a pas été écrit jusqu’au bout, ou un autre import l’a remplacé\u00a0: importez l’édition de nouveau."
        ),
        Refusal.NOT_COMPARED: _l(
            "Les changements de ce brouillon ne sont pas encore calculés\u00a0: attendez un instant, puis recommencez."
        ),
        Refusal.PREDECESSOR_CHANGED: _l(
            "L’édition précédente a changé entre-temps\u00a0: demandez une nouvelle comparaison, puis relisez-la."
        ),
        Refusal.COMPARED_ANEW: _l("La comparaison a été refaite depuis que vous avez ouvert cette page\u00a0: relisez-la, puis publiez."),
        Refusal.TOO_OLD: _l(
            "Une édition plus récente est déjà publiée\u00a0: celle-ci ne pourrait remplacer qu’une édition retirée de la même date."
        ),
        Refusal.OTHER_CONTENT: _l("Cette date a déjà une édition publiée, d’un autre contenu\u00a0: retirez-la d’abord."),
    },
    Notice: {
        Notice.INDICATOR_VANISHED: _l("Indicateurs disparus"),
        Notice.TERRITORY_MISSING: _l("Territoires sans aucun chiffre"),
        Notice.TARGET_EASIER: _l("Cibles rendues plus faciles à atteindre"),
        Notice.BASELINE_CHANGED: _l("Valeurs de départ modifiées"),
        Notice.FAR_OUTSIDE: _l("Valeurs très loin de leur historique"),
        Notice.REFORM_UNMAPPED: _l("Réformes sans ministère"),
    },
    RevisionKind: {
        RevisionKind.INDICATOR_REMOVED: _l("Indicateur disparu"),
        RevisionKind.INDICATOR_ADDED: _l("Nouvel indicateur"),
        RevisionKind.DIRECTION_CHANGED: _l("Sens modifié"),
        RevisionKind.UNIT_CHANGED: _l("Unité modifiée"),
        RevisionKind.NAME_CHANGED: _l("Nom modifié"),
        RevisionKind.TARGET_CHANGED: _l("Cible modifiée"),
        RevisionKind.TARGET_MOVED: _l("Cible déplacée à une autre date"),
        RevisionKind.TARGET_REMOVED: _l("Cible retirée"),
        RevisionKind.TARGET_ADDED: _l("Cible ajoutée"),
        RevisionKind.BASELINE_CHANGED: _l("Valeur de départ modifiée"),
        RevisionKind.BASELINE_REMOVED: _l("Valeur de départ retirée"),
        RevisionKind.BASELINE_ADDED: _l("Valeur de départ ajoutée"),
        RevisionKind.OBSERVATION_CHANGED: _l("Valeur passée modifiée"),
        RevisionKind.OBSERVATION_REMOVED: _l("Valeur passée retirée"),
    },
    RevisionSize: {
        RevisionSize.REAL: _l("Changement réel"),
        RevisionSize.ROUNDING: _l("Arrondi"),
    },
    RevisionDirection: {
        RevisionDirection.EASIER: _l("Cible plus facile à atteindre"),
        RevisionDirection.HARDER: _l("Cible plus difficile à atteindre"),
        RevisionDirection.UNKNOWN: _l("Effet inconnu"),
    },
    Tendency: {
        Tendency.UP: _l("Doit augmenter"),
        Tendency.DOWN: _l("Doit diminuer"),
    },
    TerritoryKind: {
        TerritoryKind.COUNTRY: _l("Pays"),
        TerritoryKind.REGION: _l("Région"),
        TerritoryKind.DEPARTMENT: _l("Département"),
    },
    Ground: GROUND_LABELS,
    **CASE_LABELS,
    **COMMITMENT_LABELS,
}


@kept_words
def label(member: StrEnum) -> str:
    """The French (or translated) words for a member of an enumeration. Raises ``KeyError``: a missing word is a defect."""
    return str(LABELS[type(member)][member])
