"""The pages about one's own data, the journal and a shown address, in each of their states, for ``test_pseudo_locale.py``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from feedback_app.database import db, unit_of_work
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import Role
from feedback_app.models import Account, AccountRole
from feedback_app.services.privacy import export
from tests.conftest import NOW
from tests.pages import Page

Site = Any  # ``test_pseudo_locale.Site``, which imports this module


def _own_data(site: Site) -> list[Page]:
    """The page once a copy is asked for, the page behind its link, and the first page when it is made and when it is fetched."""
    browser, path = site.browser_of(site.make.person()), "/en/compte/mes-donnees"
    browser.send(path)
    pages = [browser.get_page(path)]
    with site.app.app_context(), unit_of_work():
        export.make_due(export.due(NOW)[-1], NOW)
    (link,) = [word for mail in site.make.mails() for word in mail.text.split() if "/compte/mes-donnees/" in word][-1:]
    fetch = link.removeprefix("http://localhost")
    pages += [browser.get_page(fetch), browser.get_page(path)]
    assert browser.post(fetch).mimetype == "application/zip"
    return [*pages, browser.get_page(path)]


def _erasure(site: Site, texts: str) -> tuple[Page, Page]:
    """The page once an erasure is planned, and the page that stops it."""
    browser = site.browser_of(site.make.person())
    browser.send("/en/compte/effacement", {"texts": texts})
    page = browser.get_page("/en/compte/effacement")
    return page, browser.get_page(page.all("main//form")[0].get("action") or "")


def _alone(site: Site) -> Page:
    """The last administrator asks to be erased; the others administer again afterwards."""
    browser = site.browser_of(site.make.person(roles=(Role.ADMINISTRATOR,)))
    others = [role for role in site.make.all(AccountRole) if role.role is Role.ADMINISTRATOR][:-1]
    _set_aside(site, others, datetime(2026, 1, 1, tzinfo=UTC))
    answer = browser.send("/en/compte/effacement", {"texts": "keep"})
    _set_aside(site, others, None)
    assert answer.status_code == 422
    return browser.page(answer)


def _set_aside(site: Site, administrators: list[AccountRole], at: datetime | None) -> None:
    """Shut these people's accounts, or open them again."""
    with site.app.app_context(), unit_of_work():
        for role in administrators:
            db.session.get_one(Account, role.account_id).deactivated_at = at


def _address(site: Site) -> Page:
    browser, path = site.browser_of(site.make.moderator("Zoé M.")), site.review(site.texts[ContributionStatus.PENDING].current_version_id)
    return browser.page(browser.post(f"{path}/adresse", data=browser.get_page(path).form(0)))


def _journal(site: Site, query: str = "") -> Page:
    _address(site)
    return site.browser_of(site.make.person(name="Jeanne D.", roles=(Role.ADMINISTRATOR,))).get_page(f"/en/admin/journal{query}")


PRIVACY_VISITS: dict[str, tuple[str, Callable[[Site], Page]]] = {
    "own data": ("account.own_data", lambda site: site.citizen.get_page("/en/compte/mes-donnees")),
    "own data, asked for": ("account.own_data", lambda site: _own_data(site)[0]),
    "own data, to fetch": ("account.fetch_data", lambda site: _own_data(site)[1]),
    "own data, ready": ("account.own_data", lambda site: _own_data(site)[2]),
    "own data, fetched": ("account.own_data", lambda site: _own_data(site)[3]),
    "own data, gone": ("account.fetch_data", lambda site: site.browser().get_page("/en/compte/mes-donnees/none", 410)),
    "erasure": ("account.erase", lambda site: site.citizen.get_page("/en/compte/effacement")),
    "erasure, of staff": ("account.erase", lambda site: site.moderator.get_page("/en/compte/effacement")),
    "erasure, nothing chosen": ("account.erase", lambda site: site.citizen.page(site.citizen.send("/en/compte/effacement"))),
    "erasure, alone": ("account.erase", _alone),
    **{
        f"erasure, planned, {texts}": ("account.erase", lambda site, texts=texts: _erasure(site, texts)[0])
        for texts in ("keep", "withdraw")
    },
    "erasure, to cancel": ("account.cancel_erasure", lambda site: _erasure(site, "keep")[1]),
    "erasure, cancelled": ("account.erasure_cancelled", lambda site: site.browser().get_page("/en/compte/effacement/annule")),
    "journal": ("admin.journal", _journal),
    "journal, addresses": ("admin.journal", lambda site: _journal(site, "?quoi=adresses")),
    "journal, nothing": ("admin.journal", lambda site: _journal(site, "?apres=1.1")),
    "address shown": ("moderation.show_address", _address),
}
