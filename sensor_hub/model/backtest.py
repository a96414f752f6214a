"""What rules would have said of a past, run by run, and what was logged of pain afterwards."""

from dataclasses import dataclass
from datetime import date, datetime

from sensor_hub.model.diary import PolicyName


@dataclass(frozen=True, slots=True)
class Spoken:
    """A rule would have spoken.

    what : the measure of a finding, or the key of a notice. weight : "alert" or "info" of a finding, else the notice's
    own. pushed : whether it would have been sent to a phone. level : of a finding, "" of a notice. value, limit : of a
    finding, in the measure's unit.
    """

    rule: str
    what: str
    scope: str
    at_utc: datetime
    day: date
    weight: str
    pushed: bool
    level: str = ""
    certainty: str = ""
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class PainAfter:
    """What the diary has of the days after n moments: pain above none, only that there was none, or nothing at all."""

    n: int = 0
    n_pain: int = 0
    n_none: int = 0

    @property
    def n_unknown(self) -> int:
        """After how many of them nothing was logged."""
        return self.n - self.n_pain - self.n_none


@dataclass(frozen=True, slots=True)
class RuleTold:
    """What one rule came to: findings and notices, those that ask for attention, and those that would be pushed."""

    rule: str
    n_spoken: int
    n_alerts: int
    n_pushes: int
    most_in_week: int
    after: PainAfter


@dataclass(frozen=True, slots=True)
class BacktestReport:
    """A past told again by rules as they are set.

    n_weeks : calendar weeks from the first run to the last, weeks without a run among them. pushes : of each of them,
    oldest first; several numbers of one rule about one run are one push. rules : those that spoke, most pushes first.
    any_run : pain after any run at all, to hold the rules' own against. withdrawn : findings that later data took back.
    """

    athlete: str
    policy: PolicyName
    first: date | None
    last: date | None
    n_runs: int
    n_weeks: int
    pushes: tuple[int, ...]
    rules: tuple[RuleTold, ...]
    spoken: tuple[Spoken, ...]
    any_run: PainAfter = PainAfter()
    withdrawn: int = 0

    @property
    def n_pushes(self) -> int:
        """Pushes of the whole past."""
        return sum(self.pushes)

    @property
    def pushes_per_week(self) -> float | None:
        """Mean of a week; None without one."""
        return self.n_pushes / self.n_weeks if self.n_weeks else None

    @property
    def most_pushes_in_week(self) -> int:
        """Of the worst week."""
        return max(self.pushes, default=0)
