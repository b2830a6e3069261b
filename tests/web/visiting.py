"""How the pages of ``test_pseudo_locale.py`` are visited: looked at by anybody, or shown by a form sent with faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.pages import Page

Site = Any  # ``test_pseudo_locale.Site``, which imports this module


def get(path: str, status: int = 200) -> Callable[[Site], Page]:
    return lambda site: site.browser().get_page(path, status)


def refused(path: Callable[[Site], str], **values: str) -> Callable[[Site], Page]:
    """The form, sent with faults."""

    def visit(site: Site) -> Page:
        answer = site.browser().send(path(site), values)
        assert answer.status_code == 422
        return site.browser().page(answer)

    return visit
