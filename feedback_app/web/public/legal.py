"""The pages that the law asks for: the operator's own texts where there are some, else ours."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from flask import current_app, render_template
from flask_babel import lazy_gettext as _l

from config import PeriodsConfig, SiteConfig
from feedback_app.domain.language import FRENCH
from feedback_app.domain.text import render_official, stored_html
from feedback_app.web.access import public
from feedback_app.web.language import page_language
from feedback_app.web.page_cache import cached
from feedback_app.web.public import bp

OURS = Path(__file__).resolve().parents[2] / "legal"
TITLES = {
    "accessibilite": _l("Accessibilité"),
    "mentions-legales": _l("Mentions légales"),
    "donnees-personnelles": _l("Données personnelles"),
    "charte": _l("Charte des contributions"),
}


@dataclass(frozen=True)
class LegalText:
    """A legal page: the language it is written in, and its (heading, HTML) pairs."""

    language: str
    sections: tuple[tuple[str | None, object], ...]


@bp.get('/<any(accessibilite, "mentions-legales", "donnees-personnelles", charte):page>')
@public
@cached()
def legal(page: str) -> str:
    """One legal page."""
    settings = current_app.config["SETTINGS"]
    text = _text(page, page_language(), settings.site, settings.periods)
    return render_template("public/legal.html", title=TITLES[page], text=text)


@lru_cache(maxsize=32)
def _text(page: str, language: str, site: SiteConfig, periods: PeriodsConfig) -> LegalText:
    """The page, cut at its headings: a heading of the source becomes one of the page, the rest is official text."""
    source, written_in = _source(page, language, site)
    source = _filled(source, site, periods)
    sections: list[tuple[str | None, object]] = []
    for index, block in enumerate(source.split("\n## ")):
        heading, _newline, body = block.partition("\n") if index or block.startswith("## ") else (None, "", block)
        if heading is not None or body.strip():
            sections.append((heading.removeprefix("## ").strip() if heading else None, stored_html(render_official(body).html)))
    return LegalText(written_in, tuple(sections))


def _source(page: str, language: str, site: SiteConfig) -> tuple[str, str]:
    """The Markdown and its language. An operator's text in French comes before our translation of another text."""
    own = [Path(site.legal_path)] if site.legal_path else []
    for folder in (*own, OURS):
        for path, written_in in ((folder / language / f"{page}.md", language), (folder / f"{page}.md", FRENCH)):
            if path.is_file():
                return path.read_text(encoding="utf-8"), written_in
    raise FileNotFoundError(page)


def _filled(source: str, site: SiteConfig, periods: PeriodsConfig) -> str:
    """The names and periods of the configuration in their places; any other brace stays as the operator wrote it."""
    for name in ("operator", "contact_email", "host_name", "publication_director"):
        source = source.replace(f"{{{name}}}", getattr(site, name))
    for period in fields(periods):
        source = source.replace(f"{{{period.name}}}", str(getattr(periods, period.name)))
    return source.replace("{site_name}", site.name)
