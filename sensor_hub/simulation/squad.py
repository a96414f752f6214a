"""A simulated squad: six invented runners, twelve weeks of their sessions, and who of them runs today.

Names are invented and say "simulated". The sessions are not analysed bytes but plausible totals that agree with each
other, with origin "simulated": a runner's load is what the load model gives their live runs at that speed
(``past_loads``). No past session crosses a session limit, so the first alert
of a demonstration is the one that happens in it: ``live_runs`` lets the first runner, back from a light month, go on
past theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np

from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.gait import Tier
from sensor_hub.model.load import Totals
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import SessionHeader, SessionSummary
from sensor_hub.simulation.gait import GaitTruth, Runner, gait, notifications, rsc_stream, shank_columns
from sensor_hub.simulation.past_loads import EQ_KM_BW_S, INSTRUMENTS, exposed, loaded, recorded, speed_load
from sensor_hub.simulation.speed import SpeedProfile, contact_time_s, step_rate_hz
from sensor_hub.units import M_PER_KM, S_PER_MIN

SHANK_PROFILE: Final = "fuzzylabs-shank-logger"
RSC_PROFILE: Final = "standard-rsc"
SEASON_DAYS: Final = 84
WINDOW_DAYS: Final = 30
HIGHEST_RATIO: Final = 1.08  # of any past session to the highest of the 30 days before it: below every limit
LOW_COVERAGE: Final = 0.6
STEADY: Final = 1.02  # the fastest five minutes of an even run over its mean
_PSEUDONYM: Final = "abcdefghijklmnopqrstuvwxyz234567"
_ULID: Final = "0123456789abcdefghjkmnpqrstvwxyz"

Kind: TypeAlias = Literal["easy", "long", "speed"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How one simulated runner trains.

    week : ISO weekday → kind and kilometres. last_days : the week from that many days ago on, if it changed.
    days_off : ``(from, to)`` days ago without a run. low_coverage_days_ago : the first run at or after it lost part of
    its recording. history_days : how far back there are sessions at all.
    fastest : the fastest five minutes of a speed session over its mean speed. uphill_s_per_km : by kind of run, time on
    hills; None where no device tells an altitude.
    """

    name: str
    zone: str
    mass_kg: float | None
    speed_mps: float
    tier: Tier
    week: Mapping[int, tuple[Kind, float]]
    last_days: tuple[int, Mapping[int, tuple[Kind, float]]] | None = None
    days_off: tuple[int, int] | None = None
    low_coverage_days_ago: int | None = None
    history_days: int = SEASON_DAYS
    fastest: float = 1.03
    uphill_s_per_km: Mapping[Kind, float] | None = None


PLANS: Final[tuple[Plan, ...]] = (
    Plan(
        "Aster (simulated)", "Europe/Berlin", 64.0, 2.9, "imu",
        {2: ("easy", 6.2), 4: ("easy", 6.8), 7: ("long", 8.5)},
        last_days=(36, {2: ("easy", 3.8), 4: ("easy", 4.3), 7: ("long", 5.0)}),
        uphill_s_per_km={"easy": 8.0, "long": 12.0},
    ),
    Plan(
        "Birch (simulated)", "Europe/Helsinki", 72.0, 3.1, "imu",
        {1: ("easy", 7.0), 3: ("speed", 8.0), 5: ("easy", 7.5), 7: ("long", 13.0)},
        low_coverage_days_ago=20,
        uphill_s_per_km={"easy": 8.0, "long": 30.0},
    ),
    Plan(
        "Clover (simulated)", "America/New_York", None, 2.7, "speed",
        {2: ("easy", 6.0), 4: ("easy", 7.0), 6: ("long", 9.5)},
    ),
    Plan(
        "Dune (simulated)", "Asia/Tokyo", 58.0, 3.5, "imu",
        {1: ("easy", 10.0), 2: ("speed", 13.0), 3: ("easy", 12.0), 5: ("speed", 15.0), 6: ("easy", 8.0),
         7: ("long", 29.0)},
        low_coverage_days_ago=41,
        fastest=1.09, uphill_s_per_km={"easy": 6.0, "long": 10.0},
    ),
    Plan(
        "Ember (simulated)", "Africa/Nairobi", 61.0, 3.0, "imu",
        {2: ("easy", 6.0), 4: ("speed", 7.0), 6: ("long", 10.0)},
        days_off=(42, 22),
        uphill_s_per_km={"easy": 5.0, "long": 8.0},
    ),
    Plan(
        "Fjord (simulated)", "Australia/Sydney", None, 2.6, "speed",
        dict.fromkeys((1, 3, 5, 7), ("easy", 4.0)),
        history_days=6,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SimulatedSeason:
    """One simulated athlete and their past sessions, oldest first."""

    athlete: Athlete
    sessions: tuple[SessionSummary, ...]


def _pseudonym(rng: np.random.Generator) -> str:
    return "".join(_PSEUDONYM[i] for i in rng.integers(0, 32, 8))


def _ulid(rng: np.random.Generator, moment: datetime) -> str:
    """Lower-case ULID of a moment; its random part is the seed's."""
    ms = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    return "".join(_ULID[(ms >> shift) & 31] for shift in range(45, -1, -5)) + "".join(
        _ULID[i] for i in rng.integers(0, 32, 16)
    )


def squad(seed: int) -> tuple[Athlete, ...]:
    """Return the six simulated athletes; a registry may give them other pseudonyms."""
    rng = np.random.default_rng([seed, 10])
    return tuple(Athlete(_pseudonym(rng), p.name, p.zone, p.mass_kg, simulated=True) for p in PLANS)


def season(
    seed: int, today: date, *, model: str, reference: str, athletes: Sequence[Athlete] | None = None
) -> tuple[SimulatedSeason, ...]:
    """Return the squad's sessions of the twelve weeks before ``today``; the same for the same seed and day.

    model, reference : what the sessions name as theirs. athletes : the squad as a registry knows it, in its order.
    """
    athletes = _checked(seed, athletes)
    return tuple(
        SimulatedSeason(
            athlete, past_sessions(np.random.default_rng([seed, 20, i]), plan, athlete, today, model, reference)
        )
        for i, (plan, athlete) in enumerate(zip(PLANS, athletes, strict=True))
    )


def _checked(seed: int, athletes: Sequence[Athlete] | None) -> Sequence[Athlete]:
    if athletes is None:
        return squad(seed)
    if len(athletes) != len(PLANS) or not all(a.simulated for a in athletes):
        raise ValueError(f"the squad is {len(PLANS)} athletes who are simulated")
    return athletes


def _planned(plan: Plan, days_ago: int, weekday: int) -> tuple[Kind, float] | None:
    if plan.days_off is not None and plan.days_off[0] >= days_ago >= plan.days_off[1]:
        return None
    if plan.history_days < WINDOW_DAYS:
        return ("easy", 4.0) if days_ago % 2 == 0 else None
    week = plan.week if plan.last_days is None or days_ago > plan.last_days[0] else plan.last_days[1]
    return week.get(weekday)


def past_sessions(
    rng: np.random.Generator, plan: Plan, athlete: Athlete, today: date, model: str, reference: str
) -> tuple[SessionSummary, ...]:
    """Return one athlete's sessions of a plan, oldest first, up to the day before ``today``."""
    past: list[tuple[date, Totals]] = []
    found: list[SessionSummary] = []
    profile = SHANK_PROFILE if plan.tier == "imu" else RSC_PROFILE
    low_due = plan.low_coverage_days_ago
    for days_ago in range(plan.history_days, 0, -1):
        day = today - timedelta(days=days_ago)
        planned = _planned(plan, days_ago, day.isoweekday())
        if planned is None:
            continue
        if not past and plan.history_days >= WINDOW_DAYS:  # a race opens the season and is what the rest is judged by
            fast = any(kind == "speed" for kind, _ in plan.week.values())
            planned = ("speed" if fast else "long", max(km for _, km in plan.week.values()))
        whole = _totals(rng, plan, planned, [t for d, t in past if (day - d).days <= WINDOW_DAYS])
        past.append((day, whole))
        coverage = float(rng.uniform(0.97, 1.0))
        if low_due is not None and days_ago <= low_due and planned[0] == "easy":
            coverage, low_due = LOW_COVERAGE, None
        local = datetime.combine(day, time(6, 30), ZoneInfo(plan.zone)) + timedelta(minutes=int(rng.integers(0, 90)))
        start_utc = local.astimezone(UTC)
        header = SessionHeader(
            _ulid(rng, start_utc), athlete.id, athlete.zone, "simulated", plan.tier, model, reference, f"{profile}@1",
            instrument=INSTRUMENTS[plan.tier],
        )  # fmt: skip
        end_utc = start_utc + timedelta(seconds=round(whole.duration_s))
        found.append(SessionSummary(header, start_utc, end_utc, recorded(whole, coverage), "simulated season"))
    return tuple(found)


def _totals(rng: np.random.Generator, plan: Plan, planned: tuple[Kind, float], before: Sequence[Totals]) -> Totals:
    """Totals of a planned run, had all of it been recorded; held below the highest of the window."""
    kind, km = planned
    speed_mps = plan.speed_mps * (1.08 if kind == "speed" else 1.0) * float(rng.normal(1, 0.006))
    distance_m = km * M_PER_KM * float(1 + np.clip(rng.normal(0, 0.002 if kind == "long" else 0.02), -0.04, 0.04))
    load_factor = float(1 + np.clip(rng.normal(0, 0.005), -0.01, 0.01))
    load = speed_load(speed_mps, plan.tier)
    highest_m = max((t.distance_m or 0.0 for t in before), default=np.inf)
    highest_eq_km = max((t.load_eq_km or 0.0 for t in before), default=np.inf)
    highest_hard = max((t.hard_load_bw_s or 0.0 for t in before), default=np.inf)
    eq_km_per_m = load_factor * load.eq_km_per_s / speed_mps
    distance_m = min(distance_m, HIGHEST_RATIO * highest_m, HIGHEST_RATIO * highest_eq_km / eq_km_per_m)
    running_s = distance_m / speed_mps
    hard_share = min(1.0, load.hard * float(rng.uniform(0.97, 1.03)))
    hard_bw_s = min(distance_m * eq_km_per_m * EQ_KM_BW_S * hard_share, HIGHEST_RATIO * highest_hard)
    rate_hz = float(step_rate_hz(speed_mps))
    gait = Totals(
        n_steps=rate_hz * running_s,
        n_strides=rate_hz * running_s / 2,
        duration_s=running_s,
        distance_m=distance_m,
        cadence_spm=S_PER_MIN * rate_hz,
        contact_time_s=float(contact_time_s(speed_mps)) if plan.tier == "imu" else None,
        coverage=1.0,
    )
    fastest = plan.fastest if kind == "speed" else STEADY
    uphill_s_per_km = None if plan.uphill_s_per_km is None else plan.uphill_s_per_km.get(kind, 0.0)
    whole = exposed(gait, speed_mps, fastest, uphill_s_per_km)
    return loaded(whole, load, distance_m * eq_km_per_m, hard_bw_s)


@dataclass(frozen=True, slots=True)
class LiveRun:
    """A run that happens today, simulated down to the bytes.

    devices : what the athlete wears; replace them to give a registry's pseudonyms, the order and profiles stay.
    start_offset_s : when this runner's sensors begin, after the start of the scenario.
    """

    athlete: Athlete
    devices: tuple[Device, ...]
    start_offset_s: float
    profile: SpeedProfile
    seed: int
    runner: Runner = field(default_factory=Runner)

    def truth(self) -> GaitTruth:
        """Return the true contacts of the instrumented foot, seconds after this run's own start."""
        return gait(self.profile, seed=self.seed, runner=self.runner)

    def notifications(self, scenario_start_utc: datetime) -> Iterator[RawNotification]:
        """Yield what all of this runner's simulated sensors send, in order of arrival."""
        streams = []
        for device in self.devices:
            if device.profile == SHANK_PROFILE:
                columns = shank_columns(self.profile, self.truth(), seed=self.seed, runner=self.runner)
                streams.append((device.id, columns.stream()))
            else:
                streams.append((device.id, rsc_stream(self.profile, seed=self.seed, runner=self.runner)))
        return notifications(streams, scenario_start_utc + timedelta(seconds=self.start_offset_s))


def live_runs(seed: int, athletes: Sequence[Athlete] | None = None) -> tuple[LiveRun, ...]:
    """Return today's three runs: the first goes past their limit of 5.5 km, the others stay within theirs."""
    athletes = _checked(seed, athletes)
    rng = np.random.default_rng([seed, 30])
    runs = []
    for i, (km, offset_s, has_imu) in enumerate([(6.2, 0.0, True), (6.0, 20.0, True), (5.0, 45.0, False)]):
        who, key = athletes[i], PLANS[i].name.split()[0].lower()
        pods = [
            Device(_pseudonym(rng), f"simulated:{key}:pod", f"{key} pod (simulated)", RSC_PROFILE, who.id, "U", "foot")
        ]
        if has_imu:
            name = f"{key} shank (simulated)"
            pods.insert(0, Device(_pseudonym(rng), f"simulated:{key}:shank", name, SHANK_PROFILE, who.id, "R", "shank"))
        run = SpeedProfile.steady(PLANS[i].speed_mps, km * M_PER_KM)
        runs.append(LiveRun(who, tuple(pods), offset_s, run, seed=1000 * seed + i))
    return tuple(runs)
