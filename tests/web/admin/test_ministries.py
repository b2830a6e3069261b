"""How a ministry is reached: typed by the administrator, said in the receipt of a request for documents."""

from __future__ import annotations

import pytest

from feedback_app.models import Ministry


@pytest.fixture
def path(make):
    return f"/admin/ministeres/{make.ministry('Ministère des Routes').slug}/modifier"


def test_its_address_and_telephone_are_kept_and_shown_again(admin, make, path):
    address = "1 rue des Routes\n75000 Paris"
    assert admin.send(path, {"postal_address": address, "telephone": "01 99 00 12 34"}).status_code == 303
    (ministry,) = [one for one in make.all(Ministry) if one.name == "Ministère des Routes"]
    assert (ministry.postal_address, ministry.telephone, ministry.version) == (address, "01 99 00 12 34", 2)
    assert admin.get_page(path).form()["postal_address"] == address
    assert admin.send(path, {"postal_address": "", "telephone": ""}).status_code == 303
    assert make.one(Ministry, ministry.id).postal_address is None


@pytest.mark.parametrize("values", [{"postal_address": "a" * 301}, {"telephone": "1" * 41}, {"telephone": "\x00"}])
def test_what_is_too_long_or_unreadable_comes_back(admin, make, path, values):
    assert admin.send(path, values).status_code == 422
    assert [one.telephone for one in make.all(Ministry)] == [None] * len(make.all(Ministry))
