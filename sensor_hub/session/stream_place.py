"""Where one stream's samples lie on the timeline: its clock, its newest sample, and how far a piece of it may go."""

from typing import Final

import numpy as np

from sensor_hub.decoders.clock_fit import ClockFit
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.imu import ImuBlock
from sensor_hub.signal.gaps import (
    LARGEST_DELAY_US,
    LONGEST_INTERVAL_S,
    LONGEST_SILENCE_S,
    clock_was_set,
    jumped_ahead,
    runs_on,
    steps_between,
)

MOST_WINDOWS: Final = 64  # of its clock in one piece; the clock remembers twice as many


class StreamPlace:
    """The clock of a stream and its newest sample.

    newest_s : device second, None before the first. newest_offset_us : arrival minus device time there.
    is_set : whether the clock was set before the piece that comes next.
    """

    def __init__(self) -> None:
        self.clock = ClockFit()
        self.newest_s: float | None = None
        self.newest_offset_us = np.inf
        self.is_set = False

    @property
    def last_us(self) -> int | None:
        """Time of the newest sample."""
        return None if self.newest_s is None else self.time_us(self.newest_s)

    def anchor(self, device_s: float, utc_us: int) -> None:
        """Say when a device second happened; only the first word counts until the clock is reset."""
        if not self.clock.is_started:
            self.clock.start(device_s, utc_us)

    def time_us(self, device_s: float) -> int:
        """UTC microsecond of a device second, at most ``LATEST_US``."""
        return self.clock.time_us(device_s)

    def next_us(self, device_s: float, offset_us: float | None) -> int:
        """UTC microsecond at which the next sample lets the session's clock be; a clock put ahead moves it nowhere."""
        if self._was_set(device_s, offset_us):
            return self.time_us(device_s if self.newest_s is None else min(device_s, self.newest_s))
        self.clock.roll(device_s)
        return self.time_us(device_s)

    def _was_set(self, device_s: float, offset_us: float | None) -> bool:
        if self.newest_s is None:
            return False
        step_s = device_s - self.newest_s
        offset_step_us = 0.0 if offset_us is None else offset_us - self.newest_offset_us
        jumped = step_s > LONGEST_INTERVAL_S and offset_step_us < -LARGEST_DELAY_US
        return jumped or not 0 <= step_s <= LONGEST_SILENCE_S

    def piece_end(self, block: ImuBlock, offset_us: FloatArray | None, start: int, boundary_us: int) -> int:
        """Return where the piece that begins at ``start`` must end: at the boundary, or where the clock was set.

        A sample after that is a piece of its own, because it moves the stream's place on the timeline. The clock learns
        from the arrivals up to there.
        """
        t_s = block.t_s[start:]
        offset_us = None if offset_us is None else offset_us[start:]
        self.is_set = self._was_set(float(t_s[0]), None if offset_us is None else float(offset_us[0]))
        self.is_set |= self.clock.is_behind and self.newest_s is not None
        if self.is_set:
            return start + 1
        if not runs_on(t_s):
            step_s = steps_between(t_s, float(t_s[0]))
            outside = clock_was_set(step_s)
            if offset_us is not None:
                outside |= jumped_ahead(step_s, steps_between(offset_us, float(offset_us[0])))
            outside[0] = False
            if outside.any():
                t_s = t_s[: int(outside.argmax())]
        return start + self._follow(t_s, offset_us, boundary_us)

    def _follow(self, t_s: FloatArray, offset_us: FloatArray | None, boundary_us: int) -> int:
        """Let the clock learn, one of its windows after the other; return how many samples lie before the boundary.

        The first one does, or nothing would. What a window says is known at its end.
        """
        begin = 0
        if offset_us is not None and self.clock.window_end_s == np.inf:
            self.clock.observe(t_s[:1], offset_us[:1])  # the first sample of all opens the first window
        for _ in range(MOST_WINDOWS):
            end = int(np.searchsorted(t_s, self.clock.window_end_s)) if t_s[-1] >= self.clock.window_end_s else len(t_s)
            if self.time_us(float(t_s[end - 1])) >= boundary_us:
                # the same arithmetic as time_us, or a sample near the boundary would fall on either side of it
                reached = self.clock.reaches(t_s[begin:end], boundary_us)
                reached[: 1 if begin == 0 else 0] = False
                end = begin + int(reached.argmax()) if reached.any() else end
                if offset_us is not None and end > begin:
                    self.clock.observe(t_s[begin:end], offset_us[begin:end])
                return end
            if offset_us is not None:
                self.clock.observe(t_s[begin:end], offset_us[begin:end])
            if end == len(t_s):
                return end
            begin = end
            self.clock.roll(float(t_s[begin]))
            if self.clock.is_behind:
                break
        return begin
