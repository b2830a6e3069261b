"""``flask barometer``: the barometers, their editions, and which ministry answers for each reform."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from feedback_app.cli.accounts import Group
from feedback_app.cli.barometer_words import REFUSALS, told
from feedback_app.cli.edition_work import gone_through, refuse, without_collector
from feedback_app.database import db, unit_of_reading, unit_of_work
from feedback_app.domain.barometer import EditionStatus
from feedback_app.domain.figures import EditionFile
from feedback_app.domain.text import clean_name, clean_typed
from feedback_app.importers.barometer import MAX_BYTES, is_part_of_an_edition, read_edition
from feedback_app.importers.problems import ImportRefused, Problem, printable
from feedback_app.models import Barometer, Edition, Ministry
from feedback_app.services import barometers, edition_comparison, editions
from feedback_app.services.edition_import import EditionImport, EditionPreview
from feedback_app.services.editions import EditionRefused

SLUG = click.option("--barometer", "slug", metavar="SLUG", required=True, help="Nom court du baromètre.")
DATE = click.option("--date", "on", metavar="AAAA-MM-JJ", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Date de l’édition.")
JSON = click.option("--json", "as_json", is_flag=True, help="Un seul objet JSON, même en cas de refus.")

UNKNOWN = "aucun baromètre n’a ce nom court (flask barometer create)"


@click.group(cls=Group)
def barometer() -> None:
    """Baromètres, éditions, ministères des réformes."""


@barometer.command()
@click.argument("slug", metavar="SLUG")
@click.option("--name", required=True, help="Nom du baromètre, tel que les pages l’affichent.")
@click.option("--active", is_flag=True, help="C’est lui que montre /barometre/ ; les autres sont archivés, et restent lisibles.")
@with_appcontext
def create(slug: str, name: str, active: bool) -> None:
    """Crée le baromètre SLUG (lettres minuscules, chiffres et tirets). Le premier est toujours actif."""
    if not barometers.SLUG.fullmatch(slug):
        _fail(f"« {printable(slug)} » : un nom court est fait de lettres minuscules, de chiffres et de tirets")
    name = clean_name(name)
    if not name:
        _fail("le nom du baromètre est vide")
    try:
        with unit_of_work():
            made = barometers.create(slug, name=name, active=active, at=datetime.now(UTC))
            click.echo(f"Baromètre {slug} créé{' (actif)' if made.active else ' (archivé)'}.")
    except barometers.SlugTaken:
        _fail(f"un baromètre s’appelle déjà {slug}")


@barometer.command()
@click.argument("slug", metavar="SLUG")
@with_appcontext
def activate(slug: str) -> None:
    """Fait du baromètre SLUG celui que montre /barometre/ ; l’autre est archivé, et reste lisible."""
    with unit_of_work():
        barometers.activate(_barometer(slug), at=datetime.now(UTC))
    click.echo(f"Le baromètre {slug} est actif.")


@barometer.command("list")
@JSON
@with_appcontext
def list_all(as_json: bool) -> None:
    """Liste les baromètres et leurs éditions, brouillons et éditions retirées compris."""
    with unit_of_reading():
        found = [
            {
                "barometer": one.slug,
                "name": one.name,
                "active": one.active,
                "editions": [
                    {"date": edition.date.isoformat(), "status": edition.status.value, "observations": edition.observation_count}
                    for edition in editions.all_of(one)
                ],
            }
            for one in barometers.listed()
        ]
    if as_json:
        click.echo(json.dumps(found))
        return
    for one in found:
        click.echo(f"{one['barometer']} : {one['name']} ({'actif' if one['active'] else 'archivé'})")
        for edition in one["editions"]:  # type: ignore[attr-defined]
            click.echo(f"  {edition['date']} : {STATUSES[edition['status']]}, {edition['observations']} valeurs")


STATUSES = {
    EditionStatus.DRAFT: "brouillon",
    EditionStatus.PUBLISHED: "publiée",
    EditionStatus.WITHDRAWN: "retirée",
    EditionStatus.DISCARDED: "abandonnée",
}


@barometer.command("import")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@SLUG
@DATE
@click.option("--dry-run", is_flag=True, help="Dit ce qui changerait, n’écrit rien.")
@click.option("--publish", "then_publish", is_flag=True, help="Publie l’édition aussitôt ; sinon elle reste un brouillon.")
@JSON
@with_appcontext
def import_folder(folder: Path, slug: str, on: datetime, dry_run: bool, then_publish: bool, as_json: bool) -> None:
    """Importe l’édition du dossier FOLDER, en entier ou pas du tout, dans l’un des deux formats publiés."""
    day = on.date()
    try:
        with without_collector():
            work, file = imported(folder, slug, day, dry_run=dry_run, then_publish=then_publish)
        status = _status(work, then_publish)
    except ImportRefused as refusal:
        refuse(refusal, as_json=as_json)
    except EditionRefused as error:
        refuse(ImportRefused([Problem(f"édition du {day}", None, REFUSALS[error.reason])]), as_json=as_json)
    if work.summary is None:
        raise LookupError("an import ends with a summary")
    report = {"refused": False, "dry_run": dry_run, "barometer": slug, "date": day.isoformat(), "status": status, **work.summary.as_dict()}
    if as_json:
        click.echo(json.dumps({**report, "warnings": list(file.warnings)}))
    else:
        told(work.summary, file.warnings, slug=slug, on=day, status=status, dry_run=dry_run)


def imported(
    folder: Path, slug: str, day: date, *, dry_run: bool, then_publish: bool
) -> tuple[EditionPreview | EditionImport, EditionFile]:
    """Read an edition, then draft it (and publish it), or only look what that would change. Raises the refusals."""
    with unit_of_reading():
        found = barometers.find(slug)
        if found is None:
            raise ImportRefused([Problem(printable(slug), None, UNKNOWN)])
        barometer_id = found.id
    file = read_edition(_files(folder))
    if dry_run:
        preview = EditionPreview(barometer_id, day, file)
        gone_through(preview.batches(), len(file.indicators))
        return preview, file
    work = EditionImport(barometer_id, day, file, at=datetime.now(UTC))
    gone_through(work.batches(), len(file.indicators) + sum(map(len, file.figures.values())))
    if then_publish and not work.unchanged:
        _publish(work.edition_id)
    return work, file


def _status(work: EditionPreview | EditionImport, then_publish: bool) -> str:
    if work.unchanged:
        return "unchanged"
    return EditionStatus.PUBLISHED.value if then_publish else EditionStatus.DRAFT.value


def _files(folder: Path) -> dict[str, bytes]:
    """The files of the formats in a folder and below it, by path from there. Others, and links, are not even opened."""
    if not folder.is_dir():
        raise ImportRefused([Problem("".join(map(printable, str(folder))), None, "ce dossier n’existe pas")])
    found: dict[str, bytes] = {}
    size = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file() or not is_part_of_an_edition(name):
            continue
        size += path.stat().st_size
        if size > MAX_BYTES:
            raise ImportRefused([Problem(name, None, f"les fichiers dépassent ensemble {MAX_BYTES // 1_000_000} Mo")])
        try:
            found[name] = path.read_bytes()
        except OSError as error:
            raise ImportRefused([Problem(name, None, f"ce fichier ne peut pas être lu ({error.strerror})")]) from None
    return found


def _publish(edition_id: int) -> None:
    with unit_of_work():
        editions.publish(db.session.get_one(Edition, edition_id), at=datetime.now(UTC))
    _compare_what_is_due()


def _compare_what_is_due() -> None:
    """An edition published or withdrawn between two others changes what the next one is compared with."""
    with unit_of_reading():
        due = list(edition_comparison.due())
    for edition_id in due:
        try:
            gone_through(edition_comparison.Comparison(edition_id, at=datetime.now(UTC)).batches(), 0)
        except EditionRefused:  # the job process is at it too: one of them ends it, at its next sweep at the latest
            click.echo("Les révisions de l’édition suivante sont calculées par ailleurs.", err=True)


@barometer.command()
@SLUG
@DATE
@with_appcontext
def publish(slug: str, on: datetime) -> None:
    """Publie le brouillon d’une date. Ses révisions sont calculées de nouveau si une autre édition a changé entre-temps."""
    with unit_of_reading():
        draft = editions.draft_on(_barometer(slug), on.date())
        if draft is None:
            _fail(f"le baromètre {slug} n’a pas de brouillon au {on.date()}")
        edition_id = draft.id
    try:
        gone_through(edition_comparison.Comparison(edition_id, at=datetime.now(UTC)).batches(), 0)
        _publish(edition_id)
    except EditionRefused as error:
        _fail(REFUSALS[error.reason])
    click.echo(f"L’édition du {on.date()} est publiée.")


@barometer.command()
@SLUG
@DATE
@click.option("--reason", required=True, help="Motif, que tout le monde pourra lire.")
@with_appcontext
def withdraw(slug: str, on: datetime, reason: str) -> None:
    """Retire l’édition publiée d’une date ; les révisions de la suivante sont calculées de nouveau."""
    reason = clean_typed(reason)
    if not reason:
        _fail("le motif est vide : tout le monde le lira")
    with unit_of_work():
        edition = editions.published_on(_barometer(slug), on.date())
        if edition is None:
            _fail(f"le baromètre {slug} n’a pas d’édition publiée au {on.date()}")
        editions.withdraw(edition, reason, at=datetime.now(UTC))
    _compare_what_is_due()
    click.echo(f"L’édition du {on.date()} est retirée.")


@barometer.command()
@SLUG
@JSON
@with_appcontext
def reforms(slug: str, as_json: bool) -> None:
    """Liste les réformes d’un baromètre, et le ministère qui répond de chacune."""
    with unit_of_reading():
        found = [
            {"code": reform.code, "name": reform.name, "ministry": reform.ministry.slug if reform.ministry else None}
            for reform in barometers.reforms(_barometer(slug))
        ]
    if as_json:
        click.echo(json.dumps(found))
        return
    for reform in found:
        click.echo(f"{reform['code']} : {reform['name']} → {reform['ministry'] or 'coordination'}")


@barometer.command("map-reform")
@click.argument("code", metavar="REFORM")
@SLUG
@click.option("--ministry", metavar="SLUG", help="Ministère qui répond de la réforme.")
@click.option("--none", "nobody", is_flag=True, help="Plus personne : la coordination oriente.")
@with_appcontext
def map_reform(code: str, slug: str, ministry: str | None, nobody: bool) -> None:
    """Dit quel ministère répond de la réforme REFORM : les questions sur ses indicateurs lui reviennent."""
    if (ministry is None) != nobody:
        _fail("donnez soit --ministry SLUG, soit --none")
    with unit_of_work():
        reform = barometers.find_reform(_barometer(slug), code)
        if reform is None:
            _fail(f"le baromètre {slug} n’a pas de réforme {printable(code)}")
        found = db.session.scalar(select(Ministry).where(Ministry.slug == ministry)) if ministry else None
        if ministry and found is None:
            _fail(f"aucun ministère ne s’appelle {printable(ministry)}")
        changed = barometers.map_reform(reform, found, at=datetime.now(UTC))
    click.echo(f"{code} → {ministry or 'coordination'}{'' if changed else ' (rien n’a changé)'}")


def _barometer(slug: str) -> Barometer:
    found = barometers.find(slug)
    if found is None:
        _fail(f"{printable(slug)} : {UNKNOWN}")
    return found


def _fail(sentence: str) -> NoReturn:
    raise click.ClickException(sentence)
