"""The dashboard of the commitments: what moved, what is late, who said so; and the same table as a file."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
import sqlalchemy as sa

from feedback_app.database import db, unit_of_work
from feedback_app.domain.commitment import CommitmentAction, CommitmentStatus, UpdateStatus
from feedback_app.models import Commitment, Milestone, Plan, ProgressBlock, ProgressUpdate, ProgressVersion, Topic
from tests.pages import words
from tests.progress_factories import move, said

STATEMENTS = 10


@pytest.fixture
def plan(make):
    return make.plan("2026-2028")


def figures(page):
    return {words(item).split(" ", 1)[1]: int(words(item).split()[0]) for item in page.all("ul[@class='ds-figures']/li")}


def test_one_sees_what_moved_what_is_late_and_who_said_so(client, make, clock, plan):
    ministry = make.ministry("École")
    moved = make.commitment(plan=plan, ministry=ministry, title="Ouvrir les classes")
    make.commitment(plan=plan, ministry=ministry, title="Ouvrir les gymnases")
    make.update(moved, said("C’est commencé.", move(CommitmentAction.START)))
    clock.advance(days=150)

    page = client.get_page("/engagements/")
    assert figures(page) == {"en retard": 0, "sans nouvelles depuis trois mois": 2, "Prévu": 1, "En cours": 1}
    text = page.text("main")
    assert "engagement " in text
    assert "attendu le 30 juin 2026" in text
    assert "Les 2 jalons en retard" in text
    assert "2 mars 2026 – École" in text
    assert "Sans nouvelles depuis le 2 mars 2026" in text


def test_an_update_that_is_not_published_leaves_by_no_door(client, make, plan):
    commitment = make.commitment(plan=plan)
    make.update(commitment, said("SECRET-PLANTE", move(CommitmentAction.START)), status=UpdateStatus.PROPOSED)

    for path in ("/", "/engagements/", f"/engagements/{plan.slug}/{commitment.number}", "/engagements/engagements.csv"):
        text = client.get(path).text
        assert "PLANTE" not in text
        assert ",in_progress," not in text
        assert "depuis le 2 mars 2026" not in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Un", "Deux", "Trois"}),
        ("signal=retard", {"Trois"}),
        ("signal=silence", {"Un", "Trois"}),
        ("theme=Santé", {"Deux"}),
        ("statut=in_progress", {"Deux"}),
        ("depuis=2026-07-01", {"Deux"}),
        ("depuis=2026-07-31", set()),
        ("depuis=hier&signal=x&theme=&tri=x", {"Un", "Deux", "Trois"}),
    ],
)
def test_the_table_is_narrowed(app, client, make, clock, plan, query, expected):
    first, second, third = (make.commitment(plan=plan, title=title) for title in ("Un", "Deux", "Trois"))
    with app.app_context(), unit_of_work():
        db.session.get_one(Commitment, second.id).theme = "Santé"
        db.session.execute(sa.update(Milestone).where(Milestone.commitment_id != third.id).values(end=date(2030, 1, 1)))
    clock.advance(days=140)
    make.update(second, said("Du neuf.", move(CommitmentAction.START)))

    page = client.get_page(f"/engagements/?{query}")
    assert {title for title in ("Un", "Deux", "Trois") if f". {title} " in f"{page.text('main//table')} "} == expected
    file = list(csv.DictReader(io.StringIO(client.get(f"/engagements/engagements.csv?{query}").text.lstrip("\ufeff"))))
    assert {row["engagement"] for row in file} == expected
    assert first.id


def test_the_file_says_the_same_and_starts_no_formula(client, make, clock, plan):
    commitment = make.commitment(plan=plan, title="=HYPERLINK(1)")
    make.update(commitment, said("Commencé.", move(CommitmentAction.START)))
    answer = client.get("/engagements/engagements.csv")

    assert answer.headers["Content-Disposition"] == "attachment; filename=engagements-2026-2028.csv"
    (row,) = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))
    assert row["engagement"] == "'=HYPERLINK(1)"
    assert (row["statut"], row["statut_depuis"], row["dernier_point"]) == ("in_progress", "2026-03-02", "2026-03-02")
    assert (row["jalons"], row["jalons_en_retard"], row["avancement_pourcent"], row["en_retard"]) == ("1", "0", "0", "non")
    assert row["page"] == f"http://localhost/engagements/2026-2028/{commitment.number}", "it is read far from the site"


@pytest.mark.parametrize("path", ["/engagements/jalons-en-retard", "/engagements/engagements.csv"])
def test_without_a_plan_there_is_neither_a_list_nor_a_file(client, path):
    assert client.get(path).status_code == 404


def test_ten_statements_at_most_with_500_commitments_and_5000_updates(app, client, make, statements):
    small = make.commitment(plan=make.plan("petit"))
    make.update(small)
    with statements() as few:
        client.get_page("/engagements/?plan=petit&tri=nouvelles")
    with app.app_context(), unit_of_work():
        fill(small)
    for query in ("", "&tri=nouvelles", "&tri=echeance", "&signal=retard", "&signal=silence&tri=silence"):
        with statements() as seen:
            client.get_page(f"/engagements/?plan=petit{query}")
        assert 3 <= len(seen) <= STATEMENTS, "\n".join(seen)
    assert len(few) <= STATEMENTS
    with statements() as seen:
        client.get_page(f"/engagements/petit/{small.number}")
    assert len(seen) <= 25, "\n".join(seen)


def fill(like: Commitment) -> None:
    """500 commitments of the same plan, each with two milestones and ten published updates."""
    live = db.session.get_one(Commitment, like.id)
    plan, at = db.session.get_one(Plan, live.plan_id), live.updated_at
    numbers, first = range(1000, 1499), (db.session.scalar(sa.select(sa.func.max(Topic.id))) or 0) + 1
    same = {"kind": "commitment", "title": "T", "ministry_id": live.ministry_id, "content_version": 0}
    db.session.execute(sa.insert(Topic), [{"id": first + n, "key": f"engagement:{plan.slug}:{n}", **same} for n in numbers])
    facts = {
        "plan_id": plan.id,
        "ministry_id": live.ministry_id,
        "title": "T",
        "title_folded": "t",
        "state_actors": [],
        "other_actors": [],
        "status": CommitmentStatus.IN_PROGRESS,
        "updated_at": at,
        "followed_since": live.followed_since,
    }
    db.session.execute(sa.insert(Commitment), [{"number": n, "topic_id": first + n, **facts} for n in numbers])
    ids = db.session.scalars(sa.select(Commitment.id).where(Commitment.plan_id == plan.id)).all()
    steps = [
        {"commitment_id": one, "position": p, "title": "J", "end": date(2026, 1, p), "status": CommitmentStatus.PLANNED}
        for one in ids
        for p in (2, 3)
    ]
    db.session.execute(sa.insert(Milestone), steps)
    said_by = {"ministry_id": live.ministry_id, "status": UpdateStatus.PUBLISHED, "created_at": at, "published_at": at}
    db.session.execute(sa.insert(ProgressUpdate), [{"commitment_id": one, **said_by} for one in ids for _n in range(10)])
    updates = db.session.scalars(sa.select(ProgressUpdate.id).where(~ProgressUpdate.versions.any())).all()
    db.session.execute(sa.insert(ProgressVersion), [{"update_id": one, "number": 1, "written_at": at} for one in updates])
    versions = db.session.scalars(sa.select(ProgressVersion.id).where(~ProgressVersion.blocks.any())).all()
    text = {"kind": "done", "position": 1, "source": "T", "html": "<p>T</p>", "renderer": "md-1"}
    db.session.execute(sa.insert(ProgressBlock), [{"version_id": one, **text} for one in versions])
