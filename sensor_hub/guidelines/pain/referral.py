"""Pain that somebody should look at: for more than two weeks, severe, or too high up for this tendon's middle.

Two weeks are counted in days on which pain was said. A day on which nothing was said neither counts nor starts anew;
one that was said to be without pain starts anew, and so does a clinician's word. Where the silent days would make it
two weeks, that is said.
"""

from datetime import date
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.accounts import LEGS, Leg
from sensor_hub.guidelines.pain.emergency import side_of
from sensor_hub.guidelines.pain.place import kind_of_trouble, tender_cm
from sensor_hub.guidelines.pain.said_days import SaidDays, cleared_after
from sensor_hub.guidelines.pain.table import INFO as TABLE
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="pain-refer",
    kind="P",
    family="medical",
    rows=("A06", "A07", "C12"),
    grade="text",
    parameters=(Parameter("days", 14, "days", 3, 28, ours=False),),
)
PLACE: Final = RuleInfo(id="place-above", kind="P", family="medical", rows=("D01", "A29"), grade="ours")
INFOS: Final = (INFO, PLACE)


def referrals(case: Case, said: SaidDays) -> list[Notice]:
    """Return what should be looked at."""
    found = []
    if case.settings.is_on(INFO):
        found += [notice for leg in LEGS for notice in (_persists(case, said, leg), _severe(case, said, leg)) if notice]
    if case.settings.is_on(PLACE):
        found += _above(case)
    return found


def _persists(case: Case, said: SaidDays, leg: Leg) -> Notice | None:
    streak = _streak(case, said, leg)
    wanted = case.settings.value(INFO, "days")
    if not streak:
        return None
    span = (streak[-1] - streak[0]).days + 1
    facts: dict[str, Fact] = {
        "side": leg,
        "days": float(len(streak)),
        "span": float(span),
        "limit": wanted,
        "last": streak[-1],
    }
    if span <= wanted:
        return None
    if said.is_stale(streak[-1]):
        return Notice(INFO.id, "never-gone", ("A06", "A25"), "unknown", streak[-1], facts)
    if len(streak) <= wanted:
        return Notice(INFO.id, "perhaps", ("A06", "A25"), "unknown", streak[0], facts)
    return Notice(INFO.id, "persists", ("A06", "A07", "C12"), "refer", streak[0], facts)


def _streak(case: Case, said: SaidDays, leg: Leg) -> list[date]:
    """The days with pain since the last that was said without, or was cleared."""
    streak: list[date] = []
    for day, level in sorted(said.by_leg[leg].items()):
        if streak and any(streak[-1] < c.day <= day for c in case.diary.clearances):
            streak = []
        streak = [*streak, day] if level > 0 else []
    return [] if streak and cleared_after(case, streak[-1]) else streak


def _severe(case: Case, said: SaidDays, leg: Leg) -> Notice | None:
    """Severe pain, also in an exercise."""
    least = case.settings.value(TABLE, "severe")
    days = [
        (case.day_of(pain.at_utc), pain.level)
        for pain in case.diary.pains
        if pain.level >= least and pain.side in {leg, "both"} and pain.site != "elsewhere"
    ]
    days += [
        (case.day_of(done.at_utc), done.pain)
        for done in case.diary.exercises
        if done.pain is not None and done.pain >= least and done.side in {leg, "both"}
    ]
    if not days:
        return None
    day, level = max(days)
    if said.is_over(leg, day):
        return None
    facts: dict[str, Fact] = {"side": leg, "level": level, "last": day}
    if said.is_stale(day):
        return Notice(INFO.id, "never-gone", ("A06", "A25"), "unknown", day, facts)
    return Notice(INFO.id, "severe", ("A06", "A07"), "refer", day, facts)


def _above(case: Case) -> list[Notice]:
    legs = [leg for leg in LEGS if kind_of_trouble(case.diary, leg) == "above"]
    if not legs:
        return []
    days = [case.day_of(p.at_utc) for p in case.diary.pains if p.site == "above" and p.side in {*legs, "both"}]
    days += [
        case.day_of(s.at_utc) for s in case.diary.symptoms if s.tender_cm is not None and s.side in {*legs, "both"}
    ]
    since = max(days)
    if cleared_after(case, since):
        return []
    height = max((cm for leg in legs if (cm := tender_cm(case.diary, leg)) is not None), default=None)
    facts: dict[str, Fact] = {"side": side_of(legs), "cm": height, "no_exercise": True}
    return [Notice(PLACE.id, "above", PLACE.rows, "refer", since, facts)]
