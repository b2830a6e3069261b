"""How the site looks follows its configuration and its imported theme, without inline styles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rcssmin
from flask import Flask

from config import ConfigError
from feedback_app import create_app
from feedback_app.importers.dsfr import read_dsfr
from feedback_app.services import theme
from feedback_app.web.look import beside_dsfr
from feedback_app.web.static_files import IMMUTABLE
from tests.conftest import settings
from tests.dsfr_folder import make_dsfr
from tests.pages import Page

CSS = Path(__file__).parents[2] / "static/css"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


def shown(site: Flask) -> Page:
    return Page(site.test_client().get("/nulle-part").text)


def sheets(page: Page) -> list[str]:
    return [link.get("href", "") for link in page.all("link") if link.get("rel") == "stylesheet"]


def test_without_settings_there_is_the_neutral_skin_and_nothing_else(tmp_path):
    site = create_app(settings(tmp_path))
    (sheet,) = sheets(shown(site))
    assert site.test_client().get(sheet).data == rcssmin.cssmin((CSS / "app.css").read_bytes())


def test_colours_follow_the_skin_in_its_own_file(tmp_path):
    site = create_app(settings(tmp_path, SITE_COLOUR="#6A1B9A"))
    (sheet,) = sheets(shown(site))
    text = site.test_client().get(sheet).text
    assert text.startswith(rcssmin.cssmin((CSS / "app.css").read_text()))
    assert "@media screen{:root{--accent:#6a1b9a;" in text
    assert sheet not in sheets(shown(create_app(settings(tmp_path))))


def test_a_logo_is_served_under_its_fingerprint(tmp_path):
    (tmp_path / "logo.svg").write_text(SVG)
    site = create_app(settings(tmp_path, SITE_LOGO="logo.svg"))
    (image,) = shown(site).all("header//img")
    answer = site.test_client().get(image.get("src"))
    assert (answer.text, answer.mimetype, answer.headers["Cache-Control"]) == (SVG, "image/svg+xml", IMMUTABLE)


@pytest.mark.parametrize(("content", "words"), [(None, "cannot be read"), (b"GIF89a", "neither an SVG nor a PNG")])
def test_a_logo_that_cannot_be_shown_stops_the_start(tmp_path, content, words):
    if content:
        (tmp_path / "logo").write_bytes(content)
    with pytest.raises(ConfigError, match=f"SITE_LOGO: .*logo.* {words}"):
        create_app(settings(tmp_path, SITE_LOGO="logo"))


def test_footer_links_stand_in_the_footer(tmp_path):
    page = shown(create_app(settings(tmp_path, FOOTER_LINKS="Plan du site=/plan; Code & sources=https://exemple.fr/a?b=c")))
    links = {"".join(link.itertext()): link.get("href") for link in page.all("footer//a")}
    assert (links["Plan du site"], links["Code & sources"]) == ("/plan", "https://exemple.fr/a?b=c")


@pytest.fixture
def dressed(tmp_path: Path) -> Flask:
    """A site that wears an imported theme, and whose colours are left aside."""
    site = settings(tmp_path / "instance", SITE_COLOUR="#6a1b9a")
    site.instance_path.mkdir()
    theme.install(read_dsfr(make_dsfr(tmp_path / "package")), site.instance_path)
    return create_app(site)


def test_with_a_theme_pages_link_it_then_our_own_parts(dressed):
    theirs, ours = sheets(shown(dressed))
    assert re.fullmatch(r"/static/theme/[0-9a-f]{8}/dsfr\.min\.css", theirs)
    text = dressed.test_client().get(ours).text
    assert ".ds-timeline" in text
    assert ".fr-tile__title {" not in text, "a DSFR component keeps the DSFR's looks"
    assert "6a1b9a" not in text


def test_what_the_theme_names_is_beside_it_and_kept_for_a_year(dressed):
    folder = sheets(shown(dressed))[0].rpartition("/")[0]
    for name in ("dsfr.min.css", "fonts/Ours.woff2", "icons/system/ours.svg"):
        answer = dressed.test_client().get(f"{folder}/{name}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, IMMUTABLE), name
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    (icon,) = [link for link in shown(dressed).all("link") if link.get("rel") == "icon"]
    assert dressed.test_client().get(icon.get("href")).status_code == 200


def test_no_script_of_the_theme_is_served(dressed):
    assert [element.get("src", "")[:15] for element in shown(dressed).all("script")] == ["/static/js/app."]


def test_our_parts_are_those_before_and_after_the_components():
    ours = beside_dsfr("a{}\n/* === 2 x === */\nb{}\n/* === 3 y === */\nc{}\n", ":root{}\n")
    assert ours == "@layer neutral {\na{}\n}\n:root{}\n/* === 3 y === */\nc{}\n"
    with pytest.raises(ValueError, match="substring"):
        beside_dsfr("a{}", "")


def test_the_bridge_gives_a_value_to_every_colour_of_ours():
    skin, bridge = (CSS / "app.css").read_text(), (CSS / "with-dsfr.css").read_text()
    colours = set(re.findall(r"--([\w-]+): #", skin.split("@media", 1)[0]))
    assert len(colours) > 15
    assert colours - set(re.findall(r"--([\w-]+):", bridge)) == set()
