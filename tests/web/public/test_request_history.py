"""What the page of a request says of what happened: who did it, and what nobody did."""

from __future__ import annotations

from feedback_app.database import unit_of_work
from feedback_app.domain.case import CaseStatus
from feedback_app.services.cases import closing, transfers
from tests.pages import words
from tests.web.public.test_citizen_requests import page_of

S = CaseStatus


def happened(page, title):
    """What the history says of the entries with this title."""
    found = [item for item in page.all("main//li") if (item.get("class") or "").startswith("ds-event")]
    return [words(item) for item in found if title in [words(one) for one in item if one.get("class") == "ds-event__title"]]


def test_a_case_is_closed_by_the_person_or_by_time_never_in_the_name_of_a_ministry(client, app, make, play, desk):
    rated, silent = desk.request(S.CLOSED), desk.request(S.ANSWERED)
    play.at("2026-03-24")
    with app.app_context(), unit_of_work():
        closing.close(silent.id, make.clock())
    without_a_word = "Personne n’a dit, pendant 21 jours, si la réponse aidait."
    for request, said in ((rated, False), (silent, True)):
        for page in (page_of(client, request), client.get_page(make.private_path(request.contribution))):
            (entry,) = happened(page, "Close")
            assert "Ministère" not in entry
            assert (without_a_word in entry) == said


def test_whoever_declined_a_case_is_named_and_a_silence_is_nobody_s(client, app, make, play, desk):
    declined, silent = desk.request(S.TRANSFER_OFFERED), desk.request(S.TRANSFER_OFFERED)
    play(transfers.decline, declined, desk.neighbour, reason="Ce registre n’est pas tenu ici.")
    play.at("2026-03-09")
    with app.app_context(), unit_of_work():
        for offer in transfers.left_unanswered(make.clock()):
            transfers.expire(offer, make.clock())
    (entry,) = happened(page_of(client, declined), "Transfert refusé")
    assert "Ministère des Ponts" in entry
    assert "Ministère des Routes" not in entry
    (entry,) = happened(page_of(client, silent), "Transfert resté sans réponse")
    assert "Ministère des Routes" not in entry
    assert "Proposée à : Ministère des Ponts" in entry
