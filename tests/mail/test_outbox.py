"""A mail is owed once, with the transaction that owes it, and operators see what became of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from feedback_app.database import db, unit_of_work
from feedback_app.mail import outbox
from feedback_app.models import MailStatus, OutgoingMail
from tests.mail.conftest import AT, a_message


def test_a_queued_mail_waits_rendered_and_due_now(owe, rows):
    owe("k", subject="Votre texte est publié", recipient="claire@example.org")
    mail = rows()["k"]
    assert (mail.status, mail.attempts, mail.due_at, mail.created_at) == (MailStatus.WAITING, 0, AT, AT)
    assert (mail.recipient, mail.subject, mail.language) == ("claire@example.org", "Votre texte est publié", "fr")
    assert "Voici ce qui se passe ensuite." in mail.text
    assert "Voici ce qui se passe ensuite." in mail.html


def test_the_message_id_names_our_host_and_is_never_the_same(owe, rows):
    owe("a")
    owe("b")
    ids = [mail.message_id for mail in rows().values()]
    assert all(i.startswith("<") and i.endswith("@localhost>") for i in ids)
    assert len(set(ids)) == 2


def test_the_same_reason_owes_one_mail(context, rows):
    with unit_of_work():
        first = outbox.queue(a_message("k", subject="le premier"), at=AT)
        second = outbox.queue(a_message("k", subject="le second"), at=AT)
    with unit_of_work():
        third = outbox.queue(a_message("k", subject="le troisième"), at=AT)
    assert first is not None
    assert (second, third) == (None, None)
    assert [mail.subject for mail in rows().values()] == ["le premier"]


def test_the_same_reason_at_the_same_time_owes_one_mail(app, context, rows):
    keys = [f"k{number}" for number in range(20)]
    start = threading.Barrier(2)

    def work() -> list[bool]:
        def queue(key: str) -> bool:
            with unit_of_work():
                return outbox.queue(a_message(key), at=AT) is not None

        with app.app_context():
            start.wait(10)
            return [queue(key) for key in keys]

    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(work) for _ in range(2)]
    queued = both[0].result() + both[1].result()
    assert sorted(queued) == [False] * 20 + [True] * 20
    assert sorted(rows()) == sorted(keys)


def test_a_transaction_that_is_rolled_back_owes_nothing(context, rows):
    def fail_after_queueing() -> None:
        with unit_of_work():
            outbox.queue(a_message("k"), at=AT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_queueing()
    assert rows() == {}


def test_a_mail_for_later_is_not_sent_before(context, rows, server, deliver, clock):
    with unit_of_work():
        outbox.queue(a_message("k"), at=AT, not_before=AT + timedelta(seconds=60))
    clock.advance(seconds=59)
    assert deliver().sent == 0
    clock.advance(seconds=1)
    assert deliver().sent == 1


def test_a_queued_mail_asks_for_a_delivery_and_a_repeated_one_does_not(context):
    with unit_of_work():
        outbox.queue(a_message("k"), at=AT)
        assert db.session.info.pop(outbox.QUEUED) is True
        outbox.queue(a_message("k"), at=AT)
        assert outbox.QUEUED not in db.session.info


def test_the_status_counts_and_lists_the_dead_letters(owe, context):
    for key in ("a", "b", "c"):
        owe(key, at=AT + timedelta(hours=len(key)))
    with unit_of_work():
        dead = db.session.scalars(select(OutgoingMail).where(OutgoingMail.key == "b")).one()
        dead.status, dead.attempts, dead.last_error = MailStatus.FAILED, 12, "550 no"
    state = outbox.status()
    assert state.counts == {MailStatus.WAITING: 2, MailStatus.SENT: 0, MailStatus.FAILED: 1}
    assert state.oldest_waiting == AT + timedelta(hours=1)
    assert [(mail.key, mail.last_error) for mail in state.dead_letters] == [("b", "550 no")]


def test_an_empty_outbox_has_a_status_too(context):
    with unit_of_work():
        db.session.execute(delete(OutgoingMail))
    state = outbox.status()
    assert (sum(state.counts.values()), state.oldest_waiting, list(state.dead_letters)) == (0, None, [])


def test_recent_mails_come_newest_first(owe, context):
    for key in ("a", "b", "c"):
        owe(key)
    assert [mail.key for mail in outbox.recent(2)] == ["c", "b"]


def bury(*keys: str) -> dict[str, int]:
    with unit_of_work():
        found = {mail.key: mail for mail in db.session.scalars(select(OutgoingMail))}
        for key in keys:
            found[key].status, found[key].attempts, found[key].last_error = MailStatus.FAILED, 12, "550 no"
        return {key: mail.id for key, mail in found.items()}


def test_dead_letters_are_tried_again_from_the_start(owe, context, rows):
    for key in ("a", "b", "c"):
        owe(key)
    ids = bury("a", "b")
    with unit_of_work():
        assert outbox.retry([ids["a"]], at=AT + timedelta(days=3)) == 1
        assert db.session.info[outbox.QUEUED] is True
    after = rows()
    assert (after["a"].status, after["a"].attempts, after["a"].due_at) == (MailStatus.WAITING, 0, AT + timedelta(days=3))
    assert (after["b"].status, after["c"].due_at) == (MailStatus.FAILED, AT)
    with unit_of_work():
        assert outbox.retry(None, at=AT + timedelta(days=3)) == 1
    assert rows()["b"].status is MailStatus.WAITING


def test_retrying_what_is_no_dead_letter_is_refused_whole(owe, context, rows):
    owe("a")
    owe("b")
    ids = bury("a")
    with pytest.raises(outbox.NotDeadLetters) as refused, unit_of_work():
        outbox.retry([ids["a"], ids["b"], 999_999], at=AT)
    assert refused.value.ids == [ids["b"], 999_999]
    assert rows()["a"].status is MailStatus.FAILED


def test_counting_what_is_due_reads_the_clock_it_is_given(owe, context):
    owe("a", at=AT)
    owe("b", at=AT + timedelta(minutes=5))
    assert [outbox.due_count(AT + timedelta(minutes=m)) for m in (-1, 0, 5)] == [0, 1, 2]
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 2
