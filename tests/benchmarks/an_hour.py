"""An hour of simulated running with a sensor on each foot, as what the sensors send; and how figures are printed.

Ten minutes of the segment simulator, six times over: one person, rearfoot, 3 m/s, 200 Hz, packets of ten samples that
are late by 10 ms and an exponential 4 ms.
"""

import sys
import time
from collections.abc import Callable
from functools import cache

import numpy as np

from sensor_hub.model.packets import PacketColumns
from sensor_hub.model.session import BoundDevice
from sensor_hub.simulation.worn import Course, Fitting, Person, Worn, worn
from tests.session.packets_of import GENERIC, packets
from tests.session.runs import START, setup
from tests.synthetic_run import SyntheticRun

RATE_HZ = 200.0
PART_S = 600.0
TWO_FEET = setup(
    (BoundDevice("pod-l", GENERIC, "L", "foot"), BoundDevice("pod-r", GENERIC, "R", "foot")),
    origin="import",
    start_utc=None,
)


@cache
def part_of(side: str) -> Worn:
    """Ten minutes of one foot."""
    assert side in {"L", "R"}
    fitting = Fitting(mount="foot", side="L" if side == "L" else "R", rate_hz=RATE_HZ)
    return worn(Course.run(speed_mps=3.0, duration_s=PART_S), Person.drawn(seed=3, strike="rearfoot"), fitting, seed=3)


def hour_of(side: str, n_parts: int = 6) -> SyntheticRun:
    """The part again and again."""
    part = part_of(side)
    starts_s = PART_S * np.arange(n_parts)
    return SyntheticRun(
        (starts_s[:, None] + part.t_s).ravel(),
        np.tile(part.acceleration_mps2, (n_parts, 1)),
        np.tile(part.rotation_radps, (n_parts, 1)),
        (starts_s[:, None] + part.truth.initial_contact_s).ravel(),
        (starts_s[:, None] + part.truth.toe_off_s).ravel(),
    )


@cache
def two_feet_packets(n_parts: int = 6) -> dict[str, PacketColumns]:
    """What both sensors of the runner send."""
    found = {}
    for seed, (device, side) in enumerate((("pod-l", "L"), ("pod-r", "R"))):
        sent = packets(hour_of(side, n_parts), START)
        delay_us = np.random.default_rng(seed).exponential(4000.0, len(sent)).astype(np.int64)
        arrival_us = np.maximum.accumulate(sent.arrival_us + delay_us)
        found[device] = PacketColumns(sent.characteristic, arrival_us, sent.payload)
    return found


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, once."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def tell(what: str, value: float, unit: str, *, must: float, aim: float, more_is_better: bool = False) -> None:
    """Print a figure beside what it must be and should be; a benchmark never fails over it."""

    def reached(goal: float) -> str:
        good = value >= goal if more_is_better else value <= goal
        return f"{'>=' if more_is_better else '<='} {goal:g} {'reached' if good else 'MISSED'}"

    sys.stderr.write(f"\n{what}: {value:.3g} {unit} (must {reached(must)}; aim {reached(aim)})\n")
