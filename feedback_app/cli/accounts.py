"""``flask accounts``: staff accounts and their rights."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from feedback_app.database import db, unit_of_work
from feedback_app.domain.personal_data import InvalidEmail, clean_email
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.text import clean_name
from feedback_app.models import Account, Ministry
from feedback_app.services import accounts as service
from feedback_app.services import identities, second_factor, sign_in


class Address(click.ParamType[str]):
    """An e-mail address, cleaned."""

    name = "email"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return clean_email(value)
        except InvalidEmail:
            self.fail(f"{value!r} n’est pas une adresse électronique", param, ctx)


class Group(click.Group):
    """Says in one line that the database is not ready, instead of a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:  # no such table: one on SQLite, the other on PostgreSQL
            reason = str(error.orig).partition("\n")[0]
            message = f"la base de données n’est pas prête ({reason}) ; est-elle à jour (flask db upgrade) ?"
            raise click.ClickException(message) from None


@click.group(cls=Group)
def accounts() -> None:
    """Comptes et habilitations."""


@accounts.command()
@click.argument("email", type=Address())
@click.option("--name", required=True, help="Le nom que voient les collègues.")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), help="Peut être répété.")
@click.option("--ministry", "slug", help="Le nom court du ministère.")
@click.option("--as", "kind", type=click.Choice([kind.value for kind in MembershipKind]), help="À quel titre dans ce ministère.")
@with_appcontext
def create(email: str, name: str, roles: tuple[str, ...], slug: str | None, kind: str | None) -> None:
    """Crée le compte EMAIL, ou lui ajoute ces droits."""
    if bool(slug) != bool(kind):
        raise click.UsageError("--ministry et --as vont ensemble")
    cleaned = clean_name(name)
    if not cleaned:
        raise click.UsageError("--name est vide")
    at = datetime.now(UTC)
    with unit_of_work():
        ministry = db.session.scalar(select(Ministry).where(Ministry.slug == slug)) if slug else None
        if slug and ministry is None:
            raise click.ClickException(f"aucun ministère ne s’appelle {slug!r}")
        account = service.create_or_update(email, name=cleaned, at=at)
        for role in roles:
            service.grant_role(account, Role(role), at=at)
        if ministry and kind:
            service.grant_membership(account, ministry, MembershipKind(kind), at=at)
    click.echo(f"Compte prêt : {email}")


@accounts.command("reset-second-factor")
@click.argument("email", type=Address())
@with_appcontext
def reset_second_factor(email: str) -> None:
    """Oublie le second facteur de EMAIL et ferme ses sessions : il sera redemandé à la prochaine connexion."""
    with unit_of_work():
        identity = identities.find(email)
        account = db.session.scalar(select(Account).where(Account.identity_id == identity.id)) if identity else None
        if account is None:
            raise click.ClickException(f"aucun compte pour {email}")
        forgotten = second_factor.reset(account, actor=None, at=datetime.now(UTC))
    click.echo(f"Second facteur oublié : {email}" if forgotten else f"Pas de second facteur pour {email} ; ses sessions sont fermées")


@accounts.command("sign-in-link")
@click.argument("email", type=Address())
@with_appcontext
def sign_in_link(email: str) -> None:
    """Affiche un lien de connexion à usage unique pour EMAIL (15 minutes)."""
    with unit_of_work():
        try:
            path = sign_in.link_for_operator(email, at=datetime.now(UTC))
        except LookupError:
            raise click.ClickException(f"personne ne peut se connecter avec {email}") from None
    click.echo(current_app.config["BASE_URL"] + path)
