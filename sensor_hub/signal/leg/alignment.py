"""Which way round a sensor sits on a leg: the axis the leg swings about, found from the run itself.

A running leg turns mostly in one plane, so the swing axis is the principal axis of the angular velocity. Its sign
follows from what comes after: the foot lands at the end of a forward swing, and nothing lands after a push-off. A
strap that slips shows in the share of the movement that is still about the axis; then it is found again.

Finding a joint's axis from what a sensor measures, whatever way round it is: Seel et al. 2014, doi
10.3390/s140406891. The principal axis and the sign from the landing are ours. A sensor without a gyroscope cannot be
aligned, and nothing is found with it.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.leg.parts import ranges

MOVING_RADPS: Final = 2.6  # ~150 deg/s: no standing or fidgeting leg turns that fast
CALIBRATION_S: Final = 3.0  # movement needed before an axis is trusted: two strides of a walk, four of a run
SHORTEST_PAUSE_S: Final = 0.5  # by how much the search moves on where the movement was none of a runner's
LEAST_MOVING: Final = 0.25  # ours: share of the time a walking or running leg turns fast; a fidget does so once
LEAST_SHARE: Final = 0.4  # ours: of the movement about one axis; a third would be no axis at all
LEAD_S: Final = 0.5  # before the first fast sample: its swing began there
HELD_S: Final = 2.0
LANDING_S: Final = 0.18  # after a fast swing the foot lands within this
CLEAR_LANDING: Final = (
    2.0  # ours: by how much it jolts harder after swings than after push-offs; simulated, 3 or more at 50 Hz
)
FAST_FRACTION: Final = 0.4
SHORTEST_LOBE_S: Final = 0.05  # an impact turns a leg fast, too, but not for long
SLIP_S: Final = 2.0  # movement in which a slip shows
SLIP_FRACTION: Final = 0.7  # ours: of the share at calibration; a strap turned by 33 degrees leaves that much
SLIP_MOVING_RADPS: Final = 2.0
SLIP_INTERVAL_S: Final = 0.05  # the watch needs no finer samples

FEW: Final = 64  # so few samples are projected in the fewest calls

_Samples: TypeAlias = tuple[FloatArray, FloatArray, FloatArray]  # time, acceleration, angular velocity


@dataclass(frozen=True, slots=True, eq=False)
class SwingAxis:
    """Unit vector in the sensor's axes, right-handed for a forward swing (of a foot: toes up), and how well it fits.

    share : of the squared angular velocity that is about it. interval_s : median time between samples.
    """

    direction: FloatArray
    share: float
    interval_s: float

    def about(self, rotation_radps: FloatArray, out: FloatArray) -> None:
        """Write (n,) rad/s about the axis; the sum is spelled out because a matrix product may depend on n."""
        if len(out) <= FEW:
            x_part, y_part, z_part = (rotation_radps * self.direction).T
            np.add(x_part, y_part, out=out)
            out += z_part
            return
        x, y, z = self.direction.tolist()
        part = np.multiply(rotation_radps[:, 1], y)
        np.multiply(rotation_radps[:, 0], x, out=out)
        out += part
        out += np.multiply(rotation_radps[:, 2], z, out=part)


def squared_length(vectors: FloatArray) -> FloatArray:
    """(n,) of (n, 3), the same whatever n is."""
    x, y, z = vectors.T
    found: FloatArray = x * x
    found += y * y
    found += z * z
    return found


def swing_axis(t_s: FloatArray, jolt_mps2: FloatArray, rotation_radps: FloatArray) -> SwingAxis | None:
    """Find the swing axis in some seconds of movement.

    Parameters
    ----------
    t_s : (n,) s. rotation_radps : (n, 3), sensor axes.
    jolt_mps2 : (n,)
        Length of the change of acceleration since the sample before.

    Returns
    -------
    SwingAxis or None
        None where the movement is not that of a walking or running leg.
    """
    squared = np.einsum("ij,ij->i", rotation_radps, rotation_radps)
    if np.mean(squared > MOVING_RADPS**2) < LEAST_MOVING:
        return None
    values, vectors = np.linalg.eigh(np.einsum("ij,ik->jk", rotation_radps, rotation_radps))
    share = float(values[-1] / values.sum())
    if share < LEAST_SHARE:
        return None
    direction: FloatArray = vectors[:, -1]
    about = np.einsum("ij,j->i", rotation_radps, direction)
    lands = _jolt_after(t_s, jolt_mps2, about), _jolt_after(t_s, jolt_mps2, -about)
    if max(lands) <= CLEAR_LANDING * min(lands):
        return None
    sign = 1.0 if lands[0] > lands[1] else -1.0
    return SwingAxis(sign * direction, share, float(np.median(np.diff(t_s))))


def _jolt_after(t_s: FloatArray, jolt_mps2: FloatArray, about: FloatArray) -> float:
    """Mean squared jolt in the time a foot lands in, after each broad lobe of fast turning the positive way."""
    fast = about > FAST_FRACTION * np.percentile(about, 98)
    edges = np.diff(fast.astype(np.int8))
    begin, end = np.flatnonzero(edges == 1) + 1, np.flatnonzero(edges == -1) + 1
    end = end[np.searchsorted(end, begin[0]) :] if len(begin) else end[:0]
    begin = begin[: len(end)]
    broad = (t_s[end] - t_s[begin] >= SHORTEST_LOBE_S) & (t_s[end] + LANDING_S <= t_s[-1])
    begin, end = begin[broad], end[broad]
    if not len(end):
        return 0.0
    flat, starts = ranges(end, np.searchsorted(t_s, t_s[end] + LANDING_S) - end)
    return float(np.mean(np.add.reduceat(jolt_mps2[flat] ** 2, starts)))


class AxisSearch:
    """Holds samples until a leg has walked or run for ``CALIBRATION_S``, and gives them back with the axis."""

    def __init__(self) -> None:
        self._held: list[_Samples] = []
        self._first_s = np.inf  # first fast sample from ``_after_s`` on
        self._after_s = -np.inf

    def receive(
        self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray
    ) -> tuple[SwingAxis, _Samples] | None:
        """Take samples; return the axis and what came from ``LEAD_S`` before the movement on, or None."""
        self._held.append((t_s.copy(), acceleration_mps2.copy(), rotation_radps.copy()))
        if self._first_s == np.inf:
            self._look(t_s, rotation_radps)
        while float(t_s[-1]) >= self._first_s + CALIBRATION_S:
            held = self._joined(self._first_s - LEAD_S)
            window = slice(*np.searchsorted(held[0], [self._first_s, self._first_s + CALIBRATION_S]).tolist())
            jolt = np.zeros(len(held[0]))
            jolt[2:] = np.sqrt(np.sum(np.diff(held[1], n=2, axis=0) ** 2, axis=1))
            axis = swing_axis(held[0][window], jolt[window], held[2][window])
            if axis is not None:
                return axis, held
            self._after_s, self._first_s = self._first_s + SHORTEST_PAUSE_S, np.inf
            self._look(held[0], held[2])
        if self._first_s == np.inf and float(t_s[-1]) > float(self._held[0][0][0]) + 2 * HELD_S:
            self._joined(float(t_s[-1]) - HELD_S)
        return None

    def _look(self, t_s: FloatArray, rotation_radps: FloatArray) -> None:
        is_fast = squared_length(rotation_radps) > MOVING_RADPS**2
        fast = np.flatnonzero(is_fast & (t_s >= self._after_s))
        if len(fast):
            self._first_s = float(t_s[fast[0]])

    def _joined(self, start_s: float) -> _Samples:
        """Let go of what is older than a time, and return the rest in one."""
        joined = tuple(np.concatenate(columns) for columns in zip(*self._held, strict=True))
        at = int(np.searchsorted(joined[0], start_s))
        self._held = [(joined[0][at:], joined[1][at:], joined[2][at:])]
        return self._held[0]


class SlipWatch:
    """Looks whether the movement is still about the axis, in windows of ``SLIP_S`` of device time."""

    def __init__(self, axis: SwingAxis, start_s: float) -> None:
        self._least = SLIP_FRACTION * axis.share
        self._every = max(1, round(SLIP_INTERVAL_S / axis.interval_s))
        self._start_s = start_s
        self._n_windows = 1  # the open one included
        self._skip = 0  # samples until the next one that is looked at
        self._held = [np.empty(64), np.empty((3, 64)), np.empty(64)]  # as received: what is looked at, ...
        self._n = 0  # ... and how many of them there are, in the open window

    def receive(self, t_s: FloatArray, rotation_radps: FloatArray, about_radps: FloatArray) -> None:
        """Take (n,), (n, 3), (n,) samples."""
        first, n_before = self._skip, self._n
        self._skip -= len(t_s)
        if self._skip >= 0:
            return
        self._skip %= self._every
        looked = slice(first, None, self._every)
        self._n += (len(t_s) - first - 1) // self._every + 1
        if self._n > len(self._held[0]):
            room = [np.empty((*held.shape[:-1], 8 * self._n)) for held in self._held]
            for wide, held in zip(room, self._held, strict=True):
                wide[..., :n_before] = held[..., :n_before]
            self._held = room
        new = slice(n_before, self._n)
        t_held, rotation_held, about_held = self._held
        t_held[new], rotation_held[:, new] = t_s[looked], rotation_radps[looked].T
        about_held[new] = about_radps[looked]

    def slipped(self) -> int | None:
        """Return how many samples came since a slip is certain, the one that made it so included; None if none is."""
        if not self._n or self._held[0][self._n - 1] < self._start_s + SLIP_S * self._n_windows:
            return None
        t_s, rotation_radps, about = (held[..., : self._n] for held in self._held)
        more = int((t_s[-1] - self._start_s) / SLIP_S) + 2
        ends_s = self._start_s + SLIP_S * np.arange(self._n_windows, more)
        ends_s = ends_s[ends_s <= t_s[-1]]
        begins = np.concatenate([(0,), t_s.searchsorted(ends_s)])
        begins = begins[np.concatenate([(True,), begins[1:] > begins[:-1]])]
        squared = np.stack([squared_length(rotation_radps.T), about * about])
        sums = np.add.reduceat(squared, begins, axis=1)[:, :-1]
        slipped = (sums[0] > np.diff(begins) * SLIP_MOVING_RADPS**2) & (sums[1] < self._least * sums[0])
        if slipped.any():
            return (self._n - int(begins[int(np.argmax(slipped)) + 1])) * self._every - self._skip
        self._n_windows += len(ends_s)
        open_window = slice(int(begins[-1]), self._n)
        self._n -= open_window.start
        for held in self._held:
            held[..., : self._n] = held[..., open_window]
        return None
