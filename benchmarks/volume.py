"""A site with as much in it as asked for, written in bulk: what it would take years of citizens to write, in a minute.

The few things that carry rights (ministries, commitments, people, a barometer, one case with a long history) are made by the
application's own services, the many (requests, comments, texts that wait) are written straight into their tables, in the states in
which the services leave them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, text

from benchmarks.similar_texts import Language
from feedback_app.database import Model, db, unit_of_work
from feedback_app.domain.case import DONE, AnswerStatus, CaseStatus, Outcome
from feedback_app.domain.contribution import ContributionKind, ContributionStatus, TextStatus
from feedback_app.domain.policy import MembershipKind
from feedback_app.domain.stems import stems
from feedback_app.domain.text import render_official
from feedback_app.domain.trace import ActorKind, EventVerb, SubjectKind
from feedback_app.models import (
    Account,
    Answer,
    AnswerVersion,
    CaseEvent,
    CitizenRequest,
    Contribution,
    Identity,
    Ministry,
    SearchText,
    Signature,
    TextVersion,
    Topic,
)
from tests.factories import Make

BATCH = 5_000
MINISTRIES = 10
COMMITMENTS = 100
TEXTS = 2_000
SAID = "Le délai annoncé n’est pas celui que je constate dans mon département : pouvez-vous dire ce qui a changé, et quand ? "
ANSWERED = render_official("La méthode de calcul a changé en 2024 : les deux séries sont **publiées**, avec leur définition.")
# Of the cases of the first ministry, how many stand where: a twentieth of all cases waits there, one in four of its own.
STANDING = [CaseStatus.OPEN] * 5 + [CaseStatus.ASSIGNED, CaseStatus.WAITING] + [CaseStatus.ANSWERED] * 5 + [CaseStatus.CLOSED] * 8
KINDS = [ContributionKind.CLARIFICATION, ContributionKind.DATA_QUESTION, ContributionKind.WRONG_FIGURE]
TERRITORIES = [None, "D69", "D13", "R84", "FRANCE"]


@dataclass(frozen=True)
class Size:
    """How much: requests with a case, published comments, texts that wait for a moderator.

    ``every``: of the requests, one in so many is the first ministry's.
    """

    requests: int = 0
    comments: int = 0
    waiting: int = 0
    every: int = 5


@dataclass(frozen=True)
class People:
    """Who opens the pages: a contact and a validator of the first ministry, and a moderator."""

    ministry: Ministry
    contact: Account
    validator: Account
    moderator: Account
    topics: list[Topic]


def now() -> datetime:
    """The clock of what is made here."""
    return datetime.now(UTC)


def people(app: Flask) -> People:
    """Ten ministries with ten commitments each, and those who work in the first one."""
    make = Make(app, now)
    ministries = [make.ministry(f"Ministère {number}") for number in range(1, MINISTRIES + 1)]
    plan = make.plan("volume")
    topics = [
        make.commitment(plan=plan, ministry=ministries[number % MINISTRIES], number=number + 1).topic for number in range(COMMITMENTS)
    ]
    contact = make.person(name="Camille Contact", ministry=ministries[0])
    validator = make.person(name="Vania Validatrice", ministry=ministries[0], kind=MembershipKind.VALIDATOR)
    return People(ministries[0], contact, validator, make.moderator("Mo Modération"), topics)


class Filling:
    """Writes the many. ``tell`` hears how many rows of which kind are written."""

    def __init__(self, app: Flask, people: People, tell: Callable[[str], object] = lambda _words: None) -> None:
        self.app, self.people, self.tell, self.at = app, people, tell, now().replace(microsecond=0)
        self.every = Size.every
        dice = random.Random(20260302)
        language = Language(dice)
        self.bodies = [SAID * (1 + number % 4) + language.text()[: 100 + number % 200] for number in range(TEXTS)]
        self.words = [stems(body) for body in self.bodies]

    def fill(self, size: Size) -> None:
        """Write it all, in transactions of a few thousand rows, and let the database look at what it holds."""
        self.every = size.every
        for kind, count in (("requests", size.requests), ("comments", size.comments), ("waiting", size.waiting)):
            for start in range(0, count, BATCH):
                with self.app.app_context(), unit_of_work():
                    self._write(kind, range(start, min(start + BATCH, count)))
                self.tell(f"{min(start + BATCH, count):,} {kind}")
        with self.app.app_context():
            settle()

    def _write(self, kind: str, numbers: range) -> None:
        first = (db.session.scalar(select(func.max(Contribution.id))) or 0) + 1
        rows = list(enumerate(numbers, first))
        self._texts(kind, rows)
        if kind == "requests":
            self._cases(rows)

    def _texts(self, kind: str, rows: list[tuple[int, int]]) -> None:
        """Who wrote, under which name, what, where it stands."""
        waits = kind == "waiting"
        status = ContributionStatus.PENDING if waits else ContributionStatus.PUBLISHED
        reviewed = TextStatus.PENDING if waits else TextStatus.PUBLISHED
        writers = {"created_at": self.at, "confirmed_at": self.at}
        addresses = [(f"{kind}{number}@exemple.test", row) for row, number in rows]
        before = max(db.session.scalar(select(func.max(model.id))) or 0 for model in (Identity, Signature)) + 1
        who = {row: before + place for place, (row, _number) in enumerate(rows)}
        _insert(Identity, ({"id": who[row], "email": address, "email_key": address, **writers} for address, row in addresses))
        _insert(Signature, ({"id": who[row], "identity_id": who[row], "name": f"Citoyenne {number}"} for row, number in rows))
        common = {"status": status, "language": "fr"}
        _insert(
            Contribution,
            (
                {
                    "id": row, "topic_id": self._topic(kind, number).id, "identity_id": who[row], "signature_id": who[row],
                    "kind": KINDS[number % 3] if kind == "requests" else ContributionKind.COMMENT, "form_key": f"{kind}-{number}",
                    "created_at": self._moment(number), "confirmed_at": self._moment(number),
                    "published_at": None if waits else self._moment(number), **common,
                }
                for row, number in rows
            ),
        )  # fmt: skip
        versions = ((row, number, {"number": 1, "status": reviewed, "contribution_id": row}) for row, number in rows)
        _insert(
            TextVersion,
            (
                {
                    "id": row,
                    "body": self.bodies[number % TEXTS],
                    "created_at": self._moment(number),
                    "submitted_at": self._moment(number),
                    **v,
                }
                for row, number, v in versions
            ),
        )
        db.session.execute(text("UPDATE contribution SET current_version_id = id WHERE current_version_id IS NULL"))

    def _cases(self, rows: list[tuple[int, int]]) -> None:
        """The cases, their answers, their histories and their words to be found."""
        cases = [self._case(row, number) for row, number in rows]
        _insert(CitizenRequest, iter(cases))
        done = [case for case in cases if case["status"] in DONE]
        answer = {"status": AnswerStatus.PUBLISHED, "outcome": Outcome.FULL}
        _insert(
            Answer,
            (
                {
                    "id": case["id"], "request_id": case["id"], "ministry_id": case["ministry_id"], "created_at": case["published_at"],
                    "proposed_at": case["published_at"], "published_at": case["answered_at"],
                    "published_by_id": self.people.validator.identity_id, **answer,
                }
                for case in done
            ),
        )  # fmt: skip
        wording = {"number": 1, "source": ANSWERED.source, "html": ANSWERED.html, "renderer": ANSWERED.renderer}
        wording["author_id"] = self.people.contact.identity_id
        _insert(AnswerVersion, ({"id": c["id"], "answer_id": c["id"], "written_at": c["published_at"], **wording} for c in done))
        _insert(CaseEvent, (event for case in cases for event in self._events(case)))
        index = ((case, self.words[number % TEXTS]) for case, (_row, number) in zip(cases, rows, strict=True))
        _insert(SearchText, ({"contribution_id": c["contribution_id"], "kind": c["kind"], "length": len(w), "words": w} for c, w in index))

    def _case(self, row: int, number: int) -> dict[str, Any]:
        topic, at = self._topic("requests", number), self._moment(number)
        status = STANDING[number // MINISTRIES % len(STANDING)] if self._first(number) else STANDING[number % len(STANDING)]
        done, taken = status in DONE, status is not CaseStatus.OPEN
        contact = self.people.contact.identity_id if self._first(number) else None
        answered = at + timedelta(days=3 + number % 20, seconds=number % 86_400)
        return {
            "id": row, "contribution_id": row, "topic_id": topic.id, "kind": KINDS[number % 3], "reference": f"DS-2025-{row:06}",
            "territory": TERRITORIES[number % len(TERRITORIES)], "status": status, "status_since": answered if done else at,
            "version": 1, "ministry_id": topic.ministry_id, "assignee_id": contact if taken else None, "clock_started_at": at,
            "due_on": None if status is CaseStatus.WAITING else self._due(number), "published_at": at,
            "first_answered_at": answered if done else None, "answered_at": answered if done else None,
            "outcome": Outcome.FULL if done else None, "closed_at": answered if status is CaseStatus.CLOSED else None,
        }  # fmt: skip

    def _events(self, case: dict[str, Any]) -> Iterator[dict[str, Any]]:
        common = {
            "subject_kind": SubjectKind.REQUEST, "subject_id": case["id"], "topic_id": case["topic_id"], "request_id": case["id"],
            "contribution_id": case["contribution_id"], "ministry_id": case["ministry_id"], "actor_kind": ActorKind.STAFF,
        }  # fmt: skip
        yield {**common, "at": case["published_at"], "verb": EventVerb.REQUEST_BEGIN, "after": CaseStatus.OPEN.value}
        if case["status"] is not CaseStatus.OPEN:
            yield {**common, "at": case["published_at"], "verb": EventVerb.REQUEST_TAKE, "after": CaseStatus.ASSIGNED.value}
        if case["status"] in DONE:
            published = {"subject_kind": SubjectKind.ANSWER, "verb": EventVerb.ANSWER_PUBLISH, "after": AnswerStatus.PUBLISHED.value}
            yield {**common, "at": case["answered_at"], **published}

    def _first(self, number: int) -> bool:
        return number % self.every == 0

    def _topic(self, kind: str, number: int) -> Topic:
        """Of requests the first ministry's have their part; comments come in threads of a hundred."""
        topics, place = self.people.topics, number // 5
        if kind == "requests" and self._first(number):
            return topics[place % (COMMITMENTS // MINISTRIES) * MINISTRIES]
        if kind == "requests":
            return topics[place % (COMMITMENTS // MINISTRIES) * MINISTRIES + 1 + number % (MINISTRIES - 1)]
        return topics[number // 100 % COMMITMENTS]

    def _moment(self, number: int) -> datetime:
        """Over the last year, no two at once."""
        return self.at - timedelta(days=365) + timedelta(seconds=number * 310 % 31_000_000, microseconds=number % 1_000_000)

    def _due(self, number: int) -> date:
        return (self.at + timedelta(days=number % 30 - 6)).date()


def _insert(model: type[Model], rows: Iterator[dict[str, Any]]) -> None:
    found = list(rows)
    if found:
        db.session.execute(insert(model), found)


def settle() -> None:
    """PostgreSQL, after rows were written with their ids: the next ids come after them, the planner knows them, and all that a server does
    after so much was written (autovacuum, a checkpoint) is done before anything is measured, or left.
    """
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in db.metadata.sorted_tables:
            highest = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))"
            connection.execute(text(f"{highest} WHERE EXISTS (SELECT 1 FROM {table.name})"))
        connection.execute(text("ALTER SYSTEM SET autovacuum = off"))
        for step in ("SELECT pg_reload_conf()", "VACUUM ANALYZE", "CHECKPOINT"):
            connection.execute(text(step))
