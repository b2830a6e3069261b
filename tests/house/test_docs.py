"""The documentation names every command, setting and make target, and nothing that does not exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from dotenv import dotenv_values
from flask import Flask
from flask.cli import AppGroup, FlaskGroup

import config
from config import Config, Environment
from feedback_app.cli import Commands
from tests.house.markdown import broken_links, code, links, pages, read, rows, sections
from tests.house.source import ROOT, calls, dotted, modules, parsed
from tests.house.url_list import demo_app

GUIDES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/commands.md",
    "docs/settings.md",
    "docs/operating.md",
    "docs/plan-format.md",
    "docs/glossary.md",
)
# Groups and commands of Flask and Flask-Migrate: they may be mentioned, their own documentation explains them.
NOT_OURS = {"db", "run", "shell", "routes"}
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "a secret that is long enough for anybody",
    "BASE_URL": "https://devoir.exemple.test",
    "MAIL_SERVER": "smtp.exemple.test",
    "MAIL_SENDER": "site@exemple.test",
}
# Their default is a place on the machine: the page says it in words.
IN_WORDS = {"INSTANCE_PATH", "DATABASE_URL", "REDIS_URL"}
# What the tools read, beside the settings of the application.
NOT_A_CHOICE = {"PATH", "PYTEST_XDIST_WORKER"}
ENV_LINE = re.compile(r"^#?([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)
VARIABLE = re.compile(r"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=.*)?")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return demo_app(tmp_path_factory.mktemp("docs"))


def leaves(group: click.Group, *names: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group, by its whole name."""
    found = group.commands
    if isinstance(group, Commands):  # each is imported when it is asked for
        asked = click.Context(group)
        found = {name: command for name in group.list_commands(asked) if (command := group.get_command(asked, name))}
    for name, command in sorted(found.items()):
        if isinstance(command, click.Group):
            yield from leaves(command, *names, name)
        else:
            yield " ".join((*names, name)), command


def own_commands(app: Flask) -> dict[str, click.Command]:
    assert isinstance(app.cli, AppGroup)
    return {name: command for name, command in leaves(app.cli) if name.split()[0] not in NOT_OURS}


def documented_commands(text: str) -> dict[str, str]:
    """``plan import`` -> what is said under its heading; a heading's arguments, in capitals, are left out."""
    found = {}
    for title, body in sections(text, 3).items():
        words = re.fullmatch(r"`flask ([a-z][a-z -]*?)(?: [A-Z][A-Z.]*)*`", title)
        assert words, f"no command: {title}"
        found[words[1]] = body
    return found


def test_every_command_has_its_heading_and_every_heading_its_command(app):
    documented = {name for name in documented_commands(read("docs/commands.md")) if name.split()[0] not in NOT_OURS}
    assert documented == set(own_commands(app))


def test_every_argument_of_a_command_stands_in_its_heading(app):
    for title in sections(read("docs/commands.md"), 3):
        name = re.sub(r"`|flask |\b[A-Z][A-Z.]*", "", title).strip()
        if name.split()[0] not in NOT_OURS:
            arguments = [parameter for parameter in own_commands(app)[name].params if isinstance(parameter, click.Argument)]
            assert len(re.findall(r"\b[A-Z][A-Z.]*", title)) == len(arguments), title


def test_every_option_of_a_command_is_said_and_none_that_it_does_not_have(app):
    documented = documented_commands(read("docs/commands.md"))
    for name, command in own_commands(app).items():
        options = {option for parameter in command.params if isinstance(parameter, click.Option) for option in parameter.opts}
        said = {option for span in code(documented[name]) for option in re.findall(r"(?<![\w-])--[a-z-]+", span)}
        assert said - {"--help"} == options, name


def test_db_upgrade_is_explained():
    assert "db upgrade" in documented_commands(read("docs/commands.md"))


@pytest.mark.parametrize("name", GUIDES)
def test_no_page_mentions_a_flask_command_that_does_not_exist(app, name):
    known = {words for words, _command in leaves(app.cli)} | {words for words, _command in leaves(FlaskGroup())}
    groups = {words.split()[0] for words in known}
    mentioned = [match for span in code(read(name)) for match in re.findall(r"(?<![\w.-])flask ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", span)]
    assert [
        pair for pair in mentioned if " ".join(pair).strip() not in known and pair[0] not in known and (pair[1] or pair[0] not in groups)
    ] == []


# make


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE))


def documented_targets() -> set[str]:
    return {cell[1] for row in rows(read("docs/commands.md")) if (cell := re.fullmatch(r"`make ([a-z-]+)`", row[0]))}


def test_every_make_target_is_documented_and_exists():
    assert documented_targets() == targets()


@pytest.mark.parametrize("name", GUIDES)
def test_no_page_mentions_a_make_target_that_does_not_exist(name):
    mentioned = {target for span in code(read(name)) for target in re.findall(r"(?:^|[\s(])make ([a-z][a-z-]*)", span)}
    assert mentioned - targets() == set()


def tool_variables() -> set[str]:
    """What the Makefile, the scripts and the tests read from the environment."""
    found = set(re.findall(r"^([A-Z]+) \?=", read("Makefile"), re.MULTILINE)) | {"PYTHON"}
    for folder in ("scripts", "tests", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= environment_names(parsed(path))
    return found - NOT_A_CHOICE


def environment_names(tree: ast.AST) -> set[str]:
    """The names in ``os.environ.get("NAME")``, ``os.environ["NAME"]``, ``"NAME" in os.environ`` and ``os.getenv("NAME")``."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if dotted(func) in {"os.environ.get", "os.getenv"}:
                found.add(name)
            case ast.Subscript(value=value, slice=ast.Constant(value=str(name)), ctx=ast.Load()) if dotted(value) == "os.environ":
                found.add(name)
            case ast.Compare(left=ast.Constant(value=str(name)), comparators=[value]) if dotted(value) == "os.environ":
                found.add(name)
    return found


def test_every_variable_of_the_tools_is_documented_and_read():
    documented = {cell[1] for row in rows(read("docs/commands.md")) if (cell := re.fullmatch(r"`([A-Z_]+)`", row[0]))}
    assert documented == tool_variables()


# Settings


class Asked(dict[str, str]):
    """An environment that remembers what was looked up in it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        self.names.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> str:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)


@pytest.fixture(scope="module")
def settings_read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every setting that the configuration looks up, with its default."""
    environ, defaults = Asked({**PRODUCTION, "INSTANCE_PATH": str(tmp_path_factory.mktemp("settings"))}), {}
    read_text = config._Reader.text

    def remember(reader: config._Reader, name: str, default: str) -> str:
        defaults[name] = default
        return read_text(reader, name, default)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config._Reader, "text", remember)
        Config.from_env(environ)
    assert set(defaults) == environ.names, "a setting is read without the reader: its default is not known here"
    return defaults


def documented_settings() -> dict[str, list[str]]:
    """NAME -> [meaning, default, example]."""
    return {row[0].strip("`"): row[1:] for row in rows(read("docs/settings.md")) if re.fullmatch(r"`[A-Z_]+`", row[0])}


def test_every_setting_is_documented_and_exists(settings_read):
    assert set(documented_settings()) == set(settings_read)


def test_the_defaults_are_those_of_the_code(settings_read):
    said = {name: "" if default == "none" else default.strip("`") for name, (_meaning, default, _example) in documented_settings().items()}
    assert {name: said[name] for name in said if name not in IN_WORDS} == {
        name: settings_read[name] for name in said if name not in IN_WORDS
    }


def test_every_example_is_accepted(tmp_path):
    for name, (_meaning, _default, example) in documented_settings().items():
        values = {"ENVIRONMENT": "development"} if name == "DEMO" else PRODUCTION
        Config.from_env({"INSTANCE_PATH": str(tmp_path), **values, name: example.strip("`")})


def test_the_example_file_lists_every_setting_and_no_other(settings_read):
    names = [name for name, _value in ENV_LINE.findall(read(".env.example"))]
    assert sorted(names) == sorted(settings_read)


def test_the_example_file_works_as_it_is_in_development(tmp_path):
    found = Config.from_env({**_example(ROOT / ".env.example"), "INSTANCE_PATH": str(tmp_path)})
    assert (found.environment, found.demo) == (Environment.DEVELOPMENT, False)


def test_the_example_file_works_with_everything_in_it_switched_on(tmp_path):
    file = tmp_path / "env"
    file.write_text(ENV_LINE.sub(r"\1=\2", read(".env.example")), encoding="utf-8")
    found = Config.from_env({**_example(file), "ENVIRONMENT": "production"})
    assert (found.mail.port, found.site.operator.split(",")[0], found.demo) == (587, "Région Exemple", False)


def _example(file: Path) -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(file).items()}


@pytest.mark.parametrize("name", GUIDES)
def test_no_page_mentions_a_variable_that_nothing_reads(settings_read, name):
    mentioned = {match[1] for span in code(read(name)) if (match := VARIABLE.fullmatch(span))}
    assert mentioned - set(settings_read) - tool_variables() == set()


def test_only_the_configuration_reads_the_environment():
    readers = [
        f"{module.path}:{line}" for module in modules() for name, line in calls(module.tree) if "environ" in name or name == "os.getenv"
    ]
    assert readers == []


# Links


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_link_between_pages_is_broken(page):
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


def test_the_links_of_the_legal_pages_lead_to_pages_of_ours(app):
    site = app.url_map.bind("localhost")
    found = [target for page in (ROOT / "feedback_app" / "legal").glob("*.md") for target in links(page.read_text(encoding="utf-8"))]
    ours = [target for target in found if target.startswith("/")]
    assert ours
    assert {site.match(target)[0] for target in ours} == {"public.legal", "account.index"}


# The rules themselves are tried on what they must find.


def test_a_broken_link_is_found():
    text = "# A title, here\n[a](docs/nothing.md) [b](#a-title-here) [c](#elsewhere) [d](https://example.org/x) `[e](f.md)` [g](LICENSE)"
    assert broken_links(ROOT / "README.md", text) == [
        "README.md: docs/nothing.md leads nowhere",
        "README.md: #elsewhere has no such heading",
    ]


def test_a_variable_is_found_however_it_is_read():
    source = 'os.environ.get("A_B")\nos.environ["C_D"]\n"E_F" in os.environ\nos.getenv("G_H")\nother["I_J"]\nos.environ["K_L"] = "1"'
    assert environment_names(ast.parse(source)) == {"A_B", "C_D", "E_F", "G_H"}
