"""Contacts → steps: pairs each contact with the next and tells running from walking.

With one foot seen a step lasts half a stride and flight is what contact leaves of it: both assume that the other foot
does the same, so they are estimates. With both feet seen they are measured. Standing has no contacts, so no steps.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.signal.contacts import Contacts
from sensor_hub.units import S_PER_MIN

SLOWEST_RUN_SPM: Final = 120.0  # below it a step belongs to the walking ledger
FASTEST_STEP_SPM: Final = 300.0  # above it nobody steps: a wrong mount, or shakes taken for contacts
LONGEST_RUN_CONTACT_S: Final = 0.45
SHORTEST_RUN_CONTACT_S: Final = 0.10
# Running has a flight; of a shuffle without one the sensor may see up to this much more contact than step (ours).
LONGEST_RUN_DUTY: Final = 1.05

UNKNOWN_GAIT: Final = 0
RUN: Final = 1
WALK: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Contacts with what follows from the next one, as columns; NaN is unknown.

    gait : (n,) ``RUN``, ``WALK``, or ``UNKNOWN_GAIT`` where neither neighbour tells.
    is_too_fast : (n,) the next contact came sooner than any step can.
    contacts : the rows themselves, as they were found.
    """

    contacts: Contacts
    contact_time_s: FloatArray
    contact_time_sd: FloatArray
    step_time_s: FloatArray
    flight_time_s: FloatArray
    gait: NDArray[np.int8]
    is_too_fast: BoolArray

    def __len__(self) -> int:
        return len(self.contacts)


class StepPairer:
    """Turns contacts into steps one behind: a step is certain when the next contact begins, or at a break."""

    def __init__(self, feet_seen: int) -> None:
        self._feet_seen = feet_seen
        self._waiting = Contacts.none()
        self._previous_step_s = np.nan

    def receive(self, contacts: Contacts) -> Steps:
        """Take contacts in order; return the steps that became certain."""
        if not len(contacts):
            return self._steps(Contacts.none(), np.empty(0))
        joined = Contacts.concatenate([self._waiting, contacts]) if len(self._waiting) else contacts
        self._waiting = joined.only(slice(-1, None))
        return self._steps(joined.only(slice(0, -1)), joined.initial_contact_s[1:])

    def flush(self) -> Steps:
        """End the stretch: the last contact becomes a step of unknown duration."""
        waiting, self._waiting = self._waiting, Contacts.none()
        steps = self._steps(waiting, np.full(len(waiting), np.nan))
        self._previous_step_s = np.nan
        return steps

    def _steps(self, contacts: Contacts, next_contact_s: FloatArray) -> Steps:
        interval_s = next_contact_s - contacts.initial_contact_s
        step_time_s = interval_s / 2 if self._feet_seen == 1 else interval_s
        is_too_fast = step_time_s < S_PER_MIN / FASTEST_STEP_SPM
        step_time_s = np.where(is_too_fast, np.nan, step_time_s)
        shorter_s = np.fmin(np.concatenate([[self._previous_step_s], step_time_s])[: len(contacts)], step_time_s)
        if len(contacts):
            self._previous_step_s = float(step_time_s[-1])
        contact_time_s = contacts.contact_time_s
        too_long = (contact_time_s > LONGEST_RUN_CONTACT_S) | (contact_time_s > LONGEST_RUN_DUTY * shorter_s)
        runs = (shorter_s <= S_PER_MIN / SLOWEST_RUN_SPM) & ~too_long
        gait = np.where(runs, RUN, np.where(np.isnan(shorter_s), UNKNOWN_GAIT, WALK)).astype(np.int8)
        gait[is_too_fast] = UNKNOWN_GAIT
        # the next contact was not the next step: standing, walking or a missed one
        step_time_s = np.where(step_time_s <= S_PER_MIN / SLOWEST_RUN_SPM, step_time_s, np.nan)
        outside = (contact_time_s < SHORTEST_RUN_CONTACT_S) | (contact_time_s > LONGEST_RUN_CONTACT_S)
        contact_time_s = np.where((gait == RUN) & outside, np.nan, contact_time_s)
        return Steps(
            contacts=contacts,
            contact_time_s=contact_time_s,
            contact_time_sd=np.where(np.isnan(contact_time_s), np.nan, contacts.contact_time_sd),
            step_time_s=step_time_s,
            flight_time_s=np.maximum(step_time_s - contact_time_s, 0.0),
            gait=gait,
            is_too_fast=is_too_fast,
        )
