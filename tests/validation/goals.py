"""What was aimed for, what was measured, and whether that is enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure of the results and its limit.

    at : keys and numbers that lead to the figure in ``results``. limit : in ``unit``; "within" compares its size.
    """

    what: str
    at: tuple[str | int, ...]
    compare: Literal["at least", "at most", "within", "exactly", "below"]
    limit: float | tuple[str | int, ...]
    unit: str


_TRIALS = ("reference", "sacral_trials", "left_out")
_TABLE = ("load", "van_hooren", "ways")
_BANDS = ("load", "bands")
_ALARMS = ("load", "alarms", "largest_pct")
_RATIO = ("load", "simulated", "bands", "cases", 1, "load_ratio")
_HALVES = ("load", "repeatability", "largest")
LOAD_GOALS: Final = (
    Goal("load a km, ten published ratios (fitted): right side of 1", (*_TABLE, 0, "right_side"), "exactly", 10, ""),
    Goal("load a km, ten published ratios (fitted): mean error", (*_TABLE, 0, "mae_pct"), "at most", 3.0, "%"),
    Goal("load a km, each ratio left out: mean error", (*_TABLE, 2, "mae_pct"), "at most", 5.0, "%"),
    Goal(
        "load a km, each ratio left out, against time x grade",
        (*_TABLE, 2, "mae_pct"), "below", (*_TABLE, 4, "mae_pct"), "%",
    ),
    *(
        Goal(f"{what}: off the published rise by", ("load", "contrasts", name, "off_pct"), "within", limit, "points")
        for name, what, limit in (
            ("starbuck_peak", "Achilles peak, 3.3 to 5.6 m/s (predicted)", 3.0),
            ("starbuck_rate", "Achilles loading rate, 3.3 to 5.6 m/s (predicted)", 10.0),
            ("almonroeder_impulse", "Achilles impulse, not on the rearfoot (fitted)", 4.0),
            ("willy_peak", "Achilles peak, treadmill (fitted)", 2.0),
        )
    ),
    Goal("published directions and orders: wrong", ("load", "n_wrong_signs"), "exactly", 0, ""),
    Goal(
        "peak vertical force, 19 runners, plate contact time, each left out: mean error",
        ("load", "vgrf_table", "ways", 0, "mape_pct"), "at most", 2.8, "%",
    ),
    *(
        goal
        for key, what in (("contact_pooled", "contact time"), ("vgrf_pooled", "peak vertical force"))
        for goal in (
            Goal(f"90 % bands, {what}, left out: interval from", (*_BANDS, key, "low_pct"), "at most", 90.0, "%"),
            Goal(f"90 % bands, {what}, left out: interval to", (*_BANDS, key, "high_pct"), "at least", 90.0, "%"),
        )
    ),
    Goal("simulated, 90 % bands of two loads' ratio: interval from", (*_RATIO, "from_pct"), "at most", 90.0, "%"),
    Goal("simulated, 90 % bands of two loads' ratio: interval to", (*_RATIO, "to_pct"), "at least", 90.0, "%"),
    *(
        Goal(f"eq-km a {what}, alternate minutes of three runs: largest CV", (*_HALVES, key), "at most", 3.0, "%")
        for what, key in (("km", "per_km_cv_pct"), ("minute", "per_min_cv_pct"))
    ),
    *(
        Goal(f"simulated, no true change: false alarms on {what}", (*_ALARMS, key), "at most", 1.0, "%")
        for what, key in (("eq-km", "load_eq_km"), ("hard load", "hard_load_bw_s"))
    ),
    Goal("cost of the load model, a step of many", ("load", "cost", "batch", "us"), "at most", 5.0, "µs"),
    Goal("cost of the load model, one step a call", ("load", "cost", "live", "us"), "at most", 50.0, "µs"),
)  # fmt: skip
GOALS: Final = (
    Goal("sacrum, trials with force: recall", (*_TRIALS, "recall_pct"), "at least", 99.5, "%"),
    Goal("sacrum, trials with force: precision", (*_TRIALS, "precision_pct"), "at least", 99.5, "%"),
    Goal("sacrum, trials with force: bias of trial means", (*_TRIALS, "trial_bias_ms"), "within", 5.0, "ms"),
    Goal("sacrum, trials with force: SD of trial means", (*_TRIALS, "trial_mean_sd_ms"), "at most", 8.0, "ms"),
    Goal(
        "sacrum, trials with force: SD of trial means, against speed + cadence without a sensor",
        (*_TRIALS, "trial_mean_sd_ms"),
        "below",
        ("reference", "sacral_trials", "baselines", 0, "trial_mean_sd_ms"),
        "ms",
    ),
    Goal(
        "sacrum, trials with force: record after toe-off, 99 % of contacts",
        ("reference", "sacral_trials", "latency", "p99_ms"),
        "at most",
        20.0,
        "ms",
    ),
    Goal("real run, one leg: strides, foot method", ("reference", "shank_run", 0, "n_found"), "exactly", 70, ""),
    Goal("real run, one leg: strides, shank method", ("reference", "shank_run", 1, "n_found"), "exactly", 70, ""),
    *(
        goal
        for mount in ("foot", "shank", "sacrum")
        for goal in (
            Goal(f"simulated, {mount}: recall", ("simulated", mount, "all", "recall_pct"), "at least", 99.9, "%"),
            Goal(f"simulated, {mount}: bias", ("simulated", mount, "all", "bias_ms"), "within", 2.0, "ms"),
            Goal(f"simulated, {mount}: SD", ("simulated", mount, "all", "sd_ms"), "at most", 6.0, "ms"),
        )
    ),
    *(
        goal
        for mount in ("foot", "shank", "sacrum")
        for goal in (
            Goal(
                f"simulated, {mount}: walking counted as running",
                ("simulated", mount, "gait", "walking_as_running_pct"),
                "at most",
                0.0,
                "%",
            ),
            Goal(
                f"simulated, {mount}: running steps in ten minutes of pedalling",
                ("simulated", mount, "no_runs", "pedalling, 85 turns a minute"),
                "exactly",
                0,
                "",
            ),
            Goal(
                f"simulated, {mount}: record after true toe-off, 99 % of contacts",
                ("simulated", mount, "latency", "p99_ms"),
                "at most",
                20.0,
                "ms",
            ),
        )
    ),
    *LOAD_GOALS,
)  # fmt: skip


def figure_at(results: Mapping[str, Any], at: tuple[str | int, ...]) -> float | None:
    """Return a figure of the results; None where it was not measured."""
    found: Any = results
    for key in at:
        if found is None:
            return None
        try:
            found = found[key]
        except (KeyError, IndexError):
            return None
    return None if found is None else float(found)


def judged(goal: Goal, results: Mapping[str, Any]) -> dict[str, Any]:
    """Return one row of the table of goals; ``met`` is None where nothing was measured."""
    measured = figure_at(results, goal.at)
    limit = goal.limit if isinstance(goal.limit, int | float) else figure_at(results, goal.limit)
    met = None
    if measured is not None and limit is not None:
        met = {
            "at least": measured >= limit,
            "at most": measured <= limit,
            "within": abs(measured) <= limit,
            "exactly": measured == limit,
            "below": measured < limit,
        }[goal.compare]
    told = "±" if goal.compare == "within" else goal.compare
    return {"goal": goal.what, "asked": told, "limit": limit, "unit": goal.unit, "measured": measured, "met": met}


def judged_all(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every goal, in order."""
    return [judged(goal, results) for goal in GOALS]
