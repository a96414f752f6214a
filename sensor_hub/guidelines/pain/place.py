"""Where it hurts, which decides which exercise is right: the middle of the tendon, its insertion, or higher up.

Mid-portion needs both of what D01 names: the most tender point 2 to 6 cm above the heel bone, and a thickening there.
Pain on pulling the foot up speaks for the insertion; with it a tender middle is left open. Whatever is open is treated
as the insertion is, on the flat (C5). Above 6 cm it is not this tendon's middle, and somebody should look at it.
"""

from bisect import bisect_right
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal, TypeAlias

from sensor_hub.guidelines.diary import Diary
from sensor_hub.guidelines.pain.accounts import LEGS, Leg
from sensor_hub.model.diary import PainSide, PainSite, SaySymptoms, Symptom
from sensor_hub.model.rule import Parameter, RuleInfo, RuleSettings

Place: TypeAlias = Literal["mid-portion", "insertional", "above", "unknown"]

INFO: Final = RuleInfo(
    id="place",
    kind="P",
    family="pain",
    rows=("D01", "A29"),
    grade="text",
    parameters=(
        Parameter("mid_from_cm", 2.0, "cm", 1.0, 3.0, ours=False),
        Parameter("mid_to_cm", 6.0, "cm", 5.0, 8.0, ours=False),
    ),
)


def kind_of_trouble(diary: Diary, side: PainSide = "both") -> Place:
    """Return where it hurts by the newest words on it; of two sides the one that allows less."""
    legs = [leg for leg in LEGS if side in {leg, "both"}]
    places = [place for leg in legs if (place := _of_leg(diary, leg)) is not None]
    for place in ("above", "insertional", "unknown"):
        if place in places:
            return place
    return "mid-portion" if places else "unknown"


class Places:
    """Where it hurt by the words of a time, for exercises that were done then.

    What is known now to be the middle was so before; and what was known to be the middle then was treated rightly,
    also where the thickening has gone since.
    """

    def __init__(self, diary: Diary, side: PainSide) -> None:
        self._diary, self._side = diary, side
        self.now: Final = kind_of_trouble(diary, side)
        self._then: dict[tuple[int, int], Place] = {}

    def of(self, at_utc: datetime) -> Place:
        """Return the place that an exercise of a moment is judged by."""
        if self.now == "mid-portion":
            return self.now
        n_pains = bisect_right(self._diary.pains, at_utc, key=lambda p: p.at_utc)
        n_symptoms = bisect_right(self._diary.symptoms, at_utc, key=lambda s: s.at_utc)
        known = self._then.get((n_pains, n_symptoms))
        if known is None:
            then = replace(self._diary, pains=self._diary.pains[:n_pains], symptoms=self._diary.symptoms[:n_symptoms])
            known = self._then[n_pains, n_symptoms] = kind_of_trouble(then, self._side)
        return known


def tender_cm(diary: Diary, leg: Leg) -> float | None:
    """Return how far above the heel bone the most tender point lies, as it was said last; None if unsaid or gone."""
    said = _tender(diary, leg)
    return said[-1].tender_cm if said else None


def _tender(diary: Diary, leg: Leg) -> list[SaySymptoms]:
    """The words on the tender point of a side since it was last said that nothing is tender, by time."""
    found: list[SaySymptoms] = []
    for said in diary.symptoms:
        if said.side in {leg, "both"} and "tenderness" in said.absent:
            found = []
        elif said.side in {leg, "both"} and said.tender_cm is not None:
            found.append(said)
    return found


def above_since(diary: Diary, leg: Leg) -> datetime | None:
    """Return when it was last said that it is higher than the middle of this tendon; None where that is not so."""
    if _of_leg(diary, leg) != "above":
        return None
    said = [p.at_utc for p in diary.pains if p.site == "above" and p.side in {leg, "both"} and p.level > 0]
    return max([*said, *(s.at_utc for s in _tender(diary, leg))])


def is_present(diary: Diary, symptom: Symptom, leg: Leg) -> bool | None:
    """Whether a symptom is there, by the newest word on it; None if nobody said."""
    for said in reversed(diary.symptoms):
        if said.side not in {leg, "both"}:
            continue
        if symptom in said.present:
            return True
        if symptom in said.absent:
            return False
    return None


def _of_leg(diary: Diary, leg: Leg) -> Place | None:
    """The place on one side; None where nothing was said of it."""
    site = _site(diary, leg)
    if site is None:
        return None
    if site == "mid-portion":
        is_sure = is_present(diary, "thickening", leg) is True
        return "mid-portion" if is_sure and is_present(diary, "pain-pulling-foot-up", leg) is not True else "unknown"
    return {"insertion": "insertional", "above": "above"}.get(site, "unknown")  # type: ignore[return-value]


def _site(diary: Diary, leg: Leg) -> PainSite | None:
    """The newest word on the site: said as such, or as the height of the tender point."""
    said = [
        (p.at_utc, p.site)
        for p in diary.pains
        if p.side in {leg, "both"} and p.site not in {"unknown", "elsewhere"} and (p.level > 0 or p.site != "above")
    ]
    said += [(s.at_utc, _site_of(s.tender_cm, diary.settings)) for s in _tender(diary, leg) if s.tender_cm is not None]
    return max(said, key=lambda one: one[0])[1] if said else None


def _site_of(height_cm: float, settings: RuleSettings) -> PainSite:
    if height_cm > settings.value(INFO, "mid_to_cm"):
        return "above"
    return "insertion" if height_cm < settings.value(INFO, "mid_from_cm") else "mid-portion"
