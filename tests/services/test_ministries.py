"""Ministries: renamed without their old name being lost, merged without circles."""

from __future__ import annotations

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.commitment import MinistryKind
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import Actor, NotAllowed, Role
from feedback_app.models import CaseEvent, Ministry, Topic
from feedback_app.services import ministries
from feedback_app.services.ministries import NewMinistry
from feedback_app.services.paging import Window

BOSS = Actor(1, roles=frozenset({Role.ADMINISTRATOR}), account_id=1)


@pytest.fixture
def work(app):
    """One transaction."""

    def run(command):
        with app.app_context(), unit_of_work():
            return command()

    return run


def live(ministry: Ministry) -> Ministry:
    return db.session.get_one(Ministry, ministry.id)


def renamed(name: str) -> NewMinistry:
    return NewMinistry(name, MinistryKind.MINISTRY, None)


def test_a_new_one_has_a_slug_of_its_own_for_ever(make, work, clock):
    make.ministry("Autre")
    for name in ("Ministère de l’Œuvre", "Ministère de l’œuvre !"):
        work(lambda name=name: ministries.create(renamed(name), administrator=BOSS, at=clock()))
    assert [ministry.slug for ministry in make.all(Ministry)][1:] == ["ministere-de-l-oeuvre", "ministere-de-l-oeuvre-2"]
    second = make.all(Ministry)[1]
    work(lambda: ministries.change(live(second), renamed("Tout autre"), administrator=BOSS, seen_version=1, at=clock()))
    assert make.all(Ministry)[1].slug == "ministere-de-l-oeuvre"


def test_the_old_name_still_finds_it_and_nobody_else_may_take_it(make, work, clock, app):
    ministry = make.ministry("Économie")
    make.ministry("Culture")
    work(lambda: ministries.change(live(ministry), renamed("Finances"), administrator=BOSS, seen_version=1, at=clock()))
    with app.app_context():
        for words in ("econo", "FINANCES"):
            assert [found.name for found in ministries.listed(words, Window()).items] == ["Finances"]
        assert [found.name for found in ministries.listed("", Window()).items] == ["Culture", "Finances"]
    for name in ("économie", "finances", "culture"):
        with pytest.raises(ministries.NameTaken):
            work(lambda name=name: ministries.create(renamed(name), administrator=BOSS, at=clock()))


def test_pages_that_name_it_are_made_again(make, work, clock):
    ministry, topic = make.ministry(), None
    topic = make.commitment(ministry=ministry).topic
    work(lambda: ministries.change(live(ministry), renamed("Finances"), administrator=BOSS, seen_version=1, at=clock()))
    assert make.reload(topic).content_version == topic.content_version + 1
    assert make.all(Topic)[0].title == topic.title


def test_the_second_of_two_administrators_is_refused(make, work, clock):
    ministry = make.ministry()
    work(lambda: ministries.change(live(ministry), renamed("Finances"), administrator=BOSS, seen_version=1, at=clock()))
    with pytest.raises(Conflict):
        work(lambda: ministries.change(live(ministry), renamed("Budget"), administrator=BOSS, seen_version=1, at=clock()))


def test_successors_never_turn_in_circles(make, work, clock):
    first, second, third = make.ministry(), make.ministry(), make.ministry()

    def succeed(one, by):
        version = make.reload(one).version
        work(lambda: ministries.succeed(live(one), live(by) if by else None, administrator=BOSS, seen_version=version, at=clock()))

    succeed(first, second)
    succeed(second, third)
    for one, by in ((third, first), (second, first), (first, first)):
        with pytest.raises(ministries.WouldTurnInCircles):
            succeed(one, by)
    assert work(lambda: [one.id for one in ministries.chain(live(first))]) == [first.id, second.id, third.id]
    succeed(first, None)
    assert [(event.before, event.after) for event in make.all(CaseEvent)] == [
        (None, str(second.id)),
        (None, str(third.id)),
        (str(second.id), None),
    ]


def test_only_an_administrator_does_it(make, work, clock):
    other, ministry = Actor(1, roles=frozenset({Role.COORDINATOR, Role.MODERATOR})), make.ministry()
    with pytest.raises(NotAllowed):
        work(lambda: ministries.create(renamed("Finances"), administrator=other, at=clock()))
    with pytest.raises(NotAllowed):
        work(lambda: ministries.change(live(ministry), renamed("Finances"), administrator=other, seen_version=1, at=clock()))
