"""What citizens do with their own texts: send, confirm, correct, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, exists, func, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value

from feedback_app.database import db, insert_at_once
from feedback_app.domain import addresses
from feedback_app.domain.case import REQUEST_KINDS, CaseStatus
from feedback_app.domain.contribution import (
    CONTRIBUTION_WORKFLOW,
    TEXT_WORKFLOW,
    ContributionAction,
    ContributionKind,
    ContributionStatus,
    TextAction,
    TextStatus,
)
from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.personal_data import email_key
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.domain.workflow import MoveRefused
from feedback_app.mail import case_messages, messages, outbox
from feedback_app.models import CaseContribution, CaseEvent, CitizenRequest, Contribution, Identity, TextVersion, Topic
from feedback_app.services import assessors, events, identities, meeting_moves, search, site
from feedback_app.services.cases import beginning, telling
from feedback_app.services.locking import lock
from feedback_app.services.paging import Order, Page, Window, parse_moment, read_page, write_moment
from feedback_app.services.signing import confirmation_token, signer

CONFIRMATION_MAILS = 5


class FormAlreadyUsed(Exception):
    """The key of this form has already brought another text: neither may be lost."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__("form key used for another text")
        self.contribution = contribution


class TooManyMails(Exception):
    """The confirmation mail of this contribution was sent often enough."""


@dataclass(frozen=True)
class NewText:
    """What a citizen sends: clean (``domain/text.py``) and checked by the form. ``public_name`` None means anonymous."""

    body: str
    email: str
    public_name: str | None


def submit(
    topic: Topic,
    kind: ContributionKind,
    new: NewText,
    *,
    form_key: str,
    language: str,
    at: datetime,
    figure: beginning.Figure | None = None,
) -> Contribution:
    """Record a text and ask its author to confirm their address by mail. A request gets its reference; ``figure``: what it points at.

    The same form sent twice gives the same contribution; with another text it raises ``FormAlreadyUsed``. Raises
    ``ContributionsClosed`` while citizens cannot write.
    """
    earlier = _sent_with(form_key, new)
    if earlier:
        return earlier
    site.expect_open()
    identity = identities.find_or_create(new.email, at=at)
    contribution = Contribution(
        topic=topic,
        identity=identity,
        signature=identities.signature_for(identity, new.public_name),
        kind=kind,
        status=ContributionStatus.AWAITING_CONFIRMATION,
        form_key=form_key,
        language=language,
        created_at=at,
    )
    earlier = _insert(contribution, new, at=at)
    if earlier:
        return earlier
    if kind in REQUEST_KINDS:
        beginning.register(contribution, figure or beginning.Figure(), at=at)
    _ask_confirmation(contribution, attempt=1, at=at)
    return contribution


def follow_up(parent: Contribution, kind: ContributionKind, body: str, *, form_key: str, language: str, at: datetime) -> Contribution:
    """Record a further text by the author of ``parent``, on the same topic and under the same name: it waits for a moderator at once.

    For what is said inside a case, from the secret page: the address was proved before. Raises ``FormAlreadyUsed`` as ``submit``.
    """
    contribution = Contribution(
        topic_id=parent.topic_id,
        topic=parent.topic,
        identity=parent.identity,
        signature=parent.signature,
        kind=kind,
        status=ContributionStatus.AWAITING_CONFIRMATION,
        form_key=form_key,
        language=language,
        created_at=at,
    )
    return _send_at_once(contribution, _as_by(parent, body), at=at)


def by_account(
    topic: Topic, kind: ContributionKind, identity: Identity, body: str, *, form_key: str, language: str, at: datetime
) -> Contribution:
    """Record a text by somebody signed in, under no name of theirs: it waits for a moderator at once.

    Raises ``FormAlreadyUsed`` as ``submit``, and ``ContributionsClosed``.
    """
    new = NewText(body=body, email=identity.email, public_name=None)
    earlier = _sent_with(form_key, new)
    if earlier:
        return earlier
    site.expect_open()
    contribution = Contribution(
        topic=topic,
        identity=identity,
        kind=kind,
        status=ContributionStatus.AWAITING_CONFIRMATION,
        form_key=form_key,
        language=language,
        created_at=at,
    )
    return _send_at_once(contribution, new, at=at)


def _send_at_once(contribution: Contribution, new: NewText, *, at: datetime) -> Contribution:
    earlier = _insert(contribution, new, at=at)
    if earlier:
        return earlier
    confirm(contribution, at=at)
    return contribution


def sent_by(parent: Contribution, body: str, *, form_key: str) -> Contribution | None:
    """What the author of ``parent`` sent with this form before; None: nothing. Raises ``FormAlreadyUsed`` when it was another text."""
    return _sent_with(form_key, _as_by(parent, body))


def _as_by(parent: Contribution, body: str) -> NewText:
    email = parent.identity.email if parent.identity else ""
    return NewText(body=body, email=email, public_name=parent.signature.name if parent.signature else None)


def _insert(contribution: Contribution, new: NewText, *, at: datetime) -> Contribution | None:
    """Add it with its first wording; or return what the same form brought at the same time in another process."""
    has_topic = contribution.topic in db.session or insert_at_once(contribution.topic)  # a meeting that is proposed brings its own
    if not (has_topic and insert_at_once(contribution)):
        earlier = _sent_with(contribution.form_key, new)
        if earlier is None:
            raise LookupError("the form key is taken, and by no text")
        return earlier
    version = TextVersion(contribution_id=contribution.id, **_wording(contribution, 1, new.body, at=at))
    insert_at_once(version)
    db.session.connection().execute(_pointing(), {"contribution": contribution.id, "version": version.id})
    set_committed_value(contribution, "current_version_id", version.id)
    set_committed_value(contribution, "current_version", version)
    _record(EventVerb.CONTRIBUTION_SUBMIT, contribution, at=at)
    return None


def _sent_with(form_key: str, new: NewText) -> Contribution | None:
    earlier = db.session.scalar(_sent_with_key(), {"form_key": form_key})
    if earlier is None:
        return None
    name = earlier.signature.name if earlier.signature else None
    address = earlier.identity.email_key if earlier.identity else None
    if (earlier.versions[0].body, name, address) != (new.body, new.public_name, email_key(new.email)):
        raise FormAlreadyUsed(earlier)
    return earlier


@cache
def _pointing() -> Update:
    """The first version stands."""
    version = bindparam("version", type_=Contribution.current_version_id.type)
    return update(Contribution.__table__).where(Contribution.id == bindparam("contribution")).values(current_version_id=version)  # type: ignore[arg-type]


@cache
def _sent_with_key() -> Select[Contribution]:
    return select(Contribution).where(Contribution.form_key == bindparam("form_key"))


def _add_version(contribution: Contribution, number: int, body: str, *, at: datetime) -> TextVersion:
    version = TextVersion(contribution=contribution, **_wording(contribution, number, body, at=at))
    db.session.add(version)
    return version


def _wording(contribution: Contribution, number: int, body: str, *, at: datetime) -> dict[str, Any]:
    waits = contribution.status is not ContributionStatus.AWAITING_CONFIRMATION
    return {"number": number, "body": body, "status": TextStatus.PENDING, "created_at": at, "submitted_at": at if waits else None}


def _ask_confirmation(contribution: Contribution, *, attempt: int, at: datetime) -> None:
    identity, version = contribution.identity, contribution.current_version
    if identity is None or version is None:
        raise LookupError("a contribution that awaits its confirmation has an author and a text")
    path = addresses.confirmation(confirmation_token(contribution))
    request = beginning.request_of(contribution)
    if request:
        telling.tell(request, case_messages.confirm, at=at, body=version.body, confirmation_path=path, attempt=attempt)
        return
    message = messages.confirm_contribution(
        identity=identity,
        language=contribution.language,
        topic_title=contribution.topic.title,
        body=version.body,
        confirmation_path=path,
        contribution_id=contribution.id,
        attempt=attempt,
    )
    outbox.queue(message, at=at)


def confirm(contribution: Contribution, *, at: datetime) -> bool:
    """The author proved their address: the text now waits for a moderator. False when that was so already."""
    lock(contribution)
    before = contribution.status
    if before is not ContributionStatus.AWAITING_CONFIRMATION:
        return False
    contribution.status = CONTRIBUTION_WORKFLOW.next(before, ContributionAction.CONFIRM)
    contribution.confirmed_at = at
    if contribution.identity and contribution.identity.confirmed_at is None:
        contribution.identity.confirmed_at = at
    if contribution.current_version:
        contribution.current_version.submitted_at = at
    _record(EventVerb.CONTRIBUTION_CONFIRM, contribution, at=at, before=before)
    beginning.confirmed(contribution, at=at)
    return True


def correct(contribution: Contribution, body: str, *, seen_version: int, at: datetime) -> TextVersion:
    """Send a new wording. ``seen_version``: the number of the latest version when the form was shown.

    A public text stays public until a moderator has read the new one. Raises ``Conflict`` when a newer version exists,
    ``MoveRefused`` when the contribution can no longer be corrected.
    """
    site.expect_open()
    lock(contribution)
    if not assessors.may_speak(contribution):
        raise MoveRefused(contribution.status, ContributionAction.CORRECT)
    contribution.status = CONTRIBUTION_WORKFLOW.next(contribution.status, ContributionAction.CORRECT)
    latest = latest_version(contribution)
    if latest.body == body:
        return latest  # nothing new, or the same form sent twice
    if latest.number != seen_version:
        raise Conflict(OtherText(latest.body, contribution.language, at=latest.created_at))
    version = _add_version(contribution, latest.number + 1, body, at=at)
    if latest.status is TextStatus.PENDING:
        latest.status = TEXT_WORKFLOW.next(latest.status, TextAction.REPLACE)
    if contribution.status is not ContributionStatus.PUBLISHED:
        contribution.current_version = version
    db.session.flush()
    _record(EventVerb.CONTRIBUTION_CORRECT, contribution, at=at, before=contribution.status)
    return version


def resend_confirmation(contribution: Contribution, email: str, *, at: datetime) -> None:
    """Send the confirmation again, to a corrected (clean) address if need be: the link sent before then opens nothing.

    Raises ``MoveRefused`` once confirmed or withdrawn, ``TooManyMails`` after five mails.
    """
    lock(contribution)
    contribution.status = CONTRIBUTION_WORKFLOW.next(contribution.status, ContributionAction.REDIRECT)
    attempt = 2 + _times(EventVerb.CONTRIBUTION_REDIRECT, contribution)
    if attempt > CONFIRMATION_MAILS:
        raise TooManyMails
    former_id = contribution.identity_id
    identity = identities.find_or_create(email, at=at)
    if identity.id != former_id:
        name = contribution.signature.name if contribution.signature else None
        contribution.identity = identity
        contribution.signature = identities.signature_for(identity, name)
        db.session.flush()
        if former_id is not None:
            identities.forget_if_unused(former_id)
    _record(EventVerb.CONTRIBUTION_REDIRECT, contribution, at=at, before=contribution.status)
    _ask_confirmation(contribution, attempt=attempt, at=at)


def withdraw(contribution: Contribution, *, at: datetime) -> None:
    """Take the text back: nobody but its author sees it any more. A second click changes nothing.

    With a request goes its case, and what its author said in it.
    """
    lock(contribution)
    before = contribution.status
    if before is ContributionStatus.WITHDRAWN:
        return
    contribution.status = CONTRIBUTION_WORKFLOW.next(before, ContributionAction.WITHDRAW)
    latest = latest_version(contribution)
    if latest.status is TextStatus.PENDING:
        latest.status = TEXT_WORKFLOW.next(latest.status, TextAction.WITHDRAW)
    _record(EventVerb.CONTRIBUTION_WITHDRAW, contribution, at=at, before=before)
    for said in _said_inside(contribution):
        withdraw(said, at=at)
    beginning.author_withdrew(contribution, at=at)
    meeting_moves.author_withdrew(contribution, at=at)
    if before is ContributionStatus.PUBLISHED:
        search.refresh(contribution)


def _said_inside(contribution: Contribution) -> Sequence[Contribution]:
    """The texts that the author of a request sent inside its case; none for any other text."""
    statement = (
        select(Contribution)
        .join(CaseContribution, CaseContribution.contribution_id == Contribution.id)
        .join(CitizenRequest, CaseContribution.request_id == CitizenRequest.id)
        .where(CitizenRequest.contribution_id == contribution.id)
    )
    return db.session.scalars(statement.order_by(Contribution.id)).all() if contribution.kind in REQUEST_KINDS else ()


def latest_version(contribution: Contribution) -> TextVersion:
    """The newest wording, public or not."""
    statement = select(TextVersion).where(TextVersion.contribution_id == contribution.id).order_by(TextVersion.number.desc()).limit(1)
    return db.session.execute(statement).scalar_one()


@dataclass(frozen=True)
class OwnText:
    """One line of a person's own list."""

    id: int
    topic_title: str
    body: str
    language: str
    status: ContributionStatus
    created_at: datetime
    correction_waits: bool
    reference: str | None
    """Of a request, and where its case is."""
    case_status: CaseStatus | None
    token: str = ""


def of_identity(identity_id: int, window: Window) -> Page[OwnText]:
    """Everything a person sent and confirmed, the newest first. What was never confirmed may not be theirs."""
    newer = aliased(TextVersion)
    waiting_correction = exists().where(
        newer.contribution_id == Contribution.id, newer.status == TextStatus.PENDING, newer.id != Contribution.current_version_id
    )
    statement = (
        select(
            Contribution.id,
            Topic.title.label("topic_title"),
            TextVersion.body,
            Contribution.language,
            Contribution.status,
            Contribution.created_at,
            waiting_correction.label("correction_waits"),
            CitizenRequest.reference,
            CitizenRequest.status.label("case_status"),
        )
        .outerjoin(CitizenRequest, CitizenRequest.contribution_id == Contribution.id)
        .join(Topic, Contribution.topic_id == Topic.id)
        .join(TextVersion, Contribution.current_version_id == TextVersion.id)
        .where(Contribution.identity_id == identity_id, Contribution.confirmed_at.is_not(None))
    )
    order = Order(
        (Contribution.created_at, Contribution.id), parse_moment, lambda own: write_moment(own.created_at, own.id), descending=True
    )
    return read_page(statement, order, window, item=lambda row: OwnText(**row._mapping, token=signer().sign("private", row.id)))


def _times(verb: EventVerb, contribution: Contribution) -> int:
    statement = select(func.count()).where(CaseEvent.contribution_id == contribution.id, CaseEvent.verb == verb)
    return db.session.scalar(statement) or 0


def _record(verb: EventVerb, contribution: Contribution, *, at: datetime, before: ContributionStatus | None = None) -> None:
    events.record(
        verb,
        contribution,
        at=at,
        actor_kind=ActorKind.CITIZEN,
        actor_id=contribution.identity_id,
        before=before.value if before else None,
        after=contribution.status.value,
    )
