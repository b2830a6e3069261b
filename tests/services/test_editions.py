"""The life of an edition: drafted in batches, compared, published, withdrawn. Nothing of a draft shows, and nothing is half done."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from feedback_app import jobs
from feedback_app.database import Batch, db, unit_of_work
from feedback_app.domain.barometer import EditionStatus, Refusal, RevisionDirection, RevisionKind, RevisionSize, Tendency
from feedback_app.domain.policy import NotAllowed, Role
from feedback_app.domain.trace import EventVerb
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import (
    Barometer,
    CaseEvent,
    Edition,
    EditionIndicator,
    EditionWithdrawal,
    FigureRevision,
    Indicator,
    Observation,
    Reform,
    Target,
    Topic,
)
from feedback_app.services import barometers, edition_checks, edition_comparison, editions, sign_in
from feedback_app.services.edition_checks import Notice
from feedback_app.services.edition_comparison import Comparison
from feedback_app.services.edition_drafts import DraftImport, DraftReplaced
from feedback_app.services.edition_import import EditionImport, EditionPreview
from feedback_app.services.editions import EditionRefused
from tests.barometers import edition_file, indicator
from tests.factories import Make

JANUARY, JULY, AUTUMN = date(2025, 1, 31), date(2025, 7, 31), date(2025, 10, 31)


def file_with(target: str, value: str = "12.5", code: str = "IND-001"):
    return edition_file(
        indicator(code, values={"FRANCE": {"2024-12-31": value}}, targets={"FRANCE": {"2027-12-31": target}}, tendency=Tendency.UP)
    )


def rows(make: Make, model: type) -> int:
    with make.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def refused(action, *arguments: Any, **named: Any) -> Refusal:
    with pytest.raises(EditionRefused) as caught:
        action(*arguments, **named)
    return caught.value.reason


def publish(make: Make, edition: Edition) -> None:
    with make.app.app_context(), unit_of_work():
        editions.publish(db.session.get_one(Edition, edition.id), at=make.clock())


def withdraw(make: Make, edition: Edition, reason: str = "Une colonne était décalée.") -> None:
    with make.app.app_context(), unit_of_work():
        editions.withdraw(db.session.get_one(Edition, edition.id), reason, at=make.clock())


def targets_changed(make: Make, edition: Edition) -> list[tuple[str | None, str | None]]:
    with make.app.app_context():
        statement = select(FigureRevision.old_text, FigureRevision.new_text).where(
            FigureRevision.edition_id == edition.id, FigureRevision.kind == RevisionKind.TARGET_CHANGED
        )
        return [(old, new) for old, new in db.session.execute(statement)]


def test_an_edition_keeps_every_figure_as_published(make: Make):
    edition = make.edition()
    assert (edition.status, edition.indicator_count, edition.territory_count) == (EditionStatus.PUBLISHED, 1, 2)
    assert (edition.observation_count, edition.target_count, edition.baseline_count) == (3, 2, 1)
    values = [(row.territory, row.date.isoformat(), row.text, row.number, row.rate_text, row.rate) for row in make.all(Observation)]
    assert values == [
        ("FRANCE", "2025-06-30", "10.0", 10.0, None, None),
        ("FRANCE", "2025-12-31", "12.5", 12.5, "25.0", 25.0),
        ("D69", "2025-12-31", "7.0", 7.0, None, None),
    ]


def test_nothing_of_a_draft_is_a_topic_and_no_page_finds_it(make: Make):
    draft = make.edition(status=EditionStatus.DRAFT)
    assert make.all(Topic) == []
    with make.app.app_context():
        barometer = db.session.get_one(Barometer, draft.barometer_id)
        assert editions.latest(barometer) is None
        assert editions.public_on(barometer, draft.date) is None


def test_publication_gives_each_indicator_a_topic_at_the_ministry_of_its_reform(make: Make):
    draft, ministry = make.edition(status=EditionStatus.DRAFT), make.ministry()
    with make.app.app_context(), unit_of_work():
        barometers.map_reform(db.session.scalars(select(Reform)).one(), db.session.merge(ministry), at=make.clock())
    publish(make, draft)
    (topic,) = make.all(Topic)
    assert (topic.key, topic.title, topic.ministry_id) == (f"indicateur:{draft.barometer.slug}:IND-001", "Indicateur IND-001", ministry.id)


def test_a_reform_mapped_later_moves_the_topics_of_its_indicators(make: Make):
    one, ministry = make.indicator(), make.ministry()
    version = one.topic.content_version
    for wanted in (ministry, None):
        with make.app.app_context(), unit_of_work():
            assert barometers.map_reform(db.session.get_one(Reform, one.reform_id), wanted, at=make.clock())
            assert not barometers.map_reform(db.session.get_one(Reform, one.reform_id), wanted, at=make.clock())
        assert make.reload(one.topic).ministry_id == (wanted.id if wanted else None)
    assert make.reload(one.topic).content_version == version + 2
    mapped = [(event.before, event.after) for event in make.all(CaseEvent) if event.verb is EventVerb.REFORM_MAP]
    assert mapped == [(None, str(ministry.id)), (str(ministry.id), None)]


def test_the_second_edition_says_what_it_changed(make: Make):
    barometer = make.barometer()
    first = make.edition(file_with("19.0"), barometer=barometer, on=JANUARY)
    second = make.edition(file_with("11.0"), barometer=barometer, on=JULY)
    assert second.compared_with_id == first.id
    (revision,) = make.all(FigureRevision)
    assert (revision.edition_id, revision.kind, revision.size) == (second.id, RevisionKind.TARGET_CHANGED, RevisionSize.REAL)
    assert (revision.old_text, revision.new_text, revision.direction) == ("19.0", "11.0", RevisionDirection.EASIER)
    assert (second.new_observation_count, first.new_observation_count) == (0, 0)


def test_editions_of_two_barometers_are_not_compared(make: Make):
    make.edition(file_with("19.0"), on=JANUARY)
    other = make.edition(file_with("11.0"), on=JULY)
    assert (other.compared_with_id, make.all(FigureRevision)) == (None, [])


def test_a_draft_is_replaced_by_the_next_import_of_its_date(make: Make):
    barometer = make.barometer()
    make.edition(file_with("19.0", code="IND-OLD"), barometer=barometer, status=EditionStatus.DRAFT)
    kept = make.edition(file_with("11.0"), barometer=barometer, status=EditionStatus.DRAFT)
    assert [edition.id for edition in make.all(Edition)] == [kept.id]
    assert [target.text for target in make.all(Target)] == ["11.0"]
    assert [one.code for one in make.all(Indicator)] == ["IND-001"]


def test_a_half_written_draft_cannot_be_published_and_is_replaced_too(make: Make):
    barometer = make.barometer()
    half = DraftImport(barometer.id, JANUARY, file_with("19.0"), at=make.clock())
    batches = half.batches()
    make.batches(next(batches) for _ in range(3))
    assert rows(make, Observation) == 1
    with make.app.app_context(), unit_of_work():
        edition = db.session.get_one(Edition, half.edition_id)
        assert refused(editions.publish, edition, at=make.clock()) is Refusal.INCOMPLETE
    whole = make.edition(file_with("11.0"), barometer=barometer, on=JANUARY)
    assert [edition.id for edition in make.all(Edition)] == [whole.id]
    with pytest.raises(DraftReplaced):
        make.batches(batches)


def test_the_same_content_again_changes_nothing(make: Make):
    barometer = make.barometer()
    edition = make.edition(file_with("19.0"), barometer=barometer, on=JANUARY)
    events = rows(make, CaseEvent)
    again = EditionImport(barometer.id, JANUARY, file_with("19.0"), at=make.clock())
    make.batches(again.batches())
    assert (again.unchanged, again.edition_id) == (True, edition.id)
    assert (rows(make, Edition), rows(make, Observation), rows(make, CaseEvent)) == (1, 1, events)


@pytest.mark.parametrize(("on", "reason"), [(JULY, Refusal.OTHER_CONTENT), (JANUARY, Refusal.TOO_OLD)])
@pytest.mark.parametrize("work", ["import", "preview"])
def test_a_taken_date_and_one_before_the_newest_edition_are_refused(make: Make, on, reason, work):
    barometer = make.barometer()
    make.edition(file_with("19.0"), barometer=barometer, on=JULY)
    new = file_with("11.0")
    steps = EditionImport(barometer.id, on, new, at=make.clock()) if work == "import" else EditionPreview(barometer.id, on, new)
    assert refused(make.batches, steps.batches()) is reason
    assert rows(make, Edition) == 1


def test_an_edition_is_not_published_when_the_one_before_it_changed_meanwhile(make: Make):
    barometer = make.barometer()
    first = make.edition(file_with("19.0"), barometer=barometer, on=JANUARY)
    draft = make.edition(file_with("11.0"), barometer=barometer, on=AUTUMN, status=EditionStatus.DRAFT)
    between = make.edition(file_with("15.0"), barometer=barometer, on=JULY)
    with make.app.app_context(), unit_of_work():
        found = db.session.get_one(Edition, draft.id)
        assert refused(editions.publish, found, at=make.clock()) is Refusal.PREDECESSOR_CHANGED
    make.batches(Comparison(draft.id, at=make.clock()).batches())
    publish(make, draft)
    assert targets_changed(make, draft) == [("15.0", "11.0")]
    assert (first.status, between.status) == (EditionStatus.PUBLISHED, EditionStatus.PUBLISHED)


def test_withdrawing_an_edition_says_why_and_compares_the_next_one_again(make: Make):
    barometer = make.barometer()
    make.edition(file_with("19.0"), barometer=barometer, on=JANUARY)
    middle = make.edition(file_with("15.0"), barometer=barometer, on=JULY)
    last = make.edition(file_with("11.0"), barometer=barometer, on=AUTUMN)
    assert targets_changed(make, last) == [("15.0", "11.0")]
    withdraw(make, middle, "Une colonne était décalée.")
    assert [row.reason for row in make.all(EditionWithdrawal)] == ["Une colonne était décalée."]
    assert make.reload(last).compared_at is None
    with make.app.app_context():
        assert edition_comparison.due() == [last.id]
    make.batches(Comparison(last.id, at=make.clock()).batches())
    assert targets_changed(make, last) == [("19.0", "11.0")]
    with make.app.app_context():
        assert edition_comparison.due() == []
        found = editions.public_on(db.session.get_one(Barometer, barometer.id), JULY)
        assert found is not None
        assert found.status is EditionStatus.WITHDRAWN


def test_the_job_process_computes_the_revisions_that_a_withdrawal_left_due(make: Make):
    barometer = make.barometer()
    make.edition(file_with("19.0"), barometer=barometer, on=JANUARY)
    middle = make.edition(file_with("15.0"), barometer=barometer, on=JULY)
    last = make.edition(file_with("11.0"), barometer=barometer, on=AUTUMN)
    withdraw(make, middle)
    jobs.queue_of(make.app).sweep()
    assert make.reload(last).compared_at is not None
    assert targets_changed(make, last) == [("19.0", "11.0")]


def test_two_comparisons_at_once_never_leave_a_double(make: Make):
    barometer = make.barometer()
    make.edition(file_with("19.0"), barometer=barometer, on=JANUARY)
    draft = make.edition(file_with("11.0"), barometer=barometer, on=JULY, status=EditionStatus.DRAFT)
    one, other = (Comparison(draft.id, at=make.clock()).batches() for _twice in range(2))

    def interleaved():
        for pair in zip(one, other, strict=True):
            yield from pair

    with pytest.raises(EditionRefused):
        make.batches(interleaved())
    with make.app.app_context(), unit_of_work():
        assert refused(editions.publish, db.session.get_one(Edition, draft.id), at=make.clock()) is Refusal.NOT_COMPARED
    make.batches(Comparison(draft.id, at=make.clock()).batches())
    assert targets_changed(make, draft) == [("19.0", "11.0")]


def test_a_failure_between_two_batches_leaves_a_draft_that_nobody_sees(make: Make):
    barometer = make.barometer()
    draft = DraftImport(barometer.id, JANUARY, edition_file(), at=make.clock())

    def broken():
        for number, batch in enumerate(draft.batches()):
            yield batch if number < 2 else Batch(lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        make.batches(broken())
    assert [(edition.status, edition.completed_at) for edition in make.all(Edition)] == [(EditionStatus.DRAFT, None)]
    assert rows(make, Observation) == 0


def test_a_withdrawn_edition_may_be_replaced_between_two_others(make: Make):
    barometer = make.barometer()
    make.edition(file_with("19.0"), barometer=barometer, on=JANUARY)
    middle = make.edition(file_with("15.0"), barometer=barometer, on=JULY)
    last = make.edition(file_with("11.0"), barometer=barometer, on=AUTUMN)
    withdraw(make, middle)
    replacement = make.edition(file_with("16.0"), barometer=barometer, on=JULY)
    assert (replacement.number, targets_changed(make, replacement)) == (2, [("19.0", "16.0")])
    make.batches(Comparison(last.id, at=make.clock()).batches())
    assert targets_changed(make, last) == [("16.0", "11.0")]


def test_a_withdrawal_without_a_reason_or_twice_is_refused(make: Make):
    edition = make.edition()
    with pytest.raises(ValueError, match="reason"):
        withdraw(make, edition, "  ")
    withdraw(make, edition)
    with pytest.raises(MoveRefused):
        withdraw(make, edition)
    with pytest.raises(MoveRefused):
        publish(make, edition)


def test_titles_follow_the_newest_published_edition(make: Make):
    barometer = make.barometer()
    names = ("Guichets", "Guichets ouverts")
    for on, name in zip((JANUARY, JULY), names, strict=True):
        newest = make.edition(edition_file(indicator(values={"FRANCE": {"2024-12-31": "1"}}, name=name)), barometer=barometer, on=on)
    assert [topic.title for topic in make.all(Topic)] == ["Guichets ouverts"]
    withdraw(make, newest)
    (topic,) = make.all(Topic)
    assert topic.title == "Guichets"
    assert [row.name for row in make.all(EditionIndicator)] == list(names)


def test_the_page_of_an_indicator_that_vanished_is_renewed(make: Make):
    one = make.indicator(file_with("19.0", code="IND-OLD"))
    make.edition(file_with("19.0"), barometer=one.barometer, on=date(2026, 7, 31))
    assert make.reload(one.topic).content_version > one.topic.content_version


def test_only_an_administrator_or_an_operator_manages_editions(make: Make):
    draft = make.edition(status=EditionStatus.DRAFT)
    coordinator, administrator = make.person(roles=(Role.COORDINATOR,)), make.person(roles=(Role.ADMINISTRATOR,))
    with make.app.app_context(), pytest.raises(NotAllowed), unit_of_work():
        editions.publish(db.session.get_one(Edition, draft.id), at=make.clock(), actor=sign_in.actor_of(coordinator))
    with make.app.app_context(), unit_of_work():
        editions.publish(db.session.get_one(Edition, draft.id), at=make.clock(), actor=sign_in.actor_of(administrator))
    event = make.all(CaseEvent)[-1]
    assert (event.verb, event.before, event.after) == (EventVerb.EDITION_PUBLISH, "draft", "published")
    assert event.actor_id == administrator.identity_id


def test_a_large_draft_is_written_in_several_batches(make: Make, monkeypatch):
    monkeypatch.setattr("feedback_app.services.edition_drafts.BATCH_ROWS", 10)
    days = {f"2024-{month:02}-{day:02}": f"{month}.{day}" for month in range(1, 13) for day in range(1, 4)}
    file = edition_file(indicator("IND-1", values={"FRANCE": days}), indicator("IND-2", values={"D69": {"2024-01-01": "1"}}))
    draft = DraftImport(make.barometer().id, JANUARY, file, at=make.clock())
    sizes = [batch.rows for batch in _run(make, draft)]
    assert (sum(sizes), max(sizes)) == (37, 10)
    assert rows(make, Observation) == 37


def _run(make: Make, draft: DraftImport):
    for batch in draft.batches():
        make.batches([batch])
        yield batch


def test_one_barometer_is_active_the_first_by_itself(make: Make):
    first = make.barometer("premier", active=False)
    assert make.reload(first).active
    second = make.barometer("deuxieme", active=False)
    assert (make.reload(first).active, make.reload(second).active) == (True, False)
    third = make.barometer("troisieme", active=True)
    assert [barometer.active for barometer in make.all(Barometer)] == [False, False, True]
    activated = [event.after for event in make.all(CaseEvent) if event.verb is EventVerb.BAROMETER_ACTIVATE]
    assert activated == [str(first.id), str(third.id)]


def test_the_checks_name_what_looks_odd(make: Make):
    barometer = make.barometer()
    history = {f"2024-0{month}-01": f"{10 + month}" for month in range(1, 6)}
    make.edition(
        edition_file(
            indicator("IND-1", values={"FRANCE": history, "D69": {"2024-01-01": "1"}}, targets={"FRANCE": {"2027-12-31": "30"}},
                      baselines={"FRANCE": {"2020-12-31": "8"}}),
            indicator("IND-2", values={"FRANCE": {"2024-01-01": "1"}}),
        ),
        barometer=barometer,
        on=JANUARY,
    )  # fmt: skip
    draft = make.edition(
        edition_file(
            indicator("IND-1", values={"FRANCE": {**history, "2024-06-01": "900"}}, targets={"FRANCE": {"2027-12-31": "20"}},
                      baselines={"FRANCE": {"2020-12-31": "9"}}),
        ),
        barometer=barometer,
        on=JULY,
        status=EditionStatus.DRAFT,
    )  # fmt: skip
    with make.app.app_context():
        found = edition_checks.checks(db.session.get_one(Edition, draft.id))
        counted = edition_checks.summary(db.session.get_one(Edition, draft.id))
    assert dict(found.counts) == dict.fromkeys(Notice, 1)
    first = {notice: remarks[0] for notice, remarks in found.remarks.items()}
    assert (first[Notice.TARGET_EASIER].old, first[Notice.TARGET_EASIER].new) == ("30", "20")
    assert (first[Notice.BASELINE_CHANGED].old, first[Notice.BASELINE_CHANGED].new) == ("8", "9")
    assert first[Notice.INDICATOR_VANISHED].indicator == "IND-2"
    assert first[Notice.TERRITORY_MISSING].territory == "D69"
    assert (first[Notice.FAR_OUTSIDE].old, first[Notice.FAR_OUTSIDE].new) == ("11 … 15", "900")
    assert counted.as_dict()["revisions"] == {"indicator_removed": 1, "target_changed": 1, "baseline_changed": 1, "observation_removed": 1}


def test_a_preview_counts_what_the_import_will_change_and_writes_nothing(make: Make):
    barometer = make.barometer()
    make.edition(file_with("19.0"), barometer=barometer, on=JANUARY)
    before = rows(make, Target), rows(make, CaseEvent)
    preview = EditionPreview(barometer.id, JULY, file_with("11.0", value="12.51"))
    make.batches(preview.batches())
    assert (rows(make, Target), rows(make, CaseEvent)) == before
    real = EditionImport(barometer.id, JULY, file_with("11.0", value="12.51"), at=make.clock())
    make.batches(real.batches())
    assert preview.summary == real.summary
    assert preview.summary is not None
    assert preview.summary.as_dict()["revisions_by_size"] == {"real": {"target_changed": 1}, "rounding": {"observation_changed": 1}}
