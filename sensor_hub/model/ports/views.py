"""What a hub shows: the grid, one athlete, and the read side that pages and REST ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol, TypeAlias

from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Headroom, InstrumentChange, LoadStatus, Totals
from sensor_hub.model.mark import FindingMark
from sensor_hub.model.ratio import LoadRatio
from sensor_hub.model.session import SessionSummary
from sensor_hub.model.timeline import Timeline

TileState: TypeAlias = Literal["alert", "near", "ok", "unknown", "idle"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One athlete on the coach's grid.

    state : "alert" above a limit, "near" from 90 % of it, "ok" below, "unknown" not judged (learning, low coverage,
        no source), "idle" no session in progress.
    cadence_spm, contact_time_s : newest live values, None if unknown.
    age_s : wall seconds since the newest message, however old; None if there never was one, and without a run today.
    headroom : per measure, of the session in progress or of today.
    bridging : the change of the sensor or model that loads are still learned after; None without one.
    held : the guidelines hold the headroom back, as its reason says too; not why. standing : what decides
        (``Verdict.standing``), of somebody who lets their coach see what it comes of; None of everybody else.
    shows_load : False on the grid of somebody who does not let their coach see what was run.
    quiet : somebody has seen all its alerts, or snoozed them; the state stays what it is.
    contact_balance_left : share of contact time on the left foot, of the session so far as far as it was heard.
    battery_percent : the lowest of the sensors worn; None if none has said.
    squads : ids of the squads they are in. tonight : on a line of a roster that holds now.
    step_utc : time of the newest live reading; None while nothing live is shown.
    contact_beside, balance_beside : where the contact time and the balance of the run in progress lie beyond the band
        of the runner's own runs at that speed (``load.usual``); None within it, and where it cannot be told.
    """

    athlete: Athlete
    state: TileState
    cadence_spm: float | None
    contact_time_s: float | None
    totals: Totals | None
    headroom: tuple[Headroom, ...]
    age_s: float | None
    tier: str | None
    origin: str | None
    findings: tuple[Finding, ...]
    bridging: InstrumentChange | None = None
    held: bool = False
    standing: str | None = None
    shows_load: bool = True
    quiet: bool = False
    contact_balance_left: float | None = None
    battery_percent: int | None = None
    squads: tuple[str, ...] = ()
    tonight: bool = False
    step_utc: datetime | None = None
    contact_beside: Literal["longer", "shorter"] | None = None
    balance_beside: Literal["left", "right"] | None = None


@dataclass(frozen=True, slots=True)
class WeekBar:
    """One week of an athlete.

    Sums are None where nothing is known; ``lower_bound`` if some session's coverage is below 0.8, or somebody ran on a
    day without a record.
    instruments : what the week's loads were measured with, in the order of its runs. reason : why its load is unknown
    although its runs' are known: "mixed-instruments"; "unknown-run" or "not-recorded" as in ``LoadSums``.
    reference_… : the highest of the 4 full weeks before, that the limit grows from. tolerance_… : what known rest has
    left of it when the week began; the same without a rest. Of hard load no week is judged.
    """

    monday: date
    distance_m: float | None
    load_eq_km: float | None
    n_sessions: int
    lower_bound: bool
    limit_distance_m: float | None
    limit_load_eq_km: float | None
    instruments: tuple[str, ...] = ()
    reason: str | None = None
    load_eq_km_sd: float | None = None
    hard_load_bw_s: float | None = None
    hard_load_sd: float | None = None
    reference_distance_m: float | None = None
    reference_load_eq_km: float | None = None
    tolerance_distance_m: float | None = None
    tolerance_load_eq_km: float | None = None


@dataclass(frozen=True, slots=True)
class DaySession:
    """One session as the athlete page draws it: local day, and that day's session limits (None: no history).

    A limit on load holds for the session's own instrument and model, told in eq-km of its reference; one on hard load
    for that reference's hard line alone. bridging : that way of measuring had been used for fewer than 14 days, so
    its load limit is not judged. reference_… : the longest run of the 30 days before, that each limit grows from.
    """

    sid: str
    day: date
    distance_m: float | None
    load_eq_km: float | None
    coverage: float | None
    limit_distance_m: float | None
    limit_load_eq_km: float | None
    origin: str
    ended: bool
    load_eq_km_sd: float | None = None
    hard_load_bw_s: float | None = None
    hard_load_sd: float | None = None
    limit_hard_load_bw_s: float | None = None
    instrument: str = ""
    bridging: bool = False
    reference_distance_m: float | None = None
    reference_load_eq_km: float | None = None
    reference_hard_load_bw_s: float | None = None


@dataclass(frozen=True, slots=True)
class AthleteView:
    """Everything the athlete page shows.

    changes : when the load was measured another way than before, oldest first; a chart marks where bridging begins.
    ratios : of a week's load over four weeks'; shown only.
    marks : what people did with findings, by the finding's id; also those that hold no more. withdrawn : findings of
    the last 30 days that are no longer true, newest first; their ``updated_utc`` is when they were withdrawn.
    """

    tile: Tile
    today: date
    weeks: tuple[WeekBar, ...]
    days: tuple[DaySession, ...]
    load: LoadStatus
    findings: tuple[Finding, ...]
    changes: tuple[InstrumentChange, ...] = ()
    ratios: tuple[LoadRatio, ...] = ()
    marks: Mapping[str, FindingMark] = field(default_factory=dict)
    withdrawn: tuple[Finding, ...] = ()


class HubView(Protocol):
    """The read side of a hub, for pages and REST; cheap enough to call a few times a second."""

    def tiles(self) -> list[Tile]:
        """Every athlete, those who need attention first."""
        ...

    def tile(self, athlete: str, *, own: bool = False) -> Tile | None:
        """One athlete as on the grid, cheaper than the whole of it; None if the registry does not know them.

        own : with what they keep from their coach, as they see it themselves and as in ``athlete(…).tile``.
        """
        ...

    def person(self, athlete: str) -> Athlete | None:
        """Who has a pseudonym at this very moment, also one that was merged away; None of nobody."""
        ...

    def news(self, since: int) -> tuple[int, frozenset[str] | None]:
        """What may have changed: a version, and whose tiles since that one.

        since : a version as returned before, or 0. None instead of names: everybody's may have, or somebody joined or
        left. A tile also changes by time alone (its age, a day that ends); that is told here like any change, except
        an age that only grows.
        """
        ...

    def listen(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have ``wake`` called, from any thread and without any lock held, when ``news`` changed; return how to stop.

        It must return at once: whoever changed something waits for it.
        """
        ...

    def athlete(self, athlete: str) -> AthleteView | None:
        """One athlete, or None if the registry does not know them."""
        ...

    def sessions(self, athlete: str) -> list[SessionSummary]:
        """Sessions of an athlete, newest first."""
        ...

    def session(self, sid: str) -> SessionSummary | None:
        """One session, or None."""
        ...

    def steps(self, sid: str) -> StepTable:
        """Steps of a session in time order."""
        ...

    def pruned(self, sid: str) -> bool:
        """Whether a session's single steps are no longer kept: then there are no rows, and that is no zero."""
        ...

    def timeline(self, sid: str) -> Timeline | None:
        """A session over its time; None where there is none, or no step of a run is kept of it."""
        ...

    def findings(self, *, withdrawn: bool = False) -> list[Finding]:
        """All findings that stand, newest first. withdrawn : with those of the last 30 days that no longer do."""
        ...

    def trouble(self) -> str | None:
        """Why nothing is being taken in, for a person; None if all is well."""
        ...
