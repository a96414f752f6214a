"""The planner on a real log: whatever day of the season it is asked on, its week run as planned crosses no limit."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.evaluate import evaluate, standing
from sensor_hub.guidelines.history import runs_of, week_of
from sensor_hub.guidelines.planner import plan_week
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.guidance import Guidance, PlannedDay, Verdict
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader, SessionSummary
from tests import need

RUNNER = Athlete("a", "A", "UTC")
EVERY = timedelta(days=3)


def season() -> list[SessionSummary]:
    rows = csv.DictReader(need.data("season/runnerA_sessions.csv").read_text().splitlines())
    return [
        logged(f"s{n}", datetime.fromisoformat(row["start_utc"]), float(row["distance_m"]), float(row["duration_s"]))
        for n, row in enumerate(rows)
        if row["type"] == "running"
    ]


def logged(sid: str, start: datetime, distance_m: float, duration_s: float) -> SessionSummary:
    header = SessionHeader(sid, "a", "UTC", "import", "speed", "achilles-0.1", "ref-pop-1", "file")
    totals = Totals(duration_s=duration_s, distance_m=distance_m, coverage=1.0)
    start = start.astimezone(UTC)
    return SessionSummary(header, start, start + timedelta(seconds=duration_s), totals)


def as_run(day: PlannedDay) -> SessionSummary:
    start = datetime(day.day.year, day.day.month, day.day.day, 18, tzinfo=UTC)
    done = logged(f"planned-{day.day}", start, day.distance_m or 0.0, day.duration_s or 0.0)
    mps = (day.distance_m or 0.0) / (day.duration_s or 1.0)
    totals = replace(done.totals, median_speed_mps=mps, speed_5min_mps=mps, uphill_s=0.0, ascent_m=0.0)
    return replace(done, totals=totals)


def crossed(sessions: list[SessionSummary], since: date) -> dict[str, Finding]:
    return {f.key: f for f in evaluate(RUNNER, sessions, since) if f.level != "near"}


def test_on_every_third_day_of_a_real_season_the_planned_week_crosses_no_limit() -> None:
    sessions = season()
    day, last = sessions[40].start_utc.date(), sessions[-1].start_utc.date()
    n_plans, planned_m = 0, 0.0
    while day < last:
        now = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
        past = [s for s in sessions if s.start_utc <= now and s.start_utc > now - timedelta(days=400)]
        headroom = standing(RUNNER, past, now).headroom
        case = Case(RUNNER, now, runs=tuple(runs_of(past, "UTC")), headroom=headroom)
        week = [d for d in plan_week(case, Guidance("a", day, Verdict("clear"))).days if d.distance_m]
        since = week_of(day)
        before = crossed(past, since)
        after = crossed([*past, *(as_run(d) for d in week)], since)
        new = [f for key, f in after.items() if key not in before or f.value > before[key].value * (1 + 1e-9)]
        assert [(day, f.rule, f.measure, f.scope, f.value, f.limit) for f in new] == []
        n_plans, planned_m = n_plans + bool(week), planned_m + sum(d.distance_m or 0.0 for d in week)
        day += EVERY
    assert n_plans > 50
    assert planned_m / n_plans > 10_000  # a week that says something, and not nothing at all
