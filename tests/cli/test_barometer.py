"""``flask barometer`` as an operator meets it: what it says, where, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from feedback_app.domain.barometer import EditionStatus
from feedback_app.models import Barometer, Edition, EditionWithdrawal, FigureRevision, Observation, Reform, Topic
from tests.edition_files import DATA, Files, by_indicator, by_synthesis, changed
from tests.factories import Make

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *arguments: app.test_cli_runner().invoke(args=["barometer", *map(str, arguments)])


@pytest.fixture
def load(run: Run, tmp_path: Path) -> Run:
    """``load(files, date, *options)``: import them from a folder of their own."""

    def invoke(files: Files, on: str, *options: str) -> Result:
        folder = tmp_path / f"edition-{len(list(tmp_path.iterdir()))}"
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return run("import", folder, "--barometer", "essai", "--date", on, *options)

    return invoke


@pytest.fixture
def essai(run: Run) -> None:
    assert run("create", "essai", "--name", "Baromètre d’essai").exit_code == 0


def report(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_barometer_is_created_once(run: Run, make: Make) -> None:
    assert run("create", "essai", "--name", "Baromètre d’essai").output == "Baromètre essai créé (actif).\n"
    assert run("create", "autre", "--name", "Autre").output == "Baromètre autre créé (archivé).\n"
    again = run("create", "essai", "--name", "Encore")
    assert (again.exit_code, again.stderr) == (1, "Error: un baromètre s’appelle déjà essai\n")
    assert run("activate", "autre").exit_code == 0
    assert {one.slug: one.active for one in make.all(Barometer)} == {"essai": False, "autre": True}


@pytest.mark.parametrize(("slug", "name"), [("Été 2024", "Nom"), ("a/b", "Nom"), ("essai", "\u200b ")])
def test_a_bad_slug_or_an_empty_name_is_one_clear_line(run: Run, make: Make, slug: str, name: str) -> None:
    result = run("create", slug, "--name", name)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert make.all(Barometer) == []


@pytest.mark.usefixtures("essai")
def test_an_import_leaves_a_draft_that_publish_makes_public(load: Run, run: Run, make: Make) -> None:
    result = load(by_indicator(), "2026-01-31")
    assert result.exit_code == 0
    assert "1 indicateurs, 3 territoires, 4 valeurs, 1 cibles, 1 valeurs initiales" in result.output
    assert make.all(Topic) == []
    assert run("publish", "--barometer", "essai", "--date", "2026-01-31").output == "L’édition du 2026-01-31 est publiée.\n"
    assert [edition.status for edition in make.all(Edition)] == [EditionStatus.PUBLISHED]
    assert len(make.all(Topic)) == 1
    assert run("publish", "--barometer", "essai", "--date", "2026-01-31").exit_code == 1


@pytest.mark.usefixtures("essai")
def test_json_holds_counts_and_revisions_by_kind(load: Run) -> None:
    first = report(load(by_indicator(), "2026-01-31", "--publish", "--json"))
    assert (first["indicators"], first["territories"], first["observations"], first["targets"], first["baselines"]) == (1, 3, 4, 1, 1)
    assert (first["revisions"], first["status"], first["refused"]) == ({}, "published", False)
    second = changed(changed(by_indicator(), DATA, "20.0", "18.0"), DATA, "12.50", "12.5001")
    dry = report(load(second, "2026-07-31", "--dry-run", "--publish", "--json"))
    real = report(load(second, "2026-07-31", "--publish", "--json"))
    assert real["revisions"] == {"target_changed": 1, "observation_changed": 1}
    assert real["revisions_by_size"] == {"real": {"target_changed": 1}, "rounding": {"observation_changed": 1}}
    assert (real["compared_with"], real["new_observations"]) == ("2026-01-31", 0)
    assert {**dry, "dry_run": False} == real


@pytest.mark.usefixtures("essai")
def test_a_dry_run_writes_nothing(load: Run, make: Make) -> None:
    result = load(by_synthesis(), "2026-01-31", "--dry-run")
    assert result.output.endswith("Essai : rien n’a été écrit.\n")
    assert (make.all(Edition), make.all(Observation), make.all(Reform)) == ([], [], [])


@pytest.mark.usefixtures("essai")
def test_the_same_content_again_changes_nothing(load: Run, make: Make) -> None:
    load(by_synthesis(), "2026-01-31", "--publish")
    dressed = {name: data.replace(b"\n", b"\r\n") for name, data in by_synthesis().items()}
    again = load(dressed, "2026-01-31", "--publish")
    assert again.output.endswith("rien n’a changé.\n")
    assert report(load(dressed, "2026-01-31", "--json"))["status"] == "unchanged"
    assert len(make.all(Edition)) == 1


@pytest.mark.usefixtures("essai")
def test_a_refusal_names_each_problem_and_leaves_the_public_edition_alone(load: Run, make: Make) -> None:
    load(by_indicator(), "2026-01-31", "--publish")
    bad = changed(changed(by_indicator(), DATA, "12.50", "douze"), DATA, "R84,", "84,")
    result = load(bad, "2026-07-31", "--publish")
    assert result.exit_code == 1
    assert [line.partition(" : ")[0] for line in result.stderr.splitlines()] == [
        "data/ind-001.csv, ligne 3, colonne indic_va",
        "data/ind-001.csv, ligne 6, colonne enforce_zone_id",
    ]
    told = load(bad, "2026-07-31", "--publish", "--json")
    refusal = json.loads(told.stdout)
    assert (told.exit_code, refusal["refused"], refusal["problem_count"]) == (1, True, 2)
    first = refusal["problems"][0]
    assert (first["file"], first["line"], first["column"], first["value"]) == ("data/ind-001.csv", 3, "indic_va", '"douze"')
    assert len(make.all(Edition)) == 1


@pytest.mark.usefixtures("essai")
@pytest.mark.parametrize(("on", "words"), [("2026-01-31", "retirez-la d’abord"), ("2025-01-31", "une édition plus récente")])
def test_a_taken_or_an_earlier_date_is_refused(load: Run, make: Make, on: str, words: str) -> None:
    load(by_indicator(), "2026-01-31", "--publish")
    result = load(changed(by_indicator(), DATA, "20.0", "18.0"), on, "--publish")
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(make.all(Edition)) == 1


@pytest.mark.usefixtures("essai")
def test_a_withdrawn_edition_is_replaced_and_the_next_one_compared_again(load: Run, run: Run, make: Make) -> None:
    for on, target in (("2025-01-31", "20.0"), ("2025-07-31", "19.0"), ("2026-01-31", "18.0")):
        load(changed(by_indicator(), DATA, "20.0", target), on, "--publish")
    result = run("withdraw", "--barometer", "essai", "--date", "2025-07-31", "--reason", "Une colonne était décalée.")
    assert (result.exit_code, result.output) == (0, "L’édition du 2025-07-31 est retirée.\n")
    assert [row.reason for row in make.all(EditionWithdrawal)] == ["Une colonne était décalée."]

    def of_the_last() -> tuple[str | None, str | None]:
        last = make.all(Edition)[2]
        (revision,) = [one for one in make.all(FigureRevision) if one.edition_id == last.id]
        return revision.old_text, revision.new_text

    assert of_the_last() == ("20.0", "18.0")
    assert load(changed(by_indicator(), DATA, "20.0", "19.5"), "2025-07-31", "--publish").exit_code == 0
    assert of_the_last() == ("19.5", "18.0")
    listed = json.loads(run("list", "--json").stdout)
    assert [(edition["date"], edition["status"]) for edition in listed[0]["editions"]] == [
        ("2026-01-31", "published"), ("2025-07-31", "published"), ("2025-07-31", "withdrawn"), ("2025-01-31", "published"),
    ]  # fmt: skip
    assert "2025-07-31 : retirée" in run("list").output


@pytest.mark.usefixtures("essai")
def test_a_reform_is_mapped_to_a_ministry_and_back(load: Run, run: Run, make: Make) -> None:
    ministry = make.ministry()
    load(by_indicator(), "2026-01-31", "--publish")
    assert run("reforms", "--barometer", "essai").output == "CH-001 : Ouvrir les guichets → coordination\n"
    mapped = run("map-reform", "CH-001", "--barometer", "essai", "--ministry", ministry.slug)
    assert mapped.output == f"CH-001 → {ministry.slug}\n"
    assert [topic.ministry_id for topic in make.all(Topic)] == [ministry.id]
    assert json.loads(run("reforms", "--barometer", "essai", "--json").stdout)[0]["ministry"] == ministry.slug
    assert run("map-reform", "CH-001", "--barometer", "essai", "--none").output == "CH-001 → coordination\n"
    assert [topic.ministry_id for topic in make.all(Topic)] == [None]


@pytest.mark.usefixtures("essai")
@pytest.mark.parametrize(
    "arguments",
    [
        ["map-reform", "CH-999", "--barometer", "essai", "--none"],
        ["map-reform", "CH-001", "--barometer", "essai", "--ministry", "nulle-part"],
        ["map-reform", "CH-001", "--barometer", "essai"],
        ["import", "/nulle/part", "--barometer", "essai", "--date", "2026-01-31"],
        ["import", "/nulle/part", "--barometer", "autre", "--date", "2026-01-31"],
        ["publish", "--barometer", "essai", "--date", "2026-01-31"],
        ["withdraw", "--barometer", "essai", "--date", "2026-01-31", "--reason", "x"],
        ["withdraw", "--barometer", "essai", "--date", "2026-01-31", "--reason", " "],
        ["reforms", "--barometer", "autre"],
        ["activate", "autre"],
    ],
    ids=" ".join,
)
def test_bad_input_ends_with_one_clear_line(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)


@pytest.mark.usefixtures("essai")
def test_an_unknown_barometer_is_a_refusal_in_json_too(run: Run, tmp_path: Path) -> None:
    result = run("import", tmp_path, "--barometer", "autre", "--date", "2026-01-31", "--json")
    assert (result.exit_code, json.loads(result.stdout)["refused"]) == (1, True)


@pytest.mark.usefixtures("essai")
def test_links_out_of_the_folder_are_not_followed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config-viz.yml").symlink_to("/etc/hostname")
    result = run("import", tmp_path, "--barometer", "essai", "--date", "2026-01-31")
    assert (result.exit_code, "aucun des deux formats" in result.stderr) == (1, True)


@pytest.mark.usefixtures("essai")
def test_progress_is_shown_on_a_terminal_only(load: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Édition" not in load(by_indicator(), "2026-01-31").stderr
    monkeypatch.setattr("feedback_app.cli.edition_work._on_a_terminal", lambda: True)
    shown: list[int] = []
    monkeypatch.setattr("feedback_app.cli.edition_work.click.progressbar", lambda **_options: _Bar(shown))
    load(by_indicator(), "2026-01-31")
    assert sum(shown) > 0


class _Bar:
    def __init__(self, shown: list[int]) -> None:
        self.shown = shown

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_error: object) -> None: ...

    def update(self, rows: int) -> None:
        self.shown.append(rows)
