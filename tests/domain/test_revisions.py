"""What one edition changed compared with the one before it (design, section 9): each rule on figures written by hand."""

from __future__ import annotations

from datetime import date

import pytest

from feedback_app.domain.barometer import RevisionDirection, RevisionKind, RevisionSize, Series, Tendency
from feedback_app.domain.figures import Figures, IndicatorRow
from feedback_app.domain.revisions import Changes, Described, Revision, compare, difference, telling_first
from tests.barometers import indicator

REAL, ROUNDING = RevisionSize.REAL, RevisionSize.ROUNDING
EASIER, HARDER, UNKNOWN = RevisionDirection.EASIER, RevisionDirection.HARDER, RevisionDirection.UNKNOWN


def described(*args, **options) -> Described:
    row, figures = indicator(*args, **options)
    return Described(row, figures)


def changes(old: Described | None, new: Described | None, full: bool = True) -> Changes:
    return compare(old, new, lambda _territory, _series: full)


def only(old: Described | None, new: Described | None, full: bool = True) -> Revision:
    (revision,) = changes(old, new, full).revisions
    return revision


@pytest.mark.parametrize(
    ("old", "new", "size"),
    [
        ("19.0", "11.0", REAL),
        ("12.5", "12.5", None),
        ("12.50", "12.5", None),
        ("1e1", "10", None),
        ("1053711.8899999997", "1053711.89", None),
        ("98.979946", "98.98", ROUNDING),
        ("98.98", "98.979946", ROUNDING),
        ("98.979946", "98.97", REAL),
        ("98.979946", "99.0", ROUNDING),
        ("98.9", "99", ROUNDING),
        ("0.125", "0.13", ROUNDING),
        ("-0.125", "-0.13", ROUNDING),
        ("0.135", "0.13", REAL),
        ("100", "101", REAL),
        ("0", "0.0", None),
        ("0", "0.4", ROUNDING),
        ("1e300", "1.1e300", REAL),
    ],
)
def test_the_size_of_a_difference_is_judged_on_the_published_texts(old, new, size):
    assert difference(old, new) is size


def test_nothing_changed_is_no_revision():
    same = described(values={"FRANCE": {"2025-01-31": "1.0"}}, targets={"D69": {"": "2"}}, baselines={"D69": {"2020-01-01": "1"}})
    assert changes(same, same) == Changes((), 0)


def test_a_value_changed_at_its_date_and_a_new_one_is_only_counted():
    old = described(values={"D69": {"2025-01-31": "1.0"}})
    new = described(values={"D69": {"2025-01-31": "1.5", "2025-02-28": "2.0"}})
    assert changes(old, new).new_observations == 1
    assert only(old, new) == Revision(
        RevisionKind.OBSERVATION_CHANGED, REAL, None, "D69", Series.HEADLINE, "1.0", "1.5", 1.0, 1.5, date(2025, 1, 31), date(2025, 1, 31)
    )  # fmt: skip


def test_two_series_of_one_date_are_not_compared_with_each_other():
    old = described(values={"FRANCE": {"2017-12-31": "3684"}}, periodic={"FRANCE": {"2017-12-31": "315"}})
    new = described(values={"FRANCE": {"2017-12-31": "3684"}}, periodic={"FRANCE": {"2017-12-31": "316"}})
    assert (only(old, new).series, only(old, new).old_text) == (Series.PERIODIC, "315")


def test_an_absent_date_is_a_removal_between_full_histories_only():
    old, new = described(values={"D69": {"2025-01-31": "1.0"}}), described(values={"D69": {"2025-02-28": "2.0"}})
    removed = only(old, new, full=True)
    assert (removed.kind, removed.old_text, removed.new_text, removed.old_date) == (
        RevisionKind.OBSERVATION_REMOVED, "1.0", None, date(2025, 1, 31),
    )  # fmt: skip
    assert changes(old, new, full=False) == Changes((), 1)


def targets(old, new, **options) -> list[Revision]:
    return list(changes(described(targets=old, **options), described(targets=new, **options)).revisions)


def test_a_target_moves_when_exactly_one_date_goes_and_one_comes():
    (moved,) = targets({"FRANCE": {"2022-12-31": "19"}}, {"FRANCE": {"2023-12-31": "19"}})
    assert (moved.kind, moved.size, moved.direction) == (RevisionKind.TARGET_MOVED, REAL, None)
    assert (moved.old_date, moved.new_date) == (date(2022, 12, 31), date(2023, 12, 31))
    two = targets({"FRANCE": {"2022-12-31": "19"}}, {"FRANCE": {"2023-12-31": "19", "2024-12-31": "20"}})
    assert sorted(revision.kind for revision in two) == [RevisionKind.TARGET_ADDED, RevisionKind.TARGET_ADDED, RevisionKind.TARGET_REMOVED]


def test_a_moved_target_is_real_even_where_its_figure_was_only_rounded():
    (moved,) = targets({"FRANCE": {"2022-12-31": "19.04"}}, {"FRANCE": {"2023-12-31": "19.0"}})
    assert (moved.kind, moved.size) == (RevisionKind.TARGET_MOVED, REAL)


def test_a_date_that_stays_and_one_that_moves_are_two_things():
    kept_and_moved = targets({"D69": {"2022-12-31": "1", "2023-12-31": "2"}}, {"D69": {"2022-12-31": "1", "2024-12-31": "2"}})
    assert [revision.kind for revision in kept_and_moved] == [RevisionKind.TARGET_MOVED]


def test_targets_of_other_territories_do_not_make_a_move():
    kinds = {revision.kind for revision in targets({"D69": {"2022-12-31": "1"}}, {"D01": {"2023-12-31": "1"}})}
    assert kinds == {RevisionKind.TARGET_REMOVED, RevisionKind.TARGET_ADDED}


@pytest.mark.parametrize(
    ("tendency", "baseline", "old", "new", "direction"),
    [
        (Tendency.UP, None, "19", "11", EASIER),
        (Tendency.UP, None, "11", "19", HARDER),
        (Tendency.DOWN, None, "19", "11", HARDER),
        (Tendency.DOWN, None, "-5", "-3", EASIER),
        (None, "8", "19", "11", EASIER),
        (None, "30", "19", "11", HARDER),
        (Tendency.UP, "8", "19", "11", EASIER),
        (Tendency.DOWN, "8", "19", "11", UNKNOWN),  # tendency and sign disagree
        (None, None, "19", "11", UNKNOWN),
        (None, "11", "19", "11", UNKNOWN),  # no distance, no sign
        (Tendency.UP, "11", "19", "11", EASIER),
    ],
)
def test_a_target_is_easier_or_harder_by_the_tendency_else_by_the_sign(tendency, baseline, old, new, direction):
    baselines = {"FRANCE": {"2017-12-31": baseline}} if baseline else None
    (revision,) = targets({"FRANCE": {"2022-12-31": old}}, {"FRANCE": {"2022-12-31": new}}, tendency=tendency, baselines=baselines)
    assert revision.direction is direction
    (moved,) = targets({"FRANCE": {"2022-12-31": old}}, {"FRANCE": {"2023-12-31": new}}, tendency=tendency, baselines=baselines)
    assert moved.direction is direction


def test_where_the_newer_edition_has_no_baseline_the_older_figures_tell_the_direction():
    old = described(targets={"FRANCE": {"2022-12-31": "19"}}, baselines={"FRANCE": {"": "12"}}, tendency=None)
    new = described(targets={"FRANCE": {"2022-12-31": "11"}}, tendency=None)
    found = {revision.kind: revision for revision in changes(old, new).revisions}
    assert found[RevisionKind.TARGET_CHANGED].direction is EASIER
    assert found[RevisionKind.BASELINE_REMOVED].old_text == "12"


def baselines(old, new) -> Revision:
    return only(described(baselines=old), described(baselines=new))


def test_a_baseline_changes_by_its_value_or_its_date():
    assert baselines({"FRANCE": {"2017-12-31": "3684"}}, {"FRANCE": {"2017-12-31": "3448"}})[:2] == (RevisionKind.BASELINE_CHANGED, REAL)
    assert baselines({"FRANCE": {"2017-12-31": "3.14"}}, {"FRANCE": {"2017-12-31": "3.1"}}).size is ROUNDING
    dated = baselines({"FRANCE": {"2017-12-31": "3.14"}}, {"FRANCE": {"2018-12-31": "3.14"}})
    assert (dated.kind, dated.size, dated.new_date) == (RevisionKind.BASELINE_CHANGED, REAL, date(2018, 12, 31))
    assert baselines({"FRANCE": {"2017-12-31": "3.14"}}, {"FRANCE": {"": "3.1"}}).size is REAL
    assert baselines({}, {"D69": {"": "1"}}).kind is RevisionKind.BASELINE_ADDED
    assert baselines({"D69": {"": "1"}}, {}).kind is RevisionKind.BASELINE_REMOVED


def test_an_indicator_that_appears_or_vanishes_is_one_revision():
    one = described(values={"FRANCE": {"2025-01-31": "1"}}, targets={"D69": {"": "2"}}, name="Guichets ouverts")
    assert changes(None, one) == Changes((Revision(RevisionKind.INDICATOR_ADDED, new_text="Guichets ouverts"),), 1)
    assert changes(one, None) == Changes((Revision(RevisionKind.INDICATOR_REMOVED, old_text="Guichets ouverts"),), 0)


def test_name_unit_and_direction_are_kinds_of_their_own():
    old = described(name="Guichets", unit="guichets", tendency=Tendency.UP)
    new = described(name="Guichets ouverts", unit=None, tendency=Tendency.DOWN)
    assert {(revision.kind, revision.old_text, revision.new_text) for revision in changes(old, new).revisions} == {
        (RevisionKind.NAME_CHANGED, "Guichets", "Guichets ouverts"),
        (RevisionKind.UNIT_CHANGED, "guichets", None),
        (RevisionKind.DIRECTION_CHANGED, "up", "down"),
    }


def test_what_concerns_everybody_comes_first():
    on = {"new_date": date(2025, 1, 1)}
    found = [
        (1, Revision(RevisionKind.TARGET_CHANGED, territory="D01", **on)),
        (2, Revision(RevisionKind.OBSERVATION_CHANGED, territory="FRANCE", **on)),
        (1, Revision(RevisionKind.BASELINE_CHANGED, territory="R84", **on)),
        (9, Revision(RevisionKind.NAME_CHANGED)),
        (3, Revision(RevisionKind.TARGET_CHANGED, territory="FRANCE", **on)),
    ]
    ordered = sorted(found, key=lambda pair: telling_first(*pair))
    assert [(revision.kind, revision.territory) for _position, revision in ordered] == [
        (RevisionKind.NAME_CHANGED, None),
        (RevisionKind.TARGET_CHANGED, "FRANCE"),
        (RevisionKind.OBSERVATION_CHANGED, "FRANCE"),
        (RevisionKind.BASELINE_CHANGED, "R84"),
        (RevisionKind.TARGET_CHANGED, "D01"),
    ]


def test_an_indicator_without_any_figure_is_compared_too():
    nothing = Described(IndicatorRow("IND-1", "Rien", "CH-1"), Figures())
    assert changes(nothing, nothing) == Changes((), 0)
