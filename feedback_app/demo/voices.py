"""What answers the ministries of the demo, and what they answer: official replies to comments, and counter-assessments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.demo.dossier import LANGUAGE, Cast
from feedback_app.demo.dossiers import World
from feedback_app.demo.people import ADMINISTRATOR, EGLANTINE, MODERATORS, NOUR, THEO
from feedback_app.demo.prose import official
from feedback_app.demo.script import Script
from feedback_app.demo.texts import STORIES
from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.domain.contribution import TextAction
from feedback_app.domain.policy import Actor
from feedback_app.domain.text import clean_typed
from feedback_app.models import Assessor, Contribution, Ministry, Organisation
from feedback_app.services import assessments, moderation, organisations, replies, sign_in, topics
from feedback_app.services.cases import routing
from feedback_app.services.organisations import NewOrganisation


@dataclass(frozen=True)
class Reply:
    """What a ministry says under the comment that this person wrote about this commitment, ``days`` ago.

    ``until``: "published", "proposed", "sent_back" (with ``words``), or "not_needed" (for the reason ``words``).
    """

    email: str
    commitment: int
    days: int
    text: str
    until: str = "published"
    words: str = ""


REPLIES = (
    Reply(
        NOUR,
        1,
        27,
        "Oui. Une station qui ne mesure plus est désormais affichée « **hors service** », avec la date de son dernier relevé ; celle du "
        "vieux moulin l'est depuis ce matin.\n\nLa raison de la panne suivra : nous la demandons aux équipes de terrain, station par "
        "station.",
    ),
    Reply(
        THEO,
        1,
        20,
        "Pas encore. Un relevé est publié le lundi parce que deux personnes le vérifient le lundi matin. Nous essayons une seconde "
        "vérification **le vendredi** sur le bassin de la Sourdine, pour vos sorties du samedi. Nous dirons ici si elle tient.",
    ),
    Reply(
        "un.dossier.bloque@exemple.test",
        5,
        24,
        "Vous avez raison : l'engagement dit dix jours à partir du **signalement**. Certaines caisses comptaient à partir de la prise en "
        "charge. Nous leur avons demandé de compter autrement, et nous publierons les deux délais tant qu'elles diffèrent.\n\nPour votre "
        "dossier, que cette page ne peut pas traiter, le numéro de suivi donne accès à une personne qui le reprend.",
    ),
    Reply(
        "la.plume.du.guichet@exemple.test",
        6,
        18,
        "Nous commençons par celui-là. Le nouveau modèle nomme la pièce qui manque, dit où la trouver et jusqu'à quand l'envoyer. "
        "Quatre agentes de guichet l'ont relu.",
    ),
    Reply(
        "tresoriere@exemple.test",
        10,
        5,
        "Le compte rendu court existe depuis cette semaine : **une page** en dessous de 5 000 euros, trois chiffres et une phrase. Les "
        "comptes rendus déjà envoyés n'ont pas à être refaits.",
    ),
    Reply(
        "rosalie.tournebride@exemple.test",
        1,
        3,
        "La date de réexamen sera sur la page de chaque station à la prochaine mise à jour du fichier. Pour les dix stations pilotes, elle "
        "y est déjà, dans la colonne « revu le ».",
        until="proposed",
    ),
    Reply(
        "pont.neuf@exemple.test",
        1,
        9,
        "Merci, votre carnet nous intéresse.",
        until="sent_back",
        words="Dites à qui l'apporter, et ce que nous en ferons : c'est sa question.",
    ),
    Reply(
        "mireille.et.jo@exemple.test",
        5,
        11,
        "",
        until="not_needed",
        words="Un témoignage qui se suffit : rien n'est demandé, et le point sur le livret de famille est traité sous un autre.",
    ),
)


@dataclass
class Replying:
    """One of them on its way."""

    reply: Reply
    cast: Cast

    def propose(self, at: datetime) -> None:
        self._act(replies.propose, official(self.reply.text), at)

    def dismiss(self, at: datetime) -> None:
        self._act(replies.dismiss, official(self.reply.words), at)

    def send_back(self, at: datetime) -> None:
        actor = self.cast.validator(self._ministry())
        replies.send_back(self._comment(), official(self.reply.words), actor=actor, seen_wording=1, at=at)

    def publish(self, at: datetime) -> None:
        replies.publish(self._comment(), actor=self.cast.validator(self._ministry()), seen_wording=1, at=at)

    def _act(self, verb: Callable[..., object], words: str, at: datetime) -> None:
        verb(self._comment(), words, actor=self.cast.contact(self._ministry()), seen_wording=0, at=at)

    def _comment(self) -> Contribution:
        """The story told by this person about this commitment."""
        number = next(at for at, one in enumerate(STORIES) if (one.email, one.commitment) == (self.reply.email, self.reply.commitment))
        return db.session.execute(select(Contribution).where(Contribution.form_key == f"demo-{number}")).scalar_one()

    def _ministry(self) -> Ministry:
        ministry = routing.responsible(self._comment().topic)
        if ministry is None:
            raise LookupError("a commitment has a ministry")
        return ministry


@dataclass(frozen=True)
class Body:
    """An organisation that the administration recognised, and who assesses in its name: a person of the demo, or somebody else."""

    name: str
    website: str
    email: str
    assessor: str


WATERS = Body("Rivières en commun (association fictive)", "https://rivieres.exemple.test", EGLANTINE, "Églantine Fermevent")
FAMILIES = Body("Familles au guichet (association fictive)", "https://familles.exemple.test", "barnabe.clairlogis@exemple.test", "Barnabé")


@dataclass(frozen=True)
class View:
    """Where a commitment stands for an organisation. ``days`` ago; 0: it waits to be read since yesterday or so."""

    body: Body
    topic: str
    days: int
    stands: CommitmentStatus
    text: str


VIEWS = (
    View(
        WATERS,
        "C1",
        160,
        CommitmentStatus.IN_PROGRESS,
        "Nous avons suivi les dix stations pilotes pendant huit semaines. Neuf publient chaque lundi, comme promis. C'est un vrai progrès.",
    ),
    View(
        WATERS,
        "C1",
        25,
        CommitmentStatus.AT_RISK,
        "Le ministère dit que l'engagement avance. Nous disons qu'il est menacé : sur les quarante stations que nos membres ont visitées, "
        "dix-sept n'ont rien publié depuis trois semaines, et aucune alerte n'existe encore. Les relevés qui paraissent, eux, sont bons.",
    ),
    View(
        FAMILIES,
        "C5",
        30,
        CommitmentStatus.AT_RISK,
        "Nous avons suivi soixante signalements. Vingt-deux ont reçu une réponse en dix jours, le plus long en a attendu soixante et onze. "
        "Nous faisons le même constat que le ministère, et saluons qu'il publie les noms des caisses en retard.",
    ),
    View(
        WATERS,
        "C4",
        0,
        CommitmentStatus.PARTLY_COMPLETED,
        "Le tableau paraît chaque trimestre et se lit bien. Il ne dit pas ce qui est encore vivant un an après, et c'était la promesse.",
    ),
)


@dataclass
class Assessing:
    """The recognition of an organisation, then what it says."""

    body: Body
    world: World
    cast: Cast
    organisation_id: int = 0

    def recognise(self, at: datetime) -> None:
        by = self.cast.people[ADMINISTRATOR]
        made = organisations.recognise(NewOrganisation(self.body.name, self.body.website), administrator=by, at=at)
        organisations.add_assessor(made, self.body.email, self.body.assessor, administrator=by, seen_version=made.version, at=at)
        self.organisation_id = made.id

    def send(self, view: View, at: datetime) -> None:
        topic, organisation = topics.find(self.world.topic_key(view.topic)), self._organisation()
        if topic is None:
            raise LookupError(view.topic)
        actor = self._actor()
        key, text = self._key(view), clean_typed(view.text)
        assessments.submit(topic, organisation, view.stands, text, form_key=key, language=LANGUAGE, actor=actor, at=at)

    def publish(self, view: View, moderator: str, at: datetime) -> None:
        sent = db.session.execute(select(Contribution).where(Contribution.form_key == self._key(view))).scalar_one()
        version = sent.current_version
        if version is None:
            raise LookupError(view.topic)
        moderation.decide(version, TextAction.PUBLISH, moderator=self.cast.people[moderator], at=at)

    def _key(self, view: View) -> str:
        return f"demo-assessment-{view.topic}-{view.days}"

    def _organisation(self) -> Organisation:
        return db.session.get_one(Organisation, self.organisation_id)

    def _actor(self) -> Actor:
        held = db.session.execute(select(Assessor).where(Assessor.organisation_id == self.organisation_id)).scalar_one()
        return sign_in.actor_of(held.account)


RECOGNISED = 170  # days ago


def told(world: World, cast: Cast, draw: Random) -> Iterator[Script]:
    """One script for each reply, one for each organisation."""
    for reply in REPLIES:
        yield _replied(Script(draw, world.today - timedelta(days=reply.days + 5), world.today), Replying(reply, cast))
    for body in (WATERS, FAMILIES):
        script, assessing = Script(draw, world.today - timedelta(days=RECOGNISED + 2), world.today), Assessing(body, world, cast)
        script.office_ago(RECOGNISED, assessing.recognise)
        for view in VIEWS:
            if view.body is body:
                script.citizen_ago(view.days or 1, partial(assessing.send, view))
                if view.days:
                    script.office(1, partial(assessing.publish, view, draw.choice(MODERATORS)))
        yield script


def _replied(script: Script, replying: Replying) -> Script:
    days, until = replying.reply.days, replying.reply.until
    if until == "not_needed":
        script.office_ago(days, replying.dismiss)
        return script
    script.office_ago(days, replying.propose)
    if until != "proposed":
        script.office(1, replying.publish if until == "published" else replying.send_back)
    return script
