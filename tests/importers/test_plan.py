"""The plan importer: what a plan file gives, and every way in which it can be wrong."""

from __future__ import annotations

import codecs
import copy
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from feedback_app.domain.commitment import MinistryKind, PlanPhase, SectionKind
from feedback_app.importers.json_document import MAX_BYTES, MAX_VALUES
from feedback_app.importers.plan import PlanFile, json_schema, read_plan
from feedback_app.importers.problems import ImportRefused, Problem

DOCS = Path(__file__).parents[2] / "docs"
DELETED = object()


def a_commitment(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"number": number, "title": f"Engagement {number}", "ministry": "phares"} | fields


def a_plan(*commitments: dict[str, Any], **fields: Any) -> dict[str, Any]:
    plan = {"slug": "essai-2030", "title": "Plan d'essai", "start": "2030-01-01", "end": "2031-12-31", "status": "running"}
    ministries = [{"slug": "phares", "name": "Ministère des Phares", "kind": "ministry"}]
    document = {"format": "devoir-de-suite/plan", "version": 1, "plan": plan, "ministries": ministries}
    return document | {"commitments": list(commitments)} | fields


def a_full_plan() -> dict[str, Any]:
    milestone = {"title": "Ouvrir", "deliverable": None, "group": "A", "dates_raw": "T1\tT2", "start": "2030-01-01", "end": "2030-06-30"}
    period = {"raw": "2030", "start": "2030-01-01", "end": "2030-12-31"}
    return a_plan(a_commitment(1, period=period, problem="Pourquoi", milestones=[milestone], other_actors=["Amicale"]), a_commitment(2))


def changed(steps: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The full plan with one place set to another value, or deleted."""
    document = copy.deepcopy(a_full_plan())
    place: Any = document
    for step in steps[:-1]:
        place = place[step]
    if value is DELETED:
        del place[steps[-1]]
    else:
        place[steps[-1]] = value
    return document


def as_bytes(document: object) -> bytes:
    return json.dumps(document).encode()


def problems_of(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(ImportRefused) as refusal:
        read_plan(data)
    return refusal.value.problems


def example_of_the_docs() -> bytes:
    block = re.search(r"```json\n(.*?)```", (DOCS / "plan-format.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block, "docs/plan-format.md must hold a complete example"
    return block[1].encode()


def test_the_example_of_the_docs_gives_typed_rows() -> None:
    plan = read_plan(example_of_the_docs())
    assert (plan.plan.slug, plan.plan.phase, plan.plan.end) == ("exemple-2030", PlanPhase.RUNNING, date(2031, 12, 31))
    assert [(row.slug, row.kind) for row in plan.ministries] == [
        ("phares", MinistryKind.MINISTRY),
        ("conseil-des-marees", MinistryKind.INSTITUTION),
    ]
    (commitment,) = plan.commitments
    assert commitment.lead == "Ministère des Phares\nConseil des marées"
    assert commitment.period.start == date(2030, 3, 1)
    assert list(commitment.sections) == list(SectionKind)
    assert commitment.sections[SectionKind.PROBLEM] == "Personne ne sait à quelle heure s'allument les phares."
    assert commitment.milestones[0].dates_raw == "T2 2030"


def test_what_is_left_out_is_nothing_rather_than_invented() -> None:
    (commitment,) = read_plan(as_bytes(a_plan(a_commitment()))).commitments
    assert (commitment.period.raw, commitment.period.start, commitment.period.end) == (None, None, None)
    assert (commitment.milestones, commitment.state_actors, commitment.lead) == ((), (), None)
    assert set(commitment.sections.values()) == {None}


def test_texts_are_kept_to_the_letter() -> None:
    text = "  - un\n\n**deux**\t\u00a0« é » e\u0301 😀 \n"
    (commitment,) = read_plan(as_bytes(a_plan(a_commitment(problem=text, contribution="")))).commitments
    assert (commitment.problem, commitment.contribution) == (text, "")


def test_rows_cannot_be_changed() -> None:
    plan = read_plan(as_bytes(a_full_plan()))
    with pytest.raises(ValidationError, match="frozen"):
        plan.plan.title = "Autre"


def test_a_plan_without_commitments_and_a_byte_order_mark_are_accepted() -> None:
    assert read_plan(codecs.BOM_UTF8 + as_bytes(a_plan())).commitments == ()


LIMITS: list[tuple[tuple[str | int, ...], object]] = [
    (("commitments", 0, "number"), 9999),
    (("commitments", 0, "title"), "é" * 500),
    (("commitments", 0, "problem"), "é" * 20_000),
    (("commitments", 0, "milestones", 0, "end"), "2030-01-01"),
    (("plan", "start"), "1900-01-01"),
    (("plan", "end"), "2200-12-31"),
    (("plan", "slug"), "2021-2023"),
]


@pytest.mark.parametrize(("steps", "value"), LIMITS)
def test_the_last_accepted_value_is_accepted(steps: tuple[str | int, ...], value: object) -> None:
    assert read_plan(as_bytes(changed(steps, value)))


WHOLE = "commitments", 0
MILESTONE = "commitments", 0, "milestones", 0
FAULTS: list[tuple[tuple[str | int, ...], object, str, str | None]] = [
    # where, what is put there, what the message says, what it quotes
    (("plan",), DELETED, "obligatoire", None),
    (("ministries",), DELETED, "obligatoire", None),
    (("ministries",), {}, "une liste", "un objet"),
    (("commitments",), None, "une liste", "null"),
    (WHOLE, "x", "un objet", '"x"'),
    ((*WHOLE, "number"), DELETED, "obligatoire", None),
    ((*WHOLE, "number"), 0, "1 au moins", "0"),
    ((*WHOLE, "number"), -3, "1 au moins", "-3"),
    ((*WHOLE, "number"), 10_000, "9999 au plus", "10000"),
    ((*WHOLE, "number"), 10**18, "18 chiffres", "1000000000000000000"),
    ((*WHOLE, "number"), True, "nombre entier", "true"),
    ((*WHOLE, "number"), 1.0, "nombre entier", "1.0"),
    ((*WHOLE, "number"), "3", "nombre entier", '"3"'),
    ((*WHOLE, "number"), None, "nombre entier", "null"),
    ((*WHOLE, "title"), DELETED, "obligatoire", None),
    ((*WHOLE, "title"), "", "vide", '""'),
    ((*WHOLE, "title"), " \u200b\u3000", "vide", '" \\u200b\\u3000"'),
    ((*WHOLE, "title"), "a\nb", "une seule ligne", '"a\\u000ab"'),
    ((*WHOLE, "title"), "é" * 501, "500 caractères au plus sont acceptés, ce texte en a 501", f'"{"é" * 60}…"'),
    ((*WHOLE, "problem"), "é" * 20_001, "20000 caractères au plus sont acceptés, ce texte en a 20001", f'"{"é" * 60}…"'),
    ((*WHOLE, "problem"), 3, "un texte", "3"),
    ((*WHOLE, "problem"), ["x"], "un texte", "une liste"),
    ((*WHOLE, "period"), None, "un objet", "null"),
    ((*WHOLE, "state_actors"), "x", "une liste", '"x"'),
    ((*WHOLE, "other_actors", 0), "", "vide", '""'),
    ((*WHOLE, "milestones"), {"title": "x"}, "une liste", "un objet"),
    ((*WHOLE, "comitment"), "x", "champ inconnu", '"x"'),
    ((*WHOLE, "deux mots"), 1, "champ inconnu", "1"),
    ((*MILESTONE, "titel"), "x", "champ inconnu", '"x"'),
    ((*WHOLE, "ministry"), "marees", "ne figure pas", '"marees"'),
    ((*WHOLE, "ministry"), "Phares", "un identifiant", '"Phares"'),
    (("ministries", 0, "kind"), "agency", "une de ces valeurs est attendue : ministry, institution", '"agency"'),
    (("ministries", 0, "name"), " ", "vide", '" "'),
    (("plan", "status"), "open", "collecting, writing, running, closed", '"open"'),
    (("plan", "slug"), "Plan 2030", "un identifiant", '"Plan 2030"'),
    (("plan", "slug"), "plan_2030", "un identifiant", '"plan_2030"'),
    (("plan", "slug"), "plan-2030\n", "un identifiant", '"plan-2030\\u000a"'),
    (("plan", "slug"), "été", "un identifiant", '"été"'),
    (("plan", "slug"), "-", "un identifiant", '"-"'),
    (("plan", "slug"), "", "un identifiant", '""'),
    (("plan", "slug"), "a" * 81, "80 caractères au plus", f'"{"a" * 60}…"'),
    (("plan", "end"), "2029-12-31", "précède le début (2030-01-01)", '"2029-12-31"'),
    ((*WHOLE, "period", "end"), "2029-12-31", "précède le début (2030-01-01)", '"2029-12-31"'),
    ((*MILESTONE, "end"), "2029-12-31", "précède le début (2030-01-01)", '"2029-12-31"'),
    ((*MILESTONE, "end"), "2030-02-30", "n'existe pas", '"2030-02-30"'),
    ((*MILESTONE, "end"), "0000-01-01", "n'existe pas", '"0000-01-01"'),
    ((*MILESTONE, "end"), "1899-12-31", "de 1900 à 2200", '"1899-12-31"'),
    ((*MILESTONE, "end"), "2201-01-01", "de 1900 à 2200", '"2201-01-01"'),
    ((*MILESTONE, "end"), "20300630", "AAAA-MM-JJ", '"20300630"'),
    ((*MILESTONE, "end"), "2030-W26-4", "AAAA-MM-JJ", '"2030-W26-4"'),
    ((*MILESTONE, "end"), "2030-06-30T00:00", "AAAA-MM-JJ", '"2030-06-30T00:00"'),
    ((*MILESTONE, "end"), "2030-06-30\n", "AAAA-MM-JJ", '"2030-06-30\\u000a"'),
    ((*MILESTONE, "end"), "２０３０-06-30", "AAAA-MM-JJ", '"２０３０-06-30"'),
    ((*MILESTONE, "end"), 2030, "AAAA-MM-JJ", "2030"),
    ((*MILESTONE, "end"), "", "AAAA-MM-JJ", '""'),
    ((*MILESTONE, "dates_raw"), "a\0b", "U+0000 (NUL) au caractère n° 2", '"a\\u0000b"'),
    ((*WHOLE, "lead"), "a\r\nb", "U+000D", '"a\\u000d\\u000ab"'),
    ((*WHOLE, "lead"), "\x1b[2J", "U+001B", '"\\u001b[2J"'),
    ((*WHOLE, "lead"), "l\x92eau", "U+0092", '"l\\u0092eau"'),
    ((*WHOLE, "lead"), "\u202etxt", "U+202E (RIGHT-TO-LEFT OVERRIDE)", '"\\u202etxt"'),
    ((*WHOLE, "lead"), "a\u2066", "U+2066", '"a\\u2066"'),
    ((*WHOLE, "lead"), "\ud800", "U+D800", '"\\ud800"'),
    ((*WHOLE, "title"), "\udfff", "U+DFFF", '"\\udfff"'),
]


def written(steps: tuple[str | int, ...]) -> str:
    names = [f"[{step}]" if isinstance(step, int) else f'["{step}"]' if " " in step else f".{step}" for step in steps]
    return "$" + "".join(names)


@pytest.mark.parametrize(("steps", "value", "message", "quoted"), FAULTS)
def test_a_fault_is_named_once_with_its_place_what_was_found_and_what_was_expected(
    steps: tuple[str | int, ...], value: object, message: str, quoted: str | None
) -> None:
    (problem,) = problems_of(as_bytes(changed(steps, value)))
    assert (problem.path, problem.value) == (written(steps), quoted)
    assert message in problem.message


def test_a_number_or_a_ministry_used_twice_names_the_first_use() -> None:
    ministries = a_plan()["ministries"] * 2
    slug, number = problems_of(as_bytes(a_plan(a_commitment(7), a_commitment(8), a_commitment(7), ministries=ministries)))
    assert str(slug) == '$.ministries[1].slug : cet identifiant de ministère est déjà celui de $.ministries[0] (trouvé : "phares")'
    assert str(number) == "$.commitments[2].number : ce numéro d'engagement est déjà celui de $.commitments[0] (trouvé : 7)"


def test_all_problems_are_told_in_the_order_of_the_file_even_when_they_are_of_different_kinds() -> None:
    document = a_plan(a_commitment(1, problem="\0", lead="\0"), a_commitment(1, titre="x"), a_commitment(3, ministry="marees", lead=3))
    document["plan"]["end"] = "2001-01-01"
    assert [problem.path for problem in problems_of(as_bytes(document))] == [
        "$.plan.end",
        "$.commitments[0].problem",
        "$.commitments[0].lead",
        "$.commitments[1].titre",
        "$.commitments[1].number",
        "$.commitments[2].lead",
        "$.commitments[2].ministry",
    ]


HEADERS: list[tuple[object, str, str]] = [
    ([], "$", "un objet"),
    ("plan", "$", "un objet"),
    (a_plan(format="autre/format"), "$.format", "format inconnu"),
    (a_plan(format=None), "$.format", "format inconnu"),
    (a_plan(version=2), "$.version", "version inconnue"),
    (a_plan(version=True), "$.version", "version inconnue"),
    (a_plan(version=1.0), "$.version", "version inconnue"),
    (a_plan(version="1"), "$.version", "version inconnue"),
    ({"format": "devoir-de-suite/plan"}, "$.version", "version inconnue"),
]


@pytest.mark.parametrize(("document", "path", "message"), HEADERS)
def test_a_file_of_another_format_or_version_is_not_judged_by_the_rules_of_this_one(document: object, path: str, message: str) -> None:
    (problem,) = problems_of(as_bytes(document))
    assert problem.path == path
    assert message in problem.message


PLAN_START = as_bytes(a_plan())[:-2]
UNREADABLE: list[tuple[str, bytes, str]] = [
    ("empty", b"", "le fichier est vide"),
    ("only a mark", codecs.BOM_UTF8, "le fichier est vide"),
    ("latin-1", '{\n\n"é": 1}'.encode("latin-1"), "octet n° 5 du fichier, ligne 3"),
    ("latin-1 after a mark", codecs.BOM_UTF8 + b'"\xe9"', "octet n° 5 du fichier, ligne 1"),
    ("UTF-16 with a mark", json.dumps(a_plan()).encode("utf-16"), "UTF-8"),
    ("UTF-16 without a mark", json.dumps(a_plan()).encode("utf-16-le"), "UTF-8"),
    ("UTF-32", json.dumps(a_plan()).encode("utf-32"), "UTF-8"),
    ("not JSON", b"bonjour", "ligne 1, colonne 1 : une valeur est attendue"),
    ("a comma too many", b'{\n  "format": 1,\n}', "ligne 3, colonne 1 : un nom de champ"),
    ("a missing comma", b'{"a": 1 "b": 2}', "colonne 9 : une virgule"),
    ("a missing colon", b'{"a" 1}', "colonne 6 : deux-points"),
    ("cut short", as_bytes(a_full_plan())[:-1], "une virgule ou une fermeture est attendue (trouvé : fin du fichier)"),
    ("two documents", b"{} {}", "rien n'est attendu après la fin du document"),
    ("a line break inside a text", b'"a\nb"', "doit être échappé"),
    ("nested lists", b"[" * 100_000, "imbriqués trop profondément"),
    ("nested objects", b'{"a":' * 100_000, "imbriqués trop profondément"),
    ("too many values", PLAN_START + b"0," * MAX_VALUES + b"0]}", "100000 valeurs"),
    ("too big", b" " * (MAX_BYTES + 1), "dépasse 20 Mo (trouvé : 20000001 octets)"),
]


@pytest.mark.parametrize(("data", "message"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE])
def test_an_unreadable_file_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    (problem,) = problems_of(data)
    assert problem.path == "$"
    assert message in str(problem)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_constants_that_are_not_json_are_refused_at_their_place(constant: str) -> None:
    (problem,) = problems_of(as_bytes(changed((*WHOLE, "number"), "HERE")).replace(b'"HERE"', constant.encode()))
    assert str(problem) == f"$.commitments[0].number : NaN et Infinity ne sont pas des valeurs JSON (trouvé : {constant})"


def test_a_number_that_python_itself_refuses_to_read_is_refused_at_its_place() -> None:
    (problem,) = problems_of(as_bytes(changed((*WHOLE, "number"), "HERE")).replace(b'"HERE"', b"9" * 5000))
    assert problem.path == "$.commitments[0].number"
    assert "plus de 18 chiffres" in problem.message


def test_a_field_written_twice_is_refused_rather_than_silently_replaced() -> None:
    data = as_bytes(a_full_plan()).replace(b'"deliverable": null', b'"deliverable": "A", "deliverable": "B"')
    (problem,) = problems_of(data)
    assert str(problem) == "$.commitments[0].milestones[0].deliverable : ce champ est présent plusieurs fois dans le même objet"


@pytest.mark.parametrize(("name", "path"), [("x\ud800", '["x\\ud800"]'), ("\u202e\n", '["\\u202e\\u000a"]')])
def test_a_field_whose_name_cannot_be_shown_is_refused_in_printable_words(name: str, path: str) -> None:
    (problem,) = problems_of(as_bytes(changed((*WHOLE, name), 1)))
    assert problem.path == "$.commitments[0]" + path
    assert "caractère interdit" in problem.message


@pytest.mark.parametrize(
    ("faults", "last"), [(100, "$.commitments[99]"), (101, "… et 1 autre problème"), (250, "… et 150 autres problèmes")]
)
def test_at_most_a_hundred_problems_are_shown_then_a_count(faults: int, last: str) -> None:
    with pytest.raises(ImportRefused) as refusal:
        read_plan(as_bytes(a_plan(*(a_commitment(number, title="") for number in range(1, faults + 1)))))
    lines = list(refusal.value.lines())
    assert len(lines) == min(faults, 101)
    assert lines[-1].startswith(last)
    assert len(refusal.value.problems) == faults


def test_the_published_schema_is_the_one_of_the_program() -> None:
    published = json.loads((DOCS / "plan.schema.json").read_text(encoding="utf-8"))
    assert published == json_schema(), "run: python -m feedback_app.importers.plan > docs/plan.schema.json"
    jsonschema.Draft202012Validator.check_schema(published)


def is_valid(document: object) -> bool:
    return bool(jsonschema.Draft202012Validator(json_schema()).is_valid(document))


def test_what_the_import_accepts_the_schema_accepts() -> None:
    assert is_valid(json.loads(example_of_the_docs()))
    assert is_valid(a_full_plan())
    assert all(is_valid(changed(steps, value)) for steps, value in LIMITS)


# What a schema cannot say (docs/plan-format.md, "What is refused beyond the schema"); 1.0 is an integer in JSON Schema.
BEYOND = re.compile(r"précède|existe pas|1900|U\+|ne figure|une seule ligne|vide|nombre entier")
# "$" also stands before a last line break in the regular expressions of Python, on which this validator relies; nowhere else.
FOR_A_SCHEMA = [fault[:3] for fault in FAULTS if not BEYOND.search(fault[2]) and not str(fault[1]).endswith("\n")]


@pytest.mark.parametrize(("steps", "value", "message"), FOR_A_SCHEMA)
def test_what_a_schema_can_say_the_schema_refuses_too(steps: tuple[str | int, ...], value: object, message: str) -> None:
    assert not is_valid(changed(steps, value)), message


def problems_or_none(data: bytes) -> tuple[Problem, ...]:
    """Read any bytes: no problem means a plan, an exception of another kind fails the test."""
    try:
        assert isinstance(read_plan(data), PlanFile)
    except ImportRefused as refusal:
        return refusal.problems or (Problem("$", None, "a refusal without a reason"),)
    return ()


def is_for_a_french_reader(problem: Problem) -> bool:
    """One printable line, and not one of pydantic's own sentences."""
    return str(problem).isprintable() and not re.search(r"Input|should|Field|Extra|without a reason", problem.message)


@given(st.binary())
def test_any_bytes_give_a_plan_or_a_refusal(data: bytes) -> None:
    assert all(map(is_for_a_french_reader, problems_or_none(data)))


@given(st.data())
def test_a_plan_damaged_anywhere_gives_a_plan_or_a_refusal(data: st.DataObject) -> None:
    whole = as_bytes(a_full_plan())
    start, lost = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 8))
    damaged = whole[:start] + data.draw(st.binary(max_size=8)) + whole[start + lost :]
    assert all(map(is_for_a_french_reader, problems_or_none(damaged)))


ANY_TEXT = st.text(st.characters(codec=None), max_size=8)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT | st.sampled_from(["title", "slug", "number"]), inner, max_size=3),
    max_leaves=6,
)
PLACES: list[tuple[str | int, ...]] = [("format",), ("commitments",), *dict.fromkeys(fault[0] for fault in FAULTS)]


@given(st.sampled_from(PLACES), ANY_JSON)
def test_any_value_at_any_place_gives_a_plan_or_a_refusal(steps: tuple[str | int, ...], value: object) -> None:
    assert all(map(is_for_a_french_reader, problems_or_none(as_bytes(changed(steps, value)))))


def test_the_text_of_a_refusal_is_the_first_problem_and_how_many_others() -> None:
    with pytest.raises(ImportRefused, match=r"^\$\.commitments\[0\]\.title : .*; … et 1 autre problème$"):
        read_plan(as_bytes(a_plan(a_commitment(title="", lead=3))))
