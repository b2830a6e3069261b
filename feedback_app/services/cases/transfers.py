"""From one ministry to another: offered, then accepted, declined, taken back or left without an answer. The clock never stops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.calendar import add_working_days, day_of
from feedback_app.domain.case import DUE_AT_ONCE, OFFER_WORKING_DAYS, CaseAction, CaseTextKind, OfferAction, OfferStatus
from feedback_app.domain.policy import Actor, Permission
from feedback_app.domain.trace import ActorKind
from feedback_app.domain.workflow import MoveRefused
from feedback_app.mail import case_messages
from feedback_app.models import CitizenRequest, Ministry, TransferOffer
from feedback_app.services.cases import moves, offers, telling
from feedback_app.services.cases.routing import current
from feedback_app.services.locking import lock


class SameMinistry(ValueError):
    """A case cannot be offered to the ministry that has it."""


def offer(request: CitizenRequest, ministry: Ministry, *, reason: str, actor: Actor, seen_version: int, at: datetime) -> TransferOffer:
    """Offer the case to another ministry, which has two working days. ``reason``: for the ministries, not public.

    Nobody has the case meanwhile: it comes back into "to take" or goes to the other ministry. Raises ``SameMinistry``.
    """
    target, here = current(ministry), request.ministry_id
    if not moves.ready(
        request,
        Permission.CASE_WORK,
        CaseAction.OFFER_TRANSFER,
        actor=actor,
        seen_version=seen_version,
        words=reason,
        to_ministry_id=target.id,
    ):
        return _pending(request)
    if here is None or target.id == here:
        raise SameMinistry
    made = TransferOffer(
        request_id=request.id,
        from_ministry_id=here,
        to_ministry_id=target.id,
        status=OfferStatus.OFFERED,
        offered_at=at,
        expires_on=add_working_days(day_of(at), OFFER_WORKING_DAYS),
    )
    request.assignee_id = None
    text = moves.write(request, CaseTextKind.OFFER, reason, actor=actor, at=at)
    moves.advance(request, CaseAction.OFFER_TRANSFER, actor=actor, at=at, to_ministry_id=target.id, text=text)
    request.offers.append(made)
    db.session.flush()
    return made


def accept(request: CitizenRequest, *, actor: Actor, seen_version: int, at: datetime) -> None:
    """The other ministry takes the case over: it waits there to be taken."""
    if not moves.ready(request, Permission.TRANSFER_DECIDE, CaseAction.ACCEPT_TRANSFER, actor=actor, seen_version=seen_version):
        return
    found = _pending(request)
    offers.settle(found, OfferAction.ACCEPT, at=at)
    request.ministry_id = found.to_ministry_id
    moves.advance(request, CaseAction.ACCEPT_TRANSFER, actor=actor, at=at, to_ministry_id=found.to_ministry_id)
    telling.tell(request, case_messages.moved, at=at, version=request.version, due_on=request.due_on)


def decline(request: CitizenRequest, *, reason: str, actor: Actor, seen_version: int, at: datetime) -> None:
    """The other ministry does not want it: the coordinator decides."""
    if not moves.ready(
        request, Permission.TRANSFER_DECIDE, CaseAction.DECLINE_TRANSFER, actor=actor, seen_version=seen_version, words=reason
    ):
        return
    found = _pending(request)
    offers.settle(found, OfferAction.DECLINE, at=at)
    text = moves.write(request, CaseTextKind.DECLINE, reason, actor=actor, at=at)
    moves.advance(request, CaseAction.DECLINE_TRANSFER, actor=actor, at=at, to_ministry_id=found.to_ministry_id, text=text)


def cancel(request: CitizenRequest, *, actor: Actor, seen_version: int, at: datetime) -> None:
    """The ministry that offered keeps the case after all."""
    if not moves.ready(request, Permission.CASE_WORK, CaseAction.CANCEL_TRANSFER, actor=actor, seen_version=seen_version):
        return
    found = _pending(request)
    offers.settle(found, OfferAction.CANCEL, at=at)
    moves.advance(request, CaseAction.CANCEL_TRANSFER, actor=actor, at=at, to_ministry_id=found.to_ministry_id)


def left_unanswered(at: datetime) -> Sequence[int]:
    """The offers that had no answer within two working days."""
    due = select(TransferOffer.id).where(TransferOffer.status == OfferStatus.OFFERED, TransferOffer.expires_on < day_of(at))
    return db.session.scalars(due.order_by(TransferOffer.expires_on, TransferOffer.id).limit(DUE_AT_ONCE)).all()


def expire(offer_id: int, at: datetime) -> None:
    """Send one of them to the coordinator; nothing when it was settled meanwhile (a job calls it)."""
    found = db.session.get_one(TransferOffer, offer_id)
    request = found.request
    lock(request)
    db.session.refresh(found)
    if found.status is not OfferStatus.OFFERED or found.expires_on >= day_of(at):
        return
    offers.settle(found, OfferAction.EXPIRE, at=at)
    moves.advance(request, CaseAction.EXPIRE_TRANSFER, at=at, actor_kind=ActorKind.SYSTEM, to_ministry_id=found.to_ministry_id)


def _pending(request: CitizenRequest) -> TransferOffer:
    if request.offer is None:
        raise MoveRefused(request.status, CaseAction.ACCEPT_TRANSFER)
    return request.offer
