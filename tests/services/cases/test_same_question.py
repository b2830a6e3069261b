"""«Me too» on a public request: counted once the address is proved, taken back, erased with the person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.trace import EventVerb
from feedback_app.models import CaseEvent, Identity, MeToo, Sufficed
from feedback_app.services.cases import same_question
from feedback_app.services.privacy import purge

EMAIL = "aussi@exemple.test"


@pytest.fixture
def request_(make):
    return make.request()


@pytest.fixture
def ask(app, make, clock):
    """``ask(request, email, form_key)``: somebody says it."""

    def act(request, email=EMAIL, form_key="form-1"):
        with app.app_context(), unit_of_work():
            same_question.ask(make.live(request), email, form_key=form_key, language="fr", at=clock())

    return act


@pytest.fixture
def do(app, clock):
    """``do(same_question.confirm, me_too)``"""

    def act(verb, me_too):
        with app.app_context(), unit_of_work():
            verb(db.session.get_one(MeToo, me_too.id), at=clock())

    return act


@pytest.fixture
def count(app, make):
    def counted(request):
        with app.app_context():
            return same_question.count(make.live(request))

    return counted


def test_it_counts_once_the_address_is_proved(make, request_, ask, do, count, outbox):
    ask(request_)
    (me_too,) = make.all(MeToo)
    assert count(request_) == 0
    assert outbox.last().recipient == EMAIL
    assert "/moi-aussi/" in outbox.last().text
    do(same_question.confirm, me_too)
    assert count(request_) == 1
    assert make.identity(EMAIL).confirmed_at is not None


def test_the_same_form_again_or_another_click_changes_nothing(make, request_, ask, do, count, outbox):
    before = len(outbox.all())
    ask(request_)
    ask(request_)
    assert len(outbox.all()) == before + 1
    (me_too,) = make.all(MeToo)
    do(same_question.confirm, me_too)
    do(same_question.confirm, me_too)
    ask(request_, EMAIL.upper(), form_key="form-2")
    assert count(request_) == 1
    assert [event.verb for event in make.all(CaseEvent) if event.verb.value.startswith("me_too")] == [EventVerb.ME_TOO_CONFIRM]


def test_nobody_is_flooded_with_mails(make, request_, ask, outbox):
    before = len(outbox.all())
    for number in range(6):
        ask(request_, form_key=f"form-{number}")
    assert len(outbox.all()) == before + same_question.MAILS


def test_taken_back_it_counts_no_more_and_may_be_said_again(make, request_, ask, do, count):
    ask(request_)
    (me_too,) = make.all(MeToo)
    do(same_question.confirm, me_too)
    do(same_question.withdraw, me_too)
    do(same_question.withdraw, me_too)
    assert count(request_) == 0
    do(same_question.confirm, me_too)
    assert count(request_) == 1


def test_who_asked_the_question_is_not_counted_again(make, ask, do, count):
    request = make.request(email="auteur@exemple.test")
    ask(request, "auteur@exemple.test")
    (me_too,) = make.all(MeToo)
    do(same_question.confirm, me_too)
    assert count(request) == 0


def test_two_people_are_two(make, request_, count):
    make.me_too(request_)
    make.me_too(request_)
    make.me_too(request_, confirm=False)
    assert count(request_) == 2


def test_it_is_erased_with_the_person(make, request_, count):
    me_too = make.me_too(request_)
    make.erased(me_too.identity)
    assert make.all(MeToo) == []
    assert count(request_) == 0


def test_what_was_never_proved_or_was_taken_back_is_forgotten_with_the_address(app, make, request_, do, clock):
    stranger, kept = make.me_too(request_, "inconnue@exemple.test", confirm=False), make.me_too(request_)
    gone = make.me_too(request_)
    do(same_question.withdraw, gone)
    clock.now += timedelta(days=30)
    with app.app_context(), unit_of_work():
        for step in purge.STEPS:
            step.run(clock())
    assert [one.id for one in make.all(MeToo)] == [kept.id]
    assert stranger.identity_id not in {identity.id for identity in make.all(Identity)}


def test_an_answer_is_enough_once_for_each_form(app, make, request_, clock):
    with app.app_context(), unit_of_work():
        for key in ("a", "a", "b"):
            same_question.suffice(make.live(request_), form_key=key, at=clock())
        assert same_question.sufficed(make.live(request_)) == 2
    assert {row.request_id for row in make.all(Sufficed)} == {request_.id}
