"""What other people say of a public request: "me too" (counted, public), and "this answer is enough for me" before they ask again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ScalarSelect, Select, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.mail import messages, outbox
from feedback_app.models import CitizenRequest, Contribution, MeToo, Sufficed
from feedback_app.services import events, freshness, identities, plain_rows, site
from feedback_app.services.cases.reading import PUBLIC
from feedback_app.services.locking import lock
from feedback_app.services.paging import Order, Page, Window, parse_moment, read_page, write_moment
from feedback_app.services.signing import signer

PURPOSE = "me-too"
MAILS = 3


def ask(request: CitizenRequest, email: str, *, form_key: str, language: str, at: datetime) -> None:
    """Somebody with this (clean) address asks the same as a public request: send them the link that proves it.

    Nothing tells the sender whether the address is known, or counted already: its owner reads that behind the link. The same form
    sent again sends nothing more, nor does any after three mails. Raises ``ContributionsClosed``.
    """
    site.expect_open()
    identity = identities.find_or_create(email, at=at)
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    new = {"request_id": request.id, "identity_id": identity.id, "asked_at": at, "mails": 0}
    db.session.execute(insert(MeToo).values(new).on_conflict_do_nothing(index_elements=[MeToo.identity_id, MeToo.request_id]))
    found = db.session.execute(select(MeToo).where(MeToo.identity_id == identity.id, MeToo.request_id == request.id)).scalar_one()
    lock(found)
    if found.mails >= MAILS:
        return
    message = messages.me_too(
        identity=identity,
        language=language,
        reference=request.reference,
        topic_title=request.topic.title,
        path=addresses.me_too(token_of(found)),
        key=f"me-too:{found.id}:{form_key}",
    )
    if outbox.queue(message, at=at):
        found.mails += 1


def token_of(me_too: MeToo) -> str:
    """The secret part of the address that goes to its author only."""
    return signer().sign(PURPOSE, me_too.id)


def of_token(token: str) -> MeToo | None:
    """The one whose address this is; None when it is forged, forgotten, or its request is not public any more."""
    found = signer().read(PURPOSE, token)
    statement = (
        select(MeToo)
        .join(MeToo.request)
        .join(CitizenRequest.contribution)
        .where(MeToo.id == (found if isinstance(found, int) else 0), *PUBLIC)
        .options(joinedload(MeToo.request).joinedload(CitizenRequest.contribution), joinedload(MeToo.identity))
    )
    return db.session.scalar(statement)


def is_own(me_too: MeToo) -> bool:
    """Whether they asked it themselves: one question, one person."""
    return me_too.request.contribution.identity_id == me_too.identity_id


def confirm(me_too: MeToo, *, at: datetime) -> None:
    """They proved their address: count them. A second click changes nothing, nor does it count who asked the question."""
    lock(me_too)
    if me_too.confirmed_at is not None or is_own(me_too):
        return
    me_too.confirmed_at = at
    if me_too.identity.confirmed_at is None:
        me_too.identity.confirmed_at = at
    _record(EventVerb.ME_TOO_CONFIRM, me_too, at=at)


def withdraw(me_too: MeToo, *, at: datetime) -> None:
    """Take it back: they count no more, and the row goes with the next purge. A second click changes nothing."""
    lock(me_too)
    if me_too.confirmed_at is None:
        return
    me_too.confirmed_at = None
    _record(EventVerb.ME_TOO_WITHDRAW, me_too, at=at)


def _record(verb: EventVerb, me_too: MeToo, *, at: datetime) -> None:
    events.record(verb, me_too, at=at, actor_kind=ActorKind.CITIZEN, actor_id=me_too.identity_id)


def number() -> ScalarSelect[int]:
    """How many people ask the same, for a statement about ``CitizenRequest``."""
    counted = select(func.count()).where(MeToo.request_id == CitizenRequest.id, MeToo.confirmed_at.is_not(None))
    return counted.correlate(CitizenRequest).scalar_subquery()


def count(request: CitizenRequest) -> int:
    """How many people ask the same."""
    return int(plain_rows.one(_number_of(), {"request": request.id}).number)


@cache
def _number_of() -> Select[int]:
    return select(func.count().label("number")).where(MeToo.request_id == bindparam("request"), MeToo.confirmed_at.is_not(None))


def of_identity(identity_id: int, window: Window) -> Page[MeToo]:
    """What a person asks too, the latest first."""
    statement = (
        select(MeToo)
        .join(MeToo.request)
        .join(CitizenRequest.contribution)
        .where(MeToo.identity_id == identity_id, MeToo.confirmed_at.is_not(None), *PUBLIC)
        .options(joinedload(MeToo.request).joinedload(CitizenRequest.contribution).joinedload(Contribution.current_version))
    )
    order = Order((MeToo.confirmed_at, MeToo.id), parse_moment, lambda own: write_moment(own.confirmed_at, own.id), descending=True)
    return read_page(statement, order, window, item=lambda row: row[0])


def topics_of(identity_id: int) -> Sequence[int]:
    """The topics whose pages count this person."""
    asked = select(CitizenRequest.topic_id).join(MeToo, MeToo.request_id == CitizenRequest.id)
    return db.session.scalars(asked.where(MeToo.identity_id == identity_id, MeToo.confirmed_at.is_not(None)).distinct()).all()


def suffice(request: CitizenRequest, *, form_key: str, at: datetime) -> None:
    """Somebody who was about to ask has their answer in this public request. A form counts once; nobody is recorded."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    new = {"request_id": request.id, "form_key": form_key, "at": at}
    db.session.execute(insert(Sufficed).values(new).on_conflict_do_nothing(index_elements=[Sufficed.form_key]))
    freshness.touch(request.topic_id)


def sufficed(request: CitizenRequest) -> int:
    """For how many people its answer was enough."""
    return db.session.scalar(select(func.count()).where(Sufficed.request_id == request.id)) or 0
