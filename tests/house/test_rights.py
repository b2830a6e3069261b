"""Who may do what, proved at every address: the stored answers, the page of the documentation, and fields that nobody may forge."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import inspect, text

from feedback_app.database import db
from feedback_app.domain.policy import POLICY, Permission
from tests.house import rights_page
from tests.house.rights_table import STORED, lines
from tests.house.url_list import demo_app, writing
from tests.house.walk import FORGED, Site, filled_form

TABLE = "deliberate? then run .venv/bin/python -m tests.house.rights_table, and read the difference in tests/house/rights.txt"
PAGE = "then run .venv/bin/python -m tests.house.rights_page"
# What decides who may do what and what is public: no forged field may change it. (A form that has the field itself does not count.)
DECISIVE = {
    "role",
    "kind",
    "status",
    "ministry_id",
    "identity_id",
    "account_id",
    "actor_id",
    "published_at",
    "confirmed_at",
    "contribution_id",
}


# Two need a file, one a published edition where a draft is planted: tests/web/admin/ (test_barometers.py, test_plans.py) proves them.
BEYOND_THE_WALK = {"admin.send_edition", "admin.send_plan", "admin.withdraw_edition"}


def test_every_address_answers_every_kind_of_person_as_the_table_says(walked_site, answers):
    stored = [line for line in STORED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = lines(walked_site, answers)
    assert [line for line in found if line not in stored] == [], f"other answers than stored, or not in the table; {TABLE}"
    assert sorted(stored) == sorted(found), f"gone, or twice in the table; {TABLE}"


# Shut where no token is configured, and where no job process runs: tests/web/public/test_monitoring.py opens them.
FOR_MONITORS = {"/metrics", "/sante"}


def test_the_walk_gets_into_every_address(answers):
    """Else its line in the table proves nothing."""
    shut = {a.rule.rule for a in answers} - {a.rule.rule for a in answers if a.status < 400 and a.admitted}
    assert shut == FOR_MONITORS, (
        "nobody gets in: give examples_of (tests/house/test_doors.py) or QUERIES (tests/house/walk.py) a working example"
    )


def test_the_service_behind_every_form_accepts_what_the_walk_sends(answers):
    """Else the refusals of others might be those of the form, before any right was looked at."""
    sent = {a.rule.endpoint for a in answers if a.method == "POST"}
    accepted = {a.rule.endpoint for a in answers if a.method == "POST" and 200 <= a.status < 400 and a.word == "yes"}
    assert sent - accepted == BEYOND_THE_WALK, "give BODIES (tests/house/walk.py) what has to be typed before the service accepts it"


def test_the_page_of_rights_says_what_the_policy_says(tmp_path):
    assert rights_page.PAGE.read_text(encoding="utf-8") == rights_page.page(demo_app(tmp_path)), f"docs/rights.md is old: {PAGE}"


def test_every_predicate_reads_as_the_end_of_a_sentence():
    for permission, rules in POLICY.items():
        for predicate in (predicate for rule in rules for predicate in rule):
            words = predicate.name
            assert words[0].islower(), f"{permission}: {words!r}"
            assert words[-1].isalpha(), f"{permission}: {words!r}"


def test_the_command_lists_every_route_with_its_methods_and_permission(tmp_path):
    app = demo_app(tmp_path)
    result = app.test_cli_runner().invoke(args=["access", "list", "--json"])
    assert result.exit_code == 0
    routes = {(route["path"], route["endpoint"]): route for route in json.loads(result.output)}
    assert set(routes) == {(rule.rule, rule.endpoint) for rule in app.url_map.iter_rules()}
    queue = routes["/moderation/textes/<int:version_id>", "moderation.review"]
    assert (queue["methods"], queue["door"], queue["permission"]) == (["GET", "POST"], "permission", Permission.TEXT_MODERATE)
    assert routes["/", "public.home"] == {"path": "/", "endpoint": "public.home", "methods": ["GET"], "door": "public", "permission": None}


def test_the_command_is_read_by_people_too(tmp_path):
    result = demo_app(tmp_path).test_cli_runner().invoke(args=["access", "list"])
    assert "GET,POST  /moderation/textes/<int:version_id>" in result.output
    assert "text:moderate" in result.output


# Forms bind only their own fields.


def decisive(site: Site) -> dict[str, list[Any]]:
    """The columns that decide who may do what and what is public, table by table."""
    found: dict[str, list[Any]] = {}
    with site.app.app_context(), db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            columns = sorted({column["name"] for column in inspect(connection).get_columns(table.name)} & DECISIVE)
            if columns:
                rows = connection.execute(text(f'SELECT id, {", ".join(columns)} FROM "{table.name}" ORDER BY id'))
                found[table.name] = [tuple(row) for row in rows]
        db.engine.dispose()
    return found


def test_fields_that_a_form_does_not_have_change_nothing(walked_site, answers):
    for rule in walked_site.rules():
        may = next((a.person for a in answers if a.rule is rule and a.method == "POST" and a.word == "yes"), None)
        if not writing(rule) or may is None:
            continue
        walked_site.restore()
        body = filled_form(walked_site, rule, [a for a in answers if a.rule is rule])
        path, _subject = walked_site.visits(rule)[0]
        after = []
        for forged in ({}, {name: value for name, value in FORGED.items() if name not in OWN_FIELDS.get(rule.endpoint, ())}):
            walked_site.browser(may).post(path, data={**forged, **body})
            after.append(decisive(walked_site))
            walked_site.restore()
        assert after[0] == after[1], f"{rule.rule}: a forged field went through (or is the form's own: then name it in OWN_FIELDS)"


# Endpoint -> fields of FORGED that its form really has, empty in the example.
OWN_FIELDS: dict[str, set[str]] = {"admin.edit_person": {"roles"}}
