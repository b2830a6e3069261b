"""Imports go down only, and what belongs to one layer stays in it (design, sections 3 and 4)."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.house.source import PACKAGE, Module, calls, dotted, fake, imported, is_within, modules, of_layers

COMMON = {"database", "extensions", "config"}
# What each layer may import beside itself and third parties.
MAY_IMPORT = {
    "app": {"logs", "web", "cli", "jobs", "demo", "services", "mail", "models", "domain", "importers"} | COMMON,
    "web": {"jobs", "demo", "services", "mail", "models", "domain"} | COMMON,
    "cli": {"jobs", "demo", "services", "mail", "models", "domain", "importers"} | COMMON,
    "jobs": {"consumer", "demo", "services", "mail", "models", "domain"} | COMMON,
    "consumer": set(),
    "demo": {"services", "mail", "models", "domain", "importers"} | COMMON,
    "services": {"mail", "models", "domain", "importers"} | COMMON,
    "mail": {"models", "domain"} | COMMON,
    "models": {"domain"} | COMMON,
    "importers": {"domain"},
    "domain": set(),
    "database": set(),
    "extensions": set(),
    "logs": {"config"},
}
PURE = ("domain", "importers")
BELOW_WEB = ("services", "mail", "models", "domain", "importers")
NOT_PURE = (
    "flask",
    "sqlalchemy",
    "werkzeug",
    "wtforms",
    "jinja2",
    "alembic",
    "huey",
    "redis",
    "click",
    "requests",
    "smtplib",
    "sqlite3",
    "psycopg",
)
REQUEST_GLOBALS = ("flask.request", "flask.session", "flask.g", "flask_login.current_user", "flask_login.utils.current_user")
CLOCKS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime")
MAY_COMMIT = {"database.py", "web/transaction.py"}
# The outbox is a queue of its own: its deliveries are transactions between conversations with a mail server.
MAY_OPEN_A_TRANSACTION = MAY_COMMIT | {"mail/outbox.py"}
MAY_ASSIGN_A_STATUS = {"mail/outbox.py"}


def layer_of(name: str) -> str | None:
    """The layer that an imported name belongs to; None for a third party."""
    if is_within(name, "config"):
        return "config"
    if not is_within(name, PACKAGE):
        return None
    first = [*name.split("."), ""][1]
    return first if first in MAY_IMPORT else "app"


def forbidden_imports(found: Iterable[Module]) -> list[str]:
    return [
        f"{module.path}:{line}: {module.layer} imports {name}"
        for module in found
        for name, line in imported(module.tree)
        if layer_of(name) not in {None, module.layer} | MAY_IMPORT[module.layer]
    ]


def impure_imports(found: Iterable[Module]) -> list[str]:
    def is_impure(name: str) -> bool:
        return is_within(name, *NOT_PURE) or name.startswith("flask_")

    pure = of_layers(found, *PURE)
    return [f"{module.path}:{line}: imports {name}" for module in pure for name, line in imported(module.tree) if is_impure(name)]


def request_globals(found: Iterable[Module]) -> list[str]:
    """Where the request is reached for, by import or as an attribute of flask."""
    places = []
    for module in found:
        names = [
            *imported(module.tree),
            *((dotted(node), node.lineno) for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)),
        ]
        places += [f"{module.path}:{line}: {name}" for name, line in names if name in REQUEST_GLOBALS]
    return places


def clocks(found: Iterable[Module]) -> list[str]:
    def is_clock(name: str) -> bool:
        return any(name == clock or name.endswith(f".{clock}") for clock in CLOCKS)

    places = [f"{module.path}:{line}: {name}()" for module in found for name, line in calls(module.tree) if is_clock(name)]
    imports = [(module, *found) for module in found for found in imported(module.tree) if found[0] in CLOCKS]
    return places + [f"{module.path}:{line}: imports {name}" for module, name, line in imports]


def commits(found: Iterable[Module]) -> list[str]:
    return [
        f"{module.path}:{line}: {name}()"
        for module in found
        for name, line in calls(module.tree)
        if name.endswith(".commit") and module.path not in MAY_COMMIT
    ]


def transactions_opened(found: Iterable[Module]) -> list[str]:
    openers = {"unit_of_work", "begin_writing"}
    return [
        f"{module.path}:{line}: {name}()"
        for module in found
        for name, line in calls(module.tree)
        if name.split(".")[-1] in openers and module.path not in MAY_OPEN_A_TRANSACTION
    ]


def assignments(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Each single target with its value: ``a, b.status = 1, 2`` gives two pairs. The value is None where it cannot be told apart."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _pairs(target, value)
            case ast.AnnAssign(target=target, value=value) | ast.AugAssign(target=target, value=value):
                yield target, value
            case ast.For(target=target) | ast.comprehension(target=target):
                yield from _pairs(target, None)
            case ast.Call(func=ast.Name(id="setattr"), args=[thing, ast.Constant(value=str(name)), value]):
                yield ast.copy_location(ast.Attribute(value=thing, attr=name), node), value
            case ast.Call(func=ast.Attribute(value=statement, attr="values"), keywords=keywords):
                for keyword in keywords:
                    yield ast.copy_location(ast.Attribute(value=statement, attr=keyword.arg or ""), node), keyword.value


def _pairs(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    if not isinstance(target, ast.Tuple | ast.List):
        yield target, value
        return
    together = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
    for index, element in enumerate(target.elts):
        yield from _pairs(element, value.elts[index] if together else None)  # type: ignore[union-attr]


def statuses_assigned(tree: ast.Module) -> Iterator[tuple[ast.Attribute, ast.expr | None]]:
    """Each ``thing.status = value``; an object's own ``self.status`` (an exception that says where it stood) is no row."""
    for target, value in assignments(tree):
        if isinstance(target, ast.Attribute) and target.attr.split("_")[-1] == "status" and dotted(target.value) != "self":
            yield target, value


def statuses_assigned_outside_services(found: Iterable[Module]) -> list[str]:
    elsewhere = [module for module in found if module.layer != "services" and module.path not in MAY_ASSIGN_A_STATUS]
    return [
        f"{module.path}:{target.lineno}: {dotted(target)} =" for module in elsewhere for target, _value in statuses_assigned(module.tree)
    ]


def statuses_not_from_a_workflow(found: Iterable[Module]) -> list[str]:
    return [
        f"{module.path}:{target.lineno}: {dotted(target)} is not what a workflow's next() returned"
        for module in of_layers(found, "services")
        for target, value in statuses_assigned(module.tree)
        if not (isinstance(value, ast.Call) and dotted(value.func).endswith("WORKFLOW.next"))
    ]


def colliding_names(found: Iterable[Module]) -> list[str]:
    """A bare ``Request`` or ``requests``: the first is Flask's, the second the HTTP library's."""
    places = []
    for module in found:
        if "requests" in module.path.removesuffix(".py").split("/"):
            places.append(f"{module.path}: its name")
        for node in ast.walk(module.tree):
            names = [node.name] if isinstance(node, ast.ClassDef | ast.FunctionDef) else [node.id] if isinstance(node, ast.Name) else []
            places += [f"{module.path}:{node.lineno}: {name}" for name in names if name in {"Request", "requests"}]  # type: ignore[attr-defined]
        places += [
            f"{module.path}:{line}: imports {name}" for name, line in imported(module.tree) if is_within(name, "requests", "flask.Request")
        ]
    return places


def test_every_module_belongs_to_a_layer():
    assert {module.layer for module in modules()} - set(MAY_IMPORT) == set()


def test_imports_go_down_only():
    assert forbidden_imports(modules()) == []


def test_the_domain_and_the_importers_know_no_framework():
    assert impure_imports(modules()) == []


def test_nobody_below_the_web_reads_the_request():
    assert request_globals(module for module in modules() if module.layer != "web") == []


def test_below_the_web_the_time_is_an_argument():
    assert clocks(list(of_layers(modules(), *BELOW_WEB, "demo", "database"))) == []


def test_nobody_commits_but_the_two_who_own_a_transaction():
    assert commits(modules()) == []


def test_below_the_web_nobody_opens_a_transaction():
    assert transactions_opened(of_layers(modules(), *BELOW_WEB, "demo")) == []


def test_in_the_web_only_the_hook_opens_a_transaction():
    assert transactions_opened(of_layers(modules(), "web")) == []


def test_only_services_assign_a_status():
    assert statuses_assigned_outside_services(modules()) == []


def test_a_status_is_what_a_workflow_returned():
    assert statuses_not_from_a_workflow(modules()) == []


def test_no_name_collides_with_flask_or_the_http_library():
    assert colliding_names(modules()) == []


# The rules themselves are tried on what they must find.


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("services/plans.py", "from feedback_app import jobs"),
        ("services/plans.py", "def f():\n    import feedback_app.web.access"),
        ("services/plans.py", "from feedback_app.demo.people import PEOPLE"),
        ("mail/outbox.py", "from feedback_app.services import events"),
        ("models/plan.py", "from feedback_app.mail.messages import Message"),
        ("domain/text.py", "from feedback_app.database import db"),
        ("domain/text.py", "from config import Config"),
        ("importers/plan.py", "from feedback_app.models import Plan"),
        ("demo/seed.py", "from feedback_app.web.access import now"),
        ("web/errors.py", "from feedback_app.cli import plan"),
        ("web/errors.py", "from feedback_app.importers.plan import read_plan"),
        ("jobs.py", "from feedback_app import create_app"),
    ],
)
def test_an_import_upwards_is_found(path, source):
    assert len(forbidden_imports([fake(path, source)])) == 1


@pytest.mark.parametrize(
    "source", ["import flask", "from sqlalchemy.orm import Mapped", "from flask_babel import gettext", "def f():\n    import click"]
)
def test_a_framework_in_the_domain_is_found(source):
    assert len(impure_imports([fake("domain/text.py", source)])) == 1
    assert impure_imports([fake("web/text.py", source)]) == []


@pytest.mark.parametrize("source", ["from flask import g", "import flask\nflask.request.args", "from flask_login import current_user"])
def test_a_request_below_the_web_is_found(source):
    assert len(request_globals([fake("services/plans.py", source)])) == 1


@pytest.mark.parametrize("source", ["datetime.now(UTC)", "dt.datetime.utcnow()", "x = date.today()", "from time import time"])
def test_a_clock_is_found(source):
    assert len(clocks([fake("services/plans.py", source)])) == 1


@pytest.mark.parametrize("source", ["db.session.commit()", "db.session().commit()", "with db.engine.connect() as c:\n    c.commit()"])
def test_a_commit_is_found(source):
    assert len(commits([fake("services/plans.py", source)])) == 1


@pytest.mark.parametrize("source", ["with unit_of_work():\n    pass", "database.begin_writing()"])
def test_a_transaction_opened_in_a_service_is_found(source):
    assert len(transactions_opened([fake("services/plans.py", source)])) == 1


@pytest.mark.parametrize(
    "source",
    [
        "text.status = 1",
        "before, text.status = text.status, next(text)",
        "text.status: str = 'published'",
        "setattr(text, 'status', 1)",
        "update(TextVersion).values(status=TextStatus.PUBLISHED)",
        "case.publication_status = 1",
        "for text.status in statuses: pass",
    ],
)
def test_a_status_assigned_is_found(source):
    assert len(statuses_assigned_outside_services([fake("web/moderation/texts.py", source)])) == 1
    assert len(statuses_not_from_a_workflow([fake("services/moderation.py", source)])) == 1


def test_a_status_that_a_workflow_returned_is_fine():
    source = "before, text.status = text.status, TEXT_WORKFLOW.next(text.status, action)"
    assert statuses_not_from_a_workflow([fake("services/moderation.py", source)]) == []


@pytest.mark.parametrize(
    "source", ["class Request: pass", "import requests", "requests = []", "from flask import Request", "from requests import get"]
)
def test_a_colliding_name_is_found(source):
    assert len(colliding_names([fake("models/case.py", source)])) == 1
