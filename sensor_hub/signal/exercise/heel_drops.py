"""Heel drops counted from a sensor on a foot or a shank, with the time each lowering takes. Experimental.

A foot turns far, so its angle is followed (gravity tells it slowly and without drift, the gyroscope quickly and with
drift; the two are joined without delay), and a slow way down through most of its range is a repetition. A shank leans
hardly more than it sways on one leg, so what is counted are its rises of some centimetres, from the vertical
acceleration integrated twice, and what goes down after each.

Validity: simulated heel drops only (``simulation.heel_drops``); nobody's real ones were counted beside a video. A
sensor of fewer than 20 samples a second is refused: two samples would be half of the time that is to be told. What a
shank tells of time is rough.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from sensor_hub.errors import ExerciseError
from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.model.gait import Mount
from sensor_hub.units import DEGREE_RAD

LOWEST_RATE_HZ: Final = 20.0  # ours
GRID_HZ: Final = 50.0
LONGEST_GAP_S: Final = 0.5  # a repetition with a longer one in it is not counted (ours)
SHORTEST_S: Final = 3.0
MOUNTS: Final = ("foot", "shank")
LEAST_RANGE_RAD: Final = 12 * DEGREE_RAD  # of a foot's movement (ours)
LEAST_RISE_M: Final = 0.02  # of a shank's (ours)
LONGEST_S: Final = 12.0  # that a lowering may take (ours)
FASTEST_S: Final = 0.6  # a heel that falls faster is a step, not a lowering (ours)
PAUSE_S: Final = 15.0  # between two sets (ours)
_TILT_SD_S: Final = 1.5  # gravity is believed over so long, the gyroscope within it
_CALM_SD_S: Final = {"foot": 0.05, "shank": 0.08}
_UPRIGHT_SD_S: Final = 0.6  # over it a shank's own movement leaves gravity where it is
_DRIFT_SD_S: Final = 3.0  # what changes more slowly is an integral's drift
_RANGE: Final = (3.0, 97.0)  # percentiles
_UPPER, _LOWER = 0.7, 0.3  # of the range: a way down passes both (ours)
_FASTEST_MIDDLE_S: Final = 0.25  # between the two (ours)
_RISE_MPS: Final = 0.015  # a shank that goes up faster rises (ours)
_RISE_PEAK_MPS: Final = 0.035  # and at its fastest (ours)
_SHORTEST_RISE_S: Final = 0.5  # of a shorter one somebody only lifts the heel while waiting (ours)
_AT_ONCE_S: Final = 0.8  # after a rise, in which a step would fall again (ours)
_FALL_MPS: Final = 0.15  # faster than the fastest lowering (ours)
_PART_OF_FALL: Final = 0.55  # (ours)
_SEEN: Final = 0.7  # of a rise: what goes down less was not seen whole (ours)
_PAUSES_S: Final = 0.4  # a lowering may pause for so long (ours)
_STARTS: Final = {"foot": 0.12, "shank": 0.4}  # of a lowering's usual speed: slower is standing (ours)
_SOONER_S: Final = {"foot": 0.04, "shank": 0.14}  # so long it takes to get so fast (ours, from the simulator)
_PART_OF_USUAL: Final = 0.6  # a heel that is lifted while somebody waits goes less far (ours)


@dataclass(frozen=True, slots=True, eq=False)
class HeelDropCount:
    """Repetitions in order of time.

    lowering_start_s, lowering_s : (m,) s on the sensor's clock, and how long each lowering took; ``lowering_s`` is NaN
    where it was not seen whole. set_number : (m,) from 1; a pause of 15 s begins another.
    """

    lowering_start_s: FloatArray
    lowering_s: FloatArray
    set_number: IntArray

    def __len__(self) -> int:
        return len(self.lowering_start_s)

    def reps_by_set(self) -> list[int]:
        """How many repetitions each set had."""
        return [int(n) for n in np.unique(self.set_number, return_counts=True)[1]]


class Way(NamedTuple):
    """A way down, or what follows a rise.

    begin, end : samples. went : how far, rad of a foot and m of a shank. timed : its time can be believed.
    """

    begin: int
    end: int
    went: float
    timed: bool


def count_heel_drops(
    t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray, mount: Mount
) -> HeelDropCount:
    """Count heel drops.

    Parameters
    ----------
    t_s : (n,)
        s, rising.
    acceleration_mps2, rotation_radps : (n, 3)
        m/s² with gravity, and rad/s, in the sensor's axes; however it is turned on its segment.
    mount : "foot" or "shank"

    Raises
    ------
    ExerciseError
        If the sensor is too slow, without a gyroscope, elsewhere, or the recording too short.
    """
    if mount not in MOUNTS:
        raise ExerciseError(f"heel drops are counted from a foot or a shank, not from a {mount}")
    keep = np.isfinite(acceleration_mps2).all(axis=1) & np.isfinite(rotation_radps).all(axis=1)
    keep &= np.concatenate([[True], np.diff(np.maximum.accumulate(t_s)) > 0])
    t_s, acceleration, rotation = t_s[keep], acceleration_mps2[keep], rotation_radps[keep]
    if not len(t_s):
        raise ExerciseError("there is no sample with acceleration and angular velocity: wear a sensor that has both")
    if t_s[-1] - t_s[0] < SHORTEST_S:
        raise ExerciseError(f"{t_s[-1] - t_s[0]:.1f} s are too short for a heel drop: record 3 s at least")
    rate_hz = 1.0 / float(np.median(np.diff(t_s)))
    if rate_hz < LOWEST_RATE_HZ:
        raise ExerciseError(
            f"{rate_hz:.1f} samples a second are too slow to time a heel drop: set the sensor to 20 or more"
        )
    grid_s = np.arange(t_s[0], t_s[-1], 1 / GRID_HZ)
    felt = _smoothed(_on_grid(grid_s, t_s, acceleration), _CALM_SD_S[mount])
    turned = _smoothed(_on_grid(grid_s, t_s, rotation), _CALM_SD_S[mount])
    ways = _ways_of_foot(*_turning(felt, turned)) if mount == "foot" else _ways_of_shank(_rising(felt))
    return _lowerings(grid_s, ways, _known(grid_s, t_s))


def _on_grid(grid_s: FloatArray, t_s: FloatArray, values: FloatArray) -> FloatArray:
    return np.column_stack([np.interp(grid_s, t_s, values[:, k]) for k in range(3)])


def _known(grid_s: FloatArray, t_s: FloatArray) -> BoolArray:
    """(n,) where samples lie close enough to each other."""
    after = np.clip(np.searchsorted(t_s, grid_s), 1, len(t_s) - 1)
    return np.asarray(t_s[after] - t_s[after - 1] <= LONGEST_GAP_S)


def _smoothed(values: FloatArray, sd_s: float) -> FloatArray:
    """(n, k) after a Gaussian without delay; at both ends the course goes on as it was."""
    reach = min(int(4 * sd_s * GRID_HZ) + 1, len(values) - 1)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (sd_s * GRID_HZ)) ** 2)
    weights /= weights.sum()
    first = 2 * values[0] - values[reach:0:-1]
    last = 2 * values[-1] - values[-2 : -reach - 2 : -1]
    padded = np.concatenate([first, values, last])
    return np.column_stack([np.convolve(padded[:, k], weights, mode="valid") for k in range(values.shape[1])])


def _rising(felt: FloatArray) -> FloatArray:
    """(n,) m/s upwards, without what drifts."""
    down = _smoothed(felt / np.linalg.norm(felt, axis=1, keepdims=True), _UPRIGHT_SD_S)
    upward = np.einsum("ni,ni->n", felt, down / np.linalg.norm(down, axis=1, keepdims=True))
    return _without_drift(np.cumsum(_without_drift(upward, 2 * _DRIFT_SD_S)) / GRID_HZ, _DRIFT_SD_S)


def _without_drift(values: FloatArray, sd_s: float) -> FloatArray:
    return values - _smoothed(values[:, np.newaxis], sd_s)[:, 0]


def _turning(felt: FloatArray, turned: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(n,) rad and (n,) rad/s of a foot in the plane in which gravity moves most; positive as it rises."""
    down = felt / np.linalg.norm(felt, axis=1, keepdims=True)
    middle = np.median(down, axis=0)
    middle /= np.linalg.norm(middle)
    _, vectors = np.linalg.eigh(np.cov((down - np.outer(down @ middle, middle)).T))
    along = vectors[:, -1] - middle * (vectors[:, -1] @ middle)
    along /= np.linalg.norm(along)
    tilt = np.unwrap(np.arctan2(down @ along, down @ middle))
    rate = -turned @ np.cross(middle, along)  # what turns one way sees gravity turn the other way
    integral = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2)]) / GRID_HZ
    apart = _smoothed((tilt - integral)[:, np.newaxis], _TILT_SD_S)[:, 0]
    angle, speed = integral + apart, rate + np.gradient(apart, 1 / GRID_HZ)
    sign = 1.0 if float(speed @ _rising(felt)) >= 0 else -1.0
    return sign * angle, sign * speed


def _lowerings(grid_s: FloatArray, ways: list[Way], known: BoolArray) -> HeelDropCount:
    found = [
        (grid_s[way.begin], grid_s[way.end] if way.timed else np.nan, grid_s[way.end])
        for way in ways
        if known[way.begin : way.end + 1].all()
    ]
    if not found:
        return HeelDropCount(np.empty(0), np.empty(0), np.empty(0, np.int64))
    starts, ends, over = np.array(found).T
    pauses = np.concatenate([[False], starts[1:] - over[:-1] > PAUSE_S])
    return HeelDropCount(starts, ends - starts, np.cumsum(pauses) + 1)


def _ways_of_foot(up: FloatArray, speed: FloatArray) -> list[Way]:
    low, high = np.percentile(up, _RANGE)
    if high - low < LEAST_RANGE_RAD:
        return []
    ways = []
    for first, last in _ways_down(up, low + _UPPER * (high - low), low + _LOWER * (high - low)):
        begin, end = _whole_way(speed, first, last)
        if end - begin >= FASTEST_S * GRID_HZ:
            ways.append(Way(begin, end, float(up[begin] - up[end]), timed=True))
    usual = float(np.median([way.went for way in ways])) if ways else 0.0
    return [way for way in ways if way.went >= _PART_OF_USUAL * usual]


def _ways_of_shank(speed: FloatArray) -> list[Way]:
    """Return what follows each rise: drift hides a slow way down, and never the quick way up before it.

    A way down that comes to much less than the rise was not seen whole, and has no time.
    """
    rises = [
        (begin, end, float(speed[begin:end].sum()) / GRID_HZ)
        for begin, end in _stretches(speed > _RISE_MPS)
        if end - begin >= _SHORTEST_RISE_S * GRID_HZ and speed[begin:end].max() >= _RISE_PEAK_MPS
    ]
    rises = [rise for rise in rises if rise[2] >= LEAST_RISE_M and not _falls_back(speed, rise[1])]
    ways, usual = [], float(np.median([height for *_, height in rises])) if rises else 0.0
    for k, (_, top, height) in enumerate(rises):
        until = min(rises[k + 1][0] if k + 1 < len(rises) else len(speed), top + int(LONGEST_S * GRID_HZ))
        begin, end = _way_after(speed, top, until)
        fell = -float(speed[begin:end].sum()) / GRID_HZ
        timed = fell >= _SEEN * height and end - begin >= FASTEST_S * GRID_HZ
        if height < _PART_OF_USUAL * usual and fell < _PART_OF_FALL * usual:
            continue  # up from the bottom to level, and no lowering after it
        ways.append(Way(begin, end, height, timed))
    return ways


def _falls_back(speed: FloatArray, top: int) -> bool:
    """Whether a heel that went up fell at once, as in a step."""
    after = speed[top : top + int(_AT_ONCE_S * GRID_HZ)]
    return bool(len(after)) and float(after.min()) < -_FALL_MPS


def _way_after(speed: FloatArray, top: int, until: int) -> tuple[int, int]:
    """Return begin and end of the way down between two moments: the stretch that takes most of it."""
    falling = np.minimum(speed[top:until], 0.0)
    if not falling.any():
        return top, top
    usual = float((falling * falling).sum() / falling.sum())  # of the time it falls most of the way
    stretches = _stretches(falling < _STARTS["shank"] * usual, pause=int(_PAUSES_S * GRID_HZ))
    begin, end = max(stretches, key=lambda s: -falling[s[0] : s[1]].sum())
    sooner = round(_SOONER_S["shank"] * GRID_HZ)
    return max(top + begin - sooner, 0), min(top + end + sooner, len(speed) - 1)


def _stretches(chosen: BoolArray, pause: int = 0) -> list[tuple[int, int]]:
    """Return [begin, end) of stretches that are True; pauses of up to ``pause`` samples do not part them."""
    at = np.flatnonzero(chosen)
    if not len(at):
        return []
    cuts = np.flatnonzero(np.diff(at) > pause + 1)
    begins, ends = at[np.concatenate([[0], cuts + 1])], at[np.concatenate([cuts, [len(at) - 1]])] + 1
    return [(int(begin), int(end)) for begin, end in zip(begins, ends, strict=True)]


def _ways_down(up: FloatArray, upper: float, lower: float) -> list[tuple[int, int]]:
    """Return (last above ``upper``, first below ``lower`` after it) of each way down that is not a fall."""
    state = np.where(up > upper, 1, np.where(up < lower, -1, 0))
    at = np.flatnonzero(state)
    falls = np.flatnonzero((state[at[:-1]] == 1) & (state[at[1:]] == -1))
    ways = [(int(at[k]), int(at[k + 1])) for k in falls]
    return [way for way in ways if way[1] - way[0] >= _FASTEST_MIDDLE_S * GRID_HZ]


def _whole_way(speed: FloatArray, first: int, last: int) -> tuple[int, int]:
    """Widen the middle of a way down to where the heel begins to fall and where it stops."""
    usual, sooner = float(np.median(speed[first : last + 1])), round(_SOONER_S["foot"] * GRID_HZ)
    slow = np.flatnonzero(speed > _STARTS["foot"] * usual)  # falling is negative
    before, after = slow[slow <= first], slow[slow >= last]
    begin = int(before[-1]) - sooner if len(before) else 0
    end = int(after[0]) + sooner if len(after) else len(speed) - 1
    return max(begin, 0), min(end, len(speed) - 1)
