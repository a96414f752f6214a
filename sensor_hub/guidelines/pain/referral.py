"""Pain that somebody should look at: for more than two weeks, severe, or too high up for this tendon's middle.

Two weeks are counted in days on which pain was said. A day on which nothing was said neither counts nor starts anew;
one that was said to be without pain starts anew, and so does a clinician's word, or the runner's that it is over. Where
the silent days would make it two weeks, that is said.
"""

from datetime import date
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.accounts import LEGS, Leg
from sensor_hub.guidelines.pain.emergency import side_of
from sensor_hub.guidelines.pain.place import above_since, tender_cm
from sensor_hub.guidelines.pain.said_days import LOOKS_BACK, SaidDays, cleared_after, recovered_since
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
    streak = _streak(said, leg)
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
        never = facts | {"could_stop": len(streak) > wanted}  # only what was a referral may be one still
        return Notice(INFO.id, "never-gone", ("A06", "A25"), "unknown", streak[-1], never)
    if len(streak) <= wanted:
        return Notice(INFO.id, "perhaps", ("A06", "A25"), "unknown", streak[0], facts)
    return Notice(INFO.id, "persists", ("A06", "A07", "C12"), "refer", streak[0], facts)


def _streak(said: SaidDays, leg: Leg) -> list[date]:
    """The days with pain since the last that was said without, or was cleared, or said to be recovered."""
    streak: list[date] = []
    for day, level in sorted(said.by_leg[leg].items()):
        end = said.ended_by_word(leg, streak[-1]) if streak else None
        if end is not None and end <= day:
            streak = []
        streak = [*streak, day] if level > 0 else []
    return [] if streak and said.ended_by_word(leg, streak[-1]) is not None else streak


def _severe(case: Case, said: SaidDays, leg: Leg) -> Notice | None:
    """Severe pain, also in an exercise."""
    least = case.settings.value(TABLE, "severe")
    since_utc = case.now_utc - LOOKS_BACK
    days = [
        (case.day_of(pain.at_utc), pain.level, pain.when == "exercise")
        for pain in case.diary.pains
        if pain.level >= least and pain.side in {leg, "both"} and pain.site != "elsewhere" and pain.at_utc >= since_utc
    ]
    days += [
        (case.day_of(done.at_utc), done.pain, True)
        for done in case.diary.exercises
        if done.pain is not None and done.pain >= least and done.side in {leg, "both"} and done.at_utc >= since_utc
    ]
    if not days:
        return None
    day, level, _ = max(days)
    if said.is_over(leg, day):
        return None
    facts: dict[str, Fact] = {"side": leg, "level": level, "last": day}
    if said.is_stale(day):
        return Notice(INFO.id, "never-gone", ("A06", "A25"), "unknown", day, facts | {"could_stop": True})
    facts["in_exercise"] = all(exercised for when, _, exercised in days if when == day)
    return Notice(INFO.id, "severe", ("A06", "A07"), "refer", day, facts)


def above(case: Case) -> dict[Leg, date]:
    """Return the sides on which it is too high up, and since when; until a clinician's word, or that it is over."""
    said = {leg: at_utc for leg in LEGS if (at_utc := above_since(case.diary, leg)) is not None}
    days = {leg: case.day_of(at_utc) for leg, at_utc in said.items()}
    return {
        leg: day
        for leg, day in days.items()
        if not cleared_after(case, day) and recovered_since(case, leg, day) is None
    }


def _above(case: Case) -> list[Notice]:
    legs = above(case)
    if not legs:
        return []
    height = max((cm for leg in legs if (cm := tender_cm(case.diary, leg)) is not None), default=None)
    facts: dict[str, Fact] = {"side": side_of(list(legs)), "cm": height, "no_exercise": True}
    return [Notice(PLACE.id, "above", PLACE.rows, "refer", max(legs.values()), facts)]
