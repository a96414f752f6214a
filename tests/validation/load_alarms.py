"""How often the session rule alerts without any true change, and how often it tells a true one. Simulated, seeded.

A runner trains without change. In "two sessions" today's run is as long as the one earlier run; in "equal month" as
the twelve before it; in "varied month" thirteen runs are drawn from one distribution (log-normal, coefficient of
variation 20 %); in "long runs" each is, one time in four, twice the others. An alert counts as false where the true
ratio to the true highest is at most 1.10. What is measured of each run has an independent normal error, as large as the
claimed standard deviation, or 1.5 or 2 times as large.

Eq-km: the claim is the product's own for easy running by IMU without known slopes, or 3, 4 or 5 % of the value. Hard
load: the error is one that all peaks have in common, as claimed; value and claimed spread come from
``SessionTotals`` over steps whose contact times are all off by as much. The hard line is the 90th percentile of the
runner's easy steps; "easy" runs are those, others so much faster than 2.78 m/s. Speeds scatter by 4 % over a run,
contact times by 5 ms: ours, no data behind it.

What taking a sensor off and on adds is unknown; the rows at 1.5 and 2 times the claim say what happens if it is more.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from itertools import product
from math import sqrt
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from sensor_hub.guidelines.judgement import Amount, judge
from sensor_hub.guidelines.rules.session_limit import SessionLimit
from sensor_hub.load.achilles import ACHILLES_1, VERSION, AchillesModel
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.load.reference import EASY_SPEED_MPS, REF_POP_1
from sensor_hub.load.remodel import remodelled
from sensor_hub.load.uncertainty import common_peak_sd
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import LoadReference, Measure, Totals

Case: TypeAlias = Literal["two sessions", "equal month", "varied month", "long runs"]
Measured: TypeAlias = tuple[FloatArray, FloatArray]  # values and their claimed standard deviations

SEED: Final = 20261121
N: Final = 10_000  # judged sessions a row
N_EARLIER: Final[dict[Case, int]] = {"two sessions": 1, "equal month": 12, "varied month": 12, "long runs": 12}
VARIATION: Final = 0.20
LONG_SHARE: Final = 0.25
NOISES: Final = (1.0, 1.5, 2.0)
CHANGES: Final = (1.2, 1.3, 1.5)
CLAIMS: Final = (0.03, 0.04, 0.05)
EASY: Final = 1.0
FAST: Final = 1.12
FASTER: Final = (FAST, 1.25, 1.40)
WIDE: Final = 1.96  # standard deviations either side of an interval of 95 %
N_ROWS: Final = 400  # of a session, each standing for 20 steps
STEPS_A_ROW: Final = 20.0
SPEED_SD: Final = 0.04
CONTACT_SD_S: Final = 0.005
SHIFTS_S: Final = np.linspace(-0.060, 0.060, 241)
RULE: Final = SessionLimit("load_eq_km")


@dataclass(frozen=True, slots=True)
class AlarmRate:
    """Alerts among judged sessions.

    claim : "product", "3 %", … or, of hard load, the pace of today's run. claimed_sd : median of what is claimed, as a
    fraction of the value. noise : true error / claimed. change : true value today / true highest before; 1 is none.
    too_close : told as "too close to call". low, high : 95 % interval of the rate (Wilson).
    """

    case: Case
    measure: Measure
    claim: str
    claimed_sd: float
    noise: float
    change: float
    n: int
    alarms: int
    too_close: int
    rate: float
    low: float
    high: float


def load_alarms(n: int = N, seed: int = SEED) -> dict[str, Any]:
    """Return rows of false alarms and of power as plain numbers, and how far noise lifts the reference.

    power : sessions so much longer than the highest before; faster : so much faster than easy ones, by hard load.
    """
    model = own_line_model()
    claims = [*eq_km_claims(), *(hard_claim(model, pace) for pace in (EASY, FAST))]
    easy = hard_claim(model, EASY)
    cases = tuple(N_EARLIER)
    false_alarms = [
        alarm_rate(case, claim, n, seed, noise=noise) for case, claim, noise in product(cases, claims, NOISES)
    ]
    power = [
        alarm_rate(case, claim, n // 4, seed, change=change)
        for case, claim, change in product(cases[:2], claims, CHANGES)
    ]
    faster = [
        alarm_rate(case, easy, n // 4, seed, today_by=hard_claim(model, pace))
        for case, pace in product(cases[:2], FASTER)
    ]
    return {
        "false_alarms": [asdict(rate) for rate in false_alarms],
        "power": [asdict(rate) for rate in power],
        "faster": [asdict(rate) for rate in faster],
        "reference_bias": reference_bias(n, seed),
    }


def reference_bias(n: int = N, seed: int = SEED) -> dict[str, float]:
    """Return how far the highest of so many equal runs lies above each, as a fraction, at the product's claimed SD."""
    claim = next(eq_km_claims())
    rng = np.random.default_rng([seed, 1])
    return {str(k): float(claim.measured(np.ones((n, k)), 1.0, rng)[0].max(axis=1).mean() - 1.0) for k in (1, 2, 4, 12)}


@dataclass(frozen=True, slots=True)
class Claim:
    """A way of measuring: true sizes, (n, k), and a noise → values and claimed standard deviations."""

    name: str
    measure: Measure
    measured: Callable[[FloatArray, float, np.random.Generator], Measured]


def alarm_rate(
    case: Case,
    claim: Claim,
    n: int = N,
    seed: int = SEED,
    *,
    noise: float = 1.0,
    change: float = 1.0,
    today_by: Claim | None = None,
) -> AlarmRate:
    """Judge n sessions of a case; ``today_by`` if today's session is measured as another kind than those before."""
    rng = np.random.default_rng([seed, 2])
    true, today = _true_sizes(case, change, n, rng)
    before, before_sd = claim.measured(true, noise, rng)
    now, now_sd = (today_by or claim).measured(today, noise, rng)
    is_true = change != 1.0 or today_by is not None
    asked = np.flatnonzero(is_true | (today[:, 0] <= RULE.factor * true.max(axis=1)))
    told: Counter[str] = Counter()
    highest = np.argmax(before, axis=1)[:, np.newaxis]
    value, sd = np.take_along_axis(before, highest, axis=1), np.take_along_axis(before_sd, highest, axis=1)
    n_like = np.count_nonzero(value - before <= np.hypot(sd, before_sd), axis=1)
    for i in asked[value[asked, 0] > 0]:  # above nothing the rule has no say
        reference = Amount(float(value[i, 0]), float(value[i, 0]), float(sd[i, 0]), int(n_like[i]))
        amount = Amount(float(now[i, 0]), float(now[i, 0]), float(now_sd[i, 0]))
        told[judge(claim.measure, amount, reference, RULE.factor, "normal").certainty] += 1
    low, high = wilson(told["above"], len(asked))
    with np.errstate(divide="ignore", invalid="ignore"):
        claimed_sd = float(np.nanmedian(now_sd / now))
    return AlarmRate(
        case=case,
        measure=claim.measure,
        claim=(today_by or claim).name,
        claimed_sd=round(claimed_sd, 4),
        noise=noise,
        change=change,
        n=len(asked),
        alarms=told["above"],
        too_close=told["too-close"],
        rate=told["above"] / len(asked),
        low=low,
        high=high,
    )


def _true_sizes(case: Case, change: float, n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """(n, k) earlier sessions and (n, 1) today's, 1 on average."""
    shape = (n, N_EARLIER[case] + 1)
    sizes = np.ones(shape)
    if case == "varied month":
        sizes = np.exp(rng.normal(0.0, sqrt(np.log(1 + VARIATION**2)), shape))
    elif case == "long runs":
        sizes = np.where(rng.random(shape) < LONG_SHARE, 2.0, 1.0)
    return sizes[:, :-1], change * sizes[:, -1:]


def wilson(k: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of k in n, 0 to 1. ValueError if n is 0."""
    if not 0 <= k <= n or n == 0:
        raise ValueError(f"{k} of {n} is no share")
    share, z2 = k / n, WIDE * WIDE
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = WIDE * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def eq_km_claims() -> Iterator[Claim]:
    """Yield the product's own claim for an easy hour by IMU, then the plain ones."""
    easy = _session(ACHILLES_1, _steps(EASY), 0.0)
    yield _fraction("product", (easy.load_eq_km_sd or 0.0) / (easy.load_eq_km or 1.0))
    yield from (_fraction(f"{100 * sd:.0f} %", sd) for sd in CLAIMS)


def _fraction(name: str, sd: float) -> Claim:
    def measured(true: FloatArray, noise: float, rng: np.random.Generator) -> Measured:
        values = true * (1 + noise * sd * rng.standard_normal(true.shape))
        return values, sd * values

    return Claim(name, "load_eq_km", measured)


def own_line_model() -> AchillesModel:
    """Return the model of a runner with the population's gait and a hard line of their own."""
    line_bw = float(np.percentile(remodelled(_steps(EASY), ACHILLES_1, "imu").achilles_peak_bw, 90))
    pop = ACHILLES_1.reference
    return AchillesModel(LoadReference("ref-own-1", pop.step_time_s, pop.contact_time_s, line_bw, VERSION))


def hard_claim(model: AchillesModel, pace: float) -> Claim:
    """Tabulate hard load and its claimed spread over a common error of all contact times; sizes only multiply both."""
    steps = _steps(pace)
    table = [_session(model, steps, float(shift_s)) for shift_s in SHIFTS_S]
    hard = np.array([t.hard_load_bw_s for t in table], dtype=np.float64)
    spread = np.array([t.hard_load_sd for t in table], dtype=np.float64)
    contact_s = float(np.mean(steps.contact_time_s))
    # the peak goes with contact time to the power of -1.5, so any common error of the peaks is one of the contact time
    error_s = contact_s / 1.5 * float(common_peak_sd(np.array([contact_s]), np.array([np.nan]), "imu")[0])

    def measured(true: FloatArray, noise: float, rng: np.random.Generator) -> Measured:
        off_s = noise * error_s * rng.standard_normal(true.shape)
        return true * np.interp(off_s, SHIFTS_S, hard), true * np.interp(off_s, SHIFTS_S, spread)

    name = "easy" if pace == EASY else f"{100 * (pace - 1):.0f} % faster"
    return Claim(name, "hard_load_bw_s", measured)


def _steps(pace: float) -> StepTable:
    """Steps of one population runner at so many times 2.78 m/s, the same draws at every pace; slopes unknown."""
    rng = np.random.default_rng([SEED, 3])
    speed_mps = pace * EASY_SPEED_MPS * (1 + SPEED_SD * rng.standard_normal(N_ROWS))
    contact_s = np.asarray(REF_POP_1.contact_time_s(speed_mps)) + CONTACT_SD_S * rng.standard_normal(N_ROWS)
    nothing = np.full(N_ROWS, np.nan)
    told: dict[str, Any] = {
        "time_utc_us": np.arange(N_ROWS, dtype=np.int64),
        "side": np.full(N_ROWS, "R"),
        "n_steps": np.full(N_ROWS, STEPS_A_ROW),
        "step_time_s": np.asarray(REF_POP_1.step_time_s(speed_mps)),
        "contact_time_s": contact_s,
        "contact_time_sd": np.full(N_ROWS, CONTACT_SD_S),
        "step_time_origin": np.full(N_ROWS, "estimated"),
        "gait": np.full(N_ROWS, "run"),
    }
    return StepTable(**{f.name: told.get(f.name, nothing) for f in fields(StepTable)})


def _session(model: AchillesModel, steps: StepTable, shift_s: float) -> Totals:
    """Return totals of a session whose contact times are all off by so much."""
    off = replace(steps, contact_time_s=steps.contact_time_s + shift_s)
    sums = SessionTotals(model, "imu")
    sums.add(remodelled(off, model, "imu"), np.full(len(off), True))
    sums.recorded_s = float((steps.step_time_s * steps.n_steps).sum())
    return sums.totals()
