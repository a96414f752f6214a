"""What goes round a run for comfort: warmth, moving, ice, rolling, and stretching only where nothing speaks against it.

Stretching is no treatment (C1): it may prevent, free of pain, and never with the foot pulled up where the insertion
hurts. What somebody feels and where must be known for it; otherwise it is not offered.
"""

from datetime import timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.place import kind_of_trouble
from sensor_hub.guidelines.plans.levels import of_the_tendon
from sensor_hub.model.diary import SayExercise
from sensor_hub.model.guidance import Notice, PlannedItem
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="round-a-run",
    kind="P",
    family="plan",
    rows=("A13", "C04", "C06", "D37", "D39", "E11"),
    grade="text",
    parameters=(
        Parameter("pain_days", 3.0, "d", 1.0, 14.0),
        Parameter("told_days", 14.0, "d", 1.0, 90.0),
    ),
)


def around_a_run(case: Case, *, runs: bool = True) -> list[PlannedItem]:
    """Return what goes before and after a run, in its order: warmth first, then moving (C04); ice last (D37)."""
    if not case.settings.is_on(INFO):
        return []
    shut = why_no_stretch(case)
    stretch = [PlannedItem("stretch", ("A13", "E11"))] if shut is None else []
    no_stretch = [] if shut is None else [PlannedItem("no-stretch", ("D39",), {"because": shut})]
    if not runs:
        return [PlannedItem("heat", ("C04",)), PlannedItem("mobility", ("C04",)), *stretch, *no_stretch]
    before = [PlannedItem("heat", ("C04", "D37")), PlannedItem("mobility", ("C04",)), PlannedItem("warm-up", ("A13",))]
    return [*before, *stretch, *no_stretch, PlannedItem("foam-roll", ("C06",)), PlannedItem("ice", ("D37",))]


def why_no_stretch(case: Case) -> str | None:
    """Return why stretching is not offered: "insertion", "pain", "place-unknown", "pain-unknown"; None where it is."""
    place = kind_of_trouble(case.diary)
    if place in {"insertional", "above"}:
        return "insertion"
    first = case.now_utc - timedelta(days=case.settings.value(INFO, "pain_days"))
    recent = [p for p in case.diary.pains if of_the_tendon(p) and first <= p.at_utc <= case.now_utc]
    if any(p.level > 0 for p in recent) or _pulling_up_hurts(case):
        return "pain"
    if not recent:
        return "pain-unknown"
    in_trouble = any(e.state == "began" for e in case.diary.episodes[-1:]) or bool(case.diary.plan_changes)
    return "place-unknown" if place == "unknown" and in_trouble else None


def _pulling_up_hurts(case: Case) -> bool:
    for said in reversed(case.diary.symptoms):
        if "pain-pulling-foot-up" in said.present:
            return True
        if "pain-pulling-foot-up" in said.absent:
            return False
    return False


def stretch_notices(case: Case) -> list[Notice]:
    """Say of stretches of the last days that hurt, or that pulled the foot up at a painful insertion."""
    if not case.settings.is_on(INFO):
        return []
    first = case.today - timedelta(days=int(case.settings.value(INFO, "told_days")) - 1)
    done = [e for e in case.diary.exercises if e.exercise == "calf-stretch" and case.day_of(e.at_utc) >= first]
    done = [e for e in done if e.at_utc <= case.now_utc]
    found = []
    for key, those in (
        ("stretch-into-pain", [e for e in done if e.pain]),
        ("stretch-insertion", _at_insertion(case, done)),
    ):
        if those:
            found.append(Notice(INFO.id, key, ("D39",), "caution", case.day_of(those[-1].at_utc), {"n": len(those)}))
    return found


def _at_insertion(case: Case, done: list[SayExercise]) -> list[SayExercise]:
    return done if kind_of_trouble(case.diary) == "insertional" else []
