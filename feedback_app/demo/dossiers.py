"""The requests of the demo: who asks what about which topic, and what becomes of it, drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from feedback_app.demo import barometer, barometer_files, prose
from feedback_app.demo.authors import Authors
from feedback_app.demo.dossier import Author, Cast, Dossier
from feedback_app.demo.fates import Fate, Words
from feedback_app.demo.indicators import EDITIONS, REFORMS, SPECS, Spec
from feedback_app.demo.people import LEARNING, MUTUAL_AID, REGISTERS, SEASONS, WAYS
from feedback_app.demo.prose import Asked, Deck, official
from feedback_app.demo.script import Script
from feedback_app.domain import addresses
from feedback_app.domain.case import Outcome
from feedback_app.domain.contribution import ContributionKind, Ground
from feedback_app.domain.territory import FRANCE, TERRITORIES, TerritoryKind
from feedback_app.importers.plan import PlanFile

FIRST_DAY = 545  # days ago
LAST_DAY = 9
NEW = 75
MOST_SUPPORT = 9
PRIVATE = frozenset({"C1", "C19"})  # asked in words that name people: answered, but not in public
NAMED = "Le texte nomme deux personnes et donne leur adresse. La demande est traitée, mais elle ne paraîtra pas."
TRANSFERRED = frozenset({"C11", "C12"})  # what the registers' office gives to the ministry of mutual aid, when it is about a document
_SPECS = {spec.code: spec for spec in SPECS}
_K = ContributionKind


@dataclass(frozen=True)
class World:
    """What the demo's texts are about. ``today``: the day on which it is filled."""

    plan: PlanFile
    today: date
    seed: int

    def topic_key(self, topic: str) -> str:
        if topic in _SPECS:
            return addresses.indicator_key(barometer.SLUG, topic)
        return addresses.commitment_key(self.plan.plan.slug, int(topic[1:]))

    def ministry(self, topic: str) -> str | None:
        """The slug of the ministry that answers for it; None when nobody knows."""
        if topic in _SPECS:
            return REFORMS[_SPECS[topic].reform]
        return next(one.ministry for one in self.plan.commitments if one.number == int(topic[1:]))

    def opened(self, topic: str, edition: int = 0) -> int:
        """How many days ago it could first be written about; an indicator: from this edition on."""
        if topic not in _SPECS:
            return FIRST_DAY
        first = max(edition, _SPECS[topic].since)
        return (self.today - barometer_files.edition_date(first, self.today)).days - 1

    def figure(self, topic: str, day: date, draw: Random, where: str | None = None) -> tuple[str, str, str, date] | None:
        """A figure of an indicator as it was published on a day: where ("dans le Lot"), the territory, the value, and its day.

        ``where``: a territory; somewhere if None.
        """
        spec = _SPECS.get(topic)
        if spec is None:
            return None
        number = max(n for n in range(EDITIONS) if n == spec.since or barometer_files.edition_date(n, self.today) < day)
        while True:
            code = where or _somewhere(spec, draw)
            found = barometer_files.told(number, spec, code, seed=self.seed, today=self.today)
            if found:
                inside = "dans tout le pays" if code == FRANCE else TERRITORIES[code].inside
                return inside, code, found[0].replace(".", ","), found[1]


def _somewhere(spec: Spec, draw: Random) -> str:
    kinds = [kind for kind in TerritoryKind if {"country": "N", "region": "R", "department": "D"}[kind.value] in spec.levels]
    kind = draw.choice(kinds)
    return draw.choice([place.code for place in TERRITORIES.values() if place.kind is kind])


class Maker:
    """Makes dossiers from what is asked, with places, figures and authors of their own."""

    def __init__(self, world: World, cast: Cast, authors: Authors, draw: Random) -> None:
        self.world, self._cast, self._authors, self._draw = world, cast, authors, draw
        self.words = Words(draw)
        self._openers, self._thanks = Deck(draw, prose.family("questions")), Deck(draw, prose.family("thanks"))
        self._greeting, self._farewell = Deck(draw, prose.family("greeting")), Deck(draw, prose.family("farewell"))

    def dossier(self, key: str, asked: Asked, day: date, author: Author | None = None, contact: int | None = None) -> Dossier:
        """``contact``: which of the ministry's contacts takes it; any of them if None."""
        draw = self._draw
        where = barometer_files.MISCOUNTED if "Bretagne" in asked.text else None
        figure = self.world.figure(asked.topic, day, draw, where)
        blanks = {
            "lieu": self.words.places.next(),
            "lieu2": self.words.places.next(),
            "n": str(draw.randint(3, 9)),
            "m": str(draw.randint(180, 990)),
            "dans": figure[0] if figure else "",
            "val": figure[2] if figure else "",
        }
        # What points at a figure says where and when it stands.
        points = figure if figure and asked.kind in {_K.WRONG_FIGURE, _K.DATA_QUESTION} else None
        question = " ".join(part for part in (self._opener(), asked.text, self._thank()) if part)
        answer = f"{self._greeting.next()}\n\n{asked.answer}\n\n{self._farewell.next()}"
        return Dossier(
            key=key,
            topic_key=self.world.topic_key(asked.topic),
            asked=asked,
            text=prose.filled(question, blanks),
            answer=prose.filled(answer, blanks),
            author=author or self._authors.next(),
            cast=self._cast,
            territory=points[1] if points else None,
            day=points[3] if points else None,
            contact=draw.randrange(2) if contact is None else contact,
        )

    def somebody(self) -> Author:
        """Whoever comes by."""
        return self._authors.next()

    def _opener(self) -> str:
        return self._openers.next() if self._draw.random() < 0.3 else ""

    def _thank(self) -> str:
        return self._thanks.next() if self._draw.random() < 0.4 else ""


def told(maker: Maker, draw: Random) -> Iterator[Script]:
    """The requests that have an answer in the prose: months of them, most of them answered."""
    world = maker.world
    lives = Deck(draw, _LIVES)
    for number, asked in enumerate(prose.dossiers()):
        slug = world.ministry(asked.topic)
        ago, live = _life(asked, slug, world, draw, lives)
        day = world.today - timedelta(days=ago)
        script = Script(draw, day, world.today)
        dossier = maker.dossier(f"demo-request-{number}", asked, day)
        live(Fate(dossier, script, draw, maker.words, _answering(asked, slug)))
        yield script
        if asked.topic not in PRIVATE:
            yield from _supported(dossier, day, maker, draw)


def _supported(dossier: Dossier, day: date, maker: Maker, draw: Random) -> Iterator[Script]:
    """A few people ask the same, once the question is public: often nobody, sometimes many."""
    for _ in range(int(draw.random() ** 3 * MOST_SUPPORT)):
        script = Script(draw, day + timedelta(days=draw.randint(6, 30)), maker.world.today)
        script.add(partial(dossier.support, maker.somebody()))
        yield script


def _answering(asked: Asked, slug: str | None) -> str:
    if slug is None:
        return REGISTERS
    return MUTUAL_AID if _is_transferred(asked) else slug


def _is_transferred(asked: Asked) -> bool:
    return asked.topic in TRANSFERRED and asked.kind is _K.ACCESS


Life = Callable[[Fate], None]
ToAndFro = Callable[[Fate, str, str], None]


def _arbitrated(fate: Fate, to: str, back: str) -> None:
    fate.arbitrated(to, back)


def _forgotten(fate: Fate, to: str, back: str) -> None:
    fate.forgotten_offer(to, back)


def _taken_back(fate: Fate, to: str, _back: str) -> None:
    fate.offer_taken_back(to)


# What mostly happens, and what happens sometimes; each comes once before any comes again. The last three: offered to a neighbour who
# does not want it, forgets it, or is spared; it comes back, by the coordinator's word or by itself.
_LIVES: tuple[Life | ToAndFro, ...] = (
    *(Fate.plain,) * 14,
    *(Fate.questioned,) * 5,
    *(Fate.reopened,) * 4,
    *(Fate.extended,) * 3,
    Fate.handed_over,
    Fate.put_back,
    Fate.corrected,
    Fate.impatient,
    Fate.woken,
    _arbitrated,
    _forgotten,
    _taken_back,
)
_TO_AND_FRO = frozenset({_arbitrated, _forgotten, _taken_back})


def _life(asked: Asked, slug: str | None, world: World, draw: Random, lives: Deck[Any]) -> tuple[int, Life]:
    """How many days ago it begins, and what becomes of it."""
    oldest = world.opened(asked.topic, asked.edition)
    ago = draw.randint(LAST_DAY, oldest)
    if asked.outcome is Outcome.DUPLICATE:
        return draw.randint(30, 60), Fate.plain
    if slug is None:
        return draw.randint(60, oldest), partial(Fate.routed, to=REGISTERS)
    if _is_transferred(asked):
        return draw.randint(90, oldest), partial(Fate.transferred, to=MUTUAL_AID)
    if _has_a_duplicate(asked):
        return draw.randint(oldest - 200, oldest), Fate.plain
    if asked.kind is _K.ACCESS and asked.topic in PRIVATE:
        return draw.randint(60, oldest), partial(Fate.private, ground=Ground.PERSONAL_DATA, facts=official(NAMED))
    if asked.ground:  # a refusal is worth being read
        return draw.randint(90, oldest), Fate.plain
    if asked.edition:  # what an edition changed is asked at once
        return draw.randint(oldest - 8, oldest), Fate.plain
    if slug == WAYS and ago < NEW:
        return ago, Fate.unanswered
    return _drawn(asked, slug, ago, oldest, lives)


def _drawn(asked: Asked, slug: str, ago: int, oldest: int, lives: Deck[Any]) -> tuple[int, Life]:
    life = lives.next()
    if life in _TO_AND_FRO:
        return max(ago, min(60, oldest)), partial(_come_back, life, _neighbour(slug), slug)
    no_extension = asked.kind is _K.ACCESS and life is Fate.extended  # the law's month is never extended
    alone = life is Fate.handed_over and slug not in {SEASONS, MUTUAL_AID}
    if no_extension or alone:
        return ago, Fate.plain
    return max(ago, min(150, oldest)) if life is Fate.woken else ago, life


def _has_a_duplicate(asked: Asked) -> bool:
    return asked.topic in {"C7", "C20"} and asked.kind is _K.CLARIFICATION and asked.outcome is Outcome.FULL


def _neighbour(slug: str) -> str:
    return LEARNING if slug == REGISTERS else REGISTERS


def _come_back(life: ToAndFro, to: str, back: str, fate: Fate) -> None:
    life(fate, to, back)
