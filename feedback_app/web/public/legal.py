"""The pages that the law asks for: the operator's own texts where there are some, else ours."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import current_app, render_template
from flask_babel import lazy_gettext as _l

from config import SiteConfig
from feedback_app.domain.text import render_official, stored_html
from feedback_app.web.access import public
from feedback_app.web.public import bp

OURS = Path(__file__).resolve().parents[2] / "legal"
TITLES = {
    "accessibilite": _l("Accessibilité"),
    "mentions-legales": _l("Mentions légales"),
    "donnees-personnelles": _l("Données personnelles"),
    "charte": _l("Charte des contributions"),
}


@bp.get('/<any(accessibilite, "mentions-legales", "donnees-personnelles", charte):page>')
@public
def legal(page: str) -> str:
    """One legal page."""
    site = current_app.config["SETTINGS"].site
    sections = _sections(page, site)
    return render_template("public/legal.html", title=TITLES[page], sections=sections)


@lru_cache(maxsize=32)
def _sections(page: str, site: SiteConfig) -> list[tuple[str | None, object]]:
    """The page as (heading, HTML) pairs: a heading of the source becomes one of the page, the rest is official text."""
    source = _source(page, site)
    sections: list[tuple[str | None, object]] = []
    for index, block in enumerate(source.split("\n## ")):
        heading, _newline, body = block.partition("\n") if index or block.startswith("## ") else (None, "", block)
        if heading is not None or body.strip():
            sections.append((heading.removeprefix("## ").strip() if heading else None, stored_html(render_official(body).html)))
    return sections


def _source(page: str, site: SiteConfig) -> str:
    own = Path(site.legal_path or "/nonexistent") / f"{page}.md"
    path = own if own.is_file() else OURS / f"{page}.md"
    source = path.read_text(encoding="utf-8")
    for name in ("operator", "contact_email", "host_name", "publication_director"):
        source = source.replace(f"{{{name}}}", getattr(site, name))
    return source.replace("{site_name}", site.name)
