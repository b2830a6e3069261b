"""``flask privacy``: what an operator types, and what they read."""

from __future__ import annotations

import importlib
import io
import json
import stat
import zipfile
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import Role
from feedback_app.domain.privacy import TextsChoice
from feedback_app.models import Contribution, PersonalExport, PlannedErasure
from feedback_app.services.privacy import purge

EMAIL = "ondine@exemple.test"
privacy = importlib.import_module("feedback_app.cli.privacy")  # the group has the same name as its module


@pytest.fixture
def flask(app: Flask, clock, monkeypatch) -> Callable[..., Result]:
    """``flask("privacy", "purge")``, at the time of the test."""
    monkeypatch.setattr(privacy, "_now", clock)
    return lambda *words: app.test_cli_runner().invoke(args=["privacy", *words])


def test_every_step_of_the_purge_has_its_words():
    assert {step.name for step in purge.STEPS} == set(privacy.STEPS)


@pytest.mark.parametrize("command", ["export", "erase"])
@pytest.mark.parametrize(("email", "status"), [("inconnue@exemple.test", 1), ("pas une adresse", 2)])
def test_an_address_that_nobody_knows_is_one_clear_line(flask, command, email, status):
    result = flask(command, email)
    assert result.exit_code == status
    assert len([line for line in result.stderr.splitlines() if line.startswith("Error")]) == 1


def test_export_asks_and_masks_the_address(flask, make):
    make.comment(email=EMAIL)
    result = flask("export", EMAIL)
    assert result.exit_code == 0, result.output
    assert EMAIL not in result.output
    assert [row.made_at for row in make.all(PersonalExport)] == [None]


def test_export_writes_a_file_for_its_owner_only_and_over_no_other(flask, make, tmp_path):
    make.comment(email=EMAIL)
    path = tmp_path / "copie.zip"
    assert flask("export", EMAIL, "--output", str(path)).exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    data = json.loads(zipfile.ZipFile(io.BytesIO(path.read_bytes())).read("donnees.json"))
    assert data["identity"][0]["email"] == EMAIL
    assert make.all(PersonalExport) == []
    assert flask("export", EMAIL, "--output", str(path)).exit_code == 1


@pytest.mark.parametrize(("options", "texts"), [((), TextsChoice.WITHDRAW), (("--keep-texts",), TextsChoice.KEEP)])
def test_erase_plans_it_and_writes_to_the_person(flask, make, outbox, options, texts):
    make.comment(email=EMAIL)
    result = flask("erase", EMAIL, *options)
    assert result.exit_code == 0, result.output
    assert "03/03/2026 à 10:00" in result.output
    assert [planned.texts for planned in make.all(PlannedErasure)] == [texts]
    assert outbox.last().recipient == EMAIL


def test_erase_now_leaves_nothing(flask, make, stored_now):
    make.comment(email=EMAIL, name="Ondine Quatremare", status=ContributionStatus.PENDING)
    assert flask("erase", EMAIL, "--now").exit_code == 0
    assert make.identity(EMAIL) is None
    assert EMAIL.encode() not in stored_now()
    assert b"Quatremare" not in stored_now()


@pytest.fixture
def stored_now(app, database):
    from tests.stored_bytes import stored_bytes

    return lambda: stored_bytes(database)


def test_the_only_administrator_stays(flask, make):
    make.person(email=EMAIL, roles=(Role.ADMINISTRATOR,))
    result = flask("erase", EMAIL, "--now")
    assert result.exit_code == 1
    assert "donnez d’abord ce rôle" in result.stderr
    assert make.identity(EMAIL)


def test_a_dry_run_counts_and_changes_nothing_then_the_purge_does_it(flask, make, clock):
    make.comment(email=EMAIL, status=ContributionStatus.AWAITING_CONFIRMATION)
    clock.advance(days=8)
    dry = flask("purge", "--dry-run")
    assert "1 textes jamais confirmés" in dry.stdout
    assert dry.stdout.splitlines()[-1] == "Rien n’a été changé."
    assert len(make.all(Contribution)) == 1
    done = flask("purge")
    assert "1 textes jamais confirmés" in done.stdout
    assert done.stdout.splitlines()[-1] == "Fait."
    assert make.all(Contribution) == []
