"""``sacral-1.0``: contacts of both feet from acceleration at the sacrum (see ``contacts`` for the idea)."""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.imu import LARGEST_MPS2
from sensor_hub.signal.contacts import Contacts, Method, possible_acceleration
from sensor_hub.signal.sacrum.correction import STEP_SD_S, corrected
from sensor_hub.signal.sacrum.grid import CHUNK, ImpulseGrid
from sensor_hub.signal.sacrum.stances import StanceFinder
from sensor_hub.signal.sacrum.step_shape import Stances

# Between 37 runners a sacral contact time without features has an SD of 19 ms (Alcantara's open table); the runner
# fitted on is one of them, so another differs by 2 · √2 · 19 ms or less in 95 % of cases.
BIAS_BOUND_S: Final = 0.054
# The trials with every fifth and tenth sample kept: means 2 ms longer at 100 Hz, 12 ms at 50 Hz.
COARSE_PER_S: Final = 30.0
COARSEST_S: Final = 0.05  # between samples; as ``resolution_quality``
TYPICAL_LEAD_S: Final = 0.003  # of force before the vertical rises, where the step does not tell

METHOD = Method(
    name="sacral-1.0",
    mount="sacrum",
    source="Alcantara et al. 2022, DOI 10.7717/peerj.12752 (data); features and fit are ours",
    validity="running with a flight, 2.5-4.2 m/s, slopes to 10 degrees; walking is not seen, any other bouncing is; one"
    " runner's numbers, which follow a change of another's contact time badly",
    contact_time_sd_s=STEP_SD_S,
    bias_bound_s=BIAS_BOUND_S,
    lowest_rate_hz=15.0,  # simulated, found of all contacts: 100 % at 16 Hz, 95 % at 13, 68 % at 11
    evidence="16 trials (199 steps) of one runner at 20 N, each left out in turn: bias 0.5 ms, SD of trial means 7 ms"
    " (9 ms with every choice inside the loop),"
    " low-passed and cut off at zero by their publishers"
    "; bound: 2 · √2 · 19 ms, the SD between 37 runners in Alcantara's open table"
    "; Patoz 2022 (n=100): RMSE 20 ms, bias 13 ms",
)


class SacralDetector:
    """Contacts of both feet, one after the other.

    The vertical is the mean acceleration of the last five seconds; the first three are held back until it is known. An
    axis the sensor lacks (NaN) counts as zero; a sample that lacks an axis seen before is left out.
    """

    feet_seen = 2
    needs_gyroscope = False
    method = METHOD

    def __init__(self) -> None:
        self._finder = StanceFinder()
        self._clear()

    def _clear(self) -> None:
        self._finder.clear()
        self._grid = ImpulseGrid()
        self._axes = np.zeros((1, 3), dtype=bool)

    def usable(self, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> BoolArray:
        """(n,) True where any axis of the acceleration is known."""
        del rotation_radps
        known: BoolArray = np.logical_or.reduce(possible_acceleration(acceleration_mps2), axis=1)
        return known

    def receive(self, t_s: FloatArray, acceleration_mps2: FloatArray, rotation_radps: FloatArray) -> Contacts:
        """Take samples; the gyroscope is not used."""
        del rotation_radps
        found: list[Contacts] = []
        for start in range(0, len(t_s), CHUNK):
            chunk = slice(start, start + CHUNK)
            stances = self._finder.receive(*self._grid.receive(*self._whole(t_s[chunk], acceleration_mps2[chunk])))
            if len(stances):
                found.append(contacts_of(stances))
        return Contacts.concatenate(found)

    def flush(self) -> Contacts:
        """End the stretch; a contact whose end was not seen is returned without toe-off."""
        found = [contacts_of(self._finder.finish())]
        rise_s = self._finder.open_rise_s()
        self._clear()
        if rise_s is not None:
            unknown = np.array([np.nan])
            found.append(contacts_of(Stances(np.array([rise_s]), unknown, unknown, unknown, unknown, unknown, unknown)))
        return Contacts.concatenate(found)

    def _whole(self, t_s: FloatArray, acceleration_mps2: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the samples that have all axes the sensor has; an axis it lacks is zero."""
        if self._axes.all() and acceleration_mps2.min() >= -LARGEST_MPS2 and acceleration_mps2.max() <= LARGEST_MPS2:
            return t_s, acceleration_mps2  # NaN is neither
        known = possible_acceleration(acceleration_mps2)
        seen = np.logical_or.accumulate(np.concatenate([self._axes, known]), axis=0)
        self._axes = seen[-1:]
        whole = known.any(axis=1) & (known == seen[1:]).all(axis=1)
        return t_s[whole], np.where(known, acceleration_mps2, 0.0)[whole]


def contacts_of(stances: Stances) -> Contacts:
    """Return the contacts of stances, corrected to 20 N."""
    contact_s, middle_s, sd_s, trust = corrected(stances)
    middle_s += 0.5 * (stances.rise_s + stances.fall_s)
    known = ~np.isnan(contact_s)
    resolution = np.clip(1.0 - stances.interval_s / COARSEST_S, 0.0, 1.0)
    return Contacts(
        initial_contact_s=np.where(known, middle_s - 0.5 * contact_s, stances.rise_s - TYPICAL_LEAD_S),
        toe_off_s=middle_s + 0.5 * contact_s,
        contact_time_sd=np.hypot(sd_s, COARSE_PER_S * stances.interval_s * stances.interval_s),
        quality=np.where(known, resolution * trust, 0.0),
        foot_pitch_rad=np.full(len(stances), np.nan),
        clipped=np.zeros(len(stances), dtype=bool),
    )
