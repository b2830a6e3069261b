"""The application's own source, read and parsed: what the house tests look at."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "feedback_app"
TEMPLATES = ROOT / "templates"


class Module(NamedTuple):
    """One file of the package: its path below ``feedback_app`` and its tree."""

    path: str
    tree: ast.Module

    @property
    def layer(self) -> str:
        """``services`` for services/plans.py, ``database`` for database.py, ``app`` for the package's own __init__."""
        first = self.path.split("/")[0].removesuffix(".py")
        return "app" if first == "__init__" else first


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package."""
    paths = sorted((ROOT / PACKAGE).rglob("*.py"))
    return tuple(Module(path.relative_to(ROOT / PACKAGE).as_posix(), parsed(path)) for path in paths)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def fake(path: str, source: str) -> Module:
    """A module that breaks a rule, to see that the rule sees it."""
    return Module(path, ast.parse(source))


def of_layers(found: Iterable[Module], *layers: str) -> Iterator[Module]:
    return (module for module in found if module.layer in layers)


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that is imported, in full and wherever in the file (inside functions and TYPE_CHECKING too), with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)


def is_within(name: str, *packages: str) -> bool:
    """Whether a dotted name is one of these, or inside one of them."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def dotted(node: ast.expr) -> str:
    """``datetime.now`` for that expression; calls and subscripts on the way are left out (``db.session().commit`` is db.session.commit)."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            return f"{dotted(value)}.{attribute}"
        case ast.Call(func=func):
            return dotted(func)
    return "?"


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every call, by its dotted name, with its line."""
    return ((dotted(node.func), node.lineno) for node in ast.walk(tree) if isinstance(node, ast.Call))
