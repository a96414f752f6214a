"""Verdicts for screens that ask often: believed for a while, as long as no diary says anything new."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sensor_hub.app.guiding.cases import Cases
from sensor_hub.app.guiding.coach_view import ForTheCoach, for_the_coach
from sensor_hub.app.guiding.diaries import Diaries
from sensor_hub.guidelines.guidance import guide
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.guidance import Verdict

HELD_S: Final = 5.0  # ours: what time alone changes is seen so late


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of somebody; verdict : None of whose diary is empty, as nothing is held then."""

    version: tuple[int, int]
    asked_s: float
    verdict: Verdict | None
    for_the_coach: ForTheCoach


class Decisions:
    """Safe from any thread: the worst is that two ask at once."""

    def __init__(self, cases: Cases, diaries: Diaries) -> None:
        self._cases, self._diaries = cases, diaries
        self._held: dict[str, Decided] = {}

    def of(self, athlete: Athlete, now_utc: datetime) -> Decided:
        """Return what is decided of somebody at a moment; StoreError or RegistryError if it cannot be read."""
        version = self._diaries.version()
        held = self._held.get(athlete.id)
        if held is not None and held.version == version and time.monotonic() - held.asked_s < HELD_S:
            return held
        asked_s, found, shown = time.monotonic(), None, ForTheCoach()
        if self._diaries.standing(athlete.id):
            case = self._cases.case(athlete, now_utc)
            found = guide(case).verdict
            shown = for_the_coach(found, case.diary.consents)
        decided = Decided(version, asked_s, found, shown)
        self._held[athlete.id] = decided
        return decided

    def forget(self, athlete: str) -> None:
        """Let go of what is held of somebody."""
        self._held.pop(athlete, None)
