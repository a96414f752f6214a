from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.evaluate import evaluate
from sensor_hub.guidelines.guidance import guide
from sensor_hub.guidelines.history import week_of
from sensor_hub.guidelines.planner import plan_week
from sensor_hub.guidelines.rules.register import RUN_RULES, WEEK_RULES
from sensor_hub.model.diary import (
    PolicyName,
    Said,
    SayMedicine,
    SayPain,
    SayProfile,
    SaySymptoms,
    SetPolicy,
    SetRule,
    StartPlan,
)
from sensor_hub.model.finding import Finding
from sensor_hub.model.guidance import Guidance, Notice, PlannedItem, PlanView, Verdict, WeekPlan
from sensor_hub.model.history import DaySpan
from sensor_hub.model.load import Totals
from sensor_hub.model.rule import RuleSettings
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.planner import rule_phrase, week_lines
from tests.guidelines.cases import RUNNER, TODAY, case_of
from tests.guidelines.histories import ran as by_hand
from tests.guidelines.histories import run

CLEAR = Guidance("k3f9", TODAY, Verdict("clear"))
FAST_MPS, UPHILL_S = 4.0, 600.0


def ran(
    days_ago: int, km: float, mps: float = 2.8, *, fast: bool = False, uphill: bool = False, eq_km: float | None = None
) -> SessionSummary:
    """A run with everything known of it."""
    load = km if eq_km is None else eq_km
    totals = Totals(
        distance_m=1000 * km, load_eq_km=load, load_eq_km_sd=0.03 * load, load_bw_s=300 * load,
        hard_load_bw_s=30 * load, hard_load_sd=3 * load, coverage=1.0, duration_s=1000 * km / mps, median_speed_mps=mps,
        speed_5min_mps=FAST_MPS if fast else mps, uphill_s=UPHILL_S if uphill else 0.0, ascent_m=0.0,
    )  # fmt: skip
    whole = run(days_ago, km, sid=f"r{days_ago}", more=totals)
    return replace(whole, end_utc=whole.start_utc + timedelta(seconds=totals.duration_s))


def as_run(plan: WeekPlan, sessions: Sequence[SessionSummary]) -> list[SessionSummary]:
    """The planned week, run as planned: level and at one speed, or as fast and hilly as the earlier run it names."""
    done = []
    for day in plan.days:
        if day.distance_m and day.duration_s:
            as_on = [item.facts["day"] for item in day.items if item.key == "as-on"]
            like = [s.totals for s in sessions if s.start_utc.date() in as_on]
            mps = day.distance_m / day.duration_s
            one = ran((TODAY - day.day).days, day.distance_m / 1000, mps, eq_km=day.load_eq_km)
            kind = {name: getattr(t, name) for t in like for name in ("speed_5min_mps", "uphill_s", "ascent_m")}
            done.append(replace(one, totals=replace(one.totals, **kind)))
    return done


def new_findings(
    sessions: Sequence[SessionSummary],
    planned: Sequence[SessionSummary],
    days: Sequence[DaySpan] = (),
    rules: RuleSettings | None = None,
) -> list[Finding]:
    since = week_of(TODAY)
    rules = rules or RuleSettings()
    before = {f.key: f for f in evaluate(RUNNER, sessions, since, days=days, settings=rules) if f.level != "near"}
    after = evaluate(RUNNER, [*sessions, *planned], since, days=days, settings=rules)
    of_weeks = [f for f in after if f.level != "near"]
    return [f for f in of_weeks if f.key not in before or f.value > before[f.key].value * (1 + 1e-9)]


USUAL = [ran(d, 12.0 if d % 7 == 5 else 6.0) for d in range(1, 120) if d % 7 in {1, 3, 5}]


CHANGED = (
    SetRule("session-limit", "factor", 1.0),
    SetRule("week-limit", "factor", 1.0),
    SetRule("week-on-week", "on", 0.0),
    SetRule("run-spacing", "rest_h", 40.0),
    SetRule("hard-days", "factor", 1.1),
    SetRule("planner", "pattern_days", 14.0),
)
RUN = st.tuples(
    st.integers(0, 70),
    st.integers(20, 220).map(lambda n: n / 10),
    st.integers(24, 31).map(lambda n: n / 10),
    st.sampled_from(["easy"] * 8 + ["fast", "hills"]),
)


@given(
    st.lists(RUN, min_size=1, max_size=45, unique_by=lambda told: told[0]),
    st.sampled_from(["balanced", "strict", "clinician"]),
    st.booleans(),
    st.sampled_from([None, *CHANGED]),
)
def test_a_planned_week_that_is_run_crosses_no_limit(
    told: list[tuple[int, float, float, str]], policy: PolicyName, lost: bool, changed: SetRule | None
) -> None:
    sessions = [ran(d, km, mps, fast=kind == "fast", uphill=kind == "hills") for d, km, mps, kind in sorted(told)]
    days = [DaySpan(TODAY - timedelta(days=12), TODAY - timedelta(days=9), "not-recorded")] if lost else []
    said: list[Said] = [SetPolicy(policy), *([] if changed is None else [changed])]
    case = case_of(sessions, said, days=days, judged=True)
    plan = plan_week(case, CLEAR)
    found = new_findings(sessions, as_run(plan, sessions), days, case.settings)
    assert [(f.rule, f.measure, f.scope, f.level, f.value, f.limit) for f in found] == []


@given(st.lists(st.floats(4.0, 15.0), min_size=3, max_size=3), st.floats(0.0, 0.4))
def test_a_steady_runner_is_left_at_least_their_usual_week(km: list[float], extra: float) -> None:
    sessions = [ran(d, km[d % 7 // 2] * (1 + extra * (d % 14 == 1))) for d in range(1, 100) if d % 7 in {1, 3, 5}]
    plan = plan_week(case_of(sessions, judged=True), CLEAR)
    planned_m = sum(day.distance_m or 0.0 for day in plan.days)
    assert planned_m >= 0.7 * 1000 * sum(km)


# --- what is left ----------------------------------------------------------------------------------------------------


def test_what_is_left_today_and_this_week_is_each_limit_less_what_was_run() -> None:
    plan = plan_week(case_of(USUAL, judged=True), CLEAR)
    today = {(left.rule, left.measure): left.left for left in plan.today}
    week = {(left.rule, left.measure): left.left for left in plan.week}
    assert today[("session-limit", "distance_m")] == pytest.approx(13_200.0)
    assert week[("week-limit", "distance_m")] == pytest.approx(26_400.0 - 12_000.0)
    assert week[("week-on-week", "load_eq_km")] == pytest.approx(26.4 - 12.0)


def test_what_nobody_knows_is_left_unknown_with_its_reason() -> None:
    fresh = plan_week(case_of([ran(3, 5.0)], judged=True), CLEAR)
    assert {(left.left, left.reason) for left in fresh.week} == {(None, "learning")}
    unknown = plan_week(case_of([*USUAL, by_hand(2)], judged=True), CLEAR)
    assert {left.reason for left in unknown.week} == {"unknown-run"}
    lost = [DaySpan(TODAY - timedelta(days=2), TODAY - timedelta(days=2), "not-recorded")]
    not_recorded = plan_week(case_of(USUAL, days=lost, judged=True), CLEAR)
    assert {(left.left, left.reason) for left in not_recorded.week} == {(None, "not-recorded")}


# --- the week --------------------------------------------------------------------------------------------------------


def km_of(plan: WeekPlan) -> list[float]:
    return [round((day.distance_m or 0.0) / 1000, 1) for day in plan.days]


def test_the_week_has_the_runners_own_days_each_a_tenth_above_what_is_usual() -> None:
    plan = plan_week(case_of(USUAL, judged=True), CLEAR)
    assert [day.day for day in plan.days] == [TODAY + timedelta(days=n) for n in range(7)]  # today is not yet run
    assert km_of(plan) == [0.0, 0.0, 13.2, 0.0, 6.6, 0.0, 6.6]
    assert [day.kind for day in plan.days] == ["rest", "rest", "long", "rest", "easy", "rest", "easy"]
    assert set(plan.days[2].binds) <= {"session-limit", "week-limit", "week-on-week"}
    assert plan.days[2].load_eq_km == pytest.approx(13.2, abs=0.01)
    assert plan.days[2].duration_s == pytest.approx(13_200 / 2.8, rel=0.01)
    assert {rule for _, rule in plan.binds} <= {"session-limit", "week-limit", "week-on-week"}
    ran_today = plan_week(case_of([*USUAL, ran(0, 3.0)], judged=True), CLEAR)
    assert ran_today.days[0].day == TODAY + timedelta(days=1)


def test_after_a_week_that_was_full_nothing_is_left_of_it() -> None:
    full = [*USUAL, ran(0, 13.0), ran(2, 13.0)]
    plan = plan_week(case_of(full, judged=True), CLEAR)
    sunday = next(day for day in plan.days if day.day.isoweekday() == 7)
    assert (sunday.kind, sunday.distance_m) == ("rest", 0.0)
    assert sunday.binds


def test_a_few_metres_that_are_left_of_a_week_are_rest_and_no_run() -> None:
    for full in ([ran(0, 14.385)], [ran(0, 14.385, uphill=True)]):  # 26.4 km may be run in this week, 26.385 were
        sessions = [*USUAL, *([ran(d, 6.0, uphill=True) for d in (14, 21)]), *full]
        plan = plan_week(case_of(sessions, judged=True), CLEAR)
        assert all(day.kind == "rest" or (day.distance_m or 0.0) >= 1000 for day in plan.days)
        assert next(day for day in plan.days if day.day.isoweekday() == 7).kind == "rest"


def test_after_a_quiet_week_the_next_one_is_bound_by_it() -> None:
    quiet = [s for s in USUAL if not 5 <= (TODAY - s.start_utc.date()).days <= 11]
    plan = plan_week(case_of([*quiet, ran(8, 3.0)], judged=True), CLEAR)
    assert sum(km_of(plan)[:3]) <= 3.4
    assert "week-on-week" in {rule for _, rule in plan.binds}


def test_a_load_that_nobody_knows_is_planned_by_distance_alone() -> None:
    logged = Totals(distance_m=6000, duration_s=2100)
    plan = plan_week(case_of([run(d, 6.0, more=logged) for d in range(1, 60, 2)], judged=True), CLEAR)
    runs = [day for day in plan.days if day.kind != "rest"]
    assert runs
    assert all(day.distance_m and day.load_eq_km is None for day in runs)


def test_fast_and_hilly_runs_return_on_their_day_and_not_too_close() -> None:
    mixed = [ran(d, 6.0, fast=d % 7 == 1, uphill=d % 7 == 2) for d in range(1, 100) if d % 7 in {1, 2, 5}]
    plan = plan_week(case_of(mixed, judged=True), CLEAR)
    kinds = {day.day.isoweekday(): day.kind for day in plan.days}
    assert {kinds[3], kinds[4]} & {"fast", "hills"}
    assert not {"fast", "hills"} <= {kinds[3], kinds[4]}
    assert new_findings(mixed, as_run(plan, mixed)) == []


def test_the_hours_somebody_wants_between_runs_are_kept() -> None:
    daily = [ran(d, 6.0) for d in range(1, 60)]
    assert len([km for km in km_of(plan_week(case_of(daily, judged=True), CLEAR)) if km]) >= 6
    plan = plan_week(case_of(daily, [SayProfile(rest_h=40.0)], judged=True), CLEAR)
    days = [day.day for day in plan.days if day.distance_m]
    assert days
    assert all((after - before).days >= 2 for before, after in pairwise(days))


# --- pain, plans, people ---------------------------------------------------------------------------------------------


def planned(verdict: Verdict, *plans: PlanView, said: Sequence[Said] = ()) -> WeekPlan:
    return plan_week(case_of(USUAL, said, judged=True), Guidance("k3f9", TODAY, verdict, plans=plans))


@pytest.mark.parametrize("standing", ["red-flag", "refer", "stop"])
def test_under_a_stop_or_worse_nothing_is_planned_and_nothing_is_left(standing: str) -> None:
    verdict = Verdict(standing, running="none", hold_headroom=standing, silent=frozenset({"planner"}))  # type: ignore[arg-type]
    assert planned(verdict) == WeekPlan(held=standing)


def test_an_answer_that_could_stop_running_is_waited_for() -> None:
    plan = planned(Verdict("unknown", running="unknown"))
    assert (plan.held, plan.days) == ("unknown", ())
    assert plan.today


MORNING = datetime(2026, 11, 20, 6, tzinfo=UTC)


def test_what_is_said_decides_what_is_planned() -> None:
    def plan_after(*said: Said) -> WeekPlan:
        case = case_of(USUAL, said, judged=True)
        return plan_week(case, guide(case))

    assert km_of(plan_after()) == [0.0, 0.0, 13.2, 0.0, 6.6, 0.0, 6.6]
    assert plan_after(SayPain(MORNING, "morning", 5.0)) == WeekPlan(held="stop")
    assert plan_after(SaySymptoms(MORNING, present=("pop",))) == WeekPlan(held="red-flag")
    assert plan_after(SayMedicine("fluoroquinolone", TODAY)) == WeekPlan(held="refer")
    resting = plan_after(StartPlan("return-to-running", TODAY))
    assert resting.held is None
    assert {day.distance_m for day in resting.days} == {0.0}
    assert resting.days[0].binds == ("plan-stage",)


def test_under_18_only_what_is_left_is_shown() -> None:
    plan = planned(Verdict("clear"), said=[SayProfile(born=date(2010, 1, 1))])
    assert (plan.held, plan.days) == ("under-18", ())
    assert plan.today


def test_pain_that_lets_run_less_leaves_so_much_of_the_usual_and_nothing_hard() -> None:
    because = Notice("pain-24h", "reduced", ("D13",), "caution", TODAY, {"cap_low": 0.5, "cap_high": 0.7})
    reduced = Verdict("caution", (because,), "reduced", 0.5, 0.7, hills=False, speed=False)
    fast = [ran(d, 6.0, fast=d % 7 == 1) for d in range(1, 60) if d % 7 in {1, 3, 5}]
    plan = plan_week(case_of(fast, judged=True), Guidance("k3f9", TODAY, reduced))
    assert sorted(km_of(plan))[-3:] == pytest.approx([4.2, 4.2, 4.2])
    assert {day.kind for day in plan.days} == {"rest", "easy"}
    assert plan.days[2].binds == ("pain-24h",)


@pytest.mark.parametrize("standing", ["load", "plan"])
def test_what_pain_leaves_is_named_also_where_something_else_stands_above_it(standing: Literal["load", "plan"]) -> None:
    pain = Notice("pain-24h", "reduced", ("D13",), "caution", TODAY, {"cap_low": 0.5, "cap_high": 0.7})
    alert = Notice("load-alert", "session-limit", (), "load", TODAY)
    running: Literal["reduced", "plan"] = "reduced" if standing == "load" else "plan"
    less = Verdict(standing, (alert,), running, 0.5, 0.7, hills=False, speed=False)
    plans = (STAGE_7,) if standing == "plan" else ()
    plan = plan_week(case_of(USUAL, judged=True), Guidance("k3f9", TODAY, less, (alert, pain), plans=plans))
    assert [day.binds for day in plan.days if day.distance_m] == [("pain-24h",)] * 3


def test_a_condition_that_asks_for_care_lets_nothing_grow() -> None:
    plan = planned(Verdict("clear"), said=[SayProfile(conditions=("chronic",))])
    assert km_of(plan) == [0.0, 0.0, 12.0, 0.0, 6.0, 0.0, 6.0]
    assert plan.days[2].binds == ("condition",)


def test_a_history_without_a_known_distance_is_no_pattern_to_plan_from() -> None:
    assert plan_week(case_of([], judged=True), CLEAR).held == "no-history"
    assert plan_week(case_of([by_hand(3)], judged=True), CLEAR).held == "no-history"
    assert planned(Verdict("clear"), said=[SetRule("planner", "on", 0)]).held == "off"


STAGE_2 = PlanView(
    "return-to-running", TODAY - timedelta(days=20), 2, 7, 3, TODAY - timedelta(days=6), run_low_s=600.0,
    run_high_s=600.0, hills=False, speed=False, rest_days=1, items=(PlannedItem("walk-run"),),
)  # fmt: skip


def test_a_stage_has_its_minutes_on_alternate_days() -> None:
    plan = planned(Verdict("plan", running="plan", hills=False, speed=False), STAGE_2)
    assert [day.kind for day in plan.days] == ["rest", "plan", "rest", "plan", "rest", "plan", "rest"]  # ran yesterday
    assert {day.duration_s for day in plan.days if day.kind == "plan"} == {600.0}
    assert all(day.items == STAGE_2.items for day in plan.days)


def test_a_stage_without_running_is_rest_with_what_else_is_to_be_done() -> None:
    stage = replace(STAGE_2, stage=1, run_low_s=0.0, run_high_s=0.0)
    plan = planned(Verdict("plan", running="none", hills=False, speed=False), stage)
    assert plan.held is None
    assert {(day.kind, day.distance_m) for day in plan.days} == {("rest", 0.0)}
    assert plan.days[0].items == stage.items


def test_after_too_much_the_next_run_of_a_stage_is_smaller() -> None:
    stage = replace(STAGE_2, run_high_s=1500.0, next_max_s=900.0)
    plan = planned(Verdict("plan", running="plan", hills=False, speed=False), stage)
    assert [day.duration_s for day in plan.days if day.kind == "plan"][:2] == pytest.approx([900.0, 1500.0])


STAGE_7 = replace(STAGE_2, stage=7, run_low_s=None, run_high_s=None, hills=True, speed=True, rest_days=0, items=())
FREE = Verdict("plan", running="plan")


@pytest.mark.row("D28")
def test_consecutive_days_wait_for_the_answer_of_a_run_that_is_only_planned() -> None:
    stage = replace(STAGE_2, stage=4, run_high_s=2100.0, rest_days=0)
    plan = planned(Verdict("plan", running="plan", hills=False, speed=False), stage)
    days = [day.day for day in plan.days if day.kind == "plan"]
    assert days[0] == TODAY  # yesterday's run was answered well
    assert all((after - before).days >= 2 for before, after in pairwise(days))


@pytest.mark.row("D33b")
def test_after_too_much_the_next_run_is_smaller_in_a_stage_without_a_time_too() -> None:
    plan = planned(FREE, replace(STAGE_7, next_max_m=4_000.0, rest_days=1))
    runs = [day for day in plan.days if day.distance_m]
    assert runs[0].distance_m == pytest.approx(4_000.0)
    assert runs[0].binds == ("plan-stage",)
    assert (runs[1].distance_m or 0.0) > 4_000.0
    by_time = planned(FREE, replace(STAGE_7, next_max_s=1_000.0))
    assert next(day.distance_m for day in by_time.days if day.distance_m) == pytest.approx(2_800.0)


def test_a_plan_that_keeps_a_day_free_has_it_in_its_last_stages_too() -> None:
    daily = [ran(d, 6.0) for d in range(1, 60)]
    plan = plan_week(case_of(daily, judged=True), Guidance("k3f9", TODAY, FREE, plans=(replace(STAGE_7, rest_days=1),)))
    days = [day.day for day in plan.days if day.distance_m]
    assert days[0] == TODAY + timedelta(days=1)
    assert all((after - before).days >= 2 for before, after in pairwise(days))


@pytest.mark.row("D32")
def test_a_plan_has_one_fast_run_in_its_week_also_where_two_were_usual() -> None:
    quick = [ran(d, 6.0, fast=d % 7 in {1, 4}) for d in range(1, 60) if d % 7 in {1, 2, 4, 6}]
    two = plan_week(case_of(quick, judged=True), CLEAR)
    assert [day.kind for day in two.days].count("fast") == 2
    one = plan_week(case_of(quick, judged=True), Guidance("k3f9", TODAY, FREE, plans=(STAGE_7,)))
    assert [day.kind for day in one.days].count("fast") == 1


def test_of_a_stage_whose_pace_is_unknown_only_the_time_is_planned() -> None:
    guidance = Guidance("k3f9", TODAY, Verdict("plan", running="plan"), plans=(STAGE_2,))
    plan = plan_week(case_of([], judged=True), guidance)
    assert [(day.distance_m, day.duration_s) for day in plan.days][:2] == [(None, 600.0), (0.0, 0.0)]
    locked = replace(STAGE_2, locked="medicine")
    assert plan_week(case_of([], judged=True), replace(guidance, plans=(locked,))).held == "no-history"


# --- in words --------------------------------------------------------------------------------------------------------


def test_every_day_and_everything_left_has_its_sentence() -> None:
    lines = week_lines(plan_week(case_of(USUAL, judged=True), CLEAR))
    assert lines[0] == "Today, distance: 13.2 km left of 13.2 km (the limit against earlier runs)."
    assert "This week, distance: 14.4 km left of 26.4 km (the limit against the weeks before)." in lines
    assert "Fri 20 Nov: rest." in lines
    sunday = next(line for line in lines if line.startswith("Sun 22 Nov: long run, easy and level, at most 13.2 km"))
    assert "79 min; bound by the limit against" in sunday
    assert week_lines(WeekPlan(held="stop")) == ["No week is planned while running is stopped."]


def test_every_rule_that_can_bind_has_a_phrase() -> None:
    ids = {*(info.id for info, _ in (*RUN_RULES, *WEEK_RULES)), "planner", "plan-stage", "condition", "pain-24h"}
    assert {rule for rule in ids if rule_phrase(rule) == rule} == set()
