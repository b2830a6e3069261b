"""French words for the enumerations of plans and of their progress; ``labels.py`` takes them in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from feedback_app.domain.commitment import (
    BlockKind,
    CommitmentAction,
    CommitmentStatus,
    Confidence,
    PlanField,
    PlanPhase,
    PlanUploadStatus,
    SectionKind,
    UpdateStatus,
    WordField,
)
from feedback_app.services.progress.wording import Fault

COMMITMENT_LABELS: dict[type[StrEnum], Mapping[Any, Any]] = {
    CommitmentStatus: {
        CommitmentStatus.PLANNED: _l("Prévu"),
        CommitmentStatus.IN_PROGRESS: _l("En cours"),
        CommitmentStatus.AT_RISK: _l("Menacé"),
        CommitmentStatus.BLOCKED: _l("Bloqué"),
        CommitmentStatus.COMPLETED: _l("Réalisé"),
        CommitmentStatus.PARTLY_COMPLETED: _l("Réalisé en partie"),
        CommitmentStatus.ABANDONED: _l("Abandonné"),
        CommitmentStatus.CARRIED_OVER: _l("Reporté dans un autre plan"),
    },
    CommitmentAction: {
        CommitmentAction.START: _l("Le travail commence"),
        CommitmentAction.RESUME: _l("Le travail reprend normalement"),
        CommitmentAction.WARN: _l("Dire qu’il est menacé"),
        CommitmentAction.BLOCK: _l("Dire qu’il est bloqué"),
        CommitmentAction.COMPLETE: _l("Dire qu’il est réalisé (lien de preuve exigé)"),
        CommitmentAction.COMPLETE_PARTLY: _l("Dire qu’il est réalisé en partie"),
        CommitmentAction.ABANDON: _l("Dire qu’il est abandonné"),
        CommitmentAction.CARRY_OVER: _l("Dire qu’un autre plan le reprend"),
        CommitmentAction.REOPEN: _l("Rouvrir"),
    },
    UpdateStatus: {
        UpdateStatus.DRAFT: _l("Brouillon"),
        UpdateStatus.PROPOSED: _l("Proposé à la relecture"),
        UpdateStatus.PUBLISHED: _l("Publié"),
    },
    BlockKind: {
        BlockKind.DONE: _l("Ce qui est fait"),
        BlockKind.NEXT: _l("Ce qui vient"),
        BlockKind.DIFFICULTIES: _l("Les difficultés"),
        BlockKind.HELP_WANTED: _l("L’aide recherchée"),
    },
    Confidence: {
        Confidence.SECURED: _l("Acquis"),
        Confidence.ATTAINABLE: _l("Atteignable"),
        Confidence.SUPPORT_NEEDED: _l("Atteignable avec un appui"),
        Confidence.COMPROMISED: _l("Compromis"),
    },
    Fault: {
        Fault.NO_TEXT: _l("Écrivez au moins un des textes\u00a0: rien ne change sans un mot d’explication."),
        Fault.NO_EVIDENCE: _l("Pour dire que c’est réalisé, donnez un lien qui le montre."),
        Fault.NO_WEB_ADDRESS: _l("Un lien de preuve commence par http:// ou https://, par exemple https://www.exemple.fr/rapport"),
        Fault.NO_CONFIDENCE: _l("Dites si l’échéance vous paraît tenable."),
        Fault.NO_SUCCESSOR: _l("Indiquez l’adresse de l’engagement d’un autre plan qui le reprend."),
        Fault.UNKNOWN_MILESTONE: _l("Un jalon de ce formulaire n’est plus dans le plan\u00a0: rechargez la page."),
    },
    PlanPhase: {
        PlanPhase.COLLECTING: _l("Recueil des idées"),
        PlanPhase.WRITING: _l("En cours d’écriture"),
        PlanPhase.RUNNING: _l("En cours"),
        PlanPhase.CLOSED: _l("Terminé"),
    },
    PlanField: {
        PlanField.TITLE: _l("Titre du plan"),
        PlanField.START: _l("Début du plan"),
        PlanField.END: _l("Fin du plan"),
        PlanField.PHASE: _l("Phase"),
        PlanField.SOURCE: _l("Source"),
        PlanField.LICENCE: _l("Licence"),
    },
    PlanUploadStatus: {
        PlanUploadStatus.COMPARED: _l("À relire"),
        PlanUploadStatus.APPLIED: _l("Appliqué"),
        PlanUploadStatus.DISCARDED: _l("Abandonné"),
    },
    SectionKind: {
        SectionKind.PROBLEM: _l("Le problème"),
        SectionKind.COMMITMENT: _l("Ce qui est promis"),
        SectionKind.CONTRIBUTION: _l("Comment cela doit résoudre le problème"),
        SectionKind.OGP_RELEVANCE: _l("En quoi cela ouvre l’action publique"),
        SectionKind.ADDITIONAL_INFO: _l("Informations complémentaires"),
    },
    WordField: {
        WordField.TITLE: _l("Titre"),
        WordField.MINISTRY: _l("Ministère ou institution responsable"),
        WordField.LEAD: _l("Porté par"),
        WordField.THEME: _l("Thème"),
        WordField.PERIOD_RAW: _l("Période, telle qu’écrite"),
        WordField.START: _l("Début, tel que compris"),
        WordField.END: _l("Échéance, telle que comprise"),
        WordField.STATE_ACTORS: _l("Avec, du côté de l’État"),
        WordField.OTHER_ACTORS: _l("Avec, hors de l’État"),
        WordField.PROBLEM: _l("Le problème"),
        WordField.COMMITMENT: _l("Ce qui est promis"),
        WordField.CONTRIBUTION: _l("Comment cela doit résoudre le problème"),
        WordField.OGP_RELEVANCE: _l("En quoi cela ouvre l’action publique"),
        WordField.ADDITIONAL_INFO: _l("Informations complémentaires"),
        WordField.INDICATORS: _l("Indicateurs liés"),
        WordField.MILESTONE_ORDER: _l("Ordre des jalons"),
        WordField.MILESTONE: _l("Jalon"),
        WordField.MILESTONE_TITLE: _l("Titre du jalon"),
        WordField.MILESTONE_DELIVERABLE: _l("Livrable du jalon"),
        WordField.MILESTONE_GROUP: _l("Rubrique du jalon"),
        WordField.MILESTONE_DATES_RAW: _l("Date du jalon, telle qu’écrite"),
        WordField.MILESTONE_START: _l("Début du jalon, tel que compris"),
        WordField.MILESTONE_END: _l("Échéance du jalon, telle que comprise"),
        WordField.MILESTONE_WEIGHT: _l("Poids du jalon"),
    },
}
