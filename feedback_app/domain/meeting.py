"""Meetings and productions: what the State and civil society did together, before and after it took place (ADR 0018)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from feedback_app.domain.links import is_web_address
from feedback_app.domain.workflow import Workflow

TITLE_MIN, TITLE_MAX = 5, 200
PLACE_MAX = 200
ORGANISERS_MAX = 300
DESCRIPTION_MIN, DESCRIPTION_MAX = 10, 4_000
MINUTES_MAX = 20_000
PARTICIPANTS_MAX = 1_000_000
LINKED_MAX = 20


class MeetingKind(StrEnum):
    MEETING = "meeting"
    WORKSHOP = "workshop"
    PRODUCTION = "production"  # what came out of it: its date is that of its publication


class MeetingStatus(StrEnum):
    """``prepared``: staff wrote it, somebody else publishes it. ``sent``: a citizen proposed it, a moderator decides."""

    PREPARED = "prepared"
    SENT = "sent"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class MeetingAction(StrEnum):
    """Each has an event ``meeting:<action>``. To write on a published one leaves it as it is until that is published too."""

    WRITE = "write"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


_S = MeetingStatus
MEETING_WORKFLOW: Workflow[MeetingStatus, MeetingAction] = Workflow(
    {
        MeetingAction.WRITE: {_S.PREPARED: _S.PREPARED, _S.PUBLISHED: _S.PUBLISHED},
        MeetingAction.PUBLISH: {_S.PREPARED: _S.PUBLISHED, _S.SENT: _S.PUBLISHED, _S.PUBLISHED: _S.PUBLISHED},
        MeetingAction.WITHDRAW: dict.fromkeys((_S.PREPARED, _S.SENT, _S.PUBLISHED), _S.WITHDRAWN),
    }
)


class WrongFacts(ValueError):
    """What is said of a meeting cannot be: ``fault`` says which part."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Facts:
    """What is said of a meeting. ``link``: where it is held or shown; moments in UTC; ``minutes``: small Markdown when staff write."""

    kind: MeetingKind
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    link: str
    organisers: str
    participants: int | None
    description: str
    minutes: str = ""
    topic_ids: frozenset[int] = field(default=frozenset())
    reform_ids: frozenset[int] = field(default=frozenset())

    def check(self) -> None:
        """Raise ``WrongFacts`` for a meeting that ends before it starts, is nowhere, or links to what is no web address."""
        if self.ends_at is not None and self.ends_at < self.starts_at:
            raise WrongFacts("ends_at")
        if self.link and not is_web_address(self.link):
            raise WrongFacts("link")
        if not self.place and not self.link:
            raise WrongFacts("place")
        if self.participants is not None and not 0 <= self.participants <= PARTICIPANTS_MAX:
            raise WrongFacts("participants")
        if len(self.topic_ids) + len(self.reform_ids) > LINKED_MAX:
            raise WrongFacts("linked")
