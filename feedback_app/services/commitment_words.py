"""What a commitment says may change, and everybody sees how and why: each revision keeps every thing as it was and as it is.

The administrator changes words with a public reason; an import that changes a known commitment leaves the same trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from feedback_app.database import db
from feedback_app.domain import text
from feedback_app.domain.commitment import SectionKind, WordField
from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.text import OfficialText, fold, official_source, render_official
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import (
    Barometer,
    Commitment,
    CommitmentChange,
    CommitmentIndicator,
    CommitmentRevision,
    CommitmentSection,
    Indicator,
    Milestone,
    Topic,
)
from feedback_app.services import events, plain_rows
from feedback_app.services.locking import lock

_F = WordField
Picture = Mapping[tuple[WordField, Milestone | None], str | None]


@dataclass(frozen=True)
class MilestoneWords:
    """What the plan says of a step, and its share of the commitment beside the others'."""

    title: str
    deliverable: str | None
    dates_raw: str | None
    start: date | None
    end: date | None
    weight: int


@dataclass(frozen=True)
class Words:
    """What the administrator may change. ``milestones``: by their ids."""

    title: str
    theme: str | None
    period_raw: str | None
    start: date | None
    end: date | None
    sections: Mapping[SectionKind, str]
    milestones: Mapping[int, MilestoneWords]
    indicator_ids: frozenset[int]


def words_of(commitment: Commitment) -> Words:
    """What it says now."""
    sources = {section.kind: section.source for section in commitment.sections}
    return Words(
        title=commitment.title,
        theme=commitment.theme,
        period_raw=commitment.period_raw,
        start=commitment.start,
        end=commitment.end,
        sections={kind: sources.get(kind, "") for kind in SectionKind},
        milestones={one.id: _words_of_step(one) for one in commitment.current_milestones},
        indicator_ids=frozenset(indicator.id for indicator in indicators_of(commitment)),
    )


def _words_of_step(step: Milestone) -> MilestoneWords:
    return MilestoneWords(step.title, step.deliverable, step.dates_raw, step.start, step.end, step.weight)


def indicators_of(commitment: Commitment) -> Sequence[Indicator]:
    """The indicators that measure it."""
    statement = select(Indicator).join(CommitmentIndicator, CommitmentIndicator.indicator_id == Indicator.id)
    return db.session.scalars(statement.where(CommitmentIndicator.commitment_id == commitment.id).order_by(Indicator.id)).all()


def picture(commitment: Commitment) -> Picture:
    """Every word that a revision may change, as text. Indicators are added by whoever changes them."""
    found: dict[tuple[WordField, Milestone | None], str | None] = {
        (_F.TITLE, None): commitment.title,
        (_F.MINISTRY, None): commitment.ministry.name,
        (_F.LEAD, None): commitment.lead,
        (_F.THEME, None): commitment.theme,
        (_F.PERIOD_RAW, None): commitment.period_raw,
        (_F.START, None): _day(commitment.start),
        (_F.END, None): _day(commitment.end),
        (_F.STATE_ACTORS, None): "\n".join(commitment.state_actors) or None,
        (_F.OTHER_ACTORS, None): "\n".join(commitment.other_actors) or None,
    }
    found |= {(WordField(section.kind.value), None): section.source for section in commitment.sections}
    for one in sorted(commitment.current_milestones, key=lambda step: step.position):
        found |= {
            (_F.MILESTONE, one): one.title,
            (_F.MILESTONE_TITLE, one): one.title,
            (_F.MILESTONE_DELIVERABLE, one): one.deliverable,
            (_F.MILESTONE_GROUP, one): one.group,
            (_F.MILESTONE_DATES_RAW, one): one.dates_raw,
            (_F.MILESTONE_START, one): _day(one.start),
            (_F.MILESTONE_END, one): _day(one.end),
            (_F.MILESTONE_WEIGHT, one): str(one.weight),
        }
    return found


def differences(before: Picture, after: Picture) -> list[CommitmentChange]:
    """What changed, in the order of the page. A milestone that came or went is one change; its words are not told one by one."""
    steps_before, steps_after = (list(dict.fromkeys(step for _field, step in one if step is not None)) for one in (before, after))
    changes = _reordered(
        before, after, [one for one in steps_before if one in steps_after], [one for one in steps_after if one in steps_before]
    )
    for field, step in dict.fromkeys([*before, *after]):
        was, is_now = before.get((field, step)), after.get((field, step))
        stayed = step is None or (step in steps_before and step in steps_after)
        told = field is not _F.MILESTONE if stayed else field is _F.MILESTONE
        if told and was != is_now:
            changes.append(CommitmentChange(field=field, position=step.position if step else None, before=was, after=is_now))
    return changes


def _reordered(before: Picture, after: Picture, were: list[Milestone], are: list[Milestone]) -> list[CommitmentChange]:
    """The steps that stayed, where they stand in another order now."""
    if were == are:
        return []
    was, is_now = ("\n".join(picture[_F.MILESTONE_TITLE, one] or "" for one in steps) for picture, steps in ((before, were), (after, are)))
    return [CommitmentChange(field=_F.MILESTONE_ORDER, position=None, before=was, after=is_now)]


def keep(
    commitment: Commitment, changes: Iterable[CommitmentChange], *, reason: str, by_id: int | None, at: datetime
) -> CommitmentRevision | None:  # fmt: skip
    """Write down what changed and why; None where nothing did."""
    kept = list(changes)
    if not kept:
        return None
    commitment.version += 1
    revision = CommitmentRevision(commitment_id=commitment.id, at=at, reason=reason, by_id=by_id, changes=kept)
    db.session.add(revision)
    return revision


def revise(
    commitment: Commitment, wanted: Words, *, reason: str, administrator: Actor, seen_version: int, at: datetime
) -> CommitmentRevision | None:  # fmt: skip
    """The administrator changes the words. None where nothing differs. Raises ``Conflict`` when somebody changed something meanwhile."""
    authorise(administrator, Permission.PLAN_MANAGE, commitment)
    lock(commitment)
    if commitment.version != seen_version:
        raise Conflict(OtherText(commitment.title, "fr"))
    revision = keep(commitment, _change(commitment, wanted), reason=reason, by_id=administrator.identity_id, at=at)
    if revision is not None:
        db.session.flush()
        who = {"actor_kind": ActorKind.STAFF, "actor_id": administrator.identity_id}
        events.record(EventVerb.COMMITMENT_REVISE, commitment, at=at, text_id=revision.id, **who)  # type: ignore[arg-type]
    return revision


def apart(commitment: Commitment, wanted: Words) -> list[CommitmentChange]:
    """What ``wanted`` says otherwise than the commitment does: for whoever comes second to compare. Nothing is written."""
    attempt = db.session.begin_nested()
    found = _change(commitment, wanted)
    attempt.rollback()
    return found


def _change(commitment: Commitment, wanted: Words) -> list[CommitmentChange]:
    before = _with_indicators(commitment)
    _apply(commitment, wanted)
    db.session.flush()
    return differences(before, _with_indicators(commitment))


def _with_indicators(commitment: Commitment) -> Picture:
    return dict(picture(commitment)) | {(_F.INDICATORS, None): _codes(indicators_of(commitment))}


def find_indicator(barometer: str, code: str) -> Indicator | None:
    """One to link, by its barometer's short name and its code."""
    statement = select(Indicator).join(Barometer, Indicator.barometer_id == Barometer.id)
    return db.session.scalar(statement.where(Barometer.slug == barometer, Indicator.code == code))


@dataclass(frozen=True)
class Change:
    """One thing that was changed. ``position``: of which milestone."""

    field: WordField
    position: int | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Reworded:
    """The words were changed: when, why, and each thing as it was and as it is."""

    id: int
    at: datetime
    reason: str
    changes: tuple[Change, ...]


def revisions(commitment: Commitment) -> list[Reworded]:
    """What was changed, the latest first. One statement."""
    found: dict[int, tuple[Any, list[Change]]] = {}
    for row in plain_rows.read(_revisions_statement(), {"commitment": commitment.id}):
        changes = found.setdefault(row.id, (row, []))[1]
        if row.field is not None:
            changes.append(Change(row.field, row.position, row.before, row.after))
    return [Reworded(row.id, row.at, row.reason, tuple(changes)) for row, changes in found.values()]


@cache
def _revisions_statement() -> Select[*tuple[Any, ...]]:
    one, change = CommitmentRevision, CommitmentChange
    return (
        select(one.id, one.at, one.reason, change.field, change.position, change.before, change.after)
        .outerjoin(change, change.revision_id == one.id)
        .where(one.commitment_id == bindparam("commitment"))
        .order_by(one.at.desc(), one.id.desc(), change.id)
    )


def _apply(commitment: Commitment, wanted: Words) -> None:
    commitment.title, commitment.title_folded, commitment.theme = wanted.title, fold(wanted.title), wanted.theme
    commitment.period_raw, commitment.start, commitment.end = wanted.period_raw, wanted.start, wanted.end
    db.session.get_one(Topic, commitment.topic_id).title = wanted.title
    set_sections(commitment, wanted.sections)
    for milestone in commitment.current_milestones:
        said = wanted.milestones.get(milestone.id)
        if said is not None:
            milestone.title, milestone.deliverable, milestone.dates_raw = said.title, said.deliverable, said.dates_raw
            milestone.start, milestone.end, milestone.weight = said.start, said.end, said.weight
    links = db.session.scalars(select(CommitmentIndicator).where(CommitmentIndicator.commitment_id == commitment.id)).all()
    for link in links:
        if link.indicator_id not in wanted.indicator_ids:
            db.session.delete(link)
    new = wanted.indicator_ids - {link.indicator_id for link in links}
    db.session.add_all(CommitmentIndicator(commitment_id=commitment.id, indicator_id=indicator_id) for indicator_id in sorted(new))


def set_sections(commitment: Commitment, sources: Mapping[SectionKind, str | None], *, render: bool = True) -> list[SectionKind]:
    """Render the texts again whose source or renderer changed; an empty text has no section. Returns what changed.

    ``render``: false where what is written will be taken back, and nobody reads it.
    """
    known = {section.kind: section for section in commitment.sections}
    changed = []
    for position, kind in enumerate(SectionKind, start=1):
        section, source = known.get(kind), official_source(sources.get(kind) or "")
        if source and (section is None or (section.source, section.renderer) != (source, text.RENDERER)):
            if section is None:
                section = CommitmentSection(kind=kind, position=position)
                commitment.sections.append(section)
            said = render_official(source) if render else OfficialText(source, "", text.RENDERER)
            section.source, section.html, section.renderer = said.source, said.html, said.renderer
        elif section is not None and not source:
            commitment.sections.remove(section)
        else:
            continue
        changed.append(kind)
    return changed


def _codes(indicators: Iterable[Indicator]) -> str | None:
    return ", ".join(indicator.code for indicator in indicators) or None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
