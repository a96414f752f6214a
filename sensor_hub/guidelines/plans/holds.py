"""On which days of the past a stop or a referral stood: on them no stage is left, also when they are over.

What stands now is known from the notices. What stood then is worked out from the same words and by the same ends, so
that weeks in which nobody might run do not count as weeks in which running went well.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import DAY
from sensor_hub.guidelines.pain.accounts import LEGS, Leg
from sensor_hub.guidelines.pain.referral import INFO as REFERRAL
from sensor_hub.guidelines.pain.said_days import SaidDays, cleared_since
from sensor_hub.guidelines.pain.table import INFO as TABLE
from sensor_hub.guidelines.pain.table import is_severe, stops
from sensor_hub.guidelines.person.medical_risk import FLUOROQUINOLONE


def held_days(case: Case) -> frozenset[date]:
    """Return the days on which pain, or a medicine, left no running."""
    said = SaidDays.of(case)
    held: set[date] = set()
    for leg in LEGS:
        if case.settings.is_on(TABLE):
            held |= _stopped(case, said, leg)
        if case.settings.is_on(REFERRAL):
            held |= _lasting(case, said, leg)
    return frozenset(held | _medicine(case) if case.settings.is_on(FLUOROQUINOLONE) else held)


def _days(first: date, end: date | None, today: date) -> Iterable[date]:
    """The days from the first until before the end, or until today."""
    last = today if end is None else min(end - DAY, today)
    return (first + k * DAY for k in range((last - first).days + 1))


def _stopped(case: Case, said: SaidDays, leg: Leg) -> set[date]:
    """From pain that ends running until it was back to usual, or a clinician's word."""
    held: set[date] = set()
    for first, last, level in _spells(said.by_leg[leg], case):
        ends = [said.well_since(leg, last, said.usual_on(leg, last)), cleared_since(case, last)]
        held |= {*_days(first, min((end for end in ends if end is not None), default=None), case.today)}
        if is_severe(level, case.settings) and case.settings.is_on(REFERRAL):
            held |= {*_days(first, said.over_since(leg, last), case.today)}
    return held


def _spells(levels: Mapping[date, float], case: Case) -> list[tuple[date, date, float]]:
    """First day, last day and level of each stretch of said days that end running, without one between that does not.

    With a severe one the stretch ends, for that ends by other words.
    """
    found: list[tuple[date, date, float]] = []
    goes_on = False
    for day, level in sorted(levels.items()):
        if not stops(level, case.settings):
            goes_on = False
            continue
        found.append((found.pop()[0] if goes_on else day, day, level))
        goes_on = not is_severe(level, case.settings)
    return found


def _lasting(case: Case, said: SaidDays, leg: Leg) -> set[date]:
    """From pain of more than two weeks until a day without, or a word that ends it."""
    held: set[date] = set()
    streak: list[date] = []
    wanted = case.settings.value(REFERRAL, "days")
    for day, level in sorted(said.by_leg[leg].items()):
        end = said.ended_by_word(leg, streak[-1]) if streak else None
        if end is not None and end <= day:
            streak = []
        streak = [*streak, day] if level > 0 else []
        if len(streak) > wanted:
            held |= {*_days(streak[-1], said.next_word(leg, day), case.today)}
    return held


def _medicine(case: Case) -> set[date]:
    """From the first day of a fluoroquinolone until a physician's word on its last day or later."""
    held: set[date] = set()
    for taken in case.diary.medicines:
        if taken.kind == "fluoroquinolone" and taken.first <= case.today:
            last = taken.last or taken.first
            words = [c.day for c in case.diary.clearances if c.role == "physician" and last <= c.day <= case.today]
            held |= {*_days(taken.first, min(words, default=None), case.today)}
    return held
