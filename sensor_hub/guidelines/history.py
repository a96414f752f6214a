"""Sessions as the rules see them: runs on the athlete's own days, with what is not known kept apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sensor_hub.model.foot_strike import FootStrike
from sensor_hub.model.gait import Tier
from sensor_hub.model.history import DaySpan
from sensor_hub.model.load import Measure, Surface, is_partly_recorded
from sensor_hub.model.session import SessionSummary

LEARNING_DAYS: Final = 14  # ours: before that a history says little
DAY: Final = timedelta(days=1)
REMEMBERED: Final = timedelta(days=30)  # ours, the session rule's window: what was not used for longer begins anew


class Yardstick(NamedTuple):
    """What a load was measured with, and the version of the model that made it. Loads of two are never compared.

    instrument : "" for sessions of an older program, which are an instrument of their own.
    """

    tier: Tier
    instrument: str
    model: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one athlete.

    day : the athlete's local day of its start. load_eq_km_sd, hard_load_sd : one standard deviation, 0 if unsaid.
    left_share : part of the left leg in the load of both; None unless both were measured.
    load_bw_s : what load_eq_km is made of, whatever it is expressed in. reference : what it is expressed in.
    lower_bound : less than 0.8 of it was recorded; the truth lies between the value and value / coverage.
    """

    sid: str
    day: date
    end_utc: datetime
    distance_m: float | None
    load_eq_km: float | None
    load_eq_km_sd: float
    hard_load_bw_s: float | None
    hard_load_sd: float
    load_bw_s: float | None
    coverage: float | None
    yardstick: Yardstick
    reference: str
    origin: str
    ended: bool
    start_utc: datetime
    duration_s: float = 0.0
    surface: Surface = "unknown"
    median_speed_mps: float | None = None
    speed_5min_mps: float | None = None
    uphill_s: float | None = None
    ascent_m: float | None = None
    foot_strike: FootStrike | None = None
    left_share: float | None = None

    def value(self, measure: Measure) -> float | None:
        """The measure, or None where unknown; of a run of which nothing was recorded only the distance is known."""
        value: float | None = getattr(self, measure)
        return None if self.coverage == 0 and measure != "distance_m" else value

    def sd(self, measure: Measure) -> float:
        """One standard deviation of it, in the measure's unit; distance counts as exact."""
        return {"distance_m": 0.0, "load_eq_km": self.load_eq_km_sd, "hard_load_bw_s": self.hard_load_sd}[measure]

    @property
    def has_load(self) -> bool:
        """False if no load was ever made of it, as of a line in a log: its distance counts, and it is no yardstick."""
        return self.load_bw_s is not None or self.load_eq_km is not None

    @property
    def is_unknown(self) -> bool:
        """True of a run done without sensor: neither how far nor how hard it was is known."""
        return self.distance_m is None and not self.has_load

    @property
    def lower_bound(self) -> bool:
        """True if its load is only known to be at least this; a distance is the device's own count, and exact."""
        return is_partly_recorded(self.coverage)

    def is_lower_bound(self, measure: Measure) -> bool:
        """True if this measure is only known to be at least its value."""
        return self.lower_bound and measure != "distance_m"

    def at_most(self, measure: Measure) -> float | None:
        """Upper end of what the measure can be, taking the unrecorded part to be like the recorded one."""
        value = self.value(measure)
        if value is None or not self.is_lower_bound(measure) or not self.coverage:
            return value
        return value / self.coverage


def is_history(session: SessionSummary, *, simulated: bool) -> bool:
    """Whether a session is any of the athlete's past: a replay is not, nor anything simulated of a real person."""
    return session.header.origin != "replay" and (simulated or session.header.origin != "simulated")


def runs_of(sessions: Iterable[SessionSummary], zone: str, *, simulated: bool = False) -> list[Run]:
    """Return the runs among sessions, by day; walks, other sports and replays are not history.

    Parameters
    ----------
    sessions : iterable of SessionSummary
        Of one athlete.
    zone : str
        The athlete's IANA zone: a run belongs to the local day it starts on.
    simulated : bool
        Whether the athlete is; a simulated session is no history of a real person.
    """
    local = ZoneInfo(zone)
    runs = [
        Run(
            sid=s.header.sid,
            day=s.start_utc.astimezone(local).date(),
            end_utc=s.end_utc,
            distance_m=s.totals.distance_m,
            load_eq_km=s.totals.load_eq_km,
            load_eq_km_sd=s.totals.load_eq_km_sd or 0.0,
            hard_load_bw_s=s.totals.hard_load_bw_s,
            hard_load_sd=s.totals.hard_load_sd or 0.0,
            load_bw_s=s.totals.load_bw_s,
            coverage=s.totals.coverage,
            yardstick=Yardstick(s.header.tier, s.header.instrument, s.header.model),
            reference=s.header.reference,
            origin=s.header.origin,
            ended=s.ended,
            start_utc=s.start_utc,
            duration_s=s.totals.duration_s,
            surface=s.header.surface,
            median_speed_mps=s.totals.median_speed_mps,
            speed_5min_mps=s.totals.speed_5min_mps,
            uphill_s=s.totals.uphill_s,
            ascent_m=s.totals.ascent_m,
            foot_strike=s.totals.foot_strike,
            left_share=_left_share(s.totals.load_left_bw_s, s.totals.load_right_bw_s),
        )
        for s in sessions
        if s.header.ledger == "run" and is_history(s, simulated=simulated)
    ]
    return sorted(runs, key=lambda run: (run.day, run.sid))


def _left_share(left_bw_s: float | None, right_bw_s: float | None) -> float | None:
    """Part of the left leg in the load of both; None unless both were measured."""
    if left_bw_s is None or right_bw_s is None or left_bw_s + right_bw_s <= 0:
        return None
    return left_bw_s / (left_bw_s + right_bw_s)


def newest_of(runs: Iterable[Run]) -> Run | None:
    """Return the run that ended last; None without one."""
    return max(runs, key=lambda run: (run.end_utc, run.sid), default=None)


def week_of(day: date, week_start: int = 1) -> date:
    """First day of the week a day lies in; ``week_start`` is an ISO weekday, 1 = Monday."""
    return day - timedelta(days=(day.isoweekday() - week_start) % 7)


def n_not_recorded(days: Iterable[DaySpan], runs: Sequence[Run], first: date, last: date) -> int:
    """Count the days from ``first`` to ``last`` that somebody said were run on and not recorded.

    What was said holds for days without a run: one that comes to light later, as from a watch's file, makes its day
    known.
    """
    spans = [(max(span.first, first), min(span.last, last)) for span in days if span.mark == "not-recorded"]
    said = {low + k * DAY for low, high in spans for k in range((high - low).days + 1)}
    return len(said - {run.day for run in runs}) if said else 0


def history_days(runs: Iterable[Run], day: date) -> int:
    """Days since the first of these runs, 0 if there is none before ``day``.

    After a break longer than what is remembered history begins anew: the session rule has nothing from before it.
    """
    first = day
    for earlier in sorted({run.day for run in runs if run.day < day}, reverse=True):
        if first - earlier > REMEMBERED:
            break
        first = earlier
    return (day - first).days
