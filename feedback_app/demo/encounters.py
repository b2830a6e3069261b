"""Meetings and productions of the demo: to come, over with their minutes, by the State, by civil society, and in each of their states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from random import Random

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.demo.dossier import LANGUAGE, Cast
from feedback_app.demo.dossiers import World
from feedback_app.demo.people import MODERATORS, MUTUAL_AID, REGISTERS, SEASONS, WAYS
from feedback_app.demo.prose import official
from feedback_app.demo.script import Script, last_working
from feedback_app.demo.story import PARIS
from feedback_app.domain.contribution import Ground, TextAction
from feedback_app.domain.meeting import Facts, MeetingKind
from feedback_app.models import Contribution, Meeting, Ministry
from feedback_app.services import contributions, meetings, moderation, topics

_K = MeetingKind


@dataclass(frozen=True)
class Encounter:
    """What is held, ``days`` from today (before it when below 0; on a working day where the State invites).

    ``ministry``: whose it is, None when a citizen proposes it (``email``). ``announced``: how many days before. ``minutes``: published
    some days later. ``until``: how far it comes: "prepared", "sent", "published" or "withdrawn".
    """

    key: str
    topics: tuple[str, ...]
    days: int
    hours: tuple[str, str]
    kind: MeetingKind
    title: str
    place: str
    organisers: str
    description: str
    ministry: str | None = None
    link: str = ""
    participants: int | None = None
    minutes: str = ""
    announced: int = 20
    email: str = ""
    until: str = "published"


ENCOUNTERS = (
    Encounter(
        "atelier-alertes",
        ("C1",),
        13,
        ("14:00", "17:00"),
        _K.WORKSHOP,
        "Atelier : à quel niveau de la rivière faut-il vous prévenir ?",
        "Salle des fêtes de Vernaison-la-Sourdine",
        "Direction de l'eau, avec les pêcheurs et les clubs de canoë du bassin",
        "Nous choisirons ensemble les seuils qui déclenchent une alerte. Chacun vient avec **un endroit** et **un usage** : se "
        "baigner, arroser, naviguer.\n\n- 14 h : ce que les sondes mesurent, et ce qu'elles ne voient pas\n- 15 h : par petits groupes, "
        "une carte par bassin\n- 16 h 30 : ce que nous retenons\n\nEntrée libre, sans inscription. La salle est accessible en fauteuil.",
        ministry=SEASONS,
    ),
    Encounter(
        "registre-a-relire",
        ("C9", "C10"),
        27,
        ("10:00", "11:30"),
        _K.MEETING,
        "Relire ensemble le registre des subventions, avant qu'il ne paraisse",
        "",
        "Office des registres ouverts",
        "Nous montrons les cent premières lignes. Trésorières, journalistes, élus : dites ce qui manque ou ne se comprend pas.",
        ministry=REGISTERS,
        link="https://visio.exemple.test/registre",
    ),
    Encounter(
        "comptage-haies",
        ("C4",),
        8,
        ("09:30", "12:00"),
        _K.WORKSHOP,
        "Comptage des haies à pied, ouvert à tous",
        "Devant la mairie de Sainte-Ombrelle",
        "Les Compteurs du bocage (association fictive)",
        "On compare le tableau publié et ce qui pousse vraiment. Deux heures de marche, bottes conseillées. Les relevés sont envoyés "
        "au ministère le lendemain.",
        email="compteurs.du.bocage@exemple.test",
        announced=17,
    ),
    Encounter(
        "delais-des-caisses",
        ("C5",),
        -38,
        ("14:30", "17:00"),
        _K.WORKSHOP,
        "Atelier : pourquoi dix jours ne sont pas encore tenus partout",
        "Maison des démarches de Montrabec",
        "Mission des droits, avec quatre caisses et deux associations de familles",
        "Quatre caisses racontent comment elles tiennent le délai, une cinquième pourquoi elle n'y arrive pas.",
        ministry=MUTUAL_AID,
        participants=47,
        minutes="Quarante-sept personnes sont venues, dont dix-neuf qui avaient signalé une erreur.\n\n**Ce qui a été dit**\n\n- Le "
        "délai part de « la prise en charge », que personne ne voit : les familles comptent à partir de leur signalement.\n- Trois "
        "caisses redemandent des pièces qu'elles ont déjà.\n- Quand cela marche, personne ne le raconte.\n\n**Ce que le ministère "
        "fera**\n\n- compter le délai à partir du signalement, et publier les deux chiffres pendant six mois ;\n- essayer dans deux "
        "caisses de ne plus redemander le livret de famille ;\n- revenir dire ici ce qui a changé.",
    ),
    Encounter(
        "bilan-arrets",
        ("C13",),
        -66,
        ("09:00", "09:00"),
        _K.PRODUCTION,
        "Ce que disent cent arrêts équipés : premier bilan des retards",
        "",
        "Service des mobilités et trois associations d'usagers",
        "Le bilan a été écrit à plusieurs mains. Les tableaux ligne par ligne et la méthode de comptage sont téléchargeables.",
        ministry=WAYS,
        link="https://donnees.exemple.test/c13/bilan-des-retards",
    ),
    Encounter(
        "lecture-du-registre",
        ("C9",),
        -24,
        ("18:30", "20:30"),
        _K.MEETING,
        "Soirée de lecture : que trouve-t-on dans un registre de demandes ?",
        "Bibliothèque des Trois-Fontaines",
        "Papiers publics (association fictive)",
        "Nous avons lu à voix haute quarante demandes de documents et leurs suites. Vingt-six personnes, un thermos, et une liste de "
        "sept mots à remplacer, envoyée à l'office.",
        email="papiers.publics@exemple.test",
        participants=26,
        announced=-2,
    ),
    Encounter(
        "visite-station",
        ("C1",),
        33,
        ("10:00", "12:00"),
        _K.MEETING,
        "Visite d'une station de mesure",
        "Station du vieux moulin, au bord de la Sourdine",
        "Les Riverains de la Sourdine (association fictive)",
        "Nous proposons de visiter la station avec celles et ceux qui la réparent. Vingt personnes au plus.",
        email="riverains.sourdine@exemple.test",
        announced=36,
        until="sent",
    ),
    Encounter(
        "soldes-de-bottes",
        ("C4",),
        20,
        ("09:00", "19:00"),
        _K.MEETING,
        "Journée de la botte et du bocage",
        "Magasin Tout pour le jardin, zone des Peupliers",
        "Tout pour le jardin",
        "Venez préparer vos sorties : trente pour cent sur toutes les bottes, et un plant de noisetier offert.",
        email="tout.pour.le.jardin@exemple.test",
        announced=34,
        until="withdrawn",
    ),
    Encounter(
        "consultation-foret",
        ("C2",),
        41,
        ("18:00", "20:00"),
        _K.MEETING,
        "Écrire la méthode : comment consulter les habitants d'une forêt",
        "Foyer rural de la Combe aux Hêtres",
        "Direction des forêts communes",
        "Trois consultations ont eu lieu. Nous écrivons la suite avec les habitants qui y étaient, et avec ceux qui n'ont pas pu venir.",
        ministry=SEASONS,
        announced=43,
        until="prepared",
    ),
)


@dataclass
class Held:
    """One of them on its way, by the services that do it for real."""

    encounter: Encounter
    world: World
    cast: Cast
    meeting_id: int = 0
    contribution_id: int = 0

    def write(self, at: datetime) -> None:
        """A contact of the ministry prepares it."""
        ministry = self._ministry()
        facts, actor = self._facts(), self.cast.contact(ministry)
        self.meeting_id = meetings.write(None, facts, ministry=ministry, file=None, actor=actor, seen_wording=0, at=at).id

    def publish(self, at: datetime) -> None:
        """A colleague publishes what was prepared."""
        meeting = self._meeting()
        meetings.publish(meeting, actor=self.cast.validator(self._ministry()), seen_wording=meeting.latest.number, at=at)

    def report(self, at: datetime) -> None:
        """The minutes, when it is over."""
        meeting, ministry = self._meeting(), self._ministry()
        facts = replace(self._facts(), minutes=official(self.encounter.minutes), participants=self.encounter.participants)
        seen, actor = meeting.latest.number, self.cast.contact(ministry)
        meetings.write(meeting, facts, ministry=ministry, file=None, actor=actor, seen_wording=seen, at=at)

    def propose(self, at: datetime) -> None:
        """A citizen proposes it; ``body`` says the facts, as the form does."""
        facts, told = self._facts(), self.encounter
        when = f"Le {self._day():%d/%m/%Y}, de {told.hours[0]} à {told.hours[1]}"
        lines = (facts.title, when, f"Lieu : {facts.place}", f"Organisé par : {facts.organisers}", "", facts.description)
        key = f"demo-meeting-{told.key}"
        self.contribution_id = meetings.propose(facts, "\n".join(lines), told.email, form_key=key, language=LANGUAGE, at=at).id

    def confirm(self, at: datetime) -> None:
        contributions.confirm(self._contribution(), at=at)

    def accept(self, moderator: str, at: datetime) -> None:
        latest = contributions.latest_version(self._contribution())
        moderation.decide(latest, TextAction.PUBLISH, moderator=self.cast.people[moderator], at=at)

    def take_off(self, moderator: str, at: datetime) -> None:
        facts = "Ce n'est pas un rendez-vous avec l'administration, mais une journée de promotion dans un magasin."
        by = self.cast.people[moderator]
        moderation.take_off(self._contribution(), moderator=by, ground=Ground.ADVERTISING, facts=official(facts), at=at)

    def _contribution(self) -> Contribution:
        return db.session.get_one(Contribution, self.contribution_id)

    def _meeting(self) -> Meeting:
        return db.session.get_one(Meeting, self.meeting_id)

    def _ministry(self) -> Ministry:
        return db.session.execute(select(Ministry).where(Ministry.slug == self.encounter.ministry)).scalar_one()

    def _day(self) -> datetime:
        day = self.world.today + timedelta(days=self.encounter.days)
        if self.encounter.ministry:
            day = last_working(day)
        return datetime.combine(day, time(), PARIS)

    def _facts(self) -> Facts:
        told, day = self.encounter, self._day()
        starts, ends = (datetime.combine(day.date(), time.fromisoformat(hour), PARIS) for hour in told.hours)
        words = official if told.ministry else str
        about = [topics.find(self.world.topic_key(topic)) for topic in told.topics]
        return Facts(
            kind=told.kind,
            title=words(told.title),
            starts_at=starts,
            ends_at=ends if ends > starts else None,
            place=words(told.place),
            link=told.link,
            organisers=words(told.organisers),
            participants=None if told.ministry else told.participants,
            description=words(told.description),
            topic_ids=frozenset(topic.id for topic in about if topic),
        )


def told(world: World, cast: Cast, draw: Random) -> Iterator[Script]:
    """One script for each."""
    for encounter in ENCOUNTERS:
        held = Held(encounter, world, cast)
        begun = max(encounter.announced - encounter.days, 2)  # days ago
        script = Script(draw, world.today - timedelta(days=begun + 1), world.today)
        if encounter.ministry:
            _by_a_ministry(script, held, begun)
        else:
            _by_citizens(script, held, begun, draw)
        yield script


def _by_a_ministry(script: Script, held: Held, begun: int) -> None:
    script.office_ago(begun, held.write)
    if held.encounter.until != "prepared":
        script.office_ago(begun - 1, held.publish)
    if held.encounter.minutes:
        script.office_ago(-held.encounter.days - 5, held.report)
        script.office_ago(-held.encounter.days - 7, held.publish)


def _by_citizens(script: Script, held: Held, begun: int, draw: Random) -> None:
    script.citizen_ago(begun, held.propose)
    script.soon(held.confirm)
    if held.encounter.until == "sent":
        return
    script.office(1, partial(held.accept, draw.choice(MODERATORS)))
    if held.encounter.until == "withdrawn":
        script.office(2, partial(held.take_off, draw.choice(MODERATORS)))
