"""What the simulated people do and wear: every condition of the report, as data."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.simulation.person import Strike
from sensor_hub.simulation.sensing import Slip
from sensor_hub.simulation.worn import Course, Leg
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

MOUNTS: Final[tuple[Mount, ...]] = ("foot", "shank", "sacrum")
STRIKES: Final[tuple[Strike, ...]] = ("rearfoot", "midfoot", "forefoot")
SPEEDS_MPS: Final = (2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
N_PEOPLE: Final = 20  # of each strike
FIRST_SEED: Final = 1000  # nobody below is here: a correction may be fitted on them, never on these people
FEW_PEOPLE: Final = 4  # of each strike, for the conditions
RATE_HZ: Final = 200.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One condition: a course, and what differs in how the sensor is worn and built.

    table : under which heading the report lists it. fitting : arguments of ``Fitting`` beside mount, side and rate.
    person : what is added to attributes of every ``Person``: other people than the simulator assumes.
    """

    name: str
    table: str
    course: Course
    rate_hz: float = RATE_HZ
    fitting: dict[str, Any] = field(default_factory=dict)
    person: dict[str, float] = field(default_factory=dict)
    n_people: int = FEW_PEOPLE


STAND: Final = Leg("stand", 4.0)  # a sensor is switched on before the run
EVERY_SPEED: Final = Course.of([STAND, *(Leg("run", 15.0, speed_mps) for speed_mps in SPEEDS_MPS)])
EASY_AND_BRISK: Final = Course.of([STAND, Leg("run", 20.0, 2.8), Leg("run", 20.0, 3.8)])
MIXED: Final = Course.of(
    [
        STAND,
        Leg("walk", 20.0, 1.4),
        Leg("run", 20.0, 3.0),
        Leg("walk", 15.0, 1.9),
        Leg("run", 15.0, 2.2),
        Leg("walk", 15.0, 1.0),
        STAND,
        Leg("run", 10.0, 3.5),
        STAND,
    ]
)
PEOPLE: Final = Scenario("everyone", "people", EVERY_SPEED, n_people=N_PEOPLE)
GAITS: Final = Scenario("walking and running in turns", "gait", MIXED, n_people=8)
DELAY: Final = Scenario("record by record", "delay", EASY_AND_BRISK, n_people=4)


def turned(degrees: float) -> FloatArray:
    """(3, 3) a turn about an axis oblique to all axes of the sensor."""
    x, y, z = np.array([1.0, 2.0, 3.0]) / np.sqrt(14.0)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = degrees * DEGREE_RAD
    turn: FloatArray = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return turn


def _sensor(name: str, table: str, **fitting: Any) -> Scenario:
    return Scenario(name, table, EASY_AND_BRISK, fitting=fitting)


def _people(name: str, **added: float) -> Scenario:
    return Scenario(name, "other people", EASY_AND_BRISK, person=added)


def _rate(rate_hz: float) -> Scenario:
    return Scenario(f"{rate_hz:,.0f} Hz", "sampling rate", EASY_AND_BRISK, rate_hz=rate_hz)


def _clipping_at(range_g: float, range_dps: float) -> Scenario:
    ranges = (range_g * STANDARD_GRAVITY_MPS2, range_dps * DEGREE_RAD)
    return _sensor(f"{range_g:g} g, {range_dps:,.0f} deg/s", "range", ranges=ranges)


def _hill(percent: float) -> Scenario:
    legs = [STAND, Leg("run", 20.0, 2.5, percent / 100), Leg("run", 20.0, 3.3, percent / 100)]
    return Scenario(f"slope {percent:+g} %", "course", Course.of(legs))


# Fatigue: within the minute as much as is seen over hours, so that the drift is there to be followed.
_TIRING: Final = Course.of(EASY_AND_BRISK.legs, cadence_drift_per_h=-4.0, contact_drift_per_h=8.0)
CONDITIONS: Final = (
    *(_rate(rate_hz) for rate_hz in (50.0, 100.0, 200.0, 500.0, 1000.0)),
    _sensor("jitter 1 ms", "clock", jitter_s=0.001),
    _sensor("jitter 2 ms", "clock", jitter_s=0.002),
    _sensor("2 % of samples lost", "clock", lost=0.02),
    _sensor("10 % of samples lost", "clock", lost=0.1),
    _sensor("noise × 3", "noise", noise=3.0),
    _sensor("noise × 10", "noise", noise=10.0),
    _sensor("noise × 30", "noise", noise=30.0),
    _sensor("gyroscope off by (3, -2, 4) deg/s", "noise", rotation_offset_radps=(0.052, -0.035, 0.07)),
    _sensor("the sensor's own filter at 25 Hz", "noise", bandwidth_hz=25.0),
    _clipping_at(16.0, 1000.0),
    _clipping_at(8.0, 2000.0),
    _clipping_at(8.0, 1000.0),
    _clipping_at(8.0, 500.0),
    _sensor("turned by 140 degrees", "worn", turn=turned(140.0)),
    _sensor("slips by 20 degrees in the run", "worn", slip=Slip(15.0, turned(20.0))),
    _sensor("slips by 90 degrees in the run", "worn", slip=Slip(15.0, turned(90.0))),
    _sensor("no gyroscope", "worn", missing="gyroscope"),
    _sensor("no acceleration along x", "worn", missing="acceleration_x"),
    _sensor("no acceleration along z", "worn", missing="acceleration_z"),
    *(_hill(percent) for percent in (-10.0, -5.0, 5.0, 10.0)),
    Scenario("slow: 2.0 m/s", "course", Course.of([STAND, Leg("run", 30.0, 2.0)])),
    Scenario("fast: 6.0 m/s", "course", Course.of([STAND, Leg("run", 30.0, 6.0)])),
    Scenario("tiring: contact time +9 % in 40 s", "course", _TIRING),
    _people("fastest push-off 6 ms earlier", push_off_lead_s=0.006),
    _people("fastest push-off 6 ms later", push_off_lead_s=-0.006),
    _people("shank turns fastest 10 ms later", shank_lag_s=0.01),
    _people("foot turns fastest 6 ms later after landing", landing_lag_s=0.006),
    _people("pelvis wobbles 8 Hz slower", wobble_hz=-8.0),
    _people("contacts 10 % longer", contact_time_factor=0.1),
)
