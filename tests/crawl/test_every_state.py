"""The other states of the pages: forms sent with mistakes, lists with nothing in them, pages that say what went wrong."""

from __future__ import annotations

import pytest

from tests.crawl.look import DARK, LIGHT, NARROW, WIDE, eye_of
from tests.crawl.visits import FAILURES, OTHER_STATES, empty_pages, failing_pages, pages_without_arguments


@pytest.mark.parametrize("name", OTHER_STATES)
def test_a_page_is_fit_for_everybody_in_its_other_states(eye, french, english, name):
    """French narrow and light, wide and dark; or English narrow and dark, wide and light: every second state."""
    in_french = OTHER_STATES.index(name) % 2 == 0
    answer = (french if in_french else english).visit(name)
    problems = [*eye.load(answer), *eye.look(NARROW, LIGHT if in_french else DARK), *eye.look(WIDE, DARK if in_french else LIGHT)]
    problems += eye.walk(NARROW if in_french else WIDE)
    assert problems == [], "\n".join([f"{name}, {answer.path}:", *problems])


@pytest.fixture(scope="module")
def nothing(tmp_path_factory, browser):
    """A site that nobody has filled, and an eye on it."""
    with empty_pages(tmp_path_factory.mktemp("nothing")) as pages, eye_of(browser, pages.app) as eye:
        yield pages, eye


@pytest.mark.parametrize("path", pages_without_arguments())
def test_a_page_is_fit_for_everybody_when_there_is_nothing_to_show(nothing, path):
    pages, eye = nothing
    for answer in pages.shown(path):
        problems = [*eye.load(answer), *eye.look(NARROW, DARK), *eye.look(WIDE, LIGHT)]
        assert problems == [], "\n".join([f"{path}:", *problems])


@pytest.fixture(scope="module")
def broken(tmp_path_factory, browser):
    """A site whose pages fail, and an eye on it."""
    with failing_pages(tmp_path_factory.mktemp("broken")) as pages, eye_of(browser, pages.app) as eye:
        yield pages, eye


@pytest.mark.parametrize("code", FAILURES)
def test_a_page_that_says_what_went_wrong_is_fit_for_everybody(broken, code):
    pages, eye = broken
    (answer,) = pages.shown(f"/refus/{code}", code)
    problems = [*eye.load(answer), *eye.look(NARROW, LIGHT), *eye.look(WIDE, DARK), *eye.walk(NARROW)]
    assert problems == [], "\n".join([f"{code}:", *problems])
