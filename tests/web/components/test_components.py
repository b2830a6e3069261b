"""The components in all their states, the frame and the skin: valid HTML, nothing that the content policy would refuse."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import rcssmin

from feedback_app.web.catalogue.samples import SampleForm, catalogue_context
from tests.web.components.rendering import ROOT, TEMPLATES, Page, environment, render, sample, text

# Macros that the catalogue shows through another one, or the frame through a page.
SHOWN_BY_OTHERS = {
    *("input", "textarea", "select", "radios", "checkboxes", "checkbox", "submit", "definition", "facts", "tag", "time"),
    *("messages", "demo_banner"),
}
# What pages of one subject share, put together from components: those pages show them.
OF_A_SUBJECT = {"assessments", "cases", "changes", "drafting", "meetings", "progress", "requests", "results", "talk", "texts"}


@pytest.fixture(scope="module")
def catalogue() -> Page:
    return Page(environment().get_template("catalogue/components.html").render(**catalogue_context()))


def test_the_catalogue_is_valid_html_with_unique_ids(catalogue: Page) -> None:
    ids = Counter(element.get("id") for element in catalogue.root.iter() if element.get("id"))
    assert [id_ for id_, times in ids.items() if times > 1] == []


def test_every_reference_leads_somewhere(catalogue: Page) -> None:
    ids = {element.get("id") for element in catalogue.root.iter()}
    for element in catalogue.root.iter():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget"):
            for id_ in (element.get(attribute) or "").split():
                assert id_ in ids, f"{element.tag} {attribute}={id_}"


def test_every_control_has_exactly_one_label(catalogue: Page) -> None:
    labels = Counter(element.get("for") for element in catalogue.all("label"))
    controls = [element for element in catalogue.all("input", "select", "textarea") if element.get("type") != "hidden"]
    assert len(controls) > 30
    assert [control.get("id") for control in controls if labels[control.get("id")] != 1] == []


def test_the_catalogue_shows_every_macro(catalogue: Page) -> None:
    source = (TEMPLATES / "catalogue/components.html").read_text()
    layout = (TEMPLATES / "_layout/base.html").read_text()
    for file in sorted((TEMPLATES / "_components").glob("*.html")):
        if file.stem in OF_A_SUBJECT:
            continue
        for name in re.findall(r"macro ([a-z]\w*)\(", file.read_text()):
            shown = f"{file.stem}.{name}(" in source or f"{file.stem}.{name}(" in layout
            assert shown or name in SHOWN_BY_OTHERS, f"{file.stem}.{name} is not in the catalogue"


def test_every_class_has_a_style_or_a_dsfr_meaning(catalogue: Page) -> None:
    css = (ROOT / "static/css/app.css").read_text()
    own = {name for name in catalogue.classes() if name.startswith("ds-")}
    assert {name for name in own if f".{name}" not in css} == set()
    assert {name for name in catalogue.classes() if not name.startswith(("ds-", "fr-"))} == set()


@pytest.mark.parametrize("file", sorted(TEMPLATES.glob("_*/*.html")), ids=lambda file: file.name)
def test_nothing_that_the_content_policy_refuses(file: Path) -> None:
    source = file.read_text()
    assert not re.search(r"\|\s*safe\b|\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", source)


def test_what_a_person_typed_is_escaped_everywhere() -> None:
    bad = "<script>alert(1)</script>"
    page = render(
        "{{ content.comment('c', bad, day, bad) }}{{ content.quote(bad, bad) }}{{ notices.alert('info', bad) }}"
        "{{ lists.data_table(bad, [bad], [[bad]]) }}"
        "{{ forms.search('/', value=bad) }}{{ content.page_header(bad) }}",
        bad=bad,
        day=date(2024, 5, 3),
    )
    assert list(page.all("script")) == []
    assert page.html.count("alert(1)") == 11


@pytest.mark.parametrize(("kind", "word"), [("info", "Information"), ("success", "Succès"), ("warning", "Attention"), ("error", "Erreur")])
def test_an_alert_says_its_kind_in_words(kind: str, word: str) -> None:
    assert text(render(f"{{{{ notices.alert('{kind}', 'Voilà.') }}}}").one("p")) == f"{word} : Voilà."
    assert text(render(f"{{{{ notices.alert('{kind}', 'Voilà.', title='Un titre', level=3) }}}}").one("h3")) == f"{word} : Un titre"


def test_flashed_messages_are_announced() -> None:
    page = render("{{ notices.messages([('error', 'Non.'), ('message', 'Oui.'), ('danger', 'Attention.')]) }}")
    assert [element.get("role") for element in page.all("div") if element.get("role")] == ["alert", "status", "alert"]
    assert render("{{ notices.messages([]) }}").html.strip() == ""


def test_the_breadcrumb_ends_on_this_page() -> None:
    links = list(render("{{ navigation.breadcrumb([('Accueil', '/'), ('Engagement 12', none)]) }}").all("a"))
    assert [(link.get("href"), link.get("aria-current")) for link in links] == [("/", None), (None, "page")]


def test_pagination_says_nothing_when_there_is_nothing() -> None:
    assert render("{{ navigation.pagination() }}").html.strip() == ""
    page = render("{{ navigation.pagination(next='/?apres=20', text='1 à 20 sur 59') }}")
    assert [(link.get("rel"), link.get("href")) for link in page.all("a")] == [("next", "/?apres=20")]


def test_a_table_keeps_its_roles_when_it_becomes_a_list() -> None:
    page = render("{{ lists.data_table('Délais', ['Ministère', ('Jours', 'number')], [['Exemple', '12']]) }}")
    roles = [(element.tag, element.get("role")) for element in page.all("table", "thead", "tbody", "tr", "th", "td")]
    assert roles == [
        ("table", "table"),
        ("thead", "rowgroup"),
        ("tr", "row"),
        ("th", "columnheader"),
        ("th", "columnheader"),
        ("tbody", "rowgroup"),
        ("tr", "row"),
        ("th", "rowheader"),
        ("td", "cell"),
    ]
    assert page.one("td").get("data-label") == "Jours"
    assert [head.get("scope") for head in page.all("th")] == ["col", "col", "row"]


def test_a_status_has_words_and_a_shape_beside_its_colour(catalogue: Page) -> None:
    for member in [*catalogue_context()["commitment_statuses"], *catalogue_context()["contribution_statuses"]]:
        page = render("{{ content.status(member) }}", member=member)
        (badge, mark) = page.all("span")
        assert text(badge) == member.value
        assert (mark.get("aria-hidden"), "ds-mark--dot" in page.classes()) == ("true", False), f"{member} has no shape of its own"


def test_a_long_title_is_set_smaller() -> None:
    assert render("{{ content.page_header('Court') }}").one("h1").get("class") is None
    assert render("{{ content.page_header(title) }}", title="mot " * 60).one("h1").get("class") == "ds-long-title"


def test_a_comment_is_an_article_named_by_its_author() -> None:
    page = render(
        "{{ content.comment('c-1', 'Camille', day, 'Un\\ndeux', permalink='#c-1') }}", day=datetime(2024, 5, 3, 14, 5, tzinfo=UTC)
    )
    article = page.one("article")
    assert text(page.by_id(article.get("aria-labelledby") or "")) == "Camille"
    assert page.one("time").get("datetime") == "2024-05-03T14:05:00+00:00"
    assert len(list(page.all("br"))) == 1


def test_an_official_reply_carries_its_badge() -> None:
    page = render("{% call content.official_reply('r', 'Ministère de l’Exemple', day) %}<p>Oui.</p>{% endcall %}", day=date(2024, 5, 3))
    assert "Réponse officielle" in text(page.one("article"))
    assert text(page.one("h4")) == "Ministère de l’Exemple"


def test_an_internal_entry_says_so_in_words_and_a_public_one_does_not() -> None:
    page = render("{{ content.event(day, 'Une note', internal=internal) }}", day=date(2024, 5, 3), internal=True)
    assert "Interne, jamais publié" in text(page.one("li"))
    assert "ds-event--internal" in page.classes()
    public = render("{{ content.event(day, 'Une note') }}", day=date(2024, 5, 3))
    assert "Interne" not in text(public.one("li"))
    note = render("{% call content.internal_note('n', 'Nour', day) %}<p>Oui.</p>{% endcall %}", day=date(2024, 5, 3))
    assert text(note.one("header")).startswith("Interne, jamais publié Nour")


def test_an_official_entry_of_a_time_line_says_so() -> None:
    page = render("{{ content.event(day, 'Le guide est en ligne', official=true) }}", day=date(2024, 5, 3))
    assert "Texte officiel" in text(page.one("li"))


def test_a_figure_says_when_it_was_true() -> None:
    page = render("{{ content.figures([('12,4', 'logements', none, 'en mars 2024'), ('3', 'jalons')]) }}")
    assert [text(item) for item in page.all("li")] == ["12,4 logements en mars 2024", "3 jalons"]


def test_many_filters_fold_until_one_is_used() -> None:
    folded = render("{% call forms.filters('/', fold='Filtrer') %}<p>champs</p>{% endcall %}").one("details")
    used = render("{% call forms.filters('/', fold='Filtrer', reset='/') %}<p>champs</p>{% endcall %}").one("details")
    assert (folded.get("open"), used.get("open")) == (None, "")
    assert list(render("{% call forms.filters('/') %}<p>champs</p>{% endcall %}").all("details")) == []


def frame(blocks: str = "{% block title %}Page{% endblock %}{% block main %}<h1>Page</h1>{% endblock %}", **context: Any) -> Page:
    return Page(environment(**context).from_string('{% extends "_layout/base.html" %}' + blocks).render(**context))


def test_the_frame_has_its_landmarks_and_skip_links() -> None:
    page = frame()
    assert page.root.get("lang") == "fr"
    assert text(page.one("title")) == "Page – Devoir de suite"
    assert [page.one(tag).get("role") for tag in ("header", "footer")] == ["banner", "contentinfo"]
    skips = [link.get("href", "")[1:] for link in page.all("a") if (link.get("href") or "").startswith("#")]
    assert skips == ["contenu", "navigation", "pied-de-page"]
    assert page.by_id("contenu").tag == "main"


def test_the_frame_names_each_navigation_differently() -> None:
    names = [nav.get("aria-label") for nav in frame().all("nav")]
    assert names == ["Accès rapide", "Menu principal", "Espace de travail"]


def test_a_page_in_error_says_so_first_in_its_title() -> None:
    assert text(frame(form=sample()).one("title")) == "Erreur : Page – Devoir de suite"
    assert text(frame(form=SampleForm()).one("title")) == "Page – Devoir de suite"


def test_a_public_page_reads_no_session() -> None:
    def refused(**_: Any) -> None:
        raise AssertionError("a public page read the session")

    page = frame(session_nav=[], get_flashed_messages=refused, demo=False, alternate_url=None)
    assert "ds-desk" not in page.classes()
    assert "Démonstration" not in page.html
    assert "English" not in page.html


def test_the_footer_owns_up_to_its_accessibility() -> None:
    links = {text(link): link.get("href") for link in frame().one("footer").iter("a")}
    assert links["Accessibilité : non conforme"] == "/public/legal/accessibilite"


def test_no_rule_of_the_skin_is_written_twice() -> None:
    """A slip of an edit: two rules melt into one, and a component loses its margins."""
    css = (ROOT / "static/css/app.css").read_text()
    rules = Counter(line.strip() for line in css.splitlines() if line.startswith(".") and line.endswith("}"))
    assert [rule for rule, times in rules.items() if times > 1] == []


def test_the_skin_stays_light() -> None:
    css = rcssmin.cssmin((ROOT / "static/css/app.css").read_bytes())  # as it is served
    assert len(css) <= 35_000
    assert b"url(" not in css
    assert b"@import" not in css
    assert (ROOT / "static/js/app.js").stat().st_size <= 3_000


def palettes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", (ROOT / "static/css/app.css").read_text(), re.DOTALL)[:2]
    colours = {name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block)) for name, block in (("light", light), ("dark", dark))}
    return {"light": colours["light"], "dark": {**colours["light"], **colours["dark"]}}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.1 between two colours (#rgb or #rrggbb), 1 to 21."""

    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_text_can_be_read_on_every_ground(mode: str) -> None:
    colours = palettes()[mode]
    tones = ("info", "success", "warning", "error", "new")
    grounds = ("paper", "surface", "sunk", "accent-soft")
    pairs = [(ink, ground) for ink in ("ink", "soft", "accent", "accent-strong", *tones) for ground in grounds]
    pairs += [(ink, f"{tone}-soft") for tone in tones for ink in ("ink", "soft", tone)] + [("on-accent", "accent"), ("paper", "error")]
    assert [(ink, ground) for ink, ground in pairs if contrast(colours[ink], colours[ground]) < 4.5] == []
    assert [(edge, ground) for edge in ("edge", "focus") for ground in grounds if contrast(colours[edge], colours[ground]) < 3] == []
