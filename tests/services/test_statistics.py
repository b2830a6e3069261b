"""The published figures equal a recount, by SQL, of what the tables of requests say: the figures come from the events alone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
import sqlalchemy as sa

from feedback_app import jobs
from feedback_app.database import db, unit_of_work
from feedback_app.domain.calendar import day_of, is_working_day
from feedback_app.domain.case import AWAITING_ANSWER, CaseStatus, Outcome, Verdict
from feedback_app.domain.contribution import ContributionKind, TextAction
from feedback_app.domain.performance import FigureScope
from feedback_app.models import Ministry, Topic
from feedback_app.services import contributions, moderation, sign_in, statistics
from feedback_app.services.cases import answers, closing, conversation, extending, taking, transfers
from tests.case_factories import request_of

START = datetime(2026, 4, 27, 12, tzinfo=UTC)  # a Monday; four holidays follow
LIVES = 36


class Story:
    """One request after another lives, as dice say, through the services."""

    def __init__(self, make, clock, dice):
        self.make, self.clock, self.dice = make, clock, dice
        self.ministries = [make.ministry() for _ in range(3)]
        self.topics = [make.commitment(ministry=ministry).topic for ministry in self.ministries[:2]]
        self.teams = {ministry.id: tuple(map(sign_in.actor_of, make.team(ministry))) for ministry in self.ministries}
        self.moderator = sign_in.actor_of(make.moderator())

    def wait(self, least, most):
        """Some days, until noon of a working day: the recount knows no half days."""
        self.clock.advance(days=self.dice.randint(least, most))
        while not is_working_day(day_of(self.clock())):
            self.clock.advance(days=1)

    def live(self, number):
        self.clock.now = START + timedelta(days=2 * number)
        kind = ContributionKind.ACCESS if number % 7 == 3 else ContributionKind.CLARIFICATION
        topic = db.session.get_one(Topic, self.dice.choice(self.topics).id)
        new = contributions.NewText(body="Pourquoi ce chiffre a-t-il baissé ?", email=f"q{number}@exemple.test", public_name=None)
        sent = contributions.submit(topic, kind, new, form_key=f"vie-{number}", language="fr", at=self.clock())
        contributions.confirm(sent, at=self.clock())
        moderation.decide(sent.current_version, TextAction.PUBLISH, moderator=self.moderator, at=self.clock())
        request = request_of(sent)
        if self.dice.random() < 0.1:
            contributions.withdraw(sent, at=self.clock())
            return
        if self.dice.random() < 0.2:
            self.transfer(request)
        self.wait(1, 4)
        taking.take(request, actor=self.contact(request), seen_version=request.version, at=self.clock())
        if self.dice.random() < 0.5:
            self.ask(request, number)
        if kind is ContributionKind.CLARIFICATION and request.status is CaseStatus.ASSIGNED and self.dice.random() < 0.3:
            extending.extend(request, "Il faut plus de temps.", actor=self.contact(request), seen_version=request.version, at=self.clock())
        if self.dice.random() < 0.8:
            self.answer(request, number)

    def contact(self, request):
        return self.teams[request.ministry_id][0]

    def transfer(self, request):
        other = next(ministry for ministry in self.ministries if ministry.id != request.ministry_id)
        target = db.session.get_one(Ministry, other.id)
        transfers.offer(request, target, reason="À eux.", actor=self.contact(request), seen_version=request.version, at=self.clock())
        transfers.accept(request, actor=self.teams[other.id][0], seen_version=request.version, at=self.clock())

    def ask(self, request, number):
        question = "Quel territoire, et quelle année ?"
        conversation.ask_citizen(request, question, actor=self.contact(request), seen_version=request.version, at=self.clock())
        self.wait(0, 12)
        if self.dice.random() < 0.7:
            conversation.citizen_replies(request, "Le Rhône, 2023.", form_key=f"r-{number}", language="fr", at=self.clock())

    def answer(self, request, number):
        self.wait(1, 35)
        contact, validator = self.teams[request.ministry_id]
        wording = answers.Wording("Le périmètre a changé.", Outcome.FULL)
        answer = answers.propose(request, wording, actor=contact, seen_wording=0, at=self.clock())
        answers.publish(answer, actor=validator, seen_wording=1, at=self.clock())
        if self.dice.random() < 0.6:
            self.clock.advance(days=1)
            closing.rate(request, self.dice.choice(list(Verdict)), reason=None, at=self.clock())
        if self.dice.random() < 0.3:
            self.clock.advance(days=1)
            closing.reopen(request, "Il manque 2022.", form_key=f"o-{number}", language="fr", at=self.clock())


@pytest.fixture
def seeded(app, make, clock):
    """A history of ``LIVES`` requests, and the moment at which it is looked at."""
    clock.now = START
    story = Story(make, clock, random.Random(5))
    with app.app_context():
        for number in range(LIVES):
            with unit_of_work():
                story.live(number)
        with unit_of_work():
            first, third = story.ministries[0].id, story.ministries[2].id
            db.session.get_one(Ministry, third).successor_id = first
    clock.now = datetime(2026, 8, 20, 12, tzinfo=UTC)
    return story.ministries


def recount(now: datetime) -> dict[object, dict[str, object]]:
    """The same figures from the tables of requests, pauses, answers and ratings, which the services keep beside the events."""
    sqlite = db.engine.dialect.name == "sqlite"
    db.session.execute(sa.text("CREATE TEMPORARY TABLE working_day (day TEXT)"))
    days = [START.date() + timedelta(days=number) for number in range(200)]
    db.session.execute(sa.text("INSERT INTO working_day VALUES (:day)"), [{"day": day.isoformat()} for day in days if is_working_day(day)])

    def day(column: str) -> str:
        return f"substr({column}, 1, 10)" if sqlite else f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"

    statement = f"""
        SELECT r.id, r.status, coalesce(holder.successor_id, holder.id) AS holder, r.kind, r.extended_at, r.first_answered_at AS answered,
            {"r.due_on" if sqlite else "to_char(r.due_on, 'YYYY-MM-DD')"} AS due,
            (SELECT coalesce(m.successor_id, m.id) FROM answer a JOIN ministry m ON m.id = a.ministry_id
                WHERE a.request_id = r.id AND a.status = 'published' ORDER BY a.published_at LIMIT 1) AS answerer,
            (SELECT count(*) FROM working_day w WHERE w.day > {day("c.confirmed_at")} AND w.day <= {day("r.first_answered_at")}
                AND (r.kind = 'access' OR NOT EXISTS (SELECT 1 FROM case_pause p WHERE p.request_id = r.id
                    AND {day("p.started_at")} < coalesce({day("p.ended_at")}, '9999')
                    AND w.day BETWEEN {day("p.started_at")} AND coalesce({day("p.ended_at")}, '9999')))) AS used,
            {day("c.confirmed_at")} AS began, {day("r.first_answered_at")} AS answered_on
        FROM citizen_request r JOIN contribution c ON c.id = r.contribution_id JOIN ministry holder ON holder.id = r.ministry_id
        WHERE r.status <> 'received'
    """
    rows = db.session.execute(sa.text(statement)).all()
    rated = db.session.execute(
        sa.text(
            "SELECT coalesce(m.successor_id, m.id) AS ministry, g.verdict, count(*) AS number FROM answer_rating g "
            "JOIN answer a ON a.id = g.answer_id JOIN ministry m ON m.id = a.ministry_id GROUP BY 1, 2"
        )
    ).all()
    db.session.rollback()
    return {whose: _recounted(whose, rows, rated, day_of(now).isoformat()) for whose in {row.holder for row in rows} | {FigureScope.ALL}}


def _recounted(whose, rows, rated, today):
    every = whose is FigureScope.ALL
    held = [row for row in rows if every or row.holder == whose]
    answered = [row for row in rows if row.answered and (every or row.answerer == whose)]
    waiting = [row for row in held if row.status in AWAITING_ANSWER]
    late = [row for row in waiting if row.due and row.due < today]
    overdue = [row for row in late if not row.answered]
    delays = sorted(row.used for row in answered)
    verdicts = dict.fromkeys(("yes", "partly", "no"), 0)
    for row in rated:
        if every or row.ministry == whose:
            verdicts[row.verdict] += row.number
    return {
        "received": len({row.id for row in [*held, *answered]}),
        "answered": len(answered),
        "due": len(answered) + len(overdue),
        "in_time": sum(_in_time(row) for row in answered),
        "waiting": len(waiting),
        "late": len(late),
        "useful": verdicts["yes"],
        "partly": verdicts["partly"],
        "useless": verdicts["no"],
        "median": delays[ceil(len(delays) * 0.5) - 1] if delays else None,
        "slowest": delays[ceil(len(delays) * 0.9) - 1] if delays else None,
    }


def _in_time(row) -> bool:
    if row.kind == "access":
        year, month, number = map(int, row.began.split("-"))
        return row.answered_on <= f"{year}-{month + 1:02}-{min(number, 28 if month == 1 else 30 if month + 1 in {4, 6, 9, 11} else 31):02}"
    return row.used <= (30 if row.extended_at else 15)


def test_the_figures_equal_a_recount_by_sql(app, seeded, clock):
    with app.app_context():
        figures = statistics.compute(at=clock())
        counted = recount(clock())
    found = {
        whose: {
            **{name: getattr(tally, name) for name in counted[whose] if name not in {"median", "slowest"}},
            "median": tally.delay(0.5),
            "slowest": tally.delay(0.9),
        }
        for whose, tally in figures.items()
    }
    assert found == counted
    everything = counted[FigureScope.ALL]
    assert everything["received"] == LIVES
    assert all(everything.values()), "the history shows nothing of one of the figures"
    assert everything["in_time"] < everything["due"]


@pytest.fixture
def one_answer(app, make, clock):
    """One answered request and one that waits."""
    topic = make.commitment().topic
    make.request(topic=topic, status=CaseStatus.ANSWERED)
    make.request(topic=topic)


def test_figures_that_are_kept_replace_the_former_ones(app, one_answer, clock, statements):
    with app.app_context():
        for _ in range(2):
            with unit_of_work():
                statistics.keep(statistics.compute(at=clock()), at=clock())
        with statements() as seen:
            published = statistics.published()
    assert len(seen) == 1
    assert [(line.scope, line.received, line.answered) for line in published.lines] == [
        (FigureScope.ALL, 2, 1),
        (FigureScope.MINISTRY, 2, 1),
    ]
    assert published.computed_at == clock()


def test_computing_takes_two_statements_and_the_command_says_on_how_many_requests(app, one_answer, clock, statements):
    with app.app_context(), statements() as seen:
        statistics.compute(at=clock())
    assert len(seen) == 2
    result = app.test_cli_runner().invoke(args=["statistics", "compute"])
    assert (result.exit_code, result.output) == (0, "Chiffres calculés sur 2 demandes.\n")


def test_the_job_process_computes_once_a_day_from_three_o_clock_in_paris(app, one_answer, clock):
    clock.now = datetime(2026, 3, 3, 1, 59, tzinfo=UTC)
    with app.app_context():
        done = [jobs.figures_of_the_day(clock=clock) for _ in range(2)]
        clock.advance(minutes=2)
        done += [jobs.figures_of_the_day(clock=clock) for _ in range(2)]
        assert done == [True, False, True, False]
        assert statistics.published().computed_at == clock()
