"""A commitment and the people of its ministry; services are called as a view calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from feedback_app.database import db, unit_of_work
from feedback_app.domain.policy import MembershipKind
from feedback_app.models import Account
from feedback_app.services import sign_in
from tests.conftest import Clock
from tests.factories import Make


@dataclass
class Team:
    """``team(verb, thing, by, …)`` runs a service on the live thing, in a transaction of its own."""

    app: Flask
    make: Make
    clock: Clock

    def __post_init__(self) -> None:
        self.ministry, self.elsewhere = self.make.ministry("Ministère des Routes"), self.make.ministry("Ministère des Ponts")
        self.contact = self.make.person(ministry=self.ministry, name="Ana")
        self.colleague = self.make.person(ministry=self.ministry, name="Bo")
        self.validator = self.make.person(ministry=self.ministry, kind=MembershipKind.VALIDATOR, name="Val")
        self.neighbour = self.make.person(ministry=self.elsewhere, kind=MembershipKind.LEAD, name="Nia")
        self.commitment = self.make.commitment(ministry=self.ministry, title="Des routes sans trous")
        (self.milestone,) = self.commitment.milestones

    def __call__(self, verb: Callable[..., Any], thing: Any, by: Account, *args: Any, **facts: Any) -> Any:
        with self.app.app_context(), unit_of_work():
            live = db.session.get_one(type(thing), thing.id)
            actor = sign_in.actor_of(db.session.get_one(Account, by.id))
            return self.make._done(verb(live, *args, actor=actor, **facts, at=self.clock()) or live)


@pytest.fixture
def team(app: Flask, make: Make, clock: Clock) -> Team:
    return Team(app, make, clock)
