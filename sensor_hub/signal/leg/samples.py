"""The newest samples of one leg as columns, with what the search needs of them."""

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.leg.events import Columns


class LegSamples:
    """The newest samples; grows at the end, is cut at the beginning.

    What came as one long block is looked at where it lies, and copied (``own``) before the caller may change it.
    """

    def __init__(self) -> None:
        self._t_s = np.empty(512)
        self._about_radps = np.empty(512)
        self._acceleration = np.empty((512, 3))
        self._rotation = np.empty((512, 3))
        self._begin = self._end = 0
        self._is_own = True
        self._wide = np.empty(0)  # rad/s of the samples of a long block

    def __len__(self) -> int:
        return self._end - self._begin

    def columns(self) -> Columns:
        """Return what is held; good until the next change."""
        held = slice(self._begin, self._end)
        return Columns(self._t_s[held], self._about_radps[held], self._acceleration[held], self._rotation[held])

    def append(self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> FloatArray:
        """Add (n,), (n, 3), (n, 3) samples, n > 0; return (n,) to be filled with rad/s about the swing axis."""
        n = len(t_s)
        if not self._is_own or self._end + n > len(self._t_s):
            self._make_room(n)
        new = slice(self._end, self._end + n)
        self._t_s[new], self._acceleration[new], self._rotation[new] = t_s, acceleration_mps2, rotation_radps
        self._end += n
        return self._about_radps[new]

    def view(
        self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray, new: slice
    ) -> FloatArray:
        """Add the samples ``new`` of a block as ``append`` does, without copying.

        What is held must be those before them in the block.
        """
        n_held, n = len(self), new.stop - new.start
        if len(self._wide) < n_held + n:
            self._wide = np.empty(n_held + n)
        about_radps = self._wide[: n_held + n]
        about_radps[:n_held] = self._about_radps[self._begin : self._end]
        all_held = slice(new.start - n_held, new.stop)
        self._t_s, self._about_radps = t_s[all_held], about_radps
        self._acceleration, self._rotation = acceleration_mps2[all_held], rotation_radps[all_held]
        self._begin, self._end, self._is_own = 0, n_held + n, False
        return about_radps[n_held:]

    def own(self) -> None:
        """Copy what still lies in the caller's block."""
        if not self._is_own:
            self._make_room(0)
            self._wide = np.empty(0)

    def _make_room(self, n: int) -> None:
        held = self.columns()
        size = len(self._t_s)
        if not self._is_own or 2 * (len(self) + n) > size:
            size = max(512, 2 * (len(self) + n))
            self._t_s, self._about_radps = np.empty(size), np.empty(size)
            self._acceleration, self._rotation = np.empty((size, 3)), np.empty((size, 3))
        end = len(self)
        self._t_s[:end], self._about_radps[:end] = held.t_s, held.about_radps
        self._acceleration[:end], self._rotation[:end] = held.acceleration_mps2, held.rotation_radps
        self._begin, self._end, self._is_own = 0, end, True

    def drop_last(self, n: int) -> None:
        """Let go of the newest n samples; no more may follow."""
        self._end -= n

    def keep_from(self, first: int) -> None:
        """Let go of the samples before one."""
        self._begin += first

    def clear(self) -> None:
        """Let go of all."""
        self._begin = self._end = 0
