"""What a week and a run are drawn beside: what they grow from, the limit, and what known rest has left."""

from datetime import date, timedelta

import pytest

from sensor_hub.app.weeks import day_session, week_bar
from sensor_hub.guidelines.evaluate import past_of
from sensor_hub.guidelines.history import runs_of
from sensor_hub.model.history import DaySpan
from sensor_hub.model.ports import WeekBar
from sensor_hub.model.session import SessionSummary
from tests.guidelines.histories import POD, RUNNER, TODAY, run

MONDAY = date(2026, 11, 16)


def on_mondays(*kilometres: float) -> list[SessionSummary]:
    """A run on the Monday of each week before this one, the newest first; 0 is none."""
    return [run(4 + 7 * k, km, instrument=POD) for k, km in enumerate(kilometres, start=1) if km]


def this_week(sessions: list[SessionSummary], *days: DaySpan) -> WeekBar:
    past = past_of(RUNNER, sessions, days)
    return week_bar(runs_of(sessions, RUNNER.zone), MONDAY, 1, days, past=past)


def test_the_band_begins_at_the_highest_week_of_four_and_ends_at_the_limit() -> None:
    bar = this_week(on_mondays(10.0, 12.0, 9.0, 11.0, 40.0))
    assert (bar.reference_distance_m, bar.reference_load_eq_km) == (12_000.0, 12.0)
    assert bar.limit_distance_m == pytest.approx(13_200.0)
    assert (bar.tolerance_distance_m, bar.tolerance_load_eq_km) == (12_000.0, 12.0)


def test_a_known_rest_leaves_less_tolerance_and_the_same_band() -> None:
    sessions = on_mondays(0, 0, 10.0, 10.0, 10.0)
    rest = DaySpan(TODAY - timedelta(days=24), TODAY - timedelta(days=1), "rested")
    rested, unanswered = this_week(sessions, rest), this_week(sessions)
    assert rested.tolerance_distance_m == pytest.approx(10_000.0 * 0.5 ** ((20 - 7) / 28))
    assert rested.reference_distance_m == unanswered.reference_distance_m == 10_000.0
    assert unanswered.tolerance_distance_m == 10_000.0, "a gap nobody has answered for lowers nothing"


def test_without_a_limit_there_is_no_band() -> None:
    bar = this_week(on_mondays(10.0))
    assert (bar.limit_distance_m, bar.reference_distance_m, bar.tolerance_distance_m) == (None, None, None)


def test_a_week_has_its_spread_and_its_hard_load() -> None:
    two = [run(back, 6.0, instrument=POD, hard_bw_s=200.0) for back in (3, 1)]
    bar = this_week([*on_mondays(10.0, 10.0, 10.0), *two])
    assert bar.load_eq_km_sd == pytest.approx(0.18 * 2**0.5)
    assert bar.hard_load_bw_s == 400.0
    assert bar.hard_load_sd == pytest.approx(20.0 * 2**0.5)
    unknown = this_week([*on_mondays(10.0, 10.0, 10.0), two[0], run(1, 6.0, instrument=POD)])
    assert (unknown.hard_load_bw_s, unknown.hard_load_sd) == (None, None)


def test_a_run_stands_beside_the_longest_of_the_month_before_it() -> None:
    runs = runs_of(
        [run(40, 30.0, instrument=POD), run(10, 8.0, instrument=POD), run(1, 6.0, instrument=POD)], RUNNER.zone
    )
    drawn = day_session(runs, runs[-1])
    assert drawn.reference_distance_m == 8_000.0
    assert drawn.limit_distance_m == pytest.approx(8_800.0)
    first = day_session(runs, runs[0])
    assert (first.reference_distance_m, first.limit_distance_m) == (None, None)
