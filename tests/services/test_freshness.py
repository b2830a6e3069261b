"""Whatever is recorded tells the caches of pages how far it reaches."""

from __future__ import annotations

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.trace import REACH, ActorKind, EventVerb, Reach
from feedback_app.models import Commitment, Plan
from feedback_app.services import events, freshness, statistics


@pytest.fixture
def version(app):
    """The version of the pages of a topic (None: of pages about many), as a web process reads it."""
    with app.app_context():
        reader = freshness.Reader(db.engine)
    yield reader.read
    reader._dispose(reader._engine)


def _record(app, clock, verb, subject) -> None:
    with app.app_context(), unit_of_work():
        live = db.session.get_one(type(subject), subject.id)
        events.record(verb, live, at=clock(), actor_kind=ActorKind.SYSTEM)


def test_every_verb_says_which_pages_it_changes():
    assert set(EventVerb) - REACH.keys() == set(), "a new verb: say its reach in domain/trace.py (in doubt EVERYTHING)"


@pytest.mark.parametrize("reach", Reach)
def test_recording_changes_the_versions_that_the_verb_reaches(app, make, clock, version, reach):
    one, other = make.commitment(), make.commitment()
    verb = next(verb for verb, said in REACH.items() if said is reach)
    before = [version(topic).stamp for topic in (one.topic_id, other.topic_id, None)]
    _record(app, clock, verb, one)
    after = [version(topic).stamp for topic in (one.topic_id, other.topic_id, None)]
    changed = [a != b for a, b in zip(before, after, strict=True)]
    assert (
        changed
        == {
            Reach.NOTHING: [False, False, False],
            Reach.TOPIC: [True, False, True],
            Reach.EVERYTHING: [True, True, True],
        }[reach]
    )


def test_a_verb_that_says_nothing_reaches_everything(app, make, clock, version, monkeypatch):
    commitment = make.commitment()
    monkeypatch.delitem(REACH, EventVerb.TEXT_PUBLISH)
    before = version(None).everywhere
    _record(app, clock, EventVerb.TEXT_PUBLISH, commitment)
    assert version(None).everywhere != before


def test_what_reaches_a_topic_but_names_none_reaches_everything(app, make, clock, version):
    plan = make.one(Plan, make.commitment().plan_id)
    before = version(None).everywhere
    _record(app, clock, EventVerb.TEXT_PUBLISH, plan)
    assert version(None).everywhere != before


def test_a_savepoint_that_is_given_up_forgets_nothing_and_a_rollback_does(app, make, clock, version):
    commitment, before = make.commitment(), version(None).stamp

    def change(*, commit: bool) -> None:
        with app.app_context():
            live = db.session.get_one(Commitment, commitment.id)
            events.record(EventVerb.TEXT_PUBLISH, live, at=clock(), actor_kind=ActorKind.SYSTEM)
            savepoint = db.session.begin_nested()
            savepoint.rollback()
            db.session.commit() if commit else db.session.rollback()
            db.session.commit()

    change(commit=False)
    assert version(None).stamp == before
    change(commit=True)
    assert version(None).stamp != before


def test_the_row_of_all_pages_is_written_last(app, make, clock, statements):
    """Held for the time of the commit only: nobody who holds it waits for anything else."""
    commitment = make.commitment()
    with statements() as seen:
        _record(app, clock, EventVerb.TEXT_PUBLISH, commitment)
    assert "INTO public_version" in seen[-1]
    assert sum("public_version" in statement for statement in seen) == 1


def test_the_figures_of_the_day_are_on_pages_about_many_topics(app, make, clock, version):
    commitment = make.commitment()
    before = version(commitment.topic_id).stamp, version(None).stamp
    with app.app_context(), unit_of_work():
        statistics.keep({}, at=clock())
    assert version(commitment.topic_id).stamp == before[0]
    assert version(None).stamp != before[1]


def test_a_copy_of_the_database_never_says_again_what_it_said_before(app, make, clock, version):
    """Both numbers are drawn: after a restore the same steps lead to others, and no page of before comes back."""
    seen = set()
    for _time in range(5):
        with app.app_context(), unit_of_work():
            freshness.everything_changed()
        found = version(None)
        seen |= {found.everywhere, found.anywhere}
    assert len(seen) == 10
