"""Changing to shoes with less drop: a ramp over months, never a jump; every lowering counts.

Evidence: one text's 10 to 15 % of the week first and 3 to 6 months. A trial of drops (n = 553) found no difference
over all, fewer injuries of occasional runners and more of regular ones in low drops. How the share grows between its
two ends is our choice: in a straight line.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.shoes.drop_log import USUAL_DAYS, DropRun, Lowering, Share, drop_log, lowerings, share_of
from sensor_hub.guidelines.shoes.weights import shoe_weight
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo

EVIDENCE: Final = "Malisoux et al. 2016, n = 553"
FAST_CHANGE: Final = RuleInfo(
    "drop-switch", "P", "shoes", ("B08", "D06"), "text",
    (
        Parameter("from_mm", 10.0, "mm", 4.0, 14.0, ours=False),
        Parameter("to_mm", 6.0, "mm", 0.0, 10.0, ours=False),
        Parameter("months_days", 90.0, "days", 28.0, 365.0, ours=False),
        Parameter("week_days", 7.0, "days", 1.0, 28.0, ours=False),
        Parameter("switched_share", 0.5, "of the week", 0.2, 1.0),
    ),
    EVIDENCE,
)  # fmt: skip
RAMP: Final = RuleInfo(
    "drop-ramp", "P", "shoes", ("B08", "D34"), "text",
    (
        Parameter("first_share_low", 0.10, "of the week", 0.02, 0.5, ours=False),
        Parameter("first_share_high", 0.15, "of the week", 0.02, 0.5, ours=False),
        Parameter("first_days", 14.0, "days", 0.0, 90.0),
        Parameter("least_days", 90.0, "days", 28.0, 365.0, ours=False),
        Parameter("full_days", 180.0, "days", 28.0, 730.0, ours=False),
    ),
    EVIDENCE,
)  # fmt: skip


class Allowed(NamedTuple):
    """The share of a week that may be run in the lower pair: by the slow ramp, and at most."""

    slow: float
    most: float


def allowed_share(case: Case, days: int) -> Allowed:
    """Return what the ramp allows so many days after the first run in the lower drop.

    Both ramps stay at their first share for two weeks and then rise in a straight line: the slow one to all of it
    after six months, the other after three.
    """
    flat = case.settings.value(RAMP, "first_days")

    def line(first: str, whole: str) -> float:
        start, end = case.settings.value(RAMP, first), case.settings.value(RAMP, whole)
        return min(1.0, start + (1.0 - start) * max(0.0, days - flat) / max(end - flat, 1.0))

    return Allowed(line("first_share_low", "full_days"), line("first_share_high", "least_days"))


def drop_changes(case: Case) -> list[Notice]:
    """Return what is to be said of each change to a lower drop that is not over."""
    if not case.shoes:
        return []
    log = drop_log(case)
    found = []
    for lowering in lowerings(log, case.today):
        found += _of_lowering(case, log, lowering)
    return found


def _of_lowering(case: Case, log: Sequence[DropRun], lowering: Lowering) -> list[Notice]:
    days = (case.today - lowering.first).days
    if days >= max(case.settings.value(RAMP, "full_days"), case.settings.value(RAMP, "least_days")):
        return []
    facts: dict[str, Fact] = {"drop_mm": lowering.drop_mm, "usual_mm": lowering.usual_mm, "first": lowering.first}
    if lowering.usual_mm is None:
        on = case.settings.is_on(RAMP)
        return [Notice(RAMP.id, "usual-unknown", RAMP.rows, "unknown", lowering.first, facts)] if on else []
    share = share_of(log, lowering, case.today)
    allowed = allowed_share(case, days)
    facts |= {"days": float(days), "allowed": allowed.most, "slow": allowed.slow}
    found = []
    if case.settings.is_on(FAST_CHANGE):
        found += _switched(case, log, lowering, facts)
    if case.settings.is_on(RAMP):
        found.append(_on_the_ramp(case, lowering, share, allowed, facts))
    return found


def _on_the_ramp(
    case: Case, lowering: Lowering, share: Share | None, allowed: Allowed, facts: dict[str, Fact]
) -> Notice:
    if share is None or share.at_least <= allowed.most < share.at_most:
        return Notice(RAMP.id, "share-unknown", RAMP.rows, "unknown", lowering.first, facts)
    facts = facts | {"share": share.at_least}
    if share.at_least > allowed.most:
        return Notice(RAMP.id, "above", RAMP.rows, shoe_weight(case, RAMP, "alarm"), lowering.first, facts)
    key = "quick" if share.at_least > allowed.slow else "within"
    return Notice(RAMP.id, key, RAMP.rows, "info", lowering.first, facts)


def _switched(case: Case, log: Sequence[DropRun], lowering: Lowering, facts: dict[str, Fact]) -> list[Notice]:
    """Whether the lower drop became the usual one within a week, or within three months; for as long as those last."""
    usual, from_mm = lowering.usual_mm or 0.0, case.settings.value(FAST_CHANGE, "from_mm")
    if usual < from_mm or lowering.drop_mm > case.settings.value(FAST_CHANGE, "to_mm"):
        return []
    months = case.settings.value(FAST_CHANGE, "months_days")
    if (case.today - lowering.first).days >= months:
        return []
    least = case.settings.value(FAST_CHANGE, "switched_share")
    near = [r for r in log if r.day > lowering.first - timedelta(days=USUAL_DAYS)]
    for day in sorted({r.day for r in near if r.day >= lowering.first}):
        share = share_of(near, lowering, day)
        took = (day - lowering.first).days + 1
        if share is None or share.at_least <= least or took > months:
            continue
        in_a_week = took <= case.settings.value(FAST_CHANGE, "week_days")
        key, degree = ("in-a-week", "critical") if in_a_week else ("in-months", "alarm")
        more = facts | {"took_days": float(took), "until": lowering.first + timedelta(days=months)}
        return [Notice(FAST_CHANGE.id, key, FAST_CHANGE.rows, shoe_weight(case, FAST_CHANGE, degree), day, more)]
    return []
