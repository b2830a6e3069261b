"""Renders the components without the application: same Jinja options, invented facts, plain stand-ins for filters and functions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import jinja2
from werkzeug.datastructures import MultiDict

from feedback_app.domain.text import citizen_html
from feedback_app.web.catalogue.samples import SampleForm
from feedback_app.web.look import Look

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "templates"
FILES = ("chart", "content", "forms", "lists", "navigation", "notices")


SITE = SimpleNamespace(
    name="Devoir de suite",
    tagline="Ce qui est promis",
    operator="Exemple",
    accessibility="Accessibilité\u00a0: non conforme",
    footer_links=[("Sources", "/sources")],
)


def _entry(label: str, url: str, *, current: bool = False) -> SimpleNamespace:
    return SimpleNamespace(label=label, url=url, current=current)


def environment(**context: Any) -> jinja2.Environment:
    """A Jinja environment like the application's: same options, untranslated French, plain stand-ins for its filters and functions."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    env.install_gettext_callables(lambda words: words, lambda one, many, n: one if n == 1 else many, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(
        date=lambda value: f"{value.day} mai {value.year}",
        datetime=lambda value: f"{value.day} mai {value.year} à {value:%H:%M}",
        ago=lambda value: "il y a 3 heures",
        number=lambda value: f"{value:,}".replace(",", "\u202f"),
        percent=lambda value: f"{value * 100:.0f}\u00a0%",
        citizen_text=citizen_html,
        written_in=lambda words, code="fr": words,
        scale=lambda value, step: str(value),
        calendar=lambda day, unit: str(day.year),
    )
    env.globals.update(
        url_for=lambda endpoint, **values: "/" + endpoint.replace(".", "/") + "".join(f"/{value}" for value in values.values()),
        static=lambda path: f"/static/{path}",
        framed=lambda part, *values: part(*values).replace("&token;", "jeton").replace("&here;", "/en/"),
        look=Look(),
        label=lambda member: member.value,
        own_address=lambda: "/ici?q=a",
        csrf=lambda: {"csrf_token": "jeton"},
        can=lambda permission, target=None: True,
        get_flashed_messages=lambda with_categories=False: [("success", "C’est fait.")],
        site=SITE,
        demo=True,
        page_lang="fr",
        alternate_url="/en/",
        nav=[_entry("Accueil", "/", current=True), _entry("Engagements", "/engagements/")],
        session_nav=[_entry("Modération", "/moderation/", current=True)],
        site_notice=lambda: ("Le site est lu, pas écrit.", "fr", True),
    )
    env.globals.update(context)
    return env


class Page:
    """What was rendered, as a browser would read it."""

    def __init__(self, html: str) -> None:
        self.html = html
        whole = (
            html if html.lstrip().startswith("<!doctype") else f"<!doctype html><html lang='fr'><title>t</title><body>{html}</body></html>"
        )
        self.root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(whole)

    def all(self, *tags: str) -> Iterator[Element]:
        return (element for element in self.root.iter() if element.tag in tags)

    def one(self, tag: str) -> Element:
        (element,) = self.all(tag)
        return element

    def by_id(self, id_: str) -> Element:
        (element,) = (element for element in self.root.iter() if element.get("id") == id_)
        return element

    def classes(self) -> set[str]:
        return {name for element in self.root.iter() for name in (element.get("class") or "").split()}


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def render(source: str, **context: Any) -> Page:
    """Render a line of template with the components at hand."""
    imports = "".join(f'{{% import "_components/{name}.html" as {name} %}}' for name in FILES)
    return Page(environment().from_string(imports + source).render(**context))


def sample(**data: Any) -> SampleForm:
    form = SampleForm(MultiDict({"territory": "", **data}))
    form.validate()
    return form
