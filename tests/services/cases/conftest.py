"""One case and its people, and the services called as a view calls them: one transaction each, at the time of the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import pytest
from flask import Flask

from feedback_app.database import db, unit_of_work
from feedback_app.domain.calendar import PARIS
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.models import Account, CitizenRequest
from feedback_app.services import sign_in
from tests.conftest import Clock
from tests.factories import Make


@dataclass
class Play:
    """``play(verb, request, actor, …)`` runs a service on the live request. Returns the request as it is then."""

    app: Flask
    make: Make
    clock: Clock

    def __call__(
        self, verb: Callable[..., Any], request: CitizenRequest, by: Account | None = None, *args: Any, **facts: Any
    ) -> CitizenRequest:
        with self.app.app_context(), unit_of_work():
            live = db.session.get_one(CitizenRequest, request.id)
            if by is not None:
                facts = {"actor": sign_in.actor_of(db.session.get_one(Account, by.id)), **facts}
                if "seen_wording" not in facts:
                    facts.setdefault("seen_version", live.version)
            verb(live, *args, **facts, at=self.clock())
        return self.make.reload(request)

    def sweep(self, due: Callable[..., Any], do: Callable[..., Any]) -> int:
        """What the job process does with due rows. Returns how many there were."""
        with self.app.app_context():
            found = list(due(self.clock()))
        for row_id in found:
            with self.app.app_context(), unit_of_work():
                do(row_id, self.clock())
        return len(found)

    def at(self, day: str, hour: str = "10:00") -> None:
        """Go to this hour of Paris."""
        self.clock.now = datetime.combine(datetime.fromisoformat(day).date(), time.fromisoformat(hour), PARIS).astimezone(UTC)


@pytest.fixture
def play(app: Flask, make: Make, clock: Clock) -> Play:
    return Play(app, make, clock)


@dataclass
class Desk:
    """A ministry with its people, another one, and a coordinator."""

    make: Make

    def __post_init__(self) -> None:
        self.ministry, self.other = self.make.ministry("Ministère des Routes"), self.make.ministry("Ministère des Ponts")
        self.contact = self.make.person(ministry=self.ministry, name="Ana")
        self.colleague = self.make.person(ministry=self.ministry, name="Bo")
        self.validator = self.make.person(ministry=self.ministry, kind=MembershipKind.VALIDATOR, name="Val")
        self.lead = self.make.person(ministry=self.ministry, kind=MembershipKind.LEAD, name="Léo")
        self.neighbour = self.make.person(ministry=self.other, name="Nia")
        self.coordinator = self.make.person(roles=(Role.COORDINATOR,), name="Coco")
        self.topic = self.make.commitment(ministry=self.ministry, title="Des routes sans trous").topic

    def request(self, status: CaseStatus = CaseStatus.OPEN, **facts: Any) -> CitizenRequest:
        facts = {"topic": self.topic, "contact": self.contact, "validator": self.validator, "other": self.other, **facts}
        return self.make.request(status=status, **facts)


@pytest.fixture
def desk(make: Make) -> Desk:
    return Desk(make)
