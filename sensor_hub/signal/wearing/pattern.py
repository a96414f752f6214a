"""How somebody's running strides look to one sensor, so that the next session can be compared with it.

Every feature is a median over strides, in axes of the body found from the strides themselves (``mounting``), so that a
sensor strapped on another way gives the same features. Turning rates are multiplied by the duration of a stride and the
acceleration of the swing by its square; a comparison takes out what a difference of speed explains of the rest.
Which way is up in the sensor's axes stands in the pattern too, but is not compared: it says nothing about who wears it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.signal.wearing.mounting import (
    CLEAR_ROLL_RAD,
    PHASE,
    BodyAxes,
    common_direction,
    contact_share,
    inward_roll_rad,
    unit,
)
from sensor_hub.signal.wearing.strides import N_PHASES, Strides

LANDING: Final = 0.1  # of a stride, in which the foot lands
FEWEST_STRIDES: Final = 12  # looked at, of about 40 run: a median of fewer moves with every stride


@dataclass(frozen=True, slots=True)
class Feature:
    """One number of a stride.

    name : with its unit. floor : one standard deviation between sessions of one person at one speed, while few are
    known. per_mps : change with running speed. Both are ours, from simulated people put on a sensor anew each day.
    """

    name: str
    floor: float
    per_mps: float = 0.0


OF_A_LEG: Final = (
    Feature("stride_time_s", 0.012, -0.05),
    Feature("contact_share", 0.012, -0.036),
    Feature("swing_peak_rad", 0.3, 0.33),
    Feature("push_off_peak_rad", 0.3, 0.9),
    Feature("pitch_range_rad", 0.06, 0.17),
    Feature("landing_pitch_rad", 0.04),
    Feature("inward_roll_rad", 0.025),
    Feature("yaw_range_rad", 0.015),
    Feature("sideways_share", 0.012),
    Feature("landing_mps2", 6.0, 5.5),
    Feature("swing_reach_m", 0.02, 0.06),
)
OF_A_SACRUM: Final = (
    Feature("stride_time_s", 0.012, -0.05),
    Feature("contact_share", 0.012, -0.04),
    Feature("vertical_travel_m", 0.005),
    Feature("vertical_peak_mps2", 0.9, 2.3),
    Feature("landing_mps2", 1.0, 0.5),
    Feature("fore_aft_share", 0.014, -0.02),
)
UP: Final = ("up_x", "up_y", "up_z")


def features_of(mount: Mount) -> tuple[Feature, ...]:
    """Return what is compared at a mount, in the order of a pattern's values."""
    return OF_A_SACRUM if mount == "sacrum" else OF_A_LEG


def pattern_of(strides: Strides, axes: BodyAxes, mount: Mount, side: Side) -> GaitPattern | None:
    """Return the pattern of running strides and their axes; None with fewer than ``FEWEST_STRIDES``.

    A value is NaN where the sensor lacks what it takes. A leg without a side counts as a left one.
    """
    if len(strides) < FEWEST_STRIDES:
        return None
    up, right = common_direction(axes.up), common_direction(axes.right)
    with np.errstate(divide="ignore", invalid="ignore"):  # a sensor that never moves has no shares of its movement
        if mount == "sacrum":
            rows = _sacrum_rows(strides, up)
        else:
            rows = _leg_rows(strides, up, right, inward_roll_rad(strides, axes, "L" if side == "U" else side))
        values = [float(np.median(row)) for row in rows]
    names = (*(f.name for f in features_of(mount)), *UP)
    return GaitPattern(mount, side, names, (*values, *up.tolist()), None, 1, len(strides))


def _leg_rows(strides: Strides, up: FloatArray, right: FloatArray, inward_rad: FloatArray) -> list[FloatArray]:
    stride_s = strides.stride_time_s
    pitch_rad, pitch_radps = _angle(strides, right)
    yaw_rad, _ = _angle(strides, unit((up - right * float(up @ right))[None, :])[0])
    share = contact_share(strides)[:, None]
    middle = (0.3 * share < PHASE) & (0.5 * share > PHASE)
    landing_rad = pitch_rad[:, 0] - (pitch_rad * middle).sum(axis=1) / middle.sum(axis=1)
    acceleration = strides.acceleration_mps2
    varying = acceleration - acceleration.mean(axis=1)[:, None, :]
    sideways = np.einsum("npi,i->np", varying, right)
    size = np.sqrt(np.einsum("npi,npi->np", acceleration, acceleration))
    in_air = share <= PHASE
    reach_mps2 = (size * in_air).sum(axis=1) / in_air.sum(axis=1)
    return [
        stride_s,
        strides.contact_share,
        pitch_radps.max(axis=1) * stride_s,
        -pitch_radps[:, PHASE > LANDING].min(axis=1) * stride_s,
        np.ptp(pitch_rad, axis=1),
        landing_rad,
        inward_rad,
        np.ptp(yaw_rad, axis=1),
        (sideways**2).sum(axis=1) / np.einsum("npi,npi->n", varying, varying),
        np.sqrt((size[:, PHASE < LANDING] ** 2).mean(axis=1)),
        reach_mps2 * (stride_s / (2 * np.pi)) ** 2,
    ]


def _angle(strides: Strides, axis: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Angle (n, N_PHASES) rad about an axis, which ends a stride as it began, and its rate, rad/s."""
    rate = np.einsum("npi,i->np", strides.rotation_radps, axis)
    rate = rate - rate.mean(axis=1)[:, None]
    return np.cumsum(rate, axis=1) * (strides.stride_time_s / N_PHASES)[:, None], rate


def _sacrum_rows(strides: Strides, up: FloatArray) -> list[FloatArray]:
    stride_s = strides.stride_time_s
    acceleration = np.where(np.isnan(strides.acceleration_mps2), 0.0, strides.acceleration_mps2)
    vertical = np.einsum("npi,i->np", acceleration, up)
    vertical = vertical - vertical.mean(axis=1)[:, None]
    level = acceleration - vertical[:, :, None] * up
    level = level - level.mean(axis=1)[:, None, :]
    of_each_step = 0.5 * (level + np.roll(level, N_PHASES // 2, axis=1))  # sway goes once a stride, and is left out
    speed = np.cumsum(vertical, axis=1) * (stride_s / N_PHASES)[:, None]
    speed = speed - speed.mean(axis=1)[:, None]
    height = np.cumsum(speed, axis=1) * (stride_s / N_PHASES)[:, None]
    return [
        stride_s,
        strides.contact_share,
        np.ptp(height, axis=1),
        np.percentile(vertical, 95, axis=1),
        vertical[:, PHASE < LANDING].mean(axis=1),
        np.einsum("npi,npi->n", of_each_step, of_each_step) / (vertical**2).sum(axis=1),
    ]


# --- comparing -------------------------------------------------------------------------------------------------------

SESSIONS_OF_A_FLOOR: Final = 4  # the floor counts as much as this many sessions (ours)
LARGEST_PART: Final = 4.0  # of a single feature: one that broke must not decide alone (ours)
SPEED_SD_MPS: Final = 0.5  # between sessions, of one runner (ours)
# Simulated people seen again on another day lie further away in fewer than 5 of 1,000 sessions (ours).
FURTHEST_USUAL: Final = 1.8


def distance(usual: GaitPattern, new: GaitPattern) -> float:
    """How far a session lies from the usual, in standard deviations between sessions; NaN where it cannot be told.

    The root mean square over the features both know, each cut at ``LARGEST_PART``, after what a likely difference of
    speed explains was taken out. While few sessions are known, the floor of a feature stands in for its spread.
    """
    if not _comparable(usual, new):
        return float("nan")
    features = features_of(usual.mount)
    floors = np.array([f.floor for f in features])
    step = np.array(new.values[: len(features)]) - np.array(usual.values[: len(features)])
    spread, n_free = np.zeros(len(features)), 0
    if usual.spreads is not None:
        spread, n_free = np.array(usual.spreads[: len(features)]), usual.n_sessions - 1
    variance = (SESSIONS_OF_A_FLOOR * floors**2 + n_free * spread**2) / (SESSIONS_OF_A_FLOOR + n_free)
    expected = np.sqrt(variance * (1 + 1 / usual.n_sessions))
    known = np.isfinite(step)
    if 2 * np.count_nonzero(known) < len(features):
        return float("nan")
    apart = np.clip((step / expected)[known], -LARGEST_PART, LARGEST_PART)
    per_mps = (np.array([f.per_mps for f in features]) / expected)[known]
    faster_mps = float(apart @ per_mps) / (float(per_mps @ per_mps) + 1 / SPEED_SD_MPS**2)
    return float(np.sqrt(np.mean((apart - per_mps * faster_mps) ** 2)))


def differs(usual: GaitPattern, new: GaitPattern) -> bool | None:
    """Whether a session looks like another runner's, or as if worn in another place; None where it cannot be told."""
    apart = distance(usual, new)
    return None if np.isnan(apart) else apart > FURTHEST_USUAL


def value_of(pattern: GaitPattern | None, name: str) -> float:
    """One feature of a pattern; NaN where it is not known."""
    if pattern is None or name not in pattern.features:
        return float("nan")
    return pattern.values[pattern.features.index(name)]


def is_pair_swapped(left: GaitPattern | None, right: GaitPattern | None) -> bool | None:
    """Whether the sensors bound to the left and the right foot are each on the other; None where that is not clear.

    Better than either sensor alone: what turns both the same way, such as sitting askew alike, falls out of the mean of
    the two inward rolls.
    """
    inward_rad = (value_of(left, "inward_roll_rad") + value_of(right, "inward_roll_rad")) / 2
    if left is None or left.mount != "foot" or not abs(inward_rad) > CLEAR_ROLL_RAD:
        return None
    return inward_rad < 0


def up_of(pattern: GaitPattern) -> FloatArray:
    """(3,) up in axes of the sensor, mean over sessions of unit vectors: the shorter, the less they agreed."""
    return np.array([value_of(pattern, name) for name in UP])


def merged(usual: GaitPattern | None, new: GaitPattern) -> GaitPattern:
    """Return the usual pattern with a session more: running means, and standard deviations between sessions.

    A feature that one of the two does not know is taken from the other. ValueError if they are of different places.
    """
    if usual is None:
        return new
    if not _comparable(usual, new):
        raise ValueError(
            f"a pattern of {new.mount} {new.side} cannot be merged with one of {usual.mount} {usual.side}, "
            "or they are of different versions: begin a new one"
        )
    a, b = usual.n_sessions, new.n_sessions
    before, now = np.array(usual.values), np.array(new.values)
    step = now - before
    total = a + b
    squares = _squares(usual) + _squares(new) + np.where(np.isnan(step), 0.0, step**2 * a * b / total)
    mean = np.where(np.isnan(before), now, np.where(np.isnan(now), before, before + step * b / total))
    spreads = np.sqrt(squares / (total - 1))
    return GaitPattern(
        usual.mount, usual.side, usual.features, tuple(mean.tolist()), tuple(spreads.tolist()), total,
        usual.n_strides + new.n_strides,
    )  # fmt: skip


def _comparable(usual: GaitPattern, new: GaitPattern) -> bool:
    return (usual.mount, usual.side, usual.features) == (new.mount, new.side, new.features)


def _squares(pattern: GaitPattern) -> FloatArray:
    """Sum of squares around the mean, of each feature."""
    if pattern.spreads is None:
        return np.zeros(len(pattern.values))
    return np.array(pattern.spreads) ** 2 * (pattern.n_sessions - 1)
