"""Speed, hills and climb of a run, held against sums over its seconds."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.load.exposure import Exposure
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import Totals

NAN = math.nan
SPEED = st.floats(0.0, 8.0) | st.just(NAN)
GRADE = st.floats(-0.2, 0.2) | st.just(NAN)
SECONDS = st.floats(0.1, 90.0) | st.just(NAN)
ROW = st.tuples(SECONDS, SPEED, GRADE)


def rows(told: list[tuple[float, float, float]], gait: str = "run") -> StepTable:
    """Rows of (seconds, m/s, grade), each as two steps."""
    seconds, speed_mps, grade = np.array(told, dtype=float).reshape(-1, 3).T
    n = len(seconds)
    columns = {name: np.full(n, NAN) for name in FLOAT_COLUMNS}
    columns |= {"n_steps": np.full(n, 2.0), "step_time_s": seconds / 2, "speed_mps": speed_mps, "grade": grade}
    return StepTable(
        time_utc_us=np.arange(n, dtype=np.int64),
        side=np.full(n, "U"),
        step_time_origin=np.full(n, "estimated"),
        gait=np.full(n, gait, dtype="<U4"),
        **columns,
    )


def exposed(*tables: StepTable) -> dict[str, float | None]:
    found = Exposure()
    for table in tables:
        found.add(table)
    return {
        "median_speed_mps": found.median_speed_mps(),
        "speed_5min_mps": found.speed_5min_mps(),
        "uphill_s": found.uphill_s(),
        "ascent_m": found.ascent_m(),
    }


def totals(*tables: StepTable) -> Totals:
    sums = SessionTotals(ACHILLES_1)
    for table in tables:
        sums.add(table, table.gait == "run")
    sums.recorded_s = 60.0
    return sums.totals()


def test_a_run_on_a_hill_with_a_fast_part_says_how_fast_how_long_uphill_and_how_far_up() -> None:
    flat, hill, fast = (1200.0, 2.8, 0.0), (400.0, 2.5, 0.05), (350.0, 3.9, 0.0)
    found = totals(rows([flat, hill, fast]))
    assert found.median_speed_mps == 2.8
    assert found.speed_5min_mps == 3.9
    assert found.uphill_s == 400.0
    assert found.ascent_m == pytest.approx(400 * 2.5 * 0.05)


def test_five_minutes_are_added_up_from_all_that_was_faster() -> None:
    found = exposed(rows([(200.0, 4.0, 0.0), (600.0, 2.5, 0.0), (99.0, 5.0, 0.0), (1.0, 3.5, 0.0)]))
    assert found["speed_5min_mps"] == 3.5
    assert exposed(rows([(200.0, 4.0, 0.0), (600.0, 2.5, 0.0), (99.0, 5.0, 0.0)]))["speed_5min_mps"] == 2.5


def test_a_run_shorter_than_five_minutes_held_no_speed_for_five_minutes() -> None:
    assert exposed(rows([(299.0, 5.0, 0.0)]))["speed_5min_mps"] == 0.0
    assert exposed(rows([(300.0, 5.0, 0.0)]))["speed_5min_mps"] == 5.0


@pytest.mark.row("B09")
def test_three_percent_is_uphill_and_less_is_not_and_downhill_takes_no_climb_away() -> None:
    found = exposed(rows([(60.0, 3.0, 0.03), (60.0, 3.0, 0.0299), (60.0, 3.0, -0.08), (60.0, 3.0, 0.009)]))
    assert found["uphill_s"] == 60.0
    assert found["ascent_m"] == pytest.approx(180.0 * 0.03 + 180.0 * 0.0299)


@pytest.mark.parametrize("known_s", [79.0, 80.0])
def test_where_less_than_four_fifths_of_the_time_is_known_it_is_unknown_and_not_zero(known_s: float) -> None:
    rest_s = 100.0 - known_s
    no_speed = exposed(rows([(known_s, 3.0, 0.04), (rest_s, NAN, 0.04)]))
    no_grade = exposed(rows([(known_s, 3.0, 0.04), (rest_s, 3.0, NAN)]))
    unknown = known_s < 80.0
    assert [no_speed[n] is None for n in ("median_speed_mps", "speed_5min_mps", "ascent_m")] == [unknown] * 3
    assert no_speed["uphill_s"] == 100.0
    assert [no_grade[n] is None for n in ("uphill_s", "ascent_m")] == [unknown] * 2
    assert no_grade["median_speed_mps"] == 3.0


def test_nothing_run_is_unknown() -> None:
    assert set(exposed().values()) == {None}
    assert set(exposed(rows([(NAN, 3.0, 0.0)])).values()) == {None}


def test_what_is_walked_counts_neither_as_speed_nor_as_hill() -> None:
    run = rows([(600.0, 3.0, 0.0)])
    walk = rows([(900.0, 1.5, 0.1)], gait="walk")
    both, alone = totals(run, walk), totals(run)
    for name in ("median_speed_mps", "speed_5min_mps", "uphill_s", "ascent_m"):
        assert getattr(both, name) == getattr(alone, name)
    assert totals(walk).uphill_s is None


@given(st.lists(ROW, max_size=30), st.lists(st.integers(0, 30), max_size=5), st.randoms())
def test_any_order_and_any_grouping_give_the_same_bits(
    told: list[tuple[float, float, float]], cuts: list[int], rng: object
) -> None:
    whole = rows(told)
    edges = sorted({0, len(told), *(min(c, len(told)) for c in cuts)})
    parts = [whole.slice(a, b) for a, b in pairwise(edges)]
    mixed = list(range(len(told)))
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    assert exposed(*parts) == exposed(whole) == exposed(*(whole.slice(i, i + 1) for i in mixed))


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 800), st.integers(-20, 20)), min_size=1, max_size=20))
def test_it_is_what_counting_each_second_gives(told: list[tuple[int, int, int]]) -> None:
    found = exposed(rows([(float(s), v / 100, g / 100) for s, v, g in told]))
    seconds = sorted(v for s, v, _ in told for _ in range(s))
    assert found["median_speed_mps"] == seconds[(len(seconds) - 1) // 2] / 100
    assert found["speed_5min_mps"] == (seconds[-300] / 100 if len(seconds) >= 300 else 0.0)
    assert found["uphill_s"] == sum(s for s, _, g in told if g >= 3)
    assert found["ascent_m"] == pytest.approx(sum(s * v / 100 * g / 100 for s, v, g in told if g >= 1), abs=1e-4)


@given(st.lists(st.tuples(SECONDS, st.floats(0.5, 7.0), GRADE), min_size=1, max_size=20), st.floats(0.1, 2.0))
def test_all_of_it_faster_is_never_a_slower_run(told: list[tuple[float, float, float]], by_mps: float) -> None:
    slow = rows(told)
    fast = replace(slow, speed_mps=slow.speed_mps + by_mps)
    for name in ("median_speed_mps", "speed_5min_mps"):
        low, high = exposed(slow)[name], exposed(fast)[name]
        assert (low is None) == (high is None)
        if low is not None and high is not None:
            assert high >= low


def test_damaged_rows_do_not_break_it() -> None:
    found = exposed(rows([(1e300, 1e300, 1e300), (-5.0, -3.0, -1e9), (60.0, 3.0, 0.0)]))
    assert all(value is None or math.isfinite(value) for value in found.values())
