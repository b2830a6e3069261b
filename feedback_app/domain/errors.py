"""Refusals that people meet: raised below, turned into pages by ``web/errors.py``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class OtherText:
    """What somebody else did to the thing meanwhile, as the person who came second is told it."""

    text: str
    language: str
    by: str | None = None
    at: datetime | None = None
    what: str | None = None


class ContributionsClosed(Exception):
    """Citizens can read but not write for now: the administrator has said so, and the notice says why."""


class Conflict(Exception):
    """Two people, one text: the form was made from a version that is no longer the current one."""

    def __init__(self, other: OtherText) -> None:
        super().__init__("the text has changed since the form was shown")
        self.other = other
