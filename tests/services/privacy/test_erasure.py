"""Erasing a person: what goes, what stays, and that nothing of them can be found in what is stored."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from feedback_app import jobs
from feedback_app.database import db, unit_of_work
from feedback_app.domain.contribution import ContributionStatus, Ground, TextAction, TextStatus
from feedback_app.domain.policy import NotAllowed, Role
from feedback_app.domain.privacy import TextsChoice
from feedback_app.domain.trace import AccessAction, EventVerb
from feedback_app.mail import outbox
from feedback_app.mail.message import Message
from feedback_app.models import (
    AccessLog,
    Account,
    CaseEvent,
    Contribution,
    Identity,
    ModerationDecision,
    OutgoingMail,
    PersonalExport,
    PlannedErasure,
    TextVersion,
    Topic,
)
from feedback_app.services import access_log, moderation, sign_in
from feedback_app.services.privacy import erasure, export
from tests.conftest import Clock
from tests.factories import Make

EMAIL = "Ondine.Quatremare@exemple.test"
NAME = "Ondine Quatremare"
PUBLISHED = "La phrase publiée parle du platane."
REJECTED = "La phrase refusée parle du tilleul."
PENDING = "La phrase en attente parle du frêne."
CORRECTED = "La correction en attente parle du charme."
FACTS = "Ondine Quatremare y nomme son voisin."
TRACES = [EMAIL, EMAIL.lower(), NAME, "Quatremare", "quatremare"]
UNPUBLISHED = ["tilleul", "frêne", "charme"]


@pytest.fixture
def ondine(app: Flask, make: Make, clock: Clock) -> Identity:
    """Somebody who left a trace everywhere."""
    make.moderator()
    topic = make.commitment().topic
    published = make.comment(topic=topic, body=PUBLISHED, email=EMAIL, name=NAME)
    make.correction(published, CORRECTED)
    make.comment(topic=topic, body=PENDING, email=EMAIL, name=NAME, status=ContributionStatus.PENDING)
    make.comment(topic=topic, body="Jamais confirmée.", email=EMAIL, name="Ondine Q.", status=ContributionStatus.AWAITING_CONFIRMATION)
    refused = make.comment(topic=topic, body=REJECTED, email=EMAIL, name=NAME, status=ContributionStatus.PENDING)
    moderator = make.moderator()
    with app.app_context(), unit_of_work():
        version = db.session.get_one(TextVersion, refused.current_version_id)
        actor = sign_in.actor_of(moderator)
        moderation.decide(version, TextAction.REJECT, moderator=actor, ground=Ground.INSULT, facts=FACTS, at=clock())
        sign_in.ask_link(EMAIL, language="fr", at=clock(), machine="203.0.113.7")
        access_log.record(AccessAction.ADDRESS_REVEALED, at=clock(), identity_id=moderator.identity_id, concerned_id=published.identity_id)
    make.session(make.person(email=EMAIL, name=NAME))
    found = make.identity(EMAIL)
    assert found
    return found


def ask(app: Flask, identity: Identity, texts: TextsChoice, clock: Clock) -> None:
    with app.app_context(), unit_of_work():
        erasure.ask(db.session.get_one(Identity, identity.id), texts, actor=None, language="fr", at=clock())


def erased(app: Flask, identity: Identity, texts: TextsChoice, clock: Clock, sweep: Callable[[], None]) -> None:
    ask(app, identity, texts, clock)
    clock.advance(hours=24)
    sweep()


def left_in(stored: bytes, words: list[str]) -> list[str]:
    return [word for word in words if word.encode() in stored]


@pytest.mark.parametrize("texts", TextsChoice)
def test_nothing_that_is_stored_holds_the_address_or_the_name(app, ondine, clock, sweep, stored, texts, caplog):
    with app.app_context(), unit_of_work():
        export.ask(db.session.get_one(Identity, ondine.id), actor=None, language="fr", at=clock())
    sweep()
    assert left_in(stored(), TRACES) == TRACES, "the search finds what is there"

    erased(app, ondine, texts, clock, sweep)

    assert left_in(stored(), [*TRACES, *UNPUBLISHED, FACTS]) == []
    assert left_in(stored(), ["platane"]) == (["platane"] if texts is TextsChoice.KEEP else [])
    assert left_in(caplog.text.encode(), TRACES) == []


def test_every_session_link_mail_copy_and_name_goes(app, ondine, make, clock, sweep):
    ask(app, ondine, TextsChoice.WITHDRAW, clock)
    clock.advance(hours=24)
    sweep()

    assert make.identity(EMAIL) is None
    for model in (PlannedErasure, PersonalExport):
        assert make.all(model) == []
    assert [mail.recipient for mail in make.all(OutgoingMail) if "quatremare" in mail.recipient.lower()] == []
    assert ondine.id not in {account.identity_id for account in make.all(Account)}
    rows = make.all(AccessLog)
    assert {row.identity_id for row in rows} & {ondine.id} == {row.concerned_id for row in rows} & {ondine.id} == set()
    assert [row.address_hash for row in rows if row.action is AccessAction.LINK_ASKED] == [None]
    assert any(row.action is AccessAction.ADDRESS_REVEALED and row.identity_id for row in rows), "who looked stays on record"


def test_texts_that_are_kept_stay_public_and_signed_by_nobody(app, ondine, make, clock, sweep, client):
    public = next(text for text in make.all(Contribution) if text.status is ContributionStatus.PUBLISHED)
    erased(app, ondine, TextsChoice.KEEP, clock, sweep)

    kept = make.reload(public)
    assert (kept.status, kept.identity_id, kept.signature_id, kept.current_version.body) == (
        ContributionStatus.PUBLISHED,
        None,
        None,
        PUBLISHED,
    )
    page = client.get_page(f"/engagements/{kept.topic.key.split(':')[1]}/{kept.topic.key.split(':')[2]}").text("main")
    assert "platane" in page
    assert "Compte supprimé" in page
    assert [version.status for version in make.all(TextVersion) if version.body] == [TextStatus.PUBLISHED]
    assert {c.status for c in make.all(Contribution)} == {ContributionStatus.PUBLISHED, ContributionStatus.WITHDRAWN}


def test_texts_that_are_withdrawn_leave_the_site_and_keep_their_place_in_the_counts(app, ondine, make, clock, sweep):
    before = len(make.all(Contribution))
    erased(app, ondine, TextsChoice.WITHDRAW, clock, sweep)

    assert [c.status for c in make.all(Contribution)] == [ContributionStatus.WITHDRAWN] * before
    assert {version.body for version in make.all(TextVersion)} == {""}
    assert {decision.facts for decision in make.all(ModerationDecision)} == {None}
    erasures = [event for event in make.all(CaseEvent) if event.verb is EventVerb.IDENTITY_ERASE]
    assert [(event.subject_id, event.after) for event in erasures] == [(ondine.id, "withdraw")]


def test_the_topic_s_page_is_made_anew(app, ondine, make, clock, sweep):
    topic = make.all(Contribution)[0].topic_id
    with app.app_context():
        before = db.session.get_one(Contribution, make.all(Contribution)[0].id).topic.content_version
    erased(app, ondine, TextsChoice.KEEP, clock, sweep)
    with app.app_context():
        assert db.session.get_one(Topic, topic).content_version > before


def test_nobody_is_erased_before_the_delay_is_over_and_the_mail_cancels_it(app, ondine, make, clock, sweep, client, outbox):
    ask(app, ondine, TextsChoice.WITHDRAW, clock)
    mail = outbox.last()
    assert mail.recipient == EMAIL.rpartition("@")[0] + "@exemple.test"
    (link,) = [word.removeprefix("http://localhost") for word in mail.text.split() if "/compte/effacement/" in word]
    clock.advance(hours=23)
    sweep()
    assert make.identity(EMAIL)

    assert client.send(link).status_code == 303
    clock.advance(hours=2)
    sweep()
    assert make.identity(EMAIL)
    assert make.all(PlannedErasure) == []
    assert [event.verb for event in make.all(CaseEvent)][-2:] == [EventVerb.IDENTITY_ASK_ERASURE, EventVerb.IDENTITY_CANCEL_ERASURE]


def test_the_delay_is_the_configuration_s(app, ondine, make, clock, sweep, periods):
    periods(erasure_hours=72)
    ask(app, ondine, TextsChoice.WITHDRAW, clock)
    assert make.all(PlannedErasure)[0].due_at == clock() + timedelta(hours=72)


def test_asked_twice_it_happens_once_with_the_last_choice(app, ondine, make, clock, outbox):
    for texts in TextsChoice:
        ask(app, ondine, texts, clock)
    assert [planned.texts for planned in make.all(PlannedErasure)] == [TextsChoice.KEEP]
    assert len([mail for mail in outbox.all() if mail.key.startswith("erasure-asked")]) == 1


def test_only_the_person_themselves_may_ask(app, ondine, make, clock):
    somebody = sign_in.actor_of(make.person(roles=tuple(Role)))
    with app.app_context(), unit_of_work(), pytest.raises(NotAllowed):
        erasure.ask(db.session.get_one(Identity, ondine.id), TextsChoice.KEEP, actor=somebody, language="fr", at=clock())


def test_what_waits_to_be_told_to_others_no_longer_names_them(app, ondine, make, clock, sweep):
    told = Message(
        key="told",
        identity_id=None,
        recipient="agent@exemple.test",
        language="fr",
        subject="Ondine Quatremare demande",
        paragraphs=("Une phrase assez longue pour que la ligne du courriel se termine au milieu du nom d’Ondine Quatremare, oui.", EMAIL),
    )
    with app.app_context(), unit_of_work():
        outbox.queue(told, at=clock())
    erased(app, ondine, TextsChoice.KEEP, clock, sweep)
    (mail,) = [mail for mail in make.all(OutgoingMail) if mail.key == "told"]
    assert mail.subject == "compte supprimé demande"
    assert "d’compte supprimé, oui" in mail.text
    assert "uatremare" not in (mail.text + mail.html).lower()


def test_somebody_who_shares_the_beginning_of_a_name_is_left_alone(app, ondine, make, clock, sweep):
    other = make.comment(email="other.quatremares@exemple.test", name="Ondine Quatremares")
    erased(app, ondine, TextsChoice.WITHDRAW, clock, sweep)
    assert make.reload(other).signature.name == "Ondine Quatremares"
    assert make.identity("other.quatremares@exemple.test")


def test_the_same_address_may_come_back_as_somebody_new(app, ondine, make, clock, sweep):
    erased(app, ondine, TextsChoice.KEEP, clock, sweep)
    new = make.comment(email=EMAIL, name=NAME)
    assert new.identity_id != ondine.id
    with app.app_context():
        assert list(db.session.scalars(select(Contribution.id).where(Contribution.identity_id == new.identity_id))) == [new.id]


class TestStaff:
    def test_what_they_decided_stays_without_their_name(self, app, make, clock, sweep):
        make.person(roles=(Role.ADMINISTRATOR,))
        moderator = make.moderator("Zoé Quatremare", "zoe.quatremare@exemple.test")
        make.comment(status=ContributionStatus.REJECTED, moderator=moderator)
        erased(app, moderator.identity, TextsChoice.WITHDRAW, clock, sweep)

        (decision,) = make.all(ModerationDecision)
        assert (decision.moderator_id, bool(decision.facts), decision.action) == (None, True, TextAction.REJECT)

    def test_the_only_administrator_cannot_be_erased(self, app, make, clock, sweep):
        admin = make.person(roles=(Role.ADMINISTRATOR,))
        with pytest.raises(erasure.LastAdministrator):
            ask(app, admin.identity, TextsChoice.WITHDRAW, clock)

    def test_one_who_is_the_only_one_by_then_stays_until_there_is_another(self, app, make, clock, sweep):
        first, second = make.person(roles=(Role.ADMINISTRATOR,)), make.person(roles=(Role.ADMINISTRATOR,))
        for admin in (first, second):
            ask(app, admin.identity, TextsChoice.WITHDRAW, clock)
        clock.advance(hours=25)
        sweep()
        assert [account.id for account in make.all(Account)] == [second.id]
        make.person(roles=(Role.ADMINISTRATOR,))
        clock.advance(hours=2)
        sweep()
        assert second.id not in {account.id for account in make.all(Account)}


class TestHappensOnce:
    def test_two_job_processes_at_once_erase_one_person_once(self, app, ondine, make, clock, monkeypatch):
        monkeypatch.setattr(jobs, "_now", clock)
        ask(app, ondine, TextsChoice.KEEP, clock)
        clock.advance(hours=25)
        processes = [threading.Thread(target=jobs.JobQueue(app).sweep) for _ in range(3)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [event.verb for event in make.all(CaseEvent)].count(EventVerb.IDENTITY_ERASE) == 1

    def test_a_process_that_dies_in_the_middle_leaves_everything_and_the_next_does_it(
        self, app, ondine, make, clock, sweep, monkeypatch, stored
    ):
        ask(app, ondine, TextsChoice.WITHDRAW, clock)
        clock.advance(hours=25)
        texts = [version.body for version in make.all(TextVersion)]
        with monkeypatch.context() as broken:
            broken.setattr(erasure, "job_runs", SimpleNamespace(plan=lambda *_args, **_named: 1 / 0))
            sweep()
        assert make.identity(EMAIL)
        assert [version.body for version in make.all(TextVersion)] == texts
        sweep()
        assert make.identity(EMAIL) is None
        assert left_in(stored(), TRACES) == []

    def test_one_that_fails_does_not_hold_up_the_others(self, app, ondine, make, clock, sweep, monkeypatch):
        other = make.comment(email="autre@exemple.test")
        for identity in (ondine, other.identity):
            ask(app, identity, TextsChoice.KEEP, clock)
        clock.advance(hours=25)
        original = erasure.erase
        with monkeypatch.context() as broken:
            broken.setattr(
                erasure, "erase", lambda identity, *args, **named: 1 / 0 if identity.id == ondine.id else original(identity, *args, **named)
            )
            sweep()
        assert make.identity("autre@exemple.test") is None
        assert make.identity(EMAIL)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_alone_would_leave_copies_behind(app, ondine, make, clock, sweep, monkeypatch, stored):
    """Why ``scrub`` is there: without it the write-ahead log still holds what was deleted."""
    monkeypatch.setattr(jobs, "scrub", lambda: False)
    erased(app, ondine, TextsChoice.WITHDRAW, clock, sweep)
    assert make.identity(EMAIL) is None
    assert left_in(stored(), TRACES) != []
    monkeypatch.undo()
    monkeypatch.setattr(jobs, "_now", clock)
    clock.advance(minutes=11)
    sweep()
    assert left_in(stored(), TRACES) == [], "the next sweep does what was left"


def test_an_unconfirmed_stranger_is_erased_as_well(app, make, clock, sweep):
    unconfirmed = make.comment(email="inconnue@exemple.test", status=ContributionStatus.AWAITING_CONFIRMATION)
    erased(app, unconfirmed.identity, TextsChoice.KEEP, clock, sweep)
    assert make.identity("inconnue@exemple.test") is None
    assert make.all(TextVersion)[-1].body == ""
