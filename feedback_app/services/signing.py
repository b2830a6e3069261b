"""The tokens of secret addresses, and the keyed hashes, of the running application."""

from __future__ import annotations

from flask import current_app

from feedback_app.database import db
from feedback_app.domain import personal_data
from feedback_app.domain.signing import Signer
from feedback_app.models import Contribution


def signer() -> Signer:
    """The application's signer, made from ``SECRET_KEY`` and its fallbacks."""
    found: Signer = current_app.extensions["signer"]
    return found


def private_token(contribution: Contribution) -> str:
    """The secret part of a contribution's private address."""
    return signer().sign("private", contribution.id)


def contribution_of_private(token: str) -> Contribution | None:
    """The contribution whose private address this is, or None."""
    return _contribution(signer().read("private", token))


def confirmation_token(contribution: Contribution) -> str:
    """Proves that its bearer reads the mailbox: bound to the address, so a corrected address kills the old link."""
    return signer().sign("confirm", [contribution.id, contribution.identity_id])


def contribution_of_confirmation(token: str) -> Contribution | None:
    """The contribution that this link may confirm, or None when it is forged or was sent to an address since corrected."""
    match signer().read("confirm", token):
        case [int(contribution_id), int(identity_id)]:
            contribution = _contribution(contribution_id)
            return contribution if contribution and contribution.identity_id == identity_id else None
    return None


def keyed_hash(value: str, purpose: str) -> str:
    """A hash that only this installation can make: for addresses that must be compared but not read."""
    return personal_data.keyed_hash(value, signer().key_for("hash"), purpose)


def _contribution(contribution_id: object) -> Contribution | None:
    return db.session.get(Contribution, contribution_id) if isinstance(contribution_id, int) else None
