"""What one athlete's contact times need beyond a method's own correction, found against a reference."""

from dataclasses import dataclass
from datetime import date

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount


@dataclass(frozen=True, slots=True)
class Calibration:
    """A straight line from a method's contact time to a reference's, for one athlete and mount.

    method : name and version it was made with; another version makes it void.
    offset_s : added to every contact time; slope : added for every second above ``centre_s``.
    residual_sd_s : of the reference around the line, one standard deviation a step. n_steps : steps compared.
    reference : what it was compared with, its force threshold where it has one. made_on : the day.
    bias_bound_s : how far a calibrated mean may lie from a force plate's at 20 N; None where the reference is no force,
    because nobody knows how far that one lies from it.
    """

    method: str
    mount: Mount
    offset_s: float
    slope: float
    centre_s: float
    residual_sd_s: float
    n_steps: int
    reference: str
    made_on: date
    bias_bound_s: float | None = None

    def contact_time_s(self, measured_s: FloatArray) -> FloatArray:
        """(n,) s calibrated; NaN stays NaN."""
        return measured_s + self.offset_s + self.slope * (measured_s - self.centre_s)
