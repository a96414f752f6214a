"""Single strides and seconds out of a stream; strides are laid over the same phases, so that they can be compared.

Only some strides are looked at: enough to know how a sensor is worn, few enough to cost nothing beside the detector.
Which ones depends on their number alone, and what is kept of each is interpolated phase by phase, so the result is the
same, bit for bit, for any cutting of the stream.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final, Self, TypeAlias

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.model.imu import LARGEST_MPS2, LARGEST_RADPS
from sensor_hub.signal.contacts import Contacts

N_PHASES: Final = 80  # 9 ms at 0.7 s a stride: finer than a push-off or a swing, too coarse for the peak of an impact
# The first eight, then every eighth, after six minutes every thirty-second (ours): slow change needs no more.
EVERY_ONE_BELOW: Final = 8
EVERY_EIGHTH_BELOW: Final = 512
LOOK_S, LOOK_EACH_S = 1.0, 8.0
SHORTEST_STRIDE_S: Final = 0.4
LONGEST_STRIDE_S: Final = 1.6  # walking slowly
# A stride, and detectors that look at some seconds of movement before they tell the first contact (ours).
HELD_S: Final = 6.0


def is_looked_at(number: int) -> bool:
    """Whether this one, counted from zero, is looked at."""
    return number < EVERY_ONE_BELOW or number % (8 if number < EVERY_EIGHTH_BELOW else 32) == 0


def looked_at(number: IntArray) -> BoolArray:
    """(n,) what ``is_looked_at`` says of each."""
    few = (number < EVERY_EIGHTH_BELOW) & (number % 8 == 0)
    chosen: BoolArray = (number < EVERY_ONE_BELOW) | few | (number % 32 == 0)
    return chosen


@dataclass(frozen=True, slots=True, eq=False)
class Strides:
    """Strides as columns; phase i of ``N_PHASES`` is at ``start_s + i / N_PHASES * stride_time_s``.

    start_s : (n,) initial contact, device clock. stride_time_s : (n,) to the next initial contact of the same foot.
    contact_time_s : (n,) NaN where toe-off was not seen.
    acceleration_mps2, rotation_radps : (n, N_PHASES, 3) axes as given; NaN where not measured.
    """

    start_s: FloatArray
    stride_time_s: FloatArray
    contact_time_s: FloatArray
    acceleration_mps2: FloatArray
    rotation_radps: FloatArray

    def __len__(self) -> int:
        return len(self.start_s)

    @property
    def contact_share(self) -> FloatArray:
        """(n,) contact time over stride time."""
        return self.contact_time_s / self.stride_time_s

    def only(self, chosen: BoolArray | slice) -> "Strides":
        """Return the strides chosen."""
        return Strides(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> "Strides":
        """Return the strides of all parts, in the order given."""
        if not parts:
            return _NONE
        return Strides(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)})


_NONE: Final = Strides(np.empty(0), np.empty(0), np.empty(0), np.empty((0, N_PHASES, 3)), np.empty((0, N_PHASES, 3)))
_Block: TypeAlias = tuple[FloatArray, FloatArray, FloatArray]  # time, acceleration, angular velocity


class SampleWindow:
    """The newest ``HELD_S`` of a stream, in the blocks it came in."""

    def __init__(self) -> None:
        self._blocks: deque[_Block] = deque()
        self._lasts_s: deque[float] = deque()  # newest of each block
        self._is_long = False  # whether one of them may be longer than what is held

    def take(self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> float:
        """Add samples, (n,), (n, 3), (n, 3), n > 0; return the newest time.

        They are kept for a while, so nobody may change them.
        """
        last_s = float(t_s[-1])
        self._blocks.append((t_s, acceleration_mps2, rotation_radps))
        self._lasts_s.append(last_s)
        self._is_long |= last_s - float(t_s[0]) > 2 * HELD_S
        return last_s

    def forget(self) -> None:
        """Drop what is too old to be looked at."""
        lasts_s = self._lasts_s
        if not lasts_s:
            return
        oldest_s = lasts_s[-1] - HELD_S
        while lasts_s[0] < oldest_s:
            self._blocks.popleft()
            lasts_s.popleft()
        if self._is_long:
            self._shorten(oldest_s)

    def _shorten(self, oldest_s: float) -> None:
        """Keep the end of a long block: an hour must not be kept for its last seconds."""
        first = self._blocks[0]
        if self._lasts_s[0] - first[0][0] > 2 * HELD_S:
            keep = int(np.searchsorted(first[0], oldest_s))
            self._blocks[0] = (first[0][keep:].copy(), first[1][keep:].copy(), first[2][keep:].copy())
            self._is_long = len(self._blocks) > 1

    def clear(self) -> None:
        """Drop everything."""
        self._blocks.clear()
        self._lasts_s.clear()
        self._is_long = False

    @property
    def newest_block_s(self) -> float:
        """Where the newest block begins; the samples from there on are not copied to be looked at."""
        return float(self._blocks[-1][0][0]) if self._blocks else np.inf

    def between(self, begin_s: float, end_s: float) -> _Block:
        """Return a block with the samples from one time to another, as far as they are held, and their neighbours.

        Nobody may change it.
        """
        if not self._blocks:
            return np.empty(0), np.empty((0, 3)), np.empty((0, 3))
        found: list[_Block] = []
        for block in reversed(self._blocks):
            found.append(block)
            if block[0][0] <= begin_s:
                break
        if len(found) > 1 and self._lasts_s[-1] - found[0][0][0] > HELD_S:
            n = int(np.searchsorted(found[0][0], end_s)) + 1  # an hour must not be copied for its first seconds
            found[0] = found[0][0][:n], found[0][1][:n], found[0][2][:n]
        return found[0] if len(found) == 1 else _joined(found[::-1])


class StrideSampler:
    """Pairs contacts to strides and lays the chosen ones over phases."""

    def __init__(self, feet_seen: int) -> None:
        self._feet_seen = feet_seen
        self._number = 0  # of the first contact that waits
        self._waiting = np.empty((2, 0))  # initial contact, toe-off

    def flush(self) -> None:
        """A break: the open stride has no end."""
        self._number += self._waiting.shape[1]
        self._waiting = np.empty((2, 0))

    def take(self, contacts: Contacts, samples: SampleWindow) -> Strides:
        """Return the chosen strides that end with one of these contacts."""
        told = np.array([contacts.initial_contact_s, contacts.toe_off_s])
        joined = np.concatenate([self._waiting, told], axis=1) if self._waiting.size else told
        n_whole = max(0, joined.shape[1] - self._feet_seen)
        first, self._number = self._number, self._number + n_whole
        self._waiting = joined[:, n_whole:].copy()
        if not n_whole or (n_whole == 1 and not is_looked_at(first)):
            return _NONE
        number = np.arange(first, first + n_whole)
        start_s, stride_s = joined[0, :n_whole], joined[0, self._feet_seen :] - joined[0, :n_whole]
        chosen = looked_at(number) & (stride_s >= SHORTEST_STRIDE_S) & (stride_s <= LONGEST_STRIDE_S)
        if not chosen.any():
            return _NONE
        start_s, stride_s, contact_s = start_s[chosen], stride_s[chosen], (joined[1, :n_whole] - start_s)[chosen]
        is_before = start_s < samples.newest_block_s
        found = []
        for some in (is_before, ~is_before):
            if some.any():
                ends_s = start_s[some] + stride_s[some]
                block = samples.between(float(start_s[some].min()), float(ends_s.max()))
                found.append(laid_over_phases(start_s[some], stride_s[some], contact_s[some], *block))
        return found[0] if len(found) == 1 else Strides.concatenate(found)


class SecondSampler:
    """Looks at single seconds, with contacts or without: how hard they shake and how fast they turn."""

    def __init__(self) -> None:
        self._number = 0
        self._begin_s: float | None = None  # of the next second to be looked at

    @property
    def due_s(self) -> float:
        """Newest time from which on samples must be taken; before it they change nothing."""
        return -np.inf if self._begin_s is None else self._begin_s + LOOK_S

    def flush(self) -> None:
        """A break: the open second has no end."""
        self._number += self._begin_s is not None
        self._begin_s = None

    def take(self, first_s: float, last_s: float, samples: SampleWindow) -> FloatArray:
        """Return (n, 2) of the seconds that ended: standard deviation of |acceleration|, m/s², and rms turn, rad/s.

        first_s, last_s : device time of the samples just added. Samples that no worn sensor can have measured are left
        out; a second with fewer than two others says nothing. The turn is NaN without a gyroscope.
        """
        if self._begin_s is None:
            self._begin_s = first_s
        if last_s < self._begin_s + LOOK_S:
            return np.empty((0, 2))
        found = []
        while last_s >= self._begin_s + LOOK_S:
            t_s, acceleration, rotation = samples.between(self._begin_s, self._begin_s + LOOK_S)
            chosen = slice(*np.searchsorted(t_s, [self._begin_s, self._begin_s + LOOK_S]).tolist())
            # alike in memory for any cutting
            part = _possible(acceleration[chosen].copy(), LARGEST_MPS2)
            turn = _possible(rotation[chosen].copy(), LARGEST_RADPS)
            size, squares = (_known((values**2).sum(axis=1)) for values in (part, turn))
            if len(size) >= 2:
                turn_radps = float(np.sqrt(squares.mean())) if len(squares) else np.nan
                found.append([float(np.sqrt(size).std()), turn_radps])
            self._number += 1
            self._begin_s += LOOK_EACH_S if self._number < EVERY_ONE_BELOW else 8 * LOOK_EACH_S
        return np.array(found).reshape(-1, 2)


def laid_over_phases(
    start_s: FloatArray,
    stride_time_s: FloatArray,
    contact_time_s: FloatArray,
    t_s: FloatArray,
    acceleration_mps2: FloatArray,
    rotation_radps: FloatArray,
) -> Strides:
    """Interpolate samples (n,), (n, 3), (n, 3) at the phases of each stride; those beyond the samples are left out."""
    if not len(t_s):
        return _NONE
    inside = (start_s >= t_s[0]) & (start_s + stride_time_s <= t_s[-1])
    start_s, stride_time_s, contact_time_s = start_s[inside], stride_time_s[inside], contact_time_s[inside]
    at_s = start_s[:, None] + stride_time_s[:, None] * (np.arange(N_PHASES) / N_PHASES)
    after = np.clip(np.searchsorted(t_s, at_s, side="right"), 1, len(t_s) - 1)
    before_s = t_s[after - 1]
    share = ((at_s - before_s) / (t_s[after] - before_s))[:, :, None]

    def between(early: FloatArray, late: FloatArray) -> FloatArray:
        values: FloatArray = early + share * (late - early)
        return values

    return Strides(
        start_s,
        stride_time_s,
        contact_time_s,
        between(*(_possible(acceleration_mps2[at], LARGEST_MPS2) for at in (after - 1, after))),
        between(*(_possible(rotation_radps[at], LARGEST_RADPS) for at in (after - 1, after))),
    )


def _possible(values: FloatArray, largest: float) -> FloatArray:
    """Return values of our own, NaN where no worn sensor can have measured that: a pelvis is timed by one good axis."""
    if len(values) and not (values.max() <= largest and values.min() >= -largest):  # NaN compares false
        values[~(np.abs(values) <= largest)] = np.nan
    return values


def _known(values: FloatArray) -> FloatArray:
    found: FloatArray = values[~np.isnan(values)]
    return found


def _joined(blocks: Iterable[_Block]) -> _Block:
    t_s, acceleration, rotation = zip(*blocks, strict=True)
    return np.concatenate(t_s), np.concatenate(acceleration), np.concatenate(rotation)
