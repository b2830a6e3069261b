"""The words of requests and their cases, for ``labels.LABELS``."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from feedback_app.domain.attachment import FileFault
from feedback_app.domain.case import AnswerStatus, CaseAction, CaseStatus, CaseTextKind, OfferStatus, Outcome, RefusalGround, Verdict
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.meeting import MeetingKind, MeetingStatus
from feedback_app.domain.reply import ReplyNoteKind, ReplyStatus
from feedback_app.domain.trace import EventVerb

CASE_LABELS: dict[type[StrEnum], Mapping[Any, Any]] = {
    ContributionKind: {
        ContributionKind.COMMENT: _l("Commentaire"),
        ContributionKind.VIEWPOINT: _l("Point de vue"),
        ContributionKind.EXPERIENCE: _l("Expérience vécue"),
        ContributionKind.CLARIFICATION: _l("Demande d’explication"),
        ContributionKind.DATA_QUESTION: _l("Question sur les données"),
        ContributionKind.WRONG_FIGURE: _l("Chiffre qui semble faux"),
        ContributionKind.ACCESS: _l("Demande de données ou de documents"),
        ContributionKind.REPLY: _l("Réponse au ministère"),
        ContributionKind.REOPENING: _l("Réouverture d’une demande"),
        ContributionKind.ASSESSMENT: _l("Contre-évaluation"),
        ContributionKind.MEETING: _l("Proposition de rendez-vous"),
    },
    CaseStatus: {
        CaseStatus.RECEIVED: _l("Reçue"),
        CaseStatus.OPEN: _l("À prendre en charge"),
        CaseStatus.ASSIGNED: _l("En cours de traitement"),
        CaseStatus.WAITING: _l("En attente d’une précision"),
        CaseStatus.ASLEEP: _l("En sommeil"),
        CaseStatus.TRANSFER_OFFERED: _l("Transfert proposé"),
        CaseStatus.ARBITRATION: _l("En arbitrage"),
        CaseStatus.ANSWERED: _l("Répondue"),
        CaseStatus.CLOSED: _l("Close"),
        CaseStatus.WITHDRAWN: _l("Retirée"),
    },
    CaseAction: {
        CaseAction.BEGIN: _l("Commencer"),
        CaseAction.TAKE: _l("Prendre"),
        CaseAction.RELEASE: _l("Remettre à prendre"),
        CaseAction.HAND_OVER: _l("Confier à un collègue"),
        CaseAction.ASK_CITIZEN: _l("Poser une question"),
        CaseAction.CITIZEN_REPLIES: _l("Répondre au ministère"),
        CaseAction.TAKE_BACK: _l("Reprendre sans attendre"),
        CaseAction.SLEEP: _l("Mettre en sommeil"),
        CaseAction.EXTEND: _l("Prolonger le délai"),
        CaseAction.OFFER_TRANSFER: _l("Proposer à un autre ministère"),
        CaseAction.ACCEPT_TRANSFER: _l("Accepter le transfert"),
        CaseAction.DECLINE_TRANSFER: _l("Refuser le transfert"),
        CaseAction.CANCEL_TRANSFER: _l("Annuler le transfert"),
        CaseAction.EXPIRE_TRANSFER: _l("Passer en arbitrage"),
        CaseAction.ROUTE: _l("Attribuer à un ministère"),
        CaseAction.FOLLOW_SUCCESSOR: _l("Passer au ministère qui prend la suite"),
        CaseAction.ANSWER: _l("Répondre"),
        CaseAction.CLOSE: _l("Clore"),
        CaseAction.REOPEN: _l("Rouvrir"),
        CaseAction.CITIZEN_WITHDRAWS: _l("Retirer ma demande"),
    },
    EventVerb: {
        EventVerb.REQUEST_SUBMIT: _l("Demande envoyée"),
        EventVerb.REQUEST_BEGIN: _l("Demande transmise"),
        EventVerb.REQUEST_TAKE: _l("Prise en charge"),
        EventVerb.REQUEST_RELEASE: _l("Remise à prendre"),
        EventVerb.REQUEST_HAND_OVER: _l("Confiée à un collègue"),
        EventVerb.REQUEST_ASK_CITIZEN: _l("Question du ministère"),
        EventVerb.REQUEST_CITIZEN_REPLIES: _l("Réponse de la personne"),
        EventVerb.REQUEST_TAKE_BACK: _l("Reprise sans attendre la précision"),
        EventVerb.REQUEST_SLEEP: _l("Mise en sommeil"),
        EventVerb.REQUEST_EXTEND: _l("Délai prolongé"),
        EventVerb.REQUEST_OFFER_TRANSFER: _l("Transfert proposé"),
        EventVerb.REQUEST_ACCEPT_TRANSFER: _l("Transfert accepté"),
        EventVerb.REQUEST_DECLINE_TRANSFER: _l("Transfert refusé"),
        EventVerb.REQUEST_CANCEL_TRANSFER: _l("Transfert annulé"),
        EventVerb.REQUEST_EXPIRE_TRANSFER: _l("Transfert resté sans réponse"),
        EventVerb.REQUEST_ROUTE: _l("Attribuée par la coordination"),
        EventVerb.REQUEST_FOLLOW_SUCCESSOR: _l("Passée au ministère qui prend la suite"),
        EventVerb.REQUEST_ANSWER: _l("Répondue"),
        EventVerb.REQUEST_CLOSE: _l("Close"),
        EventVerb.REQUEST_REOPEN: _l("Rouverte"),
        EventVerb.REQUEST_CITIZEN_WITHDRAWS: _l("Retirée par son auteur"),
        EventVerb.REQUEST_LATE: _l("Délai dépassé"),
        EventVerb.REQUEST_NOTE: _l("Note interne"),
        EventVerb.ANSWER_WRITE: _l("Réponse rédigée"),
        EventVerb.ANSWER_PROPOSE: _l("Réponse proposée"),
        EventVerb.ANSWER_SEND_BACK: _l("Réponse renvoyée pour reprise"),
        EventVerb.ANSWER_PUBLISH: _l("Réponse publiée"),
        EventVerb.ANSWER_RATE: _l("Réponse évaluée"),
    },
    FileFault: {
        FileFault.EMPTY: _l("Ce fichier est vide."),
        FileFault.LARGE: _l("Ce fichier est trop lourd\u00a0: 10 Mo au plus."),
        FileFault.NAME: _l("Le nom de ce fichier contient un chemin ou des caractères interdits\u00a0: renommez-le."),
        FileFault.KIND: _l("Ce fichier n’est ni un PDF ni un ODT, quoi qu’en dise son nom."),
        FileFault.BROKEN: _l("Ce fichier est abîmé ou incomplet\u00a0: enregistrez-le de nouveau, puis renvoyez-le."),
        FileFault.BOMB: _l("Ce fichier en contient beaucoup trop une fois ouvert\u00a0: il est refusé."),
        FileFault.ACTIVE: _l("Ce fichier contient un programme ou un autre fichier\u00a0: enregistrez-le sans, puis renvoyez-le."),
    },
    MeetingKind: {
        MeetingKind.MEETING: _l("Réunion"),
        MeetingKind.WORKSHOP: _l("Atelier"),
        MeetingKind.PRODUCTION: _l("Production"),
    },
    MeetingStatus: {
        MeetingStatus.PREPARED: _l("À publier"),
        MeetingStatus.SENT: _l("Proposé"),
        MeetingStatus.PUBLISHED: _l("Publié"),
        MeetingStatus.WITHDRAWN: _l("Retiré"),
    },
    ReplyStatus: {
        ReplyStatus.DRAFT: _l("Brouillon"),
        ReplyStatus.PROPOSED: _l("À valider"),
        ReplyStatus.PUBLISHED: _l("Publiée"),
        ReplyStatus.NOT_NEEDED: _l("Sans réponse nécessaire"),
    },
    ReplyNoteKind: {
        ReplyNoteKind.SEND_BACK: _l("Ce qui est à reprendre"),
        ReplyNoteKind.NOT_NEEDED: _l("Pourquoi aucune réponse n’est nécessaire"),
    },
    OfferStatus: {
        OfferStatus.OFFERED: _l("Proposé"),
        OfferStatus.ACCEPTED: _l("Accepté"),
        OfferStatus.DECLINED: _l("Refusé"),
        OfferStatus.CANCELLED: _l("Annulé"),
        OfferStatus.EXPIRED: _l("Resté sans réponse"),
    },
    AnswerStatus: {
        AnswerStatus.DRAFT: _l("Brouillon"),
        AnswerStatus.PROPOSED: _l("À valider"),
        AnswerStatus.PUBLISHED: _l("Publiée"),
    },
    Outcome: {
        Outcome.FULL: _l("Réponse complète"),
        Outcome.PARTIAL: _l("Réponse partielle"),
        Outcome.NOT_HELD: _l("Donnée non détenue"),
        Outcome.REFUSED: _l("Refus motivé"),
        Outcome.OUT_OF_SCOPE: _l("Hors du champ"),
        Outcome.DUPLICATE: _l("Déjà posée"),
    },
    RefusalGround: {
        RefusalGround.PERSONAL_DATA: _l("vie privée d’une personne"),
        RefusalGround.BUSINESS_SECRET: _l("secret des affaires"),
        RefusalGround.SECURITY: _l("sécurité de l’État, des personnes ou des systèmes d’information"),
        RefusalGround.INVESTIGATION: _l("enquête ou procédure en cours"),
        RefusalGround.PREPARATORY: _l("document préparatoire à une décision qui n’est pas prise"),
        RefusalGround.ALREADY_PUBLIC: _l("document déjà public"),
        RefusalGround.ABUSIVE: _l("demande abusive"),
        RefusalGround.OTHER_LAW: _l("autre secret protégé par la loi"),
    },
    Verdict: {
        Verdict.YES: _l("Oui"),
        Verdict.PARTLY: _l("En partie"),
        Verdict.NO: _l("Non"),
    },
    CaseTextKind: {
        CaseTextKind.QUESTION: _l("Question à la personne"),
        CaseTextKind.EXTENSION: _l("Raison de la prolongation"),
        CaseTextKind.OFFER: _l("Raison du transfert"),
        CaseTextKind.DECLINE: _l("Raison du refus de transfert"),
        CaseTextKind.ROUTING: _l("Raison de l’attribution"),
        CaseTextKind.HAND_OVER: _l("Mot pour le collègue"),
        CaseTextKind.SEND_BACK: _l("Ce qui est à reprendre"),
        CaseTextKind.NOTE: _l("Note interne"),
    },
}
