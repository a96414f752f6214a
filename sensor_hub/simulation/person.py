"""How one simulated person differs from the population. Nothing here is measured on a person; see ``worn``."""

from dataclasses import dataclass, replace
from typing import Final, Literal, Self, TypeAlias

import numpy as np

from sensor_hub.units import DEGREE_RAD

Strike: TypeAlias = Literal["rearfoot", "midfoot", "forefoot"]
_PERSON: Final = 11  # the stream of random numbers people are drawn from
_DAY: Final = 12
_STRIKE_DEG: Final = {
    "rearfoot": (16.0, 3.5, 9.0, 25.0),
    "midfoot": (1.5, 1.5, -2.0, 4.0),
    "forefoot": (-8.0, 1.8, -12.0, -5.0),
}
_IMPACT: Final = {"rearfoot": 0.45, "midfoot": 0.2, "forefoot": 0.05}  # of the peak force


# Chosen so that vertical acceleration follows the force about as well as over the sacrum of the one runner of the open
# set of Alcantara et al. 2022 (10.7717/peerj.12752): correlation 0.88 to 0.97, lag -10 to 4 ms over 16 trials.
_PELVIS_SD_G: Final = (0.22, 0.20, 0.14, 0.08)


@dataclass(frozen=True, slots=True)
class Person:
    """A body, its habits and how regular they are.

    step_rate_factor, contact_time_factor : of the population's value at the speed.
    asymmetry : by how much the left contact is longer and the right one shorter, a fraction.
    step_time_sd, contact_time_sd_s : from step to step; the first a fraction of the step time.
    strike_rad : pitch of the sole at initial contact of running on the level, toes up positive.
    push_off_lead_s, push_off_lead_sd_s : how long before toe-off (20 N) plantarflexion is fastest at 3 m/s, and its
        scatter; push_off_lead_slope : change of the lead with speed, s per m/s.
    landing_lag_s, landing_lag_sd_s : how long after initial contact the foot's rotation of landing is fastest.
    shank_lag_s : how long after toe-off the shank's backward rotation is fastest.
    swing_factor, heel_rise_factor, impact_factor : of rotation rates, of the time the heel takes to rise, and of the
        speed at which the foot meets the ground.
    force_exponent, force_skew, impact_force : shape of the vertical force of running (see ``ground_force``).
    foot_length_m : heel to metatarsal heads. ankle_m, foot_sensor_m : (forward, left, up) of the heel.
    shank_sensor_m : (forward, left, up) of the ankle. Left is lateral for a left foot, and mirrored for a right one.
    toe_out_rad, pronation_rad : constant angle, and how far the foot rolls in after contact.
    wobble_hz, wobble_damping : the soft mass between pelvis and sensor. trunk_lean_rad : forward.
    pelvis_up_g, pelvis_forward_g : how the pelvis moves against the centre of mass, as acceleration: (cosine, sine) of
        the first harmonics of the step. jolt_g : (forward, up) height of what shakes the sacrum after contact; jolt_hz.
    first_foot : which foot lands first.
    """

    strike: Strike
    mass_kg: float = 70.0
    step_rate_factor: float = 1.0
    contact_time_factor: float = 1.0
    asymmetry: float = 0.0
    step_time_sd: float = 0.015
    contact_time_sd_s: float = 0.005
    strike_rad: float = 16.0 * DEGREE_RAD
    strike_sd_rad: float = 1.2 * DEGREE_RAD
    push_off_lead_s: float = 0.008
    push_off_lead_sd_s: float = 0.002
    push_off_lead_slope: float = 0.0
    landing_lag_s: float = 0.012
    landing_lag_sd_s: float = 0.0015
    shank_lag_s: float = 0.0
    swing_factor: float = 1.0
    heel_rise_factor: float = 1.0
    impact_factor: float = 1.0
    force_exponent: float = 1.19
    force_skew: float = 0.0
    impact_force: float = 0.45
    foot_length_m: float = 0.18
    ankle_m: tuple[float, float, float] = (0.05, 0.0, 0.08)
    foot_sensor_m: tuple[float, float, float] = (0.115, 0.0, 0.065)
    shank_sensor_m: tuple[float, float, float] = (0.02, 0.03, 0.15)
    toe_out_rad: float = 6.0 * DEGREE_RAD
    pronation_rad: float = 8.0 * DEGREE_RAD
    wobble_hz: float = 30.0
    wobble_damping: float = 0.6
    trunk_lean_rad: float = 8.0 * DEGREE_RAD
    pelvis_up_g: tuple[tuple[float, float], ...] = ()
    pelvis_forward_g: tuple[tuple[float, float], ...] = ()
    jolt_g: tuple[float, float] = (-0.6, 0.4)
    jolt_hz: float = 15.0
    first_foot: Literal["L", "R"] = "L"

    @classmethod
    def drawn(cls, seed: int, strike: Strike = "rearfoot") -> Self:
        """Return a person drawn from the declared spreads; the same for the same seed."""
        rng = np.random.default_rng([seed, _PERSON])

        def draw(mean: float, sd: float, low: float, high: float) -> float:
            return float(np.clip(rng.normal(mean, sd), low, high))

        strike_deg = _STRIKE_DEG[strike]
        foot_length_m = draw(0.18, 0.01, 0.155, 0.205)
        return cls(
            strike=strike,
            mass_kg=draw(70.0, 10.0, 48.0, 100.0),
            step_rate_factor=draw(1.0, 0.04, 0.9, 1.1),
            contact_time_factor=draw(1.0, 0.06, 0.87, 1.13),
            asymmetry=draw(0.0, 0.012, -0.03, 0.03),
            step_time_sd=draw(0.015, 0.003, 0.008, 0.025),
            contact_time_sd_s=draw(0.005, 0.0007, 0.004, 0.0065),
            strike_rad=draw(*strike_deg) * DEGREE_RAD,
            push_off_lead_s=draw(0.008, 0.003, -0.001, 0.017),
            push_off_lead_sd_s=draw(0.002, 0.0005, 0.001, 0.003),
            push_off_lead_slope=draw(-0.001, 0.0015, -0.004, 0.003),
            landing_lag_s=draw(0.012, 0.003, 0.004, 0.02),
            landing_lag_sd_s=draw(0.0015, 0.0004, 0.0005, 0.003),
            shank_lag_s=draw(0.0, 0.008, -0.02, 0.02),
            swing_factor=draw(1.0, 0.08, 0.8, 1.2),
            heel_rise_factor=draw(1.0, 0.08, 0.85, 1.15),
            impact_factor=draw(1.0, 0.2, 0.6, 1.5),
            force_exponent=draw(1.19, 0.06, 1.05, 1.35),
            force_skew=draw(-0.1, 0.08, -0.3, 0.1),
            impact_force=_IMPACT[strike] * draw(1.0, 0.3, 0.4, 1.6),
            foot_length_m=foot_length_m,
            ankle_m=(draw(0.05, 0.005, 0.035, 0.065), 0.0, draw(0.08, 0.006, 0.065, 0.095)),
            foot_sensor_m=(
                foot_length_m * draw(0.65, 0.08, 0.4, 0.85),
                draw(0.0, 0.012, -0.03, 0.03),
                draw(0.065, 0.008, 0.045, 0.085),
            ),
            shank_sensor_m=(draw(0.02, 0.02, -0.03, 0.05), draw(0.02, 0.02, -0.03, 0.05), draw(0.18, 0.06, 0.06, 0.32)),
            toe_out_rad=draw(6.0, 4.0, -3.0, 15.0) * DEGREE_RAD,
            pronation_rad=draw(8.0, 2.5, 3.0, 14.0) * DEGREE_RAD,
            wobble_hz=draw(30.0, 5.0, 20.0, 42.0),
            wobble_damping=draw(0.6, 0.1, 0.4, 0.85),
            trunk_lean_rad=draw(8.0, 4.0, -2.0, 18.0) * DEGREE_RAD,
            first_foot="L" if rng.random() < 0.5 else "R",
            pelvis_up_g=tuple((draw(0, sd, -1, 1), draw(0, sd, -1, 1)) for sd in _PELVIS_SD_G),
            pelvis_forward_g=tuple((draw(0, sd / 2, -1, 1), draw(0, sd / 2, -1, 1)) for sd in _PELVIS_SD_G),
            jolt_g=(draw(-0.6, 0.25, -1.2, 0.0), draw(0.4, 0.2, 0.0, 0.9)),
            jolt_hz=draw(15.0, 2.0, 11.0, 20.0),
        )

    def on_day(self, seed: int, day: int) -> Self:
        """Return the same person on one day, a little another in gait and force. The spreads are ours."""
        rng = np.random.default_rng([seed, _DAY, day])
        return replace(
            self,
            step_rate_factor=self.step_rate_factor * float(rng.normal(1.0, 0.008)),
            contact_time_factor=self.contact_time_factor * float(rng.normal(1.0, 0.012)),
            strike_rad=self.strike_rad + float(rng.normal(0.0, 1.0)) * DEGREE_RAD,
            force_skew=self.force_skew + float(rng.normal(0.0, 0.02)),
            impact_force=self.impact_force * float(np.clip(rng.normal(1.0, 0.1), 0.5, 1.5)),
        )
