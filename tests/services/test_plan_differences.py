"""What a plan file changes, told before it is written, is what is then written; and telling it leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from feedback_app.database import db, unit_of_work
from feedback_app.domain.commitment import PlanField, WordField
from feedback_app.domain.policy import Actor, NotAllowed
from feedback_app.importers.plan import read_plan
from feedback_app.models import PlanUpload
from feedback_app.services import plan_differences, plan_uploads, plans
from feedback_app.services.commitment_words import Change
from feedback_app.services.plan_differences import Differences, PlanChange
from tests.plan_files import Document, as_bytes, plan_file, revised_plan


def compare(make: Any, document: Document) -> Differences:
    with make.app.app_context(), unit_of_work():
        return plans.compare(read_plan(as_bytes(document)), at=make.clock()).differences


def rows(make: Any) -> dict[str, list[Any]]:
    with make.app.app_context():
        return {table.name: list(db.session.execute(select(table).order_by(table.c.id))) for table in db.metadata.sorted_tables}


def test_comparing_writes_nothing_and_tells_what_an_import_would_write(make):
    make.imported_plan()
    before = rows(make)
    found = compare(make, revised_plan())
    assert rows(make) == before
    with make.app.app_context(), unit_of_work():
        report = plans.import_plan(read_plan(as_bytes(revised_plan())), at=make.clock(), reason="Le plan a été amendé.")
    assert report.differences == found
    assert compare(make, revised_plan()) == Differences(missing=[(2, "Éteindre les phares")])


def test_every_change_is_there_with_what_was_and_what_is(make):
    make.imported_plan()
    document = revised_plan()
    document["plan"] |= {"end": "2032-06-30", "source": "Recueil"}
    found = compare(make, document)
    assert found.plan == [
        PlanChange(PlanField.END, "2031-12-31", "2032-06-30"),
        PlanChange(PlanField.SOURCE, None, "Recueil"),
    ]
    assert [(one.slug, one.added) for one in found.ministries] == [("marees", True)]
    (revised,) = found.revised
    assert set(revised.changes) == {
        Change(WordField.TITLE, None, "Allumer les phares", "Allumer tous les phares"),
        Change(WordField.PROBLEM, None, "Il fait nuit sur la côte.", "Il fait très nuit sur la côte."),
        Change(WordField.MILESTONE_END, 1, "2030-06-30", "2030-09-30"),
        Change(WordField.MILESTONE_TITLE, 2, "Peindre la tour", "Former les gardiens"),
        Change(WordField.MILESTONE, 3, "Inaugurer", None),
    }
    assert [(one.number, one.milestones) for one in found.added] == [(3, 1)]
    assert (found.milestones_added, found.milestones_gone) == (0, 1)
    assert found.missing == [(2, "Éteindre les phares")]


def test_steps_in_another_order_are_a_change_that_is_kept(make):
    make.imported_plan()
    document = plan_file()
    document["commitments"][0]["milestones"].reverse()
    (revised,) = compare(make, document).revised
    assert revised.changes == (
        Change(
            WordField.MILESTONE_ORDER,
            None,
            "Acheter une lampe\nPeindre la tour\nInaugurer",
            "Inaugurer\nPeindre la tour\nAcheter une lampe",
        ),
    )


def test_differences_travel_as_plain_values(make):
    make.imported_plan()
    document = revised_plan()
    document["ministries"][0] |= {"name": "Ministère de la Mer", "kind": "institution"}
    document["plan"]["status"] = "writing"
    found = compare(make, document)
    assert plan_differences.from_json(found.as_json()) == found
    assert plan_differences.from_json(found.as_json()).digest == found.digest
    assert not plan_differences.from_json({})


def test_the_number_of_reads_does_not_grow_with_the_plan(make, statements):
    make.imported_plan()

    def reads(count: int) -> int:
        document = plan_file(slug=f"grand-{count}")
        document["commitments"] = [{"number": number, "title": "Titre", "ministry": "phares"} for number in range(1, count + 1)]
        make.imported_plan(document)
        with statements() as seen:
            compare(make, document)
        return len([one for one in seen if one.startswith("SELECT")])

    assert reads(2) == reads(60)


def test_who_does_not_manage_plans_may_do_nothing_with_a_file(make):
    make.imported_plan()
    upload = make.plan_upload()
    nobody = Actor(identity_id=make.person().identity_id)
    with make.app.app_context():
        kept = db.session.get_one(PlanUpload, upload.id)
        for command in (
            lambda: plan_uploads.receive(as_bytes(plan_file()), administrator=nobody, at=make.clock()),
            lambda: plan_uploads.apply(kept, reason="", seen="", administrator=nobody, at=make.clock()),
            lambda: plan_uploads.discard(kept, administrator=nobody, at=make.clock()),
        ):
            with pytest.raises(NotAllowed):
                command()
