"""What is noticed about how one sensor is worn, while its samples and contacts go by.

Strides are taken from the stream as it passes (``strides``) and judged when somebody asks: whether the numbers can be
what they are taken for (``scale``), what contradicts the place the sensor is bound to (``mounting``), and how they look
beside the athlete's usual ones (``pattern``). Contacts at the sensor's range are counted.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.wearing import mounting, pattern, scale, squad
from sensor_hub.signal.wearing.mounting import Doubt
from sensor_hub.signal.wearing.strides import SampleWindow, SecondSampler, Strides, StrideSampler

MOST_CLIPPED: Final = 0.2  # of the contacts, ours: a single hard landing is no reason to change a sensor's range
FEWEST_CONTACTS: Final = 20  # ours
_Judgement: TypeAlias = tuple[tuple[Doubt, ...], GaitPattern | None, str | None]


class WearingLog:
    """Notices how one sensor is worn; whatever found its contacts, and for any cutting of the stream the same.

    usual : how its wearer's strides usually look there. others : of those who may have taken it instead, by name.
    """

    def __init__(
        self,
        mount: Mount,
        side: Side,
        usual: GaitPattern | None = None,
        others: Sequence[tuple[str, GaitPattern]] = (),
    ) -> None:
        self._mount: Final = mount
        self._side: Final = side
        self._usual: Final = usual
        self._others: Final = tuple(others)
        self._samples = SampleWindow()
        self._sampler = StrideSampler(feet_seen=2 if mount == "sacrum" else 1)
        self._seconds = SecondSampler()
        self._strides: list[Strides] = []
        self._motion: list[FloatArray] = [np.empty((0, 2))]
        self._n_contacts = self._n_clipped = 0
        self._judgement: tuple[tuple[int, int], _Judgement] | None = None

    def take(
        self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray, contacts: Contacts
    ) -> None:
        """Take samples, (n,), (n, 3), (n, 3), whose time grows, and the contacts their detector told of them.

        The arrays are kept for some seconds: nobody may change them. A contact told more than ``strides.HELD_S`` less a
        stride after it happened is not looked at.
        """
        if len(t_s):
            last_s = self._samples.take(t_s, acceleration_mps2, rotation_radps)
            if last_s >= self._seconds.due_s:
                motion = self._seconds.take(float(t_s[0]), last_s, self._samples)
                if len(motion):
                    self._motion.append(motion)
        if len(contacts):
            self._n_contacts += len(contacts)
            self._n_clipped += int(np.count_nonzero(contacts.clipped))
            strides = self._sampler.take(contacts, self._samples)
            if len(strides):
                self._strides.append(strides)
        self._samples.forget()

    def flush(self) -> None:
        """End the stretch: what is buffered is forgotten, what was seen is not."""
        self._samples.clear()
        self._sampler.flush()
        self._seconds.flush()

    def doubts(self) -> tuple[Doubt, ...]:
        """Return what seems to be wrong, sorted; what cannot be told is not in it."""
        found = self._judged()[0]
        is_clipped = self._n_contacts >= FEWEST_CONTACTS and self._n_clipped > MOST_CLIPPED * self._n_contacts
        if not is_clipped or not {"not-this-mount", "units-doubtful"}.isdisjoint(found):
            return found
        return tuple(sorted([*found, "clipped"]))

    @property
    def is_usual(self) -> bool:
        """Whether the pattern may be learned: a range that is too small is the same every day, and no reason not to."""
        return not set(self.doubts()) - {"clipped"}

    def pattern(self) -> GaitPattern | None:
        """Return how the running strides of this session look; None with too few, or if the sensor slipped."""
        return self._judged()[1]

    def fits(self) -> str | None:
        """Return whose strides these look like rather than their wearer's ("fits-better"), of the others; else None."""
        return self._judged()[2]

    def strides(self) -> Strides:
        """Return the strides looked at so far."""
        return Strides.concatenate(self._strides)

    def _judged(self) -> _Judgement:
        """Return doubts, pattern and whom it fits, worked out again only where more was seen since."""
        n_seen = len(self._strides), len(self._motion)
        if self._judgement is None or self._judgement[0] != n_seen:
            self._judgement = n_seen, self._judge()
        return self._judgement[1]

    def _judge(self) -> _Judgement:
        strides, motion = self.strides(), np.concatenate(self._motion)
        axes = mounting.body_axes(strides, self._mount)
        runs = mounting.is_running(strides)
        if scale.units_are_doubtful(self._mount, strides):
            return ("units-doubtful",), None, None  # every other limit has units, too
        is_elsewhere = mounting.is_another_mount(self._mount, strides, axes, motion)
        if is_elsewhere:
            return ("not-this-mount",), None, None  # of another part of the body nothing else can be said
        if self._mount == "sacrum" and is_elsewhere is False and scale.mean_is_doubtful(strides):
            return ("units-doubtful",), None, None
        if mounting.has_slipped(axes.only(runs)):
            return ("slipped",), None, None  # the axes of the body are those of two mountings
        usual, new = self._usual, pattern.pattern_of(strides.only(runs), axes.only(runs), self._mount, self._side)
        found: list[Doubt] = []
        fits = None if usual is None or new is None else squad.fits_better(usual, self._others, new)
        if usual is not None and mounting.is_upside_down(pattern.up_of(usual), usual.n_sessions, axes):
            found.append("upside-down")
        inward_rad = mounting.inward_roll_rad(strides.only(runs), axes.only(runs), self._side)
        if mounting.are_sides_swapped(self._mount, inward_rad, pattern.value_of(usual, "inward_roll_rad")):
            found.append("sides-swapped")  # that the pattern differs then says nothing more
        elif fits is not None:
            found.append("fits-better")  # that says more than that they differ
        elif usual is not None and new is not None and pattern.differs(usual, new):
            found.append("pattern-differs")
        return tuple(sorted(found)), new, fits if "fits-better" in found else None
