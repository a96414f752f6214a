"""What somebody notices and is no emergency: kept in sight until it is said to be gone."""

from datetime import timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.accounts import LEGS
from sensor_hub.guidelines.pain.emergency import side_of
from sensor_hub.guidelines.pain.place import is_present, tender_cm
from sensor_hub.guidelines.pain.said_days import SaidDays
from sensor_hub.model.diary import Symptom
from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="symptom",
    kind="P",
    family="pain",
    rows=("A19", "A20", "A28", "A29", "E15", "E17"),
    grade="text",
    parameters=(Parameter("holds_days", 14, "days", 1, 60),),
)
ROWS: Final[dict[Symptom, tuple[str, ...]]] = {
    "swelling": ("A28", "E17"),
    "thickening": ("A28", "D01"),
    "redness": ("E17",),
    "tenderness": ("A29",),
    "weak-push-off": ("A20",),
    "pain-pulling-foot-up": ("D01",),
    "stiff-ankle": ("E06",),
    "pain-when-jumping": ("E15",),
    "pain-walking": ("D56",),
}
"""Sitting is a pattern (``patterns``), and what needs care now stands in ``emergency``."""


def symptoms(case: Case, said: SaidDays) -> list[Notice]:
    """Return a notice for each symptom that is there, and for pain in the morning or after running."""
    if not case.settings.is_on(INFO):
        return []
    found = []
    for symptom, rows in ROWS.items():
        legs = [leg for leg in LEGS if is_present(case.diary, symptom, leg)]
        if legs:
            last = [s for s in case.diary.symptoms if symptom in s.present][-1]
            heights = [cm for leg in legs if (cm := tender_cm(case.diary, leg)) is not None]
            height = max(heights, default=None) if symptom == "tenderness" else None
            facts: dict[str, Fact] = {"side": side_of(legs), "cm": height}
            found.append(Notice(INFO.id, symptom, rows, "info", case.day_of(last.at_utc), facts))
    return found + _heel_or_calf(case, said)


def _heel_or_calf(case: Case, said: SaidDays) -> list[Notice]:
    """Pain or stiffness that is worst in the morning or after a run."""
    since = case.today - timedelta(days=case.settings.value(INFO, "holds_days"))
    recent = [p for p in said.pains if p.level > 0 and case.day_of(p.at_utc) >= since]
    times = {"morning": "morning", "after": "after", "evening": "after"}
    keys = {times[p.when] for p in recent if p.when in times}
    if not keys:
        return []
    last = [p for p in recent if p.when in times][-1]
    legs = [leg for leg in LEGS if any(p.side in {leg, "both"} for p in recent if p.when in times)]
    facts: dict[str, Fact] = {"side": side_of(legs), "level": max(p.level for p in recent if p.when in times)}
    key = "morning-and-after" if len(keys) == 2 else f"{keys.pop()}-pain"
    return [Notice(INFO.id, key, ("A19",), "info", case.day_of(last.at_utc), facts)]
