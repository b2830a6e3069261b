"""What may be committed: no trace of one machine or registry, nothing too long to read, no test that waits or is left out."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "node_modules", "instance", "var", "screenshots", "__pycache__"}
CACHES = re.compile(r"\.\w+_cache|\.hypothesis")
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))

LARGEST_FILE = 300_000  # bytes
LARGEST_CATALOGUE = 600_000  # every sentence of the site, twice
LONGEST_FILE = 400  # lines of Python
LONGEST_FUNCTION = 40  # lines, from "def" to its end

# Patterns, not examples: this file must not name what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.$}-])/(?:work|root)/")
REGISTRY = re.compile(r"\b(?:pypi|pythonhosted|npmjs|(?:deb|security)\.debian)\.org\b")
MAY_POLL = ("tests/servers/", "tests/e2e/")


def tracked() -> Iterator[Path]:
    """The files that are, or are about to be, in a commit; outside a Git checkout: all that are not made by the tools."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if not made_by_tools(path.relative_to(ROOT))]
    return (ROOT / name for name in sorted(set(listed)) if name and (ROOT / name).is_file())


def made_by_tools(path: Path) -> bool:
    return any(part in NOT_OURS or CACHES.fullmatch(part) for part in path.parts)


@cache
def texts() -> dict[str, str]:
    """Every committed text by its path; pictures and the like are left out."""
    found = {}
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" not in raw[:8000]:
            found[path.relative_to(ROOT).as_posix()] = raw.decode(errors="replace")
    return found


@cache
def trees() -> dict[str, ast.Module]:
    return {name: ast.parse(text, name) for name, text in texts().items() if name.endswith(".py") and "migrations/versions/" not in name}


def places(pattern: re.Pattern[str], files: dict[str, str]) -> list[str]:
    """Where a pattern stands, as ``file:line: the line``."""
    found = []
    for name, text in files.items():
        if pattern.search(text):
            lines = enumerate(text.splitlines(), start=1)
            found += [f"{name}:{number}: {line.strip()[:120]}" for number, line in lines if pattern.search(line)]
    return found


def calls_to_sleep(tree: ast.Module) -> list[int]:
    """The lines that wait: ``time.sleep(...)``, or a ``sleep`` taken out of ``time``."""
    lines = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr="sleep")):
                lines.append(node.lineno)
            case ast.ImportFrom(module="time", names=names) if any(name.name == "sleep" for name in names):
                lines.append(node.lineno)
    return sorted(lines)


def marks_that_leave_out(tree: ast.Module) -> list[int]:
    """The lines that mark a test as skipped or expected to fail."""
    left_out = {"skip", "skipif", "xfail"}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in left_out and isinstance(node.value, ast.Attribute) and node.value.attr == "mark"
    ]


def long_functions(tree: ast.Module) -> list[str]:
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    lengths = ((node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions)
    return [f"{line}: {name} has {length} lines" for name, line, length in lengths if length > LONGEST_FUNCTION]


def of_tests(trees: dict[str, ast.Module]) -> dict[str, ast.Module]:
    return {name: tree for name, tree in trees.items() if name.startswith("tests/")}


def test_no_file_names_a_path_of_one_machine():
    assert places(MACHINE_PATH, texts()) == []


def test_no_file_names_the_host_of_a_registry():
    assert places(REGISTRY, texts()) == []


def test_no_file_is_too_large_to_be_source():
    large = [path for path in tracked() if path.stat().st_size > (LARGEST_CATALOGUE if path.suffix == ".po" else LARGEST_FILE)]
    assert [f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes" for path in large] == []


def test_python_files_are_short_enough_to_read():
    lengths = {name: texts()[name].count("\n") for name in trees()}
    assert [f"{name}: {length} lines" for name, length in lengths.items() if length > LONGEST_FILE] == []


def test_functions_are_short_enough_to_read():
    code = {name: tree for name, tree in trees().items() if not name.startswith("tests/")}
    assert [f"{name}:{function}" for name, tree in code.items() for function in long_functions(tree)] == []


def test_no_test_waits_for_time_to_pass():
    code = {name: tree for name, tree in of_tests(trees()).items() if not name.startswith(MAY_POLL)}
    assert [f"{name}:{line}" for name, tree in code.items() for line in calls_to_sleep(tree)] == []


def test_no_test_is_marked_to_be_left_out():
    assert [f"{name}:{line}" for name, tree in of_tests(trees()).items() for line in marks_that_leave_out(tree)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_its_hashes_and_no_address(lock: Path):
    text = lock.read_text()
    entries = re.split(r"\n(?=\S)", text.replace("\\\n", " ").strip())
    assert entries
    assert [entry[:60] for entry in entries if not re.match(r"[a-z0-9.\[\],-]+==\S+", entry) or "--hash=sha256:" not in entry] == []
    assert places(re.compile(r"https?://|--(?:extra-)?index-url|--find-links"), {lock.name: text}) == []


def test_every_declared_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = {"base.txt": project["project"]["dependencies"]}
    declared["dev.txt"] = declared["base.txt"] + project["dependency-groups"]["dev"]
    for lock, requirements in declared.items():
        locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / lock).read_text(), re.MULTILINE))
        names = {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower() for requirement in requirements}
        assert names - locked == set(), f"run: make lock ({lock})"


# The rules themselves are tried on what they must find.

ROOT_PATH = "/" + "root" + "/x"


@pytest.mark.parametrize("line", [f"open('{ROOT_PATH}')", "cd /" + "work/main", ROOT_PATH])
def test_a_path_of_one_machine_is_found(line):
    assert places(MACHINE_PATH, {"a.md": f"first\n{line}\n"}) == [f"a.md:2: {line}"]


@pytest.mark.parametrize("line", ["/commitments/" + "work/", "https://example.org/" + "root/", "tests/" + "work/x", "./" + "root/"])
def test_an_address_of_ours_is_no_path_of_a_machine(line):
    assert places(MACHINE_PATH, {"a.md": line}) == []


@pytest.mark.parametrize("host", ["pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "deb.debi" + "an.org"])
def test_the_host_of_a_registry_is_found(host):
    assert places(REGISTRY, {"a.txt": f"see https://{host}/simple"})


def test_waiting_is_found_however_it_is_imported():
    assert calls_to_sleep(ast.parse("import time\ntime.sleep(1)\nfrom time import sleep\n")) == [2, 3]


def test_marks_that_leave_a_test_out_are_found():
    names = ["skip", "skipif", "xfail", "parametrize"]
    source = "\n".join(f"@pytest.mark.{name}('x')\ndef test_{name}(): pass" for name in names)
    assert marks_that_leave_out(ast.parse(source)) == [1, 3, 5]


def test_a_long_function_is_found():
    body = "    pass\n" * LONGEST_FUNCTION
    assert long_functions(ast.parse(f"def short():\n    pass\ndef long():\n{body}")) == [f"3: long has {LONGEST_FUNCTION + 1} lines"]
