"""``flask theme import-dsfr``: what an operator reads, and what visitors then get."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from feedback_app import create_app
from tests.conftest import settings
from tests.dsfr_folder import NEEDED, make_dsfr


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return make_dsfr(tmp_path / "package")


def run(instance: Path, *arguments: str) -> Result:
    return create_app(settings(instance)).test_cli_runner().invoke(args=["theme", "import-dsfr", *arguments])


def page(instance: Path) -> str:
    return create_app(settings(instance)).test_client().get("/nulle-part").text


def test_a_copy_is_imported_and_worn_from_the_next_start_on(instance, package):
    running = create_app(settings(instance)).test_client()
    result = run(instance, str(package))
    assert (result.exit_code, result.output) == (
        0,
        f"DSFR 1.99.0 importé ({len(NEEDED)} fichiers, 0.0 Mo). Redémarrez les processus web pour qu’ils le portent.\n",
    )
    assert "dsfr.min.css" not in running.get("/nulle-part").text
    assert "/dsfr.min.css" in page(instance)


def test_off_goes_back(instance, package):
    before = page(instance)
    run(instance, str(package))
    result = run(instance, "--off")
    assert (result.exit_code, "DSFR 1.99.0 retiré" in result.output) == (0, True)
    assert page(instance) == before
    assert "rien n’a changé" in run(instance, "--off").output


def test_a_refusal_is_one_line_and_changes_nothing(instance, package):
    run(instance, str(package))
    before = page(instance)
    (package / "dist/fonts/Ours.woff2").unlink()
    result = run(instance, str(package))
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert f"dist/fonts/Ours.woff2 manque dans {package}\u00a0: ce n’est" in result.output
    assert "(rien n’a changé)" in result.output
    assert page(instance) == before


@pytest.mark.parametrize("arguments", [[], ["folder", "--off"]])
def test_a_folder_or_off_is_needed(instance, arguments):
    result = run(instance, *arguments)
    assert result.exit_code == 2
    assert "donnez le dossier d’une copie du DSFR, ou --off" in result.output
