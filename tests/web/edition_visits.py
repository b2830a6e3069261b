"""The administrator's pages of the barometer, in each of their states, for ``test_pseudo_locale.py``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from feedback_app.domain.barometer import EditionStatus
from feedback_app.domain.policy import Role
from tests.barometers import after_revision, before_revision
from tests.edition_files import DATA, archive, by_indicator
from tests.pages import Page

Site = Any  # ``test_pseudo_locale.Site``, which imports this module
EDITION_BUTTONS = {"admin.compare_edition"}
HOME = "/en/admin/barometre/"
ESSAI = f"{HOME}essai/"


def _look(path: str) -> Callable[[Site], Page]:
    return lambda site: _admin(site).get_page(path)


def _admin(site: Site) -> Any:
    return site.browser_of(site.make.person(name="Jeanne D.", roles=(Role.ADMINISTRATOR,)))


def _edition(site: Site, status: EditionStatus, rest: str = "") -> Page:
    """A revised edition of a barometer of its own, in this status."""
    barometer = site.make.barometer(active=False, name="Baromètre des essais")
    site.make.edition(before_revision(), barometer=barometer, on=date(2025, 6, 30))
    edition = site.make.edition(after_revision(), barometer=barometer, status=status, reason="Un premier texte, assez long.")
    return _admin(site).get_page(f"{HOME}{barometer.slug}/editions/{edition.id}{rest}")


def _stale(site: Site, *, asked: bool) -> Page:
    barometer = site.make.barometer(active=False, name="Baromètre des essais")
    first = site.make.edition(before_revision(), barometer=barometer, on=date(2025, 6, 30))
    draft = site.make.edition(after_revision(), barometer=barometer, status=EditionStatus.DRAFT)
    site.make.withdrawal(first)
    browser, path = _admin(site), f"{HOME}{barometer.slug}/editions/{draft.id}"
    page = browser.get_page(path)
    if not asked:
        return page
    browser.post(f"{path}/comparaison", data=page.form())
    return browser.get_page(path)


def _upload(site: Site, files: dict[str, bytes], *, read: bool, again: bool = False) -> Page:
    barometer = site.make.barometer(active=False, name="Baromètre des essais")
    if again:
        site.make.edition(barometer=barometer, on=date(2026, 2, 28))
    upload = site.make.upload(barometer, archive(files), read=read)
    return _admin(site).get_page(f"{HOME}{barometer.slug}/envois/{upload.id}")


def _barometer(site: Site) -> Page:
    """With a draft, and files that wait."""
    barometer = site.make.barometer(active=False, name="Baromètre des essais")
    site.make.edition(barometer=barometer, status=EditionStatus.DRAFT)
    site.make.upload(barometer, archive(by_indicator()))
    return _admin(site).get_page(f"{HOME}{barometer.slug}/")


def _reforms(site: Site) -> Page:
    site.make.ministry("Baromètre des essais")
    return _admin(site).get_page(f"{ESSAI}reformes")


def _sent(path: str, data: dict[str, str]) -> Callable[[Site], Page]:
    def visit(site: Site) -> Page:
        browser = _admin(site)
        return browser.page(browser.send(path, data))

    return visit


D = EditionStatus
EDITION_VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    "administrator's barometers": ("admin.barometers", _look(HOME)),
    "administrator's barometer": ("admin.barometer", _barometer),
    "send an edition": ("admin.send_edition", _look(f"{ESSAI}envoi")),
    "send an edition, nothing": ("admin.send_edition", _sent(f"{ESSAI}envoi", {"on": ""})),
    "upload, waiting": ("admin.upload", lambda site: _upload(site, by_indicator(), read=False)),
    "upload, read": ("admin.upload", lambda site: _upload(site, by_indicator(), read=True)),
    "upload, wrong": ("admin.upload", lambda site: _upload(site, {**by_indicator(), DATA: b"?"}, read=True)),
    "upload, other content": ("admin.upload", lambda site: _upload(site, by_indicator(), read=True, again=True)),
    "draft edition": ("admin.edition", lambda site: _edition(site, D.DRAFT)),
    "draft edition, to be compared again": ("admin.edition", lambda site: _stale(site, asked=False)),
    "draft edition, being compared": ("admin.edition", lambda site: _stale(site, asked=True)),
    "administrator's published edition": ("admin.edition", lambda site: _edition(site, D.PUBLISHED)),
    "administrator's withdrawn edition": ("admin.edition", lambda site: _edition(site, D.WITHDRAWN)),
    "publish": ("admin.publish_edition", lambda site: _edition(site, D.DRAFT, "/publication")),
    "publish, done": ("admin.publish_edition", lambda site: _edition(site, D.PUBLISHED, "/publication")),
    "discard": ("admin.discard_edition", lambda site: _edition(site, D.DRAFT, "/abandon")),
    "withdraw an edition": ("admin.withdraw_edition", lambda site: _edition(site, D.PUBLISHED, "/retrait")),
    "reforms": ("admin.reforms", _reforms),
    "reforms, nothing chosen": ("admin.reforms", _sent(f"{ESSAI}reformes", {})),
}
