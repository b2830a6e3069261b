"""What a plan file changes in the database, and what it must leave alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from feedback_app.database import db, unit_of_work
from feedback_app.domain import text
from feedback_app.domain.commitment import CommitmentStatus, MinistryKind, PlanPhase, SectionKind
from feedback_app.domain.trace import ActorKind, EventVerb, SubjectKind
from feedback_app.importers.plan import PlanFile, read_plan
from feedback_app.models import CaseEvent, Commitment, CommitmentSection, Milestone, Ministry, Plan, Topic
from feedback_app.services import commitments, events, plans
from feedback_app.services.plan_report import ImportReport
from tests.conftest import NOW, Clock
from tests.factories import Make

Bring = Callable[[PlanFile], ImportReport]
Statements = Callable[[], AbstractContextManager[list[str]]]
PHARES = {"slug": "phares", "name": "Ministère des Phares", "kind": "ministry"}
MAREES = {"slug": "conseil-des-marees", "name": "Conseil des marées", "kind": "institution"}
OPENING = {"title": "Ouvrir le registre", "deliverable": "Un fichier", "group": "A", "dates_raw": "T2\t2030", "end": "2030-06-30"}
CLOSING = {"title": "Fermer l’ancien registre"}


def a_commitment(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"number": number, "title": f"Engagement {number}", "ministry": "phares"} | fields


def a_plan(*rows: dict[str, Any], ministries: tuple[dict[str, Any], ...] = (PHARES, MAREES), **fields: Any) -> PlanFile:
    plan = {"slug": "essai-2030", "title": "Plan d’essai", "start": "2030-01-01", "end": "2031-12-31", "status": "running"} | fields
    document = {"format": "devoir-de-suite/plan", "version": 1, "plan": plan, "ministries": ministries, "commitments": rows}
    return read_plan(json.dumps(document).encode())


def the_first(**fields: Any) -> dict[str, Any]:
    """A commitment with everything, or with what a test changes in it."""
    full = {
        "title": "Publier les heures d’allumage",
        "lead": "Ministère des Phares\nConseil des marées",
        "period": {"raw": "Printemps 2030", "start": "2030-03-01", "end": "2030-05-31"},
        "problem": "Personne ne sait.",
        "commitment": "Les heures sont publiées **chaque soir** :\n\n- sur le site ;\n- au port.",
        "state_actors": ["Direction des lanternes"],
        "other_actors": ["Amicale des gardiens"],
        "milestones": [OPENING, CLOSING],
    }
    return a_commitment(**{"number": 1} | full | fields)


@pytest.fixture
def bring(app: Flask, clock: Clock) -> Bring:
    """``bring(file)``: import it in one transaction, a day after whatever was there."""

    def import_file(file: PlanFile) -> ImportReport:
        clock.advance(days=1)
        with app.app_context(), unit_of_work():
            return plans.import_plan(file, at=clock())

    return import_file


@pytest.fixture
def everything(app: Flask) -> Callable[[], dict[str, list[Any]]]:
    """``everything()``: all the rows of all the tables."""

    def rows() -> dict[str, list[Any]]:
        with app.app_context():
            return {table.name: list(db.session.execute(select(table).order_by(table.c.id))) for table in db.metadata.sorted_tables}

    return rows


@pytest.fixture
def events_of(make: Make) -> Callable[[EventVerb], list[CaseEvent]]:
    return lambda verb: [event for event in make.all(CaseEvent) if event.verb is verb]


def pages(make: Make) -> dict[str, int]:
    """The version of what each topic's page shows."""
    return {topic.key.removeprefix("engagement:"): topic.content_version for topic in make.all(Topic)}


def test_a_commitment_arrives_with_all_that_its_page_shows(app: Flask, bring: Bring) -> None:
    bring(a_plan(the_first(), licence="Licence Ouverte 2.0", source="  "))
    with app.app_context():
        found = commitments.find("essai-2030", 1)
        assert found is not None
        assert (found.title, found.title_folded) == ("Publier les heures d’allumage", "publier les heures d'allumage")
        assert (found.topic.key, found.topic.title, found.topic.ministry) == ("engagement:essai-2030:1", found.title, found.ministry)
        assert (found.ministry.slug, found.ministry.kind) == ("phares", MinistryKind.MINISTRY)
        assert (found.period_raw, found.start, found.end) == ("Printemps 2030", date(2030, 3, 1), date(2030, 5, 31))
        assert (found.state_actors, found.other_actors) == (["Direction des lanternes"], ["Amicale des gardiens"])
        assert found.status is CommitmentStatus.PLANNED
        assert (found.plan.phase, found.plan.licence, found.plan.source) == (PlanPhase.RUNNING, "Licence Ouverte 2.0", None)


def test_texts_arrive_in_the_order_of_the_page_and_rendered(app: Flask, bring: Bring) -> None:
    bring(a_plan(the_first(additional_info="Fin", contribution=" \n ")))
    with app.app_context():
        found = commitments.find("essai-2030", 1)
        assert found is not None
        assert [section.kind for section in found.sections] == [SectionKind.PROBLEM, SectionKind.COMMITMENT, SectionKind.ADDITIONAL_INFO]
        promised = found.sections[1]
        assert promised.source.startswith("Les heures sont publiées **chaque soir** :")
        assert "<strong>chaque soir</strong>" in promised.html
        assert promised.html.count("<li>") == 2
        assert promised.renderer == text.RENDERER


def test_milestones_arrive_in_order_with_their_dates_as_written_and_as_understood(make: Make, bring: Bring) -> None:
    bring(a_plan(the_first()))
    first, second = make.all(Milestone)
    assert (first.position, first.title, first.dates_raw, first.end) == (1, "Ouvrir le registre", "T2\t2030", date(2030, 6, 30))
    assert (second.position, second.title, second.deliverable, second.end) == (2, "Fermer l’ancien registre", None, None)
    assert {first.status, second.status} == {CommitmentStatus.PLANNED}


def test_the_report_of_a_first_import_counts_what_is_new(bring: Bring) -> None:
    report = bring(a_plan(the_first(), a_commitment(2)))
    assert report.changes == [
        "plan essai-2030 : création",
        "ministère phares : création",
        "institution conseil-des-marees : création",
        "engagement 1 : création, 2 jalons ajoutés",
        "engagement 2 : création",
    ]
    assert report.as_dict()["created"] == {"plan": 1, "ministries": 2, "commitments": 2, "milestones": 2}


def test_the_report_as_json_says_how_many_the_file_holds_and_what_became_of_them(bring: Bring) -> None:
    bring(a_plan(the_first(), a_commitment(2), a_commitment(7)))
    report = bring(a_plan(the_first(milestones=[OPENING | {"title": "Ouvrir"}]), a_commitment(2)))
    assert json.loads(json.dumps(report.as_dict())) == {
        "plan": "essai-2030",
        "commitments": 2,
        "milestones": 1,
        "ministries": 2,
        "created": {"plan": 0, "ministries": 0, "commitments": 0, "milestones": 0},
        "changed": {"plan": 0, "ministries": 0, "commitments": 1, "milestones": 1},
        "unchanged": {"plan": 1, "ministries": 2, "commitments": 1, "milestones": 0},
        "removed": {"milestones": 1},
        "missing": [7],
        "changes": ["engagement 1 : 1 jalon modifié, 1 jalon retiré"],
    }


def test_the_same_file_again_writes_nothing(bring: Bring, everything: Callable[[], dict[str, list[Any]]], statements: Statements) -> None:
    file = a_plan(the_first(), a_commitment(2))
    bring(file)
    before = everything()
    with statements() as seen:
        report = bring(file)
    assert everything() == before
    assert all(statement.startswith("SELECT") for statement in seen)
    assert (report.changes, report.commitments.unchanged, report.milestones.unchanged) == ([], 2, 2)


def test_a_text_that_is_stored_otherwise_than_written_is_not_a_change(bring: Bring) -> None:
    file = a_plan(the_first(problem="\n\nUn problème \n\tsérieux  \n", lead=" ", milestones=[OPENING | {"group": ""}]))
    bring(file)
    assert bring(file).changes == []


def test_another_title_reaches_the_search_and_the_topic(
    make: Make, bring: Bring, clock: Clock, events_of: Callable[[EventVerb], list[CaseEvent]]
) -> None:
    bring(a_plan(the_first(), a_commitment(2)))
    report = bring(a_plan(the_first(title="Éteindre à l’heure"), a_commitment(2)))
    changed, _other = make.all(Commitment)
    assert (changed.title, changed.title_folded) == ("Éteindre à l’heure", "eteindre a l'heure")
    assert [topic.title for topic in make.all(Topic)] == ["Éteindre à l’heure", "Engagement 2"]
    assert pages(make) == {"essai-2030:1": 1, "essai-2030:2": 0}
    assert report.changes == ["engagement 1 : titre"]
    (event,) = events_of(EventVerb.COMMITMENT_REVISE)
    assert (event.subject_id, event.topic_id, event.at) == (changed.id, changed.topic_id, clock())
    assert make.all(Plan)[0].updated_at == clock()


def test_another_responsible_ministry_moves_the_topic_with_the_commitment(make: Make, bring: Bring) -> None:
    bring(a_plan(the_first()))
    report = bring(a_plan(the_first(ministry="conseil-des-marees")))
    _phares, marees = make.all(Ministry)
    assert make.all(Commitment)[0].ministry_id == marees.id
    assert make.all(Topic)[0].ministry_id == marees.id
    assert pages(make) == {"essai-2030:1": 1}
    assert report.changes == ["engagement 1 : ministère responsable"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lead": None}, "services chargés"),
        ({"period": {"raw": "Printemps 2030", "start": "2030-03-01", "end": "2030-06-30"}}, "fin"),
        ({"period": {"raw": "2030", "end": "2030-05-31"}}, "période, début"),
        ({"state_actors": []}, "acteurs publics"),
        ({"other_actors": ["Amicale des gardiens", "Club de voile"]}, "autres acteurs"),
        ({"problem": "Tout le monde sait."}, "texte « problème »"),
        ({"commitment": None}, "texte « engagement »"),
        ({"contribution": "Chacun vérifie."}, "texte « contribution »"),
        ({"milestones": [CLOSING, OPENING]}, "2 jalons modifiés"),
        ({"milestones": [OPENING, CLOSING, CLOSING]}, "1 jalon ajouté"),
        ({"milestones": []}, "2 jalons retirés"),
    ],
)
def test_each_change_is_written_and_named_and_the_next_import_finds_nothing(
    make: Make, bring: Bring, fields: dict[str, Any], said: str
) -> None:
    bring(a_plan(the_first()))
    report = bring(a_plan(the_first(**fields)))
    assert report.changes == [f"engagement 1 : {said}"]
    assert pages(make) == {"essai-2030:1": 1}
    assert bring(a_plan(the_first(**fields))).changes == []


def test_another_text_is_rendered_again_and_an_emptied_one_disappears(make: Make, bring: Bring) -> None:
    bring(a_plan(the_first()))
    bring(a_plan(the_first(problem="*Presque* personne ne sait.", commitment="")))
    (section,) = make.all(CommitmentSection)
    assert (section.kind, section.source, section.html) == (
        SectionKind.PROBLEM,
        "*Presque* personne ne sait.",
        "<p><em>Presque</em> personne ne sait.</p>",
    )


def test_a_new_renderer_renders_the_same_texts_again(make: Make, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(a_plan(the_first()))
    monkeypatch.setattr(text, "RENDERER", "md-next")
    assert bring(a_plan(the_first())).changes == ["engagement 1 : texte « problème », texte « engagement »"]
    assert {section.renderer for section in make.all(CommitmentSection)} == {"md-next"}
    assert bring(a_plan(the_first())).changes == []


def test_an_import_never_touches_what_the_ministries_said_of_their_progress(app: Flask, make: Make, bring: Bring) -> None:
    bring(a_plan(the_first()))
    with app.app_context(), unit_of_work():
        db.session.execute(update(Commitment).values(status=CommitmentStatus.AT_RISK))
        db.session.execute(update(Milestone).values(status=CommitmentStatus.COMPLETED))
    bring(a_plan(the_first(title="Autre titre", milestones=[OPENING | {"title": "Ouvrir"}, CLOSING, {"title": "Nouveau"}])))
    assert make.all(Commitment)[0].status is CommitmentStatus.AT_RISK
    assert [(step.title, step.status) for step in make.all(Milestone)] == [
        ("Ouvrir", CommitmentStatus.COMPLETED),
        ("Fermer l’ancien registre", CommitmentStatus.COMPLETED),
        ("Nouveau", CommitmentStatus.PLANNED),
    ]


def test_milestones_gone_from_the_file_are_removed_and_reported(make: Make, bring: Bring) -> None:
    bring(a_plan(the_first()))
    report = bring(a_plan(the_first(milestones=[OPENING])))
    assert [step.title for step in make.all(Milestone)] == ["Ouvrir le registre"]
    assert report.changes == ["engagement 1 : 1 jalon retiré"]
    assert report.milestones.removed == 1


def test_a_commitment_gone_from_the_file_is_reported_and_kept(bring: Bring, everything: Callable[[], dict[str, list[Any]]]) -> None:
    bring(a_plan(the_first(), a_commitment(2), a_commitment(9)))
    before = everything()
    report = bring(a_plan(the_first()))
    assert (report.missing, report.changes) == ([2, 9], [])
    assert everything() == before
    assert bring(a_plan(the_first())).missing == [2, 9]


def test_a_second_plan_keeps_its_own_numbers_beside_the_first(
    make: Make, bring: Bring, everything: Callable[[], dict[str, list[Any]]]
) -> None:
    bring(a_plan(the_first(), a_commitment(2)))
    before = everything()
    report = bring(a_plan(a_commitment(1, title="Tout autre chose"), slug="suite-2032"))
    after = everything()
    assert (report.commitments.created, report.ministries.unchanged, report.missing) == (1, 2, [])
    for table in ("ministry", "plan", "commitment", "commitment_section", "milestone", "topic", "case_event"):
        assert after[table][: len(before[table])] == before[table]
    assert [(row.number, row.title) for row in make.all(Commitment)][2:] == [(1, "Tout autre chose")]
    assert make.all(Topic)[2].key == "engagement:suite-2032:1"


def test_a_renamed_ministry_is_reported_and_its_pages_show_it_in_every_plan(
    make: Make, bring: Bring, events_of: Callable[[EventVerb], list[CaseEvent]]
) -> None:
    bring(a_plan(the_first(), a_commitment(2, ministry="conseil-des-marees")))
    bring(a_plan(a_commitment(1), slug="suite-2032"))
    report = bring(a_plan(a_commitment(1), slug="suite-2032", ministries=(PHARES | {"name": "Ministère de la Mer"},)))
    assert make.all(Ministry)[0].name == "Ministère de la Mer"
    assert report.changes == ["ministère phares : nom (« Ministère des Phares » devient « Ministère de la Mer »)"]
    assert (report.ministries.changed, report.commitments.unchanged) == (1, 1)
    assert pages(make) == {"essai-2030:1": 1, "essai-2030:2": 0, "suite-2032:1": 1}
    assert len(events_of(EventVerb.PLAN_IMPORT)) == 3
    assert events_of(EventVerb.COMMITMENT_REVISE) == []


def test_a_page_that_names_the_successor_of_its_ministry_shows_the_new_name_too(app: Flask, make: Make, bring: Bring) -> None:
    bring(a_plan(the_first(), a_commitment(2, ministry="conseil-des-marees")))
    phares, marees = make.all(Ministry)
    with app.app_context(), unit_of_work():
        db.session.execute(update(Ministry).where(Ministry.id == phares.id).values(successor_id=marees.id))
    bring(a_plan(the_first(), ministries=(PHARES, MAREES | {"name": "Haut conseil des marées"})))
    assert pages(make) == {"essai-2030:1": 1, "essai-2030:2": 1}


def test_another_kind_of_institution_is_a_change(make: Make, bring: Bring) -> None:
    bring(a_plan(the_first()))
    report = bring(a_plan(the_first(), ministries=(PHARES | {"kind": "institution"}, MAREES)))
    assert make.all(Ministry)[0].kind is MinistryKind.INSTITUTION
    assert report.changes == ["institution phares : nature"]


def test_a_change_of_the_plan_itself_is_traced_and_renews_its_pages(
    make: Make, bring: Bring, clock: Clock, events_of: Callable[[EventVerb], list[CaseEvent]]
) -> None:
    bring(a_plan(the_first(), a_commitment(2)))
    report = bring(a_plan(the_first(), a_commitment(2), status="closed", title="Plan d’essai, clos", end="2032-01-31"))
    (plan,) = make.all(Plan)
    assert (plan.phase, plan.title, plan.end) == (PlanPhase.CLOSED, "Plan d’essai, clos", date(2032, 1, 31))
    assert (plan.created_at, plan.updated_at) == (NOW + timedelta(days=1), clock())
    assert report.changes == ["plan essai-2030 : titre, fin, phase"]
    assert pages(make) == {"essai-2030:1": 1, "essai-2030:2": 1}
    event = events_of(EventVerb.PLAN_IMPORT)[-1]
    assert (event.subject_kind, event.subject_id, event.before, event.after) == (SubjectKind.PLAN, plan.id, "running", "closed")


def test_a_new_commitment_renews_the_pages_that_lead_to_it(make: Make, bring: Bring) -> None:
    bring(a_plan(the_first()))
    assert bring(a_plan(the_first(), a_commitment(2))).changes == ["engagement 2 : création"]
    assert pages(make) == {"essai-2030:1": 1, "essai-2030:2": 0}


def test_the_trace_names_who_imported_and_holds_no_word_of_the_file(app: Flask, make: Make, clock: Clock) -> None:
    with app.app_context(), unit_of_work():
        plans.import_plan(a_plan(the_first(), a_commitment(2)), at=clock(), actor_kind=ActorKind.STAFF, actor_id=7)
    found = make.all(CaseEvent)
    assert [event.verb for event in found] == [EventVerb.PLAN_IMPORT, EventVerb.COMMITMENT_IMPORT, EventVerb.COMMITMENT_IMPORT]
    assert {(event.actor_kind, event.actor_id, event.at) for event in found} == {(ActorKind.STAFF, 7, clock())}
    assert [event.subject_id for event in found[1:]] == [commitment.id for commitment in make.all(Commitment)]
    assert [(event.before, event.after) for event in found] == [(None, "running"), (None, "planned"), (None, "planned")]


def test_a_write_that_fails_in_the_middle_leaves_nothing(
    bring: Bring, everything: Callable[[], dict[str, list[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(a_plan(the_first()))
    before = everything()

    def fail(verb: EventVerb, *_args: Any, **_named: Any) -> None:
        if verb is EventVerb.COMMITMENT_REVISE:
            raise OSError("disk full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(OSError, match="disk full"):
        bring(a_plan(the_first(title="Autre"), a_commitment(2), title="Autre plan", ministries=(PHARES | {"name": "Autre"},)))
    assert everything() == before


def test_progress_moves_once_for_each_commitment(app: Flask, clock: Clock) -> None:
    steps: list[int] = []
    with app.app_context(), unit_of_work():
        plans.import_plan(a_plan(*map(a_commitment, range(1, 8))), at=clock(), progress=steps.append)
    assert steps == [1] * 7


@pytest.mark.parametrize("case", ["new", "changed", "unchanged"])
def test_fifty_commitments_cost_as_many_reads_as_five(bring: Bring, statements: Statements, case: str) -> None:
    def cost(slug: str, size: int) -> list[str]:
        numbers = range(1, size + 1)
        if case != "new":
            bring(a_plan(*(the_first(number=number) for number in numbers), slug=slug))
        fields = {"title": "Autre", "problem": "Autre"} if case == "changed" else {}
        with statements() as seen:
            bring(a_plan(*(the_first(number=number, **fields) for number in numbers), slug=slug))
        # SQLite gives ids back one row at a time: writing new rows, events among them, takes a statement each there.
        return [statement.split()[0] for statement in seen if not statement.startswith("INSERT")]

    bring(a_plan(slug="sans-engagement"))  # so that the ministries are there for both
    few, many = cost("cinq", 5), cost("cinquante", 50)
    assert few == many
    assert 3 <= many.count("SELECT") <= 7
    assert len(many) <= 12
