"""Acute over chronic load, as other programs show it. Shown, never gating: no rule may look at it.

That a ratio in some band keeps anybody from injury is not supported (Impellizzeri et al. 2020), and among 5,205 runners
it went the other way (Frandsen et al. 2025). What it is made of is said all the same: whoever asks for it gets it, and
a day that is not known makes it unknown, never low.
"""

from datetime import date
from typing import Final

from sensor_hub.guidelines.baseline import comparable
from sensor_hub.guidelines.history import DAY, Run, n_not_recorded, newest_of
from sensor_hub.guidelines.past import Idle, Past
from sensor_hub.model.ratio import LoadRatio, RatioMeasure, RatioReason

MEASURES: Final[tuple[RatioMeasure, ...]] = ("distance_m", "load_eq_km")
ACUTE_DAYS: Final = 7
CHRONIC_DAYS: Final = 28
WEIGHTED_DAYS: Final = 42  # ours: what is older weighs 5 %, and the mean of these days stands for it


def ratios_of(past: Past, day: date) -> tuple[LoadRatio, ...]:
    """Return the ratios of a day, of distance and of push-off load.

    Parameters
    ----------
    past : Past
        The athlete's history; runs after ``day`` are left out.
    day : date
        The athlete's local day; what was run on it so far is among the last seven days.
    """
    return tuple(_ratio(past, day, measure) for measure in MEASURES)


def _ratio(past: Past, day: date, measure: RatioMeasure) -> LoadRatio:
    days = min(past.history_days(day), WEIGHTED_DAYS)
    if days < CHRONIC_DAYS:
        return LoadRatio(measure, None, None, _why_short(past, day))
    loads: list[float] = []  # newest first, back to the first day that is not known
    ledger = _Days(past, day, measure)
    for n in range(days):
        found = ledger.of(day - n * DAY)
        if isinstance(found, str):
            if n < CHRONIC_DAYS:
                return LoadRatio(measure, None, None, found)
            break
        loads.append(found)
    chronic = sum(loads[:CHRONIC_DAYS]) / CHRONIC_DAYS
    if not chronic > 0:
        return LoadRatio(measure, None, None, "nothing-run")
    rolling = sum(loads[:ACUTE_DAYS]) / ACUTE_DAYS / chronic
    return LoadRatio(measure, rolling, _weighted(loads, ACUTE_DAYS) / _weighted(loads, CHRONIC_DAYS))


def _why_short(past: Past, day: date) -> RatioReason:
    """A history that begins anew after a silence nobody has explained is not short but unknown."""
    idle = past.idle_until(day)
    return "unanswered" if idle is not None and idle.state == "unknown" else "short-history"


def _weighted(loads: list[float], n_days: int) -> float:
    """Mean that forgets, over loads newest first; it begins at their plain mean."""
    weight = 2.0 / (n_days + 1)
    mean = sum(loads) / len(loads)
    for load in reversed(loads):
        mean += weight * (load - mean)
    return mean


class _Days:
    """The load of single days, or why it is not known."""

    def __init__(self, past: Past, day: date, measure: RatioMeasure) -> None:
        self._past, self._measure = past, measure
        first = day - WEIGHTED_DAYS * DAY
        runs = past.between(first, day)
        newest = newest_of(r for r in runs if r.has_load) or newest_of(runs)
        self._same = {} if newest is None else {run.sid: run for run in comparable(runs, newest, measure)}
        going_on = past.idle_until(day)
        idles = (*past.idles, *(() if going_on is None else (going_on,)))
        self._unsure: tuple[Idle, ...] = tuple(
            idle for idle in idles if idle.state != "rested" and idle.first <= day and idle.last >= first
        )

    def of(self, day: date) -> float | RatioReason:
        """Return the day's load, m or eq-km, or the reason."""
        runs = self._past.of_day(day)
        if n_not_recorded(self._past.days, runs, day, day):
            return "not-recorded"
        if any(idle.first <= day <= idle.last for idle in self._unsure):
            return "unanswered"
        total = 0.0
        for run in runs:
            found = self._of_run(run)
            if isinstance(found, str):
                return found
            total += found
        return total

    def _of_run(self, run: Run) -> float | RatioReason:
        if run.is_unknown or (self._measure == "load_eq_km" and not run.has_load):
            return "unknown-run"
        same = self._same.get(run.sid)
        if same is None:
            return "mixed-instruments"
        value = same.value(self._measure)
        if value is None:
            return "unknown-run"
        return "low-coverage" if same.is_lower_bound(self._measure) else value
