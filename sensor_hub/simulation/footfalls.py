"""When each foot of a simulated person meets and leaves the ground; the same for every sensor the person wears."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.ground_force import ForceShape, moments
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.speed import contact_time_s, step_rate_hz

_STEPS: Final = 12  # stream of random numbers
WALK_RATIO: Final = 0.0064  # m per step/min, step length over cadence of free walking adults; rounded, ours
SHORTEST_SWING_S: Final = 0.22
SHORTEST_FLIGHT_S: Final = 0.012
BELOW_THRESHOLD_S: Final = 0.004  # touching lasts this much longer than the force exceeds 20 N
LEFT: Final = 1
RIGHT: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class Footfalls:
    """Steps of both feet as columns, in order.

    side : (n,) +1 left, -1 right. runs : (n,) else walks. bout : (n,) which stretch of moving.
    touch_s, lift_s : (n,) between which the shoe touches the ground; lift is where it would be if gait went on.
    initial_contact_s, toe_off_s : (n,) where the vertical force crosses 20 N.
    stops : (n,) True where the foot then stays on the ground: there is no toe-off.
    impulse_bw_s : (n,) of the vertical force. speed_mps : (n,) at initial contact.
    jolt : (n,) factor of what shakes the sacrum after contact.
    """

    side: IntArray
    runs: BoolArray
    bout: IntArray
    touch_s: FloatArray
    lift_s: FloatArray
    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    stops: BoolArray
    impulse_bw_s: FloatArray
    speed_mps: FloatArray
    jolt: FloatArray

    def __len__(self) -> int:
        return len(self.touch_s)

    def standing(self, t_s: FloatArray) -> FloatArray:
        """(n,) 1 where the person stands, 0 where they move, with soft edges."""
        weight = np.ones(len(t_s))
        for k in np.unique(self.bout):
            of_bout = np.nonzero(self.bout == k)[0]
            start, end = self.touch_s[of_bout[0]], self.lift_s[of_bout[-1]]
            weight -= np.clip((t_s - start) / 0.05 + 0.5, 0, 1) * np.clip((end - t_s) / 0.05 + 0.5, 0, 1)
        return np.clip(weight, 0.0, 1.0)


def footfalls(course: Course, person: Person, seed: int) -> Footfalls:
    """Return the steps over a course, those of the edges outside the recording too."""
    rng = np.random.default_rng([seed, _STEPS])
    touches, bouts = [np.empty(0)], [np.empty(0, np.int64)]
    for k, (start_s, end_s) in enumerate(course.bouts()):
        touch = _touches(course, person, rng, start_s, end_s)
        touches.append(touch)
        bouts.append(np.full(len(touch), k, np.int64))
    touch_s, bout = np.concatenate(touches), np.concatenate(bouts)
    n = len(touch_s)
    within = np.arange(n) - np.searchsorted(bout, bout)
    side = np.where((within % 2 == 0) == (person.first_foot == "L"), LEFT, RIGHT).astype(np.int64)
    runs = course.runs(touch_s)
    touching_s = _touching(course, person, rng, touch_s, bout, side, runs)
    impulse = _impulses(touch_s, touching_s, bout)
    on_s, off_s = moments(person, runs, touch_s, touching_s, impulse)
    last = np.append(bout[2:] != bout[:-2], np.ones(min(n, 2), dtype=bool))
    return Footfalls(
        side=side,
        runs=runs,
        bout=bout,
        touch_s=touch_s,
        lift_s=touch_s + touching_s,
        initial_contact_s=on_s,
        toe_off_s=np.where(last, np.nan, off_s),
        stops=last,
        impulse_bw_s=impulse,
        speed_mps=course.speed_mps(on_s),
        jolt=np.clip(rng.normal(1.0, 0.2, n), 0.4, 1.6) * np.where(runs, 1.0, 0.3),
    )


def _rate_hz(course: Course, person: Person, t_s: FloatArray) -> FloatArray:
    """(n,) steps of both feet a second."""
    speed = course.speed_mps(t_s)
    running = np.asarray(step_rate_hz(np.maximum(speed, 1.6)))
    walking = np.sqrt(np.maximum(speed, 0.6) / WALK_RATIO / 60)
    rate: FloatArray = np.where(course.runs(t_s), running, walking) * person.step_rate_factor * course.fatigue(t_s)[0]
    return rate


def _touches(course: Course, person: Person, rng: np.random.Generator, start_s: float, end_s: float) -> FloatArray:
    t_s = np.arange(start_s, end_s, 0.01)
    rate = _rate_hz(course, person, t_s)
    phase = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) * 0.005)])
    regular = np.interp(np.arange(1.2, phase[-1] - 0.5), phase, t_s)
    scatter = rng.normal(0, person.step_time_sd / np.sqrt(2), len(regular)) / _rate_hz(course, person, regular)
    touch_s: FloatArray = regular + np.clip(scatter, -0.02, 0.02)
    return touch_s


def _touching(
    course: Course,
    person: Person,
    rng: np.random.Generator,
    touch_s: FloatArray,
    bout: IntArray,
    side: IntArray,
    runs: BoolArray,
) -> FloatArray:
    """(n,) s from touching to leaving the ground."""
    speed = course.speed_mps(touch_s)
    stride_s = 2 / _rate_hz(course, person, touch_s)
    running = np.asarray(contact_time_s(np.maximum(speed, 1.6))) * person.contact_time_factor
    walking = stride_s * (0.66 - 0.03 * np.maximum(speed, 0.6)) * (1 + 0.3 * (person.contact_time_factor - 1))
    length = np.where(runs, running, walking) * (1 + person.asymmetry * side) * course.fatigue(touch_s)[1]
    scatter = rng.normal(0, person.contact_time_sd_s, len(touch_s)) * np.where(runs, 1.0, 2.0)
    length += np.clip(scatter, -0.03, 0.03) + BELOW_THRESHOLD_S
    room = np.full(len(touch_s), np.inf)
    if len(touch_s) > 2:
        same = bout[2:] == bout[:-2]
        room[:-2][same] = (touch_s[2:] - touch_s[:-2])[same] - SHORTEST_SWING_S
        flight = runs[:-1] & (bout[1:] == bout[:-1])
        room[:-1][flight] = np.minimum(room[:-1], np.diff(touch_s) - SHORTEST_FLIGHT_S)[flight]
    fitted: FloatArray = np.minimum(length, room)
    return fitted


def _impulses(touch_s: FloatArray, touching_s: FloatArray, bout: IntArray) -> FloatArray:
    """(n,) BW·s: the time from half way to the step before to half way to the step after."""
    middle = touch_s + touching_s / 2
    before, after = touching_s / 2, touching_s / 2
    if len(touch_s) > 1:
        half = np.where(bout[1:] == bout[:-1], np.diff(middle) / 2, np.nan)
        before = np.where(np.isnan(np.append(np.nan, half)), before, np.append(np.nan, half))
        after = np.where(np.isnan(np.append(half, np.nan)), after, np.append(half, np.nan))
    return before + after


def vertical_force_bw(steps: Footfalls, person: Person, t_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(n,), (n,) BW under the left and the right foot while moving; 0 while standing."""
    return _force(steps, person, t_s, LEFT), _force(steps, person, t_s, RIGHT)


def stance(steps: Footfalls, t_s: FloatArray, side: int) -> tuple[IntArray, FloatArray]:
    """(n,) which step of the side began last (0 before the first), and (n,) the fraction of its contact."""
    mine = np.nonzero(steps.side == side)[0]
    i = mine[np.clip(np.searchsorted(steps.touch_s[mine], t_s, side="right") - 1, 0, None)]
    return i, (t_s - steps.touch_s[i]) / (steps.lift_s[i] - steps.touch_s[i])


def _force(steps: Footfalls, person: Person, t_s: FloatArray, side: int) -> FloatArray:
    if not np.any(steps.side == side):
        return np.zeros(len(t_s))
    i, fraction = stance(steps, t_s, side)
    mean_bw = steps.impulse_bw_s[i] / (steps.lift_s[i] - steps.touch_s[i])
    run, walk = ForceShape.running(person).at(fraction), ForceShape.walking().at(fraction)
    return mean_bw * np.where(steps.runs[i], run, walk)
