"""The people that a visitor of the demo can sign in as. They and their ministries are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.trace import AccessAction
from feedback_app.models import Account, AccountSession, Identity
from feedback_app.services import access_log, sign_in

EGLANTINE = "eglantine.fermevent@exemple.test"
NOUR, THEO, YANN = "nour.valambre@exemple.test", "theo.brisecombe@exemple.test", "yann.kerlumiere@exemple.test"
MODERATORS = ("moderation-1", "moderation-2")
ASSESSOR = "evaluatrice"
ADMINISTRATOR = "administration"
SEASONS = "saisons-et-paysages"
MUTUAL_AID = "entraide-et-proximite"
REGISTERS = "office-des-registres-ouverts"
WAYS = "chemins-et-rivages"
LEARNING = "agence-des-savoirs-partages"


@dataclass(frozen=True)
class Person:
    """``key`` is part of the address that signs in; ``tries``: what to try as this person; ``memberships``: (ministry, right)."""

    key: str
    email: str
    name: str
    tries: Any
    roles: tuple[Role, ...] = ()
    memberships: tuple[tuple[str, MembershipKind], ...] = ()


PEOPLE: tuple[Person, ...] = (
    Person(
        "citoyenne",
        NOUR,
        "Nour Valambre",
        _l("Elle a commenté et demandé\u00a0: un texte publié dont une correction attend, un refusé, un qui attend, une réponse à noter."),
    ),
    Person(
        "citoyen",
        THEO,
        "Théo Brisecombe",
        _l("Il ne signe pas. Un texte publié, un retiré, un qui attend, un à confirmer\u00a0; un ministère lui pose une question."),
    ),
    Person(
        ASSESSOR,
        EGLANTINE,
        "Églantine Fermevent",
        _l("Elle évalue les engagements au nom d’une association reconnue\u00a0: son avis paraît à côté de celui du ministère."),
    ),
    Person(
        "contact-saisons",
        "maude.orlevent@exemple.test",
        "Maude Orlevent",
        _l("Elle répond aux citoyens pour son ministère. Prenez une demande, posez une question, rédigez une réponse."),
        memberships=((SEASONS, MembershipKind.CONTACT),),
    ),
    Person(
        "validation-saisons",
        "ilyes.sorbelune@exemple.test",
        "Ilyès Sorbelune",
        _l("Il relit les réponses de ses collègues, puis les publie ou les renvoie avec ses mots. Il ne publie pas les siennes."),
        memberships=((SEASONS, MembershipKind.VALIDATOR),),
    ),
    Person(
        "responsable-saisons",
        "clemence.tournesac@exemple.test",
        "Clémence Tournesac",
        _l("Elle voit ce qui est en cours et ce qui est en retard dans son ministère, et peut publier ce que d’autres proposent."),
        memberships=((SEASONS, MembershipKind.LEAD),),
    ),
    Person(
        "contact-entraide",
        "gaspard.montebleu@exemple.test",
        "Gaspard Montébleu",
        _l("Il répond pour un autre ministère, sans voir les demandes du premier. À essayer\u00a0: lui proposer un transfert."),
        memberships=((MUTUAL_AID, MembershipKind.CONTACT),),
    ),
    Person(
        "validation-entraide",
        "solene.aubepinet@exemple.test",
        "Solène Aubépinet",
        _l("Elle relit les réponses de ses collègues, puis les publie ou les renvoie avec ses mots. Elle ne publie pas les siennes."),
        memberships=((MUTUAL_AID, MembershipKind.VALIDATOR),),
    ),
    Person(
        "responsable-entraide",
        "fatou.cernevive@exemple.test",
        "Fatou Cernevive",
        _l("Elle voit ce qui est en cours et ce qui est en retard dans son ministère, et peut publier ce que d’autres proposent."),
        memberships=((MUTUAL_AID, MembershipKind.LEAD),),
    ),
    Person(
        MODERATORS[0],
        YANN,
        "Yann Kerlumière",
        _l("Relisez ce qui attend\u00a0: publiez, ou refusez et dites pourquoi. L’un d’eux est de lui\u00a0: il n’en décide pas."),
        roles=(Role.MODERATOR,),
    ),
    Person(
        MODERATORS[1],
        "ines.passeroche@exemple.test",
        "Inès Passeroche",
        _l("Elle peut décider du texte de son collègue. À essayer\u00a0: tous deux ouvrent un texte et décident, le second est prévenu."),
        roles=(Role.MODERATOR,),
    ),
    Person(
        "coordination",
        "odile.clairvent@exemple.test",
        "Odile Clairvent",
        _l(
            "Elle désigne qui répond quand personne ne le sait, ou que deux ministères se renvoient une demande. "
            "Elle ne répond pas elle-même."
        ),
        roles=(Role.COORDINATOR,),
    ),
    Person(
        ADMINISTRATOR,
        "zoe.quatresous@exemple.test",
        "Zoé Quatresous",
        _l("Elle importe les éditions du baromètre, invite, donne et retire des droits. Elle ne touche à aucun texte."),
        roles=(Role.ADMINISTRATOR,),
    ),
)

_CONTACT, _VALIDATOR = MembershipKind.CONTACT, MembershipKind.VALIDATOR


def _colleague(key: str, name: str, ministry: str, right: MembershipKind) -> Person:
    return Person(key, f"{key}@exemple.test", name, "", memberships=((ministry, right),))


# They work behind the scenes: nobody signs in as them.
COLLEAGUES: tuple[Person, ...] = (
    _colleague("aurele.fontbrune", "Aurèle Fontbrune", SEASONS, _CONTACT),
    _colleague("mailys.pontvert", "Maïlys Pontvert", MUTUAL_AID, _CONTACT),
    _colleague("rodrigue.alepin", "Rodrigue Alépin", REGISTERS, _CONTACT),
    _colleague("hermine.castagnol", "Hermine Castagnol", REGISTERS, _VALIDATOR),
    _colleague("loic.sablonneau", "Loïc Sablonneau", WAYS, _CONTACT),
    _colleague("edith.marcabru", "Édith Marcabru", WAYS, _VALIDATOR),
    _colleague("penelope.vignelongue", "Pénélope Vignelongue", LEARNING, _CONTACT),
    _colleague("isidore.lamalgue", "Isidore Lamalgue", LEARNING, _VALIDATOR),
)


def person(key: str) -> Person | None:
    """The person behind a key, or None."""
    return next((person for person in PEOPLE if person.key == key), None)


def sign_in_as(person: Person, *, at: datetime, machine: str | None = None, browser: str | None = None) -> tuple[AccountSession, str]:
    """Open a session without a mail nor a second factor: its row, and the secret for the browser's cookie.

    Raises ``LookupError`` before the demo is filled.
    """
    account = db.session.scalar(select(Account).join(Identity).where(Identity.email == person.email))
    if account is None:
        raise LookupError(person.email)
    access_log.record(AccessAction.SIGN_IN, at=at, identity_id=account.identity_id, machine=machine)
    return sign_in.start_session(account, at=at, second_factor=True, browser=browser)
