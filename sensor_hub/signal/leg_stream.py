"""A stream of one leg's samples: aligned, cut where the strap slips, searched whenever a sample may decide a contact.

The search begins at the newest swing whose contact is not finished. What it finds does not depend on when it was asked,
so it is asked as seldom as can be: ``_is_due`` looks only at the newest samples, and never misses the one that decides.
"""

from abc import ABC, abstractmethod
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.imu import LARGEST_MPS2, LARGEST_RADPS
from sensor_hub.signal.alignment import AxisSearch, SlipWatch, SwingAxis
from sensor_hub.signal.clipping import (
    ACCELEROMETER_RANGES_MPS2,
    GYROSCOPE_RANGES_RADPS,
    RangeWatch,
    largest_near,
)
from sensor_hub.signal.contacts import Contacts, Method, possible_acceleration, possible_rotation
from sensor_hub.signal.event_offsets import EventOffsets
from sensor_hub.signal.leg import (
    BEFORE,
    LATE_SWING,
    LATEST_CERTAIN_S,
    LONGEST_CONTACT_S,
    Columns,
    Features,
    Landings,
    PushOffs,
    landings,
    least_push_radps,
    push_offs,
    slowed_down,
)
from sensor_hub.signal.leg_samples import LegSamples
from sensor_hub.signal.swings import LEVEL_RADPS, QUIET_S, Phases, SwingHistory, phases_in

PIECE: Final = 131_072  # samples searched at a time: memory stays constant
SEEKING: Final = 1_024  # while the axis is sought, samples are held
JOINED: Final = 1_024  # samples of a long block that are copied to those held from before
FEW: Final = 64  # ours: so few samples are looked at one by one
RESOLUTION_SD: Final = 0.408  # of the sample interval: two events, each anywhere within one (√(1/6))
CLIPPED_SD: Final = 2.0  # ours: a cut-off peak hides where it was highest
SETTLED_S: Final = 0.05  # before a break: a jolt nearer to it may not be the landing's


class LegDetector(ABC):
    """Contacts of one leg; ``foot`` and ``shank`` say what to look for."""

    feet_seen = 1
    needs_gyroscope = True

    def __init__(self, method: Method, features: Features, offsets: EventOffsets) -> None:
        self.method = method
        self._features = features
        self._offsets = offsets
        self._axis: SwingAxis | None = None
        self._acceleration_range = RangeWatch(ACCELEROMETER_RANGES_MPS2)
        self._rotation_range = RangeWatch(GYROSCOPE_RANGES_RADPS)
        self._samples = LegSamples()
        self._clear()

    def _clear(self) -> None:
        self._search = AxisSearch()
        self._watch: SlipWatch | None = None
        self._samples.clear()
        self._history = SwingHistory.empty()
        self._is_open = self._is_pending = False  # a phase has not ended; a contact is not finished
        self._due_s = np.inf  # time decides something then
        self._quiet_s = np.inf  # a phase that does not end has ended then
        self._fastest_radps, self._slow_s = 0.0, -np.inf  # of the open phase, and when it had slowed down
        self._await_push(np.inf)

    def _await_push(
        self, from_s: float, least_radps: float = 0.0, lowest: tuple[float, float] = (0.0, -np.inf)
    ) -> None:
        """Look for a push-off from a time on; lowest : rad/s and s, the fastest backward turning since."""
        self._push_from_s, self._least_push_radps = from_s, least_radps
        self._lowest_radps, self._lowest_s = lowest

    @abstractmethod
    def _foot_pitch(self, columns: Columns, landed: Landings, pushed: PushOffs, contact_s: FloatArray) -> FloatArray:
        """(n,) rad, toes up, of the sole to the ground at these moments; NaN where it is not known."""

    def usable(self, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> BoolArray:
        """(n,) True where all axes of both sensors are known."""
        n = len(acceleration_mps2)
        if not n or (
            np.abs(acceleration_mps2).max() <= LARGEST_MPS2 and np.abs(rotation_radps).max() <= LARGEST_RADPS
        ):  # NaN compares false
            return np.ones(n, dtype=bool)
        whole: BoolArray = np.logical_and.reduce(possible_acceleration(acceleration_mps2), axis=1)
        return whole & possible_rotation(rotation_radps)

    def receive(self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> Contacts:
        """Take usable samples; return the contacts that became certain."""
        found: list[Contacts] = []
        block, n, a = (t_s, acceleration_mps2, rotation_radps), len(t_s), 0
        while a < n:
            if self._axis is None:
                b = min(a + SEEKING, n)
                aligned = self._search.receive(t_s[a:b], acceleration_mps2[a:b], rotation_radps[a:b])
                if aligned is not None:
                    self._axis, held = aligned
                    found.append(self.receive(*held))
                a = b
            else:
                a = self._take(self._axis, block, a, found)
        self._samples.own()
        return Contacts.concatenate(found)

    def flush(self) -> Contacts:
        """End the stretch; the axis stays known."""
        found = self._scan(final=True) if len(self._samples) else Contacts.none()
        self._clear()
        return found

    def _take(
        self, axis: SwingAxis, block: tuple[FloatArray, FloatArray, FloatArray], a: int, found: list[Contacts]
    ) -> int:
        """Take some samples of a block from one on, and return with which to go on."""
        t_s, acceleration, rotation = block
        is_long = len(t_s) - a > PIECE // 8
        is_inside = is_long and a >= len(self._samples)
        b = min(a + (JOINED if is_long and not is_inside else PIECE), len(t_s))
        new = slice(a, b)
        if self._watch is None:
            self._watch = SlipWatch(axis, float(t_s[a]))
        if is_inside:
            about = self._samples.view(t_s, rotation, acceleration, axis, new)
        else:
            about = self._samples.append(t_s[new], rotation[new], acceleration[new], axis)
        slipped = self._watch.receive(t_s[new], rotation[new], about)
        if slipped is not None:
            self._samples.drop_last(b - a - slipped)
            b = a + slipped
        if b > a and self._is_due(t_s[a:b], about[: b - a]):
            found.append(self._scan(final=False))
        if slipped is not None:
            found.append(self.flush())
            self._axis = None
        return b

    def _is_due(self, t_s: FloatArray, about: FloatArray) -> bool:
        """Whether these samples, the newest, may decide something."""
        if len(t_s) > FEW:
            return True
        is_due, kept = float(t_s[-1]) > self._due_s, 1 - self._features.slowed
        for at_s, turning in zip(t_s.tolist(), about.tolist(), strict=True):
            is_due |= at_s > self._quiet_s
            if turning > LEVEL_RADPS:
                if not self._is_open:
                    self._is_open, self._fastest_radps, self._slow_s = True, 0.0, at_s
                self._quiet_s = at_s + QUIET_S
            if self._is_open:
                if turning > self._fastest_radps:
                    self._fastest_radps, self._slow_s = turning, np.inf
                elif self._slow_s == np.inf and turning < LATE_SWING * self._fastest_radps:
                    self._slow_s = at_s
                if turning < -LEVEL_RADPS:  # the phase has ended
                    is_due |= self._is_pending
                    self._is_open, self._is_pending, self._quiet_s = False, True, np.inf
                    self._due_s = self._slow_s + self._features.landing_s
                    is_due |= float(t_s[-1]) > self._due_s
            if at_s >= self._push_from_s:
                if turning < self._lowest_radps:
                    self._lowest_radps, self._lowest_s = turning, at_s
                is_slower = self._lowest_radps <= self._least_push_radps and turning >= kept * self._lowest_radps
                is_due |= is_slower and at_s <= self._lowest_s + LATEST_CERTAIN_S
        if not (is_due or self._is_open or self._is_pending):
            self._samples.keep_from(max(len(self._samples) - BEFORE, 0))
        return is_due

    def _scan(self, *, final: bool) -> Contacts:
        """Search what is held; return the contacts that are finished, and let go of them."""
        columns = self._samples.columns()
        t_s, n = columns.t_s, len(columns.t_s)
        newest_s = float(t_s[-1])
        phases = phases_in(t_s, columns.about_radps)
        n_whole = len(phases)
        if n_whole and phases.end[-1] == n and not (final and newest_s > t_s[phases.peak[-1]] + SETTLED_S):
            n_whole -= 1
        self._is_open = n_whole < len(phases)
        begin = int(phases.begin[-1]) if self._is_open else n
        phases = phases.only(slice(n_whole))
        swings = phases.only(self._history.are_swings(t_s, phases))
        found, n_done = self._contacts(columns, swings, final=final)
        self._is_pending = n_done < len(swings)
        if self._is_pending:
            begin = int(swings.begin[n_done])
        n_passed = int(phases.begin.searchsorted(begin))
        self._history = self._history.after(t_s[phases.peak[:n_passed]], phases.turn_rad[:n_passed])
        self._quiet_s = np.inf
        if self._is_open:
            above = (columns.about_radps[begin:] > LEVEL_RADPS).nonzero()[0]
            self._quiet_s = float(t_s[begin + above[-1]]) + QUIET_S
            self._fastest_radps, self._slow_s = np.inf, -np.inf  # not followed: to be searched when it ends
        self._samples.keep_from(max(begin - BEFORE, 0))
        return found

    def _contacts(self, columns: Columns, swings: Phases, *, final: bool) -> tuple[Contacts, int]:
        """Return the finished contacts of the swings, and of how many swings they are; say when to look again."""
        self._due_s = np.inf
        self._await_push(np.inf)
        if not len(swings):
            return Contacts.none(), 0
        t_s, newest_s = columns.t_s, float(columns.t_s[-1])
        slowed = slowed_down(columns, swings)
        seen = newest_s > t_s[slowed] + self._features.landing_s
        until = np.empty_like(swings.begin)
        until[:-1], until[-1] = swings.begin[1:] + 1, len(t_s)
        landed = landings(columns, slowed, self._features)
        if final:
            seen |= newest_s >= landed.at_s + SETTLED_S
        pushed = push_offs(columns, swings, landed, until, self._features)
        done = (pushed.sample >= 0) | (newest_s > landed.at_s + LONGEST_CONTACT_S) | final
        done[:-1] = True
        done &= seen
        np.logical_and.accumulate(done, out=done)
        n_done = int(np.count_nonzero(done))
        if n_done < len(swings):
            self._due_s = float(t_s[slowed[-1]]) + self._features.landing_s
            if seen[-1]:
                self._due_s = float(landed.at_s[-1]) + LONGEST_CONTACT_S
                from_s = float(landed.at_s[-1]) + self._features.earliest_toe_off_s
                begin = min(int(np.searchsorted(t_s, from_s)), len(t_s) - 1)
                lowest = begin + int(columns.about_radps[begin:].argmin())
                least = float(least_push_radps(columns, swings.only(slice(-1, None)), self._features)[0])
                self._await_push(from_s, least, (float(columns.about_radps[lowest]), float(t_s[lowest])))
        return self._finished(columns, landed.only(done), pushed.only(done)), n_done

    def _finished(self, columns: Columns, landed: Landings, pushed: PushOffs) -> Contacts:
        if not len(landed.sample):
            return Contacts.none()
        contact_s, toe_off_s = self._offsets.corrected(landed.at_s, pushed.at_s, pushed.interval_s)
        clipped = self._at_range(columns, landed, pushed)
        interval_s = np.maximum(landed.interval_s, pushed.interval_s)
        sd = np.hypot(self.method.contact_time_sd_s * np.where(clipped, CLIPPED_SD, 1.0), RESOLUTION_SD * interval_s)
        quality = (
            np.minimum(np.maximum(1.0 - interval_s / 0.05, 0.0), 1.0) * landed.strength * np.where(clipped, 0.5, 1.0)
        )
        pitch_rad = self._foot_pitch(columns, landed, pushed, contact_s)
        return Contacts(contact_s, toe_off_s, sd, quality, pitch_rad, clipped)

    def _at_range(self, columns: Columns, landed: Landings, pushed: PushOffs) -> BoolArray:
        """(n,) True where a sample that an event rests on, jolt or turning, was at the range of its sensor."""
        jolt = self._acceleration_range.receive(largest_near(columns.acceleration_mps2, landed.sample))
        return jolt | self._rotation_range.receive(largest_near(columns.rotation_radps, pushed.sample))
