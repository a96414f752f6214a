"""Whether the leg that hurts carries less than it did: it may be spared, and that is no good news.

Only of runs with a sensor on each foot: one pod measures one leg, and of the other nothing is found. Shares are
compared within one instrument, whose two pods differ by the same amount before and after.
"""

from datetime import timedelta
from statistics import median
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.accounts import LEGS, Leg, is_of
from sensor_hub.guidelines.pain.said_days import SaidDays
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="favouring",
    kind="P",
    family="pain",
    rows=(),
    grade="ours",
    parameters=(
        Parameter("falls_by", 0.02, "of the load of both legs", 0.005, 0.2),
        Parameter("newest_runs", 3, "runs", 1, 10),
        Parameter("runs_before", 5, "runs", 3, 30),
        Parameter("window_days", 60, "days", 14, 120),
        Parameter("pain_days", 14, "days", 1, 60),
    ),
)


def favouring(case: Case, said: SaidDays) -> list[Notice]:
    """Return a notice if the share of the one leg that hurts has fallen."""
    leg = _hurting(case, said)
    if leg is None or not case.settings.is_on(INFO):
        return []
    value = case.settings.value
    runs = [r for r in case.runs_of_last(round(value(INFO, "window_days"))) if r.ended and r.left_share is not None]
    runs = [r for r in runs if r.yardstick == runs[-1].yardstick]
    n_new, n_before = round(value(INFO, "newest_runs")), round(value(INFO, "runs_before"))
    shares = [share if leg == "L" else 1 - share for r in runs if (share := r.left_share) is not None]
    if len(shares) < n_new + n_before:
        return []
    now, before = median(shares[-n_new:]), median(shares[:-n_new])
    if before - now < value(INFO, "falls_by"):
        return []
    facts: dict[str, Fact] = {"side": leg, "share": now, "before": before, "n": float(n_new)}
    return [Notice(INFO.id, "spared", INFO.rows, "info", runs[-1].day, facts, runs[-1].sid)]


def _hurting(case: Case, said: SaidDays) -> Leg | None:
    """The one leg that hurt lately; None where neither or both did."""
    since = case.today - timedelta(days=case.settings.value(INFO, "pain_days") - 1)
    recent = [p for p in said.pains if p.level > 0 and case.day_of(p.at_utc) >= since]
    legs = [leg for leg in LEGS if any(is_of(pain, leg) for pain in recent)]
    return legs[0] if len(legs) == 1 else None
