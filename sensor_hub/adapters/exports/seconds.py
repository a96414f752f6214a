"""Steps → one row a second, for formats that know nothing finer."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.adapters.exports.content import ExportedSession
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.units import US_PER_S, utc_us

STANDING_MPS: Final = 0.5
LONGEST_INTERVAL_S: Final = 10.0
SHORTEST_PAUSE_S: Final = 1.0
PLAUSIBLE_SCALE: Final = (0.8, 1.25)  # of a total distance to the sum of speeds that it is spread over


@dataclass(frozen=True, slots=True)
class Seconds:
    """A session second by second; second i ends at ``start_s + i + 1`` (whole seconds since 1970), NaN is unknown.

    n_steps : (n,) steps of both feet in it. contact_time_s, duty_factor : (n,) means of the steps that begin in it.
    contact_balance_left : (n,) part of the left in the sum of both feet's contact times, where both begin in it.
    achilles_peak_bw, vgrf_peak_bw : (n,) modelled, means of the running steps that begin in it. grade : (n,) mean.
    speed_mps : (n,). distance_m : (n,) since the start. load_share : (n,) part of the session's load up to its end, 0
        to 1. paused : (n,) True where the runner's watch stood still.
    """

    start_s: int
    n_steps: FloatArray
    contact_time_s: FloatArray
    duty_factor: FloatArray
    contact_balance_left: FloatArray
    achilles_peak_bw: FloatArray
    vgrf_peak_bw: FloatArray
    grade: FloatArray
    speed_mps: FloatArray
    distance_m: FloatArray
    load_share: FloatArray
    paused: BoolArray


def seconds_of(session: ExportedSession) -> Seconds:
    """Resample a session: steps are spread over the time they took, so that their sum stays what it is.

    A second inside a gap has unknown steps. The session ends on the whole second nearest to its end.
    """
    steps, summary = session.steps, session.summary
    start_s = utc_us(summary.start_utc) // US_PER_S
    n = max(1, round(utc_us(summary.end_utc) / US_PER_S - start_s))
    t_s = steps.time_utc_us / US_PER_S - start_s
    from_records = summary.header.tier != "imu"
    length_s = steps.n_steps * steps.step_time_s
    begin_s = t_s - np.nan_to_num(length_s) if from_records else t_s
    unknown = _marked(n, [(utc_us(g.start_utc) / US_PER_S - start_s, utc_us(g.end_utc) / US_PER_S - start_s)
                          for g in session.gaps])  # fmt: skip
    counted = _spread(n, begin_s, np.nan_to_num(length_s), np.nan_to_num(steps.n_steps))
    place = np.clip(np.ceil(t_s).astype(int) - 1 if from_records else np.floor(t_s).astype(int), 0, n - 1)
    speed_mps = _mean(n, place, steps.speed_mps, np.ones(len(steps)))
    if from_records:
        rows = _marked_rows(n, t_s, length_s)
        known_still = speed_mps < STANDING_MPS
        unknown |= rows & (counted == 0) & ~known_still
        paused = _pauses(n, t_s, length_s, unknown)
        speed_mps = _held(speed_mps, rows & ~paused & ~unknown)
    else:
        paused = np.zeros(n, dtype=np.bool_)
    weights = np.nan_to_num(steps.n_steps)
    left_s, right_s = (
        _mean(n, place, np.where(steps.side == side, steps.contact_time_s, np.nan), weights) for side in ("L", "R")
    )
    walked = steps.gait == "walk"  # a ledger of its own, no part of the run's load
    running = np.where(walked, 0.0, weights)
    impulse = np.nan_to_num(steps.achilles_impulse_bw_s * running)
    load = np.cumsum(np.bincount(place, impulse, minlength=n)[:n])
    return Seconds(
        start_s=int(start_s),
        n_steps=np.where(unknown & (counted == 0), np.nan, counted),
        contact_time_s=_mean(n, place, steps.contact_time_s, weights),
        duty_factor=_mean(n, place, steps.duty_factor, weights),
        contact_balance_left=left_s / (left_s + right_s),
        achilles_peak_bw=_mean(n, place, steps.achilles_peak_bw, running),
        vgrf_peak_bw=_mean(n, place, steps.vgrf_peak_bw, running),
        grade=_mean(n, place, steps.grade, weights),
        speed_mps=speed_mps,
        distance_m=_distance(speed_mps, paused, summary.totals.distance_m),
        load_share=load / load[-1] if load[-1] > 0 else np.full(n, np.nan),
        paused=paused,
    )


def _spread(n: int, begin_s: FloatArray, length_s: FloatArray, amount: FloatArray) -> FloatArray:
    """Spread amounts over the seconds they lie in; what lies beyond an end counts in the second there."""
    total = np.zeros(n)
    for begin, length, value in zip(begin_s.tolist(), length_s.tolist(), amount.tolist(), strict=True):
        if length <= 0.0:
            total[min(max(math.floor(begin), 0), n - 1)] += value
            continue
        at, end = begin, begin + length
        while at < end:
            border = min(math.floor(at) + 1.0, end)
            total[min(max(math.floor(at), 0), n - 1)] += value * (border - at) / length
            at = border
    return total


def _marked(n: int, spans_s: list[tuple[float, float]]) -> BoolArray:
    """(n,) True for seconds of which more than half lies in a span."""
    covered = np.zeros(n)
    for begin, end in spans_s:
        first, last = max(0, math.floor(begin)), min(n, math.ceil(end))
        for second in range(first, last):
            covered[second] += min(end, second + 1.0) - max(begin, second)
    return covered > 0.5


def _marked_rows(n: int, t_s: FloatArray, length_s: FloatArray) -> BoolArray:
    """(n,) True for seconds that lie in the interval of a record."""
    return _marked(n, [(end - length, end) for end, length in zip(t_s, _intervals(t_s, length_s), strict=True)])


def _intervals(t_s: FloatArray, length_s: FloatArray) -> FloatArray:
    """(n,) seconds each record stands for; where it does not say, the time since the record before."""
    since_s = np.diff(t_s, prepend=t_s[:1])
    guess_s = np.where(since_s <= LONGEST_INTERVAL_S, since_s, np.minimum(since_s, 1.0))
    intervals: FloatArray = np.where(np.isfinite(length_s), length_s, guess_s)
    return intervals


def _pauses(n: int, t_s: FloatArray, length_s: FloatArray, unknown: BoolArray) -> BoolArray:
    """(n,) True for seconds between records that none of them stands for, unless nothing is known of them."""
    begins_s = t_s - _intervals(t_s, length_s)
    spans = [
        (before, begin)
        for before, begin in zip(t_s[:-1].tolist(), begins_s[1:].tolist(), strict=True)
        if begin - before >= SHORTEST_PAUSE_S
    ]
    return _marked(n, spans) & ~unknown


def _mean(n: int, place: "np.typing.NDArray[np.int_]", values: FloatArray, weights: FloatArray) -> FloatArray:
    known = np.isfinite(values) & (weights > 0)
    sums = np.bincount(place[known], (values * weights)[known], minlength=n)[:n]
    counts = np.bincount(place[known], weights[known], minlength=n)[:n]
    means: FloatArray = np.divide(sums, counts, out=np.full(n, np.nan), where=counts > 0)
    return means


def _held(values: FloatArray, inside: BoolArray) -> FloatArray:
    """Give each second inside a record's interval the record's value: the next one at or after it."""
    held = values.copy()
    for i in range(len(held) - 2, -1, -1):
        if inside[i] and np.isnan(held[i]):
            held[i] = held[i + 1]
    return held


def _distance(speed_mps: FloatArray, paused: BoolArray, total_m: float | None) -> FloatArray:
    """(n,) m: the session's distance spread over its speeds; unknown where they do not go together."""
    along = np.cumsum(np.where(paused, 0.0, np.nan_to_num(speed_mps)))
    low, high = PLAUSIBLE_SCALE
    if total_m is None or along[-1] <= 0 or not low <= total_m / along[-1] <= high:
        return np.full(len(speed_mps), np.nan)
    distance: FloatArray = along * (total_m / along[-1])
    return distance
