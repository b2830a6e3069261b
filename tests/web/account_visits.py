"""Signing in, the second factor and one's own space, in each of their states, for ``test_pseudo_locale.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedback_app.domain.contribution import ContributionStatus
from tests.pages import Page
from tests.web.visiting import get, refused

Site = Any  # ``test_pseudo_locale.Site``, which imports this module
ACCOUNT_BUTTONS = {"account.sign_out", "account.end_session", "account.end_sessions"}
CODE = "/en/compte/second-facteur"


def _sign_in_link(site: Site) -> Page:
    site.browser().send("/en/compte/connexion", {"email": "zoe@exemple.test"})
    (link,) = [word for mail in site.make.mails() for word in mail.text.split() if "/compte/connexion/" in word][-1:]
    return site.browser().get_page(link.removeprefix("http://localhost"))


def _own_space(site: Site) -> Page:
    site.make.comment(topic=site.commitment.topic, status=ContributionStatus.PENDING, email="zoe@exemple.test", name=None)
    return site.moderator.get_page("/en/compte/")


def _first_sign_in(site: Site) -> Page:
    return site.browser_of(site.make.moderator(), second_factor=False).get_page(f"{CODE}/activer")


def _code(site: Site, typed: str | None = None) -> Page:
    """The page that asks for the code of the telephone, or what it says of a code."""
    moderator = site.make.moderator()
    telephone = site.make.second_factor(moderator)
    browser = site.browser_of(moderator, second_factor=False)
    if typed is None:
        return browser.get_page(CODE)
    if typed == "again":
        site.browser_of(moderator, second_factor=False).send(CODE, {"code": telephone.code()})
        typed = telephone.code()
    for _wrong in range(4):
        browser.send(CODE, {"code": "12345"})
    return browser.page(browser.send(CODE, {"code": typed}))


def _recovery_codes(site: Site, *, fresh: bool = False) -> Page:
    moderator = site.make.moderator()
    telephone = site.make.second_factor(moderator)
    browser = site.browser_of(moderator)
    page = browser.get_page(f"{CODE}/codes")
    return browser.page(browser.send(f"{CODE}/codes", {"code": telephone.code()})) if fresh else page


ACCOUNT_VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    "sign in": ("account.sign_in", get("/en/compte/connexion")),
    "sign in, wrong": ("account.sign_in", refused(lambda _site: "/en/compte/connexion", email="")),
    "link sent": ("account.link_sent", get("/en/compte/connexion/envoye")),
    "link": ("account.use_link", _sign_in_link),
    "link refused": ("account.use_link", get("/en/compte/connexion/none", 410)),
    "first sign-in of staff": ("account.enrol", _first_sign_in),
    "code": ("account.second_factor", _code),
    "code, none": ("account.second_factor", lambda site: _code(site, "")),
    "code, wrong too often": ("account.second_factor", lambda site: _code(site, "12345")),
    "code, used already": ("account.second_factor", lambda site: _code(site, "again")),
    "recovery codes": ("account.recovery_codes", _recovery_codes),
    "recovery codes, new": ("account.recovery_codes", lambda site: _recovery_codes(site, fresh=True)),
    "own sessions": ("account.sessions", lambda site: site.moderator.get_page("/en/compte/sessions")),
    "own space": ("account.index", _own_space),
    "own space, empty": ("account.index", lambda site: site.citizen.get_page("/en/compte/")),
}
