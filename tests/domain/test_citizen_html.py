"""What a citizen wrote, as a page shows it."""

import pytest
from markupsafe import Markup

from feedback_app.domain.text import (
    citizen_html,
)
from tests.domain.awkward import AWKWARD, elements, for_any, hrefs, links


class TestCitizenHtml:
    @pytest.mark.parametrize(
        ("text", "html"),
        [
            ("", ""),
            (" \n\n ", ""),
            ("un", "<p>un</p>"),
            ("un\ndeux\n\n\ntrois", "<p>un<br>deux</p>\n<p>trois</p>"),
            ("un\r\n \r\ndeux", "<p>un</p>\n<p>deux</p>"),
            ("<script>alert(1)</script> & \"x\" 'y'", "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;x&#34; &#39;y&#39;</p>"),
            ("**a** &lt;", "<p>**a** &amp;lt;</p>"),
        ],
    )
    def test_shows_what_was_typed(self, text, html):
        assert citizen_html(text) == html

    def test_is_marked_as_safe(self):
        assert isinstance(citizen_html("a"), Markup)

    @pytest.mark.parametrize(
        ("text", "link", "after"),
        [
            ("voir https://exemple.test/a.", "https://exemple.test/a", "."),
            ("(https://exemple.test/a)", "https://exemple.test/a", ")"),
            ("(https://fr.exemple.test/Paris_(Texas)),", "https://fr.exemple.test/Paris_(Texas)", "),"),
            ("https://exemple.test/a[1]]!?\u2026", "https://exemple.test/a[1]", "]!?\u2026"),
            ("\u00ab\u00a0https://exemple.test\u00a0\u00bb", "https://exemple.test", "\u00a0\u00bb"),
            ("\u00abhttps://exemple.test/\u00bb", "https://exemple.test/", "\u00bb"),
            ("<https://exemple.test/>", "https://exemple.test/", ">"),
            ('"https://exemple.test/?a=1&b=2"', "https://exemple.test/?a=1&b=2", '"'),
            ("https://exemple.test/?a&lt;=2", "https://exemple.test/?a&lt;=2", ""),
            ("HTTPS://Exemple.TEST:8443/A#b", "HTTPS://Exemple.TEST:8443/A#b", ""),
            ("https://acad\u00e9mie.fr/\u00e9t\u00e9", "https://acad\u00e9mie.fr/\u00e9t\u00e9", ""),
            ("https://social.exemple.test/@anne", "https://social.exemple.test/@anne", ""),
            ("https://exemple.test\\@evil.example", "https://exemple.test", "\\@evil.example"),
            ("https://exemple.test/\u202egpj.exe", "https://exemple.test/", "\u202egpj.exe"),
        ],
    )
    def test_makes_an_https_address_clickable_and_leaves_the_punctuation_outside(self, text, link, after):
        html = citizen_html(text)
        assert links(html) == [{"href": link, "rel": "nofollow ugc noopener"}]
        assert f"</a>{Markup.escape(after)}</p>" in html
        assert elements(html)[1] == text

    @pytest.mark.parametrize(
        "text",
        [
            "http://exemple.test",
            "//exemple.test",
            "javascript:alert(1)",
            "javascript://exemple.test/%0aalert(1)",
            "data:text/html,x",
            "https://exemple.test@evil.example/",
            "https://u:p@evil.example",
            "https://exemple.test%40evil.example/",
            "https://",
            "https:///exemple.test",
            "https://localhost/",
            "https://192.0.2.10/",
            "https://[::1]/",
            "https://exemple.test:99999999/",
            "https://-a.fr",
            "https://a..fr",
            "https://\u0430pple.com",
            "https://exemple\u3002test/",
            "http\u017f://exemple.test",
            "xhttps://exemple.test",
            "https://" + "a" * 64 + ".fr",
            "https://exemple.test/" + "a" * 3000,
            "www.exemple.test",
        ],
    )
    def test_leaves_every_other_address_as_plain_text(self, text):
        html = citizen_html(text)
        assert links(html) == []
        assert elements(html)[1] == text

    def test_two_addresses_in_a_line_are_two_links(self):
        assert hrefs(citizen_html("https://a.fr, https://b.fr")) == ["https://a.fr", "https://b.fr"]

    @for_any(AWKWARD)
    def test_is_never_more_than_paragraphs_breaks_and_safe_links(self, text):
        for tag, attributes in elements(citizen_html(text))[0]:
            assert tag in ("p", "br", "a")
            assert set(attributes) == ({"href", "rel"} if tag == "a" else set())
            assert tag != "a" or attributes["href"].lower().startswith("https://")

    @pytest.mark.parametrize("unit", ["https://", "(", ")", "https://a.fr/)", "<", "&", "\n", " ", "a.", "@", "https://a."])
    def test_loses_nothing_of_a_long_hostile_text(self, unit):
        text = "https://a.fr/" + unit * (20_000 // len(unit))
        assert elements(citizen_html(text))[1].replace("\n", "").strip() == text.replace("\n", "").strip()
