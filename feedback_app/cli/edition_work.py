"""Long work on a terminal: a bar on the standard error, and refusals as lines or as JSON."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import NoReturn

import click
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from feedback_app.database import Batch, work_through
from feedback_app.importers.problems import ImportRefused, Problem, printable
from feedback_app.services.edition_drafts import DraftReplaced

SHOWN_PROBLEMS = 100
DATABASE = "base de données"


@contextmanager
def without_collector() -> Iterator[None]:
    """Python looks for cycles among all objects again and again while an edition is read: half of the time. It has none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def gone_through(batches: Iterable[Batch], length: int, label: str = "Édition") -> None:
    """Run the batches, with a bar on a terminal (``length``: about how many rows; 0: not known). Raises ``ImportRefused``."""
    try:
        if not _on_a_terminal():
            work_through(batches)
            return
        with click.progressbar(length=max(length, 1), label=label, file=sys.stderr) as bar:
            work_through(batches, lambda batch: bar.update(batch.rows))
    except (IntegrityError, DraftReplaced):
        raise ImportRefused([Problem(DATABASE, None, "un autre import écrivait la même édition au même moment, recommencez")]) from None
    except (OperationalError, ProgrammingError) as error:  # no such table: one on SQLite, the other on PostgreSQL
        reason = printable(str(error.orig).partition("\n")[0])
        message = f"elle ne peut pas être écrite maintenant ({reason}) ; est-elle à jour (flask db upgrade) ?"
        raise ImportRefused([Problem(DATABASE, None, message)]) from None


def _on_a_terminal() -> bool:
    return sys.stderr.isatty()


def refuse(refusal: ImportRefused, *, as_json: bool) -> NoReturn:
    """Say why, a hundred reasons at most, and end with status 1."""
    if as_json:
        shown = [asdict(problem) for problem in refusal.problems[:SHOWN_PROBLEMS]]
        click.echo(json.dumps({"refused": True, "problems": shown, "problem_count": refusal.count}))
    else:
        for line in refusal.lines(SHOWN_PROBLEMS):
            click.echo(line, err=True)
    sys.exit(1)
