"""What the documentation calls a file, an address or a class is one."""

from __future__ import annotations

import ast
import re

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from feedback_app.domain.language import ENGLISH, PREFIXES
from tests.house.markdown import code, read, rows
from tests.house.source import PACKAGE, ROOT, modules
from tests.house.test_docs import GUIDES
from tests.house.url_list import demo_app

# Where a path in the documentation may start from.
BASES = (ROOT, ROOT / PACKAGE, ROOT / PACKAGE / "legal", ROOT / "docs")
PATH = re.compile(r"(?:[\w.-]+/)+(?:[\w.-]+)?|[\w-]+\.(?:py|md|sh|toml|txt|json|html|css)")
ADDRESS = re.compile(r"(/[\w/-]*)(?:\?\S*)?")
# Files that somebody else makes: an operator, or a program when it runs.
NOT_IN_THE_CHECKOUT = re.compile(r"^my-plan\.json$|^instance/|^\.\./|^/srv/|^/etc/")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return demo_app(tmp_path_factory.mktemp("names"))


def missing_files(text: str) -> list[str]:
    """The paths in code spans that lead to no file. Placeholders (``<audience>``) and addresses of the site are no paths."""
    spans = {span.strip() for span in code(text)}
    paths = {span for span in spans if PATH.fullmatch(span) and not NOT_IN_THE_CHECKOUT.search(span)}
    return sorted(path for path in paths if not any((base / path).exists() for base in BASES))


def missing_addresses(app: Flask, text: str) -> list[str]:
    """The addresses in code spans that the site does not have."""
    site = app.url_map.bind("localhost")
    found = []
    for span in set(code(text)):
        address = ADDRESS.fullmatch(span.strip())
        if address and not NOT_IN_THE_CHECKOUT.search(span):
            try:
                site.match("/" if address[1] == PREFIXES[ENGLISH] else address[1])
            except RequestRedirect:
                continue
            except HTTPException:
                found.append(span)
    return sorted(found)


def classes() -> set[str]:
    return {node.name for module in modules() for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)}


@pytest.mark.parametrize("name", GUIDES)
def test_every_file_that_a_page_names_exists(name):
    assert missing_files(read(name)) == []


@pytest.mark.parametrize("name", GUIDES)
def test_every_address_that_a_page_names_exists(app, name):
    assert missing_addresses(app, read(name)) == []


def test_every_class_in_the_glossary_exists():
    """A word in code is built; what is only planned is written without."""
    firsts = [row[0] for row in rows(read("docs/glossary.md"))]
    named = {word for cell in firsts for span in code(cell) for word in re.findall(r"\b[A-Z][a-z]\w*\b", span)}
    assert len(named) > 20
    assert named - classes() == set()


def test_a_name_that_leads_nowhere_is_found(app):
    files = "`services/nothing.py` `services/plans.py` `web/nowhere/` `web/<audience>/x.py`"
    assert missing_files(files) == ["services/nothing.py", "web/nowhere/"]
    addresses = "`/nulle-part` `/engagements/` `/compte` `/commenter?sujet=x`"
    assert missing_addresses(app, addresses) == ["/nulle-part"]
