"""One runner over months."""

from typing import Any, Final

from grafana_foundation_sdk.builders import dashboard

from dashboards.source.parts import ABSOLUTE, COMPARE, FORCE, athlete_variable, lines, page, with_panels
from dashboards.source.session import ended_sessions, findings_of_one

UID: Final = "sensor-hub-athlete"
_OF_THEM: Final = """WHERE "ath" = '$athlete' AND $timeFilter"""
_RUNS: Final = f"""{_OF_THEM} AND "ledger" = 'run'"""
# InfluxDB counts weeks from a Thursday, the first day of 1970; four days on it is a Monday.
_A_WEEK: Final = "GROUP BY time(1w, 4d) fill(none)"
_UTC_WEEKS: Final = (
    " Weeks from Monday, by UTC: a run near midnight on Sunday may stand beside its week of the hub's page."
)


def _by_session(what: str) -> str:
    return f'SELECT {what} FROM "session" {_RUNS} GROUP BY "instrument"'


def _by_day(what: str) -> str:
    return f'SELECT {what} FROM "minutes" {_OF_THEM} GROUP BY time(1d) fill(null)'


def _loads() -> list[Any]:
    hard = f'SELECT "hard_load_bw_s" AS "hard load" FROM "session" {_RUNS}'
    of_a_run = """"measure" = 'load_eq_km' AND "rule" = 'session-limit'"""
    findings = f'SELECT "{{}}" AS "{{}}" FROM "finding" {_OF_THEM} AND {of_a_run}'
    return [
        lines(
            "Push-off load a week (eq-km, modelled)", f"Sum of the ended runs.{_UTC_WEEKS}{COMPARE}",
            [(f'SELECT sum("load_eq_km") AS "load" FROM "session" {_RUNS} {_A_WEEK}', "load")], "suffix: eq-km",
            decimals=1, interval="1w", bars=True,
        ),
        lines(
            "Distance a week", f"Sum of the ended runs, as their sources report it.{_UTC_WEEKS}",
            [(f'SELECT sum("distance_m") AS "distance" FROM "session" {_RUNS} {_A_WEEK}', "distance")], "lengthm",
            interval="1w", bars=True,
        ),
        lines(
            "Push-off load a run, ± 1 SD (eq-km, modelled)",
            "One point a run, with one standard deviation up and down in a comparison with the same runner's "
            f"sessions.{COMPARE}",
            [
                (f'SELECT "load_eq_km" AS "load" FROM "session" {_RUNS}', "load"),
                (f'SELECT "load_eq_km" - "load_eq_km_sd" AS "minus" FROM "session" {_RUNS}', "− 1 SD"),
                (f'SELECT "load_eq_km" + "load_eq_km_sd" AS "plus" FROM "session" {_RUNS}', "+ 1 SD"),
            ],
            "suffix: eq-km", decimals=2, interval="1m",
        ),
        lines(
            f"Hard push-off load a run, ± 1 SD ({FORCE})",
            f"One point a run, with one standard deviation up and down.{COMPARE}{ABSOLUTE}",
            [
                (hard, "hard load"),
                (f'SELECT "hard_load_bw_s" - "hard_load_sd" AS "minus" FROM "session" {_RUNS}', "− 1 SD"),
                (f'SELECT "hard_load_bw_s" + "hard_load_sd" AS "plus" FROM "session" {_RUNS}', "+ 1 SD"),
            ],
            "suffix: BW·s", decimals=1, interval="1m",
        ),
        lines(
            "Where a single run neared or passed its limit (eq-km, modelled)",
            "Value and limit of each finding of the session rule: 1.10 times the highest run of the 30 days before. "
            "Where there is no point there was no finding, and perhaps no history yet.",
            [(findings.format("value", "value"), "value"), (findings.format("limit", "limit"), "limit")],
            "suffix: eq-km", decimals=2, interval="1m",
        ),
        lines(
            "Coverage a run", "Recorded time over moving time; below the dashed line the run's load is a lower bound.",
            [(f'SELECT "coverage" FROM "session" {_RUNS}', "coverage")], "percentunit", most=1, interval="1m",
            warns=[("orange", None), ("transparent", 0.8)],
        ),
    ]  # fmt: skip


def _steps() -> list[Any]:
    return [
        lines(
            "Contact time a day", "Mean over the minutes of a day's runs, from what stays when single steps are let go "
            "of; days by UTC. Faster running and another sensor both change it.",
            [(_by_day('mean("contact_time_s") AS "contact time"'), "contact time")], "s", decimals=3, interval="1d",
            least=None,
        ),
        lines(
            "Speed a day", "Mean over the minutes of a day's runs; days by UTC.",
            [(_by_day('mean("speed_mps") AS "speed"'), "speed")], "velocityms", decimals=2, interval="1d", least=None,
        ),
    ]  # fmt: skip


def athlete() -> dashboard.Dashboard:
    """Return the dashboard."""
    text = (
        "One runner over months: runs, weeks, findings. What was edited on the hub's page is not here: InfluxDB holds "
        "what was recorded. Limits, plan and diary are the hub's own."
    )
    links = [("Squad", "sensor-hub-squad"), ("Session", "sensor-hub-session"), ("Pipeline", "sensor-hub-pipeline")]
    made = page(UID, "Athlete", text, "now-90d", links, refresh="1m").with_variable(athlete_variable())
    return with_panels(made, [*_loads(), *_steps(), findings_of_one(), ended_sessions()])
