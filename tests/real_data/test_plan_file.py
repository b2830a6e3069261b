"""The published plan 2021-2023 through the importer. Every expected figure is counted here again with plain ``json``, or by hand."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from feedback_app.domain.commitment import MinistryKind, PlanPhase
from feedback_app.importers.plan import CommitmentRow, PlanFile, json_schema, read_plan

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data() -> bytes:
    file = ROOT / os.environ.get("REAL_DATA", "../shared/data") / "plan" / "plan-2021-2023.json"
    if file.is_file():
        return file.read_bytes()
    reason = f"the published plan is absent: {file} (set REAL_DATA to the folder of the real data)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def plan(data: bytes) -> PlanFile:
    return read_plan(data)


@pytest.fixture(scope="module")
def plain(data: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(data)
    return document


def commitment(plan: PlanFile, number: int) -> CommitmentRow:
    return next(row for row in plan.commitments if row.number == number)


def test_the_whole_plan_is_there(plan: PlanFile) -> None:
    assert len(plan.commitments) == 59
    assert sum(len(row.milestones) for row in plan.commitments) == 163
    assert len(plan.ministries) == 20
    assert sum(not row.milestones for row in plan.commitments) == 22
    assert [row.number for row in plan.commitments] == list(range(1, 60))


def test_the_plan_itself_is_read_as_published(plan: PlanFile) -> None:
    assert (plan.plan.slug, plan.plan.phase, plan.plan.licence) == ("2021-2023", PlanPhase.CLOSED, "Licence Ouverte 2.0")
    assert (plan.plan.start, plan.plan.end) == (date(2021, 9, 1), date(2023, 12, 31))
    assert Counter(row.kind for row in plan.ministries) == {MinistryKind.MINISTRY: 13, MinistryKind.INSTITUTION: 7}


def test_every_value_of_the_file_is_found_again_in_the_rows(plan: PlanFile, plain: dict[str, Any]) -> None:
    assert plan.model_dump(mode="json", by_alias=True, exclude_unset=True) == plain


def test_some_facts_counted_by_hand(plan: PlanFile) -> None:
    assert commitment(plan, 1).period.end == date(2022, 6, 30)
    assert commitment(plan, 31).contribution is None
    assert commitment(plan, 42).lead is None
    assert len((commitment(plan, 47).lead or "").splitlines()) == 3
    assert len(commitment(plan, 37).milestones) == 25
    assert [row.number for row in plan.commitments if row.period.end is None] == [3, 47, 49, 50]
    assert max(len(row.title) for row in plan.commitments) == 266
    assert sum(row.ministry == "transformation-fonction-publiques" for row in plan.commitments) == 11


def test_dates_are_kept_as_written_beside_what_was_understood(plan: PlanFile) -> None:
    milestones = [step for row in plan.commitments for step in row.milestones]
    assert sum("\t" in (step.dates_raw or "") for step in milestones) == 12
    assert sum(step.end is None for step in milestones) == 26
    assert sum(step.start is None for step in milestones) == 70


def test_the_published_schema_accepts_the_published_plan(plain: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(json_schema()).validate(plain)
