from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.evaluate import evaluate, says_more, should_notify, standing
from sensor_hub.guidelines.history import runs_of, week_of
from sensor_hub.guidelines.judgement import Amount, judge, probability_above
from sensor_hub.guidelines.rules.session_limit import SessionLimit
from sensor_hub.guidelines.rules.week_limit import WeekLimit, week_total
from sensor_hub.model.finding import Finding
from tests.guidelines.histories import RUNNER, TODAY, run


def load(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.measure == "load_eq_km" and f.rule == "session-limit"]


def distance(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.measure == "distance_m" and f.rule == "session-limit"]


OLD = [run(40, 3.0), run(20, 8.0), run(10, 10.0)]


@pytest.mark.parametrize(
    ("km", "level"),
    [(9.8, None), (9.9, "near"), (11.0, "near"), (11.01, "limit"), (13.01, "over-30"), (20.01, "over-100")],
)
def test_levels_stand_at_90_percent_the_limit_30_and_100_percent(km: float, level: str | None) -> None:
    found = distance(evaluate(RUNNER, [*OLD, run(0, km)], TODAY))
    assert [f.level for f in found] == ([] if level is None else [level])


def test_today_is_not_its_own_reference_and_day_31_no_longer_counts() -> None:
    sessions = [run(31, 20.0), run(30, 10.0), run(0, 12.0, sid="a"), run(0, 11.5, sid="b")]
    found = distance(evaluate(RUNNER, sessions, TODAY))
    assert [(f.scope, f.reference) for f in found] == [("session:a", 10_000.0), ("session:b", 10_000.0)]


def test_without_a_run_in_the_window_nothing_is_judged_and_headroom_says_why() -> None:
    assert distance(evaluate(RUNNER, [run(45, 10.0), run(0, 30.0)], TODAY)) == []
    headroom = standing(RUNNER, [run(45, 10.0)], datetime(2026, 11, 20, 9, tzinfo=UTC)).headroom[0]
    assert (headroom.limit, headroom.left, headroom.reason) == (None, None, "no-history")


def test_the_day_is_the_athletes_own() -> None:
    late = run(1, 5.0)
    late = replace(late, start_utc=datetime(2026, 11, 19, 16, tzinfo=UTC))
    assert runs_of([late], "Asia/Tokyo")[0].day == date(2026, 11, 20)
    assert runs_of([late], "America/Lima")[0].day == date(2026, 11, 19)


def test_a_badly_covered_run_above_the_limit_alerts_and_below_is_unknown() -> None:
    above = load(evaluate(RUNNER, [*OLD, run(0, 12.5, coverage=0.6)], TODAY))
    assert [(f.severity, f.lower_bound) for f in above] == [("alert", True)]
    below = [*OLD, run(0, 10.0, coverage=0.6)]
    assert load(evaluate(RUNNER, below, TODAY)) == []
    headroom = standing(RUNNER, below, datetime(2026, 11, 20, 9, tzinfo=UTC), "s0").headroom[1]
    assert (headroom.measure, headroom.left, headroom.reason) == ("load_eq_km", None, "low-coverage")


def test_a_badly_covered_reference_makes_a_crossing_of_load_too_close_to_call() -> None:
    half_seen = [run(20, 8.0), run(10, 10.0, coverage=0.7)]  # may have been 14.3 eq-km
    assert [f.certainty for f in load(evaluate(RUNNER, [*half_seen, run(0, 12.0)], TODAY))] == ["too-close"]
    assert [f.certainty for f in load(evaluate(RUNNER, [*half_seen, run(0, 18.0)], TODAY))] == ["above"]


def test_a_distance_counts_as_exact_whatever_was_recorded_beside_it() -> None:
    hardly_seen = [*OLD[:2], run(10, 8.0, coverage=0.1)]
    found = distance(evaluate(RUNNER, [*hardly_seen, run(0, 20.0)], TODAY))
    assert [(f.certainty, f.severity, f.level) for f in found] == [("above", "alert", "over-100")]


def test_a_run_of_which_nothing_was_recorded_has_a_distance_and_no_load() -> None:
    (unseen,) = runs_of([run(3, 9.0, eq_km=0.0, coverage=0.0)], RUNNER.zone)
    assert (unseen.value("distance_m"), unseen.value("load_eq_km")) == (9000.0, None)


def test_a_finding_goes_when_its_run_leaves_history_altogether() -> None:
    said = evaluate(RUNNER, [*OLD, run(0, 12.0)], TODAY)
    assert {f.scope.split(":")[0] for f in said} == {"session", "week"}
    gone = evaluate(RUNNER, OLD, TODAY, said)
    assert {f.key for f in gone if f.withdrawn} == {f.key for f in said}


def weeks_of(findings: list[Finding]) -> set[tuple[str, bool, float]]:
    return {(f.scope, f.withdrawn, f.value) for f in findings if f.rule == "week-limit" and f.measure == "distance_m"}


def test_a_week_whose_later_run_goes_is_judged_by_its_earlier_ones() -> None:
    past, monday, friday = [run(4 + 7 * k, 10.0) for k in range(1, 5)], run(4, 12.0, sid="m"), run(0, 9.0, sid="f")
    said = evaluate(RUNNER, [*past, monday, friday], date(2026, 11, 16))
    assert weeks_of(said) == {("week:2026-11-16", False, 21_000.0)}
    assert weeks_of(evaluate(RUNNER, [*past, monday], TODAY, said)) == {("week:2026-11-16", False, 12_000.0)}


def test_a_week_that_is_judged_in_part_is_judged_by_its_later_runs_too() -> None:
    sessions = [*(run(4 + 7 * k, 10.0) for k in range(1, 5)), run(0, 12.0, sid="f")]
    said = evaluate(RUNNER, sessions, date(2026, 11, 16))
    assert weeks_of(said) == {("week:2026-11-16", False, 12_000.0)}
    again = weeks_of(evaluate(RUNNER, sessions, date(2026, 10, 20), said, until=date(2026, 11, 17)))
    assert {scope for scope, *_ in again} == {"week:2026-11-02", "week:2026-11-09"}  # the other is as it was said


def test_what_lies_before_the_day_asked_for_is_left_alone() -> None:
    said = evaluate(RUNNER, [*OLD, run(5, 12.0)], date(2026, 11, 1))
    assert said
    assert evaluate(RUNNER, [*OLD, run(5, 12.0), run(0, 3.0)], TODAY, said) == []


def test_modelled_load_needs_probability_08_to_alert_and_distance_is_exact() -> None:
    findings = evaluate(RUNNER, [*OLD, run(0, 11.2)], TODAY)
    by_measure = {f.measure: f for f in findings if f.rule == "session-limit"}
    assert by_measure["distance_m"].severity == "alert"
    assert by_measure["load_eq_km"].certainty == "too-close"  # 2 % above with 3 % error a run
    assert by_measure["load_eq_km"].severity == "info"
    assert 0.5 < by_measure["load_eq_km"].probability < 0.8


def test_the_first_two_weeks_are_low_confidence_and_load_is_only_information() -> None:
    findings = evaluate(RUNNER, [run(3, 5.0), run(0, 10.0)], TODAY)
    session = {f.measure: (f.severity, f.confidence) for f in findings if f.rule == "session-limit"}
    assert session == {"distance_m": ("alert", "low"), "load_eq_km": ("info", "learning")}
    assert [f for f in findings if f.rule != "session-limit"] == []


def test_a_week_is_held_against_the_highest_of_the_last_four_and_only_informs() -> None:
    sessions = [run(4 + 7 * k, km) for k, km in enumerate([10.0, 20.0, 30.0, 12.0, 99.0], start=1)]
    found = [f for f in evaluate(RUNNER, [*sessions, run(0, 40.0)], TODAY) if f.rule == "week-limit"]
    assert {(f.measure, f.severity, f.reference) for f in found} == {
        ("distance_m", "info", 30_000.0),
        ("load_eq_km", "info", 30.0),
    }
    plain = [f for f in evaluate(RUNNER, [*sessions, run(0, 12.0)], TODAY) if f.rule == "week-on-week"]
    assert {f.reference for f in plain if f.measure == "distance_m"} == {10_000.0}


def test_replays_and_walks_are_no_history() -> None:
    walk = replace(run(5, 30.0), header=replace(run(5, 30.0).header, ledger="walk"))
    sessions = [run(10, 10.0), run(6, 40.0, origin="replay"), walk, run(0, 11.5)]
    assert [f.reference for f in distance(evaluate(RUNNER, sessions, TODAY))] == [10_000.0]


def test_a_finding_that_is_no_longer_true_comes_back_withdrawn() -> None:
    first = evaluate(RUNNER, [*OLD, run(0, 12.0)], TODAY)
    late_import = run(5, 15.0, origin="import")
    second = evaluate(RUNNER, [*OLD, late_import, run(0, 12.0)], date(2026, 11, 15), first)
    gone = {f.key for f in second if f.withdrawn}
    assert gone >= {f.key for f in distance(first)}
    assert distance(evaluate(RUNNER, [*OLD, run(0, 12.0)], TODAY, second))[0].withdrawn is False


def test_evaluating_again_says_nothing_new() -> None:
    sessions = [*OLD, run(0, 12.0)]
    first = evaluate(RUNNER, sessions, TODAY)
    assert first
    assert evaluate(RUNNER, sessions, TODAY, first) == []


def test_the_first_time_of_a_finding_is_kept_unless_an_edit_makes_its_run_anew() -> None:
    half_way = replace(run(0, 12.0), end_utc=datetime(2026, 11, 20, 7, 30, tzinfo=UTC))
    said = evaluate(RUNNER, [*OLD, half_way], TODAY)
    whole = [*OLD, run(0, 14.0)]
    assert {f.first_utc for f in evaluate(RUNNER, whole, TODAY, said)} == {half_way.end_utc}
    scopes = {"session:s0", "week:2026-11-16"}
    assert {f.scope for f in said} == scopes
    edited = evaluate(RUNNER, whole, TODAY, said, anew=scopes)
    assert sorted(edited, key=lambda f: f.key) == sorted(evaluate(RUNNER, whole, TODAY), key=lambda f: f.key)
    assert {f.first_utc for f in edited} == {run(0, 14.0).end_utc}


def test_a_limit_is_notified_once_and_an_old_import_never() -> None:
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    (limit,) = distance(evaluate(RUNNER, [*OLD, run(0, 12.0)], TODAY))
    (higher,) = distance(evaluate(RUNNER, [*OLD, run(0, 14.0)], TODAY))
    assert should_notify(None, limit, now)
    assert not should_notify(limit, higher, now)
    assert should_notify(replace(limit, severity="info", level="near"), higher, now)
    assert not should_notify(None, replace(limit, origin="import"), now + timedelta(days=3))
    assert not should_notify(None, replace(limit, origin="replay"), now)


def test_a_finding_that_hardly_grew_is_not_told_anew_also_where_there_was_nothing_before() -> None:
    (limit,) = distance(evaluate(RUNNER, [*OLD, run(0, 12.0)], TODAY))
    assert not says_more(limit, replace(limit, value=limit.value + 0.009 * limit.reference))
    assert says_more(limit, replace(limit, value=limit.value + 0.011 * limit.reference))
    uphill = replace(limit, rule="new-hills", measure="uphill_s", value=310.0, reference=0.0, limit=300.0)
    assert not says_more(uphill, replace(uphill, value=312.0))
    assert says_more(uphill, replace(uphill, value=313.5))


RUNS = st.lists(st.tuples(st.integers(0, 50), st.floats(0.5, 40.0)), max_size=20)


@given(RUNS)
def test_findings_do_not_depend_on_the_order_sessions_arrive_in(rows: list[tuple[int, float]]) -> None:
    sessions = [run(days, km, sid=f"s{i}") for i, (days, km) in enumerate(rows)]
    since = date(2026, 9, 1)
    assert evaluate(RUNNER, sessions, since) == evaluate(RUNNER, sessions[::-1], since)


@given(RUNS, st.floats(0.1, 60.0), st.floats(0.0, 20.0))
def test_running_further_never_lowers_a_finding(rows: list[tuple[int, float]], km: float, more: float) -> None:
    past = runs_of([run(days + 1, far, sid=f"s{i}") for i, (days, far) in enumerate(rows)], RUNNER.zone)
    rule = SessionLimit("distance_m")
    (less_run,), (more_run,) = (runs_of([run(0, value)], RUNNER.zone) for value in (km, km + more))
    less, further = rule.judge(past, less_run), rule.judge(past, more_run)
    assert (less is None) == (further is None)
    if less is not None and further is not None:
        order = [None, "near", "limit", "over-30", "over-100"]
        assert order.index(further.level) >= order.index(less.level)


def test_probability_is_a_half_at_the_limit_and_grows_with_the_excess() -> None:
    at = Amount(11.0, 11.0, 0.3)
    assert probability_above(at, Amount(10.0, 10.0, 0.3), 1.1) == pytest.approx(0.5)
    above = judge("load_eq_km", Amount(13.0, 13.0, 0.3), Amount(10.0, 10.0, 0.3), 1.1, "normal")
    assert above.certainty == "above"


def test_the_probability_of_a_limit_is_told_with_the_headroom_and_none_where_it_is_unknown() -> None:
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)

    def told(*today: float) -> list[float | None]:
        sessions = [*OLD, *(run(0, km, hard_bw_s=50.0) for km in today)]
        return [h.probability for h in standing(RUNNER, sessions, now).headroom]

    assert told() == [0.0, 0.0, None]
    exact, modelled, hard = told(11.0)
    assert (exact, hard) == (0.0, None)
    assert modelled == pytest.approx(0.5)
    assert told(11.1)[0] == 1.0
    (finding,) = load(evaluate(RUNNER, [*OLD, run(0, 11.2)], TODAY))
    assert told(11.2)[1] == pytest.approx(finding.probability, abs=1e-6)
    half_seen = standing(RUNNER, [*OLD, run(0, 5.0, coverage=0.6)], now).headroom[1]
    assert (half_seen.reason, half_seen.probability) == ("low-coverage", None)


def test_hard_load_has_a_limit_of_its_own_and_its_own_spread() -> None:
    before = [run(days, 10.0, hard_bw_s=100.0) for days in (20, 10)]

    def hard(bw_s: float) -> list[tuple[str, str]]:
        found = evaluate(RUNNER, [*before, run(0, 5.0, hard_bw_s=bw_s)], TODAY)
        return [(f.certainty, f.severity) for f in found if f.measure == "hard_load_bw_s"]

    assert hard(90.0) == []
    assert hard(115.0) == [("too-close", "info")]  # a tenth is the spread of each
    assert hard(180.0) == [("above", "alert")]


def test_a_hard_load_that_was_always_zero_has_no_limit_and_says_so() -> None:
    none_before = [run(days, 10.0, hard_bw_s=0.0) for days in (20, 10)]
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    hard = standing(RUNNER, [*none_before, run(0, 5.0, hard_bw_s=40.0)], now).headroom[2]
    assert (hard.measure, hard.limit, hard.left, hard.reason) == ("hard_load_bw_s", None, None, "nothing-before")


def test_an_uncertain_number_alerts_only_where_chance_alone_hardly_takes_it() -> None:
    reference = Amount(100.0, 100.0, 40.0)
    probable = Amount(190.0, 190.0, 60.0)
    assert probability_above(probable, reference, 1.1) > 0.8
    assert judge("hard_load_bw_s", probable, reference, 1.1, "normal").certainty == "too-close"
    among_many = replace(reference, n_like=12)  # twelve runs were about as high: chance had its turns
    assert judge("hard_load_bw_s", probable, among_many, 1.1, "normal").certainty == "above"
    exact = judge("distance_m", Amount(111.0, 111.0), Amount(100.0, 100.0), 1.1, "normal")
    assert exact.certainty == "above"


def test_runs_about_as_high_as_the_highest_are_counted() -> None:
    past = runs_of([run(days, km, sid=f"s{i}") for i, (days, km) in enumerate([(3, 10.0), (5, 9.8), (7, 5.0)])], "UTC")
    (today,) = runs_of([run(0, 8.0)], "UTC")
    reference = SessionLimit("load_eq_km").reference(past, TODAY, today)
    assert reference is not None
    assert (reference.value, reference.n_like) == (10.0, 2)


def test_a_week_begins_where_the_athlete_says() -> None:
    assert week_of(date(2026, 11, 20), 1) == date(2026, 11, 16)
    assert week_of(date(2026, 11, 20), 7) == date(2026, 11, 15)


def test_a_week_with_an_unknown_run_is_unknown_not_smaller() -> None:
    runs = runs_of([run(0, None, eq_km=3.0), run(1, 5.0), run(10, 4.0), run(30, 4.0)], RUNNER.zone)
    assert week_total(runs, date(2026, 11, 16), "distance_m") is None
    judged = WeekLimit("distance_m").judge(runs, TODAY)
    assert judged is not None
    assert (judged.amount.value, judged.amount.lower_bound, judged.level) == (5000.0, True, "limit")


def test_what_is_hardly_a_number_is_not_called_too_close_to_call() -> None:
    """Of a hard load of 100 ± 60 neither yes nor no is news; one that is surely above is still told."""
    reference = Amount(90.0, 90.0, 9.0)
    assert judge("hard_load_bw_s", Amount(100.0, 100.0, 60.0), reference, 1.1, "normal").level is None
    assert judge("hard_load_bw_s", Amount(100.0, 100.0, 40.0), reference, 1.1, "normal").level == "limit"
