"""Pain of a diary by day, as plans ask for it; what was not said is missing, not zero."""

from datetime import date, datetime, timedelta
from statistics import median

from sensor_hub.guidelines.case import Case
from sensor_hub.model.diary import EMERGENCIES, PainSide, SayPain, SaySymptoms, Symptom


def of_the_tendon(pain: SayPain) -> bool:
    """Whether it is pain, not stiffness, and not said of another place."""
    return pain.quality == "pain" and pain.site != "elsewhere"


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


def usual_before(case: Case, day: date, n: int = 7) -> float | None:
    """Median of the last mornings before a day, of those without a run the day before; None without one."""
    ran = {run.day for run in case.runs}
    known = sorted((d, level) for d, level in mornings(case).items() if d < day and d - timedelta(days=1) not in ran)
    return median(level for _, level in known[-n:]) if known else None


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
    """Days on which a red flag stood: from its word until it is said to be gone, or a clinician's later word."""
    days: set[date] = set()
    for said in case.diary.symptoms:
        for symptom in set(said.present) & set(EMERGENCIES):
            first = case.day_of(said.at_utc)
            last = min([case.today, *_ends(case, said, symptom)])
            days |= {first + timedelta(days=k) for k in range((last - first).days + 1)}
    return days


def _ends(case: Case, said: SaySymptoms, symptom: Symptom) -> list[date]:
    """Last days of a red flag: the day before it is said to be gone on that side, or a clinician's word is given."""
    first = case.day_of(said.at_utc)
    later = [s for s in case.diary.symptoms if s.at_utc > said.at_utc and symptom in s.absent]
    gone = [case.day_of(s.at_utc) for s in later if s.side in (said.side, "both")]
    return [day - timedelta(days=1) for day in [*gone, *(c.day for c in case.diary.clearances if c.day > first)]]


def concerns(side: PainSide, other: PainSide) -> bool:
    """Whether something said of one side is about another."""
    return side == other or "both" in (side, other)
