"""A stream of one leg's samples: aligned, cut where the strap slips, searched whenever a sample may decide a contact.

The search begins at the newest swing whose contact is not finished. What it finds does not depend on when it was asked,
so it is asked as seldom as can be: ``_is_due`` looks at a block's extremes only.
"""

from abc import ABC, abstractmethod
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.imu import LARGEST_MPS2, LARGEST_RADPS
from sensor_hub.signal.alignment import AxisSearch, SlipWatch, SwingAxis
from sensor_hub.signal.clipping import ClippedTimes
from sensor_hub.signal.contacts import Contacts, Method, possible_acceleration, possible_rotation
from sensor_hub.signal.event_offsets import EventOffsets
from sensor_hub.signal.leg import (
    LONGEST_CONTACT_S,
    Columns,
    Features,
    Landings,
    PushOffs,
    landings,
    push_offs,
    slowed_down,
)
from sensor_hub.signal.leg_samples import LegSamples
from sensor_hub.signal.swings import LEVEL_RADPS, QUIET_S, Phases, SwingHistory, phases_in

PIECE: Final = 65_536  # samples searched at a time: memory stays constant
SEEKING: Final = 1_024  # while the axis is sought, samples are held
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
        self._clips = ClippedTimes()
        self._samples = LegSamples()
        self._clear()

    def _clear(self) -> None:
        self._search = AxisSearch()
        self._watch: SlipWatch | None = None
        self._samples.clear()
        self._clips.clear()
        self._history = SwingHistory.empty()
        self._is_open = self._is_pending = False  # a phase has not ended; a contact is not finished
        self._due_s = np.inf  # time decides something then
        self._lowest_radps = 0.0  # fastest backward turning from ``_lowest_from_s`` on
        self._lowest_from_s = np.inf

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
        a = 0
        while a < len(t_s):
            b = a + (SEEKING if self._axis is None else PIECE)
            self._take(t_s[a:b], acceleration_mps2[a:b], rotation_radps[a:b], found)
            a = b
        return Contacts.concatenate(found)

    def flush(self) -> Contacts:
        """End the stretch; the axis stays known."""
        found = self._scan(final=True) if len(self._samples) else Contacts.none()
        self._clear()
        return found

    def _take(self, t_s: FloatArray, acceleration: FloatArray, rotation: FloatArray, found: list[Contacts]) -> None:
        while len(t_s):
            if self._axis is None:
                aligned = self._search.receive(t_s, acceleration, rotation)
                if aligned is None:
                    return
                self._axis, (t_s, acceleration, rotation) = aligned
            if self._watch is None:
                self._watch = SlipWatch(self._axis, float(t_s[0]))
            about = self._samples.append(t_s, rotation, acceleration, self._axis)
            slipped = self._watch.receive(t_s, rotation, about)
            until = len(t_s) if slipped is None else slipped
            self._samples.drop_last(len(t_s) - until)
            self._clips.receive(t_s[:until], acceleration[:until], rotation[:until])
            if until and self._is_due(float(t_s[until - 1]), about[:until]):
                found.append(self._scan(final=False))
            if slipped is None:
                return
            found.append(self.flush())
            self._axis = None
            t_s, acceleration, rotation = t_s[until:], acceleration[until:], rotation[until:]

    def _is_due(self, newest_s: float, about: FloatArray) -> bool:
        """Whether these samples, the newest, may decide something."""
        lowest, highest = float(about.min()), float(about.max())
        if highest > LEVEL_RADPS and not self._is_open:
            return True
        if not (self._is_open or self._is_pending):
            self._samples.keep_from(len(self._samples) - 1)
            return False
        if newest_s > self._due_s or (self._is_open and lowest < -LEVEL_RADPS):
            return True
        if newest_s < self._lowest_from_s:
            return False
        self._lowest_radps = min(self._lowest_radps, lowest)
        return highest >= (1 - self._features.slowed) * self._lowest_radps

    def _scan(self, *, final: bool) -> Contacts:
        """Search what is held; return the contacts that are finished, and let go of them."""
        columns = self._samples.columns()
        t_s, n = columns.t_s, len(columns.t_s)
        newest_s = float(t_s[-1])
        phases = phases_in(t_s, columns.about_radps)
        whole = phases.end < n
        if final:
            whole |= newest_s > t_s[phases.peak] + SETTLED_S
        opened, phases = phases.only(~whole), phases.only(whole)
        swings = phases.only(self._history.are_swings(t_s, phases))
        found, n_done = self._contacts(columns, swings, final=final)
        self._is_open, self._is_pending = len(opened) > 0, n_done < len(swings)
        unfinished = np.concatenate([swings.begin[n_done:], opened.begin, [n]])
        begin = int(unfinished[0])
        passed = phases.begin < begin
        self._history = self._history.after(t_s[phases.peak[passed]], phases.turn_rad[passed])
        if self._is_open:
            above = np.flatnonzero(columns.about_radps > LEVEL_RADPS)
            self._due_s = min(self._due_s, float(t_s[above[-1]]) + QUIET_S)
        keep = max(begin - 1, 0)
        self._clips.drop_before(float(t_s[keep]))
        self._samples.keep_from(keep)
        return found

    def _contacts(self, columns: Columns, swings: Phases, *, final: bool) -> tuple[Contacts, int]:
        """Return the finished contacts of the swings, and of how many swings they are; say when to look again."""
        self._due_s = self._lowest_from_s = np.inf
        if not len(swings):
            return Contacts.none(), 0
        t_s, newest_s = columns.t_s, float(columns.t_s[-1])
        slowed = slowed_down(columns, swings)
        seen = newest_s > t_s[slowed] + self._features.landing_s
        until = np.concatenate([swings.begin[1:], [len(t_s)]])
        landed = landings(columns, slowed, self._features)
        if final:
            seen |= newest_s >= landed.at_s + SETTLED_S
        pushed = push_offs(columns, swings, landed, until, self._features)
        done = (pushed.sample >= 0) | (newest_s > landed.at_s + LONGEST_CONTACT_S) | final
        done[:-1] = True
        done &= seen
        n_done = int(np.count_nonzero(done))
        if n_done < len(swings):
            if seen[-1]:
                self._due_s = float(landed.at_s[-1]) + LONGEST_CONTACT_S
                begin = int(np.searchsorted(t_s, landed.at_s[-1] + self._features.earliest_toe_off_s))
                self._lowest_from_s = float(t_s[begin]) if begin < len(t_s) else newest_s
                self._lowest_radps = float(columns.about_radps[begin:].min(initial=0.0))
            else:
                self._due_s = float(t_s[slowed[-1]]) + self._features.landing_s
        return self._finished(columns, landed.only(done), pushed.only(done)), n_done

    def _finished(self, columns: Columns, landed: Landings, pushed: PushOffs) -> Contacts:
        if not len(landed.sample):
            return Contacts.none()
        contact_s, toe_off_s = self._offsets.corrected(landed.at_s, pushed.at_s, pushed.interval_s)
        clipped = self._clips.between(landed.at_s - landed.interval_s, landed.at_s + 2 * landed.interval_s)
        clipped |= self._clips.between(pushed.at_s - 2 * pushed.interval_s, pushed.at_s + 2 * pushed.interval_s)
        interval_s = np.maximum(landed.interval_s, pushed.interval_s)
        sd = np.hypot(self.method.contact_time_sd_s * np.where(clipped, CLIPPED_SD, 1.0), RESOLUTION_SD * interval_s)
        quality = np.clip(1.0 - interval_s / 0.05, 0.0, 1.0) * landed.strength * np.where(clipped, 0.5, 1.0)
        pitch_rad = self._foot_pitch(columns, landed, pushed, contact_s)
        return Contacts(contact_s, toe_off_s, sd, quality, pitch_rad, clipped)
