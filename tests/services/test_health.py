"""Signs of life."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from feedback_app import jobs
from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.policy import Actor, NotAllowed, Role
from feedback_app.models import CaseEvent, Heartbeat, MailStatus, OutgoingMail
from feedback_app.services import health
from feedback_app.services.paging import Window

BOSS = Actor(1, roles=frozenset({Role.ADMINISTRATOR}), account_id=1)


def beat(app, clock) -> None:
    with app.app_context(), unit_of_work():
        health.beat(health.JOBS, at=clock())


def test_a_job_process_that_has_been_silent_for_five_minutes_is_said_to_be(app, clock):
    def silent() -> bool:
        with app.app_context():
            return health.of_site(at=clock()).silent

    assert silent(), "it never ran"
    beat(app, clock)
    beat(app, clock)
    assert not silent()
    clock.advance(minutes=6)
    assert silent()


def test_each_sweep_leaves_a_sign_of_life(app, make):
    jobs.queue_of(app).sweep()
    assert [row.name for row in make.all(Heartbeat)] == ["jobs"]


def test_a_mail_that_has_been_due_for_a_quarter_of_an_hour_is_late(app, make, clock):
    make.comment()
    beat(app, clock)
    clock.advance(minutes=16)
    beat(app, clock)
    with app.app_context():
        found = health.of_site(at=clock())
    assert (found.late, found.well, found.failed) == (True, False, 0)


def test_a_reminder_that_is_planned_does_not_wait_yet(app, make, clock):
    make.request(status=CaseStatus.ANSWERED)  # in a week, its author will be asked whether the answer helped
    with app.app_context():
        before = health.of_site(at=clock())
    assert before.due < before.waiting
    assert before.oldest_waiting == clock()
    with app.app_context(), unit_of_work():
        db.session.execute(update(OutgoingMail).where(OutgoingMail.due_at <= clock()).values(status=MailStatus.SENT))
    with app.app_context():
        after = health.of_site(at=clock())
    assert (after.due, after.oldest_waiting, after.waiting) == (0, None, before.waiting - before.due)


@pytest.fixture
def dead(make) -> OutgoingMail:
    """A mail that was given up."""
    make.comment(email="camille.martin@exemple.test")
    return make.dead_letter()


def test_a_dead_letter_is_listed_without_its_address(app, dead):
    with app.app_context():
        (letter,) = health.dead_letters(Window()).items
    assert "camille" not in f"{letter.recipient} {letter.error}"
    assert "550" in letter.error
    assert letter.reason == "confirm-contribution"


def test_a_dead_letter_is_tried_again_and_that_is_traced(app, make, clock, dead):
    with app.app_context(), unit_of_work():
        assert health.retry(dead.id, administrator=BOSS, at=clock()) == 1
    assert make.reload(dead).status is MailStatus.WAITING
    assert [event.verb.value for event in make.all(CaseEvent)][-1] == "mail:retry"


def test_only_an_administrator_does_it(app, clock, dead):
    with app.app_context(), unit_of_work(), pytest.raises(NotAllowed):
        health.retry(None, administrator=Actor(1, roles=frozenset({Role.COORDINATOR})), at=clock())
