"""``flask demo``: the sample data. Registered in a demo only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from feedback_app.database import unit_of_work
from feedback_app.demo import seed
from feedback_app.demo.indicators import SPECS
from feedback_app.demo.people import PEOPLE
from feedback_app.demo.texts import STORIES
from feedback_app.importers.problems import printable


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
        counts = (f"{len(seed.plan_file().commitments)} engagements", f"{0 if small else len(SPECS)} indicateurs")
        click.echo(f"Démonstration prête : {', '.join(counts)}, {len(PEOPLE)} personnes, {len(STORIES)} commentaires, tous fictifs.")
    else:
        click.echo("La démonstration a déjà ses données : rien n’a changé.")


@contextmanager
def _progress(now: datetime, *, whole: bool) -> Iterator[seed.Progress | None]:
    """A bar on a terminal, nothing in a log file."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=seed.length(at=now, whole=whole), label="Données fictives", file=sys.stderr) as bar:
        yield bar.update
