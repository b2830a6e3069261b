"""Filling an empty demo: the plan, the people, then months of conversation, each act by the service that does it for real.

The *small* sample (the plan, the people, and the texts written by hand) is enough for most tests; the *whole* one is what ``make demo``
shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from random import Random

from sqlalchemy import delete, select

from feedback_app.database import db
from feedback_app.demo import barometer, comments, dossiers, encounters, nights, promises, showcase, voices
from feedback_app.demo.authors import Authors
from feedback_app.demo.dossier import Cast
from feedback_app.demo.dossiers import Maker, World
from feedback_app.demo.people import COLLEAGUES, PEOPLE, Person
from feedback_app.demo.plan_file import plan, plan_file
from feedback_app.demo.script import today
from feedback_app.demo.story import Confirm, Correct, Decide, Moment, Redirect, Step, Story, Turn, Withdraw, ago
from feedback_app.demo.texts import STORIES
from feedback_app.domain import addresses
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.personal_data import clean_email
from feedback_app.domain.policy import Actor
from feedback_app.domain.text import clean_name, clean_typed
from feedback_app.models import Contribution, Ministry, OutgoingMail
from feedback_app.services import accounts, contributions, moderation, plans, sign_in, topics

PLAN_ENTERED = ago(560, "09:00")
PEOPLE_ENTERED = ago(559, "09:00")
LANGUAGE = "fr"
SEED = 2027
MAILS_KEPT = timedelta(days=3)

Progress = Callable[[int], object]


def seeded() -> bool:
    """Whether the demo has its data: they come in one transaction, so the plan stands for all of them."""
    return plan() is not None


def seed(*, at: datetime, progress: Progress | None = None, whole: bool = True) -> bool:
    """Enter everything, dated over the months before ``at``, within the caller's transaction. False, and nothing written, when it is there.

    ``progress`` is called with 1 for each thing entered, ``length`` times. The mails of these past acts enter the outbox like any other;
    a demo has no mail server, so the job process only marks them, and they are read at ``/demo/courriels``.
    """
    if seeded():
        return False
    done = progress or (lambda _steps: None)
    plans.import_plan(plan_file(today(at)), at=PLAN_ENTERED.before(at), progress=done)
    cast = _enter_people(PEOPLE_ENTERED.before(at), done, whole=whole)
    for turn in _turns(cast, at, whole=whole):
        turn.act(turn.at)
        done(1)
    if whole:
        nights.count(at)
        _forget_old_mails(at)
    return True


def length(*, at: datetime, whole: bool = True) -> int:
    """How much there is to enter, in the units of ``progress``."""
    people = len(_people(whole=whole))
    return len(plan_file(today(at)).commitments) + people + len(_turns(Cast({}), at, whole=whole))


def _turns(cast: Cast, at: datetime, *, whole: bool) -> list[Turn]:
    """All that happens, in the order of time: ids, traces and mails then follow each other as they would have."""
    turns = list(_stories(cast.people, at))
    if whole:
        turns += barometer.publications(at, SEED)
        turns += nights.mornings(PEOPLE_ENTERED.before(at).date(), today(at))
        turns += _conversation(cast, at)
    return sorted(turns, key=lambda turn: turn.at)


def _conversation(cast: Cast, at: datetime) -> Iterator[Turn]:
    """The hundreds of texts that are drawn. Each kind draws from a seed of its own: one more comment moves no request."""
    world = World(plan_file(today(at)), today(at), SEED)
    authors = Authors(Random(f"{SEED}:authors"))
    maker = Maker(world, cast, authors, Random(f"{SEED}:texts"))
    scripts = (
        promises.told(world, cast, Random(f"{SEED}:promises")),
        comments.told(world, cast, authors, Random(f"{SEED}:comments")),
        dossiers.told(maker, Random(f"{SEED}:requests")),
        showcase.told(maker, Random(f"{SEED}:states")),
        encounters.told(world, cast, Random(f"{SEED}:meetings")),
        voices.told(world, cast, Random(f"{SEED}:voices")),
    )
    for script in chain(*scripts):
        yield from script.turns


def _people(*, whole: bool) -> tuple[Person, ...]:
    return PEOPLE + COLLEAGUES if whole else PEOPLE


def _enter_people(at: datetime, done: Progress, *, whole: bool) -> Cast:
    """The accounts with their rights. Returns each person as the policy sees them."""
    cast = Cast({})
    for person in _people(whole=whole):
        actor = cast.people[person.key] = _enter(person, at)
        for slug, right in person.memberships:
            cast.staff.setdefault((slug, right), []).append(actor)
        done(1)
    return cast


def _forget_old_mails(at: datetime) -> None:
    """Keep what is still owed and the mails of these days: months of them would only hide those."""
    old = (OutgoingMail.due_at <= at, OutgoingMail.created_at < at - MAILS_KEPT)
    db.session.execute(delete(OutgoingMail).where(*old))


def _enter(person: Person, at: datetime) -> Actor:
    account = accounts.create_or_update(clean_email(person.email), name=clean_name(person.name), at=at)
    for role in person.roles:
        accounts.grant_role(account, role, at=at)
    for slug, kind in person.memberships:
        ministry = db.session.execute(select(Ministry).where(Ministry.slug == slug)).scalar_one()
        accounts.grant_membership(account, ministry, kind, at=at)
    return sign_in.actor_of(account)


def _stories(actors: dict[str, Actor], at: datetime) -> Iterator[Turn]:
    """When each story begins (no step) and goes on. Those of one story are in their order, which sorting keeps."""
    sent: dict[int, Contribution] = {}
    for number, story in enumerate(STORIES):
        moments: list[tuple[Moment, Step | None]] = [(story.when, None), *((step.when, step) for step in story.steps)]
        for moment, step in moments:
            yield Turn(moment.before(at), partial(_go_on, sent, number, step, actors))


def _go_on(sent: dict[int, Contribution], number: int, step: Step | None, actors: dict[str, Actor], at: datetime) -> None:
    if step is None:
        sent[number] = _send(number, STORIES[number], at)
    else:
        _take(step, sent[number], actors, at)


def _send(number: int, story: Story, at: datetime) -> Contribution:
    promised = plan()
    topic = topics.find(addresses.commitment_key(promised.slug, story.commitment)) if promised else None
    if topic is None:
        raise LookupError(f"no commitment {story.commitment} in the plan of the demo")
    new = contributions.NewText(
        body=clean_typed(story.body), email=clean_email(story.email), public_name=clean_name(story.name) if story.name else None
    )
    return contributions.submit(topic, ContributionKind.COMMENT, new, form_key=f"demo-{number}", language=LANGUAGE, at=at)


def _take(step: Step, contribution: Contribution, actors: dict[str, Actor], at: datetime) -> None:
    latest = contributions.latest_version(contribution)
    match step:
        case Confirm():
            contributions.confirm(contribution, at=at)
        case Correct(body=body):
            contributions.correct(contribution, clean_typed(body), seen_version=latest.number, at=at)
        case Withdraw():
            contributions.withdraw(contribution, at=at)
        case Redirect(email=email):
            contributions.resend_confirmation(contribution, clean_email(email), at=at)
        case Decide(moderator=key, action=action, ground=ground, facts=facts):
            moderation.decide(latest, action, moderator=actors[key], ground=ground, facts=facts, at=at)
