"""Which contact of one recording is which of another, when their clocks are a constant apart and nobody knows it.

Running repeats itself, so one step later fits almost as well. Candidates are the lags at which most initial contacts
fall together; each is judged by how little the times of contact and toe-off scatter there. Some lag is always the best,
even of two different runs: whether it is more than that, ``lag_evidence`` says.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray

FEWEST_STEPS: Final = 30
TOLERANCE_S: Final = 0.06  # ours: a third of the shortest step; beyond it two events are not the same
PIECE_S: Final = 60.0  # two clocks 100 ppm apart stay within 6 ms here
BIN_S: Final = 0.02
MOST_CANDIDATES: Final = 4000  # every step of half an hour
MOST_FOLLOWED: Final = 30
MANY: Final = 0.6  # ours: of the fullest lag's count; the true one is seldom far from it
NEARLY: Final = 1.2  # ours: a lag whose scatter is within a fifth of the best cannot be ruled out
SMALLEST_SCATTER_S: Final = 0.001
LARGEST_DRIFT: Final = 3e-4  # ours: a clock further off is broken, or the match is


@dataclass(frozen=True, slots=True, eq=False)
class Stances:
    """Contacts of one recording: initial_contact_s (n,) on its own clock, growing; contact_time_s (n,), NaN unknown."""

    initial_contact_s: FloatArray
    contact_time_s: FloatArray

    def __len__(self) -> int:
        return len(self.initial_contact_s)

    def only(self, chosen: IntArray | BoolArray | slice) -> "Stances":
        """Return the contacts chosen."""
        return Stances(self.initial_contact_s[chosen], self.contact_time_s[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Pairs of contacts.

    own, reference : (n,) rows that are the same contact. lag_s : own clock minus the reference's, in the middle of the
    pairs; drift : by how much it grows, s/s. scatter_s : root mean square of the events' distances around their own
    means, a missing partner counting as ``TOLERANCE_S``. n_expected : how many pairs there could be.
    """

    own: IntArray
    reference: IntArray
    lag_s: float
    drift: float
    scatter_s: float
    n_expected: int

    def __len__(self) -> int:
        return len(self.own)

    def turned(self) -> "Matched":
        """Return the same pairs with the two recordings in each other's place."""
        return replace(self, own=self.reference, reference=self.own, lag_s=-self.lag_s, drift=-self.drift)


def matches(own: Stances, reference: Stances) -> list[Matched]:
    """Match two recordings of the same run, of which one may see one foot only.

    Returns
    -------
    list of Matched
        The best first, then others nearly as good. Empty if no lag brings at least ``FEWEST_STEPS`` contacts together.
    """
    if min(len(own), len(reference)) < FEWEST_STEPS:
        return []
    if _span(own) < _span(reference):
        return [m.turned() for m in matches(reference, own)]
    times_s = reference.initial_contact_s
    piece = reference.only(np.abs(times_s - np.median(times_s)) <= PIECE_S / 2)
    judged = (_judge(own, piece, lag_s) for lag_s in _candidates(own.initial_contact_s, piece.initial_contact_s))
    likely = sorted((one for one in judged if one is not None), key=lambda one: one[0])[:MOST_FOLLOWED]
    found = _distinct(sorted((_followed(own, reference, lag_s) for _, lag_s in likely), key=lambda m: m.scatter_s))
    found = [m for m in found if len(m) >= FEWEST_STEPS]
    return [m for m in found if m.scatter_s <= NEARLY * max(found[0].scatter_s, SMALLEST_SCATTER_S)]


def _span(stances: Stances) -> float:
    return float(stances.initial_contact_s[-1] - stances.initial_contact_s[0])


def _candidates(long_s: FloatArray, short_s: FloatArray) -> list[float]:
    """Lags at which many events of the two fall into the same ``BIN_S``, most first."""
    lag = np.floor((long_s[:, None] - short_s[None, :]).ravel() / BIN_S).astype(np.int64)
    lags, count = np.unique(lag, return_counts=True)  # a single stray time makes their range huge
    beside = np.unique(np.concatenate([lags - 1, lags, lags + 1]))
    before, near, after = (_near(lags, count, beside + k) for k in (-1, 0, 1))
    enough = max(FEWEST_STEPS // 2, MANY * int(near.max()))
    peak = np.nonzero((near >= before) & (near > after) & (near >= enough))[0]
    most = peak[np.argsort(-near[peak], kind="stable")[:MOST_CANDIDATES]]
    return [float((k + 0.5) * BIN_S) for k in beside[most].tolist()]


def _near(lags: IntArray, count: IntArray, at: IntArray) -> IntArray:
    """(n,) how often a lag or one next to it occurs; lags (m,) grow."""
    upto = np.concatenate([[0], np.cumsum(count)])
    near: IntArray = upto[np.searchsorted(lags, at + 1, "right")] - upto[np.searchsorted(lags, at - 1, "left")]
    return near


def _judge(own: Stances, piece: Stances, lag_s: float) -> tuple[float, float] | None:
    """Scatter at about this lag, and the lag itself, better; None if too little falls together."""
    ends_s = piece.initial_contact_s[[0, -1]] + lag_s + np.array([-1.0, 1.0])
    own = own.only(slice(*np.searchsorted(own.initial_contact_s, ends_s).tolist()))
    if len(own) < FEWEST_STEPS:
        return None
    for _ in range(3):
        i, j = _pairs(own.initial_contact_s, piece.initial_contact_s + lag_s)
        if len(i) < FEWEST_STEPS // 2:
            return None
        lag_s += float(np.median(own.initial_contact_s[i] - piece.initial_contact_s[j] - lag_s))
    i, j = _pairs(own.initial_contact_s, piece.initial_contact_s + lag_s)
    n_expected = _expected(own.initial_contact_s, piece.initial_contact_s + lag_s)
    return (_scatter(own.only(i), piece.only(j), lag_s, n_expected), lag_s) if len(i) >= FEWEST_STEPS else None


def _pairs(a_s: FloatArray, b_s: FloatArray) -> tuple[IntArray, IntArray]:
    """Rows of a and b that are each other's nearest and within ``TOLERANCE_S``."""
    i = np.arange(len(a_s))
    j = _nearest(a_s, b_s)
    mutual = (_nearest(b_s, a_s)[j] == i) & (np.abs(a_s - b_s[j]) <= TOLERANCE_S)
    return i[mutual], j[mutual]


def _nearest(a_s: FloatArray, b_s: FloatArray) -> IntArray:
    """(len(a),) row of the element of b nearest to each of a."""
    right = np.clip(np.searchsorted(b_s, a_s), 1, max(1, len(b_s) - 1))
    left = right - 1
    right = np.minimum(right, len(b_s) - 1)
    return np.where(np.abs(b_s[left] - a_s) <= np.abs(b_s[right] - a_s), left, right).astype(np.int64)


def _expected(a_s: FloatArray, b_s: FloatArray) -> int:
    """How many pairs there could be where the two overlap: as many as the one with fewer events has there."""
    first_s, last_s = max(a_s[0], b_s[0]) - TOLERANCE_S, min(a_s[-1], b_s[-1]) + TOLERANCE_S
    return min(int(((s >= first_s) & (s <= last_s)).sum()) for s in (a_s, b_s))


def _scatter(own: Stances, reference: Stances, lag_s: FloatArray | float, n_expected: int) -> float:
    on_s = own.initial_contact_s - reference.initial_contact_s - lag_s
    off_s = on_s + own.contact_time_s - reference.contact_time_s
    off_s = off_s[np.isfinite(off_s)]
    squares = 0.0
    for around_s in (on_s, off_s):
        if len(around_s):
            squares += float(np.mean(np.minimum(np.abs(around_s - np.median(around_s)), TOLERANCE_S) ** 2))
    squares /= 2 if len(off_s) else 1
    missing = max(0, n_expected - len(on_s)) / max(1, n_expected)
    return float(np.sqrt((1 - missing) * squares + missing * TOLERANCE_S**2))


def _distinct(found: list[Matched]) -> list[Matched]:
    """Leave out what is the same lag twice; the better one comes first."""
    kept: list[Matched] = []
    for one in found:
        if all(abs(one.lag_s - other.lag_s) > TOLERANCE_S for other in kept):
            kept.append(one)
    return kept


def _followed(own: Stances, reference: Stances, lag_s: float) -> Matched:
    """Follow a lag from the middle of the reference to both ends, learning the drift of the clocks on the way."""
    a_s, b_s = own.initial_contact_s, reference.initial_contact_s
    centre_s, half_s, drift = float(np.median(b_s)), PIECE_S / 2, 0.0
    while True:
        near = np.nonzero(np.abs(b_s - centre_s) <= half_s)[0]
        shifted_s = b_s[near] + lag_s + drift * (b_s[near] - centre_s)
        i, j = _pairs(a_s, shifted_s)
        j = near[j]
        away_s, difference_s = b_s[j] - centre_s, a_s[i] - b_s[j]
        drift, lag_s = _line(away_s, difference_s) if half_s > PIECE_S / 2 else (0.0, float(np.median(difference_s)))
        if half_s >= b_s[-1] - b_s[0]:
            break
        half_s *= 2
    n_expected = _expected(a_s, b_s + lag_s + drift * (b_s - centre_s))
    scatter_s = _scatter(own.only(i), reference.only(j), lag_s + drift * away_s, n_expected)
    return Matched(i, j, lag_s, drift, scatter_s, n_expected)


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Slope and value at zero of a straight line; pairs that lie far off do not count."""
    kept = np.ones(len(x), dtype=bool)
    slope, level = 0.0, float(np.median(y))
    for _ in range(4):
        centred = x[kept] - x[kept].mean()
        spread = float(np.sum(centred**2))
        slope = float(np.sum(centred * y[kept]) / spread) if spread > 0 else 0.0
        level = float(y[kept].mean() - slope * x[kept].mean())
        off = np.abs(y - level - slope * x)
        kept = off <= max(0.01, 4 * float(np.median(off)))
    return slope, level
