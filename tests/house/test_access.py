"""Every address says who may open it, and none changes or disappears unnoticed (design, sections 4 and 7)."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from flask import Flask, url_for

from feedback_app import create_app
from feedback_app.domain import addresses
from feedback_app.web.access import public_form
from feedback_app.web.transaction import transactional
from tests.conftest import settings
from tests.house.url_list import STORED, access_of, demo_app, lines, writing

REGENERATE = "deliberate? then run: .venv/bin/python -m tests.house.url_list"

# Each function of domain/addresses.py that gives a path: what it is called with, and the endpoint that must answer with which arguments.
PATHS = {
    "commitment": (("plan-2026", 7), "public.commitment", {"plan": "plan-2026", "number": 7}),
    "indicator": (("essai", "IND-001"), "public.indicator", {"slug": "essai", "code": "IND-001"}),
    "topic": (("engagement:plan-2026:7",), "public.commitment", {"plan": "plan-2026", "number": 7}),
    "request_page": (("DS-2026-000123",), "public.citizen_request", {"reference": "DS-2026-000123"}),
    "me_too": (("MQ.x-_y",), "public.own_me_too", {"token": "MQ.x-_y"}),
    "desk": ((), "ministry.desk", {}),
    "commitments_desk": ((), "ministry.commitments", {}),
    "said_of": (("plan-2026", 7), "ministry.progress", {"plan": "plan-2026", "number": 7}),
    "comments_desk": ((), "ministry.comments", {}),
    "comment_at_its_desk": ((12,), "ministry.comment", {"contribution_id": 12}),
    "case": (("DS-2026-000123",), "ministry.case", {"reference": "DS-2026-000123"}),
    "coordination": ((), "coordination.desk", {}),
    "confirmation": (("Wz.x-_y",), "public.confirm", {"token": "Wz.x-_y"}),
    "private_page": (("MQ.x-_y",), "public.private_page", {"token": "MQ.x-_y"}),
    "rating": (("MQ.x-_y",), "public.rate", {"token": "MQ.x-_y"}),
    "sign_in": (("k-_y",), "account.use_link", {"token": "k-_y"}),
    "meeting": ((7,), "public.meeting", {"meeting_id": 7}),
    "own_assessments": ((), "account.list_assessments", {}),
    "space": ((), "account.index", {}),
    "ask_to_sign_in": ((), "account.sign_in", {}),
    "own_data": (("token",), "account.fetch_data", {"token": "token"}),
    "cancel_erasure": (("token",), "account.cancel_erasure", {"token": "token"}),
}
NOT_A_PATH = {"indicator_key", "commitment_key", "meeting_key"}


@pytest.fixture
def whole(tmp_path: Path) -> Flask:
    """The application with the demo's addresses, without a database."""
    return demo_app(tmp_path)


def undeclared(app: Flask) -> list[str]:
    return [endpoint for endpoint in app.view_functions if access_of(app, endpoint) == "undeclared"]


def not_transactional(app: Flask) -> list[str]:
    writers = {rule.endpoint for rule in app.url_map.iter_rules() if writing(rule)}
    return sorted(endpoint for endpoint in writers if not getattr(app.view_functions[endpoint], "writes", False))


def test_every_endpoint_declares_its_access(whole):
    assert undeclared(whole) == []


def test_every_endpoint_that_writes_runs_in_one_transaction(whole):
    assert not_transactional(whole) == []


def test_nothing_is_written_but_by_post(whole):
    """The guard checks tokens, and the transaction opens, for POST only."""
    assert [rule for rule in whole.url_map.iter_rules() if writing(rule) - {"POST"}] == []


def test_no_address_disappears_or_changes_its_access_unnoticed(whole):
    stored, found = STORED.read_text(encoding="utf-8").splitlines(), lines(whole)
    assert [line for line in stored if line not in found] == [], f"gone or changed; {REGENERATE}"
    assert [line for line in found if line not in stored] == [], f"not in the list; {REGENERATE}"


def test_the_demo_adds_addresses_below_its_own_path_and_the_catalogue_only(whole, tmp_path):
    plain = create_app(settings(tmp_path / "plain"))
    added = set(lines(whole)) - set(lines(plain))
    assert set(lines(plain)) <= set(lines(whole))
    assert added
    assert [line for line in added if " | catalogue." in line] == ["GET | /composants | catalogue.components | public_form"]
    assert all(line.split(" | ")[1].startswith("/demo") and " | demo." in line for line in added if " | catalogue." not in line)


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_guard_refuses_an_endpoint_that_says_nothing(tmp_path, method):
    app, opened = create_app(settings(tmp_path)), []
    app.add_url_rule("/sans-acces", "forgotten", lambda: opened.append("in") or "in", methods=["GET", "POST"])
    app.add_url_rule("/avec-acces", "declared", public_form(lambda: opened.append("declared") or ""), methods=["GET", "POST"])

    assert getattr(app.test_client(), method)("/sans-acces").status_code == 403
    assert opened == []
    assert getattr(app.test_client(), method)("/avec-acces").status_code == 200
    assert undeclared(app) == ["forgotten"]


def test_a_writing_endpoint_without_a_transaction_is_found(tmp_path):
    app = create_app(settings(tmp_path))
    app.add_url_rule("/a", "bare", public_form(lambda: ""), methods=["POST"])
    app.add_url_rule("/b", "whole", public_form(transactional(lambda: "")), methods=["POST"])
    assert not_transactional(app) == ["bare"]


# What each public path function says is what the URL map answers.


def test_every_path_function_is_in_the_table_of_this_test():
    functions = {name for name, function in inspect.getmembers(addresses, inspect.isfunction) if function.__module__ == addresses.__name__}
    assert functions - NOT_A_PATH == set(PATHS)


@pytest.mark.parametrize("name", sorted(PATHS))
def test_a_path_leads_to_its_endpoint_and_back(whole, name):
    arguments, endpoint, expected = PATHS[name]
    path = getattr(addresses, name)(*arguments)
    assert whole.url_map.bind("localhost").match(path) == (endpoint, expected)
    with whole.test_request_context():
        assert url_for(endpoint, **expected) == path


def test_a_topic_s_path_is_that_of_the_commitment_its_key_names():
    assert addresses.topic(addresses.commitment_key("plan-2026", 7)) == addresses.commitment("plan-2026", 7)


def test_a_topic_s_path_is_that_of_the_indicator_its_key_names():
    assert addresses.topic(addresses.indicator_key("essai", "IND-001")) == addresses.indicator("essai", "IND-001")


def test_the_path_to_go_on_to_survives_in_the_sign_in_path(whole):
    wanted = "/moderation/?apres=1.2&avant=é"
    with whole.test_request_context(addresses.sign_in("token", wanted)) as context:
        assert context.request.endpoint == "account.use_link"
        assert context.request.args["suite"] == wanted
