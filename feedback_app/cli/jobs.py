"""``flask jobs``: the process that delivers and sweeps."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from feedback_app import jobs


@click.group("jobs")
def jobs_group() -> None:
    """Travaux de fond."""


@jobs_group.command("run")
@with_appcontext
def run_jobs() -> None:
    """Envoie les courriels jusqu’à SIGTERM ou Ctrl-C ; celui en cours est terminé d’abord."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # huey's threads need it itself, not the proxy
    click.echo("Travaux de fond démarrés ; Ctrl-C les arrête.")
    try:
        jobs.run(app)
    except jobs.QueueUnavailable as error:
        raise click.ClickException(f"la file des travaux ne s’ouvre pas : {error}") from None
