"""Four guided tours of the demo, five steps each: where to go, as whom, and what to look at.

What a step shows is found by its name (the key of the form that brought it), so that a tour never depends on a number. A step whose
subject is not there (the small sample has few) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from feedback_app.database import db
from feedback_app.demo import barometer, barometer_files, showcase
from feedback_app.demo.people import MODERATORS, YANN, Person, person
from feedback_app.demo.plan_file import plan
from feedback_app.demo.prose import open_questions
from feedback_app.domain import addresses
from feedback_app.domain.contribution import ContributionStatus, TextStatus
from feedback_app.models import CitizenRequest, Contribution, Identity, TextVersion
from feedback_app.services import barometers, editions
from feedback_app.services.signing import private_token

CITIZEN, CONTACT, VALIDATOR = "citoyenne", "contact-saisons", "validation-saisons"
MODERATOR_1, MODERATOR_2 = MODERATORS
MISSED = "correction-dossier"


@dataclass(frozen=True)
class Step:
    """``path``: where it leads, None when it is not there. ``as_person``: the key of whoever has to be signed in."""

    title: Any
    look: Any
    path: Callable[[], str | None]
    as_person: str | None = None


@dataclass(frozen=True)
class Stop:
    """A step that is there: its address, and who has to be signed in."""

    title: Any
    look: Any
    path: str
    person: Person | None


@dataclass(frozen=True)
class Tour:
    key: str
    title: Any
    lead: Any
    steps: tuple[Step, ...]

    def stops(self) -> Iterator[Stop]:
        """Its steps, as they can be taken now."""
        for step in self.steps:
            path = step.path()
            if path is not None:
                yield Stop(step.title, step.look, path, person(step.as_person) if step.as_person else None)


def _fixed(path: str) -> Callable[[], str]:
    return lambda: path


def _commitment(number: int) -> Callable[[], str | None]:
    def path() -> str | None:
        found = plan()
        return addresses.commitment(found.slug, number) if found else None

    return path


def _of_barometer(path: str) -> Callable[[], str | None]:
    return lambda: f"/barometre/{barometer.SLUG}/{path}" if barometers.find(barometer.SLUG) else None


def _newest_edition() -> str | None:
    found = barometers.find(barometer.SLUG)
    newest = editions.latest(found) if found else None
    return f"/barometre/{barometer.SLUG}/editions/{newest.date}" if newest else None


def _standing(topic: str, state: str) -> Contribution | None:
    """The text that stands in this state about this topic (``prose/open_questions.txt``)."""
    number = next(at for at, (how, asked) in enumerate(open_questions()) if (asked.topic, how) == (topic, state))
    return db.session.scalar(select(Contribution).where(Contribution.form_key == f"{showcase.KEY}-{number}"))


def _request(topic: str, state: str) -> str | None:
    text = _standing(topic, state)
    return db.session.scalar(select(CitizenRequest.reference).where(CitizenRequest.contribution_id == text.id)) if text else None


def _desk(topic: str, state: str) -> Callable[[], str | None]:
    def path() -> str | None:
        reference = _request(topic, state)
        return f"/ministere/dossiers/{reference}" if reference else None

    return path


def _public(topic: str, state: str) -> Callable[[], str | None]:
    def path() -> str | None:
        reference = _request(topic, state)
        return addresses.request_page(reference) if reference else None

    return path


def _private(topic: str, state: str) -> Callable[[], str | None]:
    def path() -> str | None:
        text = _standing(topic, state)
        return addresses.private_page(private_token(text)) if text else None

    return path


def _to_read(topic: str, state: str) -> Callable[[], str | None]:
    def path() -> str | None:
        text = _standing(topic, state)
        return f"/moderation/textes/{text.current_version_id}" if text else None

    return path


def _correction() -> str | None:
    """A correction that waits while the text that it would replace is public."""
    waiting = (
        select(TextVersion.id)
        .join(Contribution, TextVersion.contribution_id == Contribution.id)
        .where(TextVersion.status == TextStatus.PENDING, Contribution.status == ContributionStatus.PUBLISHED)
    )
    found = db.session.scalar(waiting.order_by(TextVersion.id).limit(1))
    return f"/moderation/textes/{found}" if found else None


def _of_the_moderator() -> str | None:
    """The text of a moderator, who does not decide on it."""
    own = (
        select(TextVersion.id)
        .join(Contribution, TextVersion.contribution_id == Contribution.id)
        .join(Identity, Contribution.identity_id == Identity.id)
        .where(TextVersion.status == TextStatus.PENDING, Identity.email == YANN)
    )
    found = db.session.scalar(own.limit(1))
    return f"/moderation/textes/{found}" if found else None


TOURS = (
    Tour(
        "citoyenne",
        _l("Comme citoyenne"),
        _l("Lire ce qui est promis et ce qui est fait, en parler, demander, noter une réponse. Sans compte."),
        (
            Step(
                _l("Un objectif rendu plus facile, et manqué"),
                _l(
                    "Le délai de correction d’une erreur\u00a0: la courbe, l’objectif, et la marque qui dit ce qu’il était avant. "
                    "Demandez pourquoi\u00a0: votre question attend d’être relue, puis arrive au ministère de l’Entraide."
                ),
                _of_barometer(f"indicateurs/{MISSED}"),
            ),
            Step(
                _l("Mon département"),
                _l("Les mêmes indicateurs, là où l’on vit. Changez de territoire\u00a0; certains n’ont rien publié, et la page le dit."),
                _of_barometer("territoires/D29"),
            ),
            Step(
                _l("Un engagement, et deux avis sur lui"),
                _l(
                    "Où il en est selon le ministère, et selon une association qui dit autre chose. Dessous, des commentaires, certains "
                    "avec leur réponse officielle. Écrivez le vôtre."
                ),
                _commitment(1),
            ),
            Step(
                _l("Ce que d’autres ont demandé"),
                _l("Chaque demande dit où elle en est, et depuis quand. Choisissez «\u00a0en retard\u00a0»\u00a0: il y en a."),
                _fixed("/demandes/"),
            ),
            Step(
                _l("Une réponse à noter"),
                _l(
                    "La page privée d’une demande de Nour\u00a0: la réponse est arrivée. A-t-elle aidé\u00a0? Sinon, rouvrez la "
                    "demande\u00a0: Maude la retrouve à son bureau."
                ),
                _private("C4", "answered"),
            ),
        ),
    ),
    Tour(
        "contact",
        _l("Comme contact d’un ministère"),
        _l("Prendre une demande, tenir le délai, proposer une réponse que quelqu’un d’autre publie."),
        (
            Step(
                _l("Le bureau du ministère"),
                _l("Ce qui est à prendre, à soi, en retard, à valider. Un ministère ne voit pas le bureau des autres."),
                _fixed("/ministere/"),
                CONTACT,
            ),
            Step(
                _l("Une demande à prendre"),
                _l("Le délai et comment il est compté. Prenez la demande, posez une question\u00a0: le compteur s’arrête."),
                _desk("C2", "open"),
                CONTACT,
            ),
            Step(
                _l("Une demande en retard"),
                _l("Le jour dépassé est affiché ici comme sur la page publique. Rédigez une réponse et proposez-la."),
                _desk("C1", "late"),
                CONTACT,
            ),
            Step(
                _l("Une demande venue d’ailleurs"),
                _l("Un autre ministère pense qu’elle est pour vous. Acceptez, ou refusez\u00a0: la coordination tranchera."),
                _desk("C15", "offered"),
                CONTACT,
            ),
            Step(
                _l("Une réponse à valider"),
                _l("Une réponse proposée, vue par quelqu’un d’autre\u00a0: publiez, ou renvoyez-la. Personne ne publie la sienne."),
                _desk("C1", "proposed"),
                VALIDATOR,
            ),
        ),
    ),
    Tour(
        "moderation",
        _l("Comme modératrice"),
        _l("Relire avant publication, décider avec un motif, et ne jamais décider de son propre texte."),
        (
            Step(
                _l("Ce qui attend"),
                _l("Le plus ancien d’abord\u00a0: commentaires, demandes, réponses, un rendez-vous et une contre-évaluation mêlés."),
                _fixed("/moderation/"),
                MODERATOR_2,
            ),
            Step(
                _l("Une correction d’un texte public"),
                _l("Les deux versions l’une sous l’autre. L’ancienne reste visible jusqu’à la décision."),
                _correction,
                MODERATOR_2,
            ),
            Step(
                _l("Une demande de document"),
                _l("Le mois de la loi court déjà. Refuser de publier le texte n’arrête pas la demande."),
                _to_read("C8", "unread"),
                MODERATOR_2,
            ),
            Step(
                _l("Une question sur un engagement"),
                _l("Tant que vous n’avez pas décidé, aucun ministère ne la voit. Refusez-la\u00a0: un motif et des faits sont demandés."),
                _to_read("C7", "pending"),
                MODERATOR_2,
            ),
            Step(
                _l("Le texte d’un collègue"),
                _l("Yann l’a écrit en habitant. Connecté comme lui, on le lit, et l’on ne peut rien décider."),
                _of_the_moderator,
                MODERATOR_1,
            ),
        ),
    ),
    Tour(
        "journaliste",
        _l("Comme journaliste"),
        _l("Vérifier, comparer, citer\u00a0: tout est public, à une adresse qui dure."),
        (
            Step(
                _l("Qui répond, et en combien de temps"),
                _l("Des médianes calculées sur les faits, un ministère en retard, et un autre dont il y a trop peu à dire."),
                _fixed("/transparence/reponses"),
            ),
            Step(
                _l("Ce que la dernière édition a changé"),
                _l("Objectifs déplacés, chiffres corrigés\u00a0; les arrondis sont comptés à part. Le tableau se télécharge."),
                _newest_edition,
            ),
            Step(
                _l("Une région qui avait compté deux fois"),
                _l("Les haies de Bretagne\u00a0: un trimestre corrigé, et la valeur d’avant toujours lisible."),
                _of_barometer(f"indicateurs/haies-plantees?territoire={barometer_files.MISCOUNTED}"),
            ),
            Step(
                _l("Une demande rouverte"),
                _l("La question, la réponse, le désaccord, avec leurs dates. Aucun agent n’est nommé\u00a0: le ministère signe."),
                _public("C19", "reopened"),
            ),
            Step(
                _l("Une demande oubliée"),
                _l("Elle n’a pas de réponse, et la page dit depuis combien de temps elle devrait en avoir une."),
                _public("C13", "late"),
            ),
        ),
    ),
)
