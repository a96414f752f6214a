"""One IMU on its way from samples to steps: breaks, contacts, steps, forces."""

from typing import Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount, Side, StepTable
from sensor_hub.model.imu import ImuBlock
from sensor_hub.session.timeline import Rows, Silence, Told
from sensor_hub.signal.detectors import detector_for
from sensor_hub.signal.gaps import SLOW_RUN, find_breaks
from sensor_hub.signal.steps import Step, StepPairer
from sensor_hub.units import US_PER_S


class ImuStream:
    """Steps of one IMU. Feed it pieces that do not cross a boundary of the session's clock."""

    def __init__(self, mount: Mount, side: Side, *, feet_measured: int, model: AchillesModel) -> None:
        self._detector = detector_for(mount)
        self._pairer = StepPairer(self._detector.feet_seen)
        self._steps_a_row: Final = 2.0 / max(feet_measured, self._detector.feet_seen)
        self._side = side
        self._model = model
        self._anchor: tuple[float, int] | None = None  # a device second and the UTC microsecond it stands for
        self._previous_s: float | None = None
        self._fed_s = -np.inf  # newest sample of this stretch
        self._broken: tuple[int, int, str, int] | None = None  # start, end, cause, how many breaks in a row
        self.recorded_us = 0  # whole microseconds: sums must not depend on how the samples were grouped
        self.unknown_us = 0
        self.arrived_us: int | None = None  # when the piece arrived: all that is left when a device clock is reset
        self.speed: tuple[float, int] | None = None  # m/s, and the UTC microsecond until which it may be used

    @property
    def last_us(self) -> int | None:
        """Time of the newest sample."""
        return None if self._previous_s is None else self.time_us(self._previous_s)

    def anchor(self, device_s: float, utc_us: int) -> None:
        """Say when a device second happened; only the first word counts until the clock is reset."""
        if self._anchor is None:
            self._anchor = (device_s, utc_us)

    def time_us(self, device_s: float) -> int:
        """UTC microsecond of a device second."""
        if self._anchor is None:
            raise ValueError("a stream must be anchored before it can tell the time")
        return self._anchor[1] + round((device_s - self._anchor[0]) * US_PER_S)

    def piece_end(self, block: ImuBlock, start: int, boundary_us: int) -> int:
        """Return where the piece that begins at ``start`` must end: at the boundary, or where the clock falls.

        A sample after such a fall is a piece of its own, because it moves the stream's place on the timeline.
        """
        t_s = block.t_s[start:]
        if self._previous_s is not None and t_s[0] < self._previous_s:
            return start + 1
        if self._anchor is None:
            raise ValueError("a stream must be anchored before it can be cut")
        # the same arithmetic as time_us, or a sample near the boundary would fall on either side of it
        outside = np.round((t_s - self._anchor[0]) * US_PER_S) >= boundary_us - self._anchor[1]
        outside[1:] |= np.diff(t_s) < 0
        outside[0] = False
        ends = np.nonzero(outside)[0]
        return start + int(ends[0]) if len(ends) else len(block)

    def receive(self, block: ImuBlock) -> list[Told]:
        """Take samples; return what became certain, in order."""
        told: list[Told] = []
        start = 0
        for broken in find_breaks(block.t_s, self._previous_s):
            told += self._stretch(block, start, broken.index)
            told += self._end_of_stretch()
            told += self._break(broken.start_s, broken.end_s, broken.cause)
            start = broken.index
        told += self._stretch(block, start, len(block))
        return told

    def finish(self) -> list[Told]:
        """Tell what is still open."""
        return self._end_of_stretch() + self._tell_broken()

    def _stretch(self, block: ImuBlock, start: int, stop: int) -> list[Told]:
        if start == stop:
            return []
        part = block.slice(start, stop)
        from_s = float(part.t_s[0]) if self._previous_s is None else self._previous_s
        recorded_us = self.time_us(float(part.t_s[-1])) - self.time_us(from_s)
        told = self._tell_broken() if recorded_us > 0 else []  # a lone sample between two breaks mends nothing
        self.recorded_us += recorded_us
        self._previous_s = float(part.t_s[-1])
        contacts = self._detector.receive(*self._fresh(part))
        return told + self._rows(self._pairer.receive(contacts))

    def _fresh(self, part: ImuBlock) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the samples whose time grows: a link that tells everything twice adds nothing."""
        t_s, acceleration, rotation = part.t_s, part.acceleration_mps2, part.angular_velocity_radps
        grows = t_s[1:] > t_s[:-1]
        if t_s[0] <= self._fed_s or not grows.all():
            fresh = np.concatenate([[t_s[0] > self._fed_s], grows])
            t_s, acceleration, rotation = t_s[fresh], acceleration[fresh], rotation[fresh]
        self._fed_s = float(part.t_s[-1])
        return t_s, acceleration, rotation

    def _end_of_stretch(self) -> list[Told]:
        return self._rows(self._pairer.receive(self._detector.flush()) + self._pairer.flush())

    def _break(self, start_s: float, end_s: float, cause: str) -> list[Told]:
        start_us = self.time_us(start_s)
        self._fed_s = -np.inf
        if cause == "clock-reset":
            self._anchor = (end_s, start_us if self.arrived_us is None else max(start_us, self.arrived_us))
        end_us = self.time_us(end_s)
        self._previous_s = end_s
        self.unknown_us += max(0, end_us - start_us)
        if self._broken is not None and self._broken[1] == start_us:
            first_us, _, first_cause, count = self._broken
            self._broken = (first_us, end_us, first_cause, count + 1)
            return []
        told = self._tell_broken()
        self._broken = (start_us, end_us, cause, 1)
        return told

    def _tell_broken(self) -> list[Told]:
        broken, self._broken = self._broken, None
        if broken is None:
            return []
        start_us, end_us, cause, count = broken
        return [Silence(start_us, end_us, "rate-too-low" if count >= SLOW_RUN else cause)]

    def _rows(self, steps: list[Step]) -> list[Told]:
        if not steps:
            return []
        time_us = np.array([self.time_us(s.initial_contact_s) for s in steps], dtype=np.int64)
        step_time_s = np.array([s.step_time_s for s in steps])
        contact_time_s = np.array([s.contact_time_s for s in steps])
        speed_mps = np.full(len(steps), np.nan)
        if self.speed is not None:
            speed_mps[time_us <= self.speed[1]] = self.speed[0]
        forces = self._model.step_loads(step_time_s, contact_time_s, np.full(len(steps), np.nan))
        table = StepTable(
            time_utc_us=time_us,
            side=np.full(len(steps), self._side, dtype="<U1"),
            n_steps=np.full(len(steps), self._steps_a_row),
            step_time_s=step_time_s,
            contact_time_s=contact_time_s,
            contact_time_sd=np.array([s.contact_time_sd for s in steps]),
            flight_time_s=np.array([s.flight_time_s for s in steps]),
            vgrf_peak_bw=forces.vgrf_peak_bw,
            vgrf_impulse_bw_s=forces.vgrf_impulse_bw_s,
            achilles_peak_bw=forces.achilles_peak_bw,
            achilles_impulse_bw_s=forces.achilles_impulse_bw_s,
            speed_mps=speed_mps,
            quality=np.array([s.quality for s in steps]),
        )
        return [Rows(table, np.array([s.is_running is True for s in steps]))]
