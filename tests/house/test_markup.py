"""Nothing reaches a page unescaped but through two modules, and no page carries inline script or style (the CSP would stop it)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest

from tests.house.source import TEMPLATES, Module, calls, fake, imported, is_within, modules

MAY_CALL_A_STRING_SAFE = {"domain/text.py", "web/presentation.py"}
# Mail programs know no stylesheet: the one HTML mail carries its own.
MAY_STYLE_INLINE = {"mail/message.html"}

UNESCAPED = re.compile(r"\|\s*safe\b|\bautoescape\b|\bMarkup\b|\|\s*tojson\b|\|\s*xmlattr\b")
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
# "onglet", a tab, is the French name of a query's argument, not of an event.
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\ssrc=)|\son(?!glet\b)[a-z]+\s*=\s*[\"'{]|javascript:", re.IGNORECASE)
OFFICIAL = re.compile(r"([\w.]+)\s*\|\s*official_html\b")
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
# Label, hint, error and ARIA of a control are wired in one place, the macros of forms.html. The frame has the buttons of its menu.
HAND_MADE_CONTROL = re.compile(r"<(?:input|select|textarea|button|form|fieldset)\b", re.IGNORECASE)
SOMEBODY_ELSE_S_SERVER = re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE)


def templates() -> dict[str, str]:
    """Every template without its comments, lines kept."""
    paths = [path for path in sorted(TEMPLATES.rglob("*")) if path.is_file()]
    return {path.relative_to(TEMPLATES).as_posix(): _uncommented(path.read_text(encoding="utf-8")) for path in paths}


def _uncommented(source: str) -> str:
    return COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)


def places(pattern: re.Pattern[str], sources: dict[str, str], allowed: Iterable[str] = ()) -> list[str]:
    return [
        f"{name}:{source.count(chr(10), 0, match.start()) + 1}: {match[0].strip()}"
        for name, source in sources.items()
        if name not in allowed
        for match in pattern.finditer(source)
    ]


def marked_safe(found: Iterable[Module]) -> list[str]:
    """Where the code could call a string safe: by markupsafe, by Flask's or Jinja's own, by ``__html__``, or with escaping off."""
    problems = []
    for module in found:
        if module.path in MAY_CALL_A_STRING_SAFE:
            continue
        problems += [f"{module.path}:{line}: imports {name}" for name, line in imported(module.tree) if _brings_markup(name)]
        problems += [
            f"{module.path}:{line}: {name}()"
            for name, line in calls(module.tree)
            if name.rpartition(".")[2] in {"Markup", "render_template_string"}
        ]
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and node.name == "__html__":
                problems.append(f"{module.path}:{node.lineno}: def __html__")
            if isinstance(node, ast.keyword) and node.arg == "autoescape":
                problems.append(f"{module.path}:{node.value.lineno}: autoescape=")
            if isinstance(node, ast.Attribute) and node.attr == "autoescape":
                problems.append(f"{module.path}:{node.lineno}: .autoescape")
    return problems


def _brings_markup(name: str) -> bool:
    return is_within(name, "markupsafe") or name.rpartition(".")[2] in {"Markup", "render_template_string"}


def cleaned_by_nobody(sources: dict[str, str]) -> list[str]:
    """``official_html`` marks as safe what was cleaned when it was stored: the ``html`` of a section, the ``minutes_html`` of a meeting,
    never a source or a body."""
    found = [(name, match) for name, source in sources.items() for match in OFFICIAL.finditer(source)]
    return [f"{name}: {match[0]}" for name, match in found if not match[1].endswith((".html", "_html"))]


def test_no_code_calls_a_string_safe_but_in_two_modules():
    assert marked_safe(modules()) == []


def test_no_template_shows_anything_unescaped():
    assert places(UNESCAPED, templates()) == []


def test_only_stored_html_is_shown_as_html():
    assert OFFICIAL.search(templates()["_commitment/words.html"]), "this test looks for a filter that nobody uses any more"
    assert cleaned_by_nobody(templates()) == []


def test_no_template_has_an_inline_style():
    assert places(INLINE_STYLE, templates(), MAY_STYLE_INLINE) == []


def test_no_template_has_an_inline_script():
    assert places(INLINE_SCRIPT, templates()) == []


def test_no_page_makes_a_form_control_by_hand():
    pages = {name: source for name, source in templates().items() if not name.startswith(("_components/", "_layout/"))}
    assert places(HAND_MADE_CONTROL, pages) == []


def test_no_template_asks_anything_of_somebody_else_s_server():
    assert places(SOMEBODY_ELSE_S_SERVER, templates()) == []


# The rules themselves are tried on what they must find.


@pytest.mark.parametrize(
    "source",
    ["{{ body|safe }}", "{{ body | safe }}", "{% autoescape false %}", "{{ Markup(body) }}", "{{ x|tojson }}", "\n{{ {}|xmlattr }}"],
)
def test_an_unescaped_text_is_found(source):
    assert len(places(UNESCAPED, {"a.html": source})) == 1


@pytest.mark.parametrize("source", ['<p style="color: red">', "<STYLE>", "<p class='a'\n style = 'b'>"])
def test_an_inline_style_is_found(source):
    assert len(places(INLINE_STYLE, {"a.html": source})) == 1


@pytest.mark.parametrize(
    "source", ["<script>1</script>", '<a onclick="x()">', "<body\nonload='x()'>", '<a href="javascript:x()">', "<script defer>"]
)
def test_an_inline_script_is_found(source):
    assert len(places(INLINE_SCRIPT, {"a.html": source})) == 1


def test_a_control_made_by_hand_is_found():
    assert places(HAND_MADE_CONTROL, {"p.html": 'a\n<INPUT type="checkbox">'}) == ["p.html:2: <INPUT"]


@pytest.mark.parametrize("source", ['<script src="{{ static("js/app.js") }}" defer></script>', '<p data-online="1">', "{# <script> #}"])
def test_what_is_not_inline_is_fine(source):
    assert places(INLINE_SCRIPT, {"a.html": _uncommented(source)}) == []


@pytest.mark.parametrize(
    "source",
    [
        "from markupsafe import escape",
        "import flask\nflask.Markup('x')",
        "from flask import render_template_string",
        "class A:\n    def __html__(self): return ''",
        "app.jinja_env.autoescape = False",
        "Environment(autoescape=False)",
    ],
)
def test_a_string_called_safe_is_found(source):
    assert len(marked_safe([fake("services/plans.py", source)])) == 1
    assert marked_safe([fake("domain/text.py", source)]) == []


def test_a_source_shown_as_html_is_found():
    assert cleaned_by_nobody({"a.html": "{{ section.html|official_html }} {{ section.source|official_html }}"}) == [
        "a.html: section.source|official_html"
    ]


def test_a_file_of_somebody_else_s_is_found():
    assert len(places(SOMEBODY_ELSE_S_SERVER, {"a.html": '<img src="//elsewhere.example/a.png">'})) == 1
