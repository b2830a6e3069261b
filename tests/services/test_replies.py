"""Official replies to comments: written by one, published by another, told once, read by everybody; and nothing of it before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedback_app.database import db, unit_of_work
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.errors import Conflict
from feedback_app.domain.policy import MembershipKind, NotAllowed, Permission, may
from feedback_app.domain.reply import ReplyStatus
from feedback_app.domain.trace import SubjectKind
from feedback_app.domain.workflow import MoveRefused
from feedback_app.models import CaseEvent, Contribution, Membership, MembershipScope, Ministry, OfficialReply
from feedback_app.services import replies, reply_desk, sign_in, threads
from feedback_app.services.paging import Window
from feedback_app.services.reply_desk import ReplyTab

SOURCE = "Nous avons **lu** ce commentaire."


@pytest.fixture
def act(app, make, clock):
    """A service of replies, called as a view calls it."""

    def call(verb, comment, by, *args, **facts):
        with app.app_context(), unit_of_work():
            verb(db.session.get_one(Contribution, comment.id), *args, actor=sign_in.actor_of(by), at=clock(), **facts)

    return call


@pytest.fixture
def team(make):
    ministry = make.ministry("Ministère des Routes")
    contact, validator = make.team(ministry)
    topic = make.commitment(ministry=ministry).topic
    return ministry, contact, validator, make.comment(topic=topic, email="jeanne@exemple.test")


def shown(app, topic_id: int) -> list[str]:
    """The official replies in the thread of a topic."""
    with app.app_context():
        return [reply.html for text in threads.of_topic(topic_id, Window()).items for reply in text.replies]


def tabs(app, ministry, person) -> dict[ReplyTab, set[int]]:
    """The comments in each tab of a desk, for this person; the counts say the same."""
    with app.app_context():
        actor = sign_in.actor_of(db.session.merge(person, load=True))
        counts = reply_desk.counts(ministry.id, actor)
        found = {tab: {line.id for line in reply_desk.tab(tab, ministry.id, actor, Window()).items} for tab in ReplyTab}
        assert counts == {tab: len(ids) for tab, ids in found.items()}
        return found


def test_a_reply_is_read_by_everybody_once_somebody_else_published_it(app, act, team, outbox):
    _ministry, contact, validator, comment = team
    before = len(outbox.all())
    act(replies.propose, comment, contact, SOURCE, seen_wording=0)
    assert shown(app, comment.topic_id) == []
    act(replies.publish, comment, validator, seen_wording=1)
    assert shown(app, comment.topic_id) == ["<p>Nous avons <strong>lu</strong> ce commentaire.</p>"]
    (mail,) = outbox.all()[before:]
    assert (mail.recipient, "Ministère des Routes répond à votre commentaire" in mail.text) == ("jeanne@exemple.test", True)
    assert f"#texte-{comment.id}" in mail.text


def test_a_second_click_publishes_and_tells_once(app, act, team, make, outbox):
    _ministry, contact, validator, comment = team
    for _click in range(2):
        act(replies.propose, comment, contact, SOURCE, seen_wording=0)
    for _click in range(2):
        act(replies.publish, comment, validator, seen_wording=1)
    verbs = [event.verb.value for event in make.all(CaseEvent) if event.subject_kind is SubjectKind.REPLY]
    assert verbs == ["reply:write", "reply:propose", "reply:publish"]
    assert len([mail for mail in outbox.all() if mail.key.startswith("comment-answered")]) == 1


def test_nobody_publishes_their_own_words(act, make, team):
    ministry, _contact, validator, comment = team
    act(replies.propose, comment, validator, SOURCE, seen_wording=0)
    with pytest.raises(NotAllowed):
        act(replies.publish, comment, validator, seen_wording=1)
    act(replies.publish, comment, make.person(ministry=ministry, kind=MembershipKind.LEAD), seen_wording=1)


def test_people_of_another_ministry_do_nothing(act, make, team):
    _ministry, contact, _validator, comment = team
    stranger = make.person(ministry=make.ministry(), kind=MembershipKind.LEAD)
    act(replies.propose, comment, contact, SOURCE, seen_wording=0)
    for verb, words in (
        (replies.write, ["Autre texte."]),
        (replies.dismiss, ["Sans objet."]),
        (replies.send_back, ["Non."]),
        (replies.publish, []),
    ):
        with pytest.raises(NotAllowed):
            act(verb, comment, stranger, *words, seen_wording=1)


def test_two_contacts_at_once_keep_both_texts(act, make, team):
    ministry, contact, _validator, comment = team
    act(replies.write, comment, contact, "Le premier texte.", seen_wording=0)
    with pytest.raises(Conflict) as refused:
        act(replies.write, comment, make.person(ministry=ministry), "Le second texte.", seen_wording=0)
    assert refused.value.other.text == "Le premier texte."


def test_what_was_not_read_is_not_published(act, team, make):
    _ministry, contact, validator, comment = team
    act(replies.propose, comment, contact, SOURCE, seen_wording=0)
    act(replies.send_back, comment, validator, "À reprendre, merci.", seen_wording=1)
    act(replies.propose, comment, contact, "Un autre texte.", seen_wording=1)
    with pytest.raises(Conflict):
        act(replies.publish, comment, validator, seen_wording=1)
    assert make.all(OfficialReply)[0].status is ReplyStatus.PROPOSED


def test_a_correction_replaces_the_public_wording_only_when_published_and_tells_nobody_again(app, act, team, make, clock, outbox):
    _ministry, contact, validator, comment = team
    make.reply_to(comment, "Première version.", contact=contact, validator=validator)
    clock.advance(days=1)
    mails = len(outbox.all())
    act(replies.propose, comment, contact, "Seconde version.", seen_wording=1)
    assert shown(app, comment.topic_id) == ["<p>Première version.</p>"]
    act(replies.publish, comment, validator, seen_wording=2)
    assert shown(app, comment.topic_id) == ["<p>Seconde version.</p>"]
    assert len(outbox.all()) == mails
    (reply,) = make.all(OfficialReply)
    assert reply.published_at == clock() - timedelta(days=1)


def test_a_withdrawn_comment_takes_its_reply_with_it(app, act, team, make):
    ministry, contact, validator, comment = team
    make.reply_to(comment, contact=contact, validator=validator)
    make.withdrawn(comment)
    assert shown(app, comment.topic_id) == []
    assert set().union(*tabs(app, ministry, contact).values()) == set()
    with app.app_context():
        assert replies.find(comment.id) is None
    with pytest.raises(MoveRefused):
        act(replies.write, comment, contact, "Trop tard pour lui répondre.", seen_wording=1)


def test_no_reply_needed_is_said_to_colleagues_and_can_be_undone_by_replying(app, act, team, make):
    ministry, contact, validator, comment = team
    act(replies.dismiss, comment, contact, "Il ne pose aucune question.", seen_wording=0)
    assert tabs(app, ministry, contact)[ReplyTab.NOT_NEEDED] == {comment.id}
    assert shown(app, comment.topic_id) == []
    act(replies.propose, comment, contact, SOURCE, seen_wording=0)
    act(replies.publish, comment, validator, seen_wording=1)
    assert tabs(app, ministry, contact)[ReplyTab.REPLIED] == {comment.id}
    with pytest.raises(MoveRefused):
        act(replies.dismiss, comment, contact, "Après coup, non.", seen_wording=1)


def test_each_comment_is_in_the_tab_that_says_where_its_reply_stands(app, make, team):
    ministry, contact, _validator, comment = team
    topic = comment.topic
    made = {status: make.comment(topic=topic) for status in ReplyStatus}
    for status, one in made.items():
        make.reply_to(one, status=status)
    make.comment(topic=topic, status=ContributionStatus.PENDING)
    make.request(topic=topic)
    assert tabs(app, ministry, contact) == {
        ReplyTab.AWAITING: {comment.id, made[ReplyStatus.DRAFT].id},
        ReplyTab.TO_VALIDATE: {made[ReplyStatus.PROPOSED].id},
        ReplyTab.REPLIED: {made[ReplyStatus.PUBLISHED].id},
        ReplyTab.NOT_NEEDED: {made[ReplyStatus.NOT_NEEDED].id},
    }


def test_the_tabs_and_the_rule_about_one_comment_say_the_same(app, make, team):
    ministry, contact, validator, comment = team
    bridge = make.commitment(ministry=ministry).topic
    on_bridge = make.comment(topic=bridge)
    away = make.comment(topic=make.commitment(ministry=make.ministry()).topic)
    narrow = make.person(ministry=ministry)
    with app.app_context(), unit_of_work():
        membership = db.session.query(Membership).filter_by(account_id=narrow.id).one()
        membership.scope.append(MembershipScope(topic_id=bridge.id))
    people = {"contact": contact, "validator": validator, "narrow": make.one(type(narrow), narrow.id), "moderator": make.moderator()}
    expected = {
        "contact": {comment.id, on_bridge.id},
        "validator": {comment.id, on_bridge.id},
        "narrow": {on_bridge.id},
        "moderator": set(),
    }
    for name, person in people.items():
        listed = set().union(*tabs(app, ministry, person).values())
        with app.app_context():
            actor = sign_in.actor_of(db.session.merge(person, load=True))
            allowed = {one.id for one in (comment, on_bridge, away) if may(actor, Permission.COMMENT_REPLY, replies.find(one.id))}
        assert listed == allowed == expected[name], name


def test_what_a_ministry_took_over_is_on_its_desk(app, act, make, team):
    ministry, _contact, _validator, comment = team
    successor = make.ministry("Ministère des Routes et des Ponts")
    with app.app_context(), unit_of_work():
        db.session.get_one(Ministry, ministry.id).successor_id = successor.id
    contact, validator = make.team(successor)
    assert tabs(app, successor, contact)[ReplyTab.AWAITING] == {comment.id}
    act(replies.propose, comment, contact, SOURCE, seen_wording=0)
    act(replies.publish, comment, validator, seen_wording=1)
    assert make.all(OfficialReply)[0].ministry_id == successor.id
    with app.app_context():
        assert [(line.ministry, line.comments, line.replied) for line in reply_desk.shares()] == [
            ("Ministère des Routes et des Ponts", 1, 1)
        ]


def test_the_share_counts_public_comments_and_public_replies_only(app, make, team):
    ministry, _contact, _validator, comment = team
    for status in ReplyStatus:
        make.reply_to(make.comment(topic=comment.topic), status=status)
    gone = make.comment(topic=comment.topic)
    make.reply_to(gone)
    make.withdrawn(gone)
    with app.app_context():
        assert [(line.slug, line.comments, line.replied) for line in reply_desk.shares()] == [(ministry.slug, 5, 1)]


def test_an_erased_author_is_told_nothing(act, team, make, outbox):
    _ministry, contact, validator, comment = team
    make.erased(comment.identity)
    mails = len(outbox.all())
    act(replies.propose, comment, contact, SOURCE, seen_wording=0)
    act(replies.publish, comment, validator, seen_wording=1)
    assert len(outbox.all()) == mails
