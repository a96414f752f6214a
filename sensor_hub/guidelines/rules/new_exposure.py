"""A run uphill or a fast one after four weeks without any (text rows A03, B09, D04, D05).

It needs a run in the window that is known not to have been one, so that whoever begins is not told so of everything; or
a break that fills the window, of up to eight weeks.
Where it is not known of some run or day of the window, that may have been one: too close to call.
"""

from collections.abc import Callable, Iterator
from typing import Final, Literal, TypeAlias

from sensor_hub.guidelines.exposures import FAST, HILLS, Exposure, climb_m_per_km, exposure
from sensor_hub.guidelines.history import DAY, LEARNING_DAYS, Run
from sensor_hub.guidelines.judgement import Confidence, Found
from sensor_hub.guidelines.past import Idle, Past
from sensor_hub.guidelines.tolerance import LONGEST_BREAK_DAYS
from sensor_hub.model.rule import RuleInfo

INFOS: Final = (HILLS, FAST)
_Kind: TypeAlias = Callable[[Exposure], bool | None]


def new_hills(past: Past, run: Run) -> Iterator[Found]:
    """Judge whether a run is the first uphill of its window."""
    was = exposure(past, run)
    if not was.hill or not (sure := _first(past, run, HILLS, lambda e: e.hill)):
        return
    least_s, least_climb = (past.settings.value(HILLS, name) for name in ("uphill_s", "climb_m_per_km"))
    window = past.before(run.day, _n_days(past, HILLS))
    by_time = run.uphill_s is not None and run.uphill_s >= least_s
    before = [r.uphill_s if by_time else climb_m_per_km(r) for r in window]
    yield Found(
        measure="uphill_s" if by_time else "climb_m_per_km",
        level="limit",
        certainty=sure,
        probability=1.0 if sure == "above" else 0.5,
        value=(run.uphill_s if by_time else was.climb_m_per_km) or 0.0,
        reference=max((v for v in before if v is not None), default=0.0),
        limit=least_s if by_time else least_climb,
        window_days=_n_days(past, HILLS),
        confidence=_confidence(past, run),
    )


def new_fast(past: Past, run: Run) -> Iterator[Found]:
    """Judge whether a run is the first fast one of its window; of one without samples by its mean speed, at least."""
    was = exposure(past, run)
    if was.speed_mps is None or was.easy_mps is None:
        return
    if not was.fast or not (sure := _first(past, run, FAST, lambda e: e.fast)):
        return
    yield Found(
        measure="speed_5min_mps",
        level="limit",
        certainty=sure,
        probability=1.0 if sure == "above" else 0.5,
        value=was.speed_mps,
        reference=was.easy_mps,
        limit=past.settings.value(FAST, "factor") * was.easy_mps,
        window_days=_n_days(past, FAST),
        confidence=_confidence(past, run),
        lower_bound=was.estimated,
    )


def _first(past: Past, run: Run, info: RuleInfo, kind: _Kind) -> Literal["above", "too-close"] | None:
    """Return how sure it is that the window holds none of the kind; None where it holds one, or nothing is known."""
    n_days = _n_days(past, info)
    before = [kind(exposure(past, r)) for r in past.before(run.day, n_days)]
    if not before and (away := _break(past, run)) is not None:
        before = [False] if away.state == "rested" else [False, None]
    if any(before) or False not in before or _had_one_today(past, run, kind):
        return None
    unsure = None in before or past.is_unsure(run.day - n_days * DAY, run.day - DAY)
    return "too-close" if unsure else "above"


def _break(past: Past, run: Run) -> Idle | None:
    """The break that fills the window before a run; None after one so long that the history begins with the run."""
    away = past.idle_until(run.day)
    return None if away is None or away.n_days > LONGEST_BREAK_DAYS else away


def _n_days(past: Past, info: RuleInfo) -> int:
    return int(past.settings.value(info, "window_days"))


def _confidence(past: Past, run: Run) -> Confidence:
    away = _break(past, run)
    first = run.day if away is None else away.first  # a break ends no history that it is held against
    return "learning" if past.history_days(first) < LEARNING_DAYS else "normal"


def _had_one_today(past: Past, run: Run, kind: _Kind) -> bool:
    """Whether an earlier run of the day was one already: it is told of that."""
    todays = past.of_day(run.day)
    earlier = todays[: next(n for n, other in enumerate(todays) if other.sid == run.sid)]
    return any(kind(exposure(past, other)) for other in earlier)
