"""How ministries answer, in figures: on a page and as a file."""

from __future__ import annotations

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from feedback_app.domain.csv_file import csv_text
from feedback_app.domain.performance import ENOUGH, FigureScope
from feedback_app.services import reply_desk, statistics
from feedback_app.services.statistics import Line
from feedback_app.web.access import public
from feedback_app.web.language import without_language
from feedback_app.web.page_cache import cached
from feedback_app.web.public import bp


@bp.get("/transparence/reponses")
@public
@cached()
def answers_given() -> str:
    """Each ministry's answers, and what each figure means."""
    shown = {"published": statistics.published(), "shares": reply_desk.shares()}
    return render_template("public/answers_given.html", **shown, enough=ENOUGH, name_of=_name)


def _name(line: Line) -> str:
    if line.scope is FigureScope.ALL:
        return _("Ensemble")
    return line.ministry or _("En attente d’un ministère")


@bp.get("/transparence/reponses.csv")
@public
@without_language
@cached()
def answers_given_file() -> Response:
    """The same figures as a file. A cell is empty where there are too few cases to speak of a delay or a share."""
    found = statistics.published()
    answer = make_response(csv_text(COLUMNS, (_row(line, found.computed_at.isoformat()) for line in found.lines) if found else ()))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = "attachment; filename=reponses.csv"
    return answer


COLUMNS = (
    "perimetre", "ministere", "identifiant", "demandes_recues", "demandes_repondues", "delai_median_jours_ouvres",
    "delai_90e_centile_jours_ouvres", "dans_le_delai_pourcent", "reponses_jugees", "jugees_utiles_pourcent", "en_attente",
    "en_attente_en_retard", "calcule_le",
)  # fmt: skip


def _row(line: Line, computed: str) -> tuple[object, ...]:
    return (
        line.scope.value, line.ministry, line.slug, line.received, line.answered, line.median_days, line.slowest_days, line.in_time,
        line.judged, line.useful, line.waiting, line.late, computed,
    )  # fmt: skip
