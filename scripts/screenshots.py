"""Pictures of the main pages at two widths, taken of a demo of its own in a real browser: ``python -m scripts.screenshots [--out DIR]``.

``--readme`` takes the four of the README instead, into ``docs/pictures``: what a window shows, small enough to be committed.

The demo runs on a free port of loopback, on a temporary database, and ends with this program.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from feedback_app.demo.people import MODERATORS
from feedback_app.demo.plan_file import plan_file
from feedback_app.domain.calendar import day_of
from tests.servers import browser as chromium
from tests.servers.site import ROOT, RunningSite

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (320, 1280)
SEEDED_WITHIN = 600
PLAN = plan_file(day_of(datetime.now(UTC))).plan.slug
COMMITMENT = f"/engagements/{PLAN}/1"
FORM = f"/commenter?sujet=engagement:{PLAN}:1"
TEXT = (
    "Le fichier du lundi est utile : notre club l’affiche au ponton.\n\n"
    "Il manque la station du vieux moulin depuis trois semaines. Est-elle en panne ?"
)


@dataclass(frozen=True)
class Shot:
    """One page: its address, and what to do there before the picture is taken."""

    name: str
    path: str
    act: Callable[[Page], None] | None = None
    dark: bool = False


def _with_mistakes(page: Page) -> None:
    page.get_by_label("Votre commentaire", exact=True).fill("Bof.")
    page.locator("main input[type=email]").fill("camille@")
    page.get_by_role("button", name="Envoyer le commentaire").click()


def _sent(page: Page) -> None:
    page.get_by_label("Votre commentaire", exact=True).fill(TEXT)
    page.locator("main input[type=email]").fill("camille.dumont@exemple.test")
    page.get_by_role("button", name="Envoyer le commentaire").click()


def _first_text(page: Page) -> None:
    page.locator("main tbody a, main li a").first.click()


def _first_edition(page: Page) -> None:
    page.locator("main a[href*='/editions/20']").first.click()


def _text_that_is(status: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        badge = page.get_by_text(status, exact=True)
        page.locator("main li").filter(has=badge).get_by_role("link").first.click()

    return act


def _refusing_without_reason(page: Page) -> None:
    _first_text(page)
    page.get_by_label("Ne pas publier", exact=True).check()
    page.get_by_role("button", name="Enregistrer la décision").click()


PUBLIC = (
    Shot("home", "/", dark=True),
    Shot("list", "/engagements/"),
    Shot("list-nothing-found", "/engagements/?q=introuvable"),
    Shot("commitment", COMMITMENT, dark=True),
    Shot("commitment-with-a-long-title", f"/engagements/{PLAN}/4"),
    Shot("form", FORM),
    Shot("form-with-mistakes", FORM, _with_mistakes),
    Shot("private-page", FORM, _sent),
    Shot("sign-in", "/compte/connexion"),
    Shot("legal", "/charte"),
    Shot("not-found", "/nulle-part"),
    Shot("barometer", "/barometre/"),
    Shot("indicator", "/barometre/demonstration/indicateurs/cars-a-l-heure", dark=True),
    Shot("edition", "/barometre/demonstration/editions/", _first_edition),
    Shot("territory", "/barometre/demonstration/territoires/D29"),
    Shot("requests", "/demandes/"),
    Shot("answers-given", "/transparence/reponses"),
    Shot("demo", "/demo/"),
    Shot("demo-mails", "/demo/courriels"),
    Shot("components", "/composants", dark=True),
)
CITIZEN = (
    Shot("space", "/compte/"),
    Shot("private-page-published", "/compte/", _text_that_is("Publié")),
    Shot("private-page-refused", "/compte/", _text_that_is("Non publié")),
)
MODERATION = (
    Shot("queue", "/moderation/"),
    Shot("review", "/moderation/", _first_text),
    Shot("review-with-mistakes", "/moderation/", _refusing_without_reason),
)
MINISTRY = (Shot("desk", "/ministere/"),)
# Who is looking (a person of the demo, by key), and at what: a new page is added here.
ALBUM = (("", PUBLIC), ("citoyenne", CITIZEN), (MODERATORS[0], MODERATION), ("contact-saisons", MINISTRY))


README = (
    ("", Shot("commitment", COMMITMENT)),
    ("", Shot("indicator", "/barometre/demonstration/indicateurs/cars-a-l-heure")),
    ("", Shot("answers", "/transparence/reponses")),
    ("contact-saisons", Shot("desk", "/ministere/")),
)
WINDOW = (1100, 760)
LARGEST = 150_000  # bytes of one picture of the README


def take(page: Page, shots: Sequence[Shot], address: str, folder: Path) -> list[Path]:
    """Take each picture, whole pages, at each width. Gives the files back."""
    files = []
    for shot in shots:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address + shot.path)
            if shot.act:
                shot.act(page)
                page.wait_for_load_state()
            for scheme in ("light", "dark") if shot.dark else ("light",):
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                file = folder / f"{shot.name}-{width}{'-dark' if scheme == 'dark' else ''}.png"
                page.screenshot(path=file, full_page=True)
                files.append(file)
            page.emulate_media(color_scheme="light")
    return files


@contextmanager
def demo() -> Iterator[tuple[RunningSite, Browser]]:
    """A demo with its sample data, and a browser to look at it with; both end at the end."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="devoir-screenshots-") as name:
        site = RunningSite(Path(name), f"sqlite:///{name}/demo.db", DEMO="1", OPERATOR_NAME="la République de démonstration")
        site.flask("demo", "seed", within=SEEDED_WITHIN)
        with site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(**chromium.launch_options())
            yield site, browser
            browser.close()


def opened(site: RunningSite, browser: Browser, key: str) -> Page:
    """A window of this person of the demo; "" is nobody."""
    page = browser.new_context(locale="fr-FR").new_page()
    if key:
        page.goto(f"{site.address}/demo")
        page.locator(f"form[action$='/{key}'] button").last.click()
    return page


def run(folder: Path) -> list[Path]:
    """Start a demo, take all pictures into ``folder``, and stop it."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    with demo() as (site, browser):
        for key, shots in ALBUM:
            files += take(opened(site, browser, key), shots, site.address, folder)
    return files


def for_the_readme(folder: Path) -> list[Path]:
    """The four pictures of the README. Raises ``ValueError`` when one is too large to be committed."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    with demo() as (site, browser):
        for key, shot in README:
            page = opened(site, browser, key)
            page.set_viewport_size({"width": WINDOW[0], "height": WINDOW[1]})
            page.goto(site.address + shot.path)
            if shot.act:
                shot.act(page)
                page.wait_for_load_state()
            files.append(folder / f"{shot.name}.png")
            page.screenshot(path=files[-1])
            if files[-1].stat().st_size > LARGEST:
                raise ValueError(f"{files[-1]} is larger than {LARGEST} bytes")
    return files


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.screenshots", description="Pictures of the main pages at two widths.")
    parser.add_argument("--out", type=Path, help="the folder for the pictures (default: screenshots, or docs/pictures)")
    parser.add_argument("--readme", action="store_true", help="only the four pictures of the README")
    there, reason = chromium.available()
    if not there:
        print(f"screenshots: {reason} (Debian package: chromium)", file=sys.stderr)
        return 1
    asked = parser.parse_args(arguments)
    out = asked.out or ROOT / ("docs/pictures" if asked.readme else "screenshots")
    files = (for_the_readme if asked.readme else run)(out)
    print(f"screenshots: {len(files)} pictures in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
