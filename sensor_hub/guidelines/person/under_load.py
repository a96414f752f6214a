"""Rest from everything for weeks heals no tendon: two weeks in an open episode without a run and without an exercise.

Only days that are known to have been rest count. Of a week or more without any record nobody knows until somebody has
said that it was rest, so such a gap is unknown and never "too little".
"""

from datetime import date, timedelta
from typing import Final, Literal

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.person.episodes import open_since
from sensor_hub.model.diary import ExerciseName
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    "under-load", "P", "pain", ("B12", "D40"), "text", (Parameter("days", 14.0, "days", 7.0, 60.0),)
)  # fmt: skip
LOADING: Final[frozenset[ExerciseName]] = frozenset(
    {
        "heel-drop", "heel-raise", "isometric-hold", "slow-heavy", "hop", "plyometrics", "run-drills", "depth-jump",
        "split-squat", "box-jump", "strength",
    }
)  # fmt: skip
ASKED_FROM_DAYS: Final = 7  # definition: a gap that long is asked about
DAY: Final = timedelta(days=1)


def under_load(case: Case) -> list[Notice]:
    """Return that nothing loads the tendon, or that nobody knows whether something does."""
    began = open_since(case.diary, case.today)
    if began is None:
        return []
    since = max(began, _last_loaded(case) + DAY)
    days = (case.today - since).days + 1
    if days < case.settings.value(INFO, "days"):
        return []
    told = _rested(case, since)
    if told == "rested":
        return [Notice(INFO.id, "resting", INFO.rows, "caution", since, {"days": float(days)})]
    return [Notice(INFO.id, "gap-unknown", INFO.rows, "unknown", since, {"days": float(days)})]


def _last_loaded(case: Case) -> date:
    today = case.today
    runs = (run.day for run in case.runs if run.day <= today)
    done = (case.day_of(e.at_utc) for e in case.diary.exercises if e.exercise in LOADING)
    return max((day for day in (*runs, *done) if day <= today), default=date.min)


def _rested(case: Case, since: date) -> Literal["rested", "unknown"]:
    """Whether every day from ``since`` to today was rest, as far as rules may take it to be."""
    unsaid = 0
    day = since
    while day <= case.today:
        marks = [span.mark for span in case.days if span.first <= day <= span.last]
        if marks and marks[-1] == "not-recorded":
            return "unknown"
        unsaid = 0 if marks or day in case.recorded else unsaid + 1
        if unsaid >= ASKED_FROM_DAYS:
            return "unknown"
        day += DAY
    return "rested"
