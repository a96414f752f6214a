"""Contact times of a session beside a reference's: single steps, or means of minutes where it gives no steps."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray, TextArray
from sensor_hub.signal.calibration.event_matching import FEWEST_STEPS, LARGEST_DRIFT, Stances, matches
from sensor_hub.signal.calibration.lag_evidence import lag_evidence
from sensor_hub.units import S_PER_MIN

FEWEST_MINUTES: Final = 5  # ours: fewer means say nothing of their spread
FEWEST_IN_A_MINUTE: Final = 60.0  # steps of both feet; a minute of running has 150 or more
SMALLEST_SHARE: Final = 0.8  # ours: of the pairs there could be; below, it is another run

Reason: TypeAlias = Literal[
    "too-few",  # pairs, or minutes
    "few-in-reference",  # contacts; it is short, full of unknown samples, or its zero is wrong
    "zero-differs",  # the belt's zero that was given, from the one its flights show, N
    "no-match",  # the times of the two do not fall together at any lag
    "no-common-minute",  # or the two were not running at the same time
    "other-run",  # too few of those that overlap do
    "ambiguous",  # the steps of the two do not vary together clearly more than at other lags
    "drift",  # the clocks run too differently
    "offset-too-large",
    "sides-differ",
    "residual-too-large",
    "slope-too-large",
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no calibration comes of it: what was found, and the limit it passes (s, steps, a share, or SDs of chance)."""

    reason: Reason
    found: float
    limit: float


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The same contacts, or the same minutes, measured twice.

    at_s : (n,) when. measured_s, reference_s : (n,) contact times. side : (n,) "L", "R" or "U". n_steps : (n,) how many
    steps each stands for. of_minutes : whether they are means. lag_s, drift : between the two clocks, NaN for means.
    refusals : what is wrong with the pairing itself.
    """

    at_s: FloatArray
    measured_s: FloatArray
    reference_s: FloatArray
    side: TextArray
    n_steps: FloatArray
    of_minutes: bool
    lag_s: float = np.nan
    drift: float = np.nan
    refusals: tuple[Refusal, ...] = ()

    def __len__(self) -> int:
        return len(self.at_s)


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Mean contact time of each minute: minute (n,) since any common origin, n_steps (n,) of both feet."""

    minute: IntArray
    contact_time_s: FloatArray
    n_steps: FloatArray


def pair_steps(own: Stances, side: TextArray, reference: Stances) -> Pairs:
    """Pair the steps of a session with those of a reference whose clock is a constant apart.

    own : (n,) contacts of one or both feet, side (n,). reference : of one or both feet.
    """
    found = matches(own, reference)
    if not found:
        n = min(len(own), len(reference))
        few = n < FEWEST_STEPS
        return _none(Refusal("too-few" if few else "no-match", n if few else 0, FEWEST_STEPS))
    best = found[0]
    refusals = []
    if (share := len(best) / max(1, best.n_expected)) < SMALLEST_SHARE:
        refusals.append(Refusal("other-run", share, SMALLEST_SHARE))
    if abs(best.drift) > LARGEST_DRIFT:
        refusals.append(Refusal("drift", best.drift, LARGEST_DRIFT))
    evidence = lag_evidence(own.only(best.own), reference.only(best.reference))
    if evidence.here < evidence.needed:
        refusals.append(Refusal("ambiguous", evidence.here, evidence.needed))
    measured_s, reference_s = own.contact_time_s[best.own], reference.contact_time_s[best.reference]
    known = np.isfinite(measured_s) & np.isfinite(reference_s)
    rows = best.own[known]
    return Pairs(
        at_s=own.initial_contact_s[rows],
        measured_s=measured_s[known],
        reference_s=reference_s[known],
        side=side[rows],
        n_steps=np.ones(len(rows)),
        of_minutes=False,
        lag_s=best.lag_s,
        drift=best.drift,
        refusals=tuple(refusals),
    )


def pair_minutes(own: Means, reference: Means) -> Pairs:
    """Pair the mean contact times of minutes both have; for references that give no single steps."""
    minutes, mine, theirs = np.intersect1d(own.minute, reference.minute, return_indices=True)
    enough = (own.n_steps[mine] >= FEWEST_IN_A_MINUTE) & (reference.n_steps[theirs] >= FEWEST_IN_A_MINUTE)
    minutes, mine, theirs = minutes[enough], mine[enough], theirs[enough]
    if not len(minutes):
        return _none(Refusal("no-common-minute", 0, FEWEST_MINUTES), of_minutes=True)
    return Pairs(
        at_s=(minutes * S_PER_MIN).astype(np.float64),
        measured_s=own.contact_time_s[mine],
        reference_s=reference.contact_time_s[theirs],
        side=np.full(len(minutes), "U"),
        n_steps=own.n_steps[mine],
        of_minutes=True,
    )


def means_of(t_s: FloatArray, contact_time_s: FloatArray, n_steps: FloatArray) -> Means:
    """Mean contact time of each minute of a table, each row weighing as many steps as it stands for."""
    known = np.isfinite(contact_time_s) & (n_steps > 0)
    minute, row = np.unique(np.floor(t_s[known] / S_PER_MIN).astype(np.int64), return_inverse=True)
    steps = np.bincount(row, n_steps[known], minlength=len(minute))
    total_s = np.bincount(row, n_steps[known] * contact_time_s[known], minlength=len(minute))
    return Means(minute.astype(np.int64), total_s / steps, steps.astype(np.float64))


def _none(refusal: Refusal, *, of_minutes: bool = False) -> Pairs:
    nothing = np.empty(0)
    return Pairs(nothing, nothing, nothing, np.empty(0, "<U1"), nothing, of_minutes, refusals=(refusal,))
