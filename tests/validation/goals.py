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
