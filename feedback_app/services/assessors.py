"""Who may still speak in the name of an organisation."""

from __future__ import annotations

from sqlalchemy import exists, select

from feedback_app.database import db
from feedback_app.domain.contribution import ContributionKind
from feedback_app.models import Account, Assessment, Assessor, Contribution, Organisation


def may_speak(contribution: Contribution) -> bool:
    """Whether its author may send another wording: of what they said for an organisation, while it is recognised and names them."""
    if contribution.kind is ContributionKind.MEETING:
        return False  # it says facts in fields: it is withdrawn and proposed again
    if contribution.kind is not ContributionKind.ASSESSMENT:
        return True
    named = exists().where(Assessor.organisation_id == Assessment.organisation_id, Assessor.account_id == Account.id)
    statement = (
        select(Assessment.id)
        .join(Organisation, Assessment.organisation_id == Organisation.id)
        .where(Assessment.contribution_id == contribution.id, Organisation.ended_at.is_(None))
        .where(named.where(Account.identity_id == contribution.identity_id))
    )
    return db.session.scalar(statement) is not None
