"""Which earlier runs a load may be held against, and when the way of measuring changed.

Devices are told to differ by up to 50 ms in the contact time they report, so a load is held only against loads of the
same instrument, tier and version of the model. A change begins a bridging period: until 14
days after the first run with the new yardstick its loads are learned and not judged. The old one's history stays:
whoever goes back to it while it is not older than the window is judged by it again. After a break longer than the
window there is nothing to differ from: the first two weeks are learned as at the very beginning. A run without a load,
such as a line of a log, was measured with nothing and changes nothing.

So what the limits say of a day depends on the 45 days before it and on nothing else (``evaluate.LIMIT_REACH``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from sensor_hub.guidelines.history import LEARNING_DAYS, REMEMBERED, Run, Yardstick, history_days
from sensor_hub.guidelines.judgement import Confidence
from sensor_hub.model.load import InstrumentChange, Measure

BRIDGING: Final = timedelta(days=LEARNING_DAYS)


def comparable(runs: Iterable[Run], like: Run, measure: Measure) -> list[Run]:
    """Return the runs whose measure can be held against that of ``like``, in its reference.

    Distance is compared across everything. A load needs the same yardstick. In another reference eq-km are expressed
    anew from the BW·s they are made of; a hard load cannot be, its line was another.
    """
    if measure == "distance_m":
        return list(runs)
    runs = list(runs)
    same = [r for r in runs if r.yardstick == like.yardstick]
    told = [r for r in same if r.reference == like.reference]
    others = [r for r in same if r.reference != like.reference]
    if not others or measure == "hard_load_bw_s":
        return told
    eq_km_bw_s = _eq_km_bw_s([*told, like])
    return told if eq_km_bw_s is None else [*told, *(_expressed(r, like, eq_km_bw_s) for r in others)]


def _eq_km_bw_s(runs: Iterable[Run]) -> float | None:
    """What one eq-km is worth to runs of one model and reference, BW·s; None where none of them has a load."""
    most = max(runs, key=lambda r: (r.load_eq_km or 0.0, r.sid))  # of the largest load the rounding matters least
    return most.load_bw_s / most.load_eq_km if most.load_bw_s and most.load_eq_km else None


def _expressed(run: Run, like: Run, eq_km_bw_s: float) -> Run:
    if run.load_bw_s is None:
        return replace(run, load_eq_km=None, hard_load_bw_s=None, reference=like.reference)
    eq_km = run.load_bw_s / eq_km_bw_s
    sd = run.load_eq_km_sd * eq_km / run.load_eq_km if run.load_eq_km else 0.0
    return replace(run, load_eq_km=eq_km, load_eq_km_sd=sd, hard_load_bw_s=None, reference=like.reference)


def is_mixed(runs: Iterable[Run]) -> bool:
    """Whether the runs' loads come from several yardsticks and so have no sum."""
    return len({r.yardstick for r in runs if r.has_load}) > 1


def confidence(
    runs: Sequence[Run], day: date, measure: Measure, like: Run | None, learning_days: float = LEARNING_DAYS
) -> Confidence:
    """How far history carries on a day: two weeks make it normal, of a load two with the yardstick of ``like``."""
    if measure == "distance_m":
        known = (r for r in runs if r.distance_m is not None)
        return "normal" if history_days(known, day) >= learning_days else "low"
    if like is None or bridging(runs, day, like.yardstick) is not None:
        return "learning"
    own = [r for r in runs if r.has_load and r.yardstick == like.yardstick]
    if measure == "hard_load_bw_s":  # what is hard is a matter of the reference too
        own = [r for r in own if r.reference == like.reference]
    return "normal" if history_days(own, day) >= learning_days else "learning"


def bridging(runs: Iterable[Run], day: date, yardstick: Yardstick) -> InstrumentChange | None:
    """Return the change to a yardstick that ``day`` lies fewer than 14 days after; None without one."""
    runs = list(runs)
    if all(r.yardstick == yardstick for r in runs):
        return None  # nothing was changed from; of most histories that is all there is to it
    known = [r for r in runs if r.has_load and r.day <= day]
    own = sorted({r.day for r in known if r.yardstick == yardstick} | {day})
    first = _stretches(own)[-1][0]
    return _change(known, yardstick, first) if day - first < BRIDGING else None


def changes(runs: Sequence[Run]) -> list[InstrumentChange]:
    """Return every change of yardstick in a history, by day."""
    runs, found = [r for r in runs if r.has_load], []
    for yardstick in dict.fromkeys(r.yardstick for r in runs):
        own = sorted({r.day for r in runs if r.yardstick == yardstick})
        found += [_change(runs, yardstick, stretch[0]) for stretch in _stretches(own)]
    return sorted((c for c in found if c is not None), key=lambda c: (c.first_day, c.instrument, c.model))


def _stretches(days: Sequence[date]) -> list[list[date]]:
    """Ascending days, cut where more than a window lies between two."""
    stretches = [[days[0]]]
    for before, after in pairwise(days):
        if after - before > REMEMBERED:
            stretches.append([])
        stretches[-1].append(after)
    return stretches


def _change(runs: Iterable[Run], yardstick: Yardstick, first: date) -> InstrumentChange | None:
    """The change that a stretch of a yardstick begins with; None where nothing else was used shortly before it."""
    others = [r for r in runs if first - REMEMBERED <= r.day < first and r.yardstick != yardstick]
    if not others:
        return None
    before = max(others, key=lambda r: (r.day, r.end_utc, r.sid)).yardstick
    return InstrumentChange(
        first_day=first.isoformat(),
        normal_from=(first + BRIDGING).isoformat(),
        instrument=yardstick.instrument,
        model=yardstick.model,
        before=before.instrument,
        before_model=before.model,
    )
