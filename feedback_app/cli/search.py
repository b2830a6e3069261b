"""``flask search``: the index of what is public, for operators."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from feedback_app.database import db, unit_of_work
from feedback_app.services import search as index


@click.group()
def search() -> None:
    """Index des textes publiés."""


@search.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Réécrit l’index d’après ce qui est public et en efface toute trace des textes retirés. Le site continue pendant ce temps."""
    write_again()


def write_again() -> None:
    """The same, for other commands too."""
    total = index.how_many()
    db.session.rollback()
    after: int | None = 0
    changed = 0
    with click.progressbar(length=total, label="Textes", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        while after is not None:
            # One short transaction after another: people who write meanwhile wait for one batch, not for all of them.
            with unit_of_work():
                batch = index.rebuild(after)
            db.session.expunge_all()
            bar.update(batch.read)
            after, changed = batch.after, changed + batch.changed
    with unit_of_work():
        index.forget_deleted()
    click.echo(f"Index réécrit : {total} textes lus, {changed} lignes changées")
