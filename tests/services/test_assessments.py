"""Counter-assessments: by those whom the administrator named, while the organisation is recognised, once a moderator published."""

from __future__ import annotations

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import NotAllowed, Permission, Role, may
from feedback_app.domain.privacy import TextsChoice
from feedback_app.domain.trace import ActorKind
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import Account, Contribution, Identity, Organisation, Topic
from feedback_app.services import assessments, contributions, organisations, sign_in, threads
from feedback_app.services.paging import Window
from feedback_app.services.privacy import erasure, export
from feedback_app.services.privacy.subject import subject_of

S = CommitmentStatus


def voices(app, topic) -> list[tuple[str, S, str]]:
    """Who says what, as everybody reads it."""
    with app.app_context():
        return [(voice.latest.organisation, voice.latest.status, voice.latest.body) for voice in assessments.of_topic(topic.id)]


@pytest.fixture
def topic(make):
    return make.commitment().topic


@pytest.fixture
def asso(make):
    return make.organisation("Transparence citoyenne")


def send(app, clock, topic, organisation, by, body="Rien n’a été publié depuis un an.", key="k1", stands=S.BLOCKED):
    with app.app_context(), unit_of_work():
        live = db.session.get_one(Organisation, organisation.id)
        actor = sign_in.actor_of(db.session.get_one(Account, by.id))
        sent = assessments.submit(
            db.session.get_one(Topic, topic.id), live, stands, body, form_key=key, language="fr", actor=actor, at=clock()
        )
        return sent.id


def test_it_is_read_once_a_moderator_published_it_and_in_no_thread(app, make, topic, asso):
    make.assessment(topic, "Rien n’a bougé.", organisation=asso, status=ContributionStatus.PENDING)
    assert voices(app, topic) == []
    make.assessment(topic, "Le portail ne répond pas.", organisation=asso)
    assert voices(app, topic) == [("Transparence citoyenne", S.BLOCKED, "Le portail ne répond pas.")]
    with app.app_context():
        assert list(threads.of_topic(topic.id, Window()).items) == []
        assert threads.count(topic.id) == 0


def test_the_latest_word_of_each_organisation_stands_and_the_earlier_ones_stay(app, make, topic, asso, clock):
    make.assessment(topic, "Au début, tout allait bien.", stands=S.IN_PROGRESS, organisation=asso)
    clock.advance(days=30)
    make.assessment(topic, "Une autre voix, plus sévère.", stands=S.ABANDONED, organisation=make.organisation("Veille"))
    clock.advance(days=30)
    make.assessment(topic, "Depuis, plus rien.", organisation=asso)
    with app.app_context():
        first, second = assessments.of_topic(topic.id)
    assert (first.latest.body, [one.body for one in first.earlier]) == ("Depuis, plus rien.", ["Au début, tout allait bien."])
    assert (second.latest.organisation, second.earlier) == ("Veille", [])


def test_nobody_else_assesses(app, make, topic, asso, clock):
    of_another = make.assessor(make.organisation())
    agent = make.person(ministry=make.ministry())
    for person in (make.person(), of_another, agent, make.moderator(), make.person(roles=(Role.ADMINISTRATOR,))):
        with pytest.raises(NotAllowed):
            send(app, clock, topic, asso, person)


def test_the_rights_of_an_assessor_end_with_the_recognition(app, make, topic, asso, clock):
    assessor = make.assessor(asso)
    public = make.assessment(topic, "Publiée avant la fin.", organisation=asso, by=assessor)
    waiting = make.assessment(topic, "Envoyée avant la fin.", organisation=asso, by=assessor, status=ContributionStatus.PENDING)
    make.recognition_ended(asso)
    with pytest.raises(NotAllowed):
        send(app, clock, topic, asso, assessor)
    with pytest.raises(MoveRefused), app.app_context(), unit_of_work():
        contributions.correct(db.session.get_one(Contribution, public.id), "Une autre version, trop tard.", seen_version=1, at=clock())
    assert make.reload(waiting).status is ContributionStatus.WITHDRAWN
    assert voices(app, topic) == [("Transparence citoyenne", S.BLOCKED, "Publiée avant la fin.")]
    with app.app_context():
        assert assessments.of_topic(topic.id)[0].latest.ended_at == clock()


def test_so_do_those_of_somebody_who_is_named_no_more(app, make, topic, asso, clock):
    assessor = make.assessor(asso)
    boss = make.person(roles=(Role.ADMINISTRATOR,))
    with app.app_context(), unit_of_work():
        live = db.session.get_one(Organisation, asso.id)
        actor = sign_in.actor_of(db.session.get_one(Account, boss.id))
        organisations.remove_assessor(live, live.assessors[0].id, administrator=actor, seen_version=live.version, at=clock())
    with pytest.raises(NotAllowed):
        send(app, clock, topic, asso, assessor)


def test_the_list_and_the_rule_say_the_same(app, make, asso):
    ended, other = make.organisation(), make.organisation()
    assessor = make.assessor(asso, email="eva@exemple.test")
    make.assessor(ended, email="eva@exemple.test")
    make.recognition_ended(ended)
    people = [assessor, make.person(), make.person(ministry=make.ministry()), make.moderator()]
    with app.app_context():
        every = [db.session.get_one(Organisation, one.id) for one in (asso, ended, other)]
        found = []
        for person in people:
            actor = sign_in.actor_of(db.session.get_one(Account, person.id))
            listed = {one.id for one in assessments.organisations_of(actor)}
            assert listed == {one.id for one in every if may(actor, Permission.ASSESSMENT_WRITE, one)}
            found.append(listed)
    assert found == [{asso.id}, set(), set(), set()]


def test_whoever_works_for_the_state_is_not_named(app, make, asso, clock):
    boss = make.person(roles=(Role.ADMINISTRATOR,), email="chef@exemple.test")
    make.person(ministry=make.ministry(), email="agent@exemple.test")

    def name(email):
        with app.app_context(), unit_of_work():
            live, actor = db.session.get_one(Organisation, asso.id), sign_in.actor_of(db.session.get_one(Account, boss.id))
            organisations.add_assessor(live, email, "X", administrator=actor, seen_version=live.version, at=clock())

    with pytest.raises(organisations.WorksForTheState):
        name("agent@exemple.test")
    with pytest.raises(NotAllowed):
        name("chef@exemple.test")


def test_an_assessor_is_told_once_and_is_no_colleague(app, make, asso, outbox):
    account = make.assessor(asso, email="eva@exemple.test")
    make.assessor(asso, email="eva@exemple.test")
    assert [mail.recipient for mail in outbox.all() if mail.key.startswith("assessor-named")] == ["eva@exemple.test"]
    assert account.name is None


def test_two_administrators_do_not_undo_each_other(app, make, asso, clock):
    boss = make.person(roles=(Role.ADMINISTRATOR,))
    with app.app_context():
        live, actor = db.session.get_one(Organisation, asso.id), sign_in.actor_of(db.session.get_one(Account, boss.id))
        with pytest.raises(Conflict):
            organisations.change(live, organisations.NewOrganisation("Autre", None), administrator=actor, seen_version=0, at=clock())


def test_the_same_form_makes_one_assessment_and_another_text_is_not_lost(app, make, topic, asso, clock):
    assessor = make.assessor(asso)
    assert send(app, clock, topic, asso, assessor) == send(app, clock, topic, asso, assessor)
    for changed in ({"body": "Un tout autre constat, avec la même clef."}, {"stands": S.COMPLETED}):
        with pytest.raises(contributions.FormAlreadyUsed):
            send(app, clock, topic, asso, assessor, **changed)


def test_an_indicator_is_not_assessed(app, make, asso, clock):
    indicator = make.indicator(barometer=make.barometer("essai"))
    with pytest.raises(assessments.NotAssessable):
        send(app, clock, indicator.topic, asso, make.assessor(asso))


@pytest.mark.parametrize(("choice", "said"), [(TextsChoice.KEEP, 1), (TextsChoice.WITHDRAW, 0)])
def test_an_assessor_who_is_erased_leaves_what_the_organisation_said_if_they_choose_so(app, make, topic, asso, clock, choice, said):
    assessor = make.assessor(asso, email="eva@exemple.test", name="Éva Zqxname")
    make.assessment(topic, organisation=asso, by=assessor)
    with app.app_context():
        held = dict(export.held_about(subject_of(db.session.get_one(Identity, assessor.identity_id))))
        assert [row["name"] for row in held["assessor"]] == ["Éva Zqxname"]
        assert len(held["assessment"]) == 1
    with app.app_context(), unit_of_work():
        erasure.erase(db.session.get_one(Identity, assessor.identity_id), choice, actor_kind=ActorKind.CITIZEN, at=clock())
    assert len(voices(app, topic)) == said
    with app.app_context():
        assert db.session.get_one(Organisation, asso.id).assessors == []
