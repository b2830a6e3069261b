"""What is forgotten in time, by the periods of the configuration, once a day, whatever happens to the process that does it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from feedback_app import jobs
from feedback_app.database import db, unit_of_work
from feedback_app.domain.commitment import PlanUploadStatus
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import Role
from feedback_app.domain.trace import AccessAction, ActorKind, EventVerb
from feedback_app.mail import outbox as mails
from feedback_app.mail.message import Message
from feedback_app.models import (
    AccessLog,
    AccountSession,
    CaseEvent,
    Contribution,
    JobRun,
    MailStatus,
    OutgoingMail,
    PersonalExport,
    SignInLink,
    TextVersion,
)
from feedback_app.services import access_log, job_runs, sign_in
from feedback_app.services.privacy import purge

EMAIL = "ondine@exemple.test"


@pytest.fixture
def forget(app: Flask, clock):
    """``forget()``: the purge, now; what each step dealt with, without those that had nothing to do."""

    def run() -> dict[str, int]:
        with app.app_context():
            return {name: count for name, count in jobs.purge_now(clock=clock).items() if count}

    return run


class TestUnconfirmedTexts:
    def test_they_go_after_a_week_with_the_address_that_nothing_else_belongs_to(self, make, clock, forget):
        make.comment(email=EMAIL, status=ContributionStatus.AWAITING_CONFIRMATION)
        clock.advance(days=6, hours=23)
        assert forget() == {}
        clock.advance(hours=1)
        assert forget() == {"unconfirmed_texts": 1, "unconfirmed_addresses": 1}
        assert make.all(Contribution) == make.all(TextVersion) == []
        assert make.identity(EMAIL) is None
        assert [mail for mail in make.all(OutgoingMail) if mail.recipient == EMAIL] == []

    def test_one_withdrawn_before_it_was_confirmed_goes_too(self, make, clock, forget):
        make.comment(status=ContributionStatus.WITHDRAWN)
        clock.advance(days=7)
        assert forget()["unconfirmed_texts"] == 1

    def test_the_confirmed_ones_and_their_author_stay(self, make, clock, forget):
        for status in (ContributionStatus.PENDING, ContributionStatus.PUBLISHED, ContributionStatus.REJECTED):
            make.comment(email=EMAIL, status=status)
        make.comment(email=EMAIL, status=ContributionStatus.AWAITING_CONFIRMATION)
        clock.advance(days=8)
        assert forget()["unconfirmed_texts"] == 1
        assert len(make.all(Contribution)) == 3
        assert make.identity(EMAIL)

    def test_staff_who_never_signed_in_yet_stay(self, make, clock, forget):
        make.person(email=EMAIL, roles=(Role.MODERATOR,))
        clock.advance(days=8)
        forget()
        assert make.identity(EMAIL)

    def test_the_period_is_the_configuration_s(self, make, clock, forget, periods):
        periods(unconfirmed_days=2)
        make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)
        clock.advance(days=2)
        assert forget()["unconfirmed_texts"] == 1


def owe(app: Flask, clock, status: MailStatus) -> None:
    message = Message(key=status, identity_id=None, recipient="x@exemple.test", language="fr", subject="Sujet", paragraphs=("Bonjour",))
    with app.app_context(), unit_of_work():
        mail = mails.queue(message, at=clock())
        assert mail
        mail.status, mail.sent_at = status, clock() if status is MailStatus.SENT else None


def test_a_mail_that_left_is_emptied_and_its_key_kept(app, make, clock, forget):
    for status in MailStatus:
        owe(app, clock, status)
    clock.advance(days=29)
    assert forget() == {}
    clock.advance(days=1)
    assert forget() == {"mails": 2}
    kept = {mail.key: (mail.recipient, mail.subject, mail.text) for mail in make.all(OutgoingMail)}
    assert kept["sent"] == kept["failed"] == ("", "", "")
    assert kept["waiting"][:2] == ("x@exemple.test", "Sujet")
    assert forget() == {}, "once"


def test_an_emptied_dead_letter_is_not_revived(app, clock, forget):
    owe(app, clock, MailStatus.FAILED)
    clock.advance(days=30)
    forget()
    with app.app_context(), unit_of_work():
        assert mails.retry(None, at=clock()) == 0
        assert list(mails.status().dead_letters) == []


def test_the_access_log_is_kept_for_a_year(app, make, clock, forget):
    with app.app_context(), unit_of_work():
        access_log.record(AccessAction.SIGN_OUT, at=clock())
    clock.advance(days=364)
    assert forget() == {}
    clock.advance(days=1)
    assert forget() == {"access_log": 1}
    assert make.all(AccessLog) == []


def test_links_sessions_and_copies_go_when_they_open_nothing_any_more(app, make, clock, forget):
    staff = make.moderator(email=EMAIL)
    make.session(staff)
    make.export_path(staff)
    with app.app_context(), unit_of_work():
        sign_in.ask_link(EMAIL, language="fr", at=clock())
    clock.advance(hours=11)
    assert forget() == {}
    clock.advance(hours=13)
    assert forget() == {"sign_in_links": 1, "sessions": 1, "exports": 1}
    assert make.all(SignInLink) == make.all(AccountSession) == make.all(PersonalExport) == []


class TestUnusedAccounts:
    def test_a_person_who_no_longer_comes_is_warned_then_erased_and_their_texts_stay(self, make, clock, forget, outbox):
        text = make.comment(email=EMAIL, name="Ondine")
        clock.advance(days=730 - 30 - 1)
        assert "unused_warnings" not in forget()
        clock.advance(days=1)
        assert forget()["unused_warnings"] == 1
        assert (outbox.last().recipient, outbox.last().subject) == (EMAIL, "Votre espace sera bientôt effacé")
        assert "1 mars 2028" in outbox.last().text or "2028" in outbox.last().text
        clock.advance(days=29)
        assert "unused_accounts" not in forget()
        clock.advance(days=1)
        assert forget()["unused_accounts"] == 1
        assert make.identity(EMAIL) is None
        kept = make.reload(text)
        assert (kept.status, kept.identity_id, kept.signature) == (ContributionStatus.PUBLISHED, None, None)

    @pytest.mark.parametrize("sign", ["signs in", "writes"])
    def test_whoever_gives_a_sign_of_life_after_the_warning_stays(self, make, clock, forget, sign):
        make.comment(email=EMAIL)
        clock.advance(days=700)
        assert forget()["unused_warnings"] == 1
        clock.advance(days=15)
        if sign == "signs in":
            make.session(make.person(email=EMAIL))
        else:
            make.comment(email=EMAIL)
        clock.advance(days=20)
        assert "unused_accounts" not in forget()
        assert make.identity(EMAIL)
        clock.advance(days=700)
        assert forget()["unused_warnings"] == 1, "two years later a new warning"
        clock.advance(days=30)
        assert forget()["unused_accounts"] == 1

    def test_nobody_is_erased_without_a_warning_however_long_ago_they_came(self, make, clock, forget):
        make.comment(email=EMAIL)
        clock.advance(days=2000)
        assert forget()["unused_warnings"] == 1
        assert make.identity(EMAIL)

    def test_staff_keep_their_account_while_they_hold_rights(self, make, clock, forget):
        for account in (make.moderator(email=EMAIL), make.person(email="contact@exemple.test", ministry=make.ministry())):
            make.session(account)
        clock.advance(days=1000)
        assert "unused_warnings" not in forget()

    def test_a_decision_of_moderators_on_their_text_counts_as_use(self, make, clock, forget):
        waiting = make.comment(email=EMAIL, status=ContributionStatus.PENDING)
        clock.advance(days=600)
        make.correction(waiting, "Le même texte, en mieux écrit.")
        clock.advance(days=120)
        assert "unused_warnings" not in forget()


class TestOnceADay:
    @pytest.fixture
    def night(self, app, clock):
        def run() -> bool:
            with app.app_context():
                return jobs.purge_of_the_day(clock=clock)

        return run

    def test_it_is_done_once_whatever_the_number_of_sweeps(self, make, clock, night):
        assert [night(), night()] == [True, False]
        assert [run.key for run in make.all(JobRun)] == ["purge:2026-03-02"]
        clock.now = clock.now.replace(hour=23)
        assert night() is False
        clock.advance(hours=2)
        assert night() is False, "one in the morning still belongs to the day before"
        clock.advance(hours=2)
        assert night() is True

    def test_a_process_that_dies_in_the_middle_is_replaced(self, make, clock, night, monkeypatch):
        for number in range(3):
            make.comment(email=f"{number}@exemple.test", status=ContributionStatus.AWAITING_CONFIRMATION)
        clock.advance(days=8)
        with monkeypatch.context() as dying:
            addresses = next(step for step in purge.STEPS if step.name == "unconfirmed_addresses")
            broken = purge.Step("broken", addresses.found, lambda _ids, _at: 1 / 0)
            dying.setattr(purge, "STEPS", (purge.STEPS[0], broken))
            with pytest.raises(ZeroDivisionError):
                night()
        assert make.all(Contribution) == [], "what was done stays done"
        assert night() is False, "for ten minutes the work is still in the other's hands"
        clock.advance(minutes=10)
        assert night() is True
        assert make.identity("0@exemple.test") is None

    def test_batches_are_small_transactions_and_everything_is_dealt_with(self, app, make, clock, forget, monkeypatch):
        topic = make.commitment().topic
        for number in range(7):
            make.comment(topic=topic, email=f"{number}@exemple.test", status=ContributionStatus.AWAITING_CONFIRMATION)
        clock.advance(days=8)
        sizes = []
        small = [purge.Step(step.name, step.found, step.forget, 3) for step in purge.STEPS]
        monkeypatch.setattr(purge, "STEPS", small)
        with app.app_context():
            jobs.purge_now(
                clock=clock, progress=lambda now: sizes.append((now.done, now.total)) if now.step == "unconfirmed_texts" else None
            )
        assert sizes == [(0, 7), (3, 7), (6, 7), (7, 7)]

    def test_what_was_forgotten_cannot_be_found_in_the_file(self, make, clock, sweep, stored):
        make.comment(body="La phrase oubliée parle du sorbier.", email=EMAIL, status=ContributionStatus.AWAITING_CONFIRMATION)
        clock.advance(days=8)
        assert b"sorbier" in stored()
        sweep()
        assert b"sorbier" not in stored()
        assert EMAIL.encode() not in stored()

    def test_old_work_is_forgotten_once_it_is_done(self, app, make, clock, night):
        with app.app_context(), unit_of_work():
            job_runs.plan("never-done", at=clock())
        night()
        clock.advance(days=29)
        night()
        assert {run.key for run in make.all(JobRun)} == {"never-done", "purge:2026-03-02", "purge:2026-03-31"}
        clock.advance(days=2)
        night()
        assert {run.key for run in make.all(JobRun)} >= {"never-done", "purge:2026-03-31", "purge:2026-04-02"}
        assert "purge:2026-03-02" not in {run.key for run in make.all(JobRun)}


class TestPlanFiles:
    """A file that an administrator sent and that nobody applied."""

    def test_one_is_given_up_a_month_after_it_was_last_compared(self, make, clock, forget):
        make.imported_plan()
        upload = make.plan_upload()
        clock.advance(days=29)
        assert "plan_files" not in forget()
        assert make.reload(upload).content
        clock.advance(days=1)
        assert forget()["plan_files"] == 1
        upload = make.reload(upload)
        assert (upload.status, upload.content, upload.differences) == (PlanUploadStatus.DISCARDED, None, {})
        assert upload.done_at == clock()
        event = next(event for event in make.all(CaseEvent) if event.verb is EventVerb.PLAN_DISCARD)
        assert (event.subject_id, event.actor_kind, event.actor_id) == (upload.id, ActorKind.SYSTEM, None)
        assert "plan_files" not in forget(), "once"

    def test_what_was_applied_stays_to_be_read(self, make, clock, forget):
        make.imported_plan()
        upload = make.plan_upload(applied=True)
        clock.advance(days=400)
        forget()
        upload = make.reload(upload)
        assert (upload.status, bool(upload.differences)) == (PlanUploadStatus.APPLIED, True)


def test_counting_changes_nothing(app, make, clock):
    make.comment(email=EMAIL, status=ContributionStatus.AWAITING_CONFIRMATION)
    clock.advance(days=8)
    with app.app_context():
        counts = {step.name: step.count(clock()) for step in purge.STEPS}
        db.session.rollback()
    assert counts["unconfirmed_texts"] == 1
    assert len(make.all(Contribution)) == 1


def test_an_erasure_for_lack_of_use_is_on_the_record(make, clock, forget):
    identity_id = make.comment(email=EMAIL).identity_id
    clock.advance(days=700)
    forget()
    clock.advance(days=30)
    forget()
    erased = [event for event in make.all(CaseEvent) if event.verb is EventVerb.IDENTITY_ERASE]
    assert [(event.subject_id, event.actor_kind.value, event.after) for event in erased] == [(identity_id, "system", "keep")]
    assert timedelta(0) == erased[0].at - clock()
