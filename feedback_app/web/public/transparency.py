"""How ministries answer, in figures: on a page and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from feedback_app.domain.performance import ENOUGH, FigureScope
from feedback_app.services import reply_desk, statistics
from feedback_app.services.statistics import Line
from feedback_app.web.access import public
from feedback_app.web.data_files import CODE, MOMENT, PERCENT, WORKING_DAYS, Column, DataFile
from feedback_app.web.language import without_language
from feedback_app.web.page_cache import cached
from feedback_app.web.public import bp

# Each figure: its words, and what it says and does not. The page and the description of the file read the same.
FIGURES: Mapping[str, tuple[Any, Any]] = {
    "received": (
        _l("Reçues"),
        _l(
            "Les demandes acceptées par la modération, et les demandes d’accès à un document, publiées ou non, dès leur "
            "confirmation. Une demande transférée compte pour le ministère qui l’a aujourd’hui, et pour celui qui y avait répondu. "
            "Une demande retirée par son auteur avant la réponse reste comptée."
        ),
    ),
    "answered": (
        _l("Répondues"),
        _l(
            "Les demandes qui ont reçu au moins une réponse publiée, ou envoyée à la personne quand la demande n’est pas publique. "
            "Un refus motivé est une réponse\u00a0: ce chiffre ne dit pas si elle convient."
        ),
    ),
    "median_days": (
        _l("Délai médian"),
        _l(
            "La moitié des premières réponses sont venues en ce nombre de jours ouvrés ou moins. Les jours où le ministère "
            "attendait une précision de la personne ne comptent pas\u00a0; ceux d’un transfert comptent."
        ),
    ),
    "slowest_days": (
        _l("9 sur 10 en"),
        _l("Neuf premières réponses sur dix sont venues en ce nombre de jours ouvrés ou moins (90e centile)."),
    ),
    "in_time": (
        _l("Dans le délai"),
        _l(
            "La part des réponses données à temps, parmi celles qui ont été données ou qui auraient déjà dû l’être. Le délai est de "
            "15 jours ouvrés, prolongé au plus une fois de 15, ou d’un mois pour l’accès à un document."
        ),
    ),
    "useful": (
        _l("Jugées utiles"),
        _l(
            "La part de «\u00a0oui\u00a0» à la question «\u00a0cette réponse vous a-t-elle été utile\u00a0?\u00a0», parmi les "
            "personnes qui l’ont dit. «\u00a0En partie\u00a0» n’est pas un oui. Beaucoup ne disent rien\u00a0: ce chiffre ne parle "
            "pas pour elles."
        ),
    ),
    "waiting": (_l("En attente"), _l("Les demandes sans réponse à ce moment, et celles qui ont été rouvertes.")),
}
REQUESTS = _l("demandes, nombre entier")


def _figure(name: str, of: str, form: Any = REQUESTS) -> Column:
    return Column(name, FIGURES[of][1], form)


FILE: DataFile = DataFile(
    anchor="reponses",
    title=_l("Les réponses en chiffres"),
    line=_l("Une ligne par ministère, une pour l’ensemble, et une pour les demandes qui n’ont pas encore de ministère."),
    refreshed=_l("Une fois par jour, d’après tout ce qui s’est passé dans chaque dossier."),
    columns=(
        Column(
            "perimetre",
            _l("De qui parle la ligne."),
            CODE,
            (
                (FigureScope.ALL.value, _l("toutes les demandes ensemble")),
                (FigureScope.MINISTRY.value, _l("celles d’un ministère")),
                (FigureScope.NOBODY.value, _l("celles qui attendent encore un ministère")),
            ),
        ),
        Column("ministere", _l("Le nom du ministère aujourd’hui. Vide si la ligne n’est pas celle d’un ministère.")),
        Column("identifiant", _l("Le ministère, tel que les adresses de ce site le nomment. Il ne change pas quand le nom change."), CODE),
        _figure("demandes_recues", "received"),
        _figure("demandes_repondues", "answered"),
        _figure("delai_median_jours_ouvres", "median_days", WORKING_DAYS),
        _figure("delai_90e_centile_jours_ouvres", "slowest_days", WORKING_DAYS),
        _figure("dans_le_delai_pourcent", "in_time", PERCENT),
        Column(
            "reponses_jugees",
            _l("Les réponses dont la personne a dit si elle lui avait été utile\u00a0: oui, en partie ou non."),
            _l("réponses, nombre entier"),
        ),
        _figure("jugees_utiles_pourcent", "useful", PERCENT),
        _figure("en_attente", "waiting"),
        Column("en_attente_en_retard", _l("Parmi celles qui attendent, celles dont le délai de réponse est passé."), REQUESTS),
        Column("calcule_le", _l("Quand ces chiffres ont été calculés."), MOMENT),
    ),
)


@bp.get("/transparence/reponses")
@public
@cached()
def answers_given() -> str:
    """Each ministry's answers, and what each figure means."""
    shown = {"published": statistics.published(), "shares": reply_desk.shares()}
    return render_template("public/answers_given.html", **shown, enough=ENOUGH, figures=FIGURES, name_of=_name)


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
    return FILE.answer((_row(line, found.computed_at.isoformat()) for line in found.lines) if found else (), name="reponses")


def _row(line: Line, computed: str) -> tuple[object, ...]:
    return (
        line.scope.value, line.ministry, line.slug, line.received, line.answered, line.median_days, line.slowest_days, line.in_time,
        line.judged, line.useful, line.waiting, line.late, computed,
    )  # fmt: skip
