"""A change of words as a page shows it: days in words, phases by their name, and in both texts the words that differ."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from flask import Flask

from feedback_app.domain.commitment import PlanField, PlanPhase, WordField
from feedback_app.domain.text_diff import Pieces, pieces
from feedback_app.web.labels import label
from feedback_app.web.presentation import long_date

DAYS = {PlanField.START, PlanField.END, WordField.START, WordField.END, WordField.MILESTONE_START, WordField.MILESTONE_END}


class Changed(Protocol):
    """What is needed of a change."""

    @property
    def field(self) -> WordField | PlanField: ...
    @property
    def before(self) -> str | None: ...
    @property
    def after(self) -> str | None: ...


@dataclass(frozen=True)
class Sides:
    """What was and what is, each in pieces with whether the other side lacks it; None where there is nothing.

    ``ours``: words of this site in the language of the page, not of the plan.
    """

    before: Pieces | None
    after: Pieces | None
    ours: bool


def sides(change: Changed) -> Sides:
    """A change in two columns."""
    ours = change.field in DAYS or change.field is PlanField.PHASE
    before, after = (None if text is None else _said(change.field, text) for text in (change.before, change.after))
    if ours:  # a day is another day as a whole
        return Sides([(before, True)] if before else None, [(after, True)] if after else None, ours)
    old, new = pieces(before or "", after or "")
    return Sides(old if before is not None else None, new if after is not None else None, ours)


def _said(field: WordField | PlanField, text: str) -> str:
    if field in DAYS:
        return long_date(dt.date.fromisoformat(text))
    return label(PlanPhase(text)) if field is PlanField.PHASE else text


def init_app(app: Flask) -> None:
    """Register the function."""
    app.jinja_env.globals.update(sides=sides)
