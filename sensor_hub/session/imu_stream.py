"""One IMU on its way from samples to steps: breaks, what cannot be used, contacts, steps on the session's timeline."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.session.dated_contacts import DatedContacts
from sensor_hub.session.heard_time import HeardTime, Lack
from sensor_hub.session.imu_decoding import Single
from sensor_hub.session.links import LinkLog
from sensor_hub.session.stream_place import StreamPlace
from sensor_hub.session.timeline import Told
from sensor_hub.signal.contacts import possible_rotation
from sensor_hub.signal.detectors import detector_for
from sensor_hub.signal.gaps import (
    LONGEST_INTERVAL_S,
    find_breaks,
    in_order,
    runs_on,
    steps_between,
)
from sensor_hub.signal.seconds import SecondWatch
from sensor_hub.signal.wearing.log import WearingLog
from sensor_hub.units import US_PER_S

MOST_SPANS: Final = 1e10  # even times this many spans from zero are far enough apart to differ, and so rise


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
        others: Sequence[tuple[str, GaitPattern]] = (),
        links: LinkLog | None = None,
    ) -> None:
        self._detector = detector_for(mount)
        self.calibration_is_void = calibration is not None and calibration.method != self._detector.method.name
        self._seconds = SecondWatch(self._detector.method.lowest_rate_hz)
        self.wearing: Final = WearingLog(mount, side, usual, others)
        self.place: Final = StreamPlace()
        self.contacts: Final = DatedContacts(
            side,
            self.place.clock,
            self._detector.method,
            feet_seen=self._detector.feet_seen,
            steps_a_row=2.0 / max(feet_measured, self._detector.feet_seen),
            calibration=None if self.calibration_is_void else calibration,
        )
        self._time = HeardTime(self.place, LinkLog() if links is None else links)
        self._fed_s = -np.inf  # newest usable sample of this stretch

    @property
    def last_us(self) -> int | None:
        """Time of the newest sample."""
        return self.place.last_us

    @property
    def recorded_us(self) -> int:
        """Microseconds in which a contact would have been found."""
        return self._time.recorded_us

    @property
    def unknown_us(self) -> int:
        """Microseconds in which a contact could not have been found."""
        return self._time.unknown_us

    @property
    def contact_time_bias_s(self) -> float | None:
        """How far its mean contact time may lie from a force plate's; None where a calibration has made it unknown."""
        return self.contacts.bias_bound_s

    def runs_in_order(self, t_s: FloatArray) -> list[tuple[int, int, bool]]:
        """Return [first, last) of each run of samples, and whether it was overtaken by samples before it."""
        kept = in_order(t_s, self.place.newest_s)
        if kept is None:
            return [(0, len(t_s), False)]
        changes = np.concatenate([[True], kept[1:] != kept[:-1]])
        return [(first, last, not kept[first]) for first, last in _runs(changes)]

    def overtaken(self, t_s: FloatArray) -> list[Told]:
        """Take samples older than the newest: the clock ran backwards a little, and what lies between is told twice."""
        # of the first of them: how far back the later ones lie must not depend on how many came together
        told = self._time.repeat(float(t_s[0]))
        return self._end_of_stretch() + self._time.settle() if told is None else told

    def miss(self, missed_us: int) -> None:
        """Count time before the first sample as unknown."""
        self._time.miss(missed_us)

    def single_end(self, single: Single, boundary_us: int) -> int | None:
        """Return how many samples of one notification lie before a boundary; None if anything else is to be looked at.

        So all are usable, none is late or missing, the clock was not set and learns nothing yet: then ``take_single``
        does what ``piece_end`` and ``receive`` do.
        """
        last_s, clock = single.last_s, self.place.clock
        span_s = last_s - single.first_s
        if (
            not self._goes_on(single.first_s)
            or span_s > LONGEST_INTERVAL_S
            or last_s >= clock.window_end_s
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
        self.place.clock.observe_single(single.first_s, single.offset_us)
        self.place.is_set = False
        self.place.newest_s = self._fed_s = last_s
        self.place.newest_offset_us = single.offset_us
        last_us = self.place.clock.time_us(last_s)
        self._seconds.note(single.t_s, last_s, single.acceleration_mps2, single.angular_velocity_radps)
        told = self._found(single.t_s, single.acceleration_mps2, single.angular_velocity_radps, last_s, last_us)
        return told, last_us

    def run_on(self, block: ImuBlock, offset_us: FloatArray, boundary_us: int) -> list[Told] | None:
        """Take samples before the boundary as ``take_single`` does; None, with nothing done, where it would not."""
        t_s, clock = block.t_s, self.place.clock
        first_s, last_s = float(t_s[0]), float(t_s[-1])
        if (
            not block.is_whole
            or not self._goes_on(first_s)
            or last_s - first_s > LONGEST_INTERVAL_S
            or last_s >= clock.window_end_s
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
        t_s = block.t_s
        if self._time.is_broken or self.place.clock.is_behind or not self._goes_far(block):
            return False
        if self._seconds.copy().unusable(t_s, block.acceleration_mps2, block.angular_velocity_radps) is not None:
            return False
        clock = self.place.clock.copy()
        clock.roll(float(t_s[0]))
        if clock.is_behind or clock.follow(t_s, offset_us) < len(t_s):
            return False
        return clock.time_us(float(t_s[-1])) < boundary_us

    def run_far(self, block: ImuBlock, offset_us: FloatArray) -> tuple[int, list[Told]]:
        """Take many samples that go on where the newest ended, like ``run_on`` but with no boundary to stop at.

        Return how many were taken, and what became certain. None are if anything else has to be looked at, not all if
        the clock must begin anew.
        """
        t_s = block.t_s
        if not self._goes_far(block):
            return 0, []
        seconds = self._seconds.copy()
        if seconds.unusable(t_s, block.acceleration_mps2, block.angular_velocity_radps) is not None:
            return 0, []
        self.place.clock.roll(float(t_s[0]))
        if self.place.clock.is_behind:
            return 0, []
        n = self.place.clock.follow(t_s, offset_us)
        if n < len(block):
            seconds = self._seconds.copy()
            seconds.unusable(t_s[:n], block.acceleration_mps2[:n], block.angular_velocity_radps[:n])
        self._seconds = seconds
        taken, last_s = block if n == len(block) else block.slice(0, n), float(t_s[n - 1])
        return n, self._ran_on(taken, float(offset_us[n - 1]), last_s, self.place.time_us(last_s))

    def _goes_on(self, first_s: float) -> bool:
        """Whether a sample follows the newest one, which was usable, without a hole."""
        newest_s, heard = self.place.newest_s, self._time
        if newest_s is None or not 0 < first_s - newest_s <= LONGEST_INTERVAL_S:
            return False
        return heard.sees and heard.settled_s == newest_s == self._fed_s

    def _goes_far(self, block: ImuBlock) -> bool:
        """Whether all of many samples do, and what they measure is known."""
        t_s = block.t_s
        if not block.is_whole or not self._goes_on(float(t_s[0])) or not runs_on(t_s):
            return False
        return bool((t_s[1:] > t_s[:-1]).all())

    def _ran_on(self, block: ImuBlock, offset_us: float, last_s: float, last_us: int) -> list[Told]:
        self.place.is_set = False
        self.place.newest_s = self._fed_s = last_s
        self.place.newest_offset_us = offset_us
        return self._found(block.t_s, block.acceleration_mps2, block.angular_velocity_radps, last_s, last_us)

    def receive(self, block: ImuBlock, offset_us: FloatArray | None = None) -> list[Told]:
        """Take samples up to ``piece_end``, and (n,) what ``Arrived`` says of them; return what became certain."""
        told: list[Told] = []
        start = 0
        set_ahead = np.arange(len(block)) == 0 if self.place.is_set else None
        for broken in find_breaks(block.t_s, self.place.newest_s, set_ahead):
            told += self._stretch(block, start, broken.index)
            told += self._time.settle() + self._end_of_stretch()
            arrived_us = None if offset_us is None else round(float(offset_us[broken.index]) + broken.end_s * US_PER_S)
            self._fed_s = -np.inf
            self._seconds.begin()
            told += self._time.broke(broken.start_s, broken.end_s, broken.cause, arrived_us)
            start = broken.index
        told += self._stretch(block, start, len(block))
        if offset_us is not None:
            if self.place.is_set:
                self.place.clock.observe(block.t_s, offset_us)
            self.place.newest_offset_us = float(offset_us[-1])
        return told

    def finish(self) -> list[Told]:
        """Tell what is still open."""
        return self._time.settle() + self._end_of_stretch() + self._time.tell_broken()

    def _stretch(self, block: ImuBlock, start: int, stop: int) -> list[Told]:
        """Take samples without a break; where the usable ones among them are too far apart, a stretch ends."""
        if start == stop:
            return []
        part = block.slice(start, stop)
        if self.place.newest_s is None:
            self._time.begin(float(part.t_s[0]))
        usable, lacking = self._usable(part)
        if usable.all() and self._time.sees and self._time.settled_s == self.place.newest_s:
            self.place.newest_s = float(part.t_s[-1])
            return self._feed(part)
        told: list[Told] = []
        at = 0
        seen = np.nonzero(usable)[0]
        holes = steps_between(part.t_s[seen], self._time.settled_s) > LONGEST_INTERVAL_S
        for first, last in _runs(holes):
            begin, end = int(seen[first]), int(seen[last - 1]) + 1
            self._time.lacks |= {why for why, samples in lacking.items() if samples[at:begin].any()}
            if holes[first]:
                told += self._end_of_stretch() + self._time.blind(float(part.t_s[begin]))
            self._time.sees = True
            self._time.lacks.clear()
            inner = usable[begin:end]
            run = part.slice(begin, end)
            told += self._feed(run if inner.all() else run.only(inner))
            at = end
        self._time.lacks |= {why for why, samples in lacking.items() if samples[at:].any()}
        self.place.newest_s = float(part.t_s[-1])
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
        return self._found(*self._fresh(part), last_s, self.place.time_us(last_s))

    def _found(
        self, t_s: FloatArray, acceleration: FloatArray, rotation: FloatArray, last_s: float, last_us: int
    ) -> list[Told]:
        """Tell what the detector finds in usable samples up to a device second, whose time grows."""
        told = self._time.record(last_s, last_us)
        contacts = self._detector.receive(t_s, acceleration, rotation)
        self.wearing.take(t_s, acceleration, rotation, contacts)
        return told + self.contacts.receive(contacts) if len(contacts) else told

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


def _runs(begins: BoolArray) -> list[tuple[int, int]]:
    """Return [first, last) of each run of samples, one beginning wherever ``begins`` is True."""
    if not len(begins):
        return []
    at = [0, *(i for i in np.nonzero(begins)[0].tolist() if i), len(begins)]
    return list(pairwise(at))
