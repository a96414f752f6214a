"""Contacts → steps: pairs each contact with the next and tells running from walking.

With one foot seen a step lasts half a stride and flight is what contact leaves of it: both assume that the other foot
does the same, so they are estimates. With both feet seen they are measured: by one sensor here, by a sensor on each
foot where the two are joined. Standing has no contacts, so no steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.signal.contacts import Contacts
from sensor_hub.units import S_PER_MIN

SLOWEST_RUN_SPM: Final = 120.0  # below it a step belongs to the walking ledger
SLOWEST_WALK_SPM: Final = 60.0  # below it two contacts are no two steps of one walk (ours)
FASTEST_STEP_SPM: Final = 300.0  # above it nobody steps: a wrong mount, or shakes taken for contacts
LONGEST_RUN_CONTACT_S: Final = 0.45
SHORTEST_RUN_CONTACT_S: Final = 0.10
# Running has a flight; of a shuffle without one the sensor may see up to this much more contact than step (ours).
LONGEST_RUN_DUTY: Final = 1.05

# Nobody walks faster; between this and the slowest run only contact time tells (ours).
FASTEST_WALK_SPM: Final = 140.0

# A sensor of both feet that sees no walking cannot tell the last contact of a run from the first of a walk: one with
# nothing after it for so many steps is neither. One contact that was missed leaves two (ours).
LONGEST_STEPS_APART: Final = 2.5

UNKNOWN_GAIT: Final = 0
RUN: Final = 1
WALK: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Contacts with what follows from the next one, as columns; NaN is unknown.

    interval_s : (n,) to the next contact this sensor saw: a stride of one foot, or a step of both.
    gait : (n,) ``RUN``, ``WALK``, or ``UNKNOWN_GAIT`` where neither neighbour tells.
    is_too_fast : (n,) the next contact came sooner than any step can.
    is_measured : (n,) True where step and flight time run to a contact of the other foot that was seen.
    contacts : the rows themselves, as they were found.
    """

    contacts: Contacts
    contact_time_s: FloatArray
    contact_time_sd: FloatArray
    interval_s: FloatArray
    step_time_s: FloatArray
    flight_time_s: FloatArray
    gait: NDArray[np.int8]
    is_too_fast: BoolArray
    is_measured: BoolArray

    def __len__(self) -> int:
        return len(self.contacts)

    def only(self, chosen: BoolArray | slice) -> "Steps":
        """Return the steps chosen."""
        return Steps(self.contacts.only(chosen), *(getattr(self, name)[chosen] for name in _COLUMNS))

    def to_other_foot(self, step_time_s: FloatArray, is_measured: BoolArray) -> "Steps":
        """Return the same steps with (n,) s to the next contact of the other foot, and (n,) whether that was seen."""
        return Steps(
            self.contacts,
            self.contact_time_s,
            self.contact_time_sd,
            self.interval_s,
            step_time_s,
            np.maximum(step_time_s - self.contact_time_s, 0.0),
            self.gait,
            self.is_too_fast,
            is_measured,
        )

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Return the steps of all parts, in the order given; there must be one."""
        if len(parts) == 1:
            return parts[0]
        columns = [np.concatenate([getattr(p, name) for p in parts]) for name in _COLUMNS]
        return cls(Contacts.concatenate([p.contacts for p in parts]), *columns)


_COLUMNS: Final = tuple(f.name for f in fields(Steps) if f.name != "contacts")


class StepPairer:
    """Turns contacts into steps one behind: a step is certain when the next contact begins, or at a break."""

    def __init__(self, feet_seen: int) -> None:
        self._feet_seen = feet_seen
        self._waiting = Contacts.none()
        self._previous_step_s = np.nan
        self._known_contact_s = np.nan  # the newest contact time that was seen

    def receive(self, contacts: Contacts) -> Steps:
        """Take contacts in order; return the steps that became certain."""
        if not len(contacts):
            return self._steps(contacts, contacts.initial_contact_s, contacts.toe_off_s)
        joined = Contacts.concatenate([self._waiting, contacts]) if len(self._waiting) else contacts
        self._waiting = joined.only(slice(-1, None))
        return self._steps(joined.only(slice(0, -1)), joined.initial_contact_s[1:], joined.toe_off_s[1:])

    def ended_step_s(self, contacts: Contacts) -> FloatArray:
        """(n,) s of the step that ends with each of these contacts, which are about to be received; NaN is unknown."""
        waiting_s = float(self._waiting.initial_contact_s[0]) if len(self._waiting) else np.nan
        step_s: FloatArray = contacts.initial_contact_s - _shifted(waiting_s, contacts.initial_contact_s)
        step_s = step_s / 2 if self._feet_seen == 1 else step_s
        is_step = (step_s >= S_PER_MIN / FASTEST_STEP_SPM) & (step_s <= S_PER_MIN / SLOWEST_RUN_SPM)
        return np.where(is_step, step_s, np.nan)

    def flush(self) -> Steps:
        """End the stretch: the last contact becomes a step of unknown duration."""
        waiting, self._waiting = self._waiting, Contacts.none()
        unknown_s = np.full(len(waiting), np.nan)
        steps = self._steps(waiting, unknown_s, unknown_s)
        self._previous_step_s = self._known_contact_s = np.nan
        return steps

    def _steps(self, contacts: Contacts, next_contact_s: FloatArray, next_toe_off_s: FloatArray) -> Steps:
        """Return a step for each of n contacts; (n,) when the contact after each began and ended, NaN is unknown."""
        interval_s = next_contact_s - contacts.initial_contact_s
        step_time_s = interval_s / 2 if self._feet_seen == 1 else interval_s
        is_too_fast = step_time_s < S_PER_MIN / FASTEST_STEP_SPM
        step_time_s = np.where(is_too_fast, np.nan, step_time_s)
        before_s = _shifted(self._previous_step_s, step_time_s)
        shorter_s = np.fmin(before_s, step_time_s)
        if len(contacts):
            self._previous_step_s = float(step_time_s[-1])
        contact_time_s = contacts.contact_time_s
        near_s = self._contact_near(contact_time_s, next_toe_off_s - next_contact_s)
        too_long = (near_s > LONGEST_RUN_CONTACT_S) | (near_s > LONGEST_RUN_DUTY * shorter_s)
        runs = (shorter_s <= S_PER_MIN / SLOWEST_RUN_SPM) & ~too_long
        gait = np.where(runs, RUN, np.where(np.isnan(shorter_s), UNKNOWN_GAIT, WALK)).astype(np.int8)
        gait[is_too_fast | (runs & np.isnan(near_s) & (shorter_s > S_PER_MIN / FASTEST_WALK_SPM))] = UNKNOWN_GAIT
        if self._feet_seen > 1:
            gait[runs & (interval_s > LONGEST_STEPS_APART * before_s)] = UNKNOWN_GAIT
        # the next contact was not the next step: standing or a missed one
        slowest_spm = np.where(gait == WALK, SLOWEST_WALK_SPM, SLOWEST_RUN_SPM)
        step_time_s = np.where(step_time_s <= S_PER_MIN / slowest_spm, step_time_s, np.nan)
        outside = (contact_time_s < SHORTEST_RUN_CONTACT_S) | (contact_time_s > LONGEST_RUN_CONTACT_S)
        contact_time_s = np.where((gait == RUN) & outside, np.nan, contact_time_s)
        return Steps(
            contacts=contacts,
            contact_time_s=contact_time_s,
            contact_time_sd=np.where(np.isnan(contact_time_s), np.nan, contacts.contact_time_sd),
            interval_s=interval_s,
            step_time_s=step_time_s,
            flight_time_s=np.maximum(step_time_s - contact_time_s, 0.0),
            gait=gait,
            is_too_fast=is_too_fast,
            is_measured=~np.isnan(step_time_s) & (self._feet_seen > 1),
        )

    def _contact_near(self, contact_time_s: FloatArray, following_s: FloatArray) -> FloatArray:
        """(n,) s of each contact; where it was not seen, of the one after it, else of the newest seen before it.

        A walker's contact that a break cuts off must not pass for a short one.
        """
        if len(contact_time_s) and not np.isnan(contact_time_s).any():
            self._known_contact_s = float(contact_time_s[-1])
            return contact_time_s
        carried = np.concatenate([[self._known_contact_s], contact_time_s])
        newest = np.maximum.accumulate(np.where(np.isnan(carried), 0, np.arange(len(carried))))
        before_s = carried[newest]
        self._known_contact_s = float(before_s[-1])
        own = np.where(np.isnan(contact_time_s), following_s, contact_time_s)
        near_s: FloatArray = np.where(np.isnan(own), before_s[1:], own)
        return near_s


def _shifted(first: float, values: FloatArray) -> FloatArray:
    """(n,) the value before each of (n,) values, of which ``first`` is the first."""
    found = np.empty(len(values))
    found[:1] = first
    found[1:] = values[:-1]
    return found
