"""Erasing a person: asked for, cancellable for a while, then done by the job process, whole, in one transaction.

What is public of theirs may stay, signed by nobody. Everything else follows ``models/inventory.py``: a search of the database for
the address or a name then finds nothing (on SQLite after ``database.scrub``, which the job process runs next).
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import JSON, Column, ColumnElement, String, and_, delete, func, not_, or_, select, true, update

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.contribution import TEXT_WORKFLOW, ContributionStatus, TextAction, TextStatus
from feedback_app.domain.inventory import Fate, Holds, Link
from feedback_app.domain.policy import Actor, Permission, Role, authorise
from feedback_app.domain.privacy import TextsChoice
from feedback_app.domain.text import like_pattern
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.mail import outbox, privacy_messages
from feedback_app.models import Account, AccountRole, Contribution, Identity, Ministry, PlannedErasure
from feedback_app.models.inventory import INVENTORY
from feedback_app.services import contributions, events, freshness, job_runs
from feedback_app.services.cases import same_question, taking
from feedback_app.services.privacy.subject import PUBLIC, Subject, concerned, from_the_leaves, subject_of, table
from feedback_app.services.signing import signer

PURPOSE = "cancel-erasure"
SCRUB = "scrub"
NOBODY = "compte supprimé"
SHORTEST_NAME = 3
TRY_AGAIN = timedelta(hours=1)


class LastAdministrator(Exception):
    """Nobody else could administer the site: somebody must be given that role first."""


def ask(identity: Identity, texts: TextsChoice, *, actor: Actor | None, language: str, at: datetime) -> PlannedErasure:
    """Plan the erasure of a person after the delay of the configuration, and send them the link that cancels it.

    ``actor`` None is an operator with a shell. Asked again, only the choice changes: the day stays. Raises ``NotAllowed`` and
    ``LastAdministrator``.
    """
    if actor:
        authorise(actor, Permission.DATA_ERASE, identity)
    _keep_an_administrator(identity)
    planned = planned_for(identity.id)
    if planned:
        planned.texts = texts
        return planned
    hours = current_app.config["SETTINGS"].periods.erasure_hours
    planned = PlannedErasure(identity=identity, identity_id=identity.id, texts=texts, asked_at=at, due_at=at + timedelta(hours=hours))
    db.session.add(planned)
    db.session.flush()
    events.record(EventVerb.IDENTITY_ASK_ERASURE, identity, at=at, actor_kind=_kind(actor), actor_id=_id(actor), after=texts.value)
    path = addresses.cancel_erasure(cancel_token(planned))
    message = privacy_messages.erasure_asked(
        identity=identity, language=language, texts=texts, due_at=planned.due_at, path=path, erasure_id=planned.id
    )
    outbox.queue(message, at=at)
    return planned


def cancel(planned: PlannedErasure, *, at: datetime) -> None:
    """Erase nobody. Whoever holds the link of the mail, or the session of the person, may."""
    events.record(EventVerb.IDENTITY_CANCEL_ERASURE, planned.identity, at=at, actor_kind=ActorKind.CITIZEN, actor_id=planned.identity_id)
    db.session.delete(planned)


def planned_for(identity_id: int) -> PlannedErasure | None:
    """The erasure that a person has asked for, or None."""
    return db.session.scalar(select(PlannedErasure).where(PlannedErasure.identity_id == identity_id))


def cancel_token(planned: PlannedErasure) -> str:
    """The secret part of the address where it is cancelled."""
    return signer().sign(PURPOSE, planned.id)


def planned_by_token(token: str) -> PlannedErasure | None:
    """The erasure that this link may cancel, or None."""
    found = signer().read(PURPOSE, token)
    return db.session.get(PlannedErasure, found) if isinstance(found, int) else None


def due(at: datetime) -> Sequence[int]:
    """The planned erasures whose delay is over, by id."""
    return db.session.scalars(select(PlannedErasure.id).where(PlannedErasure.due_at <= at).order_by(PlannedErasure.due_at)).all()


def execute_due(planned_id: int, at: datetime) -> None:
    """Do one that is due; nothing when it was cancelled, or another process is doing it."""
    statement = select(PlannedErasure).where(PlannedErasure.id == planned_id, PlannedErasure.due_at <= at)
    planned = db.session.scalar(statement.with_for_update(skip_locked=True, of=PlannedErasure))
    if planned is None:
        return
    try:
        erase(planned.identity, planned.texts, actor_kind=ActorKind.CITIZEN, at=at)
    except LastAdministrator:  # they were not when they asked
        planned.due_at = at + TRY_AGAIN


def erase(identity: Identity, texts: TextsChoice, *, actor_kind: ActorKind, at: datetime) -> None:
    """Erase a person now. Raises ``LastAdministrator``."""
    _keep_an_administrator(identity)
    subject = subject_of(identity)
    _leave_their_work(identity.id, at=at)
    _withdraw_texts(identity.id, texts, at=at)
    for topic_id in same_question.topics_of(identity.id):
        freshness.touch(topic_id)
    events.record(EventVerb.IDENTITY_ERASE, identity, at=at, actor_kind=actor_kind, after=texts.value)
    db.session.flush()
    db.session.expunge_all()  # the statements below bypass what the session remembers
    _take_out_mentions(subject)
    for name in from_the_leaves():
        for link in INVENTORY[name].links:
            _apply(name, link, subject, texts)
    job_runs.plan(SCRUB, at=at)


def _keep_an_administrator(identity: Identity) -> None:
    active = select(Account.identity_id).join(AccountRole).where(AccountRole.role == Role.ADMINISTRATOR, Account.deactivated_at.is_(None))
    if db.session.scalars(active).all() == [identity.id]:
        raise LastAdministrator


def _leave_their_work(identity_id: int, *, at: datetime) -> None:
    """What they had in a ministry goes back to their colleagues: nobody else could know that nobody has it any more."""
    account = db.session.scalar(select(Account).where(Account.identity_id == identity_id))
    if account is None or not account.memberships:
        return
    ministries = list({held.ministry_id: db.session.get_one(Ministry, held.ministry_id) for held in account.memberships}.values())
    account.deactivated_at = account.deactivated_at or at
    db.session.flush()
    for ministry in ministries:
        taking.left(identity_id, ministry, at=at)


def _withdraw_texts(identity_id: int, texts: TextsChoice, *, at: datetime) -> None:
    """Take back, by the moves that their author could make, whatever is not to stay. What stays changes its signature."""
    for contribution in db.session.scalars(select(Contribution).where(Contribution.identity_id == identity_id)):
        if texts is TextsChoice.KEEP and contribution.status is ContributionStatus.PUBLISHED:
            latest = contributions.latest_version(contribution)
            if latest.status is TextStatus.PENDING:
                latest.status = TEXT_WORKFLOW.next(latest.status, TextAction.WITHDRAW)
            freshness.touch(contribution.topic_id)
        else:
            contributions.withdraw(contribution, at=at)


def _apply(name: str, link: Link, subject: Subject, texts: TextsChoice) -> None:
    rows, chosen = table(name), concerned(name, link, subject)
    if link.fate is Fate.CHOSEN and texts is TextsChoice.KEEP:
        chosen = and_(chosen, not_(rows.c.id.in_(PUBLIC[name](subject))))
    if link.fate is Fate.DELETED:
        db.session.execute(delete(rows).where(chosen))
    elif link.fate is Fate.UNLINKED:
        db.session.execute(update(rows).where(chosen).values({link.column: None}))
    elif link.fate in {Fate.BLANKED, Fate.CHOSEN}:
        values = {column: _empty(rows.c[column]) for column in INVENTORY[name].names(Holds.PERSONAL, Holds.MENTIONS, Holds.SECRET)}
        if link.to == "identity":
            values[link.column] = None
        db.session.execute(update(rows).where(chosen).values(values))


def _empty(column: Column[Any]) -> str | None:
    return None if column.nullable or not isinstance(column.type, String) else ""


def _take_out_mentions(subject: Subject) -> None:
    """Their address and names, in what is written to others and has not left yet."""
    words = [word for word in (subject.email, subject.email_key, *subject.names) if len(word) >= SHORTEST_NAME]
    pattern = re.compile("|".join(rf"(?<!\w){_spaced(form)}(?!\w)" for word in words for form in (word, _in_html(word))), re.IGNORECASE)
    for name, entry in INVENTORY.items():
        columns = [table(name).c[column] for column in entry.names(Holds.MENTIONS)]
        if not columns:
            continue
        # The longest part of each: a line of a mail may end inside a name.
        parts = {max(word.split(), key=len).lower() for word in words}
        found = or_(*(_may_hold(column, part) for column in columns for part in parts))
        for row in db.session.execute(select(table(name).c.id, *columns).where(found)).mappings().all():
            values = {column.name: _without(pattern, row[column.name]) for column in columns if row[column.name]}
            db.session.execute(update(table(name)).where(table(name).c.id == row["id"]).values(values))


def _may_hold(column: Column[Any], part: str) -> ColumnElement[bool]:
    """Whether a row is worth a look. JSON hides accents from a search; there is little of it (forms kept for hours), so all of it is."""
    return true() if isinstance(column.type, JSON) else func.lower(column).like(f"%{like_pattern(part)}%", escape="\\")


def _without(pattern: re.Pattern[str], value: Any) -> Any:
    """The same text, or JSON of texts, without what matches."""
    if isinstance(value, dict):
        return {key: _without(pattern, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(pattern, inner) for inner in value]
    return pattern.sub(NOBODY, value) if isinstance(value, str) else value


def _in_html(words: str) -> str:
    return html.escape(words, quote=False).replace("'", "&#39;").replace('"', "&#34;")


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(part) for part in words.split())


def _kind(actor: Actor | None) -> ActorKind:
    return ActorKind.CITIZEN if actor else ActorKind.SYSTEM


def _id(actor: Actor | None) -> int | None:
    return actor.identity_id if actor else None
