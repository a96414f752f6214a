"""Signs that need medical care now. They pass everything, cannot be switched off, and lock every plan.

One stands until it is said to be absent, or until a clinician's word of a later day.
"""

from datetime import date
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.accounts import LEGS, Leg
from sensor_hub.guidelines.pain.said_days import cleared_after
from sensor_hub.model.diary import EMERGENCIES, PainSide, Symptom
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import RuleInfo

INFO: Final = RuleInfo(id="red-flag", kind="P", family="medical", rows=("A05", "A21", "D12"), grade="text")
ROWS: Final[dict[Symptom, tuple[str, ...]]] = {
    "sudden-severe-pain": ("A05",),
    "pop": ("A05", "D12"),
    "cannot-bear-weight": ("A05", "D12"),
    "cannot-walk": ("A05", "A06"),
    "cannot-rise-on-toes": ("D12",),
    "severe-bruising-swelling": ("D12",),
}


def red_flags(case: Case) -> list[Notice]:
    """Return one notice for each sign that stands."""
    found = []
    for symptom in EMERGENCIES:
        legs = {leg: day for leg in LEGS if (day := _since(case, symptom, leg)) is not None}
        if legs:
            since = min(legs.values())
            facts: dict[str, Fact] = {"side": side_of(list(legs)), "imaging": True}
            found.append(Notice(INFO.id, symptom, (*ROWS[symptom], "A21"), "red-flag", since, facts))
    return found


def side_of(legs: list[Leg]) -> PainSide:
    """Return what one or two legs are called."""
    return legs[0] if len(legs) == 1 else "both"


def _since(case: Case, symptom: Symptom, leg: Leg) -> date | None:
    """Return the day since when a sign stands on a side; None if it does not."""
    since: date | None = None
    for said in case.diary.symptoms:
        if said.side not in {leg, "both"}:
            continue
        if symptom in said.present:
            since = case.day_of(said.at_utc)  # said again, a clearance of before does not hold for it
        elif symptom in said.absent:
            since = None
    return None if since is None or cleared_after(case, since) else since
