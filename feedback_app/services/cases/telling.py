"""Mails about a case: to the person who asked. (Staff get one a day: ``services/digest``.)"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.case import Promise, Verdict
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.mail import outbox
from feedback_app.mail.case_messages import About
from feedback_app.mail.message import Message
from feedback_app.models import CitizenRequest, Ministry
from feedback_app.services.cases import clock
from feedback_app.services.signing import private_token


def about(request: CitizenRequest) -> About | None:
    """What every mail about it says; None when its author was erased."""
    contribution = request.contribution
    if contribution.identity is None:
        return None
    ministry = db.session.get(Ministry, request.ministry_id) if request.ministry_id else None
    return About(
        identity=contribution.identity,
        reference=request.reference,
        topic_title=request.topic.title,
        ministry=ministry.name if ministry else None,
        legal=clock.promise(request) is Promise.LEGAL_MONTH,
        postal_address=ministry.postal_address if ministry else None,
        telephone=ministry.telephone if ministry else None,
        contact_email=ministry.contact_email if ministry else None,
        private_path=addresses.private_page(private_token(contribution)),
        public_path=addresses.request_page(request.reference) if contribution.status is ContributionStatus.PUBLISHED else None,
    )


def tell(request: CitizenRequest, write: Callable[..., Message], *, at: datetime, not_before: datetime | None = None, **facts: Any) -> None:
    """Owe the author the mail that ``write`` (of ``case_messages``) makes from ``facts``. Nothing when they were erased."""
    found = about(request)
    if found is not None:
        outbox.queue(write(about=found, language=request.contribution.language, **facts), at=at, not_before=not_before)


def rating_paths(request: CitizenRequest) -> dict[Verdict, str]:
    """The addresses behind "yes", "partly" and "no" in a mail: a page that asks to press a button, so that no program rates."""
    token = private_token(request.contribution)
    return {verdict: addresses.rating(token, verdict.value) for verdict in Verdict}
