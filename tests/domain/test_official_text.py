"""What staff write and plans say: rendered first, cleaned last."""

from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from feedback_app.domain.text import (
    RENDERER,
    render_official,
    stored_html,
)
from tests.domain.awkward import AWKWARD, elements, for_any, hrefs, links


class TestRenderOfficial:
    @pytest.mark.parametrize(
        ("source", "html"),
        [
            pytest.param("", "", id="nothing"),
            pytest.param("un\ndeux\n\ntrois", "<p>un<br>deux</p><p>trois</p>", id="line breaks stay visible"),
            pytest.param(
                "**a** *b* _c_ ***d***", "<p><strong>a</strong> <em>b</em> <em>c</em> <em><strong>d</strong></em></p>", id="bold and italic"
            ),
            pytest.param("Un :\n- a\n- b", "<p>Un :</p><ul><li>a</li><li>b</li></ul>", id="a list right after a line"),
            pytest.param(
                "Un :\n\u2022 a\n\u2022\u00a0b\n\u25aac", "<p>Un :</p><ul><li>a</li><li>b</li><li>c</li></ul>", id="typed bullets"
            ),
            pytest.param("-\u00a0a\n- b", "<ul><li>a</li><li>b</li></ul>", id="a hyphen with a no-break space"),
            pytest.param("  - a\n  - b", "<ul><li>a</li><li>b</li></ul>", id="an indented list has one level"),
            pytest.param("1. a\n\t- b", "<ol><li>a<ul><li>b</li></ul></li></ol>", id="a tab nests a list"),
            pytest.param("Un\n\t- b", "<p>Un</p><ul><li>b</li></ul>", id="a tab before the first item"),
            pytest.param("2. b\n3. c", '<ol start="2"><li>b</li><li>c</li></ol>', id="a list goes on counting"),
            pytest.param("1) a\n2) b", "<ol><li>a</li><li>b</li></ol>", id="numbers with a parenthesis"),
            pytest.param("# Titre *x*\ntexte", "<p><strong>Titre <em>x</em></strong></p><p>texte</p>", id="a heading is a bold paragraph"),
            pytest.param("Titre\n---\n===", "<p>Titre<br>---<br>===</p>", id="an underline makes no heading"),
            pytest.param("- # Titre", "<ul><li><p><strong>Titre</strong></p></li></ul>", id="no heading hides in a list"),
            pytest.param("#", "<p><strong>#</strong></p>", id="a heading without text"),
            pytest.param("`<b>`", "<p><code>&lt;b&gt;</code></p>", id="inline code"),
            pytest.param("    a\n\n~~~\nb\n~~~", "<p>a</p><p>~~~<br>b<br>~~~</p>", id="no code block"),
            pytest.param("> a", "<p>&gt; a</p>", id="no quote"),
            pytest.param("| a | b |\n|---|---|", "<p>| a | b |<br>|---|---|</p>", id="no table"),
            pytest.param("<b>x</b> &lt; &amp;", "<p>&lt;b&gt;x&lt;/b&gt; &amp;lt; &amp;amp;</p>", id="raw HTML is shown"),
            pytest.param("\\*a\\* G_NIUS_x 2 * 3 * 4", "<p>*a* G_NIUS_x 2 * 3 * 4</p>", id="signs that mean nothing stay"),
            pytest.param("a\u202eb\u200b", "<p>ab</p>", id="what deceives goes"),
        ],
    )
    def test_reads_a_small_markdown(self, source, html):
        assert render_official(source).html.replace("\n", "") == html

    def test_keeps_the_source_and_the_renderer_beside_the_html(self):
        text = render_official("  - a\r\n  - b  \u200b\n")
        assert (text.source, text.renderer) == ("  - a\n  - b", RENDERER)
        assert render_official(text.source) == text

    @pytest.mark.parametrize(
        ("source", "link"),
        [
            ("[x](https://exemple.test/a?b=1&c=2)", {"href": "https://exemple.test/a?b=1&c=2", "rel": "noopener"}),
            ("[x](http://exemple.test 'titre')", {"href": "http://exemple.test", "rel": "noopener"}),
            ("<https://exemple.test/a_b_c>", {"href": "https://exemple.test/a_b_c", "rel": "noopener"}),
            ("voir https://exemple.test/a_b_c.", {"href": "https://exemple.test/a_b_c", "rel": "noopener"}),
            ("[x](/demandes/?a=1#b)", {"href": "/demandes/?a=1#b"}),
            ("[x](/)", {"href": "/"}),
            (
                "[x](mailto:contact@exemple.test?subject=Bonjour)",
                {"href": "mailto:contact@exemple.test?subject=Bonjour", "rel": "noopener"},
            ),
            ("![alt](https://exemple.test/i.png)", {"href": "https://exemple.test/i.png", "rel": "noopener"}),
        ],
    )
    def test_makes_links_to_the_web_to_mail_and_to_our_own_pages(self, source, link):
        assert links(render_official(source).html) == [link]

    @pytest.mark.parametrize("source", ["`https://exemple.test`", "http://exemple.test", "\\https:/\\/x"])
    def test_makes_no_link_of_code_or_of_a_bare_address_without_encryption(self, source):
        assert links(render_official(source).html) == []

    @pytest.mark.parametrize(
        "target",
        [
            "//evil.example",
            "///evil.example",
            "/%2Fevil.example",
            "/%5Cevil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/&#47;evil.example",
            "/&#x5c;evil.example",
            "/&Tab;/evil.example",
            "/&NewLine;/evil.example",
            "javascript:1",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "javascript&colon;alert(1)",
            "javascript&#58;alert(1)",
            "&#106;avascript:alert(1)",
            "&#0000106avascript:alert(1)",
            "java&#10;script:alert(1)",
            "java&Tab;script:alert(1)",
            "&#1;javascript:alert(1)",
            "<java script:1>",
            "< javascript:1>",
            "java\u00adscript:1",
            "\uff4aavascript:1",
            "javascript\uff1a1",
            "\u0458avascript:1",
            "vbscript:x",
            "data:text/html;base64,PHNjcmlwdD4=",
            "file:///etc/passwd",
            "ftp://exemple.test",
            "blob:exemple.test/x",
            "https:evil.example",
            "https:/evil.example",
            "https:///evil.example",
            "https:\\\\evil.example",
            "http&#115;&#58;evil.example",
            "https://exemple.test@evil.example",
            "https://exemple.test&#64;evil.example",
            "https://exemple.test\\@evil.example",
            "https://exemple.test&#92;@evil.example",
            "https://",
            "https://localhost/",
            "http\u017f://exemple.test",
            "mailto:a@exemple.test?bcc=b@exemple.test",
            "mailto:a@exemple.test,b@exemple.test",
            "mailto:a@exemple.test?subject=x%0abcc:b",
            "mailto:",
            "#ancre",
            "?x=1",
            "relatif",
            "./relatif",
            "demandes:1",
        ],
    )
    def test_shows_a_link_that_may_not_go_where_it_wants_as_it_was_typed(self, target):
        html = render_official(f"[texte]({target})").html
        assert links(html) == []
        assert elements(html)[1].startswith("[texte](")

    def test_a_definition_of_a_reference_is_not_swallowed(self):
        assert elements(render_official("[x]: https://exemple.test 'x'").html)[1] == "[x]: https://exemple.test 'x'"

    @for_any(AWKWARD)
    def test_holds_allowed_tags_attributes_and_addresses_only(self, source):
        for tag, attributes in elements(render_official(source).html)[0]:
            assert tag in ("p", "br", "strong", "em", "ul", "ol", "li", "a", "code")
            assert set(attributes) <= {"a": {"href", "rel"}, "ol": {"start"}}.get(tag, set())
            assert goes_somewhere_allowed(attributes.get("href", "/"))

    @for_any(AWKWARD)
    def test_is_balanced_for_a_parser_that_repairs_nothing(self, source):
        checker = Balance()
        checker.feed(render_official(source).html)
        checker.close()
        assert checker.open == []

    @for_any(AWKWARD)
    def test_loses_no_word(self, source):
        rendered = render_official("".join(f"{part} mot{index} " for index, part in enumerate(source.split("a"))))
        shown = elements(rendered.html)[1] + " ".join(hrefs(rendered.html))
        assert [word for word in rendered.source.split() if word.startswith("mot") and word not in shown] == []

    @for_any(AWKWARD)
    def test_its_source_renders_to_the_same_again(self, source):
        assert render_official(render_official(source).source) == render_official(source)

    @pytest.mark.parametrize(
        "source",
        [
            ">" * 20_000 + "fin",
            "- " * 10_000 + "fin",
            "1. " * 7_000 + "fin",
            "[" * 20_000 + "fin",
            "[](" * 7_000 + "fin",
            "*a _b " * 3_000 + "fin" + "_ d*" * 3_000,
            "**a " * 3_000 + "fin" + "**" * 3_000,
            "\n".join("  " * depth + "- a" for depth in range(200)) + "fin",
            "`" * 20_000 + " fin",
            "<" * 20_000 + "fin",
            "\\" * 20_000 + "fin",
            "&" * 20_000 + "fin",
            "# " * 10_000 + "fin",
            "paragraphe\n\n" * 5_000 + "fin",
        ],
    )
    def test_survives_any_depth_and_loses_nothing(self, source):
        html = render_official(source).html
        assert "fin" in elements(html)[1]
        assert deepest(html) <= 20


class TestCleanedLast:
    """Should the renderer ever be fooled, what it lets through still meets the allowlist and our own check of addresses."""

    @pytest.fixture(autouse=True)
    def _fooled_renderer(self, monkeypatch):
        monkeypatch.setattr("feedback_app.domain.markdown.to_html", lambda source: source)

    @pytest.mark.parametrize(
        ("rendered", "html"),
        [
            ("<p onclick=x() class=fr-btn id=a style=color:red>a</p>", "<p>a</p>"),
            ("<h1>a</h1><img src=x onerror=x()><table><tr><td>b</td></tr></table>", "a\nb"),
            ("<script>x()</script><style>a{}</style>", "x()a{}"),
            ("<svg><a xlink:href=javascript:1>a</a></svg><!-- b -->", "<a>a</a>"),
            ("<p>a", "<p>a</p>"),
            ('<ol start="3"><li>a</li></ol>', '<ol start="3"><li>a</li></ol>'),
            ('<ol start="-1"><li>a</li></ol><ul start="1"></ul>', "<ol><li>a</li></ol><ul></ul>"),
            ('<a href="/a" rel="noopener" target="_blank" title="t">a</a>', '<a href="/a" rel="noopener">a</a>'),
            ('<a href="/a" rel="opener">a</a>', '<a href="/a">a</a>'),
            ("<p>&amp;lt;b&amp;gt; &lt;b&gt; &amp; &nbsp;</p>", "<p>&amp;lt;b&amp;gt; &lt;b&gt; &amp; &nbsp;</p>"),
        ],
    )
    def test_keeps_the_allowed_tags_and_attributes_only(self, rendered, html):
        assert render_official(rendered).html == html

    @pytest.mark.parametrize(
        "target",
        [
            *(
                "//evil.example",
                "/&#47;evil.example",
                "/&sol;evil.example",
                "/\\evil.example",
                "/&bsol;evil.example",
                "/&Tab;/evil.example",
            ),
            *(
                "javascript:1",
                "javascript&colon;1",
                "javascript&#58;1",
                "&#106;avascript:1",
                "java&#10;script:1",
                "&#1;javascript:1",
                " javascript:1",
            ),
            *(
                "http\u017f://exemple.test",
                "https:evil.example",
                "https:/evil.example",
                "https&#58;evil.example",
                "https://exemple.test&#64;evil.example",
            ),
            *(
                "https://exemple.test&bsol;@evil.example",
                "https&colon;\\\\evil.example",
                "#ancre",
                "relatif",
                "",
                "data:text/html,x",
                "1:1",
            ),
        ],
    )
    def test_takes_its_address_from_a_link_that_may_not_go_there(self, target):
        assert render_official(f'<a href="{target}">a</a>').html == "<a>a</a>"

    @pytest.mark.parametrize(
        "target", ["https://exemple.test/?a=1&amp;b=2", "http://exemple.test", "mailto:a@exemple.test", "/demandes/", "/?a=1&amp;lt=2"]
    )
    def test_leaves_a_good_address_as_it_is(self, target):
        assert render_official(f'<a href="{target}">a</a>').html == f'<a href="{target}">a</a>'


def goes_somewhere_allowed(href):
    """The rule of the house written a second time, another way: what a browser would do with this address."""
    trimmed = "".join(character for character in href if character > " ")
    if trimmed != href or "\\" in href:
        return False
    scheme, colon, rest = href.partition(":")
    if colon and scheme.lower() in ("http", "https"):
        return rest.startswith("//") and rest[2:3].isalnum() and "@" not in rest[2:].split("/")[0].split("?")[0].split("#")[0]
    return scheme.lower() == "mailto" if colon and not href.startswith("/") else href[:1] == "/" and href[:2] != "//"


class Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.deepest = 0

    def handle_starttag(self, tag, attributes):
        if tag != "br":
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def deepest(html):
    checker = Balance()
    checker.feed(html)
    return checker.deepest


def test_stored_html_is_not_escaped_a_second_time():
    assert Markup("{}").format(stored_html("<p>a</p>")) == "<p>a</p>"
