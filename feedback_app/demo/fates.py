"""What can become of a request, as scripts: who does what, how many days later. Random in its delays, never in its logic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from random import Random

from feedback_app.demo.dossier import Dossier
from feedback_app.demo.people import LEARNING, MODERATORS, MUTUAL_AID, REGISTERS, SEASONS, WAYS
from feedback_app.demo.prose import Deck, Pair, family, filled, official, pairs
from feedback_app.demo.script import Script
from feedback_app.domain.case import Verdict
from feedback_app.domain.contribution import Ground


@dataclass(frozen=True)
class Pace:
    """How fast a ministry works, in working days: to take a case, to write, to publish. From the shortest to the longest."""

    take: tuple[int, int]
    write: tuple[int, int]
    publish: tuple[int, int]


PACES = {
    SEASONS: Pace((1, 3), (2, 6), (1, 2)),
    MUTUAL_AID: Pace((1, 5), (4, 8), (1, 3)),
    REGISTERS: Pace((1, 2), (3, 7), (1, 2)),
    WAYS: Pace((4, 9), (12, 24), (3, 8)),  # the late one
    LEARNING: Pace((2, 4), (3, 6), (1, 2)),
}


UP_TO_DATE = "\n\nCes informations sont à jour à la date de cette réponse."


class Words:
    """What is said inside cases, drawn so that no two neighbours are alike."""

    def __init__(self, draw: Random) -> None:
        def deck(name: str) -> Deck[str]:
            return Deck(draw, family(name))

        self.places = deck("places")
        self.extension, self.offer, self.decline, self.routing = deck("extension"), deck("offer"), deck("decline"), deck("routing")
        self.handing, self.sending, self.notes, self.verdicts = deck("handing"), deck("sending"), deck("notes"), deck("verdicts")
        self.asked: Deck[Pair] = Deck(draw, pairs("asked"))
        self.reopened: Deck[Pair] = Deck(draw, pairs("reopened"))

    def staff(self, deck: Deck[str]) -> str:
        return official(filled(deck.next(), {"lieu": self.places.next()}))

    def pair(self, deck: Deck[Pair]) -> Pair:
        """A question or a complaint, and what is replied, about one place."""
        found, place = deck.next(), {"lieu": self.places.next()}
        return Pair(filled(found.text, place), filled(found.reply, place))


class Fate:
    """A request's way. ``pace``: of the ministry that has it in the end."""

    def __init__(self, dossier: Dossier, script: Script, draw: Random, words: Words, slug: str) -> None:
        self.dossier, self.script, self.draw, self.words, self.pace = dossier, script, draw, words, PACES[slug]

    def days(self, span: tuple[int, int]) -> int:
        return self.draw.randint(*span)

    @property
    def moderator(self) -> str:
        return self.draw.choice(MODERATORS)

    # Parts
    def sent(self) -> None:
        self.script.add(self.dossier.submit)
        self.script.soon(self.dossier.confirm)

    def accepted(self) -> None:
        self.sent()
        self.script.office(self.days((0, 2)), partial(self.dossier.accept_text, self.moderator))

    def taken(self) -> None:
        self.script.office(self.days(self.pace.take), self.dossier.take)
        if self.draw.random() < 0.25:
            self.script.soon(partial(self.dossier.note, self.words.staff(self.words.notes)))

    def published(self) -> None:
        """Written, perhaps sent back, and published."""
        self.script.office(self.days(self.pace.write), self.dossier.write)
        self.script.soon(self.dossier.propose)
        if self.draw.random() < 0.15:
            self.script.office(1, partial(self.dossier.send_back, self.words.staff(self.words.sending)))
            self.script.office(1, partial(self.dossier.propose, text=self.dossier.answer + UP_TO_DATE))
        self.script.office(self.days(self.pace.publish), self.dossier.publish)

    def rated(self, share: float = 0.62) -> None:
        if self.draw.random() >= share:
            return
        verdict = self.draw.choices(list(Verdict), weights=(60, 25, 15))[0]
        self.script.citizen(self.days((0, 12)), partial(self.dossier.rate, verdict, self._reason(verdict)))

    def _reason(self, verdict: Verdict) -> str | None:
        good, bad = family("verdicts")[:2], family("verdicts")[2:]
        if self.draw.random() < 0.5:
            return None
        return self.draw.choice(good if verdict is Verdict.YES else bad)

    def asked(self) -> Pair:
        pair = self.words.pair(self.words.asked)
        self.script.office(self.days((1, 3)), partial(self.dossier.ask, official(pair.text)))
        return pair

    # Whole lives
    def plain(self) -> None:
        self.accepted()
        self.taken()
        self.published()
        self.rated()

    def questioned(self) -> None:
        self.accepted()
        self.taken()
        pair = self.asked()
        self.script.citizen(self.days((1, 9)), partial(self.dossier.reply, pair.reply))
        self.script.office(1, partial(self.dossier.accept_said, self.moderator))
        self.published()
        self.rated()

    def impatient(self) -> None:
        """Asked, never answered: the ministry goes on without."""
        self.accepted()
        self.taken()
        self.asked()
        self.script.office(self.days((10, 14)), self.dossier.take_back)
        self.published()
        self.rated(0.3)

    def extended(self) -> None:
        self.accepted()
        self.taken()
        self.script.office(self.days((5, 8)), partial(self.dossier.extend, self.words.staff(self.words.extension)))
        self.script.office(self.days((6, 9)), self.dossier.write)
        self.script.soon(self.dossier.propose)
        self.script.office(self.days(self.pace.publish), self.dossier.publish)
        self.rated()

    def handed_over(self) -> None:
        self.accepted()
        self.taken()
        self.script.office(2, partial(self.dossier.hand_over, self.words.staff(self.words.handing)))
        self.published()
        self.rated()

    def put_back(self) -> None:
        self.accepted()
        self.taken()
        self.script.office(2, self.dossier.release)
        self.plain_rest()

    def plain_rest(self) -> None:
        self.taken()
        self.published()
        self.rated()

    def transferred(self, to: str) -> None:
        self.accepted()
        self.taken()
        self.script.office(1, partial(self.dossier.offer, to, self.words.staff(self.words.offer)))
        self.script.office(1, self.dossier.accept_offer)
        self.plain_rest()

    def arbitrated(self, to: str, back: str) -> None:
        """Offered, declined, and given back to the ministry that had it by the coordinator."""
        self.accepted()
        self.taken()
        self.script.office(1, partial(self.dossier.offer, to, self.words.staff(self.words.offer)))
        self.script.office(1, partial(self.dossier.decline_offer, self.words.staff(self.words.decline)))
        self.script.office(self.days((1, 3)), partial(self.dossier.route, back, self.words.staff(self.words.routing)))
        self.plain_rest()

    def forgotten_offer(self, to: str, back: str) -> None:
        """Nobody says yes nor no: on the third working day it goes to the coordinator by itself."""
        self.accepted()
        self.taken()
        self.script.office(1, partial(self.dossier.offer, to, self.words.staff(self.words.offer)))
        self.script.office(5, partial(self.dossier.route, back, self.words.staff(self.words.routing)))
        self.plain_rest()

    def offer_taken_back(self, to: str) -> None:
        self.accepted()
        self.taken()
        self.script.office(1, partial(self.dossier.offer, to, self.words.staff(self.words.offer)))
        self.script.soon(self.dossier.cancel_offer)
        self.plain_rest()

    def reopened(self) -> None:
        self.accepted()
        self.taken()
        self.published()
        pair = self.words.pair(self.words.reopened)
        self.script.citizen(self.days((3, 30)), partial(self.dossier.reopen, pair.text))
        self.script.office(1, partial(self.dossier.accept_said, self.moderator))
        self.script.office(self.days((4, 9)), partial(self.dossier.propose, text=pair.reply, again=True))
        self.script.office(self.days(self.pace.publish), self.dossier.publish)
        self.rated(0.8)

    def corrected(self) -> None:
        """The published answer held a mistake: another one takes its place."""
        self.accepted()
        self.taken()
        self.published()
        better = self.dossier.answer + "\n\nCette réponse remplace la précédente, où une date était fausse."
        self.script.office(self.days((2, 6)), partial(self.dossier.correct, better))
        self.script.office(1, self.dossier.publish)

    def woken(self) -> None:
        """Asleep after sixty days of silence, then the citizen writes after all."""
        self.accepted()
        self.taken()
        pair = self.asked()
        self.script.citizen(self.days((66, 80)), partial(self.dossier.reply, "Pardon pour ce long silence. " + pair.reply))
        self.script.office(1, partial(self.dossier.accept_said, self.moderator))
        self.published()
        self.rated()

    def routed(self, to: str) -> None:
        """No ministry was known: the coordinator found one."""
        self.accepted()
        self.script.office(self.days((1, 3)), partial(self.dossier.route, to, self.words.staff(self.words.routing)))
        self.plain_rest()

    def refused(self, ground: Ground, facts: str) -> None:
        self.sent()
        self.script.office(1, partial(self.dossier.refuse_text, self.moderator, ground, facts))

    def private(self, ground: Ground, facts: str) -> None:
        """The text of a request for documents is not published: it is answered all the same, in private."""
        self.refused(ground, facts)
        self.plain_rest()

    def unanswered(self) -> None:
        """Taken, perhaps, and then nothing."""
        self.accepted()
        if self.draw.random() < 0.6:
            self.taken()
