"""Plans enter here: what a plan file says, compared with what is in the database, and the difference written.

An import says what the plan *promises*. What became of it (the status of commitments and milestones) belongs to the ministries and is
never touched. Rights are the caller's business: an operator's command, or ``plan_uploads``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from feedback_app.database import Model, db
from feedback_app.domain.addresses import commitment_key
from feedback_app.domain.calendar import day_of
from feedback_app.domain.commitment import CommitmentStatus, PlanField, moved_on
from feedback_app.domain.text import fold
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import Commitment, Ministry, Plan, Topic, TopicKind
from feedback_app.services import commitment_words, events, ministries, plan_differences, plan_milestones, plan_words
from feedback_app.services.plan_differences import CommitmentDifference, MinistryDifference, PlanChange
from feedback_app.services.plan_report import MINISTRY_WORDS, SECTION_WORDS, WORDS, ImportReport, Tally

if TYPE_CHECKING:
    from feedback_app.importers.plan import CommitmentRow, MilestoneRow, MinistryRow, PlanFile, PlanRow

Progress = Callable[[int], object]

IMPORT_REASON = "Mise à jour du texte du plan."


def import_plan(
    file: PlanFile,
    *,
    at: datetime,
    reason: str = IMPORT_REASON,
    actor_kind: ActorKind = ActorKind.SYSTEM,
    actor_id: int | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Write what ``file`` changes, within the caller's transaction; the same file again writes nothing at all.

    Ministries are known by their slug, commitments by plan and number, milestones by their title (``plan_milestones``). A commitment that
    is gone from the file is reported and kept (people talk about it), a milestone of which something was said too; other milestones and
    texts that are gone are removed. What changes in a known commitment, or in what the plan says of itself, is kept as a revision that
    everybody reads, with ``reason``.
    ``progress`` is called with 1 for each commitment compared. Raises ``IntegrityError`` when somebody else imports the same for the
    first time at the same moment.
    """
    comparison = _Comparison(file, at, reason, actor_id)
    comparison.plan()
    comparison.ministries()
    comparison.commitments(progress)
    comparison.renew_pages()
    comparison.trace(actor_kind, actor_id)
    return comparison.report


def compare(file: PlanFile, *, at: datetime, progress: Progress | None = None) -> ImportReport:
    """What ``import_plan`` would do: it is done, so that the database has its say too, and taken back. Within a writing transaction."""
    attempt = db.session.begin_nested()
    comparison = _Comparison(file, at, IMPORT_REASON, None, render=False)
    try:
        comparison.plan()
        comparison.ministries()
        comparison.commitments(progress)
        db.session.flush()
    finally:
        attempt.rollback()
    return comparison.report


class _Comparison:
    """One import under way. The number of reads is the same for every plan."""

    def __init__(self, file: PlanFile, at: datetime, reason: str, by_id: int | None, *, render: bool = True) -> None:
        self._file, self._at, self._reason, self._by_id, self._render = file, at, reason, by_id, render
        self._spoken: frozenset[int] = frozenset()
        self._ministries: dict[str, Ministry] = {}
        self._renamed: list[int] = []
        self._phase_before: str | None = None
        self._known: dict[int, Commitment] = {}
        self._imported: list[Commitment] = []
        self._revised: list[Commitment] = []
        self.report = ImportReport(file.plan.slug)

    def plan(self) -> None:
        """Create the plan, or bring it up to date. Comes first: from here on nobody else imports it."""
        row = self._file.plan
        plan = db.session.scalar(select(Plan).where(Plan.slug == row.slug).with_for_update())
        if plan is None:
            plan = Plan(slug=row.slug, created_at=self._at, updated_at=self._at, **_plan_fields(row))
            db.session.add(plan)
            self.report.plan.created += 1
            self.report.differences.plan_added = True
            self._say(f"plan {row.slug}", ["création"])
        else:
            self._phase_before = plan.phase.value
            wanted = _plan_fields(row) | {"phase": moved_on(plan.phase, row.phase)}
            before = {name: getattr(plan, name) for name in wanted}
            changed = _assign(plan, wanted)
            told = self.report.differences
            told.kept_phase = row.phase if plan.phase is not row.phase else None
            told.plan = [PlanChange(PlanField(name), _text(before[name]), _text(wanted[name])) for name in changed]
            plan_words.keep(plan, told.reworded, reason=self._reason, by_id=self._by_id, at=self._at)
            self.report.plan.count(changed=bool(changed))
            self._say(f"plan {row.slug}", _words(changed))
        self._plan = plan

    def ministries(self) -> None:
        """Create those that are unknown, rename those that bear another name now."""
        slugs = [row.slug for row in self._file.ministries]
        there = select(Ministry).where(Ministry.slug.in_(slugs)).options(selectinload(Ministry.former_names))
        known = {ministry.slug: ministry for ministry in db.session.scalars(there)}
        for row in self._file.ministries:
            words = f"{MINISTRY_WORDS[row.kind]} {row.slug}"
            ministry = known.get(row.slug)
            if ministry is None:
                ministry = Ministry(slug=row.slug, name=row.name, kind=row.kind, created_at=self._at)
                db.session.add(ministry)
                self.report.ministries.created += 1
                self.report.differences.ministries.append(MinistryDifference(row.slug, row.name, row.kind))
                self._say(words, ["création"])
            else:
                self._update_ministry(ministry, row, words)
            self._ministries[row.slug] = ministry

    def _update_ministry(self, ministry: Ministry, row: MinistryRow, words: str) -> None:
        named, before = f"nom (« {ministry.name} » devient « {row.name} »)", (ministry.name, ministry.kind)
        had = {former.name for former in ministry.former_names}
        if row.name != ministry.name and row.name not in had:  # people still look for the name that it has
            ministries.keep_name(ministry, at=self._at)
        # A name that it had: the file is older than the renaming.
        changed = _assign(ministry, {"name": ministry.name if row.name in had else row.name, "kind": row.kind})
        if "name" in changed:
            self._renamed.append(ministry.id)
        if changed:
            self.report.differences.ministries.append(MinistryDifference(row.slug, ministry.name, ministry.kind, *before))
        self.report.ministries.count(changed=bool(changed))
        self._say(words, [named if name == "name" else WORDS[name] for name in changed])

    def commitments(self, progress: Progress | None) -> None:
        """Create, bring up to date or leave alone each commitment of the file; report those that it does not hold any more."""
        # They are looked up by the plan's id, and their ministries compared by id.
        db.session.flush()
        statement = (
            select(Commitment)
            .where(Commitment.plan_id == self._plan.id)
            .order_by(Commitment.number)
            .with_for_update(of=Commitment)  # an administrator may be changing words of one
            .options(
                joinedload(Commitment.topic),
                joinedload(Commitment.ministry),
                selectinload(Commitment.sections),
                selectinload(Commitment.milestones),
            )
        )
        self._spoken = plan_milestones.spoken_of(self._plan.id)
        self._known = {commitment.number: commitment for commitment in db.session.scalars(statement)}
        with db.session.no_autoflush:
            for row in sorted(self._file.commitments, key=lambda row: row.number):
                self._commitment(row)
                if progress:
                    progress(1)
        in_file = {row.number for row in self._file.commitments}
        gone = [(number, known.title) for number, known in self._known.items() if number not in in_file]
        self.report.differences.missing = gone
        self.report.missing = [number for number, _title in gone]

    def _commitment(self, row: CommitmentRow) -> None:
        commitment = self._known.get(row.number)
        words = f"engagement {row.number}"
        if commitment is None:
            commitment = self._new_commitment(row)
            self._imported.append(commitment)
            self.report.commitments.created += 1
            commitment_words.set_sections(commitment, row.sections, render=self._render)
            self._say(words, ["création", *self._update_milestones(commitment, row.milestones)])
            self._tell(CommitmentDifference(row.number, row.title, added=True, milestones=len(row.milestones)))
            return
        before = commitment_words.picture(commitment)
        changes = [
            *_words(_assign(commitment, _commitment_fields(row))),
            *self._update_topic(commitment, row),
            *(SECTION_WORDS[kind] for kind in commitment_words.set_sections(commitment, row.sections, render=self._render)),
            *self._update_milestones(commitment, row.milestones),
        ]
        if changes:
            self._revised.append(commitment)
            told = commitment_words.differences(before, commitment_words.picture(commitment))
            commitment_words.keep(commitment, told, reason=self._reason, by_id=self._by_id, at=self._at)
            if told:  # not where the same texts were only rendered again
                self._tell(CommitmentDifference(row.number, row.title, False, len(row.milestones), plan_differences.told(told)))
        self.report.commitments.count(changed=bool(changes))
        self._say(words, changes)

    def _new_commitment(self, row: CommitmentRow) -> Commitment:
        ministry = self._ministries[row.ministry]
        key = commitment_key(self._plan.slug, row.number)
        topic = Topic(key=key, kind=TopicKind.COMMITMENT, title=row.title, ministry=ministry)
        commitment = Commitment(
            plan=self._plan,
            number=row.number,
            topic=topic,
            ministry=ministry,
            status=CommitmentStatus.PLANNED,
            followed_since=day_of(self._at),
            **_commitment_fields(row),
        )
        db.session.add(commitment)
        return commitment

    def _update_topic(self, commitment: Commitment, row: CommitmentRow) -> list[str]:
        """Keep the topic's copies of title and ministry true, and the commitment's ministry with them."""
        ministry, topic = self._ministries[row.ministry], commitment.topic
        changed = [_words(_assign(topic, {"title": row.title}))]
        for owned in (commitment, topic):
            if owned.ministry_id != ministry.id:
                owned.ministry = ministry
                changed.append([WORDS["ministry"]])
        return [words for group in changed for words in group]

    def _update_milestones(self, commitment: Commitment, rows: Iterable[MilestoneRow]) -> list[str]:
        fields = [_milestone_fields(row) for row in rows]
        found = plan_milestones.bring_up_to_date(commitment, fields, spoken=self._spoken, at=self._at)
        tally = Tally(found.created, found.changed, found.unchanged, found.removed)
        self._add_milestones(tally)
        return _milestone_words(tally)

    def _add_milestones(self, tally: Tally) -> None:
        total = self.report.milestones
        total.created += tally.created
        total.changed += tally.changed
        total.unchanged += tally.unchanged
        total.removed += tally.removed

    def renew_pages(self) -> None:
        """Tell the caches which pages show something else now."""
        stale: list[ColumnElement[bool]] = []
        # A page names its plan, and leads to the commitments before and after its own.
        changed = self._known.values() if self.report.plan.changed or self._imported else self._revised
        if changed:
            stale.append(Topic.id.in_([commitment.topic_id for commitment in changed]))
        if self._renamed:
            # A page names its ministry, and the one that took over from it: in other plans too.
            former = select(Ministry.id).where(Ministry.successor_id.in_(self._renamed))
            stale += [Topic.ministry_id.in_(self._renamed), Topic.ministry_id.in_(former)]
        if stale:
            db.session.execute(update(Topic).where(or_(*stale)).values(content_version=Topic.content_version + 1))

    def trace(self, actor_kind: ActorKind, actor_id: int | None) -> None:
        """Write down what was done, if anything was."""
        if not self.report.changes:
            return
        self._plan.updated_at = self._at
        # New commitments get their ids here, which their events name.
        db.session.flush()
        who: dict[str, Any] = {"at": self._at, "actor_kind": actor_kind, "actor_id": actor_id}
        events.record(EventVerb.PLAN_IMPORT, self._plan, before=self._phase_before, after=self._plan.phase.value, **who)
        for commitment in self._imported:
            events.record(EventVerb.COMMITMENT_IMPORT, commitment, after=commitment.status.value, **who)
        for commitment in self._revised:
            events.record(EventVerb.COMMITMENT_REVISE, commitment, **who)
        db.session.flush()

    def _tell(self, difference: CommitmentDifference) -> None:
        self.report.differences.commitments.append(difference)

    def _say(self, subject: str, changes: Iterable[str]) -> None:
        if said := ", ".join(dict.fromkeys(changes)):
            self.report.changes.append(f"{subject} : {said}")


def _plan_fields(row: PlanRow) -> dict[str, Any]:
    return {
        "title": row.title,
        "start": row.start,
        "end": row.end,
        "phase": row.phase,
        "source": _filled(row.source),
        "licence": _filled(row.licence),
    }


def _commitment_fields(row: CommitmentRow) -> dict[str, Any]:
    return {
        "title": row.title,
        "title_folded": fold(row.title),
        "lead": _filled(row.lead),
        "period_raw": _filled(row.period.raw),
        "start": row.period.start,
        "end": row.period.end,
        "state_actors": list(row.state_actors),
        "other_actors": list(row.other_actors),
        **({"theme": row.theme} if row.theme else {}),  # a file that has none says nothing of it
    }


def _milestone_fields(row: MilestoneRow) -> dict[str, Any]:
    return {
        "title": row.title,
        "deliverable": _filled(row.deliverable),
        "group": _filled(row.group),
        "dates_raw": _filled(row.dates_raw),
        "start": row.start,
        "end": row.end,
        **({"weight": row.weight} if row.weight else {}),
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _filled(text: str | None) -> str | None:
    """A blank text is none: a page would show a heading above nothing."""
    return text if text and not text.isspace() else None


def _assign(target: Model, wanted: Mapping[str, Any]) -> list[str]:
    """Set what differs, and nothing else: an attribute that was set is written, and its row counts as changed."""
    changed = [name for name, value in wanted.items() if getattr(target, name) != value]
    for name in changed:
        setattr(target, name, wanted[name])
    return changed


def _words(names: Iterable[str]) -> list[str]:
    return [WORDS[name] for name in names]


def _milestone_words(tally: Tally) -> list[str]:
    counted = {"modifié": tally.changed, "ajouté": tally.created, "retiré": tally.removed}
    return [f"{count} jalon{'s'[: count > 1]} {word}{'s'[: count > 1]}" for word, count in counted.items() if count]
