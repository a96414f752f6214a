"""What a person did with a finding: that they have seen it, or want to be left alone with it for a while.

A mark changes what is shown and told, and never what is found: findings are a function of history alone. A red flag is
no finding and takes no mark.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from sensor_hub.model.finding import LEVELS, Finding, Level, finding_id

Snooze: TypeAlias = Literal["morning", "3-days", "week-over"]
SNOOZES: tuple[Snooze, ...] = get_args(Snooze)
MORNING = time(7)


@dataclass(frozen=True, slots=True)
class FindingMark:
    """One a finding, the newest holds.

    about : the finding's, which a merge of its athlete keeps. level : the finding's when it was marked: a higher one is
    news again. by : a role or "page", never a name. until_utc : of a snooze, when it ends; None of what was
    acknowledged.
    """

    athlete: str
    about: str
    level: Level
    at_utc: datetime
    by: str
    until_utc: datetime | None = None

    @property
    def finding(self) -> str:
        """Id of the finding."""
        return finding_id(self.athlete, self.about)

    def holds(self, finding: Finding, now_utc: datetime) -> bool:
        """Whether the finding, as it is now, is still the one that was marked, and a snooze is not over."""
        is_same = LEVELS.index(finding.level) <= LEVELS.index(self.level)
        return is_same and (self.until_utc is None or now_utc < self.until_utc)


def is_marked(finding: Finding, marks: Mapping[str, FindingMark], now_utc: datetime) -> bool:
    """Whether somebody has seen a finding as it is now, or wants to be left alone with it for now.

    marks : of its athlete, by finding. Then it is shown quietly and told to nobody; what is found stays as it is.
    """
    mark = marks.get(finding.id)
    return mark is not None and mark.holds(finding, now_utc)


def all_marked(findings: Iterable[Finding], marks: Mapping[str, FindingMark], now_utc: datetime) -> bool:
    """Whether there are alerts among the findings that stand, and every one of them is marked."""
    alerts = [f for f in findings if f.severity == "alert" and not f.withdrawn]
    return bool(alerts) and all(is_marked(f, marks, now_utc) for f in alerts)


def snoozed_until(snooze: Snooze, now_utc: datetime, zone: str, week_start: int) -> datetime:
    """Return when a snooze ends, UTC: at seven tomorrow or in three days, or when the athlete's week is over.

    zone : the athlete's, IANA. week_start : ISO weekday, 1 is Monday.
    """
    place = ZoneInfo(zone)
    today = now_utc.astimezone(place).date()
    match snooze:
        case "morning":
            day, at = today + timedelta(days=1), MORNING
        case "3-days":
            day, at = today + timedelta(days=3), MORNING
        case "week-over":
            day, at = today + timedelta(days=7 - (today.isoweekday() - week_start) % 7), time.min
    return datetime.combine(day, at, place).astimezone(UTC)
