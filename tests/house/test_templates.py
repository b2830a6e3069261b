"""Templates mirror endpoints: ``moderation.review`` shows ``moderation/review.html``; every file is used, every name leads to a file."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta

from tests.house.source import ROOT, TEMPLATES, Module, dotted, fake, modules, parsed
from tests.house.url_list import demo_app

NAME = re.compile(r"[a-z_]+/[a-z_]+\.(?:html|txt)")
# Folders that are no blueprint: what pages are made of, the parts of the page of a commitment (one for each subject), error pages
# (web/errors.py) and mails (mail/rendering.py).
SHARED = {"_layout", "_components", "_commitment", "errors", "mail"}
ERROR_PAGES = ("web/errors.py", "errors/page.html")
# A view that shows a second page beside its own: what it says when it cannot show that one, what is shown once, or what it shows of
# another kind of text.
SECOND_PAGES = {
    ("account.fetch_data", "account/data_gone.html"),
    ("account.use_link", "account/link_refused.html"),
    ("account.enrol", "account/new_recovery_codes.html"),
    ("account.recovery_codes", "account/new_recovery_codes.html"),
    ("public.private_page", "public/private_request.html"),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return demo_app(tmp_path_factory.mktemp("templates"))


def files() -> set[str]:
    return {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file()}


def render_calls(tree: ast.AST) -> list[ast.Call]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if dotted(call.func).rpartition(".")[2].startswith("render_template")]


def name_of(call: ast.Call) -> str | None:
    """The template that is rendered; None where its name is not written out."""
    return call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None


def view_trees(app: Flask) -> dict[str, ast.FunctionDef]:
    """The function behind each endpoint of ours."""
    found = {}
    for endpoint, view in app.view_functions.items():
        function = inspect.unwrap(view)
        path = Path(inspect.getsourcefile(function) or "")
        if path.is_relative_to(ROOT / "feedback_app"):
            names = {node.name: node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef)}
            found[endpoint] = names[function.__name__]
    return found


def misplaced(views: dict[str, ast.FunctionDef]) -> list[str]:
    """The views that render something else than their own template, or that hide what they render."""
    return [
        f"{endpoint}: renders {name}"
        for endpoint, view in views.items()
        for name in map(name_of, render_calls(view))
        if name != f"{endpoint.replace('.', '/')}.html" and (endpoint, name) not in SECOND_PAGES
    ]


def rendered_outside_views(found: Iterable[Module], views: dict[str, ast.FunctionDef]) -> list[str]:
    """Templates rendered by a function that is no view."""
    in_views = {id(node) for view in views.values() for node in ast.walk(view)}
    return [
        f"{module.path}:{call.lineno}: {name_of(call)}"
        for module in found
        for call in render_calls(module.tree)
        if id(call) not in in_views and (module.path, name_of(call)) != ERROR_PAGES
    ]


def named_in_code(found: Iterable[Module]) -> set[str]:
    """Everything in the package that reads like the name of a template."""
    strings = (
        node.value for module in found for node in ast.walk(module.tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {text for text in strings if NAME.fullmatch(text)}


def named_in_templates(app: Flask) -> set[str]:
    """What templates extend, import or include."""
    found: set[str] = set()
    for name in files():
        tree = app.jinja_env.parse((TEMPLATES / name).read_text(encoding="utf-8"))
        found |= {reference for reference in meta.find_referenced_templates(tree) if reference}
    return found


def test_every_view_renders_the_template_of_its_name(app):
    assert misplaced(view_trees(app)) == []


def test_only_views_and_the_error_pages_render_templates(app):
    assert rendered_outside_views(modules(), view_trees(app)) == []


def test_every_folder_is_a_blueprint_or_shared(app):
    assert {name.split("/")[0] for name in files()} - SHARED == {
        name for name in app.blueprints if any(f.startswith(f"{name}/") for f in files())
    }


def test_every_template_of_a_blueprint_is_an_endpoint_s(app):
    pages = {name for name in files() if name.split("/")[0] not in SHARED}
    of_endpoints = {f"{endpoint.replace('.', '/')}.html" for endpoint in view_trees(app)}
    assert pages - of_endpoints == {name for _endpoint, name in SECOND_PAGES}


def test_every_template_is_used(app):
    assert files() - named_in_code(modules()) - named_in_templates(app) == set()


def test_every_template_that_is_named_exists(app):
    assert (named_in_code(modules()) | named_in_templates(app)) - files() == set()


def test_the_exceptions_are_still_needed(app):
    views = view_trees(app)
    assert {(endpoint, name_of(call)) for endpoint, view in views.items() for call in render_calls(view)} >= SECOND_PAGES


# The rules themselves are tried on what they must find.


@pytest.mark.parametrize(
    "body",
    ["render_template('public/other.html')", "flask.render_template(name)", "render_template_string('<p>')"],
    ids=["another", "hidden", "inline"],
)
def test_a_view_that_shows_something_else_is_found(body):
    (view,) = fake("web/public/home.py", f"def home():\n    return {body}").tree.body
    assert len(misplaced({"public.home": view})) == 1


def test_a_template_rendered_by_a_helper_is_found():
    helper = fake("web/public/home.py", "def _page():\n    return render_template('public/home.html')")
    assert rendered_outside_views([helper], {}) == ["web/public/home.py:2: public/home.html"]
