"""What a person did with a finding: that they have seen it, or want to be left alone with it for a while.

A mark changes what is shown and told, and never what is found: findings are a function of history alone. A red flag is
no finding and takes no mark.
"""

from dataclasses import dataclass
from datetime import datetime

from sensor_hub.model.finding import LEVELS, Finding, Level


@dataclass(frozen=True, slots=True)
class FindingMark:
    """One a finding, the newest holds.

    finding : its id. level : the finding's when it was marked: a higher one is news again. by : a role or "page", never
    a name. until_utc : of a snooze, when it ends; None of what was acknowledged.
    """

    athlete: str
    finding: str
    level: Level
    at_utc: datetime
    by: str
    until_utc: datetime | None = None

    def holds(self, finding: Finding, now_utc: datetime) -> bool:
        """Whether the finding, as it is now, is still the one that was marked, and a snooze is not over."""
        is_same = LEVELS.index(finding.level) <= LEVELS.index(self.level)
        return is_same and (self.until_utc is None or now_utc < self.until_utc)
