"""Why a plan cannot begin now, as a sentence with the mend; the plans' own reasons come from the guidelines."""

from sensor_hub.guidelines.case import Case
from sensor_hub.model.diary import StartPlan
from sensor_hub.model.guidance import Guidance

ADULT: int = 18


def why_no_plan(said: StartPlan, case: Case, guidance: Guidance) -> str | None:
    """Return the reason, or None if it can."""
    born = case.diary.profile.born
    if born is not None and _age(born.year, born.month, born.day, case) < ADULT:
        return "under 18 there are no plans and no exercises here, only what was run: ask a clinician who sees you"
    if guidance.verdict.standing == "red-flag":
        return "a sign that needs a doctor at once stands in the diary, and locks every plan: see one first"
    if said.plan != "return-to-running" and any(m.kind == "fluoroquinolone" for m in case.diary.medicines):
        return "of somebody who takes or took a fluoroquinolone no exercise plan begins: speak to the prescriber first"
    return None


def _age(year: int, month: int, day: int, case: Case) -> int:
    today = case.today
    return today.year - year - ((today.month, today.day) < (month, day))
