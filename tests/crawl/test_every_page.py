"""Every page of the site, in each language and for each kind of person, can be used by everybody: looked at in a browser.

The pages come from ``VISITS`` (tests/web/test_pseudo_locale.py) and from the stored list of addresses, so a new address is looked at
without a line here. Width, colours and language are combined by pairs: each pair of them meets on the first visit of each endpoint.
"""

from __future__ import annotations

import pytest

from tests.crawl.look import DARK, LIGHT, NARROW, WIDE
from tests.crawl.visits import first_visits, listed_pages, needs_session, one_person_of_each_kind


@pytest.mark.parametrize("name", first_visits().values())
def test_a_page_is_fit_for_everybody(eye, french, english, name):
    answer = french.visit(name)
    problems = [*eye.load(answer), *eye.look(NARROW, LIGHT), *eye.look(WIDE, DARK), *eye.walk(NARROW)]
    assert problems == [], "\n".join([f"{name}, {answer.path}:", *problems])
    answer = english.visit(name)
    problems = [*eye.load(answer), *eye.look(NARROW, DARK), *eye.look(WIDE, LIGHT), *eye.enlarge(), *eye.space_out()]
    problems += eye.walk(WIDE)
    assert problems == [], "\n".join([f"{name}, {answer.path}:", *problems])


def test_no_address_is_left_out():
    missing = {endpoint: line for endpoint, line in listed_pages().items() if endpoint not in first_visits()}
    assert missing == {}, "give each a line in VISITS of tests/web/test_pseudo_locale.py: the crawl looks at what stands there"


@pytest.mark.parametrize("person", one_person_of_each_kind(), ids=lambda person: person.key)
def test_the_desks_are_fit_for_everybody_whoever_sits_there(eye, french, person):
    """Each page that depends on who looks at it, as each kind of person is shown it. Two that are alike are looked at once."""
    problems = []
    for endpoint, name in first_visits().items():
        if needs_session(french.site.app, endpoint):
            answer = french.shown_to(person, french.visit(name).path)
            if answer and eye.is_new(answer):
                found = [*eye.load(answer), *eye.look(NARROW, LIGHT), *eye.look(WIDE, DARK)]
                problems += [f"{answer.path}: {problem}" for problem in found]
    assert problems == [], "\n".join(problems)


def test_the_menu_of_a_phone_opens_and_can_be_walked_through(eye, french):
    eye.load(french.visit("home"))
    eye.page.set_viewport_size({"width": NARROW, "height": 800})
    eye.page.get_by_role("button", name="Menu").click()
    assert eye.page.get_by_role("navigation", name="Menu principal").is_visible()
    assert [*eye.look(NARROW, LIGHT), *eye.look(NARROW, DARK), *eye.walk(NARROW)] == []
