"""What citizens say about commitments and indicators: who, when, and what the moderators do with it, drawn from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from feedback_app.database import db
from feedback_app.demo import prose
from feedback_app.demo.authors import Authors
from feedback_app.demo.dossier import LANGUAGE, Author, Cast
from feedback_app.demo.dossiers import LAST_DAY, World
from feedback_app.demo.people import MODERATORS
from feedback_app.demo.prose import Deck, Refused, Said
from feedback_app.demo.script import Script
from feedback_app.domain.contribution import ContributionKind, Ground, TextAction
from feedback_app.models import Contribution
from feedback_app.services import contributions, moderation, topics

HOW_MANY = 274
WAITING, UNCONFIRMED, WITHDRAWN = 14, 4, 8
CORRECTED = 0.04
AFTERTHOUGHT = "\n\nEdit : on me dit que c'est en cours de correction. Je laisse mon message pour la date."


@dataclass
class Comment:
    """A text in a thread and what can happen to it."""

    key: str
    topic_key: str
    kind: ContributionKind
    text: str
    author: Author
    cast: Cast
    contribution_id: int = 0

    @property
    def _contribution(self) -> Contribution:
        return db.session.get_one(Contribution, self.contribution_id)

    def submit(self, at: datetime) -> None:
        topic = topics.find(self.topic_key)
        if topic is None:
            raise LookupError(self.topic_key)
        new = contributions.NewText(self.text, self.author.email, self.author.name)
        self.contribution_id = contributions.submit(topic, self.kind, new, form_key=self.key, language=LANGUAGE, at=at).id

    def confirm(self, at: datetime) -> None:
        contributions.confirm(self._contribution, at=at)

    def correct(self, text: str, at: datetime) -> None:
        latest = contributions.latest_version(self._contribution)
        contributions.correct(self._contribution, text, seen_version=latest.number, at=at)

    def withdraw(self, at: datetime) -> None:
        contributions.withdraw(self._contribution, at=at)

    def publish(self, moderator: str, at: datetime) -> None:
        latest = contributions.latest_version(self._contribution)
        moderation.decide(latest, TextAction.PUBLISH, moderator=self.cast.people[moderator], at=at)

    def refuse(self, moderator: str, ground: Ground, facts: str, at: datetime) -> None:
        latest = contributions.latest_version(self._contribution)
        moderation.decide(latest, TextAction.REJECT, moderator=self.cast.people[moderator], ground=ground, facts=facts, at=at)


def told(world: World, cast: Cast, authors: Authors, draw: Random) -> Iterator[Script]:
    """All of them, in no order."""
    refused = prose.refused()
    lines = list(_lines(draw, HOW_MANY - len(refused)))
    for number, (said, text) in enumerate(lines):
        comment = Comment(f"demo-comment-{number}", world.topic_key(said.topic), said.kind, text, authors.next(), cast)
        yield _life(comment, number, world, draw, world.opened(said.topic, said.edition))
    for number, bad in enumerate(refused):
        yield _refused(bad, number, world, cast, authors, draw)


def _lines(draw: Random, wanted: int) -> Iterator[tuple[Said, str]]:
    """What is said: each line of the threads once, then asides about any topic, each in its own words."""
    places, openers, closers = (Deck(draw, prose.family(name)) for name in ("places", "openers", "closers"))
    asides, names = Deck(draw, prose.family("asides")), prose.topics()
    about = Deck(draw, names)
    said = [(one, 0.35) for one in prose.threads()]
    told: set[tuple[str, str]] = set()
    while len(said) < wanted:
        topic, text = about.next(), asides.next()
        if (topic, text) not in told:
            told.add((topic, text))
            said.append((Said(topic, _kind(draw), text), 0.3))
    draw.shuffle(said)
    for one, share in said:
        first = openers.next() if draw.random() < share and not one.text.startswith(("Première visite", "Je ")) else ""
        last = closers.next() if draw.random() < share else ""
        blanks = {"lieu": places.next(), "sujet": names[one.topic]}
        yield one, prose.filled(" ".join(part for part in (first, one.text, last) if part), blanks)


def _kind(draw: Random) -> ContributionKind:
    return draw.choices((ContributionKind.COMMENT, ContributionKind.VIEWPOINT), weights=(3, 1))[0]


def _life(comment: Comment, number: int, world: World, draw: Random, oldest: int) -> Script:
    """The first ones are of these days and still wait; a few others were taken back; most are public."""
    if number < WAITING + UNCONFIRMED:
        script = Script(draw, world.today - timedelta(days=draw.randint(1, 4)), world.today)
        script.add(comment.submit)
        if number < WAITING:
            script.soon(comment.confirm)
        return script
    script = Script(draw, _some_day(world.today, oldest, draw), world.today)
    script.add(comment.submit)
    script.soon(comment.confirm)
    if number < WAITING + UNCONFIRMED + WITHDRAWN:
        if number % 2:
            script.office(1, partial(comment.publish, draw.choice(MODERATORS)))
        script.citizen(draw.randint(1, 5), comment.withdraw)
        return script
    script.office(draw.randint(0, 2), partial(comment.publish, draw.choice(MODERATORS)))
    if draw.random() < CORRECTED:
        script.citizen(draw.randint(2, 20), partial(comment.correct, comment.text + AFTERTHOUGHT))
        script.office(1, partial(comment.publish, draw.choice(MODERATORS)))
    return script


def _some_day(today: date, oldest: int, draw: Random) -> date:
    """More of late than long ago: the site becomes known."""
    return today - timedelta(days=LAST_DAY + int((oldest - LAST_DAY) * draw.random() ** 1.3))


def _refused(bad: Refused, number: int, world: World, cast: Cast, authors: Authors, draw: Random) -> Script:
    topic = draw.choice([code for code in prose.topics() if code.startswith("C")])
    comment = Comment(f"demo-refused-{number}", world.topic_key(topic), ContributionKind.COMMENT, bad.text, authors.next(), cast)
    script = Script(draw, world.today - timedelta(days=draw.randint(LAST_DAY, 400)), world.today)
    script.add(comment.submit)
    script.soon(comment.confirm)
    script.office(draw.randint(0, 1), partial(comment.refuse, draw.choice(MODERATORS), bad.ground, bad.facts))
    return script
