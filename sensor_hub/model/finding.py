"""What a guideline has to say about a session or a week."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sensor_hub.model.load import Measure

FindingMeasure: TypeAlias = (
    Measure
    | Literal[
        "speed_mps",  # mean of the week
        "n_runs",
        "uphill_s",  # time on 3 % and more
        "climb_m_per_km",
        "speed_5min_mps",  # held for five minutes in all
        "hard_days",  # one after the other
        "spacing_h",  # between two runs, or two hard ones
        "treadmill_share",  # of the distance of a week
        "track_share",
        "trail_share",
        "road_share",
        "forefoot_share",
    ]
)
"""What a finding's numbers are of: what a session limit is about, or what only some rules look at."""

Level: TypeAlias = Literal["near", "limit", "over-30", "over-100"]
LEVELS: tuple[Level, ...] = ("near", "limit", "over-30", "over-100")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding per (athlete, rule, scope); a rise of level updates it in place.

    rule : "session-limit" or "week-limit" with its measure. scope : "session:<sid>" or "week:<ISO Monday>".
    severity : "alert" asks for attention, "info" belongs to the digest.
    certainty : "above" (probability of being above the limit >= 0.8, and more than chance gives without any change),
        "too-close" (probability >= 0.5), "below" (a near miss).
    value, reference, limit : in the measure's unit. window_days : how far back the reference looks.
    """

    athlete: str
    rule: str
    scope: str
    measure: FindingMeasure
    level: Level
    severity: Literal["alert", "info"]
    certainty: Literal["above", "too-close", "below"]
    probability: float
    value: float
    reference: float
    limit: float
    window_days: int
    confidence: Literal["learning", "low", "normal"]
    lower_bound: bool
    first_utc: datetime
    updated_utc: datetime
    origin: str
    withdrawn: bool = False

    @property
    def about(self) -> str:
        """What it is about, without whom: the same of a person who was merged into another."""
        return f"{self.rule}/{self.measure}/{self.scope}"

    @property
    def key(self) -> str:
        """What must be unique in a store."""
        return f"{self.athlete}/{self.about}"

    @property
    def id(self) -> str:
        """Opaque id for topics and addresses; says nothing about the person."""
        return finding_id(self.athlete, self.about)


def finding_id(athlete: str, about: str) -> str:
    """Return the id of an athlete's finding from what it is about."""
    return hashlib.sha256(f"{athlete}/{about}".encode()).hexdigest()[:20]
