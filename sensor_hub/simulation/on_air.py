"""Who runs when the sensors are virtual pods: four simulated runners, and what each pod sends, with its times.

Bluetooth runs in real time, so the alert of this scene cannot wait for kilometres. It comes to a runner who is on the
way back from an injury, one minute at a time: the longest run of their last 30 days is 150 m, and after some 165 m,
about a minute, today's is beyond its limit. The others run on for ten minutes; the link of one of them breaks on the
way (``BREAK_AFTER_S``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from sensor_hub.model.athlete import Athlete
from sensor_hub.model.gait import Mount, Side
from sensor_hub.simulation.gait import Runner, Stream, gait, rsc_stream, shank_columns
from sensor_hub.simulation.imu_frames import delivered, imu_columns, movesense_stream, pmd_stream
from sensor_hub.simulation.speed import SpeedProfile
from sensor_hub.simulation.squad import (
    PLANS,
    RSC_PROFILE,
    SHANK_PROFILE,
    Plan,
    SimulatedSeason,
    past_sessions,
    squad,
)

MOVESENSE_PROFILE: Final = "movesense"
VERITY_PROFILE: Final = "polar-verity-sense"
MOVESENSE_RATE_HZ: Final = 104.0
VERITY_RATE_HZ: Final = 52.0
COMEBACK: Final = Plan(
    "Gale (simulated)", "Europe/Dublin", 66.0, 2.8, "imu",
    {1: ("easy", 0.14), 3: ("easy", 0.14), 5: ("easy", 0.14), 7: ("long", 0.15)},
)  # fmt: skip
BREAK_AFTER_S: Final = 25.0
BREAK_S: Final = 6.0
_COMEBACK_RUN_M: Final = 260.0
_LONG_RUN_S: Final = 600.0
_STAND_S: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedPod:
    """A sensor of a runner: how it is heard, who understands it, where it sits, and what it sends."""

    address: str
    name: str
    profile: str
    side: Side
    mount: Mount
    streams: tuple[Stream, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AirRun:
    """One simulated runner's run with their pods. breaks : the link of the first pod breaks on the way."""

    athlete: Athlete
    pods: tuple[SimulatedPod, ...]
    duration_s: float
    breaks: bool = False


def comeback_season(seed: int, today: date, *, model: str, reference: str, athlete: Athlete) -> SimulatedSeason:
    """Return the past twelve weeks of the runner on the way back, none of whose runs is longer than 160 m."""
    rng = np.random.default_rng([seed, 20, len(PLANS)])
    return SimulatedSeason(athlete, past_sessions(rng, COMEBACK, athlete, today, model, reference))


def comeback_athlete() -> Athlete:
    """Return the runner on the way back, before a registry has named them."""
    return Athlete("comeback", COMEBACK.name, COMEBACK.zone, COMEBACK.mass_kg, simulated=True)


def air_runs(seed: int, athletes: Sequence[Athlete] | None = None) -> tuple[AirRun, ...]:
    """Return today's four runs; the same bytes for the same seed.

    athletes : the squad and, last, the runner on the way back, as a registry knows them.
    """
    birch, clover, dune, gale = _who(seed, athletes)
    return (
        _run(gale, 1, COMEBACK.speed_mps, _COMEBACK_RUN_M, seed, "shank"),
        _run(birch, 2, PLANS[1].speed_mps, _LONG_RUN_S * PLANS[1].speed_mps, seed, "movesense", breaks=True),
        _run(clover, 3, PLANS[2].speed_mps, _LONG_RUN_S * PLANS[2].speed_mps, seed, None),
        _run(dune, 4, PLANS[3].speed_mps, _LONG_RUN_S * PLANS[3].speed_mps, seed, "verity"),
    )


def _who(seed: int, athletes: Sequence[Athlete] | None) -> tuple[Athlete, Athlete, Athlete, Athlete]:
    known = (*squad(seed), comeback_athlete()) if athletes is None else athletes
    if len(known) != len(PLANS) + 1 or not all(a.simulated for a in known):
        raise ValueError(f"the runners are {len(PLANS) + 1} athletes who are simulated")
    return known[1], known[2], known[3], known[-1]


def _run(
    athlete: Athlete, number: int, speed_mps: float, distance_m: float, seed: int, sensor: str | None,
    *, breaks: bool = False,
) -> AirRun:  # fmt: skip
    profile = SpeedProfile.steady(speed_mps, distance_m, stand_before_s=_STAND_S)
    own_seed, runner = 1000 * seed + 100 + number, Runner()
    name = athlete.display_name.split()[0]
    footpod = SimulatedPod(
        f"C0:5E:00:00:{number:02X}:01", f"{name} pod SIM", RSC_PROFILE, "U", "foot",
        (rsc_stream(profile, seed=own_seed, runner=runner),),
    )  # fmt: skip
    if sensor is None:
        return AirRun(athlete, (footpod,), profile.duration_s, breaks)
    heard, profile_id, streams = _imu(sensor, name, profile, own_seed, runner)
    imu = SimulatedPod(f"C0:5E:00:00:{number:02X}:02", heard, profile_id, "R", "shank", streams)
    return AirRun(athlete, (imu, footpod), profile.duration_s, breaks)


def _imu(
    sensor: str, name: str, profile: SpeedProfile, seed: int, runner: Runner
) -> tuple[str, str, tuple[Stream, ...]]:
    """Return advertised name, firmware profile and streams; each sensor's clock is off by as much as real ones are."""
    truth = gait(profile, seed=seed, runner=runner)
    if sensor == "shank":
        columns = shank_columns(profile, truth, seed=seed, runner=runner, drift_ppm=40.0)
        return f"MyFoot {name} SIM", SHANK_PROFILE, (delivered(columns.stream(), seed=seed),)
    if sensor == "movesense":
        samples = imu_columns(profile, truth, seed=seed, runner=runner, rate_hz=MOVESENSE_RATE_HZ, drift_ppm=-60.0)
        return f"Movesense {name}", MOVESENSE_PROFILE, (delivered(movesense_stream(samples), seed=seed),)
    samples = imu_columns(profile, truth, seed=seed, runner=runner, rate_hz=VERITY_RATE_HZ, drift_ppm=25.0)
    return (
        f"Polar Sense {name}",
        VERITY_PROFILE,
        tuple(delivered(pmd_stream(samples, kind, delta=True), seed=seed) for kind in ("acceleration", "rotation")),
    )
