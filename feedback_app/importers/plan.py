"""The plan importer: the bytes of a plan file -> typed rows, or every reason why not.

``python -m feedback_app.importers.plan`` prints the JSON Schema that is published as ``docs/plan.schema.json``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import ErrorDetails

from feedback_app.importers.json_document import Finding, Location, read_json
from feedback_app.importers.plan_format import (
    FORMAT,
    VERSION,
    CommitmentRow,
    MilestoneRow,
    MinistryRow,
    PeriodRow,
    PlanFile,
    PlanRow,
)
from feedback_app.importers.problems import ImportRefused, Problem, shown

__all__ = [
    "CommitmentRow",
    "ImportRefused",
    "MilestoneRow",
    "MinistryRow",
    "PeriodRow",
    "PlanFile",
    "PlanRow",
    "Problem",
    "json_schema",
    "read_plan",
]

# pydantic's error type -> what was expected, in French; errors of our own (plan_format.py) bring their sentence with them
EXPECTED = {
    "enum": "une de ces valeurs est attendue : {expected}",
    "extra_forbidden": "champ inconnu dans cette version du format",
    "greater_than_equal": "un nombre de {ge} au moins est attendu",
    "int_type": "un nombre entier est attendu, sans guillemets ni décimales",
    "less_than_equal": "un nombre de {le} au plus est attendu",
    "missing": "champ obligatoire absent",
    "model_type": "un objet est attendu",
    "string_pattern_mismatch": "un identifiant est attendu : lettres minuscules sans accent, chiffres, traits d'union simples",
    "string_too_long": "{max_length} caractères au plus sont acceptés, ce texte en a {length}",
    "string_too_short": "ce texte ne peut pas être vide",
    "string_type": "un texte entre guillemets est attendu",
    "tuple_type": "une liste est attendue",
}
# A lone surrogate: read_json has already said so, with the character and its place.
ALREADY_SAID = "string_unicode"


def read_plan(data: bytes) -> PlanFile:
    """Read a whole plan file, version 1 (``docs/plan-format.md``).

    Takes the bytes as they were received; gives frozen rows, texts exactly as written. Raises ImportRefused, with all the problems
    found, on anything else: nothing is repaired or left out.
    """
    document = read_json(data)
    if wrong_header := list(_header(document.value)):
        raise ImportRefused(finding.problem() for finding in (*document.findings, *wrong_header))
    shape: list[Finding] = []
    plan: PlanFile | None = None
    try:
        plan = PlanFile.model_validate(document.value)
    except ValidationError as error:
        shape = [_finding(detail) for detail in error.errors(include_url=False) if detail["type"] != ALREADY_SAID]
    findings = _merge(document.findings, shape, _references(document.value))
    if findings or plan is None:
        raise ImportRefused(finding.problem() for finding in findings)
    return plan


def _header(document: object) -> Iterator[Finding]:
    """Check the two fields that say by which rules the rest must be judged; when they are wrong, nothing else is worth saying."""
    if not isinstance(document, dict):
        yield Finding((), shown(document), "un objet est attendu")
        return
    found = document.get("format")
    if found != FORMAT:
        yield Finding(("format",), shown(found) if "format" in document else None, f'format inconnu, "{FORMAT}" est attendu')
    version = document.get("version")
    # type(): True equals 1 and 1.0 equals 1
    if type(version) is not int or version != VERSION:
        yield Finding(("version",), shown(version) if "version" in document else None, f"version inconnue, {VERSION} est attendu")


def _finding(detail: ErrorDetails) -> Finding:
    """Turn one error of pydantic into a French sentence; what was found is left out where it is nothing."""
    found, kind = detail["input"], detail["type"]
    context = dict(detail.get("ctx", {}))
    if kind == "string_too_long":
        context["length"] = len(found)
    if kind == "enum":
        context["expected"] = str(context["expected"]).replace("'", "").replace(" or ", ", ")
    message = EXPECTED[kind].format_map(context) if kind in EXPECTED else detail["msg"]
    return Finding(detail["loc"], None if kind == "missing" else shown(found), message)


def _references(document: Any) -> Iterator[Finding]:
    """Check what no row can know alone, on the file as it is: a fault elsewhere must not hide these."""
    yield from _doubled(document, "ministries", "slug", str, "cet identifiant de ministère est déjà celui de {first}")
    yield from _doubled(document, "commitments", "number", int, "ce numéro d'engagement est déjà celui de {first}")
    if isinstance(document.get("ministries"), list):
        known = {slug for _, slug in _values(document, "ministries", "slug", str)}
        for location, slug in _values(document, "commitments", "ministry", str):
            if slug not in known:
                yield Finding(location, shown(slug), "ce ministère ne figure pas dans la liste « ministries » du fichier")


def _doubled(document: Any, section: str, field: str, kind: type, message: str) -> Iterator[Finding]:
    first: dict[object, Location] = {}
    for location, value in _values(document, section, field, kind):
        if value in first:
            yield Finding(location, shown(value), message.format(first=f"$.{section}[{first[value][1]}]"))
        else:
            first[value] = location


def _values(document: Any, section: str, field: str, kind: type) -> Iterator[tuple[Location, object]]:
    """Give the values of one field over a list of objects, where there is a list, an object and a value of this very type."""
    rows = document.get(section)
    for position, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict) and type(row.get(field)) is kind:
            yield (section, position, field), row[field]


def _merge(*sources: Iterable[Finding]) -> list[Finding]:
    """Put the findings of all checks in the order of the file; of two checks that stumble over one place the first explains it."""
    kept: list[Finding] = []
    for source in sources:
        explained = {finding.location for finding in kept}
        kept.extend(finding for finding in source if finding.location not in explained)
    return sorted(kept, key=_place)


def _place(finding: Finding) -> tuple[int, int]:
    sections = list(PlanFile.model_fields)
    section, position = (*finding.location, None, None)[:2]
    return sections.index(section) if section in sections else -1, position if isinstance(position, int) else -1


class _PublishedSchema(GenerateJsonSchema):
    """Pydantic's schema without the titles that it makes up from the names of the fields."""

    def field_title_should_be_set(self, _schema: Any) -> bool:
        return False


def json_schema() -> dict[str, Any]:
    """Give the published JSON Schema (draft 2020-12) of the plan file, made from the types that the import itself uses."""
    schema = PlanFile.model_json_schema(schema_generator=_PublishedSchema)
    return {"$schema": GenerateJsonSchema.schema_dialect} | schema | {"title": "Devoir de suite: plan file, version 1"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
