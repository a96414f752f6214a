"""Vertical and leg stiffness by the spring-mass formulas of Morin, in body weights a metre.

    F = pi/2 · step time / contact time;  dy = g · tc² · (F/pi² - 1/8);  k_vert = F / dy
    dL = L - sqrt(L² - (v · tc / 2)²) + dy;  k_leg = F / dL,  L = 0.53 · height

F is the half sine's own, not the fitted peak, so that the numbers are those of the published method: beside force
plates its bias was 0.1 to 2.3 % for k_vert and 2.5 to 6.1 % for k_leg (9.8 % at 3.33 m/s). Ten percent less contact
time gives about +20 % and +25 % where flight time stays; where step time stays, as with a sensor's error, +9 to 14 %
and +21 to 33 %. With a contact time that may be 10 ms off, compare within one sensor only.
Source: Morin et al. 2005, J Appl Biomech 21(2):167-180. Validity: level running; on slopes the method was found not
valid (Meyer et al. 2023), so it is unknown there.
"""

from typing import Final

import numpy as np

from sensor_hub.load.vgrf import STEEP
from sensor_hub.model.arrays import FloatArray
from sensor_hub.units import STANDARD_GRAVITY_MPS2

LEG_LENGTH_OF_HEIGHT: Final = 0.53


def vertical_stiffness_bw_per_m(step_time_s: FloatArray, contact_time_s: FloatArray, grade: FloatArray) -> FloatArray:
    """(n,) k_vert, BW/m; NaN where a time is unknown, on a slope beyond 3 %, or where the body would not sink."""
    force_bw, sink_m = _force_and_sink(step_time_s, contact_time_s, grade)
    stiffness: FloatArray = np.full(len(force_bw), np.nan)
    np.divide(force_bw, sink_m, out=stiffness, where=sink_m > 0)
    return stiffness


def leg_stiffness_bw_per_m(
    step_time_s: FloatArray, contact_time_s: FloatArray, grade: FloatArray, speed_mps: FloatArray, leg_length_m: float
) -> FloatArray:
    """(n,) k_leg, BW/m; NaN as for k_vert, where speed is unknown, and where the leg would have to be longer."""
    force_bw, sink_m = _force_and_sink(step_time_s, contact_time_s, grade)
    under = leg_length_m**2 - (speed_mps * contact_time_s / 2) ** 2
    shortens_m = leg_length_m - np.sqrt(np.where(under > 0, under, np.nan)) + sink_m
    stiffness: FloatArray = np.full(len(force_bw), np.nan)
    np.divide(force_bw, shortens_m, out=stiffness, where=(sink_m > 0) & (shortens_m > 0))
    return stiffness


def _force_and_sink(
    step_time_s: FloatArray, contact_time_s: FloatArray, grade: FloatArray
) -> tuple[FloatArray, FloatArray]:
    level_s = np.where(np.abs(grade) > STEEP, np.nan, contact_time_s)
    with np.errstate(divide="ignore", invalid="ignore"):
        force_bw = np.pi / 2 * step_time_s / level_s
        sink_m = STANDARD_GRAVITY_MPS2 * level_s**2 * (force_bw / np.pi**2 - 0.125)
    return force_bw, sink_m
