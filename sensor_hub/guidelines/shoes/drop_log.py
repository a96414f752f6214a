"""Which heel-to-toe drop was run in, how far and when: what the rules of changing shoes look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from sensor_hub.guidelines.case import Case

WEEK_DAYS: Final = 7
USUAL_DAYS: Final = 28
BEFORE_DAYS: Final = 90  # ours: what was usual before a lower pair; as long without it and it begins anew


@dataclass(frozen=True, slots=True)
class DropRun:
    """A run, its distance and the drop of its pair; None is unknown. before : the pair had been worn elsewhere."""

    day: date
    distance_m: float | None
    drop_mm: float | None
    before: bool = False


@dataclass(frozen=True, slots=True)
class Lowering:
    """A change to a lower drop. first : day of the first run in it. usual_mm : half of the way before was run in less.

    usual_mm None : nobody knows what was usual before.
    """

    drop_mm: float
    first: date
    usual_mm: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a week's distance that was run in a drop or lower: at least, and at most where some runs are unknown."""

    at_least: float
    at_most: float


def drop_log(case: Case) -> list[DropRun]:
    """Return every run up to today, by day."""
    shoes = {shoe.id: shoe for shoe in case.shoes}
    worn = {sid: shoes.get(shoe) for sid, shoe in case.worn}
    found, today = [], case.today
    for run in case.runs:
        pair = worn.get(run.sid)
        drop, had = (None, False) if pair is None else (pair.drop_mm, pair.start_distance_m > 0)
        if run.day <= today:
            found.append(DropRun(run.day, run.distance_m, drop, had))
    return found


def lowerings(log: Sequence[DropRun], today: date) -> list[Lowering]:
    """Return the changes to a lower drop that are still fresh, the lowest first.

    Each drop that was run in during the last weeks begins where it, or a lower one, was first worn after a pause.
    What was usual is then the drop that half of the distance of the months before was run in.
    """
    recent = {r.drop_mm for r in log if r.drop_mm is not None and (today - r.day).days < USUAL_DAYS}
    found = []
    for drop in sorted(recent):
        own = [r for r in log if r.drop_mm is not None and r.drop_mm <= drop]
        first = own[0].day
        for before, after in pairwise(own):
            if (after.day - before.day).days > BEFORE_DAYS:
                first = after.day
        earlier = [r for r in log if timedelta() < first - r.day <= timedelta(days=BEFORE_DAYS)]
        if not earlier or any(r.before for r in own if r.day == first):
            continue
        usual = _usual_mm(earlier)
        if usual is None or usual > drop:
            found.append(Lowering(drop, first, usual))
    return found


def _usual_mm(log: Sequence[DropRun]) -> float | None:
    """The drop of the middle of all metres; None where those in a known drop are not the most of them."""
    known = sorted((r.drop_mm, r.distance_m) for r in log if r.drop_mm is not None and r.distance_m is not None)
    total = sum(metres for _, metres in known)
    others = sum(r.distance_m or 0.0 for r in log if r.drop_mm is None)
    if total <= others:
        return None
    so_far = 0.0
    for drop, metres in known:
        so_far += metres
        if so_far >= total / 2:
            return drop
    return None


def share_of(log: Sequence[DropRun], lowering: Lowering, day: date) -> Share | None:
    """Part of the last seven days' distance in a drop or lower, as part of a whole week.

    A week is the last seven days, or the mean of the last four where that is more: the first run of a week is not all
    of it. None where nothing was run, or where of a run nobody knows how far it went.
    """
    window = [r for r in log if 0 <= (day - r.day).days < WEEK_DAYS]
    month = [r for r in log if 0 <= (day - r.day).days < USUAL_DAYS]
    if any(r.distance_m is None for r in window):
        return None
    low = sum(r.distance_m or 0.0 for r in window if r.drop_mm is not None and r.drop_mm <= lowering.drop_mm)
    unsure = sum(r.distance_m or 0.0 for r in window if r.drop_mm is None)
    total = sum(r.distance_m or 0.0 for r in window)
    week = max(total, sum(r.distance_m or 0.0 for r in month) * WEEK_DAYS / USUAL_DAYS)
    return None if week <= 0 else Share(low / week, (low + unsure) / week)
