"""The mails of the demo, read on a page."""

from __future__ import annotations

import pytest

from feedback_app.web.demo import mails
from feedback_app.web.demo.mails import Piece, pieces
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
    assert len(shown) == len(summaries) > 40
    assert any("n’est pas publié" in summary and "ras.le.bol@exemple.test" in summary for summary in summaries)
    assert all("@exemple.test" in summary for summary in summaries)
    assert all("2026 à" in words(mail) for mail in shown)


def test_the_newest_comes_first_and_is_open(visitor: PageClient) -> None:
    visitor.send("/compte/connexion", {"email": "theo.brisecombe@exemple.test"})
    page = visitor.get_page("/demo/courriels")
    newest, *older = page.all("main//details")
    assert "lien de connexion" in words(newest)
    assert newest.get("open") is not None
    assert not [mail for mail in older if mail.get("open") is not None]


def test_what_a_citizen_typed_in_a_mail_is_only_text(visitor: PageClient) -> None:
    page = visitor.get_page("/demo/courriels")
    assert "https://demarches-malin.exemple.test/offre?code=CITOYEN" in page.text("main")
    assert [link for link in page.links() if link and not link.startswith(("/", "#"))] == []


def test_only_the_latest_are_shown(visitor: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "SHOWN", 10)
    page = visitor.get_page("/demo/courriels")
    assert len(page.all("main//details")) == 10
    assert "Les 10 derniers" in page.text("main")


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
