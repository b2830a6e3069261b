"""The first view of the site fits a slow telephone: at most 100 kB and 6 requests, without counting on compression."""

from __future__ import annotations

from tests.pages import Page


def test_the_home_page_and_all_it_asks_for_fit_the_budget(client, make):
    topic = make.commitment(title="Un titre aussi long que les vrais " * 7).topic
    for number in range(6):
        make.comment(topic=topic, body=f"Le commentaire numéro {number}, assez long pour être coupé dans la liste. " * 20)
    first = client.get("/")
    page = Page(first.text)
    asked = {link.get("href") for link in page.all("link") if link.get("rel") in {"stylesheet", "icon", "preload"}}
    asked |= {element.get("src") for element in page.root.iter() if element.get("src")}
    sizes = {path: len(client.get(path).data) for path in asked}
    assert "Le commentaire numéro 5" in page.text("main")
    assert min(sizes.values()) > 0
    assert 1 + len(sizes) <= 6
    assert len(first.data) + sum(sizes.values()) <= 100_000, sizes
