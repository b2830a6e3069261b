"""``flask statistics``: the published figures, for operators."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from feedback_app.database import db, unit_of_work
from feedback_app.domain.performance import FigureScope
from feedback_app.services import statistics as figures


@click.group()
def statistics() -> None:
    """Chiffres publiés."""


@statistics.command("compute")
@with_appcontext
def compute() -> None:
    """Recalcule les chiffres de la page des réponses d’après les événements."""
    at = datetime.now(UTC)
    found = figures.compute(at=at)
    db.session.rollback()
    with unit_of_work():
        figures.keep(found, at=at)
    click.echo(f"Chiffres calculés sur {found[FigureScope.ALL].received} demandes.")
