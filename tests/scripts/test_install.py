"""``make install`` says in one sentence why it cannot, and does nothing when nothing changed. (That it installs, every test here shows.)"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import babel
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose lock pins nothing, so that installing it needs no network."""
    for folder in ("scripts", "requirements", "bin"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "scripts" / "install.sh", tmp_path / "scripts")
    (tmp_path / "requirements" / "dev.txt").write_text("# nothing\n")
    return tmp_path


def install(checkout: Path, python: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.defpath, "PYTHON": python}
    return subprocess.run(
        ["sh", "scripts/install.sh"], cwd=checkout, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def stand_in(checkout: Path, version: str) -> str:
    """An interpreter that only knows its version, and cannot be used."""
    program = checkout / "bin" / "python3"
    program.write_text(f'#!/bin/sh\ncase "$2" in *assert*) exit 1;; esac\necho {version}\n')
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ("2.7.18", "Python 2.7.18 is too old, 3.11 or newer is needed"),
        ("3.9.2", "Python 3.9.2 is too old, 3.11 or newer is needed"),
        ("3.10.14", "Python 3.10.14 is too old, 3.11 or newer is needed"),
        ("3.12.4", "Python 3.12.4 cannot make virtual environments (venv or ensurepip is missing)"),
    ],
)
def test_a_python_that_cannot_be_used_is_named_with_what_to_do(checkout, version, sentence):
    done = install(checkout, stand_in(checkout, version))
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (checkout / ".venv").exists()


def test_no_python_at_all_is_said(checkout):
    done = install(checkout, "no-such-python")
    assert done.returncode == 1
    assert "no Python found (looked for no-such-python)" in done.stderr


def test_it_is_done_again_only_when_the_lock_changes(checkout):
    assert "making .venv" in install(checkout, sys.executable).stderr
    assert install(checkout, sys.executable).stderr == ""
    (checkout / "requirements" / "dev.txt").write_text("# nothing either\n")
    again = install(checkout, sys.executable).stderr
    assert "installing the pinned packages" in again
    assert "making .venv" not in again


def test_an_installation_that_failed_is_not_taken_for_done(checkout):
    (checkout / "requirements" / "dev.txt").write_text("not-pinned\n")
    assert install(checkout, sys.executable).returncode != 0
    (checkout / ".venv" / "bin" / "python").exists()
    assert not (checkout / ".venv" / "installed").exists()


def test_a_catalogue_is_compiled_again_only_when_its_source_is_newer(checkout):
    catalogue = checkout / "feedback_app" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr ""\n\nmsgid "Oui"\nmsgstr "Yes"\n')
    install(checkout, sys.executable)
    # The lock of this checkout pins nothing: lend its environment the library that compiles.
    lend = f"import sys; sys.path.append({str(Path(babel.__file__).parents[1])!r})"
    (next((checkout / ".venv" / "lib").glob("python3.*")) / "site-packages" / "lent.pth").write_text(lend)

    assert "compiling feedback_app/translations/en" in install(checkout, sys.executable).stderr
    assert b"Yes" in catalogue.with_suffix(".mo").read_bytes()
    assert install(checkout, sys.executable).stderr == ""
    os.utime(catalogue, (catalogue.with_suffix(".mo").stat().st_mtime + 10,) * 2)
    assert "compiling" in install(checkout, sys.executable).stderr
