"""A stream of one leg's samples: aligned, cut where the strap slips, searched whenever a sample may decide a contact.

The search begins at the newest swing whose contact is not finished. What it finds does not depend on when it was asked,
so it is asked as seldom as can be: ``following`` looks only at the newest samples, and never misses the one that
decides. Of a stride, then, the landing is looked for alone as soon as it has been seen, and the whole once.
"""

from abc import ABC, abstractmethod
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.imu import LARGEST_MPS2, LARGEST_RADPS
from sensor_hub.signal.contacts import Contacts, Method, possible_acceleration, possible_rotation
from sensor_hub.signal.leg.alignment import AxisSearch, SlipWatch, SwingAxis
from sensor_hub.signal.leg.clipping import (
    ACCELEROMETER_RANGES_MPS2,
    GYROSCOPE_RANGES_RADPS,
    RangeWatch,
    largest_near,
)
from sensor_hub.signal.leg.event_offsets import EventOffsets
from sensor_hub.signal.leg.events import (
    BEFORE,
    LONGEST_CONTACT_S,
    Columns,
    Features,
    Landings,
    PushOffs,
    landings,
    push_offs,
    slowed_down,
)
from sensor_hub.signal.leg.following import Following
from sensor_hub.signal.leg.samples import LegSamples
from sensor_hub.signal.leg.swings import LEVEL_RADPS, QUIET_S, Phases, SwingHistory, phases_in

PIECE: Final = 393_216  # samples searched at a time: memory stays constant
LONG: Final = 16_384  # samples of a block that is worth looking at where it lies
SEEKING: Final = 1_024  # while the axis is sought, samples are held
JOINED: Final = 1_024  # samples of a long block that are copied to those held from before
CACHED: Final = 16_384  # samples worked on at a time: they stay in the cache
FEW: Final = 64  # ours: so few samples are looked at one by one
RESOLUTION_SD: Final = 0.408  # of the sample interval: two events, each anywhere within one (√(1/6))
CLIPPED_SD: Final = 2.0  # ours: a cut-off peak hides where it was highest
NO_CONTACT: Final = Contacts.none()
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
        self._following = Following(features)
        self._clear()

    def _clear(self) -> None:
        self._search = AxisSearch()
        self._watch: SlipWatch | None = None
        self._samples.clear()
        self._history = SwingHistory.empty()
        self._landed: tuple[int, Landings] | None = None  # from which sample a swing was slow, and the landing after it
        self._following.rest()

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
        return Contacts.concatenate(found) if found else NO_CONTACT

    def flush(self) -> Contacts:
        """End the stretch; the axis stays known."""
        found = self._scan(final=True) if len(self._samples) else NO_CONTACT
        self._clear()
        return found

    def _take(
        self, axis: SwingAxis, block: tuple[FloatArray, FloatArray, FloatArray], a: int, found: list[Contacts]
    ) -> int:
        """Take some samples of a block from one on, and return with which to go on."""
        is_long = len(block[0]) - a > LONG
        is_inside = is_long and a >= len(self._samples)
        b = min(a + (JOINED if is_long and not is_inside else PIECE), len(block[0]))
        t_s, acceleration, rotation = block if b - a == len(block[0]) else (column[a:b] for column in block)
        if self._watch is None:
            self._watch = SlipWatch(axis, float(t_s[0]))
        if is_inside:
            about = self._samples.view(*block, slice(a, b))
        else:
            about = self._samples.append(t_s, acceleration, rotation)
        for k in range(0, b - a, CACHED):
            part = slice(k, k + CACHED)
            axis.about(rotation[part], out=about[part])
            self._watch.receive(t_s[part], rotation[part], about[part])
        n_after = self._watch.slipped()
        if n_after is not None:
            self._samples.drop_last(n_after)
            b -= n_after
            t_s, about = t_s[:-n_after], about[:-n_after]
        if len(t_s) and self._is_due(t_s, about):
            found.append(self._scan(final=False))
        if n_after is not None:
            found.append(self.flush())
            self._axis = None
        return b

    def _is_due(self, t_s: FloatArray, about: FloatArray) -> bool:
        """Whether these samples, the newest, may decide something."""
        if len(t_s) > FEW:
            return True
        following = self._following
        is_due = following.may_decide(t_s.tolist(), about.tolist())
        if not is_due and t_s[-1] > following.landing_seen_s:
            columns = self._samples.columns()
            slowed = len(columns.t_s) - following.n_since_slow
            landed = landings(columns, np.array([slowed]), self._features)
            self._landed = slowed, landed
            is_due = self._await_push(columns, following.swing_radps, float(landed.at_s[0]))
        if not is_due and following.is_idle:
            self._samples.keep_from(max(len(self._samples) - BEFORE, 0))
        return is_due

    def _await_push(self, columns: Columns, fastest_radps: float, landed_s: float) -> bool:
        """Look for the push-off of a contact; whether the samples there are may decide something."""
        from_s = self._following.await_push(fastest_radps, landed_s)
        taken = slice(int(columns.t_s.searchsorted(from_s)), None)
        t_s, about = columns.t_s[taken].tolist(), columns.about_radps[taken].tolist()
        return self._following.may_have_decided(t_s, about, float(columns.t_s[-1]))

    def _scan(self, *, final: bool) -> Contacts:
        """Search what is held; return the contacts that are finished, and let go of them."""
        columns = self._samples.columns()
        t_s, n = columns.t_s, len(columns.t_s)
        newest_s = float(t_s[-1])
        phases = phases_in(t_s, columns.about_radps)
        n_whole = len(phases)
        if n_whole and phases.end[-1] == n and not (final and newest_s > t_s[phases.peak[-1]] + SETTLED_S):
            n_whole -= 1
        begin = int(phases.begin[-1]) if n_whole < len(phases) else n
        self._following.rest()
        if begin < n:
            above = (columns.about_radps[begin:] > LEVEL_RADPS).nonzero()[0]
            self._following.await_end(float(t_s[begin + above[-1]]) + QUIET_S)
        phases = phases.only(slice(n_whole))
        swings = phases.only(self._history.are_swings(t_s, phases))
        found, n_done = self._contacts(columns, swings, final=final)
        if n_done < len(swings):
            begin = int(swings.begin[n_done])
        n_passed = int(phases.begin.searchsorted(begin))
        self._history = self._history.after(t_s[phases.peak[:n_passed]], phases.turn_rad[:n_passed])
        self._samples.keep_from(max(begin - BEFORE, 0))
        return found

    def _contacts(self, columns: Columns, swings: Phases, *, final: bool) -> tuple[Contacts, int]:
        """Return the finished contacts of the swings, and of how many swings they are."""
        known, self._landed = self._landed, None
        if not len(swings):
            return NO_CONTACT, 0
        t_s, newest_s = columns.t_s, float(columns.t_s[-1])
        slowed = slowed_down(columns, swings)
        seen = newest_s > t_s[slowed] + self._features.landing_s
        until = np.empty_like(swings.begin)
        until[:-1], until[-1] = swings.begin[1:] + 1, len(t_s)
        if known is not None and slowed.tolist() == [known[0]]:
            landed = known[1]
        else:
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
            slow, fastest_radps = int(slowed[-1]), float(columns.about_radps[swings.peak[-1]])
            if seen[-1]:
                self._await_push(columns, fastest_radps, float(landed.at_s[-1]))
            else:
                self._following.await_landing(fastest_radps, float(t_s[slow]), len(t_s) - slow)
        return self._finished(columns, landed.only(slice(n_done)), pushed.only(slice(n_done))), n_done

    def _finished(self, columns: Columns, landed: Landings, pushed: PushOffs) -> Contacts:
        if not len(landed.sample):
            return NO_CONTACT
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
