"""What was in a backup comes back, and what happened since does no harm."""

from __future__ import annotations

import importlib
import stat

from sqlalchemy import text

from feedback_app import jobs
from feedback_app.database import db, unit_of_work
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.mail import outbox as mails
from feedback_app.models import AccountSession, CitizenRequest, MailStatus, PlannedErasure, PublicVersion, SearchText, SignInLink
from feedback_app.services.backup.aftermath import GAP
from tests.cli.backup.results import bodies, restored

command = importlib.import_module("feedback_app.cli.backup")
EMAIL = "ondine@exemple.test"


def test_what_was_in_the_backup_comes_back_and_what_came_after_is_gone(flask, make, taken):
    kept = make.comment()
    path = taken()
    make.comment()
    restored(flask, path)
    assert bodies(make) == [kept.id]


def test_a_backup_is_for_its_owner_only_and_one_complete_file(flask, make, taken):
    make.comment()
    path = taken()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [other.name for other in path.parent.iterdir() if other.is_file()] == [path.name]


def test_a_backup_says_how_far_it_is(app, make, tmp_path):
    make.comment()
    seen: list[tuple[int, int | None]] = []
    with app.app_context():
        command.KINDS[db.engine.dialect.name].back_up(db.engine, tmp_path / "b", lambda done, total: seen.append((done, total)))
    assert seen
    assert seen[-1][0] == (seen[-1][1] or (tmp_path / "b").stat().st_size) > 0


def test_a_number_given_since_the_backup_is_not_given_again(flask, make, taken):
    """The private page is found by it: an old link must not open the text of somebody else."""
    make.comment()
    path = taken()
    lost = make.comment()
    private = make.private_path(lost)
    restored(flask, path)
    assert make.comment().id == lost.id + 1
    assert make.app.test_client().get(private).status_code == 404


def test_a_reference_given_since_the_backup_is_not_given_again(flask, make, taken):
    path = taken()
    lost = make.request()
    restored(flask, path)
    found = {row.reference for row in make.all(CitizenRequest)}
    assert found == set()
    again = make.request()
    assert again.reference != lost.reference


def test_without_the_database_before_a_gap_keeps_numbers_apart(flask, make, taken, database, app):
    make.comment()
    path = taken()
    last = make.comment()
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE planned_erasure"))  # it cannot be read as ours any more
    assert "ne dit rien" in restored(flask, path)
    assert make.comment().id > last.id + GAP // 2


def test_sessions_end_and_links_that_sign_in_go(flask, make, taken, sign_in):
    account = make.moderator()
    browser = sign_in(account)
    link = make.sign_in_path(account)
    path = taken()
    restored(flask, path)
    assert browser.get("/moderation/").status_code == 302
    assert make.all(SignInLink) == []
    assert all(session.ended_at for session in make.all(AccountSession))
    assert make.app.test_client().get(link).status_code in {404, 410}


def test_pages_kept_by_a_cache_are_not_taken_for_the_restored_ones(flask, make, taken):
    make.comment(status=ContributionStatus.PUBLISHED)
    path = taken()
    seen = {row.everywhere for row in make.all(PublicVersion)}
    make.comment(status=ContributionStatus.PUBLISHED)
    seen |= {row.everywhere for row in make.all(PublicVersion)}
    restored(flask, path)
    (row,) = make.all(PublicVersion)
    assert row.everywhere not in seen


def test_a_mail_that_left_since_the_backup_does_not_leave_again(flask, make, taken, app, clock):
    make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)
    path = taken()
    (mail,) = make.mails()
    with app.app_context():
        mails._mark_sent(mails._Claim(mail.id, 0, None), at=clock())
    assert "1 courriel(s)" in restored(flask, path)
    assert [(mail.status, mail.text) for mail in make.mails()] == [(MailStatus.SENT, "")]


def test_a_mail_that_had_not_left_is_still_owed(flask, make, taken):
    make.comment(status=ContributionStatus.AWAITING_CONFIRMATION)
    path = taken()
    restored(flask, path)
    assert [mail.status for mail in make.mails()] == [MailStatus.WAITING]


def test_who_was_erased_since_the_backup_is_erased_again(flask, make, taken, app, clock, monkeypatch):
    make.comment(email=EMAIL, status=ContributionStatus.PUBLISHED)
    path = taken()
    make.erased(make.identity(EMAIL))
    assert "1 effacement(s)" in restored(flask, path)
    assert make.identity(EMAIL) is not None
    monkeypatch.setattr(jobs, "_now", clock)
    jobs.queue_of(app).sweep()
    assert make.identity(EMAIL) is None


def test_an_erasure_asked_for_since_is_still_planned_and_one_cancelled_since_is_not(flask, make, taken, app):
    asks, cancels = (make.comment(email=f"{name}@exemple.test", status=ContributionStatus.PUBLISHED) for name in ("a", "b"))
    accounts = {name: make.person(email=f"{name}@exemple.test") for name in ("a", "b")}
    link = make.erasure_path(accounts["b"])
    path = taken()
    make.erasure_path(accounts["a"])
    browser = app.test_client()
    browser.get(link)
    with app.app_context(), unit_of_work():
        db.session.execute(text("DELETE FROM planned_erasure WHERE identity_id = :id"), {"id": cancels.identity_id})
    restored(flask, path)
    assert [row.identity_id for row in make.all(PlannedErasure)] == [asks.identity_id]


def test_another_site_s_erasures_are_nobody_s_here(flask, make, taken, app, database):
    """Numbers mean other people there: only a database with the same first event knows about this backup."""
    make.comment(email=EMAIL, status=ContributionStatus.PUBLISHED)
    path = taken()
    database.reset(app)
    make.clock.advance(hours=1)
    make.comment(email="autre@exemple.test", status=ContributionStatus.PUBLISHED)
    make.erased(make.identity("autre@exemple.test"))
    assert "ne dit rien" in restored(flask, path)
    assert make.all(PlannedErasure) == []
    assert make.identity(EMAIL) is not None


def test_the_index_of_words_is_that_of_the_restored_texts(flask, make, taken, app):
    make.request(body="Pourquoi la passerelle des saules est-elle fermée depuis le printemps ?")
    path = taken()
    with app.app_context(), unit_of_work():
        db.session.execute(text("DELETE FROM search_text"))
    restored(flask, path)
    assert len(make.all(SearchText)) == 1
