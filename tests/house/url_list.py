"""The list of every address, kept in ``urls.txt``. After a deliberate change: ``.venv/bin/python -m tests.house.url_list``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from feedback_app import create_app
from feedback_app.web.access import Access
from tests.conftest import settings

STORED = Path(__file__).with_name("urls.txt")
IMPLIED = {"HEAD", "OPTIONS"}
WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def writing(rule: Rule) -> set[str]:
    """The methods of a rule that may change something."""
    return WRITING & (rule.methods or set())


def access_of(app: Flask, endpoint: str) -> str:
    """``public``, ``permission text:moderate``... or ``undeclared``."""
    access: Access | None = getattr(app.view_functions[endpoint], "access", None)
    if access is None:
        return "undeclared"
    return f"{access.door.value} {access.permission.value}" if access.permission else access.door.value


def lines(app: Flask) -> list[str]:
    """One line for each rule, sorted by path: ``METHODS | path | endpoint | access``."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    methods = [",".join(sorted((rule.methods or set()) - IMPLIED)) for rule in rules]
    return [f"{said} | {rule.rule} | {rule.endpoint} | {access_of(app, rule.endpoint)}" for rule, said in zip(rules, methods, strict=True)]


def demo_app(folder: Path) -> Flask:
    """The application with everything switched on. It has no database."""
    return create_app(settings(folder, DEMO="1"))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        STORED.write_text("\n".join(lines(demo_app(Path(folder)))) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
