"""``flask privacy``: what is held about people, for operators. The people themselves find the same in their own space."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from feedback_app import jobs
from feedback_app.cli.accounts import Address, Group
from feedback_app.database import db, unit_of_work
from feedback_app.domain.language import FRENCH
from feedback_app.domain.personal_data import mask_email
from feedback_app.domain.privacy import Progress, TextsChoice
from feedback_app.domain.trace import AccessAction, ActorKind
from feedback_app.models import Identity
from feedback_app.services import access_log, identities
from feedback_app.services.privacy import erasure, export
from feedback_app.services.privacy import purge as purge_service

STEPS = {
    "unconfirmed_texts": "textes jamais confirmés",
    "unconfirmed_me_too": "« moi aussi » jamais confirmés ou retirés",
    "unconfirmed_addresses": "adresses jamais confirmées",
    "mails": "courriels anciens, vidés",
    "access_log": "lignes du journal d’accès",
    "sign_in_links": "liens de connexion",
    "sessions": "sessions terminées",
    "kept_forms": "formulaires gardés le temps d’une reconnexion",
    "rate_counts": "comptes de formulaires envoyés",
    "exports": "copies de données",
    "job_runs": "travaux faits",
    "plan_files": "fichiers de plan que personne n’a appliqués",
    "unused_warnings": "personnes prévenues d’un effacement",
    "unused_accounts": "personnes effacées, faute d’usage",
}
LAST_ADMINISTRATOR = "cette personne est seule à pouvoir administrer le site : donnez d’abord ce rôle à quelqu’un d’autre"


@click.group(cls=Group)
def privacy() -> None:
    """Données personnelles."""


@privacy.command("export")
@click.argument("email", type=Address())
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Écrire le fichier zip ici, sans rien envoyer.")
@with_appcontext
def export_data(email: str, output: Path | None) -> None:
    """Prépare la copie de tout ce que le site sait de EMAIL ; cette personne reçoit un lien."""
    with unit_of_work():
        identity = _known(email)
        if output:
            content = export.archive(identity, language=FRENCH, at=_now())
            access_log.record(AccessAction.EXPORT_FETCHED, at=_now(), concerned_id=identity.id)
            _write(output, content)
        else:
            export.ask(identity, actor=None, language=FRENCH, at=_now())
    jobs.wake_if_needed()
    click.echo(f"Copie écrite : {output}" if output else f"Copie demandée : {mask_email(email)} recevra un lien par courriel.")


@privacy.command("erase")
@click.argument("email", type=Address())
@click.option("--keep-texts", is_flag=True, help="Garder les textes publiés, signés « compte supprimé ».")
@click.option("--now", "at_once", is_flag=True, help="Tout de suite, sans courriel et sans retour possible.")
@with_appcontext
def erase(email: str, keep_texts: bool, at_once: bool) -> None:
    """Prévoit l’effacement de tout ce que le site sait de EMAIL ; cette personne peut l’annuler par courriel."""
    texts = TextsChoice.KEEP if keep_texts else TextsChoice.WITHDRAW
    try:
        with unit_of_work():
            identity = _known(email)
            if at_once:
                erasure.erase(identity, texts, actor_kind=ActorKind.SYSTEM, at=_now())
                done = "Effacement fait."
            else:
                planned = erasure.ask(identity, texts, actor=None, language=FRENCH, at=_now())
                done = f"Effacement prévu le {planned.due_at:%d/%m/%Y à %H:%M} (UTC) ; {mask_email(email)} peut l’annuler par courriel."
    except erasure.LastAdministrator:
        raise click.ClickException(LAST_ADMINISTRATOR) from None
    if at_once:
        jobs.wipe()
    jobs.wake_if_needed()
    click.echo(done)


@privacy.command("purge")
@click.option("--dry-run", is_flag=True, help="Compter seulement.")
@with_appcontext
def purge(dry_run: bool) -> None:
    """Oublie ce dont le délai est passé."""
    if dry_run:
        found = {step.name: step.count(_now()) for step in purge_service.STEPS}
        db.session.rollback()
    else:
        with _progress() as progress:
            found = jobs.purge_now(clock=_now, progress=progress)
        jobs.wake_if_needed()
    for name, count in found.items():
        click.echo(f"{count} {STEPS[name]}")
    click.echo("Rien n’a été changé." if dry_run else "Fait.")


@contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    """A line that changes on a terminal, nothing in a log file."""
    if not sys.stdout.isatty():
        yield lambda _progress: None
        return
    yield lambda now: click.echo(f"\r\x1b[K{STEPS[now.step]} : {now.done}/{now.total}", nl=False)
    click.echo("\r\x1b[K", nl=False)


def _known(email: str) -> Identity:
    identity = identities.find(email)
    if identity is None:
        raise click.ClickException(f"le site ne connaît pas l’adresse {email}")
    return identity


def _write(path: Path, content: bytes) -> None:
    """For its owner only, and never over another file."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise click.ClickException(f"{path} : {error.strerror}") from None


def _now() -> datetime:
    return datetime.now(UTC)
