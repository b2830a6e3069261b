"""The offer itself of a transfer, and how it is settled (``transfers`` and ``routing`` say by whom)."""

from __future__ import annotations

from datetime import datetime

from feedback_app.database import db
from feedback_app.domain.case import OFFER_WORKFLOW, OfferAction
from feedback_app.models import CitizenRequest, TransferOffer


def settle(offer: TransferOffer, action: OfferAction, *, at: datetime) -> None:
    """End an offer. Raises ``MoveRefused`` when it has ended already."""
    offer.status = OFFER_WORKFLOW.next(offer.status, action)
    offer.settled_at = at
    db.session.flush()


def call_off(request: CitizenRequest, *, at: datetime) -> None:
    """End the offer that waits, if there is one: the case goes elsewhere, or nowhere."""
    if request.offer:
        settle(request.offer, OfferAction.CANCEL, at=at)
