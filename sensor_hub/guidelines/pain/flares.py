"""Flares that follow whenever somebody tries to do more: progression that is too fast for this tendon.

An increase is a run above the highest of the four weeks before it, in distance, in modelled load or in the speed held
for five minutes. A flare is pain from 3, or raised above the baseline, within 48 hours after it. One flare is none: the
last two increases were each followed by one, or two increases in a row by one after the second.
"""

from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import Run
from sensor_hub.guidelines.pain.accounts import LEGS, is_of
from sensor_hub.guidelines.pain.said_days import SaidDays
from sensor_hub.guidelines.pain.table import stops
from sensor_hub.model.diary import SayPain
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="flares",
    kind="P",
    family="pain",
    rows=("B14",),
    grade="text",
    parameters=(
        Parameter("increases", 2, "increases", 2, 5),
        Parameter("within_h", 48, "h", 24, 96),
        Parameter("above", 1.05, "of the highest before", 1.0, 1.5),
        Parameter("raised_by", 1, "of 10", 0.5, 5),
        Parameter("window_days", 28, "days", 14, 60),
    ),
)
_HOLDS: Final = timedelta(days=14)  # ours: how long it is said after the last of them
_LOOKS_BACK: Final = timedelta(days=60)


def flares(case: Case, said: SaidDays) -> list[Notice]:
    """Return a notice if doing more was followed by flares."""
    if not case.settings.is_on(INFO):
        return []
    wanted = round(case.settings.value(INFO, "increases"))
    since = case.today - _LOOKS_BACK
    runs = sorted((r for r in case.runs if r.ended), key=lambda r: (r.start_utc, r.sid))
    recent = [(k, run) for k, run in enumerate(runs) if run.day >= since]
    increases = [(k, run, _flared(case, said, run)) for k, run in recent if _is_increase(case, runs[:k], run)]
    last = increases[-wanted:]
    if len(last) < wanted or not last[-1][2] or case.today - last[-1][1].day > _HOLDS:
        return []
    newest = last[-1][1]
    facts: dict[str, Fact] = {"increases": float(wanted), "last": newest.day}
    if all(flared for _, _, flared in last):
        return [Notice(INFO.id, "each-increase", INFO.rows, "caution", newest.day, facts, newest.sid)]
    if last[-1][0] - last[0][0] == wanted - 1:
        return [Notice(INFO.id, "after-increases", INFO.rows, "caution", newest.day, facts, newest.sid)]
    return []


def _is_increase(case: Case, before: list[Run], run: Run) -> bool:
    first: date = run.day - timedelta(days=case.settings.value(INFO, "window_days"))
    window = [r for r in reversed(before) if first <= r.day]
    alike = [r for r in window if r.yardstick == run.yardstick and r.reference == run.reference]
    factor = case.settings.value(INFO, "above")
    pairs = [
        (run.value("distance_m"), [r.value("distance_m") for r in window]),
        (run.value("load_eq_km"), [r.value("load_eq_km") for r in alike]),
        (run.speed_5min_mps, [r.speed_5min_mps for r in window]),
    ]
    for value, earlier in pairs:
        known = [v for v in earlier if v is not None]
        if value is not None and known and value > factor * max(known):
            return True
    return False


def _flared(case: Case, said: SaidDays, run: Run) -> bool:
    """Whether pain came within the hours after a run; what nobody said is no flare."""
    last = run.end_utc + timedelta(hours=case.settings.value(INFO, "within_h"))
    return any(_is_flare(case, said, run, p) for p in said.pains if run.end_utc < p.at_utc <= last)


def _is_flare(case: Case, said: SaidDays, run: Run, pain: SayPain) -> bool:
    if stops(pain.level, case.settings):
        return True
    by = case.settings.value(INFO, "raised_by")
    usual = [said.mornings.baseline(leg, run.start_utc) for leg in LEGS if is_of(pain, leg)]
    return any(level is not None and pain.level >= level + by for level in usual)
