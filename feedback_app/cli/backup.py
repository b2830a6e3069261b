"""``flask backup`` and ``flask restore``: the whole database in one file, and back; ``flask move``: into a larger one."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import click
import psycopg
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from feedback_app.cli.search import write_again
from feedback_app.database import db
from feedback_app.services.backup import moving, postgresql, sqlite
from feedback_app.services.backup.aftermath import Settled
from feedback_app.services.backup.files import BackupRefused, Progress

KINDS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
STOP_FIRST = "arrêtez d’abord les processus web et travaux, puis ajoutez --yes : tout ce qui est dans la base du site sera remplacé"
LOST = "La base précédente ne dit rien de ce qui s’est passé depuis la sauvegarde : lisez « Restore » dans docs/operating.md."


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@with_appcontext
def backup(path: Path) -> None:
    """Copie toute la base dans FILE, qui ne doit pas exister, pendant que le site tourne."""
    with _one_line(), _progress("Sauvegarde") as progress:
        KINDS[_kind()].back_up(db.engine, path, progress)
    click.echo(f"Sauvegarde écrite : {path} ({_megabytes(path.stat().st_size)})")


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Le site est arrêté ; remplace sa base.")
@with_appcontext
def restore(path: Path, yes: bool) -> None:
    """Met à la place de la base du site celle que « flask backup » a écrite dans FILE."""
    with _one_line():
        kind = _kind_of(path)
        revision = KINDS[kind].look(path)
        if kind != _kind():
            raise BackupRefused(f"{path} est une sauvegarde {NAMES[kind]}, la base du site est {NAMES[_kind()]}")
        if not yes:
            raise BackupRefused(f"{path} est une sauvegarde {NAMES[kind]} lisible (schéma {revision}) ; {STOP_FIRST}")
        with _progress("Restauration") as progress:
            settled, aside = KINDS[kind].restore(db.engine, path, progress, at=_now())
    write_again()  # a backup may be older than the index
    _tell(settled, aside)


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@with_appcontext
def move(path: Path) -> None:
    """Reprend dans la base PostgreSQL du site, encore vide, tout ce que contient la base SQLite FILE d’un site arrêté."""
    with _one_line(), _progress("Déménagement") as progress:
        rows = moving.move(db.engine, path, progress)
    write_again()
    click.echo(f"{rows} lignes reprises. {path} n’a pas changé : ne démarrez plus rien dessus, les mêmes courriels partiraient deux fois.")


def _kind() -> str:
    return db.engine.dialect.name


def _kind_of(path: Path) -> str:
    """Which database a file is a backup of, by its first bytes. Raises ``BackupRefused`` and ``OSError``."""
    with path.open("rb") as file:
        beginning = file.read(len(sqlite.HEADER))
    if beginning == sqlite.HEADER:
        return "sqlite"
    if beginning.startswith(postgresql.HEADER):
        return "postgresql"
    raise BackupRefused(f"{path} n’est pas une sauvegarde faite par « flask backup »")


def _tell(settled: Settled, aside: Path | None) -> None:
    click.echo(f"Base restaurée. {settled.sessions} session(s) fermée(s), {settled.mails} courriel(s) déjà partis ne repartiront pas.")
    if settled.erasures:
        click.echo(f"{settled.erasures} effacement(s) faits ou demandés depuis la sauvegarde seront refaits par les travaux de fond.")
    if not settled.known:
        click.echo(LOST)
    if aside:
        click.echo(f"La base précédente est gardée ici : {aside}. Elle contient des données personnelles : effacez-la dès que possible.")
    click.echo("Vous pouvez redémarrer les processus web et travaux.")


@contextmanager
def _one_line() -> Iterator[None]:
    """Whatever goes wrong ends with one line that says that nothing has changed."""
    try:
        yield
    except BackupRefused as refusal:
        raise click.ClickException(f"{refusal} (rien n’a changé)") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'fichier'} : {error.strerror} (rien n’a changé)") from None
    except (sqlite3.Error, psycopg.Error, SQLAlchemyError) as error:
        said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
        raise click.ClickException(f"la base de données a refusé : {said.splitlines()[0]} (rien n’a changé)") from None


@contextmanager
def _progress(words: str) -> Iterator[Progress]:
    """A line that changes on a terminal, nothing in a log file."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    yield lambda done, total: click.echo(f"\r\x1b[K{words} : {_share(done, total)}", nl=False, err=True)
    click.echo("\r\x1b[K", nl=False, err=True)


def _share(done: int, total: int | None) -> str:
    return _megabytes(done) if total is None else f"{100 * done // max(total, 1)} %"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} Mo".replace(".", ",")


def _now() -> datetime:
    return datetime.now(UTC)
