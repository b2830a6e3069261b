"""What the job process would have done on each day of the past: offers that expire, cases that fall asleep, are closed or are late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from feedback_app.demo.story import PARIS, Turn
from feedback_app.services import statistics
from feedback_app.services.cases import closing, conversation, extending, transfers

MORNING = time(7)


def mornings(first: date, today: date) -> Iterator[Turn]:
    """One for each day, the last one yesterday."""
    for number in range((today - first).days):
        yield Turn(datetime.combine(first + timedelta(days=number), MORNING, PARIS), work)


def work(at: datetime) -> None:
    """What was due on a morning."""
    for offer_id in transfers.left_unanswered(at):
        transfers.expire(offer_id, at)
    for request_id in conversation.waiting_too_long(at):
        conversation.sleep(request_id, at)
    for request_id in closing.without_a_word(at):
        closing.close(request_id, at)
    extending.record_late(at=at)


def count(at: datetime) -> None:
    """Compute how ministries answer, as the night before would have."""
    statistics.keep(statistics.compute(at=at), at=at)
