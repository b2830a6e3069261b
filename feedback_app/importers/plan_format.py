"""The plan file, version 1, as types: what ``plan.py`` checks against, hands out as rows and publishes as a JSON Schema.

Descriptions are read by the people who prepare a file (``docs/plan.schema.json``). Rows keep texts exactly as they are written.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from feedback_app.domain.commitment import (
    FIRST_YEAR,
    LAST_YEAR,
    TEXT_MAX,
    TITLE_MAX,
    WEIGHT_MAX,
    MinistryKind,
    PlanPhase,
    SectionKind,
)

FORMAT = "devoir-de-suite/plan"
VERSION = 1

MAX_NUMBER = 9999
MAX_SLUG = 80

DAY_SHAPE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
DAY_SCHEMA = {"type": "string", "format": "date", "pattern": DAY_SHAPE}


def read_day(value: object) -> date:
    """Read ``2022-06-30`` and no other spelling of a day (``date.fromisoformat`` alone also takes ``20220630`` and ``2022-W26-4``)."""
    if not isinstance(value, str) or not re.fullmatch(DAY_SHAPE, value):
        raise PydanticCustomError("day", "une date de la forme AAAA-MM-JJ est attendue, entre guillemets")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("day", "cette date n'existe pas dans le calendrier") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PydanticCustomError("day", f"une date de {FIRST_YEAR} à {LAST_YEAR} est attendue")
    return day


def not_before_start(end: date, info: ValidationInfo) -> date:
    """Refuse an end before the start that stands beside it; a start that was itself refused is not compared."""
    start = info.data.get("start")
    if start is not None and end < start:
        raise PydanticCustomError("end_before_start", "la fin précède le début ({start})", {"start": start.isoformat()})
    return end


def one_visible_line(text: str) -> str:
    """Refuse a title that a reader would not see, or that would break a list, a mail subject or a file name in two."""
    if "\n" in text or "\t" in text:
        raise PydanticCustomError("line", "une seule ligne est attendue, sans saut de ligne ni tabulation")
    if not any(char.isprintable() and not char.isspace() for char in text):
        raise PydanticCustomError("line", "ce texte ne peut pas être vide")
    return text


Day = Annotated[date, BeforeValidator(read_day), WithJsonSchema(DAY_SCHEMA)]
End = Annotated[Day, AfterValidator(not_before_start)]
Text = Annotated[str, Field(max_length=TEXT_MAX)]
Title = Annotated[str, Field(min_length=1, max_length=TITLE_MAX), AfterValidator(one_visible_line)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=MAX_SLUG)]
Actor = Annotated[str, Field(min_length=1, max_length=TEXT_MAX)]


class Row(BaseModel):
    """What the rows share: nothing is guessed (no "3" for 3), nothing is lost (an unknown field is an error), nothing changes later."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class PlanRow(Row):
    """The plan itself."""

    slug: Slug = Field(description="Short permanent name, used in addresses: lowercase letters, digits, hyphens.")
    title: Title
    start: Day
    end: End = Field(description="Last day of the plan, not before its start.")
    phase: PlanPhase = Field(alias="status", strict=False, description="Phase of the plan: contributions, writing, execution, over.")
    source: Text | None = Field(default=None, description="Where the texts were published, and when.")
    licence: Text | None = Field(default=None, description="Licence under which the texts may be reused.")


class MinistryRow(Row):
    """A ministry or another institution that is responsible for commitments."""

    slug: Slug = Field(description="Short permanent name, unique in the file; the same in all plans.")
    name: Title
    kind: MinistryKind = Field(strict=False)


class PeriodRow(Row):
    """When a commitment is to be kept: as the plan says it, and as the days that were understood from it."""

    raw: Text | None = Field(default=None, description="The period as written in the plan.")
    start: Day | None = Field(default=None, description="First day as understood, null where none can be.")
    end: End | None = Field(default=None, description="Last day as understood, null where none can be; without it nothing is ever late.")


class MilestoneRow(Row):
    """A step of a commitment."""

    title: Title
    deliverable: Text | None = Field(default=None, description="What will exist when the milestone is reached.")
    group: Text | None = Field(default=None, description="Heading under which the plan lists this milestone.")
    dates_raw: Text | None = Field(default=None, description="The dates as written in the plan.")
    start: Day | None = Field(default=None, description="First day as understood, null where none can be.")
    end: End | None = Field(default=None, description="Last day as understood, null where none can be.")
    weight: int | None = Field(
        default=None, ge=1, le=WEIGHT_MAX, description="Share of the commitment beside the other milestones'; 1 unless it is said."
    )


class CommitmentRow(Row):
    """A commitment. Its texts may hold bullets (lines that start with "- ") and bold (between two pairs of asterisks)."""

    number: int = Field(ge=1, le=MAX_NUMBER, description="Unique in this plan; part of the commitment's permanent address.")
    title: Title
    ministry: Slug = Field(description="Slug of the responsible ministry, one of those listed in this file.")
    lead: Text | None = Field(default=None, description="Services in charge as written, one per line; the first is responsible.")
    theme: Title | None = Field(default=None, description="Theme under which the plan lists this commitment.")
    period: PeriodRow = Field(default_factory=PeriodRow)
    problem: Text | None = Field(default=None, description="The problem that the commitment addresses.")
    commitment: Text | None = Field(default=None, description="What is promised.")
    contribution: Text | None = Field(default=None, description="How the commitment contributes to solving the problem.")
    ogp_relevance: Text | None = Field(default=None, description="Why it belongs to the values of open government.")
    additional_info: Text | None = Field(default=None, description="Anything else: budget, links to other programmes.")
    state_actors: tuple[Actor, ...] = Field(default=(), strict=False, description="Other public bodies involved.")
    other_actors: tuple[Actor, ...] = Field(default=(), strict=False, description="Civil society and companies involved.")
    milestones: tuple[MilestoneRow, ...] = Field(default=(), strict=False, description="Steps, in the order of the plan; possibly none.")

    @property
    def sections(self) -> dict[SectionKind, str | None]:
        """The texts by kind, in the order of the page."""
        return {kind: getattr(self, kind.value) for kind in SectionKind}


class PlanFile(Row):
    """An action plan for open government, complete: its ministries, commitments and milestones.

    Beyond this schema the import also refuses: a commitment number or a ministry slug used twice, a ministry that is not listed,
    an end before its start, days before 1900 or after 2200, blank titles and titles of several lines, control and bidirectional
    characters, a field present twice.
    """

    format: Literal["devoir-de-suite/plan"]
    version: Literal[1]
    plan: PlanRow
    ministries: tuple[MinistryRow, ...] = Field(strict=False)
    commitments: tuple[CommitmentRow, ...] = Field(strict=False)
