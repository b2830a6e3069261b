"""``flask theme``: the clothes of the site."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from feedback_app.importers.dsfr import DsfrRefused, read_dsfr
from feedback_app.services import theme as themes


@click.group()
def theme() -> None:
    """Apparence du site."""


@theme.command("import-dsfr")
@click.argument("folder", metavar="FOLDER", required=False, type=click.Path(path_type=Path))
@click.option("--off", is_flag=True, help="Revient à l’apparence neutre et efface la copie.")
@with_appcontext
def import_dsfr(folder: Path | None, off: bool) -> None:
    """Habille le site avec le système de design de l’État, depuis la copie décompressée dans FOLDER (paquet npm @gouvfr/dsfr).

    Réservé aux services de l’État, selon les conditions d’utilisation du DSFR : voir docs/theming.md.
    """
    if off == (folder is not None):
        raise click.UsageError("donnez le dossier d’une copie du DSFR, ou --off")
    instance_path: Path = current_app.config["SETTINGS"].instance_path
    try:
        click.echo(_take_off(instance_path) if folder is None else _put_on(folder, instance_path))
    except DsfrRefused as refusal:
        raise click.ClickException(f"{refusal} (rien n’a changé)") from None
    except OSError as error:
        raise click.ClickException(f"{instance_path} ne peut pas être modifié ({error.strerror})") from None


def _put_on(folder: Path, instance_path: Path) -> str:
    copy = read_dsfr(folder)
    themes.install(copy, instance_path)
    size = sum(map(len, copy.contents.values())) / 1_000_000
    return (
        f"DSFR {copy.version} importé ({len(copy.contents)} fichiers, {size:.1f} Mo). Redémarrez les processus web pour qu’ils le portent."
    )


def _take_off(instance_path: Path) -> str:
    version = themes.remove(instance_path)
    if version is None:
        return "Le site porte déjà son apparence neutre\u00a0: rien n’a changé."
    return f"DSFR {version} retiré. Redémarrez les processus web pour qu’ils reprennent l’apparence neutre."
