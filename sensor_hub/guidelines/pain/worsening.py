"""Pain that rises from run to run although there is less and less to answer to.

A rise counts when the run before was said of too, and its load was higher; loads are compared where they were measured
alike, else distances. A run of which no pain or no load is known neither counts nor starts anew.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import Run
from sensor_hub.guidelines.pain.accounts import LEGS, Account, Leg
from sensor_hub.guidelines.pain.said_days import SaidDays
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="worsening",
    kind="P",
    family="medical",
    rows=("A07", "C12", "D17"),
    grade="text",
    parameters=(Parameter("rises", 2, "rises", 1, 6),),
)


def worsening(case: Case, said: SaidDays, answered: Sequence[Sequence[Account]]) -> list[Notice]:
    """Return a notice for each side whose pain rose often enough while the load fell."""
    if not case.settings.is_on(INFO):
        return []
    return [notice for leg in LEGS if (notice := _of_leg(case, said, answered, leg)) is not None]


def _of_leg(case: Case, said: SaidDays, answered: Sequence[Sequence[Account]], leg: Leg) -> Notice | None:
    known = [
        (account, level)
        for sides in answered
        for account in sides
        if account.leg in {leg, None} and (level := _pain(account)) is not None and _is_measured(account.run)
    ]
    rises = 0
    for (before, low), (account, high) in pairwise(known):
        lighter = _is_lighter(account.run, before.run)
        if lighter is None and high > low:
            continue
        rises = rises + 1 if high > low and lighter else 0
    if not known or rises < case.settings.value(INFO, "rises"):
        return None
    newest, level = known[-1]
    day = newest.run.day
    if said.is_over(leg, day):
        return None
    facts: dict[str, Fact] = {"side": leg, "rises": float(rises), "level": level, "last": day}
    if said.is_stale(day):
        facts["could_stop"] = True
        return Notice(INFO.id, "never-gone", ("D17", "A25"), "unknown", day, facts, newest.run.sid)
    return Notice(INFO.id, "worsening", INFO.rows, "refer", day, facts, newest.run.sid)


def _pain(account: Account) -> float | None:
    """The worst during and after the run; None if neither was said."""
    levels = [level for level in (account.answers.during, account.answers.after) if level is not None]
    return max(levels, default=None)


def _is_measured(run: Run) -> bool:
    return run.value("load_eq_km") is not None or run.value("distance_m") is not None


def _is_lighter(run: Run, before: Run) -> bool | None:
    """Whether a run was less than the one before it; None if that is not known."""
    if run.yardstick == before.yardstick and run.reference == before.reference:
        load, earlier = run.value("load_eq_km"), before.value("load_eq_km")
        if load is not None and earlier is not None and not (run.lower_bound or before.lower_bound):
            return load < earlier
    distance, earlier_m = run.value("distance_m"), before.value("distance_m")
    return None if distance is None or earlier_m is None else distance < earlier_m
