"""What ``flask barometer`` says in French: refusals, and the report of an import."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from feedback_app.domain.barometer import EditionStatus, Refusal, RevisionKind, RevisionSize
from feedback_app.services.edition_checks import Summary

SHOWN_WARNINGS = 100
REFUSALS = {
    Refusal.INCOMPLETE: "ce brouillon n’a pas été écrit jusqu’au bout (ou un autre import l’a remplacé) : importez l’édition de nouveau",
    Refusal.NOT_COMPARED: "les révisions de ce brouillon ne sont pas calculées, ou le sont en ce moment même ailleurs : recommencez",
    Refusal.PREDECESSOR_CHANGED: "l’édition précédente a changé entre-temps : les révisions sont à calculer de nouveau, recommencez",
    Refusal.COMPARED_ANEW: "la comparaison a été refaite entre-temps : relisez-la, puis recommencez",
    Refusal.TOO_OLD: "une édition plus récente est déjà publiée : celle-ci ne pourrait remplacer qu’une édition retirée de la même date",
    Refusal.OTHER_CONTENT: "cette date a déjà une édition publiée, d’un autre contenu : retirez-la d’abord (flask barometer withdraw)",
}
REVISIONS = {
    RevisionKind.INDICATOR_REMOVED: "indicateurs disparus",
    RevisionKind.INDICATOR_ADDED: "indicateurs nouveaux",
    RevisionKind.DIRECTION_CHANGED: "sens changés",
    RevisionKind.UNIT_CHANGED: "unités changées",
    RevisionKind.NAME_CHANGED: "noms changés",
    RevisionKind.TARGET_CHANGED: "cibles changées",
    RevisionKind.TARGET_MOVED: "cibles déplacées à une autre date",
    RevisionKind.TARGET_REMOVED: "cibles retirées",
    RevisionKind.TARGET_ADDED: "cibles ajoutées",
    RevisionKind.BASELINE_CHANGED: "valeurs initiales changées",
    RevisionKind.BASELINE_REMOVED: "valeurs initiales retirées",
    RevisionKind.BASELINE_ADDED: "valeurs initiales ajoutées",
    RevisionKind.OBSERVATION_CHANGED: "valeurs passées changées",
    RevisionKind.OBSERVATION_REMOVED: "valeurs passées retirées",
}
ENDS = {
    EditionStatus.DRAFT.value: "Brouillon écrit. Pour le publier : flask barometer publish --barometer {slug} --date {on}",
    EditionStatus.PUBLISHED.value: "Édition publiée.",
    "unchanged": "Déjà publiée avec ce contenu : rien n’a changé.",
}


def told(summary: Summary, warnings: Sequence[str], *, slug: str, on: date, status: str, dry_run: bool) -> None:
    """The report of an import, the end last: a long list scrolls away."""
    for warning in warnings[:SHOWN_WARNINGS]:
        click.echo(f"Avertissement : {warning}")
    if len(warnings) > SHOWN_WARNINGS:
        click.echo(f"… et {len(warnings) - SHOWN_WARNINGS} autres avertissements")
    counted = {
        "indicateurs": summary.indicators,
        "territoires": summary.territories,
        "valeurs": summary.observations,
        "cibles": summary.targets,
        "valeurs initiales": summary.baselines,
    }
    click.echo(f"Baromètre {slug}, édition du {on} : {', '.join(f'{count} {words}' for words, count in counted.items())}")
    if summary.compared_with:
        click.echo(f"Comparée avec l’édition du {summary.compared_with} : {summary.new_observations} valeurs nouvelles")
    for kind, by_size in summary.revisions.items():
        real, rounding = by_size.get(RevisionSize.REAL, 0), by_size.get(RevisionSize.ROUNDING, 0)
        click.echo(f"  {REVISIONS[kind]} : {real}" + (f", et {rounding} par arrondi" if rounding else ""))
    click.echo("Essai : rien n’a été écrit." if dry_run else ENDS[status].format(slug=slug, on=on))
