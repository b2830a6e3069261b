"""A citizen's address: masked for staff, shown whole on record, and the record read by administrators."""

from __future__ import annotations

import pytest

from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import Role
from feedback_app.domain.trace import AccessAction
from feedback_app.models import AccessLog

EMAIL = "ondine.quatremare@citoyens.exemple.test"
JOURNAL = "/admin/journal"


@pytest.fixture
def text(make):
    return make.comment(email=EMAIL, status=ContributionStatus.PENDING)


@pytest.fixture
def path(text):
    return f"/moderation/textes/{text.current_version_id}"


@pytest.fixture
def moderator(make, sign_in):
    return sign_in(make.moderator("Zoé Martin"))


@pytest.fixture
def administrator(make, sign_in):
    return sign_in(make.person(roles=(Role.ADMINISTRATOR,), name="Ada"))


def show(browser, path):
    return browser.post(f"{path}/adresse", data=browser.get_page(path).form(0))


def test_the_page_of_a_text_shows_it_masked(moderator, path):
    page = moderator.get_page(path).text("main")
    assert "o…@c….test" in page
    assert EMAIL not in moderator.get(path).text


def test_a_button_shows_it_whole_and_the_log_says_who_looked_at_whose(moderator, path, text, make):
    answer = show(moderator, path)
    assert answer.status_code == 200
    assert EMAIL in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    (row,) = [row for row in make.all(AccessLog) if row.action is AccessAction.ADDRESS_REVEALED]
    assert (row.concerned_id, row.identity_id, row.address_prefix) == (text.identity_id, make.identity_of("Zoé Martin"), "127.0.0.0/24")
    assert EMAIL not in moderator.get(path).text, "the next page masks it again"


def test_it_cannot_be_had_by_a_link(moderator, path, make):
    assert moderator.get(f"{path}/adresse").status_code == 405
    assert moderator.post(f"{path}/adresse").status_code == 401
    assert [row for row in make.all(AccessLog) if row.action is AccessAction.ADDRESS_REVEALED] == []


@pytest.mark.parametrize("roles", [(), (Role.COORDINATOR,), (Role.ADMINISTRATOR,)])
def test_nobody_else_gets_it(make, sign_in, path, roles):
    browser = sign_in(make.person(roles=roles))
    token = browser.get_page("/compte/").all("input[@name='csrf_token']")[0].get("value")
    answer = browser.post(f"{path}/adresse", data={"csrf_token": token})
    assert answer.status_code == 403
    assert EMAIL not in answer.text


def test_a_person_who_was_erased_has_none(moderator, make, path, text):
    form = moderator.get_page(path).form(0)
    make.erased(text.identity)
    assert moderator.post(f"{path}/adresse", data=form).status_code == 404


def test_the_administrator_reads_who_looked_with_masked_addresses(moderator, administrator, path):
    show(moderator, path)
    page = administrator.get_page(f"{JOURNAL}?quoi=adresses")
    assert "Adresse affichée" in page.text("main")
    assert "Zoé Martin" in page.text("main")
    assert "o…@c….test" in page.text("main")
    assert EMAIL not in administrator.get(JOURNAL).text


def test_the_journal_is_paged_the_latest_first_with_a_fixed_number_of_statements(moderator, administrator, path, statements):
    for _time in range(3):
        show(moderator, path)
    with statements() as few:
        administrator.get(JOURNAL)
    for _time in range(51):
        show(moderator, path)
    with statements() as many:
        page = administrator.get_page(JOURNAL)
    assert len(many) == len(few)
    assert page.next_page
    assert administrator.get_page(page.next_page).all("main//tbody/tr")


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.COORDINATOR])
def test_the_journal_is_the_administrators(make, sign_in, role):
    assert sign_in(make.person(roles=(role,))).get(JOURNAL).status_code == 403
