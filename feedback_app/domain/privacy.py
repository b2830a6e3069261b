"""What a person may ask about their own data, and for how long data are kept otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAYS_OF_A_YEAR = 365


class TextsChoice(StrEnum):
    """What becomes of the public texts of a person who is erased. What is not public is emptied in any case."""

    WITHDRAW = "withdraw"
    KEEP = "keep"


def months_before(moment: datetime, months: int) -> datetime:
    """The moment that many months ago, a year being 365 days."""
    return moment - timedelta(days=months * DAYS_OF_A_YEAR // 12)


@dataclass(frozen=True)
class Progress:
    """How far a purge is: ``done`` of ``total`` rows, in the step called ``step``."""

    step: str
    done: int
    total: int
