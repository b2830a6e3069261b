"""How this site looks: the stylesheets, the logo and the icon that its configuration and its imported theme ask for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from config import ConfigError, SiteConfig
from feedback_app.domain import logo
from feedback_app.domain.colours import Accent
from feedback_app.services import theme
from feedback_app.web.static_files import StaticFiles

SHEET = "css/app.css"
BRIDGE = "css/with-dsfr.css"
COMPONENTS, OWN = "/* === 2 ", "/* === 3 "  # where the second and third parts of the skin begin


@dataclass(frozen=True)
class Look:
    """What the frame of a page links, as names of static files."""

    stylesheets: tuple[str, ...] = (SHEET,)
    icon: str = "img/favicon.svg"
    logo: str = "img/favicon.svg"


def beside_dsfr(skin: str, bridge: str) -> str:
    """What of our skin stays beside an imported DSFR: its tokens and elements where the DSFR says nothing, then our own components.

    ``bridge`` gives our tokens the DSFR's values. Raises ``ValueError`` when the parts are not where they are looked for.
    """
    elements, components = skin.index(COMPONENTS), skin.index(OWN)
    return f"@layer neutral {{\n{skin[:elements]}}}\n{bridge}{skin[components:]}"


def own_logo(site: SiteConfig, instance_path: Path) -> tuple[str, bytes] | None:
    """The name and content of the configured logo. Raises ``ConfigError``."""
    if not site.logo:
        return None
    path = instance_path / site.logo
    try:
        with path.open("rb") as file:
            content = file.read(logo.LARGEST + 1)
        return f"img/logo.{logo.suffix_of(content)}", content
    except OSError as error:
        raise ConfigError(f"SITE_LOGO: {path} cannot be read ({error.strerror})") from None
    except logo.LogoRefused as refusal:
        raise ConfigError(f"SITE_LOGO: {path} {refusal}") from None


def init_app(app: Flask, files: StaticFiles) -> None:
    """Put the look of this site together, and ``look`` into templates. Raises ``ConfigError``."""
    settings = app.config["SETTINGS"]
    imported = theme.installed(settings.instance_path)
    if imported:
        sheets, icon = _with_theme(files, imported), "theme/favicon/favicon.svg"
    else:
        sheets, icon = (SHEET,), Look.icon
        if accent := Accent(settings.site.colour, settings.site.colour_dark).css():
            files.extend(SHEET, accent.encode())
    image = own_logo(settings.site, settings.instance_path)
    if image:
        files.add(*image)
    app.jinja_env.globals["look"] = Look(sheets, icon, image[0] if image else Look.logo)


def _with_theme(files: StaticFiles, imported: theme.Theme) -> tuple[str, ...]:
    ours = beside_dsfr(files.content(SHEET).decode(), files.content(BRIDGE).decode())
    files.add_folder("theme", imported.contents)
    files.add("css/beside-dsfr.css", ours.encode())
    return "theme/dsfr.min.css", "css/beside-dsfr.css"
