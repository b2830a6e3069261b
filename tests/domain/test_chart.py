"""The line of a figure over time, in numbers: scales, bands of the calendar, holes, targets, revisions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.domain.chart import MOST_DOTS, MOST_TICKS, Change, LineChart, Point, line_chart, round_ticks


def point(at: str, value: object) -> Point:
    return Point(date.fromisoformat(at), None if value is None else Decimal(str(value)))


def points(*pairs: tuple[str, object]) -> list[Point]:
    return [point(*pair) for pair in pairs]


def chart(*pairs: tuple[str, object], **others) -> LineChart:
    found = line_chart(points(*pairs), **others)
    assert found
    return found


def monthly(count: int, *, missing: tuple[int, ...] = ()) -> list[tuple[str, object]]:
    return [(f"{2020 + index // 12}-{index % 12 + 1:02}-01", 10 + index) for index in range(count) if index not in missing]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        ("0", "100", "0 20 40 60 80 100"),
        ("3", "97", "0 20 40 60 80 100"),
        ("40", "52", "40 42.5 45 47.5 50 52.5"),
        ("3200", "3684", "3200 3300 3400 3500 3600 3700"),
        ("2000", "3684", "2000 2500 3000 3500 4000"),
        ("5", "5", "0 1 2 3 4 5"),
        ("0", "0", "0 0.2 0.4 0.6 0.8 1"),
        ("-5", "-5", "-5 -4 -3 -2 -1 0"),
        ("-20", "35", "-20 0 20 40"),
        ("-2000", "-1500", "-2000 -1900 -1800 -1700 -1600 -1500"),
        ("1200000000000", "3700000000000", "0 1000000000000 2000000000000 3000000000000 4000000000000"),
        ("0.0012", "0.0034", "0 0.001 0.002 0.003 0.004"),
        ("99.98", "100", "99.98 99.985 99.99 99.995 100"),
    ],
)
def test_ticks_are_round_and_enclose_the_values(low, high, ticks):
    assert round_ticks(Decimal(low), Decimal(high)) == [Decimal(tick) for tick in ticks.split()]


@given(st.tuples(*[st.decimals(min_value=-(10**15), max_value=10**15, places=4)] * 2))
def test_whatever_the_values_few_equal_steps_enclose_them(values):
    low, high = sorted(values)
    ticks = round_ticks(low, high)
    assert ticks[0] <= low <= high <= ticks[-1]
    assert 2 <= len(ticks) <= MOST_TICKS + 1
    assert len({after - before for before, after in pairwise(ticks)}) == 1


def test_nothing_published_is_no_chart():
    assert line_chart([]) is None
    assert line_chart(points(("2023-01-01", None)), baseline=point("2022-01-01", None)) is None


def test_places_are_percentages_from_the_first_day_and_from_the_top():
    drawn = chart(("2020-01-01", 0), ("2020-12-31", 50), ("2021-12-31", 100))
    assert [(dot.x, dot.y) for dot in drawn.dots] == [(0, 100), (50, 50), (100, 0)]
    assert drawn.paths == ["M0 100L50 50L100 0"]
    assert [(tick.y, tick.value) for tick in drawn.ticks] == [(100, 0), (80, 20), (60, 40), (40, 60), (20, 80), (0, 100)]
    assert drawn.latest
    assert drawn.latest.point == point("2021-12-31", 100)


def test_the_order_of_the_rows_does_not_matter():
    rows = monthly(9)
    assert chart(*rows) == chart(*reversed(rows))


def test_one_figure_is_a_dot_in_its_year_without_a_line():
    drawn = chart(("2023-06-30", 42))
    assert drawn.paths == []
    assert [(dot.x, dot.y) for dot in drawn.dots] == [(49.45, 16)]
    assert (drawn.band_unit, len(drawn.bands)) == ("month", 12)
    assert [band.first_day.month for band in drawn.bands if band.labelled] == [1, 5, 9]


def test_a_target_alone_is_drawn_too():
    drawn = chart(targets=points(("2026-12-31", 60)))
    assert (drawn.latest, drawn.paths, drawn.dots) == (None, [], [])
    assert [target.point.value for target in drawn.targets] == [60]


def test_the_line_breaks_where_a_figure_was_named_and_not_published():
    drawn = chart(("2020-01-01", 1), ("2021-01-01", 2), ("2022-01-01", None), ("2023-01-01", 3), ("2024-01-01", 4))
    assert len(drawn.paths) == 2
    assert len(drawn.dots) == 4


def test_the_line_breaks_over_a_hole_much_longer_than_the_usual_step():
    assert len(chart(*monthly(24)).paths) == 1
    assert len(chart(*monthly(24, missing=(10,))).paths) == 1, "one month late is no hole"
    assert len(chart(*monthly(24, missing=(10, 11))).paths) == 2
    lonely = chart(*monthly(30, missing=(10, 11, 13, 14)))
    assert len(lonely.paths) == 2
    assert [dot.point.at for dot in lonely.dots] == [date(2021, 1, 1)]


def test_two_figures_years_apart_are_joined():
    assert len(chart(("2015-12-31", 1), ("2023-12-31", 2)).paths) == 1


def test_a_crowd_of_figures_keeps_only_the_dots_that_no_line_shows_and_the_latest():
    assert len(chart(*monthly(MOST_DOTS)).dots) == MOST_DOTS
    assert chart(*monthly(40)).dots == []
    crowd = chart(*monthly(40, missing=(10, 11, 13, 14)))
    assert [dot.point.at for dot in crowd.dots] == [date(2021, 1, 1)]
    assert len(crowd.spots) == 36
    assert crowd.latest
    assert crowd.latest.x == 100


def test_years_are_bands_named_in_their_middle_where_there_is_room():
    drawn = chart(("2017-12-31", 1), ("2022-12-31", 5))
    named = [band for band in drawn.bands if band.labelled]
    assert drawn.band_unit == "year"
    assert [band.first_day.year for band in named] == [2018, 2019, 2020, 2021, 2022]
    assert [band.middle for band in named] == pytest.approx([10, 30, 50, 70, 90], abs=0.2)


@pytest.mark.parametrize("years", [2, 3, 8, 12, 40, 150])
def test_names_of_years_never_touch(years):
    drawn = chart((f"{2020 - years}-03-01", 1), ("2020-11-30", 2))
    middles = [band.middle for band in drawn.bands if band.labelled]
    assert middles
    assert min((after - before for before, after in pairwise(middles)), default=100) >= 12.5
    assert all(0 <= middle <= 100 for middle in middles)


@pytest.mark.parametrize("days", [32, 90, 200, 365, 729])
def test_names_of_months_never_touch(days):
    start = date(2022, 2, 20)
    drawn = chart((start.isoformat(), 1), ((start + timedelta(days)).isoformat(), 2))
    middles = [band.middle for band in drawn.bands if band.labelled]
    assert drawn.band_unit == "month"
    assert middles
    assert min((after - before for before, after in pairwise(middles)), default=100) >= 26


def test_targets_are_spots_at_the_end_of_their_levels():
    drawn = chart(("2020-01-01", 10), ("2021-01-01", 20), targets=points(("2024-01-01", 60), ("2022-01-01", 40)))
    assert [target.point.value for target in drawn.targets] == [40, 60]
    assert [(level.x1, level.x2) for level in drawn.levels] == [(0, drawn.targets[0].x), (drawn.targets[0].x, 100)]
    assert [level.y for level in drawn.levels] == [target.y for target in drawn.targets]


def test_a_target_without_a_figure_is_left_out():
    assert chart(("2020-01-01", 10), targets=points(("2024-01-01", None))).targets == []


def test_a_revision_leads_from_the_old_place_to_the_new_one_and_both_are_on_the_plot():
    lowered = Change(point("2022-12-31", 19), point("2022-12-31", 11))
    drawn = chart(("2019-12-31", 8), ("2021-12-31", 9), targets=points(("2022-12-31", 11)), changes=[lowered])
    (move,) = drawn.moves
    assert (move.x1, move.x2) == (100, 100)
    assert (move.y1, move.y2) == (5, 45)
    assert drawn.ticks[-1].value == 20


def test_a_figure_that_was_added_or_removed_is_marked_where_it_stands_or_stood():
    removed, added = Change(point("2020-07-01", 30), None), Change(None, point("2021-01-01", 20))
    drawn = chart(("2020-01-01", 10), ("2021-01-01", 20), changes=[removed, added, Change(point("2020-02-01", None), None)])
    assert [(move.x1, move.y1) == (move.x2, move.y2) for move in drawn.moves] == [True, True]
    assert [move.change for move in drawn.moves] == [removed, added]


def test_the_baseline_counts_for_both_scales():
    drawn = chart(("2021-01-01", 90), ("2022-01-01", 95), baseline=point("2017-01-01", 20))
    assert drawn.baseline
    assert (drawn.baseline.x, drawn.baseline.y) == (0, 80)


def test_zero_is_shown_when_the_scale_goes_below_it():
    drawn = chart(("2021-01-01", -20), ("2022-01-01", 35))
    assert drawn.zero == pytest.approx(66.67)
    assert (drawn.starts_at_zero, chart(("2021-01-01", 5), ("2022-01-01", 9)).zero) == (True, None)


def test_a_scale_that_does_not_start_at_zero_says_so():
    assert not chart(("2021-01-01", 3448), ("2022-01-01", 3260)).starts_at_zero


def test_a_constant_series_is_a_level_line_seen_against_zero():
    drawn = chart(("2021-01-01", 5), ("2022-01-01", 5), ("2023-01-01", 5))
    assert {dot.y for dot in drawn.dots} == {0}
    assert drawn.starts_at_zero


@given(
    st.dictionaries(st.dates(date(1950, 1, 1), date(2080, 1, 1)), st.decimals(-(10**14), 10**14, places=3), min_size=1, max_size=60),
)
def test_whatever_was_published_stays_inside_the_plot(rows):
    drawn = line_chart([Point(at, value) for at, value in rows.items()])
    assert drawn
    places = [(dot.x, dot.y) for dot in drawn.dots] + [(band.start, 0) for band in drawn.bands]
    assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in places)
    assert [band.start for band in drawn.bands] == sorted(band.start for band in drawn.bands)
