"""Sessions of simulated runners: what the load model made of them, beside the true force of the tendon.

The steps are those of ``simulation.worn``; instead of a sensor's samples a contact gets the error that the foot method
was measured to make on simulated people, so that hundreds of sessions are a matter of seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.load.achilles import ACHILLES_1, VERSION, AchillesModel
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.load.remodel import remodelled
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import LoadReference, Totals
from sensor_hub.simulation.course import Course, Leg
from sensor_hub.simulation.footfalls import LEFT, footfalls
from sensor_hub.simulation.person import Person, Strike
from sensor_hub.simulation.tendon_truth import Ankle, TendonTruth, tendon_truth
from sensor_hub.units import DEGREE_RAD

FIRST_SEED: Final = 9000  # people from here on are for validation only: no band was chosen on them
STRIKES: Final[tuple[Strike, ...]] = ("rearfoot", "rearfoot", "rearfoot", "midfoot", "forefoot")  # of every five
Kind: TypeAlias = Literal["easy", "steady", "intervals", "hills", "fast"]
KINDS: Final[tuple[Kind, ...]] = ("easy", "steady", "intervals", "hills", "fast")
SESSIONS: Final[tuple[Kind, ...]] = ("easy", "steady", "intervals", "hills", "fast", "easy")
CLAIMED_CONTACT_SD_S: Final = 0.010  # what the foot method says of a contact
HARD_QUANTILE: Final = 90.0
N_EASY: Final = 4
N_DAYS: Final = 100  # a runner may have
_SENSING: Final = 31  # streams of random numbers
_COURSE: Final = 32


@dataclass(frozen=True, slots=True)
class Sensing:
    """How a foot sensor's numbers err; one standard deviation each.

    person_s, person_per_mps_s : of a person's mean contact time, and of how that changes with speed. step_s : of a
        contact.
    day_s : what taking it off and on adds; assumed. pitch_rad, day_pitch_rad : of the sole's angle.
    grade : "told" with a watch's error and delay, or "untold".
    """

    person_s: float = 0.005
    person_per_mps_s: float = 0.0015
    step_s: float = 0.0033
    day_s: float = 0.005
    pitch_rad: float = 0.9 * DEGREE_RAD
    day_pitch_rad: float = 1.0 * DEGREE_RAD
    grade: Literal["told", "untold"] = "told"


FOOT: Final = Sensing()
FOOT_WITHOUT_GRADE: Final = replace(FOOT, grade="untold")
EXACT: Final = Sensing(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One session: what the model made of it, and the true force in every step of both feet, (n,)."""

    kind: Kind
    totals: Totals
    steps: StepTable
    truth: TendonTruth
    measured: BoolArray

    @property
    def true_load_bw_s(self) -> float:
        """Impulse, mean of both tendons."""
        return float(self.truth.impulse_bw_s.sum() / 2)

    @property
    def true_peak_bw(self) -> FloatArray:
        """Of the steps that were measured."""
        return self.truth.peak_bw[self.measured]

    @property
    def true_impulse_bw_s(self) -> FloatArray:
        """Of the steps that were measured."""
        return self.truth.impulse_bw_s[self.measured]

    def true_hard_bw_s(self, line_bw: float) -> float:
        """Impulse a leg of the steps whose true peak is above a line."""
        return float(self.truth.impulse_bw_s[self.truth.peak_bw > line_bw].sum() / 2)


@dataclass(frozen=True, slots=True, eq=False)
class Runner:
    """One simulated runner: sessions after the reference was learned from easy ones, which are not among them.

    load_scale, peak_scale : modelled over true, the geometric mean of all sessions: what cancels when a runner is
        compared with themselves. hard_line_bw : the runner's own, of modelled peaks.
    """

    number: int
    strike: Strike
    runs: tuple[Run, ...]
    load_scale: float
    peak_scale: float
    hard_line_bw: float

    def true_hard_bw_s(self, run: Run) -> float:
        """What the hard load would be, modelled without error within this runner."""
        return self.load_scale * run.true_hard_bw_s(self.hard_line_bw / self.peak_scale)


@dataclass(frozen=True, slots=True, eq=False)
class _Felt:
    """A session before the model: the measured foot's steps, and the truth."""

    kind: Kind
    steps: StepTable
    truth: TendonTruth
    measured: BoolArray


def runner(number: int, sensing: Sensing, *, day_spread: float = 1.0, kinds: Sequence[Kind] = SESSIONS) -> Runner:
    """Return a simulated runner's sessions of these kinds, one a day, after ``N_EASY`` easy ones.

    ``day_spread`` : of how the foot rolls on a day, as a multiple of what the simulator declares.
    """
    seed, strike = FIRST_SEED + number, STRIKES[number % len(STRIKES)]
    person = Person.drawn(seed, strike)
    ankle = Ankle.drawn(seed, person)

    def felt(kind: Kind, day: int) -> _Felt:
        ankle_today = ankle.on_day(seed, day, spread=day_spread)
        return _felt(person.on_day(seed, day), ankle_today, kind, seed, day, sensing)

    easy = [felt("easy", day) for day in range(N_EASY)]
    model = AchillesModel(_reference([f.steps for f in easy]))
    runs = tuple(_run(felt(kind, day), model) for day, kind in enumerate(kinds, start=N_EASY))
    everything = [*runs, *(_run(f, model) for f in easy)]
    loads = [np.log(_known(r.totals.load_bw_s) / r.true_load_bw_s) for r in everything]
    peaks = [np.log(r.steps.achilles_peak_bw / r.true_peak_bw).mean() for r in everything]
    return Runner(
        number=number,
        strike=strike,
        runs=runs,
        load_scale=float(np.exp(np.mean(loads))),
        peak_scale=float(np.exp(np.mean(peaks))),
        hard_line_bw=model.hard_line_bw,
    )


def course_of(kind: Kind, seed: int, day: int) -> Course:
    """Return the course of a day: twelve minutes or so; hills go as far down as up."""
    rng = np.random.default_rng([seed, _COURSE, day])
    usual = float(np.clip(np.random.default_rng([seed, _COURSE]).normal(2.9, 0.25), 2.5, 3.4))
    minutes = float(rng.uniform(10.0, 16.0))
    easy = usual + float(rng.normal(0.0, 0.08))
    if kind == "easy":
        legs = [Leg("run", minutes * 60, easy)]
    elif kind == "steady":
        legs = [Leg("run", minutes * 60, 1.12 * easy)]
    elif kind == "fast":
        legs = [Leg("run", minutes * 60, 1.3 * easy)]
    elif kind == "intervals":
        legs = [Leg("run", 90.0, easy * (1.0 if k % 2 == 0 else 1.4)) for k in range(round(minutes / 1.5))]
    else:
        legs = _hills(easy, minutes, rng)
    fatigue = rng.normal(0.0, 0.02, 2)
    return Course.of(legs, cadence_drift_per_h=float(fatigue[0]), contact_drift_per_h=float(fatigue[1]))


def _hills(easy_mps: float, minutes: float, rng: np.random.Generator) -> list[Leg]:
    """Return climbs and the same way down, slower up than down."""
    legs: list[Leg] = []
    while sum(leg.duration_s for leg in legs) < minutes * 60:
        grade, way_m = float(rng.uniform(0.02, 0.08)), float(rng.uniform(120.0, 300.0))
        for slope in (grade, 0.0, -grade):
            speed_mps = max(1.8, easy_mps * (1.0 - 2.5 * slope if slope > 0 else 1.0 - slope))
            legs.append(Leg("run", way_m / speed_mps, speed_mps, slope))
    return legs


def _felt(today: Person, ankle_today: Ankle, kind: Kind, seed: int, day: int, sensing: Sensing) -> _Felt:
    course = course_of(kind, seed, day)
    of_steps = seed * N_DAYS + day
    falls = footfalls(course, today, of_steps)
    truth = tendon_truth(course, today, ankle_today, falls, of_steps)
    inside = (falls.initial_contact_s >= 0) & (falls.initial_contact_s < course.duration_s) & ~falls.stops
    truth = TendonTruth(**{name: getattr(truth, name)[inside] for name in TendonTruth.__slots__})
    rng, own = np.random.default_rng([seed, _SENSING, day]), np.random.default_rng([seed, _SENSING])
    speed_mps, contact_s = falls.speed_mps[inside], (falls.toe_off_s - falls.initial_contact_s)[inside]
    error_s = own.normal(0.0, sensing.person_s) + own.normal(0.0, sensing.person_per_mps_s) * (speed_mps - 3.0)
    error_s = error_s + rng.normal(0.0, sensing.day_s) + rng.normal(0.0, sensing.step_s, len(contact_s))
    pitch_rad = truth.strike_rad + rng.normal(0.0, sensing.day_pitch_rad)
    pitch_rad = pitch_rad + rng.normal(0.0, sensing.pitch_rad, len(contact_s))
    grade = np.tan(truth.slope_rad) if sensing == EXACT else _watch_grade(np.tan(truth.slope_rad), rng)
    mine = falls.side[inside] == LEFT
    landed_s = falls.initial_contact_s[inside][mine]
    stride_s = np.diff(landed_s, append=2 * landed_s[-1] - landed_s[-2])
    table = _table(
        landed_s=landed_s,
        step_time_s=stride_s / 2,
        contact_time_s=(contact_s + error_s)[mine],
        contact_time_sd=np.full(len(landed_s), CLAIMED_CONTACT_SD_S),
        grade=grade[mine] if sensing.grade == "told" else np.full(len(landed_s), np.nan),
        foot_pitch_rad=pitch_rad[mine],
    )
    return _Felt(kind, table, truth, mine)


def _watch_grade(grade: FloatArray, rng: np.random.Generator) -> FloatArray:
    """(n,) as a line through the last sixty metres or so tells it, with a slow error of 0.7 %."""
    way = 60  # steps
    late = np.convolve(np.concatenate([np.full(way - 1, grade[0]), grade]), np.full(way, 1 / way), "valid")
    slow = np.convolve(rng.normal(0.0, 0.007 * way**0.5, len(grade) + way - 1), np.full(way, 1 / way), "valid")
    told: FloatArray = late + slow
    return told


def _table(landed_s: FloatArray, **known: FloatArray) -> StepTable:
    n = len(landed_s)
    columns = {name: np.full(n, np.nan) for name in FLOAT_COLUMNS} | {"n_steps": np.full(n, 2.0)} | known
    return StepTable(
        time_utc_us=np.rint(landed_s * 1e6).astype(np.int64),
        side=np.full(n, "L"),
        step_time_origin=np.full(n, "estimated"),
        gait=np.full(n, "run"),
        **columns,
    )


def _reference(easy: Sequence[StepTable]) -> LoadReference:
    """Return the runner's own flat kilometre and hard line, taken from easy running as it is."""
    step_s = float(np.median(np.concatenate([s.step_time_s for s in easy])))
    contact_s = float(np.median(np.concatenate([s.contact_time_s for s in easy])))
    peaks = np.concatenate([remodelled(s, ACHILLES_1, "imu").achilles_peak_bw for s in easy])
    return LoadReference("ref-own-1", step_s, contact_s, float(np.percentile(peaks, HARD_QUANTILE)), VERSION)


def _run(felt: _Felt, model: AchillesModel) -> Run:
    steps = remodelled(felt.steps, model, "imu")
    sums = SessionTotals(model, "imu")
    sums.add(steps, np.ones(len(steps), dtype=bool))
    sums.recorded_s = float(steps.step_time_s.sum() * 2)
    return Run(felt.kind, sums.totals(), steps, felt.truth, felt.measured)


def _known(value: float | None) -> float:
    if value is None:
        raise ValueError("a simulated session without a load")
    return value
