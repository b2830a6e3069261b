"""Barometers as a whole: which there are, which one is active, and which ministry answers for each reform."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import joinedload

from feedback_app.database import db
from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.language import FRENCH
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import Barometer, Indicator, Ministry, Reform, Topic
from feedback_app.services import events
from feedback_app.services.locking import lock
from feedback_app.services.paging import Order, Page, Window, read_page

SLUG = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


class SlugTaken(Exception):
    """Another barometer has this short name."""


def traced(actor: Actor | None, at: datetime) -> dict[str, Any]:
    """Who acts, as an event says it. None: an operator's command, which nobody signed in for."""
    if actor is None:
        return {"at": at, "actor_kind": ActorKind.SYSTEM}
    return {"at": at, "actor_kind": ActorKind.STAFF, "actor_id": actor.identity_id}


def allow(actor: Actor | None, target: object) -> None:
    """Raise ``NotAllowed`` unless the actor manages barometers; a command of the operator (None) may."""
    if actor is not None:
        authorise(actor, Permission.BAROMETER_MANAGE, target)


def create(slug: str, *, name: str, active: bool, at: datetime, actor: Actor | None = None) -> Barometer:
    """A new barometer. Exactly one is active: the first one always, a later one if ``active``, and then the others are archived.

    ``slug``: small letters, digits and hyphens (else ``ValueError``). Raises ``SlugTaken``.
    """
    allow(actor, None)
    if not SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is no slug")
    if find(slug) is not None:
        raise SlugTaken(slug)
    first = db.session.scalar(select(func.count()).select_from(Barometer)) == 0
    barometer = Barometer(slug=slug, name=name, active=False, created_at=at)
    db.session.add(barometer)
    db.session.flush()
    events.record(EventVerb.BAROMETER_CREATE, barometer, **traced(actor, at))
    if active or first:
        activate(barometer, at=at, actor=actor)
    return barometer


def activate(barometer: Barometer, *, at: datetime, actor: Actor | None = None) -> None:
    """Make it the active one; the one that was is archived, and stays readable. Changes nothing where it is active already."""
    allow(actor, barometer)
    if barometer.active:
        return
    before = db.session.scalar(select(Barometer.id).where(Barometer.active).with_for_update())
    # One after the other: the index lets no two be active, even for a moment.
    db.session.execute(update(Barometer).where(Barometer.active).values(active=False))
    db.session.execute(update(Barometer).where(Barometer.id == barometer.id).values(active=True))
    db.session.refresh(barometer)
    events.record(
        EventVerb.BAROMETER_ACTIVATE,
        barometer,
        before=None if before is None else str(before),
        after=str(barometer.id),
        **traced(actor, at),
    )
    _renew(Indicator.barometer_id.in_([barometer.id, before]))


def map_reform(reform: Reform, ministry: Ministry | None, *, at: datetime, actor: Actor | None = None) -> bool:
    """Say which ministry answers for a reform: the topics of its indicators go there. None: nobody, the coordinator routes.

    Returns whether anything changed.
    """
    allow(actor, reform)
    lock(reform)
    after = ministry.id if ministry else None
    before = reform.ministry_id
    if before == after:
        return False
    reform.ministry_id = after
    db.session.flush()
    topics = select(Indicator.topic_id).where(Indicator.reform_id == reform.id)
    db.session.execute(
        update(Topic).where(Topic.id.in_(topics)).values(ministry_id=after, content_version=Topic.content_version + 1),
        execution_options={"synchronize_session": "fetch"},
    )
    events.record(EventVerb.REFORM_MAP, reform, before=_text(before), after=_text(after), **traced(actor, at))
    return True


@dataclass(frozen=True)
class SeenReform:
    """A reform as somebody saw it: its code, and the ministry that answered for it."""

    code: str
    ministry_id: int | None


def map_reforms(barometer: Barometer, seen: Sequence[SeenReform], ministry: Ministry | None, *, at: datetime, actor: Actor) -> int:
    """Give several reforms to one ministry (None: to nobody). All of them or none. Returns how many changed.

    Raises ``Conflict`` when somebody has given one of them to another ministry since it was seen, ``LookupError`` for an unknown one.
    """
    changed = 0
    for one in sorted(seen, key=lambda some: some.code):
        reform = find_reform(barometer, one.code)
        if reform is None:
            raise LookupError(one.code)
        lock(reform)
        if reform.ministry_id != one.ministry_id:
            raise Conflict(OtherText(f"{reform.name} → {reform.ministry.name if reform.ministry else '–'}", language=FRENCH))
        changed += map_reform(reform, ministry, at=at, actor=actor)
    return changed


def list_reforms(barometer: Barometer, window: Window) -> Page[Reform]:
    """Its reforms, each with its ministry and that one's successor: those of no ministry first, then by code."""
    is_mapped = case((Reform.ministry_id.is_(None), 0), else_=1)
    statement = (
        select(Reform, is_mapped.label("is_mapped"))
        .where(Reform.barometer_id == barometer.id)
        .options(joinedload(Reform.ministry).joinedload(Ministry.successor))
    )
    order = Order((is_mapped, Reform.code), _parse_reform, lambda reform: f"{int(reform.ministry_id is not None)}.{reform.code}")
    return read_page(statement, order, window, item=lambda row: row[0])


def _parse_reform(cursor: str) -> tuple[int, str]:
    mapped, _dot, code = cursor.partition(".")
    if mapped not in {"0", "1"}:
        raise ValueError(cursor)
    return int(mapped), code


def ministries_in_charge() -> Sequence[Ministry]:
    """The ministries and institutions that a reform can be given to: those that nobody has succeeded."""
    return db.session.scalars(select(Ministry).where(Ministry.successor_id.is_(None)).order_by(Ministry.name, Ministry.id)).all()


def find_ministry(slug: str) -> Ministry | None:
    """One of those, or None."""
    return db.session.scalar(select(Ministry).where(Ministry.slug == slug, Ministry.successor_id.is_(None)))


def _text(row_id: int | None) -> str | None:
    return None if row_id is None else str(row_id)


def _renew(of: Any) -> None:
    """Tell the caches that the pages of these indicators show something else now."""
    topics = select(Indicator.topic_id).where(of)
    db.session.execute(
        update(Topic).where(Topic.id.in_(topics)).values(content_version=Topic.content_version + 1),
        execution_options={"synchronize_session": "fetch"},
    )


def find(slug: str) -> Barometer | None:
    """The barometer of an address, or None."""
    return db.session.scalar(select(Barometer).where(Barometer.slug == slug))


def listed() -> Sequence[Barometer]:
    """All barometers, the active one first, then the newest."""
    return db.session.scalars(select(Barometer).order_by(Barometer.active.desc(), Barometer.id.desc())).all()


def active() -> Barometer | None:
    """The one that ``/barometre/`` shows; None on a site without any."""
    return db.session.scalar(select(Barometer).where(Barometer.active))


def reforms(barometer: Barometer) -> Sequence[Reform]:
    """Its reforms by code, each with the ministry that answers for it, if any."""
    statement = select(Reform).where(Reform.barometer_id == barometer.id).order_by(Reform.code).options(joinedload(Reform.ministry))
    return db.session.scalars(statement).all()


def find_reform(barometer: Barometer, code: str) -> Reform | None:
    """The reform of a code, or None."""
    return db.session.scalar(select(Reform).where(Reform.barometer_id == barometer.id, Reform.code == code))
