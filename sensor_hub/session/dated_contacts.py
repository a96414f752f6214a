"""What is told of one IMU's contacts: calibrated, paired to steps, and on the session's timeline."""

from dataclasses import replace
from typing import Final

import numpy as np

from sensor_hub.decoders.clock_fit import ClockFit
from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Side
from sensor_hub.session.timeline import DatedSteps, Landed, Told
from sensor_hub.signal.contacts import Contacts, Method
from sensor_hub.signal.steps import SHORTEST_RUN_CONTACT_S, StepPairer, Steps


class DatedContacts:
    """Contacts of one stream; its clock says when they were.

    steps_a_row : steps of both feet that a contact stands for. calibration : of the athlete's contact times, made with
    this method; None for none. speed, grade : of another source, m/s and rise over run, each with the UTC microsecond
    until which it may be used; None is unknown.
    """

    def __init__(
        self,
        side: Side,
        clock: ClockFit,
        method: Method,
        *,
        feet_seen: int,
        steps_a_row: float,
        calibration: Calibration | None,
    ) -> None:
        self._side, self._clock, self._method = side, clock, method
        self._steps_a_row: Final = steps_a_row
        self._calibration = calibration
        self._pairer = StepPairer(feet_seen)
        self.speed: tuple[float, int] | None = None
        self.grade: tuple[float, int] | None = None

    @property
    def bias_bound_s(self) -> float | None:
        """How far the mean contact time may lie from a force plate's; None where a calibration has made it unknown."""
        return self._method.bias_bound_s if self._calibration is None else self._calibration.bias_bound_s

    def receive(self, contacts: Contacts) -> list[Told]:
        """Tell contacts, and the steps that became certain with them."""
        if not len(contacts):
            return []
        contacts = self._calibrated(contacts)
        contact_time_s = contacts.contact_time_s
        contact_time_s = np.where(contact_time_s >= SHORTEST_RUN_CONTACT_S, contact_time_s, np.nan)
        time_us = self._clock.times_us(contacts.initial_contact_s)
        landed = Landed(self._side, time_us, contact_time_s, self._pairer.ended_step_s(contacts))
        return [landed, *self._dated(self._pairer.receive(contacts))]

    def flush(self) -> list[Told]:
        """Tell the step that has no end: a stretch is over."""
        return self._dated(self._pairer.flush())

    def _calibrated(self, contacts: Contacts) -> Contacts:
        """Move toe-off so that contact times are the reference's; the residual takes the place of the method's SD."""
        calibration = self._calibration
        if calibration is None:
            return contacts
        toe_off_s = contacts.initial_contact_s + calibration.contact_time_s(contacts.contact_time_s)
        widened = np.maximum(contacts.contact_time_sd**2 - self._method.contact_time_sd_s**2, 0.0)
        sd = np.sqrt(widened + calibration.residual_sd_s**2)
        return replace(contacts, toe_off_s=toe_off_s, contact_time_sd=sd)

    def _dated(self, steps: Steps) -> list[Told]:
        if not len(steps):
            return []
        contact_s, interval_s = steps.contacts.initial_contact_s, steps.interval_s
        time_us = self._clock.times_us(contact_s)
        ends_us = self._clock.times_us(contact_s + np.where(np.isnan(interval_s), 0.0, interval_s))
        speed_mps, grade = _lent(self.speed, time_us), _lent(self.grade, time_us)
        return [DatedSteps(self._side, self._steps_a_row, steps, time_us, ends_us, speed_mps, grade)]


def _lent(value: tuple[float, int] | None, time_us: IntArray) -> FloatArray:
    """(n,) what another source measured, NaN at times it is no longer fresh for."""
    lent = np.full(len(time_us), np.nan)
    if value is not None:
        lent[time_us <= value[1]] = value[0]
    return lent
