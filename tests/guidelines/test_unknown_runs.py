"""Runs done without sensor: they take nothing back, calm nobody, and are never counted as nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.app.attention import tile_state
from sensor_hub.app.weeks import day_session, week_bar
from sensor_hub.guidelines.evaluate import MEASURES, SESSION_LIMITS, WEEK_MEASURES, evaluate, standing
from sensor_hub.guidelines.history import runs_of, week_of
from sensor_hub.guidelines.rules.week_limit import WeekLimit
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import Headroom, Totals
from sensor_hub.model.session import SessionSummary
from tests.guidelines.histories import FEET, NOW_UTC, POD, RUNNER, TODAY, ran, run

MONDAY = date(2026, 11, 16)
LONG_AGO = date(2026, 9, 1)
LEVELS = [None, "near", "limit", "over-30", "over-100"]
CERTAINTIES = ["below", "too-close", "above"]
MONTH = [run(days, 8.0, instrument=POD, hard_bw_s=80.0) for days in (34, 27, 20, 13)]

KNOWN = st.tuples(
    st.integers(0, 50),
    st.floats(0.5, 40.0),
    st.sampled_from([POD, POD, FEET, "log"]),
    st.sampled_from([1.0, 1.0, 0.6, 0.0]),
)
HISTORIES = st.lists(KNOWN, max_size=14)
UNKNOWN = st.lists(st.tuples(st.integers(0, 50), st.floats(0.0, 10.0)), min_size=1, max_size=4)


def known(rows: Sequence[tuple[int, float, str, float]]) -> list[SessionSummary]:
    found = []
    for i, (days_ago, km, what, coverage) in enumerate(rows):
        one = run(days_ago, km, sid=f"s{i}", instrument=what, coverage=coverage, hard_bw_s=9 * km, hours=0.5 * i)
        if what == "log":
            one = replace(one, totals=Totals(distance_m=1000 * km, duration_s=3600.0))
        found.append(one)
    return found


def unknown(rows: Sequence[tuple[int, float]]) -> list[SessionSummary]:
    return [ran(days_ago, sid=f"u{i}", hours=hours) for i, (days_ago, hours) in enumerate(rows)]


def newest_today(sessions: Sequence[SessionSummary]) -> str | None:
    """The session a page takes for the day's: the one that began last."""
    todays = [s for s in sessions if s.start_utc.date() == TODAY]
    return max(todays, key=lambda s: (s.start_utc, s.header.sid)).header.sid if todays else None


LIMITS = {"session-limit", "week-limit", "week-on-week"}  # the others count runs, or are no longer sure


def rooms(sessions: Sequence[SessionSummary], sid: str | None = None) -> dict[str, Headroom]:
    return {h.measure: h for h in standing(RUNNER, sessions, NOW_UTC, sid).headroom}


# --- what never happens ----------------------------------------------------------------------------------------------


@given(HISTORIES, UNKNOWN)
def test_an_unknown_run_makes_no_limit_say_less_danger(
    rows: list[tuple[int, float, str, float]], more: list[tuple[int, float]]
) -> None:
    def found(sessions: list[SessionSummary]) -> dict[str, Finding]:
        return {f.key: f for f in evaluate(RUNNER, sessions, LONG_AGO) if f.rule in LIMITS}

    before, after = found(known(rows)), found([*known(rows), *unknown(more)])
    assert before.keys() == after.keys()
    for key, one in before.items():
        assert LEVELS.index(after[key].level) >= LEVELS.index(one.level)
        assert CERTAINTIES.index(after[key].certainty) >= CERTAINTIES.index(one.certainty)
        assert (after[key].severity, after[key].reference, after[key].value) == (one.severity, one.reference, one.value)
        assert after[key].confidence == one.confidence


@given(HISTORIES, UNKNOWN, st.booleans())
def test_an_unknown_run_turns_nothing_unknown_into_ok_and_hides_no_spike(
    rows: list[tuple[int, float, str, float]], more: list[tuple[int, float]], as_a_page: bool
) -> None:
    sessions, with_more = known(rows), [*known(rows), *unknown(more)]
    before = rooms(sessions, newest_today(sessions) if as_a_page else None)
    after = rooms(with_more, newest_today(with_more) if as_a_page else None)
    for measure, was in before.items():
        now = after[measure]
        assert (now.limit, now.reference, now.confidence) == (was.limit, was.reference, was.confidence)
        if was.left is None:
            assert now.left is None or now.left < 0
        elif was.left < 0:
            assert now.left is not None
            assert now.left <= was.left
        else:
            assert now.left is None or now.left <= was.left
        if any(days == 0 for days, _ in more):
            assert now.left is None or now.left < 0


@given(HISTORIES, UNKNOWN)
def test_as_history_an_unknown_run_neither_raises_nor_lowers_a_reference(
    rows: list[tuple[int, float, str, float]], more: list[tuple[int, float]]
) -> None:
    alone = runs_of(known(rows), RUNNER.zone)
    both = runs_of([*known(rows), *unknown(more)], RUNNER.zone)
    for one in alone:
        assert day_session(both, one) == day_session(alone, one)
    for monday in (MONDAY - timedelta(weeks=k) for k in range(8)):
        for measure in WEEK_MEASURES:
            for weeks in (1, 4):
                rule = WeekLimit(measure, weeks=weeks)
                assert rule.limit(both, monday) == rule.limit(alone, monday)


@given(HISTORIES, UNKNOWN)
def test_the_sums_of_its_day_and_week_are_unknown_and_never_zero(
    rows: list[tuple[int, float, str, float]], more: list[tuple[int, float]]
) -> None:
    sessions = [*known(rows), *unknown(more)]
    runs = runs_of(sessions, RUNNER.zone)
    for run_ in (r for r in runs if r.is_unknown):
        bar = week_bar(runs, week_of(run_.day), 1)
        assert (bar.distance_m, bar.load_eq_km) == (None, None)
        assert bar.reason in {"unknown-run", "mixed-instruments"}
    status = standing(RUNNER, sessions, NOW_UTC).status
    for sums, first in ((status.today, TODAY), (status.week, MONDAY)):
        if any(r.is_unknown and first <= r.day <= TODAY for r in runs):
            assert (sums.distance_m, sums.load_eq_km, sums.load_bw_s, sums.hard_load_bw_s) == (None,) * 4
            assert sums.reason == "unknown-run"


# --- what is said instead --------------------------------------------------------------------------------------------


def test_what_an_unknown_run_has_used_up_is_unknown_and_says_why() -> None:
    for sid in (None, "ran0"):
        for room in rooms([*MONTH, ran(0)], sid).values():
            assert (room.so_far, room.left, room.probability, room.reason) == (None, None, None, "unknown-run")
    assert rooms([*MONTH, ran(0)])["distance_m"].limit == pytest.approx(8800.0)
    assert [room.reason for room in rooms([ran(0)]).values()] == ["unknown-run"] * 3


def test_the_longest_known_run_of_the_day_may_not_be_the_longest_unless_it_is_above_the_limit() -> None:
    below, above = (run(0, km, sid="known", instrument=POD, hard_bw_s=10 * km) for km in (5.0, 12.0))
    for sid in (None, "known", "ran0"):
        left = rooms([*MONTH, below, ran(0, hours=3)], sid)["distance_m"]
        assert (left.so_far, left.left, left.reason) == (5000.0, None, "unknown-run")
        over = rooms([*MONTH, above, ran(0, hours=3)], sid)["distance_m"]
        assert over.left == pytest.approx(8800.0 - 12_000.0)
        assert (over.reason, over.probability) == (None, 1.0)


def test_a_run_in_progress_has_limits_of_its_own_whatever_was_run_that_morning() -> None:
    running = replace(run(0, 2.0, sid="live", instrument=POD, hours=9), ended=False)
    assert rooms([*MONTH, ran(0), running], "live") == rooms([*MONTH, running], "live")


def test_a_sensor_that_never_measures_a_thing_is_not_taken_for_an_unknown_run() -> None:
    pods = [run(0, 4.0, sid=f"p{i}", instrument=POD, hours=i) for i in range(2)]
    assert rooms([*MONTH, *pods])["hard_load_bw_s"].reason == "no-source"


def test_a_week_above_its_limit_stays_above_it_with_an_unknown_run_and_says_at_least() -> None:
    weeks = [run(4 + 7 * k, 10.0, instrument=POD) for k in range(1, 6)]
    spike = [run(1, 20.0, instrument=POD), ran(0)]
    found = [f for f in evaluate(RUNNER, [*weeks, *spike], MONDAY) if f.rule == "week-limit"]
    assert {(f.measure, f.level, f.lower_bound, f.value) for f in found} == {
        ("distance_m", "over-30", True, 20_000.0), ("load_eq_km", "over-30", True, 20.0),
    }  # fmt: skip


def test_a_week_of_an_unknown_run_counts_as_a_reference_with_what_is_known_of_it() -> None:
    weeks = [run(4 + 7 * k, 10.0 + k, instrument=POD) for k in range(1, 6)]
    rule = WeekLimit("distance_m")
    alone, both = (runs_of(s, RUNNER.zone) for s in (weeks, [*weeks, ran(29)]))
    assert rule.limit(both, MONDAY) == rule.limit(alone, MONDAY) == pytest.approx(15_400.0)


def test_a_history_that_begins_with_an_unknown_run_is_no_longer_known_for_it() -> None:
    runs = runs_of([ran(40), run(3, 5.0)], RUNNER.zone)
    assert [week_bar(runs, MONDAY - timedelta(weeks=k), 1).distance_m for k in (0, 1, 6)] == [5000.0, None, None]
    findings = evaluate(RUNNER, [ran(40), run(3, 5.0), run(0, 10.0)], TODAY)
    assert {f.confidence for f in findings if f.measure == "distance_m"} == {"low"}


def test_a_tile_of_a_day_with_an_unknown_run_is_not_judged_and_one_with_a_spike_alerts() -> None:
    def state(*today: SessionSummary) -> str:
        sessions = [*MONTH, *today]
        headroom = tuple(rooms(sessions, newest_today(sessions)).values())
        alerts = [f for f in evaluate(RUNNER, sessions, TODAY) if f.scope.startswith("session:")]
        return tile_state(today[-1], headroom, tuple(alerts), running=False)

    below, above = (run(0, km, sid="known", instrument=POD) for km in (5.0, 12.0))
    assert [state(below), state(ran(0)), state(below, ran(0, hours=3))] == ["idle", "unknown", "unknown"]
    assert state(ran(0), below) == "unknown"
    assert state(above, ran(0, hours=3)) == "alert"


def test_whoever_only_keeps_a_log_is_judged_by_distance_and_has_no_load_to_wait_for() -> None:
    logged = [replace(run(d, 8.0), totals=Totals(distance_m=8000.0, duration_s=2700.0)) for d in (20, 13, 6, 0)]
    headroom = standing(RUNNER, logged, NOW_UTC, "s0").headroom
    assert [(h.left is None, h.limit is None) for h in headroom] == [(False, False), (True, True), (True, True)]
    assert tile_state(logged[-1], headroom, (), running=False) == "idle"
    pods = [run(d, 8.0, instrument=POD) for d in (21, 14, 7)]
    missing = standing(RUNNER, [*pods, *logged], NOW_UTC, "s0").headroom
    assert tile_state(logged[-1], missing, (), running=False) == "unknown"  # its load may be above the pod's limit


def test_every_measure_has_a_session_limit_that_was_tried_here() -> None:
    assert tuple(rule.measure for rule in SESSION_LIMITS) == MEASURES == tuple(rooms(MONTH))
