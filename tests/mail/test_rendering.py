"""Each mail says the same as text and as HTML; what people typed can break neither."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask_babel import get_locale

from feedback_app.mail import rendering
from feedback_app.mail.messages import Link
from feedback_app.mail.rendering import LINE_WIDTH, one_line, render, wrap
from tests.mail.conftest import a_message

HOSTILE = "<script>alert(1)</script> & \"guillemets\" 'simples' {{ 7 * 7 }} %(site)s </blockquote></title><h1>faux</h1>"


@pytest.fixture
def app(plain_app):
    """No database is needed here."""
    return plain_app


def parse(html: str) -> Element:
    """The document. Raises ``html5lib.html5parser.ParseError`` on anything that is not strictly HTML5."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def everything(**changes):
    values = {
        "subject": "Un sujet",
        "paragraphs": ("Bonjour,", "Deux lignes :\nla première et la seconde."),
        "quote": "Ce que j’ai écrit.\n\nEt la suite.",
        "after": ("Ce qui se passe ensuite.",),
        "links": (Link("Relire", "/ma-contribution/xyz?a=1&b=2"),),
        "closing": ("Au revoir.",),
    }
    return a_message("k", **{**values, **changes})


def test_the_html_part_is_a_document_with_one_title_and_one_heading(context):
    tree = parse(render(everything()).html)
    assert tree.get("lang") == "fr"
    assert [title.text for title in tree.iter("title")] == ["Un sujet"]
    assert [words(heading) for heading in tree.iter("h1")] == ["Un sujet"]


def test_both_parts_hold_the_same_links_from_the_configured_address(context):
    rendered = render(everything())
    in_text = set(re.findall(r"^https?://\S+$", rendered.text, re.MULTILINE))
    in_html = {anchor.get("href") for anchor in parse(rendered.html).iter("a")}
    assert in_text == in_html == {"http://localhost/voir/abc", "http://localhost/ma-contribution/xyz?a=1&b=2", "http://localhost/"}


def test_links_do_not_follow_the_host_that_was_asked(app):
    with app.test_request_context(base_url="https://evil.example"):
        rendered = render(everything())
    assert "evil.example" not in rendered.text + rendered.html
    assert "http://localhost/voir/abc" in rendered.text


def test_what_people_typed_is_shown_as_typed_and_never_becomes_markup(context):
    rendered = render(everything(subject=HOSTILE, paragraphs=(HOSTILE,), quote=HOSTILE, closing=(HOSTILE,)))
    tree = parse(rendered.html)
    assert list(tree.iter("script")) == []
    assert len(list(tree.iter("h1"))) == 1
    assert words(next(tree.iter("h1"))) == words(next(tree.iter("title"))) == words(next(tree.iter("blockquote"))) == HOSTILE
    assert HOSTILE in " ".join(rendered.text.split())


def test_everything_is_in_both_parts_in_reading_order(context):
    rendered = render(everything())
    said = ["Bonjour,", "la première", "Ce que j’ai écrit.", "Et la suite.", "Voir", "Ce qui se passe ensuite.", "Relire", "Au revoir."]
    for part in (rendered.text, words(parse(rendered.html).find("body"))):
        places = [part.index(words_) for words_ in said]
        assert places == sorted(places)


def test_a_mail_without_optional_parts_is_whole(context):
    rendered = render(a_message("k", button=None))
    assert list(parse(rendered.html).iter("blockquote")) == []
    assert "\n\n\n" not in rendered.text
    assert rendered.text.startswith("Bonjour,\n\nVoici ce qui se passe ensuite.\n\n")


def test_the_signature_names_the_site_and_where_to_write(context, settings):
    rendered = render(a_message("k"))
    for part in (" ".join(rendered.text.split()), words(parse(rendered.html).find("body"))):
        assert "Devoir de suite, un service de : Administration à renseigner" in part
        assert "les réponses ne sont pas lues. Une question ? contact@example.org" in part


def test_the_words_around_the_message_are_in_its_language_too(context, monkeypatch):
    monkeypatch.setattr(rendering, "_fill", lambda _name, _context: str(get_locale()))
    assert [render(a_message("k", language=language)).html for language in ("en", "fr")] == ["en", "fr"]


def test_the_text_part_is_folded_and_addresses_are_not_cut(context):
    path = "/ma-contribution/" + "x" * 300
    rendered = render(everything(paragraphs=("un mot " * 60,), quote="et un autre " * 60, button=Link("Voir", path)))
    for line in rendered.text.splitlines():
        assert len(line) <= LINE_WIDTH or line.startswith("http://localhost/"), line
        assert line == line.rstrip()
    assert f"\nhttp://localhost{path}\n" in rendered.text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("court", "court"),
        ("", ""),
        ("a\n\nb", "a\n\nb"),
        ("mot " * 20, ("mot " * 19).strip() + "\nmot"),
        ("x" * 100, "x" * 100),
        ("a" * 74 + " ? b", "a" * 74 + " ?\nb"),  # 76 columns: the mark still fits
        ("un " + "a" * 72 + " ? b", "un\n" + "a" * 72 + " ? b"),  # no line begins with a question mark
        ("a" * 73 + " « b »", "a" * 73 + "\n« b »"),  # nor ends with an opening quotation mark
    ],
)
def test_lines_are_folded_between_words(text, folded):
    assert wrap(text) == folded


def test_quoted_lines_all_carry_the_mark():
    assert wrap("mot " * 20 + "\n\nfin", "> ").splitlines() == ["> " + ("mot " * 18).strip(), "> mot mot", ">", "> fin"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Sujet\r\nBcc: x@example.org", "Sujet Bcc: x@example.org"),
        ("a\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a b c d e f g h"),
        ("a\x00b\x1b[31mc\x7f", "a b [31mc"),
        ("demi \ud800 caractère", "demi caractère"),
        ("  Été  👩‍👩‍👧  ", "Été 👩‍👩‍👧"),
    ],
)
def test_a_header_stays_one_line_whatever_is_typed(typed, written):
    assert one_line(typed) == written


def test_a_long_line_of_a_list_is_one_entry() -> None:
    assert wrap("mot " * 20, "- ", "  ").splitlines() == ["- " + ("mot " * 18).strip(), "  mot mot"]
