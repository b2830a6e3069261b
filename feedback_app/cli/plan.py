"""``flask plan``: action plans, from their files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from feedback_app.database import begin_writing, db, unit_of_work
from feedback_app.domain.text import clean_typed
from feedback_app.importers.json_document import MAX_BYTES
from feedback_app.importers.plan import PlanFile, read_plan
from feedback_app.importers.problems import ImportRefused, Problem, printable
from feedback_app.services import plans
from feedback_app.services.plan_differences import Differences
from feedback_app.services.plan_report import FIELD_WORDS, WORDS, ImportReport
from feedback_app.services.plans import Progress

SHOWN_PROBLEMS = 100
DATABASE = "base de données"
KINDS = {
    "ministries": ("ministère ou institution", "ministères ou institutions"),
    "commitments": ("engagement", "engagements"),
    "milestones": ("jalon", "jalons"),
}


@click.group()
def plan() -> None:
    """Plans d’action."""


@plan.command("import")
@click.argument("file", metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Dit ce qui changerait, avant et après, et n’écrit rien.")
@click.option("--reason", default=plans.IMPORT_REASON, help="Motif public de ce qui change dans un plan déjà connu.")
@click.option("--json", "as_json", is_flag=True, help="Un seul objet JSON, même en cas de refus.")
@with_appcontext
def import_file(file: str, dry_run: bool, reason: str, as_json: bool) -> None:
    """Importe le plan d’action du fichier FILE (« - » : l’entrée standard), en entier ou pas du tout."""
    try:
        report = _import(read_plan(_read(file)), reason=clean_typed(reason).strip() or plans.IMPORT_REASON, dry_run=dry_run)
    except ImportRefused as refusal:
        _refuse(refusal, as_json=as_json)
    if as_json:
        details = {"differences": report.differences.as_json()} if dry_run else {}
        click.echo(json.dumps({"refused": False, "dry_run": dry_run, **report.as_dict(), **details}))
    else:
        _tell(report, dry_run=dry_run)


def _read(name: str) -> bytes:
    """The bytes of the file, no more than an import accepts (a device or a pipe may never end)."""
    try:
        with click.open_file(name, "rb") as stream:
            data: bytes = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _unreadable(name, "ce fichier n’existe pas") from None
    except IsADirectoryError:
        raise _unreadable(name, "c’est un dossier, un fichier est attendu") from None
    except PermissionError:
        raise _unreadable(name, "vous n’avez pas le droit de lire ce fichier") from None
    except OSError as error:
        raise _unreadable(name, f"ce fichier ne peut pas être lu ({error.strerror})") from None
    if len(data) > MAX_BYTES:
        raise _unreadable(name, f"le fichier dépasse {MAX_BYTES // 1_000_000} Mo")
    return data


def _unreadable(name: str, message: str) -> ImportRefused:
    # Character by character: printable() would cut a long path, whose end matters most.
    return ImportRefused([Problem("".join(map(printable, name)), None, message)])


def _import(file: PlanFile, *, reason: str, dry_run: bool) -> ImportReport:
    try:
        with _transaction(dry_run=dry_run), _progress(len(file.commitments)) as progress:
            if dry_run:
                return plans.compare(file, at=datetime.now(UTC), progress=progress)
            return plans.import_plan(file, reason=reason, at=datetime.now(UTC), progress=progress)
    except IntegrityError:
        raise ImportRefused([Problem(DATABASE, None, "un autre import écrivait au même moment, recommencez")]) from None
    except (OperationalError, ProgrammingError) as error:  # no such table: one on SQLite, the other on PostgreSQL
        reason = printable(str(error.orig).partition("\n")[0])
        message = f"elle ne peut pas être écrite maintenant ({reason}) ; est-elle à jour (flask db upgrade) ?"
        raise ImportRefused([Problem(DATABASE, None, message)]) from None


@contextmanager
def _transaction(*, dry_run: bool) -> Iterator[None]:
    """The one transaction of the import. A dry run does everything in it, so that the database has its say too, and takes all back."""
    if not dry_run:
        with unit_of_work():
            yield
        return
    begin_writing()
    try:
        yield
    finally:
        db.session.rollback()


@contextmanager
def _progress(length: int) -> Iterator[Progress | None]:
    """A bar on a terminal, nothing in a log file; never on the standard output, which may be kept."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=length, label="Engagements", file=sys.stderr) as bar:
        yield bar.update


def _refuse(refusal: ImportRefused, *, as_json: bool) -> NoReturn:
    if as_json:
        shown = [asdict(problem) for problem in refusal.problems[:SHOWN_PROBLEMS]]
        click.echo(json.dumps({"refused": True, "problems": shown, "problem_count": len(refusal.problems)}))
    else:
        for line in refusal.lines(SHOWN_PROBLEMS):
            click.echo(line, err=True)
    sys.exit(1)


def _tell(report: ImportReport, *, dry_run: bool) -> None:
    """Say in French what changed, the summary last: a long list scrolls away."""
    for change in report.changes:
        click.echo(change)
    if dry_run:
        for line in _details(report.differences):
            click.echo(line)
    if report.differences.kept_phase:
        click.echo(f"phase : le fichier dit « {report.differences.kept_phase} », le plan est plus avancé ici et y reste")
    if report.missing:
        click.echo(f"engagements absents du fichier, gardés tels quels : {', '.join(map(str, report.missing))}")
    click.echo(f"Plan {report.slug} : {', '.join(_counted(report))}")
    if not report.changes:
        click.echo("Aucun changement.")
    if dry_run:
        click.echo("Essai : rien n’a été écrit.")


def _details(differences: Differences) -> Iterator[str]:
    """What is there and what the file says, one under the other."""
    for one in differences.plan:
        yield from _sides(f"plan, {WORDS[one.field.value]}", one.before, one.after)
    for commitment in differences.revised:
        for change in commitment.changes:
            place = f" {change.position}" if change.position else ""
            yield from _sides(f"engagement {commitment.number}, {FIELD_WORDS[change.field]}{place}", change.before, change.after)


def _sides(subject: str, before: str | None, after: str | None) -> Iterator[str]:
    yield f"  {subject}"
    for sign, said in (("-", before), ("+", after)):
        if said is not None:
            yield from (f"    {sign} {line}" for line in said.split("\n"))


def _counted(report: ImportReport) -> Iterator[str]:
    for kind, tally in report.tallies().items():
        if kind in KINDS:
            words = {"nouveau": tally.created, "modifié": tally.changed, "retiré": tally.removed}
            details = [f"{count} {_agree(word, count)}" for word, count in words.items() if count]
            yield f"{tally.in_file} {KINDS[kind][tally.in_file > 1]}" + (f" ({', '.join(details)})" if details else "")


def _agree(word: str, count: int) -> str:
    return word if count < 2 else {"nouveau": "nouveaux"}.get(word, f"{word}s")
