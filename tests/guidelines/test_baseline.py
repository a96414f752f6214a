"""A load is held only against loads measured the same way; a change of sensor is bridged, and no history is lost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.baseline import bridging, changes, comparable, is_mixed
from sensor_hub.guidelines.evaluate import evaluate, standing
from sensor_hub.guidelines.history import runs_of
from sensor_hub.guidelines.rules.session_limit import SessionLimit
from sensor_hub.guidelines.rules.week_limit import WeekLimit
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import Headroom, Measure, Totals
from sensor_hub.model.session import SessionSummary
from tests.guidelines.histories import FEET, NOW_UTC, POD, RUNNER, TODAY, WATCH, run

POD_MONTHS = [run(days, 8.0, instrument=POD) for days in range(60, 0, -3)]


def said(sessions: Sequence[SessionSummary], measure: Measure = "load_eq_km") -> list[Finding]:
    found = evaluate(RUNNER, sessions, TODAY)
    return [f for f in found if f.measure == measure and f.rule == "session-limit"]


def room(sessions: Sequence[SessionSummary], measure: Measure = "load_eq_km", sid: str | None = None) -> Headroom:
    return next(h for h in standing(RUNNER, sessions, NOW_UTC, sid).headroom if h.measure == measure)


# --- what may be compared ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        {"instrument": FEET},
        {"instrument": ""},
        {"instrument": POD, "model": "achilles-1.1.0"},
    ],
)
def test_a_load_is_never_held_against_one_of_another_instrument_or_model(other: dict[str, str]) -> None:
    earlier = [run(days, 20.0, sid=f"o{days}", hard_bw_s=999.0, **other) for days in (20, 10)]  # type: ignore[arg-type]
    own = [run(days, 8.0, instrument=POD, hard_bw_s=100.0) for days in (29, 22, 15)]
    today = run(0, 10.0, instrument=POD, hard_bw_s=180.0)
    assert [(f.reference, f.severity) for f in said([*earlier, *own, today])] == [(8.0, "alert")]
    assert [f.reference for f in said([*earlier, *own, today], "hard_load_bw_s")] == [100.0]
    assert said([*earlier, *own, today], "distance_m") == []  # 20 km is the longest, whatever measured it
    assert room([*earlier, *own, today], "distance_m").reference == 20_000.0


def test_tiers_are_apart_where_no_instrument_was_told() -> None:
    imu = run(10, 20.0)
    contact = replace(imu, header=replace(imu.header, sid="c", tier="contact"))
    today = runs_of([run(0, 8.0)], RUNNER.zone)[0]
    assert [r.sid for r in comparable(runs_of([imu, contact], RUNNER.zone), today, "load_eq_km")] == [imu.header.sid]


def test_eq_km_of_an_older_reference_are_expressed_in_the_newer_one_and_hard_load_is_not() -> None:
    before = [run(days, 8.8, instrument=POD, hard_bw_s=100.0) for days in (29, 22, 20)]
    today = run(0, 9.5, instrument=POD, hard_bw_s=500.0, reference="ref-own-1")
    (finding,) = said([*before, today])
    assert finding.reference == pytest.approx(8.0)  # 8.8 x 300 / 330
    assert finding.limit == pytest.approx(8.8)
    assert said([*before, today], "hard_load_bw_s") == []
    left = room([*before, today], "hard_load_bw_s")
    assert (left.limit, left.reason, left.confidence) == (None, "no-history", "learning")


def test_an_older_reference_whose_bw_s_nobody_told_is_left_out() -> None:
    told = run(10, 8.8, instrument=POD)
    untold = replace(told, totals=replace(told.totals, load_bw_s=None))
    today = run(0, 9.5, instrument=POD, reference="ref-own-1")
    assert room([untold, today]).reason == "no-history"
    assert room([told, today]).reference == pytest.approx(8.0)


def test_at_its_start_a_run_in_a_new_reference_is_expressed_by_what_another_run_tells() -> None:
    old, new = run(20, 8.8, instrument=POD), run(10, 4.0, instrument=POD, reference="ref-own-1")
    started = run(0, 0.0, sid="now", instrument=POD, reference="ref-own-1")
    assert room([run(40, 1.0, instrument=POD), old, new, started], sid="now").reference == pytest.approx(8.0)


# --- bridging ---------------------------------------------------------------------------------------------------------


def test_a_new_sensor_raises_no_alert_on_load_for_fourteen_days_and_distance_goes_on() -> None:
    for day in (1, 5, 13):
        feet = [run(day, 4.0, instrument=FEET), run(0, 20.0, instrument=FEET)]
        assert said([*POD_MONTHS, *feet]) == []
        assert [f.severity for f in said([*POD_MONTHS, *feet], "distance_m")] == ["alert"]
        left = room([*POD_MONTHS, *feet])
        assert (left.left, left.reason, left.confidence, left.probability) == (None, "bridging", "learning", None)
        assert (left.limit, left.reference, left.so_far) == (None, None, 20.0)
    feet = [run(14, 4.0, instrument=FEET), run(0, 20.0, instrument=FEET)]
    assert [(f.severity, f.confidence) for f in said([*POD_MONTHS, *feet])] == [("alert", "normal")]
    assert room([*POD_MONTHS, *feet]).reason is None


def test_the_change_is_told_with_its_days() -> None:
    status = standing(RUNNER, [*POD_MONTHS, run(2, 4.0, instrument=FEET)], NOW_UTC).status
    assert (status.instrument, status.model, status.reference) == (FEET, "achilles-1.0.0", "ref-pop-1")
    assert status.bridging is not None
    assert (status.bridging.first_day, status.bridging.normal_from) == ("2026-11-18", "2026-12-02")
    assert (status.bridging.instrument, status.bridging.before) == (FEET, POD)
    assert standing(RUNNER, POD_MONTHS, NOW_UTC).status.bridging is None


def test_back_to_the_old_sensor_within_the_window_its_own_baseline_counts_again() -> None:
    feet = [run(days, 5.0, instrument=FEET) for days in (9, 6, 3)]
    older = [s for s in POD_MONTHS if s.start_utc.date() < TODAY - timedelta(days=9)]
    back = run(0, 9.5, instrument=POD)
    assert [(f.reference, f.severity) for f in said([*older, *feet, back])] == [(8.0, "alert")]
    assert room([*older, *feet, back]).reason is None


def test_back_to_a_sensor_not_used_for_longer_than_the_window_is_bridged_again() -> None:
    pod_long_ago = [run(days, 8.0, instrument=POD) for days in (70, 60, 50, 40)]
    feet = [run(days, 5.0, instrument=FEET) for days in range(35, 2, -4)]
    back = [run(2, 5.0, instrument=POD), run(0, 20.0, instrument=POD)]
    assert said([*pod_long_ago, *feet, *back]) == []
    assert room([*pod_long_ago, *feet, *back]).reason == "bridging"


def test_a_pause_with_one_sensor_is_no_change() -> None:
    before = [run(days, 8.0, instrument=POD) for days in (80, 70, 60)]
    assert room([*before, run(3, 5.0, instrument=POD), run(0, 3.0, instrument=POD)]).reason is None


def test_a_newer_model_is_bridged_like_a_new_sensor() -> None:
    old = [run(days, 8.0, instrument=POD, model="achilles-0.1") for days in range(60, 2, -3)]
    today = run(0, 20.0, instrument=POD)
    assert room([*old, today]).reason == "bridging"
    change = bridging(runs_of([*old, today], RUNNER.zone), TODAY, runs_of([today], RUNNER.zone)[0].yardstick)
    assert change is not None
    assert (change.instrument, change.before) == (POD, POD)
    assert (change.model, change.before_model) == ("achilles-1.0.0", "achilles-0.1")


def test_two_sensors_used_by_turns_have_a_history_each_and_nothing_to_bridge() -> None:
    turns = [run(days, 8.0 if days % 2 else 5.0, instrument=FEET if days % 2 else POD) for days in range(40, 0, -1)]
    for instrument, reference in ((FEET, 8.0), (POD, 5.0)):
        left = room([*turns, run(0, 2.0, sid="now", instrument=instrument)], sid="now")
        assert (left.reference, left.reason, left.confidence) == (reference, None, "normal")


def test_the_first_sensor_of_a_runner_is_learned_and_not_bridged() -> None:
    left = room([run(3, 5.0, instrument=FEET), run(0, 4.0, instrument=FEET)])
    assert (left.reason, left.confidence) == (None, "learning")


def test_without_a_session_in_progress_the_newest_run_says_what_today_is_measured_with() -> None:
    sessions = [*POD_MONTHS, run(0, 6.0, sid="am", instrument=POD), run(0, 3.0, sid="pm", instrument=FEET, hours=8)]
    status = standing(RUNNER, sessions, NOW_UTC).status
    assert status.instrument == FEET
    assert standing(RUNNER, sessions, NOW_UTC, "am").status.instrument == POD
    assert room(sessions).so_far == 3.0
    assert room(sessions, "distance_m").so_far == 6000.0  # a distance is a distance


def test_every_change_of_a_history_is_listed_once() -> None:
    feet = [run(days, 5.0, instrument=FEET) for days in (9, 6, 3)]
    watch = [run(1, 5.0, instrument=WATCH)]
    found = changes(runs_of([*POD_MONTHS, *feet, *watch], RUNNER.zone))
    assert [(c.first_day, c.before, c.instrument) for c in found] == [
        ("2026-11-11", POD, FEET),
        ("2026-11-19", POD, WATCH),
    ]
    assert changes(runs_of(POD_MONTHS, RUNNER.zone)) == []


# --- weeks ------------------------------------------------------------------------------------------------------------


def test_a_week_of_two_sensors_has_no_load_to_judge_and_its_distance_goes_on() -> None:
    before = [run(days, 10.0, instrument=POD) for days in (32, 25, 18, 11)]
    both = [run(3, 12.0, instrument=POD), run(1, 12.0, instrument=FEET)]
    weeks = [f for f in evaluate(RUNNER, [*before, *both], TODAY - timedelta(days=4)) if f.rule == "week-limit"]
    assert {f.measure for f in weeks} == {"distance_m"}
    one = [f for f in evaluate(RUNNER, [*before, run(3, 24.0, instrument=POD)], TODAY - timedelta(days=4))]
    assert {f.measure for f in one if f.rule == "week-limit"} == {"distance_m", "load_eq_km"}
    week = standing(RUNNER, [*before, *both], NOW_UTC).status.week
    assert (week.distance_m, week.load_eq_km, week.reason) == (24_000.0, None, "mixed-instruments")


def test_a_week_of_another_sensor_is_no_reference_for_this_one() -> None:
    feet = [run(days, 30.0, sid=f"f{days}", instrument=FEET) for days in (25, 18)]
    pod = [run(days, 10.0, instrument=POD) for days in (32, 11, 3)]
    judged = WeekLimit("load_eq_km").judge(runs_of([*feet, *pod, run(2, 9.0, instrument=POD)], RUNNER.zone), TODAY)
    assert judged is not None
    assert judged.reference.value == 10.0


# --- properties -------------------------------------------------------------------------------------------------------

HISTORIES = st.lists(
    st.tuples(st.integers(0, 60), st.floats(0.5, 40.0), st.sampled_from([POD, FEET, WATCH, ""])), max_size=25
)


def sessions_of(rows: list[tuple[int, float, str]]) -> list[SessionSummary]:
    return [run(days, km, sid=f"s{i}", instrument=on, hard_bw_s=10 * km) for i, (days, km, on) in enumerate(rows)]


@given(HISTORIES)
def test_what_other_sensors_measured_changes_no_reference_of_a_load(rows: list[tuple[int, float, str]]) -> None:
    rule = SessionLimit("load_eq_km")
    with_all = runs_of(sessions_of(rows), RUNNER.zone)
    for one in with_all:
        own = [r for r in with_all if r.yardstick == one.yardstick]
        is_bridged = bridging(with_all, one.day, one.yardstick) is not None
        assert rule.reference(with_all, one.day, one) == (None if is_bridged else rule.reference(own, one.day, one))


@given(HISTORIES)
def test_nothing_is_said_of_a_load_while_a_change_is_bridged(rows: list[tuple[int, float, str]]) -> None:
    sessions = sessions_of(rows)
    runs = runs_of(sessions, RUNNER.zone)
    bridged = {f"session:{r.sid}" for r in runs if bridging(runs, r.day, r.yardstick) is not None}
    found = evaluate(RUNNER, sessions, date(2026, 9, 1))
    assert {f.measure for f in found if f.scope in bridged}.isdisjoint({"load_eq_km", "hard_load_bw_s"})


@given(HISTORIES, st.integers(0, 60))
def test_what_comes_later_never_changes_how_a_day_is_judged(rows: list[tuple[int, float, str]], cut: int) -> None:
    earlier = [row for row in rows if row[0] >= cut]
    day = TODAY - timedelta(days=cut)
    runs, alone = (runs_of(sessions_of(r), RUNNER.zone) for r in (earlier + [r for r in rows if r[0] < cut], earlier))
    for one in alone:
        assert bridging(runs, one.day, one.yardstick) == bridging(alone, one.day, one.yardstick)
        assert SessionLimit("load_eq_km").judge(runs, one) == SessionLimit("load_eq_km").judge(alone, one)
    assert [c for c in changes(runs) if c.first_day <= day.isoformat()] == changes(alone)


def test_after_a_break_longer_than_the_window_history_begins_anew() -> None:
    def confidence(rest_days: int) -> set[str]:
        long_ago = [run(8 + rest_days + 3 * k, 6.0, instrument=POD) for k in range(10)]
        sessions = [*long_ago, run(8, 6.0, instrument=POD), run(0, 9.0, instrument=POD)]
        return {f.confidence for f in evaluate(RUNNER, sessions, TODAY) if f.rule == "session-limit"}

    assert confidence(30) == {"normal"}
    assert confidence(31) == {"low", "learning"}


def test_a_sensor_that_was_last_worn_before_a_long_break_is_none_to_change_from() -> None:
    def found(rest_days: int) -> list[str]:
        watch = [run(5 + rest_days + 3 * k, 6.0, instrument=WATCH) for k in range(5)]
        return [c.instrument for c in changes(runs_of([*watch, run(5, 6.0, instrument=POD)], RUNNER.zone))]

    assert found(30) == [POD]
    assert found(31) == []


# --- a run without a load ---------------------------------------------------------------------------------------------


def logged(days_ago: int, km: float, hours: float = 0.0) -> SessionSummary:
    """A line of a log: distance and duration."""
    found = run(days_ago, km, sid=f"log{days_ago}", origin="import", hours=hours)
    return replace(found, totals=Totals(distance_m=1000 * km, duration_s=3600.0))


def test_a_logged_run_is_no_new_sensor_and_leaves_every_limit_of_load_as_it_was() -> None:
    for at_all in (logged(1, 5.0), logged(20, 5.0)):
        sessions = [*POD_MONTHS, at_all]
        assert room(sessions) == room(POD_MONTHS)
        assert room(sessions).left == pytest.approx(8.8)
        status = standing(RUNNER, sessions, NOW_UTC).status
        assert (status.bridging, status.instrument) == (None, POD)
        runs = runs_of(sessions, RUNNER.zone)
        assert changes(runs) == []
        assert not is_mixed(runs)
        today = run(0, 9.5, instrument=POD)
        assert said([*sessions, today]) == said([*POD_MONTHS, today]) != []


def test_a_logged_run_after_the_one_above_the_limit_does_not_take_its_alert_away() -> None:
    today, after = run(0, 12.0, instrument=POD), logged(0, 1.0, hours=3)
    before = room([*POD_MONTHS, today], sid=today.header.sid)
    assert before.left == pytest.approx(8.8 - 12.0)
    assert room([*POD_MONTHS, today, after], sid=after.header.sid) == before
    assert room([*POD_MONTHS, today, after]) == before
    assert room([*POD_MONTHS, today, after], "distance_m", sid=after.header.sid).so_far == 1000.0


def test_what_a_logged_run_alone_has_used_up_is_unknown_and_never_nothing() -> None:
    alone = logged(0, 6.0)
    for sid in (None, alone.header.sid):
        left = room([*POD_MONTHS, alone], sid=sid)
        assert (left.so_far, left.left, left.reason) == (None, None, "unknown-run")
        assert left.limit == pytest.approx(8.8)
        assert room([*POD_MONTHS, alone], "distance_m", sid=sid).so_far == 6000.0
    assert standing(RUNNER, [*POD_MONTHS, alone], NOW_UTC).status.origin == "import"
    only = room([alone], "distance_m")
    assert (only.so_far, room([alone]).reason) == (6000.0, "unknown-run")


def test_a_run_that_only_begins_says_already_that_its_sensor_is_new() -> None:
    begun = replace(run(0, None, instrument=FEET), totals=Totals(), ended=False)
    assert room([*POD_MONTHS, begun], sid=begun.header.sid).reason == "bridging"


def test_a_week_with_a_logged_run_has_a_limit_and_no_load() -> None:
    runs = runs_of([*POD_MONTHS, logged(0, 5.0)], RUNNER.zone)
    rule, monday = WeekLimit("load_eq_km"), TODAY - timedelta(days=TODAY.weekday())
    without = runs_of(POD_MONTHS, RUNNER.zone)
    assert rule.limit(runs, monday) == rule.limit(without, monday) is not None
    week = standing(RUNNER, [*POD_MONTHS, logged(0, 5.0)], NOW_UTC).status.week
    assert (week.load_eq_km, week.reason) == (None, "without-load")
    assert week.distance_m is not None
