"""The mails of the demo, read on a page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from feedback_app.database import db, unit_of_work
from feedback_app.models import MailStatus, OutgoingMail
from feedback_app.web.demo import mails
from feedback_app.web.demo.mails import Piece, pieces
from tests.conftest import NOW
from tests.pages import PageClient, words


def test_a_visitor_confirms_a_text_from_its_mail(visitor: PageClient) -> None:
    page = visitor.get_page("/demo/courriels")
    link = next(link for link in page.links() if link.startswith("/confirmer/"))
    answer = visitor.send(link)
    assert answer.status_code == 303
    assert "relecture" in visitor.get_page(answer.location).text("main")


def test_each_mail_shows_its_recipient_its_subject_and_its_date(visitor: PageClient) -> None:
    page = visitor.get_page("/demo/courriels")
    shown = page.all("main//details")
    summaries = [words(summary) for summary in page.all("main//summary")]
    assert len(shown) == len(summaries) == mails.SHOWN
    assert all("@exemple.test" in summary for summary in summaries)
    assert all("2026 à" in words(mail) for mail in shown)


def test_the_newest_comes_first_and_is_open(visitor: PageClient) -> None:
    visitor.send("/compte/connexion", {"email": "theo.brisecombe@exemple.test"})
    page = visitor.get_page("/demo/courriels")
    newest, *older = page.all("main//details")
    assert "lien de connexion" in words(newest)
    assert newest.get("open") is not None
    assert not [mail for mail in older if mail.get("open") is not None]


def test_a_reminder_says_when_it_would_leave_and_is_not_the_one_that_opens(visitor: PageClient, demo: Flask) -> None:
    visitor.send("/compte/connexion", {"email": "theo.brisecombe@exemple.test"})
    with demo.app_context(), unit_of_work():
        newest = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1)).one()
        newest.status, newest.due_at = MailStatus.WAITING, NOW + timedelta(days=7)
    first, second, *_older = visitor.get_page("/demo/courriels").all("main//details")
    assert "Prévu" in words(first)
    assert "Partirait le" in words(first)
    assert first.get("open") is None
    assert second.get("open") is not None


def test_what_a_citizen_typed_in_a_mail_is_only_text(visitor: PageClient) -> None:
    page = visitor.get_page("/demo/courriels?apres=30")
    assert "https://demarches-malin.exemple.test/offre?code=CITOYEN" in page.text("main")
    assert [link for link in page.links() if link and not link.startswith(("/", "#"))] == []


def test_all_of_them_are_read_one_page_after_the_other(visitor: PageClient) -> None:
    page, summaries = visitor.get_page("/demo/courriels"), []
    while True:
        summaries += [words(summary) for summary in page.all("main//summary")]
        if not page.next_page:
            break
        page = visitor.get_page(page.next_page)
        assert "/demo/courriels" in page.links(), "the way back to the newest"
        assert not [mail for mail in page.all("main//details") if mail.get("open") is not None]
    assert len(summaries) > 2 * mails.SHOWN
    assert any("n’est pas publié" in summary and "ras.le.bol@exemple.test" in summary for summary in summaries)


@pytest.mark.parametrize("cursor", ["", "0", "-1", "x", "9" * 30, "1.5"])
def test_an_address_that_leads_nowhere_shows_a_page_all_the_same(visitor: PageClient, cursor: str) -> None:
    assert visitor.get_page(f"/demo/courriels?apres={cursor}").h1 == "Les courriels de la démonstration"


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("Voir :\nhttp://127.0.0.1:8000/confirmer/abc.D-e_f\nMerci", ["/confirmer/abc.D-e_f"]),
        ("http://127.0.0.1:9999/ autre port, https://localhost/compte/", ["/", "/compte/"]),
        ("http://[::1]:8000/engagements/", ["/engagements/"]),
        ("https://exemple.fr/ http://127.0.0.1.exemple.fr/ http://localhost.exemple.fr/x", []),
        ("http://localhost//exemple.fr/ http://127.0.0.1:8000/\\exemple.fr javascript:alert(1)", []),
        ("http://localhost@exemple.fr/ //localhost/ ftp://localhost/x", []),
        ("", []),
    ],
)
def test_only_addresses_of_this_site_become_links(text: str, paths: list[str]) -> None:
    cut = list(pieces(text))
    assert [piece.path for piece in cut if piece.path] == paths
    assert "".join(piece.text for piece in cut) == text
    assert Piece("") not in cut
