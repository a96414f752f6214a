"""Contacts → steps: pairs each contact with the next and tells running from walking.

With one foot seen a step lasts half a stride and flight is what contact leaves of it: both assume that the other foot
does the same, so they are estimates. With both feet seen they are measured.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.signal.contacts import Contact
from sensor_hub.units import S_PER_MIN

SLOWEST_RUN_SPM: Final = 120.0  # below it a step belongs to the walking ledger
FASTEST_STEP_SPM: Final = 300.0  # above it nobody steps: a wrong mount, or shakes taken for contacts
LONGEST_RUN_CONTACT_S: Final = 0.45
SHORTEST_RUN_CONTACT_S: Final = 0.10


@dataclass(frozen=True, slots=True)
class Step:
    """One contact with what follows from the next one; NaN is unknown.

    is_running : None if neither neighbour tells. is_too_fast : the next contact came sooner than any step can.
    """

    initial_contact_s: float
    contact_time_s: float
    contact_time_sd: float
    step_time_s: float
    flight_time_s: float
    quality: float
    is_running: bool | None
    is_too_fast: bool = False


class StepPairer:
    """Turns contacts into steps one behind: a step is certain when the next contact begins, or at a break."""

    def __init__(self, feet_seen: int) -> None:
        self._feet_seen = feet_seen
        self._waiting: Contact | None = None
        self._previous_step_s = np.nan

    def receive(self, contacts: list[Contact]) -> list[Step]:
        """Take contacts in order; return the steps that became certain."""
        steps: list[Step] = []
        for contact in contacts:
            if self._waiting is not None:
                steps.append(self._step(self._waiting, contact.initial_contact_s))
            self._waiting = contact
        return steps

    def flush(self) -> list[Step]:
        """End the stretch: the last contact becomes a step of unknown duration."""
        waiting, self._waiting = self._waiting, None
        steps = [self._step(waiting, np.nan)] if waiting is not None else []
        self._previous_step_s = np.nan
        return steps

    def _step(self, contact: Contact, next_contact_s: float) -> Step:
        interval_s = next_contact_s - contact.initial_contact_s
        step_time_s = interval_s / 2 if self._feet_seen == 1 else interval_s
        is_too_fast = step_time_s < S_PER_MIN / FASTEST_STEP_SPM
        if is_too_fast:
            step_time_s = np.nan
        known = [s for s in (self._previous_step_s, step_time_s) if s == s]
        self._previous_step_s = step_time_s
        contact_time_s = contact.toe_off_s - contact.initial_contact_s
        too_long = contact_time_s > LONGEST_RUN_CONTACT_S
        is_running = None if not known else S_PER_MIN / min(known) >= SLOWEST_RUN_SPM and not too_long
        if is_too_fast:
            is_running = False
        if not (S_PER_MIN / step_time_s >= SLOWEST_RUN_SPM):
            step_time_s = np.nan  # the next contact was not the next step: standing, walking or a missed one
        if is_running and not SHORTEST_RUN_CONTACT_S <= contact_time_s <= LONGEST_RUN_CONTACT_S:
            contact_time_s = np.nan
        flight_time_s = step_time_s - contact_time_s
        return Step(
            initial_contact_s=contact.initial_contact_s,
            contact_time_s=contact_time_s,
            contact_time_sd=contact.contact_time_sd if contact_time_s == contact_time_s else np.nan,
            step_time_s=step_time_s,
            flight_time_s=max(flight_time_s, 0.0) if flight_time_s == flight_time_s else np.nan,
            quality=contact.quality,
            is_running=is_running,
            is_too_fast=is_too_fast,
        )
