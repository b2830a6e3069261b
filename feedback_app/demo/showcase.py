"""Requests that stand, on the day of the demo, in every state there is: what its visitors find on the desks and in the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from random import Random

from feedback_app.demo import prose
from feedback_app.demo.dossier import Author, Dossier
from feedback_app.demo.dossiers import Maker
from feedback_app.demo.fates import Words
from feedback_app.demo.people import MODERATORS, MUTUAL_AID, NOUR, REGISTERS, SEASONS, THEO
from feedback_app.demo.prose import official
from feedback_app.demo.script import Script
from feedback_app.domain.contribution import Ground

YANN, INES = MODERATORS
KEY = "demo-state"
WELL_KNOWN = {"answered": Author(NOUR, "Nour V."), ("waiting", "C5"): Author(THEO, None)}
OFFERED_TO = {"C11": MUTUAL_AID, "C15": SEASONS}
PRIVATE = "Le texte nomme deux agents et donne leur adresse. La demande sera traitée, mais en privé : elle ne paraîtra pas."


class Standing:
    """A request on its way to the state in which it stands; days are counted back from today."""

    def __init__(self, dossier: Dossier, script: Script, words: Words) -> None:
        self.dossier, self.script, self.words = dossier, script, words

    def sent(self, days: int) -> None:
        self.script.citizen_ago(days, self.dossier.submit)
        self.script.soon(self.dossier.confirm)

    def accepted(self, days: int) -> None:
        self.sent(days + 1)
        self.script.office_ago(days, partial(self.dossier.accept_text, INES))

    def taken(self, days: int, after: int = 2) -> None:
        self.accepted(days)
        self.script.office_ago(days - after, self.dossier.take)

    def offered_to(self, slug: str, days: int) -> None:
        self.taken(days + 5)
        self.script.office_ago(days, partial(self.dossier.offer, slug, self.words.staff(self.words.offer)))

    def open(self) -> None:
        self.accepted(4)

    def working(self) -> None:
        self.taken(8)

    def pending(self) -> None:
        self.sent(2)

    def unconfirmed(self) -> None:
        self.script.citizen_ago(1, self.dossier.submit)

    def unread(self) -> None:
        """For documents: the law's month runs already, the text waits for a moderator."""
        self.sent(3)

    def waiting(self, days: int = 9) -> None:
        self.taken(days + 7)
        question = self.words.pair(self.words.asked).text
        self.script.office_ago(days, partial(self.dossier.ask, official(question)))

    def asleep(self) -> None:
        self.waiting(88)

    def proposed(self) -> None:
        self.taken(14)
        self.script.office_ago(2, self.dossier.propose)

    def sent_back(self) -> None:
        self.taken(13)
        self.script.office_ago(4, self.dossier.propose)
        self.script.office_ago(2, partial(self.dossier.send_back, self.words.staff(self.words.sending)))

    def extended(self) -> None:
        self.taken(26)
        self.script.office_ago(9, partial(self.dossier.extend, self.words.staff(self.words.extension)))

    def late(self) -> None:
        self.taken(45, after=7)

    def late_open(self) -> None:
        self.accepted(38)

    def offered(self) -> None:
        self.offered_to(OFFERED_TO[self.dossier.asked.topic], 1)

    def arbitration(self) -> None:
        self.offered_to(REGISTERS, 4)
        self.script.office_ago(2, partial(self.dossier.decline_offer, self.words.staff(self.words.decline)))

    def private(self) -> None:
        self.sent(14)
        refuse = partial(self.dossier.refuse_text, YANN, Ground.PERSONAL_DATA, official(PRIVATE))
        self.script.office_ago(13, refuse)
        self.script.office_ago(9, self.dossier.take)

    def answered(self, days: int = 6) -> None:
        self.taken(days + 12)
        self.script.office_ago(days + 2, self.dossier.propose)
        self.script.office_ago(days, self.dossier.publish)

    def reopened(self) -> None:
        self.answered(31)
        again = self.words.pair(self.words.reopened).text
        self.script.citizen_ago(3, partial(self.dossier.reopen, again))

    def withdrawn(self) -> None:
        self.taken(12)
        self.script.citizen_ago(7, self.dossier.withdraw)


STATES: dict[str, Callable[[Standing], None]] = {
    "answered": Standing.answered,
    "arbitration": Standing.arbitration,
    "asleep": Standing.asleep,
    "extended": Standing.extended,
    "late": Standing.late,
    "late_open": Standing.late_open,
    "offered": Standing.offered,
    "open": Standing.open,
    "pending": Standing.pending,
    "private": Standing.private,
    "proposed": Standing.proposed,
    "reopened": Standing.reopened,
    "sent_back": Standing.sent_back,
    "taken": Standing.working,
    "unconfirmed": Standing.unconfirmed,
    "unread": Standing.unread,
    "unrouted": Standing.open,
    "waiting": Standing.waiting,
    "withdrawn": Standing.withdrawn,
}


def told(maker: Maker, draw: Random) -> Iterator[Script]:
    """One script for each of them."""
    today = maker.world.today
    for number, (state, asked) in enumerate(prose.open_questions()):
        # Nothing happens on the first day: the state says when.
        script = Script(draw, today - timedelta(days=200), today)
        author = WELL_KNOWN.get(state) or WELL_KNOWN.get((state, asked.topic))
        dossier = maker.dossier(f"{KEY}-{number}", asked, today - timedelta(days=15), author, contact=0)
        STATES[state](Standing(dossier, script, maker.words))
        yield script
