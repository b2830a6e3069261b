"""Administrators and the people who work here: rights given and taken, each change traced, nobody raising their own."""

from __future__ import annotations

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import Actor, MembershipKind, NotAllowed, Role
from feedback_app.models import Account, AccountSession, CaseEvent, Membership, Topic
from feedback_app.services import people
from feedback_app.services.sign_in import actor_of


@pytest.fixture
def boss(make) -> Account:
    return make.person(name="Ada", roles=(Role.ADMINISTRATOR,))


@pytest.fixture
def act(app, clock):
    """``act(boss, verb, account, ...)``: one command of an administrator, in a transaction of its own, on the account as it is."""

    def run(administrator: Account | Actor, verb, account: Account, **more):
        with app.app_context(), unit_of_work():
            live = db.session.get_one(Account, account.id)
            actor = administrator if isinstance(administrator, Actor) else actor_of(db.session.get_one(Account, administrator.id))
            return verb(live, administrator=actor, **{"seen_version": live.version, "at": clock(), **more})

    return run


def trace(make) -> list[tuple[str, str | None, str | None]]:
    return [(event.verb.value, event.before, event.after) for event in make.all(CaseEvent)]


def roles_of(make, account: Account) -> set[Role]:
    return {held.role for held in next(one for one in make.all(Account) if one.id == account.id).roles}


def test_roles_are_set_traced_with_before_and_after_and_end_the_sessions(make, boss, act):
    colleague = make.moderator()
    make.session(colleague)
    act(boss, people.change, colleague, name=colleague.name, roles={Role.COORDINATOR})
    assert roles_of(make, colleague) == {Role.COORDINATOR}
    assert trace(make)[-2:] == [("role:end", "moderator", None), ("role:grant", None, "coordinator")]
    assert make.all(CaseEvent)[-1].actor_id == boss.identity_id
    assert all(row.ended_at for row in make.all(AccountSession))


def test_nobody_raises_their_own_rights(make, boss, act):
    ministry = make.ministry()
    for verb, more in (
        (people.change, {"name": "Ada", "roles": {Role.ADMINISTRATOR, Role.MODERATOR}}),
        (people.grant_membership, {"ministry": ministry, "kind": MembershipKind.LEAD}),
    ):
        with pytest.raises(NotAllowed):
            act(boss, verb, boss, **more)
    assert roles_of(make, boss) == {Role.ADMINISTRATOR}
    assert make.all(Membership) == []


def test_an_administrator_may_step_down_but_not_the_last_one(make, boss, act):
    with pytest.raises(people.LastAdministrator):
        act(boss, people.change, boss, name="Ada", roles=set())
    with pytest.raises(people.LastAdministrator):
        act(boss, people.deactivate, boss)
    other = make.person(roles=(Role.ADMINISTRATOR,))
    act(boss, people.change, boss, name="Ada", roles=set())
    assert roles_of(make, boss) == set()
    with pytest.raises(people.LastAdministrator):
        act(other, people.deactivate, other)


def test_a_deactivated_administrator_does_not_count_as_one(make, boss, act):
    other = make.person(roles=(Role.ADMINISTRATOR,))
    act(boss, people.deactivate, other)
    with pytest.raises(people.LastAdministrator):
        act(boss, people.change, boss, name="Ada", roles=set())


def test_whoever_was_demoted_meanwhile_changes_nothing_more(make, boss, act, app):
    other, third = make.person(roles=(Role.ADMINISTRATOR,)), make.person()
    with app.app_context():
        stale = actor_of(db.session.get_one(Account, other.id))
    act(boss, people.change, other, name="Bob", roles=set())
    with pytest.raises(NotAllowed):
        act(stale, people.change, third, name="C", roles={Role.ADMINISTRATOR})


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.COORDINATOR])
def test_only_administrators_do_any_of_it(make, act, role):
    somebody, colleague = make.person(roles=(role,)), make.person()
    for verb, more in ((people.change, {"name": "X", "roles": set()}), (people.deactivate, {}), (people.reactivate, {})):
        with pytest.raises(NotAllowed):
            act(somebody, verb, colleague, **more)


def test_the_second_of_two_administrators_is_told_who_was_first(make, boss, act):
    colleague = make.person()
    act(boss, people.change, colleague, name="Léa", roles={Role.MODERATOR}, seen_version=colleague.version)
    with pytest.raises(Conflict) as refused:
        act(boss, people.change, colleague, name="Léa", roles=set(), seen_version=colleague.version)
    assert refused.value.other.by == "Ada"
    assert roles_of(make, colleague) == {Role.MODERATOR}


def test_a_membership_is_given_and_taken(make, boss, act):
    colleague, ministry = make.person(), make.ministry()
    act(boss, people.grant_membership, colleague, ministry=ministry, kind=MembershipKind.VALIDATOR)
    assert trace(make)[-1] == ("membership:grant", None, f"validator:{ministry.id}")
    act(boss, lambda live, **more: people.end_membership(live.memberships[0], **more), colleague)
    assert trace(make)[-1] == ("membership:end", f"validator:{ministry.id}", None)
    assert make.all(Membership) == []


def test_deactivating_shuts_every_door_and_reactivating_gives_the_rights_back(make, boss, act, sign_in):
    colleague = make.moderator()
    browser = sign_in(colleague)
    assert browser.get("/moderation/").status_code == 200
    act(boss, people.deactivate, colleague)
    assert browser.get("/moderation/").status_code == 302
    act(boss, people.reactivate, colleague)
    assert browser.get("/moderation/").status_code == 302, "the old session stays dead"
    assert roles_of(make, colleague) == {Role.MODERATOR}
    assert trace(make)[-2:] == [("account:deactivate", "active", "deactivated"), ("account:reactivate", "deactivated", "active")]


def invite(app, clock, boss: Account, email: str, rights: people.NewRights = people.NewRights()) -> None:  # noqa: B008
    with app.app_context(), unit_of_work():
        actor = actor_of(db.session.get_one(Account, boss.id))
        people.invite(email, name="Noé", rights=rights, administrator=actor, language="fr", at=clock())


def test_an_invitation_gives_rights_and_is_told_by_a_mail_without_any_secret(make, boss, app, clock, outbox):
    ministry = make.ministry()
    invite(app, clock, boss, "noe@exemple.test", people.NewRights(frozenset({Role.MODERATOR}), ministry, MembershipKind.CONTACT))
    (noe,) = [account for account in make.all(Account) if account.name == "Noé"]
    assert [(held.ministry_id, held.kind) for held in noe.memberships] == [(ministry.id, MembershipKind.CONTACT)]
    assert roles_of(make, noe) == {Role.MODERATOR}
    mail = outbox.only()
    assert mail.recipient == "noe@exemple.test"
    assert "Ada vous a ouvert un accès" in mail.text
    assert "http://localhost/compte/\n" in mail.text
    assert "account:invite" in [verb for verb, _before, _after in trace(make)]


def test_a_colleague_is_not_invited_twice_and_nobody_invites_themselves(make, boss, app, clock):
    make.person(email="noe@exemple.test")
    with pytest.raises(people.AlreadyHere):
        invite(app, clock, boss, "noe@exemple.test")
    with pytest.raises(NotAllowed):
        invite(app, clock, boss, boss.identity.email, people.NewRights(frozenset({Role.MODERATOR})))


def test_a_membership_is_narrowed_to_topics_of_its_own_ministry_and_to_real_territories(make, boss, act):
    ministry = make.ministry()
    mine, theirs = make.commitment(ministry=ministry).topic, make.commitment().topic
    contact = make.person(ministry=ministry)

    def narrow(topics: list[Topic], territories: list[str]):
        def command(live, **more):
            there = [db.session.get_one(Topic, topic.id) for topic in topics]
            people.narrow(live.memberships[0], topics=there, territories=territories, **more)

        act(boss, command, contact)

    for topics, territories in (([theirs], []), ([], ["D999"])):
        with pytest.raises(people.UnknownPlace):
            narrow(topics, territories)
    narrow([mine], ["R84"])
    assert trace(make)[-1] == ("membership:narrow", f"contact:{ministry.id} all", f"contact:{ministry.id} {mine.id},R84")
    narrow([], [])
    assert trace(make)[-1][1:] == (f"contact:{ministry.id} {mine.id},R84", f"contact:{ministry.id} all")


@pytest.mark.parametrize("how", ["membership ended", "account deactivated"])
def test_what_somebody_who_leaves_had_in_hand_goes_back_to_their_colleagues(make, boss, act, how):
    ministry = make.ministry()
    contact, colleague = make.person(ministry=ministry), make.person(ministry=ministry)
    topic = make.commitment(ministry=ministry).topic
    case = make.request(topic=topic, status=CaseStatus.ASSIGNED, contact=contact)
    assert make.reload(case).assignee_id == contact.identity_id
    if how == "account deactivated":
        act(boss, people.deactivate, contact)
    else:
        act(boss, lambda live, **more: people.end_membership(live.memberships[0], **more), contact)
    assert make.reload(case).status is CaseStatus.OPEN
    assert make.reload(case).assignee_id is None
    assert colleague.deactivated_at is None
