"""Delivery against a real mail server: at least once, one broken mail never blocks the others, an absent server stops the round."""

from __future__ import annotations

import logging
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from feedback_app.database import db, unit_of_work
from feedback_app.mail import outbox, transport
from feedback_app.models import MailStatus, OutgoingMail
from tests.mail.conftest import AT, a_message
from tests.servers.smtp import HOST, REFUSED, TRY_LATER, AfterData, SmtpServer, absent

MINUTE = timedelta(minutes=1)


def test_a_due_mail_leaves_and_is_marked_sent(owe, rows, server, deliver, clock):
    owe("k", recipient="claire@example.org")
    clock.advance(minutes=3)
    assert deliver() == outbox.DeliveryReport(sent=1)
    [arrived] = server.mails
    mail = rows()["k"]
    assert arrived.recipients == ("claire@example.org",)
    assert arrived.message["Message-ID"] == mail.message_id
    assert (mail.status, mail.attempts, mail.sent_at, mail.last_error) == (MailStatus.SENT, 1, AT + 3 * MINUTE, None)


def test_what_a_sent_mail_said_is_no_longer_kept(owe, rows, server, deliver):
    owe("k")
    deliver()
    [arrived], mail = server.mails, rows()["k"]
    assert arrived.message["Subject"] == mail.subject
    assert (mail.text, mail.html) == ("", "")


def test_a_sent_mail_is_not_sent_again(owe, server, deliver, clock):
    owe("k")
    deliver()
    clock.advance(days=9)
    assert deliver() == outbox.DeliveryReport()
    assert len(server.mails) == 1


def test_mails_leave_in_the_order_in_which_they_came_due_and_up_to_the_limit(owe, server, deliver):
    for minutes, key in ((3, "a"), (1, "b"), (2, "c")):
        owe(key, at=AT - minutes * MINUTE)
    assert deliver(limit=2).sent == 2
    assert [mail.recipients[0] for mail in server.mails] == ["a@example.org", "c@example.org"]


def test_progress_is_told_after_each_mail(owe, server, deliver):
    owe("a")
    owe("b")
    told = []
    deliver(progress=told.append)
    assert [report.sent for report in told] == [1, 2]


def test_a_round_asked_to_stop_finishes_the_mail_in_hand_only(owe, server, deliver):
    for key in ("a", "b", "c"):
        owe(key)
    assert deliver(keep_going=lambda: len(server.mails) < 2).sent == 2


def test_an_address_refused_for_ever_is_given_up_at_once_and_the_others_leave(owe, rows, server, deliver, caplog):
    server.refuse("gone@example.org", f"{REFUSED} <gone@example.org>")
    for key in ("a", "gone", "b"):
        owe(key)
    assert deliver() == outbox.DeliveryReport(sent=2, failed=1)
    dead = rows()["gone"]
    assert (dead.status, dead.attempts) == (MailStatus.FAILED, 1)
    assert dead.last_error == "550 5.1.1 No such mailbox <(address)>"
    assert "gone@example.org" not in caplog.text


def test_an_address_refused_for_now_is_tried_again(owe, rows, server, deliver, clock):
    server.refuse("later@example.org", TRY_LATER)
    owe("later")
    owe("b")
    assert deliver() == outbox.DeliveryReport(sent=1, retried=1)
    waiting = rows()["later"]
    assert (waiting.status, waiting.attempts, waiting.due_at) == (MailStatus.WAITING, 1, AT + MINUTE)
    assert waiting.last_error == TRY_LATER
    server.accept("later@example.org")
    clock.advance(minutes=1)
    assert deliver().sent == 1
    assert rows()["later"].last_error is None


def test_an_absent_server_costs_one_attempt_of_one_mail(owe, rows, deliver, mail_to):
    for key in ("a", "b", "c"):
        owe(key)
    with absent() as port:
        mail_to(port)
        report = deliver()
    assert (report.sent, report.retried, report.failed) == (0, 1, 0)
    assert "ConnectionRefusedError" in (report.stopped or "")
    assert [mail.attempts for mail in rows().values()] == [1, 0, 0]


def test_a_server_that_never_says_a_word_stops_the_round_after_one_timeout(owe, rows, deliver, mail_to):
    for key in ("a", "b", "c", "d", "e"):
        owe(key)
    with socket.create_server((HOST, 0)) as mute:
        mail_to(mute.getsockname()[1], timeout=0.5)
        started = time.monotonic()
        report = deliver()
        elapsed = time.monotonic() - started
    assert (report.retried, sum(mail.attempts for mail in rows().values())) == (1, 1)
    assert elapsed < 2.4  # five mails would take 2.5 s or more
    assert rows()["a"].status is MailStatus.WAITING


@pytest.mark.parametrize("after_data", [AfterData.SILENT, AfterData.HANG_UP])
def test_a_server_that_takes_mails_without_a_word_is_left_alone_after_two(owe, rows, deliver, mail_to, after_data):
    for key in ("a", "b", "c", "d"):
        owe(key)
    with SmtpServer(after_data=after_data) as server:
        mail_to(server, timeout=0.5)
        report = deliver()
        assert (report.sent, report.retried, len(server.mails)) == (0, 2, 2)
        assert report.stopped
        server.after_data = AfterData.ACCEPT
        assert deliver().sent == 2, "the others were not blocked"
    assert rows()["a"].last_error.startswith("SMTPServerDisconnected")


def test_a_conversation_lost_now_and_then_does_not_stop_the_round(owe, deliver, mail_to):
    for key in ("a", "b", "c", "d"):
        owe(key)
    with SmtpServer(after_data=AfterData.HANG_UP) as server:
        mail_to(server)

        def change_its_mind(_report: object) -> None:
            server.after_data = AfterData.ACCEPT if server.after_data is AfterData.HANG_UP else AfterData.HANG_UP

        assert deliver(progress=change_its_mind) == outbox.DeliveryReport(sent=2, retried=2)


def test_a_mail_that_cannot_be_written_does_not_block_the_others(owe, rows, server, deliver, monkeypatch):
    owe("a")
    owe("b")
    compose = transport.Connection._compose

    def broken(self, envelope):
        if envelope.recipient == "a@example.org":
            raise UnicodeEncodeError("utf-8", "secret text", 0, 1, "surrogates not allowed")
        return compose(self, envelope)

    monkeypatch.setattr(transport.Connection, "_compose", broken)
    assert deliver() == outbox.DeliveryReport(sent=1, retried=1)
    assert rows()["a"].last_error == "UnicodeEncodeError"


def test_the_back_off_grows_from_a_minute_to_twelve_hours_then_the_mail_is_dead(owe, rows, server, deliver, clock):
    server.refuse(reply=TRY_LATER)
    owe("k")
    waits = []
    while rows()["k"].status is MailStatus.WAITING:
        tried_at = clock.now
        report = deliver()
        if report.retried:
            waits.append(int((rows()["k"].due_at - tried_at) / MINUTE))
            clock.now = rows()["k"].due_at - timedelta(seconds=1)
            assert deliver().tried == 0, "not before its time"
            clock.now = rows()["k"].due_at
    assert waits == [1, 2, 5, 10, 30, 60, 120, 240, 480, 720, 720]
    assert report == outbox.DeliveryReport(failed=1)
    assert timedelta(days=1) < clock.now - AT < timedelta(days=2)
    assert rows()["k"].last_error == TRY_LATER


def test_a_mail_whose_sender_died_comes_back_under_the_same_message_id(owe, rows, server, deliver, clock, monkeypatch):
    owe("k")

    def killed(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "_mark_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver()
    assert deliver().tried == 0, "for two minutes it may still be in good hands"
    clock.advance(minutes=2)
    assert deliver().sent == 1
    first, second = server.mails
    assert first.message["Message-ID"] == second.message["Message-ID"] == rows()["k"].message_id


def test_a_mail_that_kills_its_sender_each_time_is_given_up(owe, rows, server, deliver, clock, monkeypatch):
    owe("k")
    owe("b", at=AT + timedelta(days=1))

    def killed(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(transport.Connection, "deliver", killed)
        for _attempt in range(outbox.MAX_ATTEMPTS):
            with pytest.raises(KeyboardInterrupt):
                deliver()
            clock.advance(minutes=2)
    clock.advance(days=1)
    assert deliver() == outbox.DeliveryReport(sent=1, failed=1)
    assert rows()["k"].last_error == "interrupted at each attempt"


def test_the_lease_outlives_the_longest_conversation(owe, rows, server, deliver, mail_to, monkeypatch):
    owe("k")
    mail_to(server, timeout=60.0)
    monkeypatch.setattr(outbox, "_mark_sent", lambda *_args, **_options: None)
    deliver()
    assert rows()["k"].due_at == AT + timedelta(minutes=12)


def test_a_late_failure_does_not_undo_what_another_process_did(owe, rows, deliver, mail_to, server, monkeypatch):
    """A process that woke up after its lease must not touch a mail that somebody else has sent meanwhile."""
    owe("k")

    def slow(self, envelope):
        with unit_of_work():
            db.session.execute(update(OutgoingMail).values(status=MailStatus.SENT, attempts=2))
        raise transport.ConversationLost("timed out")

    monkeypatch.setattr(transport.Connection, "deliver", slow)
    deliver()
    assert (rows()["k"].status, rows()["k"].last_error) == (MailStatus.SENT, None)


def test_a_mail_erased_while_it_leaves_stays_erased(owe, rows, server, deliver, monkeypatch):
    owe("k")
    send = transport.Connection.deliver

    def erased_meanwhile(self, envelope):
        send(self, envelope)
        with unit_of_work():
            db.session.delete(db.session.scalars(select(OutgoingMail)).one())

    monkeypatch.setattr(transport.Connection, "deliver", erased_meanwhile)
    assert deliver().sent == 1
    assert rows() == {}


def test_two_deliverers_at_once_send_each_mail_once(app, owe, rows, server, clock):
    keys = [f"k{number}" for number in range(20)]
    for key in keys:
        owe(key)
    start = threading.Barrier(2)

    def work() -> outbox.DeliveryReport:
        with app.app_context():
            start.wait(10)
            return outbox.deliver_due(clock=clock)

    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(work) for _ in range(2)]
    reports = [one.result() for one in both]
    assert sorted(mail.recipients[0] for mail in server.mails) == sorted(f"{key}@example.org" for key in keys)
    assert sum(report.sent for report in reports) == 20
    assert {mail.status for mail in rows().values()} == {MailStatus.SENT}


def test_a_mail_locked_by_another_process_is_passed_over_not_waited_for(app, owe, server, clock):
    owe("a")
    owe("b")

    def work() -> None:
        with app.app_context():
            outbox.deliver_due(clock=clock)

    with ThreadPoolExecutor(1) as thread, db.engine.connect() as other:
        other.execute(select(OutgoingMail.id).where(OutgoingMail.key == "a").with_for_update())
        thread.submit(work).result(timeout=20)
    lockable = db.engine.dialect.name == "postgresql"  # SQLite knows no lock on a row: there, whoever claims is alone
    assert [mail.recipients[0] for mail in server.mails] == (["b@example.org"] if lockable else ["a@example.org", "b@example.org"])


def test_no_transaction_is_open_while_the_server_is_spoken_to(owe, deliver, server, monkeypatch):
    owe("k")
    open_ = []
    monkeypatch.setattr(transport.Connection, "deliver", lambda *_args: open_.append(db.session().in_transaction()))
    deliver()
    assert open_ == [False]


def test_inside_a_transaction_a_delivery_is_refused(owe, context, server, clock):
    owe("k")
    with unit_of_work():
        outbox.queue(a_message("b"), at=AT)
        with pytest.raises(RuntimeError, match="inside a transaction"):
            outbox.deliver_due(clock=clock)
    assert server.mails == []


def test_the_demo_marks_mails_as_sent_and_nothing_leaves(owe, rows, deliver, settings):
    settings(demo=True)
    owe("k")
    assert deliver() == outbox.DeliveryReport(sent=1)
    assert rows()["k"].status is MailStatus.SENT


def test_without_a_mail_server_mails_wait_and_one_log_line_says_so(owe, rows, deliver, caplog):
    owe("k")
    with caplog.at_level(logging.WARNING):
        assert [deliver().stopped for _ in range(3)] == ["MAIL_SERVER is not set"] * 3
    assert [record.getMessage() for record in caplog.records] == ["MAIL_SERVER is not set: mails wait in the outbox"]
    assert (rows()["k"].status, rows()["k"].attempts) == (MailStatus.WAITING, 0)
