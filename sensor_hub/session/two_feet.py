"""A sensor on each foot: a step runs to the other foot's initial contact.

Each foot's stream knows its own strides only, so until both are joined here a step is half a stride. Contacts of both
are joined on the session's timeline. A step is decided once the other foot was heard ``SURE_US`` beyond the end of the
stride, so that it does not matter which of the two links is late; one that keeps the session waiting for more than
``PATIENCE_US`` is not waited for, and the step stays an estimate. So does one whose other foot has no contact in the
middle of the stride (``EARLIEST`` to ``LATEST``): there it is missing, or it is not its step.

What is decided depends on the contacts, on how far each foot was heard and on the session's newest time alone. The
session asks at fixed boundaries of its clock only, so the grouping of notifications changes nothing.

Validity: step and flight time measured like this carry the error between the two clocks on the timeline, a few
milliseconds, with opposite signs for the two feet: the mean over both is right, their difference is not evidence.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from sensor_hub.model.arrays import IntArray
from sensor_hub.session.timeline import DatedSteps
from sensor_hub.signal.steps import FASTEST_STEP_SPM, SLOWEST_RUN_SPM
from sensor_hub.units import S_PER_MIN, US_PER_S

EARLIEST: Final = 0.2  # of the stride: sooner or later than that, the other foot's contact is not the next step
LATEST: Final = 0.8
# The latest contact that could count is told when it ends: at most 0.45 s of contact after 0.8 of the stride.
SURE_US: Final = 500_000
# Three seconds in which a detector finds its axes, and two by which retransmissions delay a notification (ours).
PATIENCE_US: Final = 5_000_000
KEPT_US: Final = 600_000_000  # of contacts, for a foot that is not heard; more would only wait for nobody
_OTHER: Final = {"L": "R", "R": "L"}


class TwoFeet:
    """Joins the contacts of a left and a right foot."""

    def __init__(self) -> None:
        self._landed_us: dict[str, list[IntArray]] = {"L": [], "R": []}
        self._waiting: dict[str, list[DatedSteps]] = {"L": [], "R": []}

    def land(self, side: str, time_us: IntArray) -> None:
        """Take (n,) UTC microseconds of contacts of a foot, as soon as they are found."""
        self._landed_us[side].append(time_us)

    def step(self, steps: DatedSteps) -> None:
        """Take steps of one foot, as its own stream knows them."""
        self._waiting[steps.side].append(steps)

    def decided(self, newest_us: int, heard_us: Mapping[str, int | None]) -> list[DatedSteps]:
        """Return the steps that need not wait any more, each foot's in order.

        newest_us : newest moment of the session. heard_us : up to when each foot was heard, None for never.
        """
        found = [self._of(side, newest_us, heard_us.get(_OTHER[side])) for side in ("L", "R")]
        self._forget(newest_us, heard_us)
        return [steps for steps in found if steps is not None]

    def flush(self) -> list[DatedSteps]:
        """Return all the steps that wait: nothing more will come."""
        found = [self._joined(side, len(parts)) for side, parts in self._waiting.items()]
        return [steps for steps in found if steps is not None]

    def _of(self, side: str, newest_us: int, other_heard_us: int | None) -> DatedSteps | None:
        until_us = newest_us - PATIENCE_US
        if other_heard_us is not None and self._landed_us[_OTHER[side]]:  # before, its detector may still find its axes
            until_us = max(until_us, other_heard_us - SURE_US)
        parts = self._waiting[side]
        return self._joined(side, sum(int(p.ends_us[0] <= until_us) for p in parts), until_us) if parts else None

    def _joined(self, side: str, n_parts: int, until_us: int | None = None) -> DatedSteps | None:
        """Take the first parts that wait, up to the first step that ends later, and join them with the other foot."""
        if not n_parts:
            return None
        parts = self._waiting[side]
        steps, self._waiting[side] = DatedSteps.concatenate(parts[:n_parts]), parts[n_parts:]
        late = np.zeros(0, np.int64) if until_us is None else np.nonzero(steps.ends_us > until_us)[0]
        if len(late):
            self._waiting[side].insert(0, steps.only(slice(int(late[0]), None)))
            steps = steps.only(slice(0, int(late[0])))
        others = self._landed_us[_OTHER[side]]
        return _measured(steps, np.concatenate(others)) if others else steps

    def _forget(self, newest_us: int, heard_us: Mapping[str, int | None]) -> None:
        """Drop contacts that no step still to come can reach."""
        for side, landed in self._landed_us.items():
            if not landed:
                continue
            waiting, heard = self._waiting[_OTHER[side]], heard_us.get(_OTHER[side])
            first_us = min(newest_us if heard is None else heard, newest_us) - PATIENCE_US
            if waiting:
                first_us = min(first_us, int(waiting[0].time_us[0]))
            joined = np.concatenate(landed)
            # one is always kept: it says that this foot was found
            kept = int(np.searchsorted(joined[:-1], max(first_us, newest_us - KEPT_US)))
            self._landed_us[side] = [joined[kept:]]


def _measured(steps: DatedSteps, others_us: IntArray) -> DatedSteps:
    """Return the steps with step and flight time to the first contact of the other foot that can be theirs."""
    stride_us = steps.ends_us - steps.time_us
    at = np.searchsorted(others_us, steps.time_us + np.ceil(EARLIEST * stride_us).astype(np.int64))
    passed_us = others_us[np.minimum(at, len(others_us) - 1)] - steps.time_us
    step_time_s = passed_us / US_PER_S
    known = ~np.isnan(steps.steps.step_time_s) | (step_time_s <= S_PER_MIN / SLOWEST_RUN_SPM)
    fits = (at < len(others_us)) & (passed_us <= LATEST * stride_us) & (stride_us > 0)
    fits &= known & (step_time_s >= S_PER_MIN / FASTEST_STEP_SPM) & ~steps.steps.is_too_fast
    return steps.to_other_foot(np.where(fits, step_time_s, np.nan))
