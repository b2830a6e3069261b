"""``flask plan import`` as an operator meets it: what it says, where, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.exc import IntegrityError

from feedback_app import create_app
from feedback_app.importers.json_document import MAX_BYTES
from feedback_app.models import CaseEvent, Commitment, Ministry, Plan, Topic
from feedback_app.services import plans
from tests.conftest import settings
from tests.factories import Make

Run = Callable[..., Result]
Document = dict[str, Any]


@pytest.fixture
def document() -> Document:
    """A plan file that is accepted, for a test to spoil."""
    return {
        "format": "devoir-de-suite/plan",
        "version": 1,
        "plan": {"slug": "essai-2030", "title": "Plan d’essai", "start": "2030-01-01", "end": "2031-12-31", "status": "running"},
        "ministries": [{"slug": "phares", "name": "Ministère des Phares", "kind": "ministry"}],
        "commitments": [
            {"number": 1, "title": "Allumer", "ministry": "phares", "problem": "Il fait nuit.", "milestones": [{"title": "Lampe"}]},
            {"number": 2, "title": "Éteindre", "ministry": "phares"},
        ],
    }


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """``run(document_or_bytes, *options)``: import it from a file."""

    def invoke(content: Document | bytes, *options: str) -> Result:
        file = tmp_path / "plan.json"
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return app.test_cli_runner().invoke(args=["plan", "import", str(file), *options])

    return invoke


def nothing_is_written(make: Make) -> bool:
    return not any(make.all(table) for table in (Plan, Ministry, Commitment, Topic, CaseEvent))


def test_an_import_writes_the_plan_and_says_what_is_new(run: Run, make: Make, document: Document) -> None:
    result = run(document)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "plan essai-2030 : création",
        "ministère phares : création",
        "engagement 1 : création, 1 jalon ajouté",
        "engagement 2 : création",
        "Plan essai-2030 : 1 ministère ou institution (1 nouveau), 2 engagements (2 nouveaux), 1 jalon (1 nouveau)",
    ]
    assert [commitment.title for commitment in make.all(Commitment)] == ["Allumer", "Éteindre"]


def test_a_second_import_says_that_nothing_changed(run: Run, make: Make, document: Document) -> None:
    run(document)
    result = run(document)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["Plan essai-2030 : 1 ministère ou institution, 2 engagements, 1 jalon", "Aucun changement."]
    assert len(make.all(CaseEvent)) == 3


def test_commitments_that_are_gone_are_named(run: Run, make: Make, document: Document) -> None:
    run(document)
    del document["commitments"][1]
    result = run(document)
    assert result.exit_code == 0
    assert "engagements absents du fichier, gardés tels quels : 2\n" in result.stdout
    assert len(make.all(Commitment)) == 2


def test_a_dry_run_says_what_would_change_and_writes_nothing(run: Run, make: Make, document: Document) -> None:
    result = run(document, "--dry-run")
    assert result.exit_code == 0
    assert "engagement 1 : création, 1 jalon ajouté" in result.stdout
    assert result.stdout.splitlines()[-1] == "Essai : rien n’a été écrit."
    assert nothing_is_written(make)


def test_a_dry_run_of_a_change_leaves_what_is_there(run: Run, make: Make, document: Document) -> None:
    run(document)
    document["commitments"][1]["title"] = "Éteindre au matin"
    assert "engagement 2 : titre\n" in run(document, "--dry-run").stdout
    assert make.all(Commitment)[1].title == "Éteindre"
    assert len(make.all(CaseEvent)) == 3
    assert "engagement 2 : titre\n" in run(document).stdout
    assert make.all(Commitment)[1].title == "Éteindre au matin"


def test_a_dry_run_shows_what_is_there_and_what_the_file_says(run: Run, document: Document) -> None:
    run(document)
    document["plan"]["end"] = "2032-06-30"
    document["commitments"][0] |= {"problem": "Il fait\ntrès nuit.", "milestones": [{"title": "Lampe", "end": "2030-06-30"}]}
    lines = run(document, "--dry-run").stdout.splitlines()
    begin = lines.index("  plan, fin")
    assert lines[begin : begin + 10] == [
        "  plan, fin",
        "    - 2031-12-31",
        "    + 2032-06-30",
        "  engagement 1, texte « problème »",
        "    - Il fait nuit.",
        "    + Il fait",
        "    + très nuit.",
        "  engagement 1, fin du jalon 1",
        "    + 2030-06-30",
        "Plan essai-2030 : 1 ministère ou institution, 2 engagements (1 modifié), 1 jalon (1 modifié)",
    ]


def test_a_file_moves_a_plan_on_and_never_back(run: Run, make: Make, document: Document) -> None:
    document["plan"]["status"] = "collecting"
    run(document)
    document["plan"]["status"] = "closed"
    assert "plan essai-2030 : phase" in run(document).stdout
    document["plan"]["status"] = "running"
    result = run(document)
    assert "phase : le fichier dit « running », le plan est plus avancé ici et y reste" in result.stdout
    assert "Aucun changement." in result.stdout
    assert make.all(Plan)[0].phase.value == "closed"


def test_json_is_one_object_with_the_agreed_counts(run: Run, document: Document) -> None:
    result = run(document, "--json")
    report = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert {name: report[name] for name in ("commitments", "milestones", "ministries")} == {
        "commitments": 2,
        "milestones": 1,
        "ministries": 1,
    }
    assert (report["refused"], report["dry_run"], report["plan"], report["missing"]) == (False, False, "essai-2030", [])
    assert report["created"] == {"plan": 1, "ministries": 1, "commitments": 2, "milestones": 1}
    again = json.loads(run(document, "--json", "--dry-run").stdout)
    assert (again["dry_run"], again["changes"]) == (True, [])
    assert again["differences"]["commitments"] == []
    assert again["unchanged"] == report["created"]


def test_the_file_may_come_from_the_standard_input(app: Flask, make: Make, document: Document) -> None:
    result = app.test_cli_runner().invoke(args=["plan", "import", "-"], input=json.dumps(document))
    assert result.exit_code == 0
    assert len(make.all(Commitment)) == 2


def spoiled(**fields: Any) -> Callable[[Document], Document | bytes]:
    """Change the first commitment."""

    def spoil(document: Document) -> Document:
        document["commitments"][0] |= fields
        return document

    return spoil


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda _: b"\xe9t\xe9", "$ : le fichier n'est pas en UTF-8"),
        (lambda _: b'{"format": ', "$ : JSON invalide, ligne 1"),
        (lambda _: b"", "$ : le fichier est vide"),
        (lambda _: b" " * (MAX_BYTES + 1), "plan.json : le fichier dépasse 20 Mo"),
        (lambda document: document | {"format": "autre"}, "$.format : format inconnu"),
        (lambda document: document | {"version": 2}, "$.version : version inconnue"),
        (spoiled(ministry="mer"), "$.commitments[0].ministry : ce ministère ne figure pas dans la liste"),
        (spoiled(number=2), "$.commitments[1].number : ce numéro d'engagement est déjà celui de $.commitments[0]"),
        (spoiled(number=None), "$.commitments[0].number : un nombre entier est attendu"),
        (spoiled(period={"start": "2030-02-01", "end": "2030-01-01"}), "$.commitments[0].period.end : la fin précède le début"),
        (spoiled(problem="Nuit\0noire"), "$.commitments[0].problem : caractère interdit U+0000 (NUL)"),
        (spoiled(problem="a" * 20_001), "$.commitments[0].problem : 20000 caractères au plus"),
    ],
    ids=["encoding", "syntax", "empty", "big", "format", "version", "ministry", "doubled", "missing", "dates", "nul", "long"],
)
def test_a_bad_file_is_refused_with_one_line_and_nothing_is_written(
    run: Run, make: Make, document: Document, spoil: Callable[[Document], Document | bytes], said: str
) -> None:
    result = run(spoil(document))
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert said in line
    assert nothing_is_written(make)


def test_a_refused_file_changes_nothing_of_the_plan_that_is_there(run: Run, make: Make, document: Document) -> None:
    run(document)
    document["commitments"][0]["title"] = "Autre"
    document["commitments"][1]["title"] = ""
    assert run(document).exit_code == 1
    assert [commitment.title for commitment in make.all(Commitment)] == ["Allumer", "Éteindre"]


def test_a_hundred_problems_are_shown_and_the_others_counted(run: Run, document: Document) -> None:
    document["commitments"] = [{"number": number, "title": "", "ministry": "phares"} for number in range(1, 151)]
    lines = run(document).stderr.splitlines()
    assert len(lines) == 101
    assert lines[0].startswith("$.commitments[0].title : ")
    assert lines[-1] == "… et 50 autres problèmes"


def test_a_refusal_as_json_is_one_object_too(run: Run, document: Document) -> None:
    document["commitments"] = [{"number": number, "title": "Titre", "ministry": "mer"} for number in range(1, 151)]
    result = run(document, "--json")
    refusal = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")
    assert (refusal["refused"], len(refusal["problems"]), refusal["problem_count"]) == (True, 100, 150)
    assert refusal["problems"][0] == {
        "path": "$.commitments[0].ministry",
        "value": '"mer"',
        "message": "ce ministère ne figure pas dans la liste « ministries » du fichier",
    }


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_file_that_cannot_be_read_is_refused_with_one_line(app: Flask, make: Make, tmp_path: Path, options: tuple[str, ...]) -> None:
    absent = str(tmp_path / "absent\udcff\n.json")
    for name, said in ((absent, "ce fichier n’existe pas"), (str(tmp_path), "c’est un dossier"), ("", "ce fichier n’existe pas")):
        result = app.test_cli_runner().invoke(args=["plan", "import", name, *options])
        assert result.exit_code == 1
        (line,) = (result.stdout if options else result.stderr).splitlines()
        assert said in (json.loads(line)["problems"][0]["message"] if options else line)
    assert nothing_is_written(make)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied"), "vous n’avez pas le droit de lire ce fichier"),
        (OSError(5, "Input/output error"), "ce fichier ne peut pas être lu (Input/output error)"),
    ],
)
def test_a_file_that_the_system_refuses_is_refused(
    run: Run, document: Document, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    def refuse(*_args: object) -> None:
        raise error

    monkeypatch.setattr(click, "open_file", refuse)  # root, who may run these tests, would be allowed to read anything
    result = run(document)
    assert result.exit_code == 1
    assert result.stderr.endswith(f"plan.json : {said}\n")


def test_an_endless_input_is_not_read_to_its_end(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["plan", "import", "/dev/zero"])
    assert (result.exit_code, result.stderr) == (1, "/dev/zero : le fichier dépasse 20 Mo\n")


def test_two_first_imports_at_once_leave_one_and_a_sentence(
    run: Run, make: Make, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_the_race(*_args: Any, **_named: Any) -> None:
        raise IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed: plan.slug"))

    monkeypatch.setattr(plans, "import_plan", lose_the_race)
    result = run(document)
    assert (result.exit_code, result.stderr) == (1, "base de données : un autre import écrivait au même moment, recommencez\n")
    assert nothing_is_written(make)


def test_a_database_without_tables_is_said_in_one_line(tmp_path: Path, document: Document) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(document))
    result = create_app(settings(tmp_path)).test_cli_runner().invoke(args=["plan", "import", str(file)])
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert "est-elle à jour (flask db upgrade) ?" in line
