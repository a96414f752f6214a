"""Days somebody ran on without a record: a week with them is a lower bound, and no low reference; rest is rest."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.app.attention import tile_state
from sensor_hub.app.weeks import week_bar
from sensor_hub.guidelines.evaluate import evaluate, standing
from sensor_hub.guidelines.history import n_not_recorded, runs_of
from sensor_hub.guidelines.rules.week_limit import WeekLimit
from sensor_hub.model.edit import DayMark
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import DaySpan
from sensor_hub.model.session import SessionSummary
from tests.guidelines.histories import NOW_UTC, POD, RUNNER, TODAY, ran, run

MONDAY = date(2026, 11, 16)
WEEK = timedelta(days=7)


def span(days_ago: int, to_days_ago: int, mark: DayMark = "not-recorded") -> DaySpan:
    return DaySpan(TODAY - timedelta(days=days_ago), TODAY - timedelta(days=to_days_ago), mark)


def weeks(*kilometres: float) -> list[SessionSummary]:
    """A run on the Monday of each week before this one, the newest first."""
    return [run(4 + 7 * k, km, instrument=POD) for k, km in enumerate(kilometres, start=1) if km]


def said(sessions: list[SessionSummary], *days: DaySpan, rule: str = "week-limit") -> list[Finding]:
    found = evaluate(RUNNER, sessions, MONDAY, days=days)
    return [f for f in found if f.rule == rule and f.measure == "distance_m"]


# --- sums ------------------------------------------------------------------------------------------------------------


def test_a_week_with_days_that_were_not_recorded_is_a_lower_bound_and_says_why() -> None:
    runs = runs_of([*weeks(10.0), run(1, 6.0)], RUNNER.zone)
    bar, plain = (week_bar(runs, MONDAY, 1, days) for days in ([span(3, 2)], []))
    assert (bar.distance_m, bar.load_eq_km, bar.lower_bound, bar.reason) == (6000.0, 6.0, True, "not-recorded")
    assert replace(bar, lower_bound=False, reason=None) == plain
    assert week_bar(runs, MONDAY - WEEK, 1, [span(3, 2)]).lower_bound is False


def test_a_week_of_which_nothing_was_recorded_is_unknown_and_not_zero() -> None:
    runs = runs_of(weeks(0, 10.0), RUNNER.zone)
    week = MONDAY - WEEK
    assert week_bar(runs, week, 1).distance_m == 0.0
    bar = week_bar(runs, week, 1, [span(11, 5)])
    assert (bar.distance_m, bar.load_eq_km, bar.n_sessions, bar.lower_bound) == (None, None, 0, True)


def test_days_of_rest_between_runs_leave_everything_as_it_is() -> None:
    sessions = [*weeks(10.0, 12.0, 9.0, 11.0, 10.0), run(4, 14.0, instrument=POD)]
    rested = [span(30, 2, "rested"), span(60, 40, "unsaid")]
    assert evaluate(RUNNER, sessions, MONDAY, days=rested) == evaluate(RUNNER, sessions, MONDAY) != []
    assert standing(RUNNER, sessions, NOW_UTC, days=rested) == standing(RUNNER, sessions, NOW_UTC)
    runs = runs_of(sessions, RUNNER.zone)
    for k in range(8):
        assert week_bar(runs, MONDAY - k * WEEK, 1, rested) == week_bar(runs, MONDAY - k * WEEK, 1)


def test_today_and_the_week_say_what_was_not_recorded() -> None:
    status = standing(RUNNER, [*weeks(10.0), run(0, 5.0)], NOW_UTC, days=[span(2, 1)]).status
    assert (status.today.distance_m, status.today.lower_bound, status.today.reason) == (5000.0, False, None)
    assert (status.week.distance_m, status.week.lower_bound, status.week.reason) == (5000.0, True, "not-recorded")
    lost = standing(RUNNER, weeks(10.0), NOW_UTC, days=[span(4, 0)]).status
    for sums in (lost.today, lost.week):
        assert (sums.n_runs, sums.distance_m, sums.load_eq_km, sums.load_bw_s) == (0, None, None, None)
        assert (sums.lower_bound, sums.reason) == (True, "not-recorded")
    both = standing(RUNNER, [*weeks(10.0), ran(0)], NOW_UTC, days=[span(2, 1)]).status.week
    assert (both.distance_m, both.reason) == (None, "unknown-run")


def test_what_is_left_of_a_day_that_was_not_recorded_is_unknown() -> None:
    sessions = weeks(10.0, 10.0, 10.0)
    headroom = standing(RUNNER, sessions, NOW_UTC, days=[span(3, 0)]).headroom
    assert {(h.so_far, h.left, h.reason) for h in headroom[:2]} == {(None, None, "not-recorded")}
    assert headroom[0].limit == pytest.approx(11_000.0)
    assert tile_state(sessions[0], headroom, (), running=False) == "unknown"
    recorded = standing(RUNNER, [*sessions, run(0, 3.0, instrument=POD)], NOW_UTC, days=[span(3, 0)]).headroom
    assert recorded[0].left == pytest.approx(8000.0)  # a day without a run was meant


# --- which days ------------------------------------------------------------------------------------------------------


def test_a_run_that_comes_to_light_later_makes_its_day_known() -> None:
    days = [span(6, 2), span(20, 20), span(3, 3, "rested")]
    runs = runs_of([run(4, 5.0), run(20, 5.0)], RUNNER.zone)
    first, last = TODAY - timedelta(days=25), TODAY
    assert n_not_recorded(days, [], first, last) == 6
    assert n_not_recorded(days, runs, first, last) == 4
    assert n_not_recorded(days, runs, TODAY - timedelta(days=3), TODAY) == 2
    assert n_not_recorded(days, runs, TODAY - timedelta(days=1), TODAY) == 0


# --- a week as a reference -------------------------------------------------------------------------------------------


def test_weeks_that_were_not_recorded_are_no_low_reference() -> None:
    spike = [*weeks(3.0, 0, 10.0, 10.0, 10.0), run(0, 10.0, instrument=POD)]
    assert [f.level for f in said(spike, rule="week-on-week")] == ["over-100"]
    assert said(spike, span(10, 8), rule="week-on-week") == []
    rule = WeekLimit("distance_m", weeks=1)
    runs = runs_of(spike, RUNNER.zone)
    assert rule.limit(runs, MONDAY, [span(10, 8)]) is None
    assert WeekLimit("distance_m").limit(runs, MONDAY, [span(10, 8)]) == pytest.approx(11_000.0)


def test_a_week_that_was_partly_recorded_can_raise_the_reference_and_leaves_a_crossing_open() -> None:
    sessions = [*weeks(20.0, 10.0, 10.0, 10.0), run(0, 30.0, instrument=POD)]
    (sure,) = said(sessions)
    assert (sure.reference, sure.certainty, sure.level) == (20_000.0, "above", "over-30")
    (open_,) = said(sessions, span(10, 7))  # 20 km on three of seven days: it may have been 46.7 km
    assert (open_.reference, open_.certainty, open_.level) == (20_000.0, "too-close", "limit")
    (far,) = said([*sessions, run(1, 40.0, instrument=POD)], span(10, 7))
    assert far.certainty == "above"


def test_a_week_above_its_limit_as_far_as_it_was_recorded_is_above_it() -> None:
    above = [*weeks(10.0, 10.0, 10.0, 10.0), run(0, 15.0, instrument=POD)]
    (found,) = said(above, span(3, 2))
    assert (found.level, found.lower_bound, found.value) == ("over-30", True, 15_000.0)
    near = [*weeks(10.0, 10.0, 10.0, 10.0), run(0, 10.5, instrument=POD)]
    assert [f.level for f in said(near)] == ["near"]
    assert said(near, span(3, 2)) == []  # below it as far as it was recorded is unknown, not near


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda d: span(d[0] + d[1], d[0])), min_size=1, max_size=3
)
LINES = ("limit_distance_m", "limit_load_eq_km", "reference_distance_m", "reference_load_eq_km")
ROWS = st.lists(st.tuples(st.integers(0, 50), st.floats(0.5, 40.0)), max_size=14)


@given(ROWS, SPANS)
def test_days_not_recorded_never_raise_a_sum_nor_lower_a_reference(
    rows: list[tuple[int, float]], days: list[DaySpan]
) -> None:
    sessions = [run(days_ago, km, sid=f"s{i}", instrument=POD) for i, (days_ago, km) in enumerate(rows)]
    runs = runs_of(sessions, RUNNER.zone)
    for monday in (MONDAY - k * WEEK for k in range(8)):
        bar, plain = week_bar(runs, monday, 1, days), week_bar(runs, monday, 1)
        assert bar.distance_m in {plain.distance_m, None}
        lines = {name: getattr(bar, name) for name in LINES}
        assert bar.lower_bound or bar == replace(plain, **lines)
        assert all(value in {getattr(plain, name), None} for name, value in lines.items())
        for weeks_back in (1, 4):
            rule = WeekLimit("distance_m", weeks=weeks_back)
            limit, before = rule.limit(runs, monday, days), rule.limit(runs, monday)
            assert limit is None or limit == before
    certain = {f.key for f in evaluate(RUNNER, sessions, date(2026, 9, 1)) if f.certainty == "above"}
    marked = evaluate(RUNNER, sessions, date(2026, 9, 1), days=days)
    assert {f.key for f in marked if f.certainty == "above"} <= certain
    assert [f for f in marked if f.rule == "session-limit"] == [
        f for f in evaluate(RUNNER, sessions, date(2026, 9, 1)) if f.rule == "session-limit"
    ]
