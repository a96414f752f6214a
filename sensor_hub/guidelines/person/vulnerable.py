"""Who has more to watch: runs at weekends only, is new to running, or was hurt within a year."""

from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import n_not_recorded, week_of
from sensor_hub.guidelines.person.episodes import last_recovered, open_since
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    "vulnerable", "P", "profile", ("A09",), "text",
    (
        Parameter("new_days", 365.0, "days", 90.0, 1095.0),
        Parameter("after_injury_days", 365.0, "days", 90.0, 1095.0),
        Parameter("weekend_weeks", 4.0, "weeks", 3.0, 12.0),
    ),
)  # fmt: skip
SATURDAY: Final = 6


def vulnerable(case: Case) -> list[Notice]:
    """Return a notice for each of the three that is known to hold."""
    found = []
    if _runs_at_weekends_only(case):
        found.append(Notice(INFO.id, "weekends-only", INFO.rows, "info", case.today))
    begun, new_days = running_since(case), timedelta(days=case.settings.value(INFO, "new_days"))
    if begun is not None and case.today - begun < new_days:
        found.append(Notice(INFO.id, "new-runner", INFO.rows, "info", begun, {"running_since": begun}))
    after = timedelta(days=case.settings.value(INFO, "after_injury_days"))
    hurt = open_since(case.diary, case.today) or last_recovered(case.diary, case.today)
    if hurt is not None and case.today - hurt <= after:
        found.append(Notice(INFO.id, "after-injury", INFO.rows, "info", hurt, {"day": hurt}))
    return found


def running_since(case: Case) -> date | None:
    """Return when somebody began to run, as they said, unless runs are known from before; None if it is unknown.

    Runs known for longer than makes a beginner tell enough. Fewer tell nothing: others may not have been recorded.
    """
    today = case.today
    first = min((run.day for run in case.runs if run.day <= today), default=None)
    said = case.diary.profile.running_since
    if said is not None:
        return said if first is None else min(said, first)
    enough = timedelta(days=case.settings.value(INFO, "new_days"))
    return first if first is not None and today - first >= enough else None


def _runs_at_weekends_only(case: Case) -> bool:
    """Whether the last weeks had runs on Saturdays and Sundays only, in all of them; an unknown day may be any."""
    n_weeks = int(case.settings.value(INFO, "weekend_weeks"))
    first = case.today - timedelta(days=7 * n_weeks - 1)
    runs = case.runs_between(first, case.today)
    if n_not_recorded(case.days, case.runs, first, case.today):
        return False
    weeks = {week_of(run.day) for run in runs}
    return len(weeks) >= n_weeks and all(run.day.isoweekday() >= SATURDAY for run in runs)
