"""One IMU on its way from samples to steps: breaks, what cannot be used, contacts, steps on the session's timeline.

Time without a usable sample is unknown, like time without a sample. A hole of up to ``LONGEST_INTERVAL_S`` that begins
or ends at a usable sample hides no contact and counts as recorded, whichever of the two it is.
"""

from itertools import pairwise
from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from sensor_hub.decoders.clock_fit import ClockFit
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.session.dated_contacts import DatedContacts
from sensor_hub.session.imu_decoding import Single
from sensor_hub.session.links import LinkLog
from sensor_hub.session.timeline import LATEST_US, Silence, Told
from sensor_hub.signal.contacts import possible_rotation
from sensor_hub.signal.detectors import detector_for
from sensor_hub.signal.gaps import (
    LARGEST_DELAY_US,
    LONGEST_INTERVAL_S,
    LONGEST_SILENCE_S,
    SLOW_RUN,
    clock_was_set,
    find_breaks,
    in_order,
    jumped_ahead,
    runs_on,
    steps_between,
)
from sensor_hub.signal.seconds import SecondWatch
from sensor_hub.signal.wearing.log import WearingLog
from sensor_hub.units import US_PER_S

Lack: TypeAlias = Literal["rate-too-low", "stale", "no-gyroscope"]
LACKS: Final[tuple[Lack, ...]] = get_args(Lack)  # what is told of several: the first
MOST_SPANS: Final = 1e10  # even times this many spans from zero are far enough apart to differ, and so rise
MOST_WINDOWS: Final = 64  # of its clock in one piece; the clock remembers twice as many


class ImuStream:
    """Steps of one IMU. Feed it pieces that do not cross a boundary of the session's clock.

    calibration : of the athlete's contact times there; one made with another method is void. usual : how the athlete's
    strides usually look there.
    """

    def __init__(
        self,
        mount: Mount,
        side: Side,
        *,
        feet_measured: int,
        calibration: Calibration | None = None,
        usual: GaitPattern | None = None,
        links: LinkLog | None = None,
    ) -> None:
        self._detector = detector_for(mount)
        self.calibration_is_void = calibration is not None and calibration.method != self._detector.method.name
        self._seconds = SecondWatch(self._detector.method.lowest_rate_hz)
        self.wearing: Final = WearingLog(mount, side, usual)
        self.clock = ClockFit()
        self.contacts: Final = DatedContacts(
            side,
            self.clock,
            self._detector.method,
            feet_seen=self._detector.feet_seen,
            steps_a_row=2.0 / max(feet_measured, self._detector.feet_seen),
            calibration=None if self.calibration_is_void else calibration,
        )
        self._links = LinkLog() if links is None else links
        self._previous_s: float | None = None  # newest sample
        self._previous_offset_us = np.inf  # arrival minus device time there
        self._is_set = False  # whether the clock was set before the piece that comes next
        self._settled_s = 0.0  # what came before this is either recorded or unknown
        self._sees = False  # whether the sample there was usable
        self._lacks: set[Lack] = set()  # what the samples since lack
        self._fed_s = -np.inf  # newest usable sample of this stretch
        self._begun_s = -np.inf  # first sample after the newest break
        self._disordered_s = -np.inf  # what came before this is unknown already, because the clock ran backwards
        self._broken: tuple[int, int, str, int] | None = None  # start, end, cause, how many breaks in a row
        self._recorded_us = 0  # whole microseconds: sums must not depend on how the samples were grouped
        self._unknown_us = 0

    @property
    def last_us(self) -> int | None:
        """Time of the newest sample."""
        return None if self._previous_s is None else self.time_us(self._previous_s)

    @property
    def contact_time_bias_s(self) -> float | None:
        """How far its mean contact time may lie from a force plate's; None where a calibration has made it unknown."""
        return self.contacts.bias_bound_s

    def lend_speed(self, speed_mps: float, until_us: int) -> None:
        """Let its steps up to a UTC microsecond have a speed measured by another."""
        self.contacts.speed = speed_mps, until_us

    @property
    def recorded_us(self) -> int:
        """Microseconds in which a contact would have been found."""
        return self._recorded_us + (self._open_us() if self._is_short_hole() else 0)

    @property
    def unknown_us(self) -> int:
        """Microseconds in which a contact could not have been found."""
        return self._unknown_us + (0 if self._is_short_hole() else self._open_us())

    def runs_in_order(self, t_s: FloatArray) -> list[tuple[int, int, bool]]:
        """Return [first, last) of each run of samples, and whether it was overtaken by samples before it."""
        kept = in_order(t_s, self._previous_s)
        if kept is None:
            return [(0, len(t_s), False)]
        changes = np.concatenate([[True], kept[1:] != kept[:-1]])
        return [(first, last, not kept[first]) for first, last in _runs(changes)]

    def overtaken(self, t_s: FloatArray) -> list[Told]:
        """Take samples older than the newest: the clock ran backwards a little, and what lies between is told twice.

        Which of the two is true nobody knows, so the time is unknown; the newest sample stays where it was.
        """
        if self._previous_s is None:
            raise ValueError("samples can only be overtaken by others")
        # the first of them: how far back the later ones lie must not depend on how many came together
        begin_s = max(float(t_s[0]), self._begun_s, self._disordered_s)
        self._disordered_s = self._previous_s
        start_us, end_us = self.time_us(begin_s), self.time_us(self._previous_s)
        if end_us <= start_us:
            return []
        if not self._is_short_hole():  # nothing was usable there anyway, and no contact crosses it
            return self._end_of_stretch() + self._settle()
        self._settle()
        self._recorded_us -= end_us - start_us
        self._unknown_us += end_us - start_us
        return [Silence(start_us, end_us, "clock-reset")]

    def miss(self, missed_us: int) -> None:
        """Count time before the first sample as unknown."""
        self._unknown_us += missed_us

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
            return self.time_us(device_s if self._previous_s is None else min(device_s, self._previous_s))
        self.clock.roll(device_s)
        return self.time_us(device_s)

    def _was_set(self, device_s: float, offset_us: float | None) -> bool:
        if self._previous_s is None:
            return False
        step_s = device_s - self._previous_s
        offset_step_us = 0.0 if offset_us is None else offset_us - self._previous_offset_us
        jumped = step_s > LONGEST_INTERVAL_S and offset_step_us < -LARGEST_DELAY_US
        return jumped or not 0 <= step_s <= LONGEST_SILENCE_S

    def piece_end(self, block: ImuBlock, offset_us: FloatArray | None, start: int, boundary_us: int) -> int:
        """Return where the piece that begins at ``start`` must end: at the boundary, or where the clock was set.

        A sample after that is a piece of its own, because it moves the stream's place on the timeline. The clock learns
        from the arrivals up to there.
        """
        t_s = block.t_s[start:]
        offset_us = None if offset_us is None else offset_us[start:]
        self._is_set = self._was_set(float(t_s[0]), None if offset_us is None else float(offset_us[0]))
        self._is_set |= self.clock.is_behind and self._previous_s is not None
        if self._is_set:
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

    def single_end(self, single: Single, boundary_us: int) -> int | None:
        """Return how many samples of one notification lie before a boundary; None if anything else is to be looked at.

        So all are usable, none is late or missing, the clock was not set and learns nothing yet: then ``take_single``
        does what ``piece_end`` and ``receive`` do.
        """
        first_s, last_s, previous_s, clock = single.first_s, single.last_s, self._previous_s, self.clock
        span_s = last_s - first_s
        if (
            previous_s is None
            or not 0 < first_s - previous_s <= LONGEST_INTERVAL_S
            or span_s > LONGEST_INTERVAL_S
            or last_s >= clock.window_end_s
            or not self._sees
            or self._settled_s != previous_s
            or self._fed_s != previous_s
            or clock.is_behind
            or not (abs(last_s) < MOST_SPANS * span_s or len(single.t_s) == 1)
            or not self._seconds.stays_calm(single.t_s, last_s)
        ):
            return None
        n = len(single.t_s)
        if clock.time_us(last_s) < boundary_us:
            return n
        return n - int(np.count_nonzero(clock.reaches(single.t_s, boundary_us)))

    def take_single(self, single: Single) -> tuple[list[Told], int]:
        """Take samples of one notification up to ``single_end``; return what became certain, and the newest UTC µs."""
        last_s = single.last_s
        self.clock.observe_single(single.first_s, single.offset_us)
        self._is_set = False
        self._previous_s = self._fed_s = last_s
        self._previous_offset_us = single.offset_us
        last_us = self.clock.time_us(last_s)
        self._seconds.note(single.t_s, last_s, single.acceleration_mps2, single.angular_velocity_radps)
        told = self._found(single.t_s, single.acceleration_mps2, single.angular_velocity_radps, last_s, last_us)
        return told, last_us

    def run_on(self, block: ImuBlock, offset_us: FloatArray, boundary_us: int) -> list[Told] | None:
        """Take samples before the boundary as ``take_single`` does; None, with nothing done, where it would not."""
        t_s, previous_s = block.t_s, self._previous_s
        if not block.is_whole or previous_s is None or not self._sees or self._settled_s != previous_s:
            return None
        clock, first_s, last_s = self.clock, float(t_s[0]), float(t_s[-1])
        if (
            first_s <= previous_s
            or first_s - previous_s > LONGEST_INTERVAL_S
            or last_s - first_s > LONGEST_INTERVAL_S
            or last_s >= clock.window_end_s
            or self._fed_s != previous_s
            or clock.is_behind
            or not (len(t_s) == 1 or np.logical_and.reduce(t_s[1:] > t_s[:-1]))
            or not self._seconds.stays_calm(t_s, last_s)
        ):
            return None
        last_us = clock.time_us(last_s)
        if last_us >= boundary_us:
            return None
        clock.observe(t_s, offset_us)
        self._seconds.note(t_s, last_s, block.acceleration_mps2, block.angular_velocity_radps)
        return self._ran_on(block, float(offset_us[-1]), last_s, last_us)

    def runs_far(self, block: ImuBlock, offset_us: FloatArray, boundary_us: int) -> bool:
        """Whether ``run_far`` would take all samples, none would reach the boundary and no silence would be told."""
        t_s, previous_s = block.t_s, self._previous_s
        if not block.is_whole or previous_s is None or not self._sees or self._broken is not None:
            return False
        if self._settled_s != previous_s or self._fed_s != previous_s:
            return False
        if not 0 < float(t_s[0]) - previous_s <= LONGEST_INTERVAL_S or not runs_on(t_s):
            return False
        if self.clock.is_behind or not (t_s[1:] > t_s[:-1]).all():
            return False
        if self._seconds.copy().unusable(t_s, block.acceleration_mps2, block.angular_velocity_radps) is not None:
            return False
        clock = self.clock.copy()
        clock.roll(float(t_s[0]))
        if clock.is_behind or clock.follow(t_s, offset_us) < len(t_s):
            return False
        return clock.time_us(float(t_s[-1])) < boundary_us

    def run_far(self, block: ImuBlock, offset_us: FloatArray) -> tuple[int, list[Told]]:
        """Take many samples that go on where the newest ended, like ``run_on`` but with no boundary to stop at.

        Return how many were taken, and what became certain. None are if anything else has to be looked at, not all if
        the clock must begin anew.
        """
        t_s, previous_s = block.t_s, self._previous_s
        if not block.is_whole or previous_s is None or not self._sees or self._settled_s != previous_s:
            return 0, []
        if self._fed_s != previous_s or not 0 < float(t_s[0]) - previous_s <= LONGEST_INTERVAL_S or not runs_on(t_s):
            return 0, []
        if not (t_s[1:] > t_s[:-1]).all():
            return 0, []
        seconds = self._seconds.copy()
        if seconds.unusable(t_s, block.acceleration_mps2, block.angular_velocity_radps) is not None:
            return 0, []
        self.clock.roll(float(t_s[0]))
        if self.clock.is_behind:
            return 0, []
        n = self.clock.follow(t_s, offset_us)
        if n < len(block):
            seconds = self._seconds.copy()
            seconds.unusable(t_s[:n], block.acceleration_mps2[:n], block.angular_velocity_radps[:n])
        self._seconds = seconds
        taken, last_s = block if n == len(block) else block.slice(0, n), float(t_s[n - 1])
        return n, self._ran_on(taken, float(offset_us[n - 1]), last_s, self.time_us(last_s))

    def _ran_on(self, block: ImuBlock, offset_us: float, last_s: float, last_us: int) -> list[Told]:
        self._is_set = False
        self._previous_s = self._fed_s = last_s
        self._previous_offset_us = offset_us
        return self._found(block.t_s, block.acceleration_mps2, block.angular_velocity_radps, last_s, last_us)

    def receive(self, block: ImuBlock, offset_us: FloatArray | None = None) -> list[Told]:
        """Take samples up to ``piece_end``, and (n,) what ``Arrived`` says of them; return what became certain."""
        told: list[Told] = []
        start = 0
        set_ahead = np.arange(len(block)) == 0 if self._is_set else None
        for broken in find_breaks(block.t_s, self._previous_s, set_ahead):
            told += self._stretch(block, start, broken.index)
            told += self._settle() + self._end_of_stretch()
            arrived_us = None if offset_us is None else round(float(offset_us[broken.index]) + broken.end_s * US_PER_S)
            told += self._break(broken.start_s, broken.end_s, broken.cause, arrived_us)
            start = broken.index
        told += self._stretch(block, start, len(block))
        if offset_us is not None:
            if self._is_set:
                self.clock.observe(block.t_s, offset_us)
            self._previous_offset_us = float(offset_us[-1])
        return told

    def finish(self) -> list[Told]:
        """Tell what is still open."""
        return self._settle() + self._end_of_stretch() + self._tell_broken()

    def _stretch(self, block: ImuBlock, start: int, stop: int) -> list[Told]:
        """Take samples without a break; where the usable ones among them are too far apart, a stretch ends."""
        if start == stop:
            return []
        part = block.slice(start, stop)
        if self._previous_s is None:
            self._settled_s = self._begun_s = float(part.t_s[0])
        usable, lacking = self._usable(part)
        if usable.all() and self._sees and self._settled_s == self._previous_s:
            self._previous_s = float(part.t_s[-1])
            return self._feed(part)
        told: list[Told] = []
        at = 0
        seen = np.nonzero(usable)[0]
        holes = steps_between(part.t_s[seen], self._settled_s) > LONGEST_INTERVAL_S
        for first, last in _runs(holes):
            begin, end = int(seen[first]), int(seen[last - 1]) + 1
            self._lacks |= {why for why, samples in lacking.items() if samples[at:begin].any()}
            if holes[first]:
                told += self._end_of_stretch() + self._blind(float(part.t_s[begin]))
            self._sees = True
            self._lacks.clear()
            inner = usable[begin:end]
            run = part.slice(begin, end)
            told += self._feed(run if inner.all() else run.only(inner))
            at = end
        self._lacks |= {why for why, samples in lacking.items() if samples[at:].any()}
        self._previous_s = float(part.t_s[-1])
        return told

    def _usable(self, part: ImuBlock) -> tuple[BoolArray, dict[Lack, BoolArray]]:
        """(n,) whether each sample is usable, and where not, what it lacks."""
        acceleration, rotation = part.acceleration_mps2, part.angular_velocity_radps
        lacking: dict[Lack, BoolArray] = {}
        usable = np.ones(len(part), np.bool_) if part.is_whole else self._detector.usable(acceleration, rotation)
        if self._detector.needs_gyroscope and not usable.all():
            lacking["no-gyroscope"] = ~usable & ~possible_rotation(rotation)
        unusable = self._seconds.unusable(part.t_s, acceleration, rotation)
        if unusable is not None:
            lacking["rate-too-low"], lacking["stale"] = unusable
            usable = usable & ~unusable[0] & ~unusable[1]
        return usable, lacking

    def _feed(self, part: ImuBlock) -> list[Told]:
        """Take usable samples without a hole."""
        last_s = float(part.t_s[-1])
        return self._found(*self._fresh(part), last_s, self.time_us(last_s))

    def _found(
        self, t_s: FloatArray, acceleration: FloatArray, rotation: FloatArray, last_s: float, last_us: int
    ) -> list[Told]:
        """Tell what the detector finds in usable samples up to a device second, whose time grows."""
        recorded_us = last_us - self.time_us(self._settled_s)
        # a lone sample between two breaks mends nothing
        told = self._tell_broken() if self._broken is not None and recorded_us > 0 else []
        self._recorded_us += recorded_us
        self._settled_s = last_s
        contacts = self._detector.receive(t_s, acceleration, rotation)
        self.wearing.take(t_s, acceleration, rotation, contacts)
        return told + self.contacts.receive(contacts) if len(contacts) else told

    def _is_short_hole(self) -> bool:
        """Whether what is open since the last usable sample is too short to hide a contact."""
        return self._sees and self._previous_s is not None and self._previous_s - self._settled_s <= LONGEST_INTERVAL_S

    def _open_us(self) -> int:
        return 0 if self._previous_s is None else self.time_us(self._previous_s) - self.time_us(self._settled_s)

    def _settle(self) -> list[Told]:
        """Decide about what is open since the last usable sample, because no other one will."""
        if self._previous_s is None:
            return []
        if not self._is_short_hole():
            return self._blind(self._previous_s)
        self._recorded_us += self._open_us()
        self._settled_s = self._previous_s
        return []

    def _blind(self, until_s: float) -> list[Told]:
        """Tell that up to a device second no sample was usable."""
        start_us, end_us = self.time_us(self._settled_s), self.time_us(until_s)
        self._settled_s = until_s
        self._unknown_us += end_us - start_us
        cause = next((why for why in LACKS if why in self._lacks), "no-acceleration")
        self._lacks.clear()
        return [*self._tell_broken(), Silence(start_us, end_us, cause)] if end_us > start_us else []

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
        contacts = self._detector.flush()
        self.wearing.take(np.empty(0), np.empty((0, 3)), np.empty((0, 3)), contacts)
        self.wearing.flush()
        return self.contacts.receive(contacts) + self.contacts.flush()

    def _break(self, start_s: float, end_s: float, cause: str, arrived_us: int | None) -> list[Told]:
        start_us = self.time_us(start_s)
        self._fed_s = -np.inf
        if cause == "clock-reset":
            self.clock.start(end_s, start_us if arrived_us is None else min(max(start_us, arrived_us), LATEST_US))
        end_us = self.time_us(end_s)
        self._previous_s = self._settled_s = self._begun_s = end_s
        self._disordered_s = -np.inf
        self._sees = False
        self._lacks.clear()
        self._seconds.begin()
        self._unknown_us += max(0, end_us - start_us)
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
        cause = "rate-too-low" if count >= SLOW_RUN else self._links.cause(start_us, end_us) or cause
        return [Silence(start_us, end_us, cause)]


def _runs(begins: BoolArray) -> list[tuple[int, int]]:
    """Return [first, last) of each run of samples, one beginning wherever ``begins`` is True."""
    if not len(begins):
        return []
    at = [0, *(i for i in np.nonzero(begins)[0].tolist() if i), len(begins)]
    return list(pairwise(at))
