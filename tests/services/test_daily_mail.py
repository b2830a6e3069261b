"""The daily mail of staff about commitments and comments: within each person's rights, once, and on its own only when something is new."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from feedback_app.database import db, unit_of_work
from feedback_app.domain.calendar import PARIS
from feedback_app.domain.case import CaseStatus
from feedback_app.domain.commitment import UpdateStatus
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import MembershipKind
from feedback_app.domain.reply import ReplyStatus
from feedback_app.mail.labels import Errand
from feedback_app.mail.staff_messages import CommitmentLine
from feedback_app.models import Account, Contribution, Membership, MembershipScope, Milestone, Ministry, Plan
from feedback_app.services import contributions, replies, sign_in
from feedback_app.services.digest import daily
from tests.progress_factories import said

E = Errand
MONDAY, TUESDAY, WEDNESDAY = "2026-03-02", "2026-03-03", "2026-03-04"


@pytest.fixture
def at(clock):
    """``at("2026-03-03")``: go to eight in the morning of this day, in Paris."""

    def go(day: str) -> None:
        clock.now = datetime.combine(date.fromisoformat(day), time(8), PARIS).astimezone(UTC)

    return go


@pytest.fixture
def send(app, clock):
    """Owe somebody the mail of the day."""

    def owe(account) -> bool:
        with app.app_context(), unit_of_work():
            return daily.send(account.id, at=clock())

    return owe


@pytest.fixture
def parts(app, clock):
    """What awaits somebody: how much under each heading."""

    def find(account) -> dict[Errand, int]:
        with app.app_context():
            return {part.errand: part.total for part in daily.parts_for(db.session.get_one(Account, account.id), at=clock())}

    return find


@pytest.fixture
def ministry(make):
    return make.ministry("Ministère des Routes")


@pytest.fixture
def contact(make, ministry):
    return make.person(ministry=ministry)


@pytest.fixture
def validator(make, ministry):
    return make.person(ministry=ministry, kind=MembershipKind.VALIDATOR)


@pytest.fixture
def commitment(make, ministry):
    return make.commitment(ministry=ministry, title="Des routes sans trous")


def change(app, thing, **values) -> None:
    with app.app_context(), unit_of_work():
        live = db.session.get_one(type(thing), thing.id)
        for name, value in values.items():
            setattr(live, name, value)


def test_a_contact_reads_since_when_nothing_was_heard_and_what_is_late(at, contact, commitment, send, outbox):
    at("2026-07-06")  # the milestone's last day was 30 June, and nothing was ever said since 2 March
    assert send(contact) is True
    mail = outbox.last()
    assert mail.subject == "Ce qui vous attend\u00a0: 1 engagement"
    assert "Engagements en retard (1)" in mail.text
    assert "1 jalon en retard, sans nouvelles depuis le 2 mars 2026" in " ".join(mail.text.split())
    assert f"http://localhost/ministere/engagements/{commitment.plan.slug}/{commitment.number}\n" in mail.text
    assert "Ouvrir les engagements de votre ministère" in mail.text
    assert "http://localhost/ministere/engagements/\n" in mail.text
    assert "demandes" not in mail.text


def test_silence_is_told_after_three_months(at, contact, commitment, parts, make):
    at("2026-06-01")
    assert parts(contact) == {}
    at("2026-06-02")
    assert parts(contact) == {E.COMMITMENTS_SILENT: 1}
    make.update(commitment, contact=contact)
    assert parts(contact) == {}


def test_a_plan_that_is_only_being_written_owes_nothing(app, at, contact, commitment, parts):
    change(app, commitment.plan, phase="writing")
    at("2026-07-06")
    assert parts(contact) == {}


def test_an_update_is_for_who_may_publish_it_then_for_who_takes_it_up_again(make, commitment, contact, validator, parts):
    colleague = make.person(ministry=make.one(Ministry, commitment.ministry_id))
    update = make.update(commitment, status=UpdateStatus.PROPOSED, contact=contact)
    assert [parts(one) for one in (contact, colleague, validator)] == [{}, {}, {E.UPDATES_TO_VALIDATE: 1}]
    make.sent_back(update)
    assert [parts(one) for one in (contact, colleague, validator)] == [{E.UPDATES_SENT_BACK: 1}, {}, {}]


def test_a_validator_is_not_told_to_validate_what_they_wrote(make, commitment, validator, parts):
    make.update(commitment, status=UpdateStatus.PROPOSED, contact=validator)
    assert parts(validator) == {}


def test_a_comment_waits_until_somebody_replies_or_says_that_none_is_needed(make, commitment, contact, validator, parts):
    first, second = (make.comment(topic=commitment.topic) for _ in range(2))
    make.comment(topic=commitment.topic, status=ContributionStatus.PENDING)
    assert parts(contact) == parts(validator) == {E.COMMENTS_AWAITING: 2}
    make.reply_to(first, status=ReplyStatus.PROPOSED, contact=contact)
    assert [parts(one) for one in (contact, validator)] == [
        {E.COMMENTS_AWAITING: 1},
        {E.REPLIES_TO_VALIDATE: 1, E.COMMENTS_AWAITING: 1},
    ]
    make.reply_to(second, status=ReplyStatus.NOT_NEEDED)
    assert [parts(one) for one in (contact, validator)] == [{}, {E.REPLIES_TO_VALIDATE: 1}]


def test_a_reply_that_was_sent_back_is_for_who_wrote_it(app, make, clock, commitment, contact, validator, parts):
    comment = make.comment(topic=commitment.topic)
    make.reply_to(comment, status=ReplyStatus.PROPOSED, contact=contact)
    with app.app_context(), unit_of_work():
        live, actor = db.session.get_one(Contribution, comment.id), sign_in.actor_of(db.session.get_one(Account, validator.id))
        replies.send_back(live, "Dites depuis quand.", actor=actor, seen_wording=1, at=clock())
    assert [parts(one) for one in (contact, validator)] == [{E.REPLIES_SENT_BACK: 1}, {E.COMMENTS_AWAITING: 1}]


def test_the_mail_names_the_comment_and_keeps_its_words_out(app, make, clock, commitment, contact, send, outbox):
    comment = make.comment(topic=commitment.topic, body="Ma rue est pleine de trous, au 12.", name="Jeanne D.")
    assert send(contact) is True
    mail = outbox.last()
    assert mail.subject == "Ce qui vous attend\u00a0: 1 commentaire"
    assert "Sur «\u00a0Des routes sans trous\u00a0», publié le 2 mars 2026" in mail.text
    assert f"http://localhost/ministere/commentaires/{comment.id}\n" in mail.text
    assert "trous, au 12" not in mail.text + mail.html
    assert "Jeanne" not in mail.text + mail.html
    with app.app_context(), unit_of_work():
        contributions.withdraw(db.session.get_one(Contribution, comment.id), at=clock())
    clock.advance(days=7)
    assert send(contact) is False


def test_what_lasts_is_told_when_it_is_new_then_once_a_week_never_twice_a_day(at, make, commitment, contact, send):
    at(TUESDAY)
    make.comment(topic=commitment.topic)
    told = []
    for day in (WEDNESDAY, "2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10"):
        at(day)
        told += [send(contact), send(contact)]
    assert told == [True, False, False, False, False, False, True, False, False, False]


def test_what_lasts_is_in_the_mail_that_leaves_for_another_reason(at, make, commitment, contact, send, outbox):
    at(TUESDAY)
    make.comment(topic=commitment.topic)
    at("2026-03-05")
    make.request(topic=commitment.topic, status=CaseStatus.OPEN)
    assert send(contact) is True
    assert outbox.last().subject == "Ce qui vous attend\u00a0: 1 demande, 1 commentaire"


@pytest.mark.parametrize(("day", "told"), [("2026-06-02", True), ("2026-06-03", False), ("2026-07-01", True), ("2026-07-02", False)])
def test_the_day_on_which_it_becomes_silent_or_late_makes_a_mail(at, commitment, contact, send, day, told):
    at(day)  # silent on Tuesday 2 June, late on Wednesday 1 July
    assert send(contact) is told


def test_nobody_reads_what_is_another_ministry_s_or_beyond_their_part(app, at, make, ministry, commitment, contact, validator, parts):
    make.comment(topic=commitment.topic)
    make.update(commitment, status=UpdateStatus.PROPOSED)
    neighbour = make.person(ministry=make.ministry(), kind=MembershipKind.LEAD)
    other = make.commitment(ministry=ministry).topic
    for person in (contact, validator):
        with app.app_context(), unit_of_work():
            held = db.session.scalars(select(Membership).where(Membership.account_id == person.id)).one()
            held.scope.append(MembershipScope(membership_id=held.id, topic_id=other.id))
    at("2026-07-06")
    assert parts(neighbour) == {}
    assert parts(contact) == parts(validator) == {E.COMMITMENTS_LATE: 1}, "the one that is theirs"


def test_the_successor_of_a_ministry_is_told_and_the_one_it_replaced_no_more(app, at, make, ministry, commitment, contact, parts):
    heir = make.ministry("Ministère des Chemins")
    of_the_heir = make.person(ministry=heir)
    make.comment(topic=commitment.topic)
    change(app, ministry, successor_id=heir.id)
    at("2026-07-06")
    assert [parts(one) for one in (contact, of_the_heir)] == [{}, {E.COMMITMENTS_LATE: 1, E.COMMENTS_AWAITING: 1}]


def test_the_first_five_are_named_the_longest_silent_first(app, at, make, clock, ministry, contact):
    plan = make.plan()
    made = [make.commitment(plan=plan, ministry=ministry, number=number) for number in range(1, 8)]
    make.update(made[0], said(), contact=contact)
    at("2026-07-06")
    with app.app_context():
        (part,) = daily.parts_for(db.session.get_one(Account, contact.id), at=clock())
    assert (part.total, [line.number for line in part.lines]) == (7, [2, 3, 4, 5, 6])
    assert all(isinstance(line, CommitmentLine) and line.late_milestones == 1 for line in part.lines)


def test_the_number_of_statements_does_not_grow(app, make, clock, at, ministry, contact, statements):
    """One person, two ministries: 1 commitment with a comment, then 21."""
    other = make.ministry()
    with app.app_context(), unit_of_work():
        db.session.add(Membership(account_id=contact.id, ministry_id=other.id, kind=MembershipKind.LEAD, granted_at=clock()))
    plan = make.plan()

    def asked() -> int:
        at("2026-07-06")
        with app.app_context():
            account = db.session.get_one(Account, contact.id)
            sign_in.actor_of(account)
            with statements() as ran:
                found = daily.parts_for(account, at=clock())
            assert {part.errand for part in found} == {E.COMMITMENTS_LATE, E.COMMENTS_AWAITING}
        at(MONDAY)
        return len(ran)

    make.comment(topic=make.commitment(plan=plan, ministry=ministry).topic)
    few = asked()
    for _ in range(20):
        make.comment(topic=make.commitment(plan=plan, ministry=ministry).topic)
    assert asked() == few <= 20
    assert len(make.all(Plan)) == 1
    assert len(make.all(Milestone)) == 21
