"""What a rest leaves of the tolerance that earlier runs have built (text row D49).

Only rest that is known counts: a gap that nobody has answered for lowers nothing and raises nothing. From the eighth
day of a rest on, what was run before it counts for less, by half every four weeks. Both numbers are ours: the texts say
that tolerance goes faster than fitness, and no number.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from sensor_hub.guidelines.history import DAY, Run
from sensor_hub.guidelines.past import Idle, Past
from sensor_hub.model.rule import Parameter, RuleInfo

RULE: Final = "return-after-break"
LONGEST_BREAK_DAYS: Final = 56  # ours: what was run before a longer one is no measure of what may be run after it
INFO: Final = RuleInfo(
    id=RULE,
    kind="S",
    family="exposure",
    rows=("B13", "D07", "D49"),
    grade="text",
    parameters=(
        Parameter("break_days", 14, "d", 7, 28, ours=False),
        Parameter("watch_days", 28, "d", 14, 28, ours=False),
        Parameter("near", 0.8, "of the week before", 0.5, 1.0),
        Parameter("reduced", 0.5, "of the weeks before", 0.3, 0.7, ours=False),
        Parameter("grace_days", 7, "d", 7, 28),
        Parameter("half_life_days", 28, "d", 7, 112),
        Parameter("factor", 1.10, "", 1.0, 1.5, ours=False),
    ),
)


def rests(past: Past, day: date, n_days: int) -> list[Idle]:
    """Return the known rests that count less on ``day`` for runs of the ``n_days`` before it."""
    grace = past.settings.value(INFO, "grace_days")
    going_on = past.idle_until(day)
    found = [idle for idle in past.idles if day - n_days * DAY < idle.first and idle.last < day - DAY]
    found += [] if going_on is None else [going_on]
    return [i for i in found if i.state == "rested" and grace < i.n_days <= LONGEST_BREAK_DAYS]


def left_after(past: Past, run_day: date, known_rests: Sequence[Idle]) -> float:
    """Return which part of what was run on a day still counts after rests, 0 to 1."""
    grace, half_life = (past.settings.value(INFO, name) for name in ("grace_days", "half_life_days"))
    beyond = sum(idle.n_days - grace for idle in known_rests if idle.first > run_day)
    return float(0.5 ** (beyond / half_life))


def as_tolerated(past: Past, runs: Sequence[Run], day: date, n_days: int) -> Sequence[Run]:
    """Return runs with what still counts of each on ``day``; the very same ones where there was no rest."""
    known = rests(past, day, n_days) if past.settings.is_on(INFO) else []
    if not known:
        return runs
    return [_scaled(run, left_after(past, run.day, known)) for run in runs]


def _scaled(run: Run, part: float) -> Run:
    def of(value: float | None) -> float | None:
        return None if value is None else value * part

    if part == 1.0:
        return run
    return replace(
        run,
        distance_m=of(run.distance_m),
        load_eq_km=of(run.load_eq_km),
        load_eq_km_sd=run.load_eq_km_sd * part,
        load_bw_s=of(run.load_bw_s),
        hard_load_bw_s=of(run.hard_load_bw_s),
        hard_load_sd=run.hard_load_sd * part,
    )
