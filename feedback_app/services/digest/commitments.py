"""The commitments of the daily mail: progress updates to validate or to take up again, what is late, and where nothing is heard."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, not_, or_, select, true

from feedback_app.database import db
from feedback_app.domain.calendar import day_of, previous_working_day
from feedback_app.domain.commitment import FOLLOWED_PHASES, UpdateStatus
from feedback_app.domain.policy import MEMBERS, VALIDATORS, Actor, MembershipKind
from feedback_app.mail.labels import Errand
from feedback_app.mail.staff_messages import LINES, CommitmentLine, DigestPart
from feedback_app.models import Commitment, Milestone, Plan, ProgressRemark, ProgressUpdate, ProgressVersion
from feedback_app.services import scopes
from feedback_app.services.paging import EPOCH
from feedback_app.services.progress import lines

C, U = Commitment, ProgressUpdate
Own = Mapping[int, Collection[int]]


class _Rule(NamedTuple):
    """The commitments of a heading, and which of them are new there since the last working day."""

    matching: ColumnElement[bool]
    new: ColumnElement[bool]


def parts(actor: Actor, own: Own, *, at: datetime) -> Iterator[DigestPart]:
    """``own``: for each ministry of the person, those whose duties are its own. A statement for the numbers, one for a heading's lines."""
    today = day_of(at)
    rules = _rules(actor, own, today)
    numbers = [_number(rule.matching).label(errand) for errand, rule in rules.items()]
    news = [_number(and_(*rule)).label(f"{errand}_new") for errand, rule in rules.items()]
    row = db.session.execute(select(*numbers, *news)).one()._mapping
    for errand, rule in rules.items():
        if row[errand]:
            yield DigestPart(errand, row[errand], _lines(rule.matching, errand, today), new=row[f"{errand}_new"] > 0)


def _rules(actor: Actor, own: Own, today: date) -> dict[Errand, _Rule]:
    before = previous_working_day(today)
    reached, followed = _reached(actor, MEMBERS, own), Plan.phase.in_(FOLLOWED_PHASES)
    late, silent = and_(followed, lines.something_late(today)), lines.silent(today)
    newly_silent = and_(silent, _not(lines.silent(before)))
    return {
        Errand.UPDATES_TO_VALIDATE: _Rule(C.id.in_(_to_validate(actor, own)), true()),
        Errand.UPDATES_SENT_BACK: _Rule(C.id.in_(_sent_back_to(actor, own)), true()),
        Errand.COMMITMENTS_LATE: _Rule(and_(reached, late), or_(_newly_late(today, before), newly_silent)),
        Errand.COMMITMENTS_SILENT: _Rule(and_(reached, silent, _not(late)), newly_silent),
    }


def _not(rule: ColumnElement[bool]) -> ColumnElement[bool]:
    """What is unknown (no date) does not hold, and its contrary does."""
    return not_(func.coalesce(rule, false()))


def _reached(actor: Actor, kinds: Collection[MembershipKind], own: Own, signed_by: ColumnElement[Any] | Any = None) -> ColumnElement[bool]:
    """Those for which a ministry of the person answers today and that their rights cover there: the twin of ``progress:write``.

    ``signed_by``: of an update, which is signed by the ministry that was in charge when it was begun.
    """
    return or_(
        false(),
        *(
            and_(
                C.ministry_id.in_(sorted(duties)),
                scopes.within(actor, kinds, ministry=literal(ministry_id), topic=C.topic_id),
                true() if signed_by is None else signed_by == ministry_id,
            )
            for ministry_id, duties in sorted(own.items())
        ),
    )


def _newly_late(today: date, before: date) -> ColumnElement[bool]:
    """Its last day, or that of one of its milestones, was not over on the last working day."""
    step = exists().where(Milestone.commitment_id == C.id, lines.late_milestone(today), Milestone.end >= before)
    return or_(and_(lines.late_commitment(today), C.end >= before), step)


def _to_validate(actor: Actor, own: Own) -> Select[int]:
    """Somebody else publishes: not who wrote any wording of it."""
    wrote = exists().where(ProgressVersion.update_id == U.id, ProgressVersion.author_id == actor.identity_id)
    reached = _reached(actor, VALIDATORS, own, U.ministry_id)
    return select(C.id).join(U, U.commitment_id == C.id).where(U.status == UpdateStatus.PROPOSED, reached, ~wrote)


def _sent_back_to(actor: Actor, own: Own) -> Select[int]:
    """Whoever wrote some of it takes it up again, until somebody has written since."""
    wrote = exists().where(ProgressVersion.update_id == U.id, ProgressVersion.author_id == actor.identity_id)
    latest = select(func.max(ProgressVersion.written_at)).where(ProgressVersion.update_id == U.id).scalar_subquery()
    sent_back = exists().where(ProgressRemark.update_id == U.id, ProgressRemark.written_at >= latest)
    reached = _reached(actor, MEMBERS, own, U.ministry_id)
    return select(C.id).join(U, U.commitment_id == C.id).where(U.status == UpdateStatus.DRAFT, reached, wrote, sent_back)


def _number(rule: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(C).join(Plan, C.plan_id == Plan.id).where(rule).scalar_subquery()


def _lines(matching: ColumnElement[bool], errand: Errand, today: date) -> list[CommitmentLine]:
    """The first of them: of which nothing was heard for longest."""
    first = lines.statement(today).where(matching).order_by(func.coalesce(C.updated_at, EPOCH), C.id).limit(LINES)
    found = map(lines.line, db.session.execute(first))
    if errand in {Errand.UPDATES_TO_VALIDATE, Errand.UPDATES_SENT_BACK}:
        return [CommitmentLine(one.plan, one.number, one.title) for one in found]
    return [
        CommitmentLine(
            one.plan,
            one.number,
            one.title,
            late_since=one.end if one.late(today) else None,
            late_milestones=one.late_milestones,
            silent_since=one.silent_since(today),
        )
        for one in found
    ]
