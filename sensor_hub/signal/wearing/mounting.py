"""How a sensor sits on the body, told from strides alone; every answer may be "unknown".

The axes of the body are found from the stride itself, whichever way the sensor was strapped on. On a leg most of the
turning is about the side-to-side axis; off the ground a foot turns toes-up on the whole, so the axis has a sign and
points to the runner's right. While the leg bears weight the specific force points up on the whole. They give forward.
What they cannot tell is which leg it is: that takes a movement that is mirrored between the legs, the inward roll of a
landing foot.

Source of the roll: Novacheck 1998, doi 10.1016/S0966-6362(97)00038-6. Every limit is ours, from simulated people; none
was tried on a recording of a sensor known to be worn wrong. Validity: running, on slopes too; not in sharp bends.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.gait import Mount, Side
from sensor_hub.signal.wearing.strides import N_PHASES, Strides

Doubt: TypeAlias = Literal[
    "clipped", "fits-better", "not-this-mount", "pattern-differs", "sides-swapped", "slipped", "units-doubtful",
    "upside-down",
]  # fmt: skip
DOUBTS: Final[tuple[Doubt, ...]] = get_args(Doubt)

PHASE: Final = np.arange(N_PHASES) / N_PHASES
USUAL_CONTACT_SHARE: Final = 0.33  # where toe-off was not seen
LONGEST_RUN_STRIDE_S: Final = 1.0  # 120 steps a minute
BEARS_FROM, BEARS_UNTIL = 0.25, 0.75  # of contact: after the impact, before push-off
SHORTEST_RUN_SHARE, LARGEST_RUN_SHARE = 0.1, 0.5  # of a stride on one foot; more is walking


@dataclass(frozen=True, slots=True, eq=False)
class BodyAxes:
    """Axes of the body in axes of the sensor, one row a stride.

    up : (n, 3) unit, direction of the specific force while a leg bears weight. right : (n, 3) unit, the runner's right;
    NaN where the sensor has no gyroscope, and on a sacrum, which turns too little.
    """

    up: FloatArray
    right: FloatArray

    def only(self, chosen: BoolArray) -> "BodyAxes":
        """Return the axes of the strides chosen."""
        return BodyAxes(self.up[chosen], self.right[chosen])


def is_running(strides: Strides) -> BoolArray:
    """(n,) True where a stride is one of running, by its length and its share of contact."""
    share = strides.contact_share
    is_share = (share > SHORTEST_RUN_SHARE) & (share < LARGEST_RUN_SHARE)
    runs: BoolArray = (strides.stride_time_s <= LONGEST_RUN_STRIDE_S) & is_share
    return runs


def body_axes(strides: Strides, mount: Mount) -> BodyAxes:
    """Find the axes of the body in every stride by itself."""
    bears = np.ones((len(strides), N_PHASES))
    if mount != "sacrum":
        share = contact_share(strides)[:, None]
        bears = np.asarray((BEARS_FROM * share <= PHASE) & (BEARS_UNTIL * share > PHASE), dtype=float)
    force = np.where(np.isnan(strides.acceleration_mps2), 0.0, strides.acceleration_mps2)  # an axis a sensor lacks
    right = np.full((len(strides), 3), np.nan) if mount == "sacrum" else _right(strides.rotation_radps)
    return BodyAxes(up=unit(np.einsum("np,npi->ni", bears, force)), right=right)


def _right(rotation: FloatArray) -> FloatArray:
    """The axis most of the turning is about, signed so that a foot in the air turns toes-up about it."""
    known = np.isfinite(rotation).all(axis=(1, 2))
    energy = np.einsum("npi,npj->nij", rotation[known], rotation[known])
    _, vectors = np.linalg.eigh(energy)
    axis = vectors[:, :, -1]
    about = np.einsum("npi,ni->np", rotation[known], axis)
    in_air, loaded = PHASE >= 0.5, (PHASE > 0.05) & (PHASE < 0.4)
    sign = np.where(about[:, in_air].sum(axis=1) >= about[:, loaded].sum(axis=1), 1.0, -1.0)
    right = np.full((len(rotation), 3), np.nan)
    right[known] = sign[:, None] * axis
    return right


def unit(vectors: FloatArray) -> FloatArray:
    """(n, 3) of length 1; NaN where the length is zero or unknown."""
    length = np.sqrt(np.einsum("ni,ni->n", vectors, vectors))
    return vectors / np.where(length > 0, length, np.nan)[:, None]


def common_direction(directions: FloatArray) -> FloatArray:
    """(3,) unit, the middle of directions (n, 3); NaN where none is known."""
    known = directions[np.isfinite(directions).all(axis=1)]
    if not len(known):
        return np.full(3, np.nan)
    middle: FloatArray = unit(np.median(known, axis=0)[None, :])[0]
    return middle


def angle_between(first: FloatArray, second: FloatArray) -> float:
    """Angle between two directions (3,), rad; NaN where one is unknown."""
    cross, dot = np.cross(first, second), float(first @ second)
    return float(np.arctan2(np.sqrt(cross @ cross), dot))


def turned_rad(strides: Strides, about: FloatArray, until_share: float) -> FloatArray:
    """(n,) rad a sensor turns about an axis (3,) from contact to a share of the contact time.

    The turn of the whole stride is taken out first: a stride ends as it began.
    """
    rate = np.einsum("npi,i->np", strides.rotation_radps, about)
    rate = rate - rate.mean(axis=1)[:, None]
    early = (until_share * contact_share(strides))[:, None] > PHASE
    turned: FloatArray = (rate * early).sum(axis=1) * strides.stride_time_s / N_PHASES
    return turned


def contact_share(strides: Strides) -> FloatArray:
    """(n,) contact time over stride time, the usual one where toe-off was not seen."""
    return np.where(np.isnan(strides.contact_share), USUAL_CONTACT_SHARE, strides.contact_share)


def inward_roll_rad(strides: Strides, axes: BodyAxes, side: Side) -> FloatArray:
    """(n,) rad a leg rolls towards the other from contact to mid-contact, if it is the one of ``side``; NaN for "U"."""
    up, right = common_direction(axes.up), common_direction(axes.right)
    mirror = {"L": 1.0, "R": -1.0, "U": np.nan}[side]
    return mirror * turned_rad(strides, np.cross(up, right), 0.5)


# --- answers ---------------------------------------------------------------------------------------------------------

# Slopes of 12 % and speeds of 2.3 to 5 m/s turn the directions of simulated people by up to 23 degrees.
SLIP_RAD: Final = 0.52  # 30 degrees
SLIP_STRIDES: Final = 6  # on either side of the moment
UPSIDE_DOWN_RAD: Final = 1.75  # 100 degrees: a leaning shank makes half a turn look smaller
USUAL_LENGTH: Final = 0.9  # of the mean direction; shorter: it is put on anyhow, so no way is the wrong one
USUAL_SESSIONS: Final = 2  # of one session nobody knows whether it was the right way
FEWEST_CLEAR: Final = 8  # strides
CLEAR_SHARE: Final = 0.8
CLEAR_ROLL_RAD: Final = 0.035  # 2 degrees
# Of simulated runners at 2.2-5 m/s: up to 0.15 on a foot, 0.39 or more on a shank. Between the limits nobody knows; the
# one public recording, worn on a leg where nobody wrote down, has 0.35.
SOLE_STILLNESS, SHANK_STILLNESS = 0.15, 0.4
STILL_PHASES: Final = 5
# Of simulated runners 4-9 rad/s on a leg, 0.6-0.8 on a sacrum.
TURNING_LEG_RADPS, TURNING_SACRUM_RADPS = 1.5, 2.5
MOVING_MPS2: Final = 4.0  # a sacrum reaches it in running and not in walking
FEWEST_MOVING: Final = 3  # seconds


def has_slipped(axes: BodyAxes) -> bool | None:
    """Whether the axes turned on the way and stayed so; None with too few strides.

    The middle direction of the strides before each moment is compared with that of the strides after it.
    """
    if len(axes.up) < 2 * SLIP_STRIDES:
        return None
    for directions in (axes.up, axes.right):
        middles = np.median(sliding_window_view(directions, SLIP_STRIDES, axis=0), axis=2)
        before, after = unit(middles[:-SLIP_STRIDES]), unit(middles[SLIP_STRIDES:])
        if bool((np.einsum("ni,ni->n", before, after) < np.cos(SLIP_RAD)).any()):
            return True
    return False


def is_upside_down(usual_up: FloatArray, n_sessions: int, axes: BodyAxes) -> bool | None:
    """Whether up in the sensor's axes points the other way than usually; None where that cannot be told.

    Firmware profiles do not say which way up a sensor is worn, so only the athlete's own habit can tell: at least
    ``USUAL_SESSIONS`` that agreed. usual_up : (3,) mean of their unit vectors; the shorter, the less they agreed.
    """
    turned_rad = angle_between(usual_up, common_direction(axes.up))
    if n_sessions < USUAL_SESSIONS or float(usual_up @ usual_up) < USUAL_LENGTH**2 or np.isnan(turned_rad):
        return None
    return turned_rad > UPSIDE_DOWN_RAD


def rolls_inwards(inward_rad: FloatArray) -> bool | None:
    """Whether a leg rolls inwards after contact, in strides (n,); None unless ``CLEAR_SHARE`` of them agree clearly."""
    known = inward_rad[np.isfinite(inward_rad)]
    if len(known) < FEWEST_CLEAR:
        return None
    middle = float(np.median(known))
    spread = 1.4826 * float(np.median(np.abs(known - middle)))
    agree = float(np.mean(known > 0)) if middle > 0 else float(np.mean(known < 0))
    if agree < CLEAR_SHARE or abs(middle) < max(spread, CLEAR_ROLL_RAD):
        return None
    return middle > 0


def are_sides_swapped(mount: Mount, inward_rad: FloatArray, usually_rad: float) -> bool | None:
    """Whether a leg rolls as the other one should; None where that is not clear.

    inward_rad : (n,) with the sign of the side it is bound to. usually_rad : this athlete's usual one, who may be the
    exception, or whose sensor may sit askew; NaN if unknown. Then only a foot can tell, because every foot is said to
    roll inwards; of a shank nothing like that is known.
    """
    inwards = rolls_inwards(inward_rad)
    if inwards is None:
        return None
    if np.isnan(usually_rad):
        return not inwards if mount == "foot" else None
    return (inwards != (usually_rad > 0)) if abs(usually_rad) > CLEAR_ROLL_RAD else None


def is_another_mount(mount: Mount, strides: Strides, axes: BodyAxes, motion: FloatArray) -> bool | None:
    """Whether a sensor moves as one on another part of the body does; None where that cannot be told.

    motion : (k, 2) of single seconds: standard deviation of |acceleration|, m/s², and rms turn, rad/s.
    """
    turns = motion[(motion[:, 0] > MOVING_MPS2) & np.isfinite(motion[:, 1]), 1]
    if len(turns) >= FEWEST_MOVING:
        turn_radps = float(np.median(turns))
        if mount == "sacrum":
            return turn_radps > TURNING_SACRUM_RADPS
        if turn_radps < TURNING_LEG_RADPS:
            return True
    is_run = strides.stride_time_s <= LONGEST_RUN_STRIDE_S  # a contact time of the wrong detector says nothing
    if mount == "sacrum" or np.count_nonzero(is_run) < FEWEST_CLEAR:
        return None
    still = stillness(strides.only(is_run), axes.only(is_run))
    if SOLE_STILLNESS <= still <= SHANK_STILLNESS or np.isnan(still):
        return None
    return (still > SHANK_STILLNESS) is (mount == "foot")


def stillness(strides: Strides, axes: BodyAxes) -> float:
    """Slowest turn of a leg while it bears weight, over the rate at which it swings through its range once a stride.

    A sole on the ground cannot turn; a shank falls forward over it all the while. Of the median stride, about the
    side-to-side axis, over 6 % of it (40 ms) within its second to twenty-fifth hundredth. NaN without a gyroscope.
    """
    about = np.einsum("npi,ni->np", strides.rotation_radps, axes.right)
    known = np.isfinite(about).all(axis=1)
    if not known.any():
        return float("nan")
    rate = np.median(about[known], axis=0)
    rate = rate - rate.mean()
    early = rate[(PHASE >= 0.02) & (PHASE < 0.25)]
    slowest = np.sqrt(float((sliding_window_view(early, STILL_PHASES) ** 2).mean(axis=1).min()))
    return float(slowest / max(float(np.ptp(np.cumsum(rate))) / N_PHASES, 1e-9))
