"""The fictitious plan, in the years of whoever looks at it.

It is written for 2025 to 2027 and moved by whole years, so that its seasons, its trimesters and the start of school stay what they are:
on any day, its first year is over, much of it is done, some of it is late, and the rest is still to come.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.importers.plan import PlanFile, read_plan
from feedback_app.models import Plan

PLAN = Path(__file__).with_name("plan.json")
NAMED = "demonstration-"
# From October of this year to the September after it, it is as it is written.
AS_WRITTEN, FIRST_MONTH = 2026, 10
# The years of the plan wherever it names one: its dates, their words, its title and its address. Texts speak of no other year so near.
_ITS_YEARS = re.compile(r"(?<![0-9])202[5-8](?![0-9])")


def plan_file(today: date) -> PlanFile:
    """The plan as it stands for somebody who looks at it today."""
    return _moved(today.year - (today.month < FIRST_MONTH) - AS_WRITTEN)


@cache
def _moved(years: int) -> PlanFile:
    text = PLAN.read_text(encoding="utf-8")
    return read_plan(_ITS_YEARS.sub(lambda year: str(int(year[0]) + years), text).encode())


def plan() -> Plan | None:
    """The one that this demo was filled with, however long ago; None before."""
    return db.session.scalar(select(Plan).where(Plan.slug.startswith(NAMED)).order_by(Plan.id).limit(1))
