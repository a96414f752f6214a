"""The rules beside the limits, each on runs made up for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.evaluate import evaluate, past_of, standing
from sensor_hub.guidelines.exposures import exposure, hard_day
from sensor_hub.guidelines.rules.register import INFOS, RUN_RULES, WEEK_RULES
from sensor_hub.model.finding import Finding
from sensor_hub.model.foot_strike import FootStrike
from sensor_hub.model.history import DaySpan
from sensor_hub.model.load import Surface, Totals
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleSettings
from sensor_hub.model.session import SessionSummary
from tests.guidelines.histories import NOW_UTC, RUNNER, TODAY, ran, run

LONG_AGO = date(2026, 3, 1)
DAY = timedelta(days=1)
MONDAY = date(2026, 11, 16)  # of TODAY's week, a Friday


def jog(
    days_ago: int,
    km: float = 8.0,
    *,
    mps: float | None = 2.5,
    best_mps: float | None = 2.6,
    uphill_s: float | None = 0.0,
    ascent_m: float | None = 10.0,
    sid: str = "",
    hours: float = 0.0,
    surface: Surface = "unknown",
    strike: FootStrike | None = None,
    ledger: str = "run",
) -> SessionSummary:
    """A run whose distance, speed and slope are known, and no load."""
    totals = Totals(
        distance_m=1000 * km, duration_s=400 * km, median_speed_mps=mps, speed_5min_mps=best_mps,
        uphill_s=uphill_s, ascent_m=ascent_m, foot_strike=strike,
    )  # fmt: skip
    made = run(days_ago, km, more=totals, sid=sid or f"j{days_ago}", hours=hours)
    header = replace(made.header, surface=surface, ledger=ledger)  # type: ignore[arg-type]
    return replace(made, header=header, end_utc=made.start_utc + timedelta(seconds=400 * km))


def logged(days_ago: int, km: float, minutes: float, sid: str = "") -> SessionSummary:
    """A line of a log: distance and time, no samples."""
    totals = Totals(distance_m=1000 * km, duration_s=60 * minutes)
    made = run(days_ago, km, more=totals, sid=sid or f"l{days_ago}", origin="import")
    return replace(made, end_utc=made.start_utc + timedelta(minutes=minutes))


def found(
    sessions: Sequence[SessionSummary],
    rule: str,
    days: Sequence[DaySpan] = (),
    since: date = LONG_AGO,
    with_settings: RuleSettings = DEFAULT_SETTINGS,
) -> list[Finding]:
    return [f for f in evaluate(RUNNER, sessions, since, days=days, settings=with_settings) if f.rule == rule]


def said(findings: Sequence[Finding]) -> list[tuple[str, str, str]]:
    return [(f.scope, f.certainty, f.severity) for f in findings]


def rested(first: int, last: int) -> DaySpan:
    return DaySpan(TODAY - first * DAY, TODAY - last * DAY, "rested")


EASY = [jog(days) for days in range(2, 43, 3)]
HILLY = {"uphill_s": 420.0, "ascent_m": 90.0}


# --- new exposure ----------------------------------------------------------------------------------------------------


@pytest.mark.row("A03", "B09", "D04")
@pytest.mark.parametrize(
    ("uphill_s", "ascent_m", "measure"),
    [(300.0, 40.0, "uphill_s"), (200.0, 120.0, "climb_m_per_km"), (299.0, 119.0, None)],
)
def test_the_first_uphill_run_of_four_weeks_alerts(uphill_s: float, ascent_m: float, measure: str | None) -> None:
    hill = jog(0, 8.0, uphill_s=uphill_s, ascent_m=ascent_m)
    findings = found([*EASY, hill], "new-hills")
    assert said(findings) == ([] if measure is None else [("session:j0", "above", "alert")])
    assert [f.measure for f in findings] == ([] if measure is None else [measure])


@pytest.mark.row("A03", "D04")
def test_an_uphill_run_after_another_within_four_weeks_is_not_new_and_after_five_it_is() -> None:
    for days_ago, n in ((28, 0), (29, 1)):
        before = jog(days_ago, sid="before", **HILLY)  # type: ignore[arg-type]
        findings = found([*EASY, before, jog(0, **HILLY)], "new-hills", since=TODAY)  # type: ignore[arg-type]
        assert len(findings) == n


@pytest.mark.row("A03", "D05")
def test_the_first_fast_run_of_four_weeks_alerts_from_115_percent_of_the_easy_speed_on() -> None:
    assert found([*EASY, jog(0, best_mps=2.87)], "new-fast") == []
    findings = found([*EASY, jog(0, best_mps=2.88)], "new-fast")
    assert said(findings) == [("session:j0", "above", "alert")]
    assert (findings[0].measure, findings[0].value, findings[0].reference) == ("speed_5min_mps", 2.88, 2.5)
    assert found([*EASY, jog(10, best_mps=3.2, sid="f"), jog(0, best_mps=3.2)], "new-fast", since=TODAY) == []


@pytest.mark.row("D05")
def test_easy_speed_is_not_raised_by_fast_runs_nor_lowered_by_hills() -> None:
    others = [jog(d, mps=3.6, best_mps=3.9, sid=f"f{d}") for d in (4, 7, 10)]
    slow = [jog(d, mps=1.6, best_mps=1.8, sid=f"h{d}", **HILLY) for d in (3, 6, 9)]  # type: ignore[arg-type]
    past = past_of(RUNNER, [*EASY, *others, *slow, jog(0)])
    assert exposure(past, past.runs[-1]).easy_mps == 2.5


@pytest.mark.row("A03")
def test_a_run_without_altitude_or_speed_is_neither_flat_nor_easy_but_unknown() -> None:
    blind = jog(5, uphill_s=None, ascent_m=None, mps=None, best_mps=None, sid="blind")
    past = past_of(RUNNER, [*EASY, blind])
    was = exposure(past, next(r for r in past.runs if r.sid == "blind"))
    assert (was.hill, was.fast) == (None, None)
    hills = found([*EASY, blind, jog(0, **HILLY)], "new-hills")  # type: ignore[arg-type]
    fast = found([*EASY, blind, jog(0, best_mps=3.2)], "new-fast")
    assert said(hills) == said(fast) == [("session:j0", "too-close", "info")]
    nothing_known = [jog(d, uphill_s=None, ascent_m=None) for d in range(3, 30, 3)]
    assert found([*nothing_known, jog(0, **HILLY)], "new-hills") == []  # type: ignore[arg-type]


@pytest.mark.row("A03")
def test_a_gap_without_answer_and_a_day_not_recorded_make_new_exposure_too_close_to_call() -> None:
    gap = [jog(days) for days in (*range(12, 43, 3), 1)]
    hill = jog(0, **HILLY)  # type: ignore[arg-type]
    assert said(found([*gap, hill], "new-hills")) == [("session:j0", "too-close", "info")]
    assert said(found([*gap, hill], "new-hills", [rested(11, 2)])) == [("session:j0", "above", "alert")]
    lost = DaySpan(TODAY - 6 * DAY, TODAY - 6 * DAY, "not-recorded")
    assert said(found([*EASY, hill], "new-hills", [lost])) == [("session:j0", "too-close", "info")]


def test_of_two_uphill_runs_of_a_day_the_first_is_new_and_beginners_are_still_learned() -> None:
    two = [jog(0, sid="am", **HILLY), jog(0, sid="pm", hours=8, **HILLY)]  # type: ignore[arg-type]
    assert [f.scope for f in found([*EASY, *two], "new-hills")] == ["session:am"]
    (early,) = found([jog(6), jog(3), jog(0, **HILLY)], "new-hills")  # type: ignore[arg-type]
    assert (early.confidence, early.severity) == ("learning", "info")


@pytest.mark.row("D05")
def test_a_line_of_a_log_is_fast_by_its_mean_speed_and_told_as_at_least_that() -> None:
    (finding,) = found([*EASY, logged(0, 8.0, 40.0)], "new-fast")
    assert finding.lower_bound
    assert finding.value == pytest.approx(10 / 3)
    past = past_of(RUNNER, [*EASY, logged(0, 8.0, 55.0)])
    assert exposure(past, past.runs[-1]).fast is None, "it may have had its five minutes"


# --- spacing ---------------------------------------------------------------------------------------------------------


@pytest.mark.row("D42")
@pytest.mark.parametrize(
    ("first", "second", "n"),
    [
        (jog(1, 10.5), jog(0, 10.5), 1),  # 8 km is the median day
        (jog(1, 10.3), jog(0, 10.5), 0),
        (jog(1, 10.5), jog(0, 10.3), 0),
        (jog(1, 4.0, **HILLY), jog(0, 4.0, best_mps=3.2), 1),  # type: ignore[arg-type]
        (jog(2, 10.5, sid="x"), jog(0, 10.5), 0),
    ],
)
def test_a_hard_day_after_a_hard_day_is_told(first: SessionSummary, second: SessionSummary, n: int) -> None:
    easy = [jog(days) for days in range(4, 43, 3)]
    findings = found([*easy, first, second], "hard-days")
    assert said(findings) == [("session:j0", "above", "alert")] * n
    assert all((f.measure, f.value) == ("hard_days", 2.0) for f in findings)


@pytest.mark.row("D42")
def test_the_run_that_makes_a_day_hard_is_the_one_that_is_told() -> None:
    easy = [jog(days) for days in range(4, 43, 3)]
    parts = [jog(0, 6.0, sid="am"), jog(0, 6.0, sid="pm", hours=6), jog(0, 2.0, sid="late", hours=10)]
    assert [f.scope for f in found([*easy, jog(1, 12.0), *parts], "hard-days")] == ["session:pm"]


@pytest.mark.row("D42")
def test_a_day_is_hard_by_its_load_where_that_is_known() -> None:
    easy = [run(days, 8.0, eq_km=8.0, sid=f"e{days}") for days in range(4, 43, 3)]
    hard = [run(1, 8.0, eq_km=10.5, sid="a"), run(0, 8.0, eq_km=10.5, sid="b")]
    assert [f.scope for f in found([*easy, *hard], "hard-days")] == ["session:b"]
    past = past_of(RUNNER, [*easy, run(0, 8.0, eq_km=8.0)])
    assert hard_day(past, TODAY).hard is None, "without altitude nobody knows"


@pytest.mark.row("E04")
@pytest.mark.parametrize(("hours", "n"), [(0.0, 1), (1.0, 0)])
def test_hill_and_fast_runs_are_48_hours_apart(hours: float, n: int) -> None:
    hill = jog(2, 9.0, sid="hill", **HILLY)  # type: ignore[arg-type]
    fast = jog(0, 9.0, sid="fast", best_mps=3.2, hours=hours)
    findings = found([*(jog(d) for d in range(4, 43, 3)), hill, fast], "hard-spacing")
    assert said(findings) == [("session:fast", "above", "alert")] * n
    assert all((f.measure, f.value, f.limit) == ("spacing_h", 47.0, 48.0) for f in findings)


@pytest.mark.row("E04")
def test_two_log_lines_with_a_fast_mean_are_too_close_to_call() -> None:
    lines = [logged(d, 8.0, 53.0) for d in range(4, 43, 3)]
    pair = [logged(1, 8.0, 40.0), logged(0, 8.0, 40.0)]
    assert said(found([*lines, *pair], "hard-spacing")) == [("session:l0", "too-close", "info")]


@pytest.mark.row("A03")
def test_a_gap_below_the_runners_own_least_rest_is_told_and_without_one_nothing_is() -> None:
    sessions = [*EASY, jog(0, 9.0, sid="am"), jog(0, 9.0, sid="pm", hours=9)]
    assert found(sessions, "run-spacing") == []
    wants = RuleSettings(values={("run-spacing", "rest_h"): 12.0})
    findings = found(sessions, "run-spacing", with_settings=wants)
    assert said(findings) == [("session:pm", "above", "alert")]
    assert (findings[0].value, findings[0].limit) == (8.0, 12.0)


@pytest.mark.row("D42", "E04")
def test_what_is_usual_is_learned_for_two_weeks_and_a_hill_is_one_from_the_first_day() -> None:
    before = [jog(days) for days in (9, 7, 5)]
    rules = ("hard-days", "hard-spacing")
    far = [jog(1, 14.0, sid="y"), jog(0, 14.0, sid="far")]
    assert said(found([*before, *far], "hard-days")) == [("session:far", "above", "info")]
    fast = [jog(1, sid="y", best_mps=3.2), jog(0, sid="fast", best_mps=3.2)]
    told = [f for rule in rules for f in found([*before, *fast], rule)]
    assert [(f.confidence, f.severity) for f in told] == [("learning", "info")] * 2
    mixed = [jog(2, sid="h", hours=12, **HILLY), jog(1, 14.0, sid="y"), jog(0, sid="hill", **HILLY)]  # type: ignore[arg-type]
    told = [f for rule in rules for f in found([*before, *mixed], rule, since=TODAY)]
    assert [(f.rule, f.severity) for f in told] == [("hard-days", "info"), ("hard-spacing", "alert")]
    hills = [jog(1, sid="y", **HILLY), jog(0, sid="hill", **HILLY)]  # type: ignore[arg-type]
    told = [f for rule in rules for f in found([*before, *hills], rule)]
    assert [(f.rule, f.confidence, f.severity) for f in told] == [
        ("hard-days", "low", "alert"), ("hard-spacing", "low", "info")
    ]  # fmt: skip


@pytest.mark.row("D42", "E04")
def test_a_hard_run_the_day_after_a_hard_run_alerts_once() -> None:
    pair = [jog(1, 9.0, sid="hill", **HILLY), jog(0, 9.0, sid="fast", best_mps=3.2)]  # type: ignore[arg-type]
    sessions = [*(jog(d) for d in range(4, 43, 3)), *pair]

    def severities(with_settings: RuleSettings = DEFAULT_SETTINGS) -> dict[str, str]:
        findings = evaluate(RUNNER, sessions, TODAY, settings=with_settings)
        return {f.rule: f.severity for f in findings if f.rule in {"hard-days", "hard-spacing"}}

    assert severities() == {"hard-days": "alert", "hard-spacing": "info"}
    assert severities(RuleSettings(off=frozenset({"hard-days"}))) == {"hard-spacing": "alert"}
    assert severities(RuleSettings(policy="strict")) == {"hard-days": "alert", "hard-spacing": "alert"}


@pytest.mark.row("D42")
def test_a_run_that_was_fast_by_its_mean_hides_no_hill_of_the_same_day() -> None:
    easy = [logged(d, 8.0, 53.0) for d in range(4, 43, 3)]
    yesterday = jog(1, 8.0, sid="before", **HILLY)  # type: ignore[arg-type]
    maybe = logged(0, 8.0, 40.0, sid="maybe")
    assert said(found([*easy, yesterday, maybe], "hard-days")) == [("session:maybe", "too-close", "info")]
    hill = jog(0, 3.0, sid="hill", hours=9, **HILLY)  # type: ignore[arg-type]
    assert said(found([*easy, yesterday, maybe, hill], "hard-days")) == [("session:hill", "above", "alert")]


@pytest.mark.row("A03", "D04")
def test_the_first_metres_uphill_of_a_run_that_goes_on_are_no_hill_run() -> None:
    begun = jog(0, 0.3, uphill_s=60.0, ascent_m=9.0, sid="now")
    assert found([*EASY, replace(begun, ended=False)], "new-hills") == []
    assert len(found([*EASY, begun], "new-hills")) == 1
    long_up = jog(0, 3.0, uphill_s=300.0, ascent_m=90.0, sid="now")
    assert len(found([*EASY, replace(long_up, ended=False)], "new-hills")) == 1


@pytest.mark.row("A03", "D42")
def test_of_a_run_that_was_recorded_in_part_it_is_not_known_that_it_was_flat_or_easy() -> None:
    def in_part(session: SessionSummary) -> SessionSummary:
        return replace(session, totals=replace(session.totals, coverage=0.5))

    hill, fast = jog(0, sid="hill", **HILLY), jog(0, sid="fast", best_mps=3.2)  # type: ignore[arg-type]
    half = in_part(jog(10, sid="half"))
    assert said(found([*EASY, half, hill], "new-hills")) == [("session:hill", "too-close", "info")]
    assert said(found([*EASY, half, fast], "new-fast")) == [("session:fast", "too-close", "info")]
    assert said(found([*EASY, in_part(hill)], "new-hills")) == [("session:hill", "above", "alert")]
    assert said(found([*EASY, in_part(fast)], "new-fast")) == [("session:fast", "above", "alert")]


@pytest.mark.row("D42")
def test_days_recorded_in_part_make_no_other_day_hard() -> None:
    def ran_km(days: int, km: float, coverage: float = 1.0) -> SessionSummary:
        return run(days, km, eq_km=km * coverage, coverage=coverage, sid=f"d{days}")

    for coverage in (1.0, 0.7):
        before = [ran_km(days, 8.0, coverage) for days in range(3, 42, 3)]
        assert found([*before, ran_km(1, 9.0), ran_km(0, 9.0)], "hard-days") == []
    before = [ran_km(days, 8.0) for days in range(3, 42, 3)]
    assert len(found([*before, ran_km(1, 11.0), ran_km(0, 11.0)], "hard-days")) == 1


@pytest.mark.row("A03", "D04")
def test_uphill_right_after_weeks_of_rest_is_new_and_after_weeks_nobody_answered_for_it_may_be() -> None:
    hill = jog(0, sid="hill", **HILLY)  # type: ignore[arg-type]
    before = [jog(days) for days in range(40, 81, 3)]
    assert said(found([*before, hill], "new-hills", [rested(39, 1)], TODAY)) == [("session:hill", "above", "alert")]
    assert said(found([*before, hill], "new-hills", since=TODAY)) == [("session:hill", "too-close", "info")]
    far = [jog(days) for days in range(58, 91, 3)]
    assert found([*far, hill], "new-hills", [rested(57, 1)], TODAY) == []
    few = [jog(days) for days in (40, 43)]
    assert said(found([*few, hill], "new-hills", [rested(39, 1)], TODAY)) == [("session:hill", "above", "info")]


# --- weeks -----------------------------------------------------------------------------------------------------------


def week_runs(weeks_ago: int, *km: float, **more: float | None) -> list[SessionSummary]:
    first = 4 + 7 * weeks_ago
    return [jog(first - n, k, sid=f"w{weeks_ago}-{n}", **more) for n, k in enumerate(km)]  # type: ignore[arg-type]


@pytest.mark.row("A01", "A02", "D02", "B09")
def test_distance_speed_runs_and_climbing_are_told_apart_week_on_week() -> None:
    base = [r for k in (4, 3, 2, 1) for r in week_runs(k, 8.0, 8.0, 8.0, uphill_s=200.0)]

    def rules(*this_week: SessionSummary) -> dict[str, tuple[float, float, str]]:
        findings = evaluate(RUNNER, [*base, *this_week], MONDAY)
        names = {"week-on-week", "week-speed", "week-runs", "week-climb"}
        return {f.rule: (f.value, f.reference, f.severity) for f in findings if f.rule in names and f.level != "near"}

    assert rules(*week_runs(0, 8.0, 8.0, 8.0, uphill_s=200.0)) == {}
    assert rules(*week_runs(0, 9.0, 9.0, 9.0, uphill_s=200.0)) == {"week-on-week": (27_000.0, 24_000.0, "info")}
    assert rules(*week_runs(0, 6.0, 6.0, 6.0, 6.0, uphill_s=150.0)) == {"week-runs": (4.0, 3.0, "info")}
    assert rules(*week_runs(0, 8.0, 8.0, 8.0, uphill_s=230.0)) == {"week-climb": (690.0, 600.0, "info")}
    faster = [replace(s, totals=replace(s.totals, duration_s=2800.0)) for s in week_runs(0, 8.0, 8.0, 8.0)]
    value, reference, severity = rules(*faster)["week-speed"]
    assert (value, reference) == pytest.approx((24_000 / 8400, 2.5))
    assert severity == "info"
    assert "week-on-week" not in rules(*faster)


@pytest.mark.row("A01", "A02")
def test_the_ten_percent_rules_alert_under_the_strict_policy_only() -> None:
    sessions = [r for k in (4, 3, 2, 1) for r in week_runs(k, 8.0, 8.0)] + week_runs(0, 8.0, 8.0, 8.0)
    for policy, severity in (("balanced", "info"), ("clinician", "info"), ("strict", "alert")):
        findings = evaluate(RUNNER, sessions, MONDAY, settings=RuleSettings(policy=policy))  # type: ignore[arg-type]
        ten = [f for f in findings if INFOS[f.rule].family == "ten-percent" and f.certainty == "above"]
        assert {f.rule for f in ten} >= {"week-on-week", "week-runs", "week-limit"}
        assert {f.severity for f in ten} == {severity}


@pytest.mark.row("A02", "B09")
def test_a_week_with_a_day_not_recorded_is_no_reference_of_climbing_speed_or_runs() -> None:
    base = [r for k in (4, 3, 2, 1) for r in week_runs(k, 8.0, 8.0, uphill_s=200.0)]
    now = [replace(s, totals=replace(s.totals, duration_s=2700.0)) for s in week_runs(0, 8.0, 8.0, 8.0, uphill_s=200.0)]
    names = {"week-speed", "week-runs", "week-climb"}
    assert {f.rule for f in evaluate(RUNNER, [*base, *now], MONDAY)} >= names
    half = [replace(s, totals=replace(s.totals, coverage=0.5)) for s in base]
    assert "week-climb" not in {f.rule for f in evaluate(RUNNER, [*half, *now], MONDAY)}
    lost = DaySpan(MONDAY - DAY, MONDAY - DAY, "not-recorded")
    assert names.isdisjoint(f.rule for f in evaluate(RUNNER, [*base, *now], MONDAY, days=[lost]))


def test_a_week_with_an_unknown_time_has_no_mean_speed() -> None:
    base = [r for k in (4, 3, 2, 1) for r in week_runs(k, 8.0, 8.0)]
    faster = [replace(s, totals=replace(s.totals, duration_s=2000.0)) for s in week_runs(0, 8.0, 8.0)]
    assert found([*base, *faster], "week-speed") != []
    assert found([*base, *faster, ran(1)], "week-speed") == []


def weeks_of_km(*km: float) -> list[SessionSummary]:
    """Weeks of three runs, the last of them this one."""
    return [r for k, each in enumerate(reversed(km)) if each for r in week_runs(k, each / 3, each / 3, each / 3)]


@pytest.mark.row("D03")
@pytest.mark.parametrize(
    ("km", "n"),
    [
        ((30.0, 30.0, 34.1, 38.7, 44.0, 50.0), 1),
        ((30.0, 35.0, 40.0, 45.0, 50.0), 1),
        ((30.0, 30.0, 40.0, 36.0, 45.0, 50.0), 1),
        ((30.0, 30.0, 33.0, 36.3, 39.9, 43.9), 0),  # 10 % each
        ((50.0, 30.0, 36.0, 42.0, 46.0, 50.0), 0),  # back to where it was
        ((30.0, 30.0, 40.0, 60.0, 55.0, 50.0), 0),  # on the way down
        ((3.0, 3.0, 3.5, 4.0, 4.5, 5.0), 0),
    ],
)
def test_from_30_to_50_km_in_four_weeks_alarms_in_the_default_policy(km: tuple[float, ...], n: int) -> None:
    findings = found(weeks_of_km(*km), "build-up", since=MONDAY)
    assert said(findings) == [(f"week:{MONDAY}", "above", "alert")] * n
    assert all(f.value == pytest.approx(50_000) and f.reference == pytest.approx(30_000) for f in findings)


@pytest.mark.row("D03")
def test_a_week_that_goes_on_alarms_as_soon_as_it_is_that_far_and_an_unknown_base_is_too_close() -> None:
    weeks = weeks_of_km(30.0, 30.0, 34.1, 38.7, 44.0, 0.0)
    assert found([*weeks, *week_runs(0, 22.0, 21.9)], "build-up", since=MONDAY) == []
    assert said(found([*weeks, *week_runs(0, 22.0, 22.1)], "build-up", since=MONDAY)) == [
        (f"week:{MONDAY}", "above", "alert")
    ]
    lost = DaySpan(MONDAY - 24 * DAY, MONDAY - 23 * DAY, "not-recorded")
    findings = found([*weeks, *week_runs(0, 25.0, 25.0)], "build-up", [lost], MONDAY)
    assert [(f.certainty, f.severity) for f in findings] == [("too-close", "info")]


@pytest.mark.row("D03")
def test_a_week_that_the_records_begin_in_the_middle_of_is_no_sure_base() -> None:
    weeks = weeks_of_km(30.0, 30.0, 30.0, 30.0)
    begun = [jog(4 + 28 - n, 6.0, sid=f"first-{n}") for n in (4, 6)]
    since = MONDAY - 21 * DAY
    now = [s for s in weeks if s.start_utc.date() < MONDAY] + week_runs(0, 31.0)
    assert said(found([*begun, *now], "build-up", since=since)) == [(f"week:{MONDAY}", "too-close", "info")]
    from_monday = [jog(4 + 28 - n, 6.0, sid=f"first-{n}") for n in (0, 6)]
    assert said(found([*from_monday, *now], "build-up", since=since)) == [(f"week:{MONDAY}", "above", "alert")]


# --- breaks ----------------------------------------------------------------------------------------------------------

BEFORE = [jog(days, 10.0) for days in range(21, 63, 2)]  # 35 km a week until three weeks ago
BREAK = rested(20, 5)


@pytest.mark.row("D07", "B13")
def test_a_week_as_before_right_after_a_break_alarms() -> None:
    back = [jog(d, 8.5) for d in (4, 3, 2)]
    findings = [f for f in found([*BEFORE, *back], "return-after-break", [BREAK]) if f.scope.startswith("week")]
    assert findings == [], "25.5 of 36.3 km are less than 0.8"
    findings = found([*BEFORE, *back, jog(1, 6.0)], "return-after-break", [BREAK])
    weekly = [f for f in findings if f.scope.startswith("week")]
    assert said(weekly) == [(f"week:{MONDAY}", "above", "alert")]
    assert weekly[0].reference == pytest.approx(36_296, abs=1)


@pytest.mark.row("D07")
def test_a_break_nobody_answered_for_is_too_close_to_call_and_a_shorter_one_is_none() -> None:
    back = [jog(d, 9.5) for d in (4, 3, 2, 1)]
    findings = found([*BEFORE, *back], "return-after-break")
    assert said(findings) == [(f"week:{MONDAY}", "too-close", "info")]
    lost = DaySpan(TODAY - 12 * DAY, TODAY - 12 * DAY, "not-recorded")
    assert found([*BEFORE, *back], "return-after-break", [lost]) == []
    short = [jog(d, 10.0, sid=f"short{d}") for d in (18, 16, 14)]
    assert found([*BEFORE, *short, *back], "return-after-break") == []


@pytest.mark.row("D07")
def test_the_weeks_after_a_break_are_watched_for_28_days_and_only_the_first_alarms() -> None:
    before = [jog(days, 10.0) for days in range(56, 98, 2)]
    away = rested(55, 40)

    def weekly(*days: int) -> list[tuple[str, str]]:
        back = [jog(d, 12.0, sid=f"b{d}") for d in (39, *days)]
        findings = found([*before, *back], "return-after-break", [away], date(2026, 10, 12))
        return [(f.scope, f.severity) for f in findings if f.scope.startswith("week")]

    assert weekly(38, 37, 36) == [("week:2026-10-12", "alert")]
    assert weekly(38, 37, 36, 30, 29, 28) == [("week:2026-10-12", "alert"), ("week:2026-10-19", "info")]
    assert weekly(16, 15, 14) == [("week:2026-11-02", "alert")]
    between = (38, 31, 30, 24, 23, 17, 16)
    assert weekly(*between, 10, 9, 8) == weekly(*between) == []
    assert weekly(*between, 15) == [("week:2026-11-02", "alert")], "the fourth week is watched, the fifth no more"


@pytest.mark.row("D07")
def test_two_weeks_of_less_than_half_count_as_a_break() -> None:
    findings = found(weeks_of_km(30.0, 30.0, 30.0, 30.0, 12.0, 12.0, 27.0), "return-after-break")
    assert said(findings) == [(f"week:{MONDAY}", "above", "alert")]
    assert found(weeks_of_km(30.0, 30.0, 30.0, 30.0, 16.0, 12.0, 27.0), "return-after-break") == []
    assert found(weeks_of_km(30.0, 30.0, 30.0, 30.0, 12.0, 12.0, 20.0), "return-after-break") == []


@pytest.mark.row("B13", "D49")
def test_the_first_run_after_a_rest_is_held_against_what_the_rest_left() -> None:
    rest = rested(20, 1)  # twenty days: thirteen beyond the first seven
    left_m = 10_000 * 0.5 ** (13 / 28)
    findings = found([*BEFORE, jog(0, 8.2)], "return-after-break", [rest])
    assert said(findings) == [("session:j0", "above", "alert")]
    assert findings[0].reference == pytest.approx(left_m)
    assert found([*BEFORE, jog(0, 7.9)], "return-after-break", [rest]) == []
    again = found([*BEFORE, jog(0, 8.2), jog(0, 8.4, sid="pm", hours=6)], "return-after-break", [rest])
    assert [f.severity for f in again] == ["alert", "info"], "one alert a return is enough"


@pytest.mark.row("D49")
def test_a_rest_lowers_what_is_left_of_the_day_and_so_does_one_shown_by_other_sport() -> None:
    (distance, *_) = standing(RUNNER, BEFORE, NOW_UTC, days=[rested(20, 0)]).headroom
    assert distance.limit == pytest.approx(1.1 * 10_000 * 0.5 ** (13 / 28))
    rides = [jog(d, 20.0, sid=f"ride{d}", ledger="other") for d in range(1, 21, 4)]
    assert standing(RUNNER, [*BEFORE, *rides], NOW_UTC).headroom[0].limit == pytest.approx(distance.limit)
    (unanswered, *_) = standing(RUNNER, BEFORE, NOW_UTC).headroom
    assert unanswered.limit == pytest.approx(11_000)


@pytest.mark.row("D49")
def test_with_the_rule_of_breaks_off_a_run_near_the_limit_is_told_as_ever() -> None:
    sessions = [*(jog(days, 10.0) for days in range(12, 40, 3)), jog(0, 10.2, sid="near")]
    days = [rested(11, 1)]
    off = RuleSettings(off=frozenset({"return-after-break"}))
    assert [f.level for f in found(sessions, "session-limit", days, TODAY)] == []
    assert [f.level for f in found(sessions, "session-limit", days, TODAY, off)] == ["near"]


@pytest.mark.row("D49")
def test_how_fast_tolerance_goes_can_be_set_and_the_rule_switched_off() -> None:
    slower = RuleSettings(values={("return-after-break", "half_life_days"): 56.0})
    headroom = standing(RUNNER, BEFORE, NOW_UTC, days=[rested(20, 0)], settings=slower).headroom[0]
    assert headroom.limit == pytest.approx(1.1 * 10_000 * 0.5 ** (13 / 56))
    off = RuleSettings(off=frozenset({"return-after-break"}))
    assert standing(RUNNER, BEFORE, NOW_UTC, days=[rested(20, 0)], settings=off).headroom[0].limit == 11_000


RUNS = st.lists(st.tuples(st.integers(1, 100), st.floats(1.0, 30.0)), min_size=1, max_size=20)


@pytest.mark.row("D49")
@given(RUNS, st.floats(0.5, 40.0))
def test_a_gap_never_reads_as_detraining(rows: list[tuple[int, float]], km: float) -> None:
    """Without an answer every limit is 1.1 × the longest run of 30 days, however long the gap: no more and no less."""
    sessions = [jog(days, far, sid=f"s{n}") for n, (days, far) in enumerate(rows)]
    (distance, *_) = standing(RUNNER, sessions, NOW_UTC).headroom
    window = [1000 * far for days, far in rows if days <= 30]
    assert distance.limit == (pytest.approx(1.1 * max(window)) if window else None)
    runs = [f for f in found([*sessions, jog(0, km)], "return-after-break") if f.scope == "session:j0"]
    days = sorted({days for days, _ in rows})
    assert runs == [] or all(after - before <= 8 for before, after in zip([0, *days], days, strict=False))


# --- ground and foot -------------------------------------------------------------------------------------------------


@pytest.mark.row("B10")
@pytest.mark.parametrize("surface", ["treadmill", "track", "trail"])
def test_a_week_on_another_ground_than_the_four_before_alerts(surface: Surface) -> None:
    before = [replace_surface(s, "overground") for s in weeks_of_km(20.0, 20.0, 20.0, 20.0, 0.0)]
    now = week_runs(0, 6.0, 6.0, 6.0)
    mixed = [replace_surface(now[0], surface), replace_surface(now[1], surface), replace_surface(now[2], "overground")]
    findings = found([*before, *mixed], "surface-change")
    assert said(findings) == [(f"week:{MONDAY}", "above", "alert")]
    assert str(findings[0].measure) == f"{surface}_share"
    assert findings[0].value == pytest.approx(2 / 3)
    assert found([*before, mixed[0], mixed[2], replace_surface(now[1], "overground")], "surface-change") == []


@pytest.mark.row("B10", "C10")
def test_the_first_run_of_a_usual_week_is_no_change_of_ground_or_landing() -> None:
    def week(weeks_ago: int) -> list[SessionSummary]:
        trail, *roads = week_runs(weeks_ago, 6.0, 6.0, 6.0)
        trail = replace(trail, totals=replace(trail.totals, foot_strike="forefoot"))
        roads = [replace(s, totals=replace(s.totals, foot_strike="rearfoot")) for s in roads]
        return [replace_surface(trail, "trail"), *(replace_surface(s, "overground") for s in roads)]

    before = [s for k in (4, 3, 2, 1) for s in week(k)]
    for n in (1, 2, 3):
        assert [f for f in evaluate(RUNNER, [*before, *week(0)[:n]], MONDAY) if f.rule.endswith("-change")] == []
    on_trail = [replace_surface(s, "trail") for s in week(0)]
    assert said(found([*before, *on_trail], "surface-change", since=MONDAY)) == [(f"week:{MONDAY}", "above", "alert")]


@pytest.mark.row("B10")
def test_in_the_first_two_weeks_another_ground_asks_for_nothing() -> None:
    before = [replace_surface(jog(days, sid=f"b{days}"), "overground") for days in (11, 10, 9, 8)]
    now = [replace_surface(jog(days, sid=f"n{days}"), "trail") for days in (3, 2, 1)]
    (finding,) = found([*before, *now], "surface-change")
    assert (finding.confidence, finding.severity) == ("learning", "info")


def replace_surface(session: SessionSummary, surface: Surface) -> SessionSummary:
    return replace(session, header=replace(session.header, surface=surface))


@pytest.mark.row("B10")
def test_ground_that_is_not_known_says_nothing() -> None:
    before = weeks_of_km(20.0, 20.0, 20.0, 20.0, 0.0)
    assert found([*before, *(replace_surface(s, "treadmill") for s in week_runs(0, 5.0))], "surface-change") == []


@pytest.mark.row("C09", "C10")
def test_more_forefoot_landings_than_usual_are_told_for_information() -> None:
    def strikes(sessions: Sequence[SessionSummary], strike: FootStrike) -> list[SessionSummary]:
        return [replace(s, totals=replace(s.totals, foot_strike=strike)) for s in sessions]

    before = strikes(weeks_of_km(20.0, 20.0, 20.0, 20.0, 0.0), "rearfoot")
    findings = found([*before, *strikes(week_runs(0, 5.0, 5.0), "forefoot")], "strike-change")
    assert said(findings) == [(f"week:{MONDAY}", "above", "info")]
    assert found([*before, *strikes(week_runs(0, 5.0, 5.0), "midfoot")], "strike-change") == []
    back = strikes(weeks_of_km(20.0, 20.0, 20.0, 20.0, 0.0), "forefoot")
    assert found([*back, *strikes(week_runs(0, 5.0, 5.0), "rearfoot")], "strike-change") == []


# --- settings --------------------------------------------------------------------------------------------------------


def test_every_rule_that_is_switched_off_says_nothing() -> None:
    off = RuleSettings(off=frozenset(info.id for info, _ in (*RUN_RULES, *WEEK_RULES)))
    sessions = [*weeks_of_km(30.0, 30.0, 34.1, 38.7, 44.0), *week_runs(0, 25.0, 25.0)]
    assert evaluate(RUNNER, sessions, LONG_AGO) != []
    assert evaluate(RUNNER, sessions, LONG_AGO, settings=off) == []


def test_the_limits_take_their_factor_from_the_settings() -> None:
    looser = RuleSettings(values={("session-limit", "factor"): 1.5, ("week-limit", "factor"): 2.0})
    sessions = [*EASY, jog(0, 9.5)]
    assert [f.level for f in found(sessions, "session-limit", since=TODAY)] == ["limit"]
    assert found(sessions, "session-limit", since=TODAY, with_settings=looser) == []
    assert standing(RUNNER, sessions, NOW_UTC, settings=looser).headroom[0].limit == 12_000.0


# --- what never happens ----------------------------------------------------------------------------------------------

LEVELS = (None, "near", "limit", "over-30", "over-100")
CERTAINTIES = (None, "below", "too-close", "above")
SPIKES = ("session-limit", "return-after-break", "hard-days", "new-hills", "new-fast", "hard-spacing")
PAST = st.lists(
    st.tuples(st.integers(1, 70), st.floats(1.0, 20.0), st.sampled_from([0.0, 400.0, None]), st.floats(2.0, 4.0)),
    max_size=16,
)


@given(PAST, st.floats(1.0, 30.0), st.floats(0.0, 20.0), st.floats(0.0, 600.0), st.floats(0.0, 2.0), st.booleans())
def test_more_load_in_the_judged_session_never_lowers_a_spike(
    rows: list[tuple[int, float, float | None, float]],
    km: float,
    more_km: float,
    more_uphill_s: float,
    more_mps: float,
    is_rested: bool,
) -> None:
    past = [
        jog(days, far, uphill_s=up, mps=2.5, best_mps=best, sid=f"s{n}") for n, (days, far, up, best) in enumerate(rows)
    ]
    days = [rested(70, 1)] if is_rested else []

    def spikes(of_today: SessionSummary) -> dict[tuple[str, str], Finding]:
        found_now = evaluate(RUNNER, [*past, of_today], TODAY, days=days)
        kept = [f for f in found_now if f.scope == "session:j0" and f.rule in SPIKES]
        return {(f.rule, "" if f.rule == "new-hills" else f.measure): f for f in kept}

    start = jog(0, km, uphill_s=100.0, ascent_m=0.0, best_mps=2.6)
    end = jog(0, km + more_km, uphill_s=100.0 + more_uphill_s, ascent_m=0.0, best_mps=2.6 + more_mps)
    less, more = spikes(start), spikes(replace(end, end_utc=start.end_utc))
    for key, one in less.items():
        assert key in more
        assert LEVELS.index(more[key].level) >= LEVELS.index(one.level)
        assert CERTAINTIES.index(more[key].certainty) >= CERTAINTIES.index(one.certainty)
        assert (one.severity, more[key].severity) != ("alert", "info")


@given(PAST, st.randoms())
def test_every_rule_says_the_same_in_any_order_of_delivery(
    rows: list[tuple[int, float, float | None, float]], chance: object
) -> None:
    sessions = [
        jog(days, far, uphill_s=up, best_mps=best, sid=f"s{n}", hours=0.3 * n)
        for n, (days, far, up, best) in enumerate(rows)
    ]
    shuffled = list(sessions)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert evaluate(RUNNER, sessions, LONG_AGO) == evaluate(RUNNER, shuffled, LONG_AGO)


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/New_York", "Pacific/Auckland", "UTC"])
def test_days_are_the_athletes_own_over_a_change_of_the_clocks(zone: str) -> None:
    """A run every evening at 23:30: each is of its own day, whatever the clocks do between (autumn and spring)."""
    for first in (date(2026, 10, 5), date(2026, 3, 1), date(2026, 9, 10), date(2026, 4, 1)):
        evenings = [datetime.combine(first + n * DAY, time(23, 30), ZoneInfo(zone)) for n in range(40)]
        sessions = [
            replace(jog(0, 5.0, sid=f"e{n}"), start_utc=at, end_utc=at + timedelta(minutes=20))
            for n, at in enumerate(evenings)
        ]
        past = past_of(replace(RUNNER, zone=zone), sessions)
        assert [r.day for r in past.runs] == [first + n * DAY for n in range(40)]
        assert past.idles == ()
        judged = evaluate(replace(RUNNER, zone=zone), sessions, first + 20 * DAY)
        assert {f.level for f in judged} <= {"near"}
