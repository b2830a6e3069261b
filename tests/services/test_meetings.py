"""Meetings and productions: who writes, who publishes, and that what is withdrawn is behind no door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain import attachment
from feedback_app.domain.contribution import ContributionStatus, Ground, TextAction
from feedback_app.domain.errors import Conflict
from feedback_app.domain.meeting import MeetingKind, MeetingStatus, WrongFacts
from feedback_app.domain.policy import MembershipKind, NotAllowed, Permission, Role, may
from feedback_app.domain.privacy import TextsChoice
from feedback_app.domain.trace import ActorKind
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import Account, Contribution, Identity, Meeting, MeetingVersion, Topic
from feedback_app.services import contributions, meeting_lists, meetings, moderation, sign_in, topics
from feedback_app.services.paging import Window
from feedback_app.services.privacy import erasure
from tests.attachments import odt, pdf

S = MeetingStatus


@pytest.fixture
def act(app, make, clock):
    """A service of meetings, called as a view calls it."""

    def call(verb, meeting, by, *args, **facts):
        with app.app_context(), unit_of_work():
            live = db.session.get_one(Meeting, meeting.id)
            verb(live, *args, actor=sign_in.actor_of(db.session.get_one(Account, by.id)), at=clock(), **facts)

    return call


def ways_out(app, clock, meeting: Meeting) -> set[str]:
    """The doors behind which somebody without rights finds it."""
    with app.app_context():
        at, number = clock(), meeting.id
        found = {
            "one": meeting_lists.one(number) is not None,
            "file": meeting_lists.file(number) is not None,
            "upcoming": number in {one.meeting_id for one in meeting_lists.upcoming(Window(), at=at).items},
            "past": number in {one.meeting_id for one in meeting_lists.past(Window(), at=at).items},
            "calendar": number in {one.meeting_id for one in meeting_lists.for_calendar()},
            "topic": any(number in {one.meeting_id for one in meeting_lists.of_topic(topic.id)} for topic in db.session.query(Topic).all()),
        }
        return {door for door, open_ in found.items() if open_}


def with_minutes(make) -> attachment.Attachment:
    return attachment.judge("Compte rendu.odt", odt())


def test_it_is_public_once_somebody_else_published_it_and_nowhere_once_it_is_withdrawn(app, act, make, clock):
    ministry = make.ministry()
    contact, validator = make.team(ministry)
    topic = make.commitment(ministry=ministry).topic
    made = make.meeting(ministry=ministry, status=S.PREPARED, author=contact, file=with_minutes(make), topic_ids=frozenset({topic.id}))
    assert ways_out(app, clock, made) == set()
    act(meetings.publish, made, validator, seen_wording=1)
    assert ways_out(app, clock, made) == {"one", "file", "upcoming", "calendar", "topic"}
    clock.advance(days=20)
    assert ways_out(app, clock, made) == {"one", "file", "past", "calendar", "topic"}
    act(meetings.withdraw, made, contact)
    assert ways_out(app, clock, made) == set()


def test_nobody_publishes_their_own_words(act, make):
    ministry = make.ministry()
    lead = make.person(ministry=ministry, kind=MembershipKind.LEAD)
    made = make.meeting(ministry=ministry, status=S.PREPARED, author=lead)
    with pytest.raises(NotAllowed):
        act(meetings.publish, made, lead, seen_wording=1)
    coordinator = make.person(roles=(Role.COORDINATOR,))
    own = make.meeting(status=S.PREPARED, author=coordinator)
    with pytest.raises(NotAllowed):
        act(meetings.publish, own, coordinator, seen_wording=1)
    act(meetings.publish, own, make.person(roles=(Role.ADMINISTRATOR,)), seen_wording=1)


def test_another_ministry_does_nothing_with_it(act, make):
    made, stranger = make.meeting(ministry=make.ministry()), make.person(ministry=make.ministry(), kind=MembershipKind.LEAD)
    for verb, facts in ((meetings.publish, {"seen_wording": 1}), (meetings.withdraw, {})):
        with pytest.raises(NotAllowed):
            act(verb, made, stranger, **facts)


def test_minutes_come_later_and_wait_for_a_second_person(app, act, make, clock):
    ministry = make.ministry()
    contact, validator = make.team(ministry)
    made = make.meeting(ministry=ministry, author=contact, publisher=validator, title="Un atelier")
    facts = make.facts(title="Un atelier, avec son compte rendu", minutes="Tous étaient **d’accord**.", participants=12)
    act(meetings.write, made, contact, facts, ministry=None, file=None, seen_wording=1)
    with app.app_context():
        assert meeting_lists.one(made.id).title == "Un atelier"
    with pytest.raises(Conflict):
        act(meetings.publish, made, validator, seen_wording=1)
    act(meetings.publish, made, validator, seen_wording=2)
    with app.app_context():
        assert meeting_lists.one(made.id).minutes_html == "<p>Tous étaient <strong>d’accord</strong>.</p>"
    act(meetings.publish, made, validator, seen_wording=2)
    with pytest.raises(MoveRefused):
        act(meetings.publish, made, make.person(ministry=ministry, kind=MembershipKind.LEAD), seen_wording=2)


def test_two_people_at_once_keep_both_texts(act, make):
    ministry = make.ministry()
    made = make.meeting(ministry=ministry, status=S.PREPARED)
    first, second = make.person(ministry=ministry), make.person(ministry=ministry)
    act(meetings.write, made, first, make.facts(description="La description du premier."), ministry=None, file=None, seen_wording=1)
    with pytest.raises(Conflict) as refused:
        act(meetings.write, made, second, make.facts(), ministry=None, file=None, seen_wording=1)
    assert refused.value.other.text == "La description du premier."


def test_the_file_stays_until_another_takes_its_place_or_it_is_dropped(app, act, make):
    ministry = make.ministry()
    contact, validator = make.team(ministry)
    made = make.meeting(ministry=ministry, author=contact, publisher=validator, file=with_minutes(make))

    def shown(number: int, **facts) -> str | None:
        act(meetings.write, made, contact, make.facts(), ministry=None, seen_wording=number, **facts)
        act(meetings.publish, made, validator, seen_wording=number + 1)
        with app.app_context():
            file = meeting_lists.file(made.id)
            return file.name if file else None

    assert shown(1, file=None) == "Compte rendu.odt"
    assert shown(2, file=attachment.judge("Relevé.pdf", pdf())) == "Relevé.pdf"
    assert shown(3, file=None, keep_file=False) is None


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (lambda make: {"ends_at": make.clock()}, "ends_at"),
        (lambda make: {"link": "javascript:alert(1)"}, "link"),
        (lambda make: {"link": "ftp://exemple.fr"}, "link"),
        (lambda make: {"place": "", "link": ""}, "place"),
        (lambda make: {"participants": -1}, "participants"),
    ],
)
def test_what_cannot_be_is_refused(make, changes, fault):
    with pytest.raises(WrongFacts) as refused:
        make.meeting(**changes(make))
    assert refused.value.fault == fault
    with pytest.raises(WrongFacts):
        make.proposal(**changes(make))
    assert make.all(Meeting) == []


def test_a_proposal_is_public_once_a_moderator_published_it(app, make, clock, outbox):
    waiting = make.proposal(status=ContributionStatus.PENDING)
    assert ways_out(app, clock, waiting) == set()
    public = make.proposal(title="Une lecture publique", kind=MeetingKind.PRODUCTION)
    assert ways_out(app, clock, public) == {"one", "upcoming", "calendar"}
    assert f"/rendez-vous/{public.id}" in outbox.last().text
    assert public.topic.title == "Une lecture publique"
    assert waiting.topic.title != waiting.latest.title


def test_its_author_takes_a_proposal_back(app, act, make, clock):
    public, other = make.proposal(), make.proposal()
    with app.app_context(), unit_of_work():
        contributions.withdraw(db.session.get_one(Contribution, public.contribution_id), at=clock())
    assert ways_out(app, clock, public) == set()
    assert public.latest.title not in {topic.title for topic in make.all(Topic)}
    for person in (make.person(), make.person(roles=(Role.COORDINATOR,)), make.person(ministry=make.ministry()), make.moderator()):
        with pytest.raises(NotAllowed):
            act(meetings.withdraw, other, person)


FACTS = "L’adresse donnée est celle d’un magasin, et la présentation une réclame."


@pytest.fixture
def take_off(app, make, clock):
    """A moderator takes a proposal off the site."""

    def act(contribution_id, by, ground=Ground.ADVERTISING):
        with app.app_context(), unit_of_work():
            live, actor = db.session.get_one(Contribution, contribution_id), sign_in.actor_of(db.session.get_one(Account, by.id))
            moderation.take_off(live, moderator=actor, ground=ground, facts=FACTS, at=clock())

    return act


def test_a_moderator_takes_a_proposal_off_and_its_author_is_told_why(app, take_off, make, clock, outbox):
    public, moderator = make.proposal(email="asso@exemple.test", title="Un goûter au bord de l’eau"), make.moderator()
    before = len(outbox.all())
    take_off(public.contribution_id, moderator)
    take_off(public.contribution_id, moderator)
    assert ways_out(app, clock, public) == set()
    assert make.reload(public).status is S.WITHDRAWN
    (mail,) = outbox.all()[before:]
    assert (mail.recipient, mail.subject) == (
        "asso@exemple.test",
        "Votre rendez-vous «\u00a0Un goûter au bord de l’eau\u00a0» n’est plus publié",
    )
    words = " ".join(mail.text.split())
    assert "Motif : publicité ou démarchage." in words
    assert FACTS in words
    assert make.private_path(public.contribution) in mail.text
    with app.app_context(), unit_of_work():
        contributions.withdraw(db.session.get_one(Contribution, public.contribution_id), at=clock())


def test_what_a_moderator_may_not_take_off(app, take_off, make, clock):
    own = make.moderator()
    proposal, comment = make.proposal(email=own.identity.email), make.comment()
    with pytest.raises(NotAllowed):
        take_off(proposal.contribution_id, own)
    for person in (make.person(), make.person(ministry=make.ministry(), kind=MembershipKind.LEAD)):
        with pytest.raises(NotAllowed):
            take_off(proposal.contribution_id, person)
    with pytest.raises(MoveRefused):
        take_off(comment.id, own)
    waiting = make.proposal(status=ContributionStatus.PENDING)
    with pytest.raises(MoveRefused):
        take_off(waiting.contribution_id, make.moderator())
    take_off(proposal.contribution_id, make.moderator())
    with pytest.raises(Conflict):
        take_off(proposal.contribution_id, make.moderator())


@pytest.mark.parametrize("action", [TextAction.PUBLISH, TextAction.REJECT])
def test_the_author_of_a_proposal_is_told_what_was_decided_in_words_of_a_meeting(app, make, clock, outbox, action):
    waiting = make.proposal(status=ContributionStatus.PENDING, email="asso@exemple.test", title="Un goûter au bord de l’eau")
    refused = {"ground": Ground.ADVERTISING, "facts": FACTS} if action is TextAction.REJECT else {}
    moderator = make.moderator()
    with app.app_context(), unit_of_work():
        version = db.session.get_one(Contribution, waiting.contribution_id).current_version
        by = sign_in.actor_of(db.session.get_one(Account, moderator.id))
        moderation.decide(version, action, moderator=by, at=clock(), **refused)
    mail, words = outbox.last(), " ".join(outbox.last().text.split())
    assert mail.recipient == "asso@exemple.test"
    assert "Un goûter au bord de l’eau" in mail.subject
    assert "corrigez" not in words
    assert (f"http://localhost/rendez-vous/{waiting.id}\n" in mail.text) is (action is TextAction.PUBLISH)
    assert ("Motif : publicité ou démarchage." in words and FACTS in words) is (action is TextAction.REJECT)


def test_a_proposal_is_not_corrected_nor_commented_on(app, make, clock):
    public = make.proposal()
    with pytest.raises(MoveRefused), app.app_context(), unit_of_work():
        contributions.correct(db.session.get_one(Contribution, public.contribution_id), "Autre texte.", seen_version=1, at=clock())
    with app.app_context():
        assert topics.find(public.topic.key) is None


def test_the_same_form_makes_one_proposal(app, make, clock):
    facts = make.facts()
    for _click in range(2):
        with app.app_context(), unit_of_work():
            meetings.propose(facts, "Un atelier, bientôt.", "asso@exemple.test", form_key="same", language="fr", at=clock())
    assert len(make.all(Meeting)) == len(make.all(Contribution)) == 1


@pytest.mark.parametrize(("choice", "left"), [(TextsChoice.KEEP, True), (TextsChoice.WITHDRAW, False)])
def test_whoever_is_erased_leaves_what_is_public_if_they_choose_so(app, make, clock, choice, left):
    public = make.proposal(email="eva@exemple.test", organisers="Éva Zqxname")
    waiting = make.proposal(email="eva@exemple.test", status=ContributionStatus.PENDING)
    with app.app_context(), unit_of_work():
        identity = db.session.get_one(Identity, public.contribution.identity_id)
        erasure.erase(identity, choice, actor_kind=ActorKind.CITIZEN, at=clock())
    found = {version.meeting_id: version.organisers for version in make.all(MeetingVersion)}
    assert found == {public.id: "Éva Zqxname" if left else "", waiting.id: ""}
    assert (ways_out(app, clock, public) != set()) is left


def test_the_list_of_a_desk_and_the_rule_say_the_same(app, make):
    ministry = make.ministry()
    made = [make.meeting(ministry=ministry), make.meeting(ministry=make.ministry(), status=S.PREPARED), make.meeting(), make.proposal()]
    people = [
        make.person(ministry=ministry),
        make.person(roles=(Role.COORDINATOR,)),
        make.person(roles=(Role.ADMINISTRATOR,)),
        make.moderator(),
        make.person(),
    ]
    expected = [{made[0].id}, {made[2].id}, {made[2].id}, set(), set()]
    for person, allowed in zip(people, expected, strict=True):
        with app.app_context():
            actor = sign_in.actor_of(db.session.get_one(Account, person.id))
            listed = {one.id for one in meeting_lists.prepared(actor, Window(size=50)).items}
            assert listed == {one.id for one in db.session.query(Meeting).all() if may(actor, Permission.MEETING_WRITE, one)} == allowed


def test_the_lists_are_in_the_order_of_the_days(app, make, clock):
    soon, later = (
        make.meeting(starts_at=clock() + timedelta(days=1), ends_at=None),
        make.meeting(starts_at=clock() + timedelta(days=9), ends_at=None),
    )
    before, long_ago = (
        make.meeting(starts_at=clock() - timedelta(days=1), ends_at=None),
        make.proposal(starts_at=clock() - timedelta(days=99), ends_at=None),
    )
    with app.app_context():
        assert [one.meeting_id for one in meeting_lists.upcoming(Window(), at=clock()).items] == [soon.id, later.id]
        first = meeting_lists.past(Window(size=1), at=clock())
        assert [one.meeting_id for one in first.items] == [before.id]
        assert [one.meeting_id for one in meeting_lists.past(Window(after=first.next_after), at=clock()).items] == [long_ago.id]


def test_commitments_and_reforms_are_named_by_their_address_or_code(app, make):
    commitment = make.commitment()
    key = commitment.topic.key
    with app.app_context():
        for words in ([key], [f"https://site.example/en/engagements/{commitment.plan.slug}/{commitment.number}"], [key, key]):
            assert meeting_lists.subjects(words) == (frozenset({commitment.topic_id}), frozenset())
        with pytest.raises(meeting_lists.UnknownSubject) as unknown:
            meeting_lists.subjects([key, "engagement:rien:1", "CH-999"])
        assert unknown.value.words == ["CH-999", "engagement:rien:1"]
