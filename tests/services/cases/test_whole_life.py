"""One request from the question to its end, through two ministries and every turn it can take, each date counted by hand.

The working days are those of a wall calendar of 2025: Good Friday (18 April) is worked in Paris; Easter Monday (21 April), 1 May,
8 May, Ascension (29 May) and Whit Monday (9 June) are not. Each mail is owed once.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from feedback_app.database import db, unit_of_work
from feedback_app.domain import deadlines
from feedback_app.domain.calendar import day_of
from feedback_app.domain.case import CaseStatus, OfferStatus, Outcome, Verdict
from feedback_app.domain.contribution import ContributionKind, TextAction
from feedback_app.domain.policy import MembershipKind
from feedback_app.models import CasePause, CitizenRequest, Contribution, Ministry, Topic, TransferOffer
from feedback_app.services import contributions, moderation, sign_in
from feedback_app.services.cases import answers, clock, closing, conversation, extending, reading, routing, taking, transfers
from tests.case_factories import request_of

S = CaseStatus
EMAIL = "citoyenne@exemple.test"


def offer(ministry):
    return lambda live, **facts: transfers.offer(live, db.session.get_one(Ministry, ministry.id), reason="C’est un pont.", **facts)


def route(ministry):
    return lambda live, **facts: routing.route(live, db.session.get_one(Ministry, ministry.id), reason="C’en est un.", **facts)


def propose(source, seen):
    def go(live, *, actor, seen_version, at):
        answers.propose(live, answers.Wording(source, Outcome.FULL), actor=actor, seen_wording=seen, at=at)

    return go


def review(verb, *words, seen):
    def go(live, *, actor, seen_version, at):
        verb(answers.in_hand(live), *words, actor=actor, seen_wording=seen, at=at)

    return go


def test_every_date_of_a_whole_life_is_the_one_counted_by_hand(app, play, desk, make, outbox):
    def stand():
        with app.app_context():
            live = db.session.get_one(CitizenRequest, request.id)
            delay = clock.delay(live)
            assert delay is None or live.due_on == delay.due_on, "the stored day is the computed one"
            return live.status, live.ministry_id, live.due_on

    def decide(contribution_id, moderator):
        with app.app_context(), unit_of_work():
            version = contributions.latest_version(db.session.get_one(Contribution, contribution_id))
            moderation.decide(version, TextAction.PUBLISH, moderator=sign_in.actor_of(moderator), at=play.clock())

    roads, bridges = desk.ministry.id, desk.other.id
    moderator, validator = make.moderator(), make.person(ministry=desk.other, kind=MembershipKind.VALIDATOR, name="Vera")

    # Asked and confirmed on the Wednesday evening before Easter: nothing counts yet.
    play.at("2025-04-16", "18:00")
    with app.app_context(), unit_of_work():
        new = contributions.NewText(body="Pourquoi ce pont est-il fermé depuis 2023 ?", email=EMAIL, public_name=None)
        topic = db.session.get_one(Topic, desk.topic.id)
        sent = contributions.submit(topic, ContributionKind.CLARIFICATION, new, form_key="whole-life", language="fr", at=play.clock())
        contributions.confirm(sent, at=play.clock())
        asked = request_of(sent).id
    request = make.one(CitizenRequest, asked)
    assert request.reference == "DS-2025-000001"
    assert stand() == (S.RECEIVED, None, None)

    # Published on Thursday 17 April: 18 | 22 23 24 25 | 28 29 30, 2 May | 5 6 7, 9 | 12 13: the fifteenth is Tuesday 13 May.
    play.at("2025-04-17", "09:30")
    decide(request.contribution_id, moderator)
    assert stand() == (S.OPEN, roads, date(2025, 5, 13))

    # Offered on Good Friday: the two working days are Tuesday 22 and Wednesday 23. The clock runs on.
    play.at("2025-04-18", "11:00")
    play(offer(desk.other), request, desk.contact)
    assert stand() == (S.TRANSFER_OFFERED, roads, date(2025, 5, 13))
    assert [found.expires_on for found in make.all(TransferOffer)] == [date(2025, 4, 23)]

    # Declined within them, and given to that ministry all the same.
    play.at("2025-04-22", "15:00")
    play(transfers.decline, request, desk.neighbour, reason="Ce n’est pas un pont.")
    assert stand() == (S.ARBITRATION, roads, date(2025, 5, 13))
    assert [found.status for found in make.all(TransferOffer)] == [OfferStatus.DECLINED]
    play.at("2025-04-23", "10:00")
    play(route(desk.other), request, desk.coordinator)
    assert stand() == (S.OPEN, bridges, date(2025, 5, 13))
    play.at("2025-04-24", "09:00")
    play(taking.take, request, desk.neighbour)
    assert stand() == (S.ASSIGNED, bridges, date(2025, 5, 13))

    # Asked something on Friday 25 April: 18, 22, 23 and 24 counted, eleven days are left, and nothing is due.
    play.at("2025-04-25", "14:00")
    play(conversation.ask_citizen, request, desk.neighbour, "De quel pont parlez-vous ?")
    assert stand() == (S.WAITING, bridges, None)
    with app.app_context():
        assert clock.delay(db.session.get_one(CitizenRequest, request.id)).left == 11

    # The reply on Saturday 3 May at 23:30 in Paris: 5 6 7, 9 | 12 13 14 15 16 | 19 20: the eleventh is Tuesday 20 May.
    play.at("2025-05-03", "23:30")
    reply = make.reply(request, "Celui de la route des moulins.")
    assert stand() == (S.ASSIGNED, bridges, date(2025, 5, 20))
    (pause,) = make.all(CasePause)
    assert (day_of(pause.started_at), day_of(pause.ended_at)) == (date(2025, 4, 25), date(2025, 5, 3))
    play.at("2025-05-05", "09:00")
    decide(reply.id, moderator)

    # Extended on 7 May by fifteen after 20 May: 21 22 23 | 26 27 28, 30 | 2 June 3 4 5 6 | 10 11 12: Thursday 12 June.
    play.at("2025-05-07", "10:00")
    play(extending.extend, request, desk.neighbour, "Une inspection a lieu fin mai.")
    assert stand() == (S.ASSIGNED, bridges, date(2025, 6, 12))

    # Proposed, sent back, proposed; published on 15 May by somebody else. 4 days before the pause, 5 6 7 9 12 13 14 15 after: 12.
    play.at("2025-05-12", "09:00")
    play(propose("Le pont est fermé.", 0), request, desk.neighbour)
    play.at("2025-05-13", "09:00")
    play(review(answers.send_back, "Dites depuis quand.", seen=1), request, validator)
    play.at("2025-05-14", "09:00")
    play(propose("Le pont est fermé depuis mars 2023.", 1), request, desk.neighbour)
    assert stand() == (S.ASSIGNED, bridges, date(2025, 6, 12))
    play.at("2025-05-15", "16:00")
    play(review(answers.publish, seen=2), request, validator)
    first = make.reload(request)
    assert (first.status, first.answered_at, first.outcome) == (S.ANSWERED, play.clock(), Outcome.FULL)
    span = deadlines.Pause(pause.started_at, pause.ended_at)
    assert deadlines.days_used(first.clock_started_at, [span], first.answered_at) == 12

    # Rated "partly" on Monday 19 May, after the first reminder came due: closed, and the second one never leaves.
    play.at("2025-05-19", "20:00")
    with app.app_context(), unit_of_work():
        closing.rate(db.session.get_one(CitizenRequest, request.id), Verdict.PARTLY, reason="Et quand rouvre-t-il ?", at=play.clock())
    assert stand()[0] is S.CLOSED

    # Reopened on Saturday 31 May: fifteen new days, 2 June 3 4 5 6 | 10 11 12 13 | 16 17 18 19 20 | 23: Monday 23 June. The extension
    # belonged to the first delay, and is spent.
    play.at("2025-05-31", "11:00")
    with app.app_context(), unit_of_work():
        live = db.session.get_one(CitizenRequest, request.id)
        again = closing.reopen(live, "Vous ne dites pas quand il rouvre.", form_key="again", language="fr", at=play.clock())
        again = again.id
    assert stand() == (S.ASSIGNED, bridges, date(2025, 6, 23))
    assert make.reload(request).assignee_id == desk.neighbour.identity_id
    with app.app_context():
        assert not extending.may_extend(db.session.get_one(CitizenRequest, request.id))
    play.at("2025-06-02", "09:00")
    decide(again, moderator)

    # The second answer, on the seventh day: 2 3 4 5 6 | 10 11.
    play.at("2025-06-10", "10:00")
    play(propose("Il rouvre le 1er septembre 2025.", 0), request, desk.neighbour)
    play.at("2025-06-11", "09:00")
    play(review(answers.publish, seen=1), request, validator)
    second = make.reload(request)
    assert (second.status, second.first_answered_at, second.answered_at) == (S.ANSWERED, first.answered_at, play.clock())
    assert deadlines.days_used(second.clock_started_at, [], second.answered_at) == 7

    # Not a word for 21 days to the minute: closed on 2 July, and it may not be reopened twice.
    play.at("2025-07-02", "08:59")
    assert play.sweep(closing.without_a_word, closing.close) == 0
    play.at("2025-07-02", "09:00")
    assert play.sweep(closing.without_a_word, closing.close) == 1
    closed = make.reload(request)
    assert (closed.status, closed.closed_at) == (S.CLOSED, play.clock())
    with app.app_context():
        live = db.session.get_one(CitizenRequest, request.id)
        assert not closing.may_reopen(live, at=play.clock())
        public = reading.timeline(reading.public_request(request.reference), reading.Audience.PUBLIC)
        assert [entry.answer.latest.source for entry in public if entry.answer] == [
            "Le pont est fermé depuis mars 2023.",
            "Il rouvre le 1er septembre 2025.",
        ]
        assert [entry.verdict for entry in public if entry.verdict] == [Verdict.PARTLY]
    # Each mail once: two answers, two texts said inside the case; of the reminders only those of the second answer were not called off.
    assert Counter(
        mail.key.removeprefix(f"request:{request.reference}:").split(":")[0] for mail in outbox.all() if mail.recipient == EMAIL
    ) == {
        "confirm": 1,
        "accepted": 1,
        "moved": 1,
        "taken": 1,
        "question": 1,
        "extension": 1,
        "answered": 2,
        "rating": 2,
        "reopened": 1,
        "text-published": 2,
    }
