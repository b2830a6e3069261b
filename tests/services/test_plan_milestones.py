"""At an import a milestone is known by its title: what a ministry said of it stays with it, and is never lost."""

from __future__ import annotations

import json

import pytest

from feedback_app.database import unit_of_work
from feedback_app.domain.commitment import CommitmentAction, CommitmentStatus, WordField
from feedback_app.importers.plan import read_plan
from feedback_app.models import Commitment, CommitmentChange, CommitmentRevision, Milestone
from feedback_app.services import plans
from tests.progress_factories import move, said

A, S = CommitmentAction, CommitmentStatus


@pytest.fixture
def bring(app, clock):
    """``bring("A", "B", …)``: import a plan of one commitment whose milestones bear these titles, or are written out."""

    def run(*steps, **facts):
        milestones = [{"title": step} if isinstance(step, str) else step for step in steps]
        document = {
            "format": "devoir-de-suite/plan",
            "version": 1,
            "plan": {"slug": "p", "title": "Plan", "start": "2026-01-01", "end": "2027-12-31", "status": "running"},
            "ministries": [{"slug": "m", "name": "Ministère", "kind": "ministry"}],
            "commitments": [{"number": 1, "title": "Promesse", "ministry": "m", "milestones": milestones, **facts}],
        }
        with app.app_context(), unit_of_work():
            return plans.import_plan(read_plan(json.dumps(document).encode()), at=clock(), reason="Le plan a été révisé.")

    return run


@pytest.fixture
def spoken(make, bring):
    """A, B and C, of which the ministry completed B."""
    bring("A", "B", "C")
    (commitment,) = make.all(Commitment)
    second = next(one for one in make.all(Milestone) if one.title == "B")
    make.update(commitment, said("Commencé.", move(A.START, second.id)))
    make.update(commitment, said("Fini.", move(A.COMPLETE, second.id, "https://exemple.fr/preuve")))
    return second


def steps(make):
    return [(one.title, one.status, one.dropped_at is None) for one in sorted(make.all(Milestone), key=lambda one: one.position)]


def test_a_status_follows_its_milestone_wherever_it_stands(make, bring, spoken):
    report = bring("C", "A", "Nouveau", "B")
    assert steps(make) == [("C", S.PLANNED, True), ("A", S.PLANNED, True), ("Nouveau", S.PLANNED, True), ("B", S.COMPLETED, True)]
    assert make.reload(spoken).position == 4
    assert (report.milestones.created, report.milestones.removed) == (1, 0)


def test_what_was_said_of_a_milestone_that_left_the_plan_stays_to_be_read(make, client, bring, spoken):
    report = bring("A", "C")
    assert steps(make) == [("A", S.PLANNED, True), ("C", S.PLANNED, True), ("B", S.COMPLETED, False)]
    assert report.milestones.removed == 1
    page = client.get_page("/engagements/p/1").text("main")
    assert "Retiré du plan le 2 mars 2026" in page
    assert "0 % des jalons" in page.replace("\u00a0", " ")

    assert bring("A", "C").changes == []
    bring("A", "C", "B")
    assert steps(make)[2] == ("B", S.COMPLETED, True)


def test_a_title_that_changed_is_the_same_milestone_only_if_nobody_spoke_of_it(make, bring, spoken):
    bring("A corrigé", "B corrigé", "C")
    assert steps(make) == [
        ("A corrigé", S.PLANNED, True),
        ("B corrigé", S.PLANNED, True),
        ("C", S.PLANNED, True),
        ("B", S.COMPLETED, False),
    ]


def test_two_milestones_of_one_title_keep_their_order(make, bring):
    bring({"title": "Atelier", "dates_raw": "mars"}, {"title": "Atelier", "dates_raw": "mai"})
    ids = [one.id for one in make.all(Milestone)]
    bring("Avant", {"title": "Atelier", "dates_raw": "mars"}, {"title": "Atelier", "dates_raw": "mai"})
    assert [one.dates_raw for one in make.all(Milestone) if one.id in ids] == ["mars", "mai"]


def test_what_an_import_changes_is_kept_with_both_wordings_and_the_reason(make, client, bring):
    bring("A", "B")
    assert make.all(CommitmentRevision) == []
    bring({"title": "A", "end": "2026-12-31", "weight": 3}, problem="Un problème.", theme="Climat")

    (revision,) = make.all(CommitmentRevision)
    assert revision.reason == "Le plan a été révisé."
    assert {(one.field, one.position, one.before, one.after) for one in make.all(CommitmentChange)} == {
        (WordField.THEME, None, None, "Climat"),
        (WordField.PROBLEM, None, None, "Un problème."),
        (WordField.MILESTONE_END, 1, None, "2026-12-31"),
        (WordField.MILESTONE_WEIGHT, 1, "1", "3"),
        (WordField.MILESTONE, 2, "B", None),
    }
    page = client.get_page("/engagements/p/1").text("main")
    assert "Motif : Le plan a été révisé." in page.replace("\u00a0", " ")
    assert bring({"title": "A", "end": "2026-12-31", "weight": 3}, problem="Un problème.").changes == []
