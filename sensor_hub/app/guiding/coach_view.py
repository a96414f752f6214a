"""What a coach is shown of somebody: by category, as they consent to it.

Load is what a coach's grid is of, and is shown until somebody says no. What decides about running comes of pain or of a
medicine, and is told where the category it comes of was said yes to. That headroom is held back is told without a word
of why: a number in its place would say that there is room to run.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final

from sensor_hub.guidelines.person import medical_risk, medicines
from sensor_hub.model.diary import ConsentCategory
from sensor_hub.model.guidance import Verdict

OF_MEDICINE: Final = frozenset({medical_risk.FLUOROQUINOLONE.id, medicines.INFO.id})


@dataclass(frozen=True, slots=True)
class ForTheCoach:
    """load : whether what was run is shown. standing : what decides, None where it is not theirs to know."""

    load: bool = True
    standing: str | None = None


def for_the_coach(verdict: Verdict, consents: Set[ConsentCategory]) -> ForTheCoach:
    """Return what is shown of a verdict with these consents."""
    comes_of: set[ConsentCategory] = {
        "medication" if notice.rule in OF_MEDICINE else "pain" for notice in verdict.because
    } or {"pain"}
    return ForTheCoach("load" in consents, verdict.standing if comes_of & consents else None)
