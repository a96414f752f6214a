"""Sums of a day and a week: each ledger apart, loads of one instrument only, and unknown never zero."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.evaluate import standing
from sensor_hub.guidelines.history import runs_of
from sensor_hub.guidelines.ledgers import NO_RUN, load_sums
from sensor_hub.model.load import LoadSums, Totals
from sensor_hub.model.session import SessionSummary
from tests.guidelines.histories import FEET, NOW_UTC, POD, RUNNER, run

WHOLE = Totals(
    duration_s=1800.0, distance_m=5000.0, load_eq_km=5.5, load_eq_km_sd=0.2, load_bw_s=1650.0, load_left_bw_s=1600.0,
    load_right_bw_s=1700.0, push_off_bw_s=800.0, hard_load_bw_s=120.0, hard_load_sd=30.0, walk_load_bw_s=40.0,
    coverage=1.0,
)  # fmt: skip


def sums(*sessions: SessionSummary, history: tuple[SessionSummary, ...] = ()) -> LoadSums:
    return load_sums(runs_of([*history, *sessions], RUNNER.zone), sessions)


def feet(sid: str = "a", **changed: float | None) -> SessionSummary:
    return run(0, None, sid=sid, instrument=FEET, more=replace(WHOLE, **changed))  # type: ignore[arg-type]


def test_two_runs_of_one_sensor_add_up_and_their_errors_in_squares() -> None:
    both = sums(feet("a"), feet("b"))
    assert (both.n_runs, both.distance_m, both.load_eq_km, both.load_bw_s) == (2, 10_000.0, 11.0, 3300.0)
    assert (both.load_left_bw_s, both.load_right_bw_s, both.push_off_bw_s) == (3200.0, 3400.0, 1600.0)
    assert (both.hard_load_bw_s, both.walk_load_bw_s) == (240.0, 80.0)
    assert both.load_eq_km_sd == pytest.approx(0.2 * 2**0.5)
    assert both.hard_load_sd == pytest.approx(30.0 * 2**0.5)
    assert both.load_per_km == pytest.approx(1.1)
    assert (both.lower_bound, both.reason) == (False, None)


def test_a_day_of_rest_is_zero_and_has_no_load_per_km() -> None:
    assert sums() == replace(NO_RUN, walk_load_bw_s=0.0, exercise_load_bw_s=0.0)
    assert sums().load_per_km is None


@pytest.mark.parametrize(
    "unknown", ["distance_m", "load_left_bw_s", "load_right_bw_s", "push_off_bw_s", "load_bw_s", "hard_load_bw_s"]
)
def test_a_sum_with_an_unknown_part_is_unknown_and_the_others_are_not(unknown: str) -> None:
    both = sums(feet("a"), feet("b", **{unknown: None}))
    assert getattr(both, unknown) is None
    assert both.load_eq_km == 11.0
    if unknown != "distance_m":
        assert both.distance_m == 10_000.0
    assert (both.hard_load_sd is None) == (unknown == "hard_load_bw_s")


def test_walks_and_exercises_are_ledgers_of_their_own_and_never_run_load() -> None:
    walk = run(0, 4.0, sid="w", instrument=FEET, ledger="walk", more=Totals(distance_m=4000.0, walk_load_bw_s=700.0))
    drops = run(0, None, sid="x", ledger="exercise", more=Totals(load_bw_s=250.0))
    other = run(0, 30.0, sid="o", ledger="other")
    day = sums(feet(), walk, drops, other)
    assert (day.walk_load_bw_s, day.exercise_load_bw_s) == (740.0, 250.0)
    assert replace(day, walk_load_bw_s=40.0, exercise_load_bw_s=0.0) == sums(feet())
    alone = sums(walk, drops)
    assert (alone.n_runs, alone.distance_m, alone.load_eq_km, alone.walk_load_bw_s) == (0, 0.0, 0.0, 700.0)


def test_running_steps_of_a_walk_count_as_walked_and_are_in_no_other_ledger() -> None:
    walk = run(0, 4.0, sid="w", ledger="walk", more=Totals(load_bw_s=60.0, walk_load_bw_s=700.0))
    assert sums(walk).walk_load_bw_s == 760.0
    assert sums(walk).load_bw_s == 0.0
    only_ran = run(0, 4.0, sid="w", ledger="walk", more=Totals(load_bw_s=60.0))
    assert sums(only_ran).walk_load_bw_s == 60.0


def test_a_walk_or_an_exercise_of_unknown_load_makes_its_ledger_unknown() -> None:
    walk, drops = (run(0, 4.0, sid=ledger, ledger=ledger, more=Totals()) for ledger in ("walk", "exercise"))
    assert sums(feet(), walk).walk_load_bw_s is None
    assert sums(drops).exercise_load_bw_s is None
    assert sums(feet(), walk).load_eq_km == 5.5


def test_a_run_without_a_walked_step_adds_none_and_one_of_an_older_program_is_unknown() -> None:
    assert sums(feet(walk_load_bw_s=None)).walk_load_bw_s == 0.0
    older = run(0, 5.0, sid="old")
    assert older.header.instrument == ""
    assert sums(older).walk_load_bw_s is None


def test_a_line_of_a_log_leaves_what_was_walked_known() -> None:
    logged = replace(feet("log"), totals=Totals(duration_s=360.0, distance_m=1000.0))
    assert sums(feet(walk_load_bw_s=33.0), logged).walk_load_bw_s == 33.0
    assert sums(logged).walk_load_bw_s == 0.0


def test_loads_of_two_instruments_are_not_added_and_distance_is() -> None:
    day = sums(feet(), run(0, 3.0, sid="p", instrument=POD))
    assert (day.distance_m, day.reason, day.n_runs) == (8000.0, "mixed-instruments", 2)
    known = {f.name for f in fields(day) if getattr(day, f.name) is not None}
    assert known == {"n_runs", "distance_m", "lower_bound", "reason", "walk_load_bw_s", "exercise_load_bw_s"}


def test_two_references_of_one_instrument_add_up_in_the_newer_and_hard_loads_do_not() -> None:
    before, after = run(0, 8.8, sid="a", instrument=POD, hard_bw_s=10.0), run(
        0, 2.0, sid="b", instrument=POD, hard_bw_s=10.0, reference="ref-own-1", hours=3
    )  # fmt: skip
    day = sums(before, after)
    assert day.load_eq_km == pytest.approx(10.0)  # 8.8 x 300 / 330 + 2
    assert day.load_bw_s == pytest.approx(300 * 8.8 + 330 * 2)
    assert (day.hard_load_bw_s, day.hard_load_sd, day.reason) == (None, None, "mixed-references")


def test_load_per_km_is_over_what_was_recorded_and_unknown_where_little_was() -> None:
    assert sums(feet(coverage=0.9)).load_per_km == pytest.approx(5.5 / 4.5)
    little = sums(feet(coverage=0.6))
    assert (little.load_per_km, little.lower_bound, little.load_eq_km) == (None, True, 5.5)


def test_of_a_run_of_which_nothing_was_recorded_only_the_distance_is_known() -> None:
    unseen = sums(feet(coverage=0.0, load_eq_km=0.0, load_bw_s=0.0))
    assert unseen.distance_m == 5000.0
    loads = ("load_eq_km", "load_bw_s", "load_left_bw_s", "push_off_bw_s", "hard_load_bw_s")
    assert [getattr(unseen, name) for name in loads] == [None] * 5


def test_a_status_says_today_and_the_week_so_far_and_leaves_replays_out() -> None:
    sessions = [
        run(9, 30.0, sid="last-week", instrument=FEET),
        run(2, None, sid="b", instrument=FEET, more=WHOLE),
        feet(),
        run(0, 50.0, sid="again", origin="replay", instrument=FEET),
        run(0, 50.0, sid="sim", origin="simulated", instrument=FEET),
    ]
    status = standing(RUNNER, sessions, NOW_UTC).status
    assert (status.today.load_eq_km, status.week.load_eq_km, status.week.n_runs) == (5.5, 11.0, 2)
    assert (status.today_load_eq_km, status.week_load_eq_km) == (5.5, 11.0)
    assert (status.today_distance_m, status.week_distance_m) == (5000.0, 10_000.0)


@given(st.lists(st.floats(0.1, 30.0), min_size=1, max_size=8))
def test_sums_do_not_depend_on_the_order_of_sessions(kilometres: list[float]) -> None:
    sessions = [run(0, km, sid=f"s{i}", instrument=POD, hard_bw_s=km) for i, km in enumerate(kilometres)]
    there, back = sums(*sessions), sums(*sessions[::-1])
    for f in fields(LoadSums):
        assert getattr(there, f.name) == pytest.approx(getattr(back, f.name)), f.name
    assert there.load_eq_km == pytest.approx(sum(kilometres))
