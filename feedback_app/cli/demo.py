"""``flask demo``: the sample data. Registered in a demo only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from feedback_app.database import db, unit_of_reading, unit_of_work
from feedback_app.demo import seed
from feedback_app.demo.people import PEOPLE
from feedback_app.domain.contribution import THREAD_KINDS
from feedback_app.importers.problems import printable
from feedback_app.models import CitizenRequest, Commitment, Contribution, Indicator


@click.group()
def demo() -> None:
    """Données fictives de la démonstration."""


@demo.command("seed")
@click.option("--small", is_flag=True, help="Le plan, les personnes et quelques textes seulement, en deux secondes.")
@with_appcontext
def fill(small: bool) -> None:
    """Installe des mois de données fictives ; si elles sont là, ne change rien."""
    now = datetime.now(UTC)
    try:
        with unit_of_work(), _progress(now, whole=not small) as progress:
            entered = seed.seed(at=now, progress=progress, whole=not small)
    except DBAPIError as error:
        message = f"la base de données ne peut pas être remplie ({printable(str(error.orig))}) ; est-elle à jour (flask db upgrade) ?"
        raise click.ClickException(message) from None
    if entered:
        click.echo(f"Démonstration prête : {', '.join(_entered())}, {len(PEOPLE)} personnes : tout est fictif.")
    else:
        click.echo("La démonstration a déjà ses données : rien n’a changé.")


def _entered() -> list[str]:
    """What is there now, in words."""
    things = ((Commitment.id, "engagements"), (Indicator.id, "indicateurs"), (CitizenRequest.id, "demandes"))
    with unit_of_reading():
        counts = [f"{db.session.scalar(select(func.count(column)))} {word}" for column, word in things]
        said = select(func.count(Contribution.id)).where(Contribution.kind.in_(THREAD_KINDS))
        return [*counts, f"{db.session.scalar(said)} commentaires"]


@contextmanager
def _progress(now: datetime, *, whole: bool) -> Iterator[seed.Progress | None]:
    """A bar on a terminal, nothing in a log file."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=seed.length(at=now, whole=whole), label="Données fictives", file=sys.stderr) as bar:
        yield bar.update
