"""Pain of a diary by day, as plans ask for it; what was not said is missing, not zero."""

from datetime import date, datetime

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import DAY
from sensor_hub.guidelines.pain.accounts import LEGS
from sensor_hub.guidelines.pain.said_days import cleared_since
from sensor_hub.model.diary import EMERGENCIES, PainSide, SayPain


def of_the_tendon(pain: SayPain) -> bool:
    """Whether it is not said of another place. Stiffness is held to the same levels as pain, as in the table."""
    return pain.site != "elsewhere"


def outside_exercise(case: Case) -> list[SayPain]:
    """Pain that running answers for: exercise has a gate of its own (C3)."""
    return [p for p in case.diary.pains if of_the_tendon(p) and p.when != "exercise" and p.at_utc <= case.now_utc]


def mornings(case: Case) -> dict[date, float]:
    """The worst said of each morning, pain or stiffness."""
    worst: dict[date, float] = {}
    for pain in case.diary.pains:
        if pain.when == "morning" and pain.site != "elsewhere" and pain.at_utc <= case.now_utc:
            day = case.day_of(pain.at_utc)
            worst[day] = max(worst.get(day, 0.0), pain.level)
    return worst


def worst_between(case: Case, after_utc: datetime, until_utc: datetime) -> float | None:
    """The worst pain outside exercise said of a time; None where nothing was said."""
    levels = [p.level for p in outside_exercise(case) if after_utc < p.at_utc <= until_utc]
    return max(levels, default=None)


def walking(case: Case) -> dict[date, bool]:
    """Days on which it was said whether walking hurts: True where it does, also where both was said."""
    said: dict[date, bool] = {}

    def say(at_utc: datetime, hurts: bool) -> None:
        if at_utc <= case.now_utc:
            day = case.day_of(at_utc)
            said[day] = said.get(day, False) or hurts

    for one in case.diary.symptoms:
        if "pain-walking" in one.present or "cannot-walk" in one.present:
            say(one.at_utc, True)
        elif "pain-walking" in one.absent:
            say(one.at_utc, False)
    for walk in case.diary.cross_training:
        if walk.sport == "walking" and walk.pain is not None:
            say(walk.at_utc, walk.pain > 0)
    return said


def emergencies(case: Case) -> set[date]:
    """Days on which a red flag stood on a side: from its word until it is said to be gone, or a clinician's later word.

    The day it ended on is none of them.
    """
    days: set[date] = set()
    for symptom in EMERGENCIES:
        for leg in LEGS:
            since: date | None = None
            for said in case.diary.symptoms:
                if said.at_utc > case.now_utc or said.side not in {leg, "both"}:
                    continue
                day = case.day_of(said.at_utc)
                if symptom in {*said.present, *said.absent} and since is not None:
                    days |= _days(since, min(day, cleared_since(case, since) or day))
                    since = None
                if symptom in said.present:
                    since = day
            if since is not None:
                days |= _days(since, cleared_since(case, since) or case.today + DAY)
    return days


def _days(first: date, end: date) -> set[date]:
    """The days from the first until before the end."""
    return {first + k * DAY for k in range((end - first).days)}


def concerns(side: PainSide, other: PainSide) -> bool:
    """Whether something said of one side is about another."""
    return side == other or "both" in (side, other)
