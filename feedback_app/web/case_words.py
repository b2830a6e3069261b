"""How a case says how much time is left: in words, the same on the desks and on the page of a case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.domain.calendar import day_of, working_days_after
from feedback_app.domain.case import AWAITING_ANSWER, DUE_SOON_WORKING_DAYS, CaseStatus
from feedback_app.domain.deadlines import Step, StepKind


def time_left(status: CaseStatus, due_on: date | None, at: datetime) -> str:
    """``Encore 4 jours ouvrés``, ``Dernier jour aujourd’hui``, ``En retard de 2 jours ouvrés``, ``Délai suspendu``; "" once answered."""
    if status not in AWAITING_ANSWER:
        return ""
    if due_on is None:
        return _("Délai suspendu")
    today = day_of(at)
    if due_on < today:
        days = working_days_after(due_on, today)
        return ngettext("En retard de %(num)s jour ouvré", "En retard de %(num)s jours ouvrés", days) if days else _("En retard")
    days = working_days_after(today, due_on)
    if not days:  # or the month of the law ends on a day off, before which no working day is left
        return _("Dernier jour aujourd’hui") if due_on == today else _("Plus aucun jour ouvré")
    return ngettext("Encore %(num)s jour ouvré", "Encore %(num)s jours ouvrés", days)


def urgency(status: CaseStatus, due_on: date | None, at: datetime) -> tuple[str, str]:
    """The tone and the mark of a badge that says it: late, three working days or less, more, or no clock."""
    if status not in AWAITING_ANSWER or due_on is None:
        return "neutral", "dot"
    today = day_of(at)
    if due_on < today:
        return "error", "warning"
    return ("warning", "half") if working_days_after(today, due_on) <= DUE_SOON_WORKING_DAYS else ("neutral", "ring")


def step_words(step: Step, long_date: Any) -> str:
    """One line of the computation of a deadline."""
    first, last = long_date(step.first), long_date(step.last) if step.last else ""
    match step.kind:
        case StepKind.START:
            return _("Le délai de %(days)s jours ouvrés commence le lendemain du %(first)s.", days=step.days, first=first)
        case StepKind.EXTENSION:
            return _("Prolongé de %(days)s jours ouvrés le %(first)s.", days=step.days, first=first)
        case StepKind.PAUSE if step.last is None:
            return _("Suspendu depuis le %(first)s\u00a0: il reste %(left)s jours ouvrés.", first=first, left=step.left)
        case StepKind.PAUSE:
            return _("Suspendu du %(first)s au %(last)s.", first=first, last=last)
        case StepKind.COUNT:
            count = ngettext("%(num)s jour ouvré", "%(num)s jours ouvrés", step.days)
            return _("Du %(first)s au %(last)s\u00a0: %(count)s.", first=first, last=last, count=count)
    return _("Dernier jour pour répondre\u00a0: le %(first)s.", first=first)
