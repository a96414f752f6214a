"""Calf, ankle and too much at once: notes on what adds to the tendon's share. No test of them is asked for.

Evidence: the texts; a study tied little ankle movement to trouble with this tendon. The centimetres are our choice.
"""

from datetime import date, datetime, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import Parameter, RuleInfo

WEAK_CALF: Final = RuleInfo("weak-calf", "P", "profile", ("C14", "D08"), "text")
LIMITED_ANKLE: Final = RuleInfo(
    "limited-ankle", "P", "profile", ("E06",), "text", (Parameter("least_cm", 10.0, "cm", 5.0, 15.0),)
)  # fmt: skip
TIGHT_OR_TOO_MUCH: Final = RuleInfo(
    "tight-or-too-much", "P", "profile", ("C15",), "text",
    (Parameter("days", 28.0, "days", 7.0, 90.0), Parameter("alerts", 2.0, "alerts", 1.0, 20.0)),
)  # fmt: skip


def weak_calf(case: Case) -> list[Notice]:
    """Return a note where somebody said that their calf is weak."""
    if not case.diary.profile.weak_calf:
        return []
    return [Notice(WEAK_CALF.id, "strengthen", WEAK_CALF.rows, "info", case.today)]


def limited_ankle(case: Case) -> list[Notice]:
    """Return a note where the knee reached the wall from close by only."""
    reached, least = case.diary.profile.knee_to_wall_cm, case.settings.value(LIMITED_ANKLE, "least_cm")
    if reached is None or reached >= least:
        return []
    facts = {"cm": reached, "least_cm": least}
    return [Notice(LIMITED_ANKLE.id, "knee-to-wall", LIMITED_ANKLE.rows, "info", case.today, {**facts})]


def tight_or_too_much(case: Case) -> list[Notice]:
    """Return a note on an ankle said to be stiff, and one on several alerts of the load rules, in the last weeks."""
    first = case.today - timedelta(days=case.settings.value(TIGHT_OR_TOO_MUCH, "days") - 1)
    found = []
    stiff = _stiff_since(case, first)
    if stiff is not None:
        found.append(Notice(TIGHT_OR_TOO_MUCH.id, "stiff-ankle", TIGHT_OR_TOO_MUCH.rows, "info", stiff))
    crossed = _crossed_utc(case, first)
    if len(crossed) >= case.settings.value(TIGHT_OR_TOO_MUCH, "alerts"):
        facts = {"n": float(len(crossed)), "days": case.settings.value(TIGHT_OR_TOO_MUCH, "days")}
        since = case.day_of(min(crossed))
        found.append(Notice(TIGHT_OR_TOO_MUCH.id, "too-much", TIGHT_OR_TOO_MUCH.rows, "info", since, {**facts}))
    return found


def _stiff_since(case: Case, first: date) -> date | None:
    """Day of the newest word on a stiff ankle, if it says that there is one."""
    said = [s for s in case.diary.symptoms if "stiff-ankle" in s.present or "stiff-ankle" in s.absent]
    if not said or "stiff-ankle" not in said[-1].present:
        return None
    day = case.day_of(said[-1].at_utc)
    return day if first <= day <= case.today else None


def _crossed_utc(case: Case, first: date) -> list[datetime]:
    """When runs and weeks crossed a limit, once each: what several rules say of a run is one."""
    newest = {
        f.scope: f.updated_utc
        for f in case.findings
        if f.severity == "alert" and not f.withdrawn and case.day_of(f.updated_utc) >= first
    }
    return list(newest.values())
