"""Another ground, and another part of the foot that lands first (text rows B10, C09, C10).

A week is held against the four before it, by distance, of what is known. On ground: the share of a surface has grown by
half. On the foot: the share of forefoot landings has grown; that is told for information, and no way of landing is ever
advised. A week that goes on is not told of its first run: it takes as much on that ground, or landed so, as that share
of a usual week is.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final

from sensor_hub.guidelines.history import DAY, LEARNING_DAYS, Run
from sensor_hub.guidelines.judgement import Confidence, Found
from sensor_hub.guidelines.past import WEEK, Past
from sensor_hub.model.finding import FindingMeasure
from sensor_hub.model.rule import Parameter, RuleInfo

LEAST_KNOWN: Final = 0.8  # ours: part of the distance of which it must be known
LEAST_RUNS: Final = 3  # ours: in the weeks before
PARAMETERS: Final = (Parameter("window_days", 28, "d", 28, 28, ours=False),)
SURFACE: Final = RuleInfo(
    "surface-change", "S", "exposure", ("B10",), "text", (Parameter("rise", 0.5, "", 0.1, 1.0), *PARAMETERS)
)
STRIKE: Final = RuleInfo(
    "strike-change", "S", "shoes", ("C09", "C10"), "contradicted", (Parameter("rise", 0.25, "", 0.1, 1.0), *PARAMETERS)
)
INFOS: Final = (SURFACE, STRIKE)
SURFACES: Final[tuple[tuple[str, FindingMeasure], ...]] = (
    ("treadmill", "treadmill_share"),
    ("track", "track_share"),
    ("trail", "trail_share"),
    ("overground", "road_share"),
)


def surface_change(past: Past, monday: date) -> Iterator[Found]:
    """Judge each surface's share of the week's distance."""
    for surface, measure in SURFACES:
        yield from _risen(past, SURFACE, monday, measure, partial(_is_on, which=surface))


def strike_change(past: Past, monday: date) -> Iterator[Found]:
    """Judge the share of the distance that was mostly landed on the forefoot."""
    yield from _risen(past, STRIKE, monday, "forefoot_share", _is_forefoot)


def _is_on(run: Run, which: str) -> bool | None:
    return None if run.surface == "unknown" else run.surface == which


def _is_forefoot(run: Run) -> bool | None:
    return None if run.foot_strike is None else run.foot_strike == "forefoot"


def _risen(
    past: Past, info: RuleInfo, monday: date, measure: FindingMeasure, is_so: Callable[[Run], bool | None]
) -> Iterator[Found]:
    rise, n_days = (past.settings.value(info, name) for name in ("rise", "window_days"))
    before = past.between(monday - int(n_days) * DAY, monday - DAY)
    week = past.between(monday, monday + WEEK - DAY)
    now, then = _share(week, is_so), _share(before, is_so)
    if now is None or then is None or len(before) < LEAST_RUNS or now < then + rise:
        return
    usual_m = _distance_m(before) / (n_days * DAY / WEEK)
    if now * _distance_m(week) < (then + rise) * usual_m:
        return
    confidence: Confidence = "learning" if past.history_days(monday) < LEARNING_DAYS else "normal"
    yield Found(measure, "limit", "above", 1.0, now, then, then + rise, int(n_days), confidence)


def _distance_m(runs: Sequence[Run]) -> float:
    return sum(run.distance_m or 0.0 for run in runs)


def _share(runs: Sequence[Run], is_so: Callable[[Run], bool | None]) -> float | None:
    """Part of the distance that is so, of what is known; None where too little is."""
    all_m, known_m = _distance_m(runs), _distance_m([run for run in runs if is_so(run) is not None])
    if all_m <= 0 or known_m < LEAST_KNOWN * all_m or any(run.distance_m is None for run in runs):
        return None
    return _distance_m([run for run in runs if is_so(run)]) / known_m
