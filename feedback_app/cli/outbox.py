"""``flask outbox``: the mails that are owed, for operators."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from feedback_app import jobs
from feedback_app.database import db, unit_of_work
from feedback_app.domain.personal_data import mask_email
from feedback_app.mail import outbox as mails
from feedback_app.models import MailStatus, OutgoingMail

Progress = Callable[[mails.DeliveryReport], None]

_COUNTED = {MailStatus.WAITING: "en attente", MailStatus.SENT: "envoyés", MailStatus.FAILED: "en échec"}


@click.group()
def outbox() -> None:
    """Courriels à envoyer."""


@outbox.command("status")
@click.option("--json", "as_json", is_flag=True, help="Un seul objet JSON.")
@with_appcontext
def show_status(as_json: bool) -> None:
    """Compte les courriels et liste ceux qui sont en échec."""
    state = mails.status()
    if as_json:
        click.echo(json.dumps(_as_json(state), ensure_ascii=False))
        return
    click.echo(", ".join(f"{count} {_COUNTED[status]}" for status, count in state.counts.items()))
    if state.oldest_waiting:
        click.echo(f"Le plus ancien attend depuis le {state.oldest_waiting:%d/%m/%Y à %H:%M} (UTC).")
    for mail in state.dead_letters:
        click.echo(f"En échec : n° {mail.id}, {mask_email(mail.recipient)}, {mail.attempts} tentative(s), {mail.last_error}")
    if state.dead_letters:
        click.echo("Pour réessayer : flask outbox retry N°... ou --all")


def _as_json(state: mails.OutboxStatus) -> dict[str, object]:
    return {
        **{status.value: count for status, count in state.counts.items()},
        "oldest_waiting": state.oldest_waiting.isoformat() if state.oldest_waiting else None,
        "dead_letters": [_dead_letter(mail) for mail in state.dead_letters],
    }


def _dead_letter(mail: OutgoingMail) -> dict[str, object]:
    return {
        "id": mail.id,
        "recipient": mask_email(mail.recipient),
        "attempts": mail.attempts,
        "last_error": mail.last_error,
        "created_at": mail.created_at.isoformat(),
    }


@outbox.command("deliver")
@with_appcontext
def deliver_now() -> None:
    """Envoie ce qui est dû, sans attendre le processus des travaux. Se termine par 1 si un courriel n’a pas pu partir."""
    due = mails.due_count(_now())
    db.session.rollback()
    with _progress(due) as progress:
        report = mails.deliver_due(clock=_now, limit=due, progress=progress)
    untouched = max(due - report.tried, 0)
    click.echo(f"{report.sent} envoyés, {report.retried} à réessayer plus tard, {report.failed} en échec, {untouched} en attente")
    if report.stopped:
        click.echo(f"Arrêt avant la fin : {report.stopped}", err=True)
    if report.stopped or report.retried or report.failed:
        sys.exit(1)


@contextmanager
def _progress(length: int) -> Iterator[Progress | None]:
    """A bar on a terminal, nothing in a log file."""
    if not length or not sys.stdout.isatty():
        yield None
        return
    with click.progressbar(length=length, label="Envoi") as bar:
        yield lambda _report: bar.update(1)


@outbox.command("retry")
@click.argument("ids", metavar="[N°]...", nargs=-1, type=click.IntRange(1, 2**63 - 1))
@click.option("--all", "every", is_flag=True, help="Tous ceux qui sont en échec.")
@with_appcontext
def retry_dead_letters(ids: tuple[int, ...], every: bool) -> None:
    """Remet des courriels en échec dans la file, dus maintenant, comme si on ne les avait jamais essayés."""
    if every == bool(ids):
        raise click.UsageError("donnez les numéros de courriels en échec, ou --all")
    try:
        with unit_of_work():
            count = mails.retry(None if every else ids, at=_now())
    except mails.NotDeadLetters as error:
        raise click.ClickException(f"pas en échec : {', '.join(map(str, error.ids))} (rien n’a changé)") from None
    jobs.wake_if_needed()
    click.echo(f"{count} courriel(s) de nouveau dus")


def _now() -> datetime:
    return datetime.now(UTC)
