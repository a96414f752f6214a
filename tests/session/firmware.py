"""One leg as different firmware would send it: with and without times, many samples at once, in frames of two kinds."""

import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.simulation.imu_frames import (
    GENERIC_CHARACTERISTIC,
    MOVESENSE_CHARACTERISTIC,
    PMD_CHARACTERISTIC,
    ImuColumns,
    generic_imu_stream,
    movesense_stream,
    pmd_factor,
    pmd_stream,
)
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2
from tests.session.arrivals import late_arrivals
from tests.session.runs import START
from tests.synthetic_run import SyntheticRun, payloads

PROFILES = all_profiles()
WITMOTION_DATA = "0000ffe4-0000-1000-8000-00805f9a34fb"
METAWEAR_DATA = "326a9006-85cb-9195-d9dd-464cfbbae75a"
PMD_CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
FIRMWARE = (
    "fuzzylabs-shank-logger",
    "generic-imu",
    "movesense",
    "polar-verity-sense",
    "witmotion-wt901ble",
    "mbientlab-metamotion-bmi160",
)


def profile_at(name: str, rate_hz: float) -> DeviceProfile:
    """The shipped profile, worn on the shank, at the rate of the run."""
    return replace(PROFILES[name], mount="shank", sampling_rate_hz=rate_hz)


def heard(
    name: str, run: SyntheticRun, *, rate_hz: float, device: str = "pod-1", seed: int = 0, mean_delay_s: float = 0.01
) -> list[RawNotification]:
    """Notifications of a run, arriving late, in order of arrival."""
    found: list[tuple[float, str, bytes]] = []
    for at, (characteristic, sent_s, sent) in enumerate(_streams(name, run, rate_hz)):
        arrival_s = late_arrivals(sent_s, seed=seed + at, mean_delay_s=mean_delay_s)
        found += [(s, characteristic, payload) for s, payload in zip(arrival_s.tolist(), sent, strict=True)]
    found.sort(key=lambda one: one[0])
    return [RawNotification(device, c, START + timedelta(seconds=s), payload) for s, c, payload in found]


def _streams(name: str, run: SyntheticRun, rate_hz: float) -> list[tuple[str, FloatArray, Sequence[bytes]]]:
    acceleration_g, rotation_dps = run.acceleration_mps2 / STANDARD_GRAVITY_MPS2, run.rotation_radps / DEGREE_RAD
    columns = ImuColumns(run.t_s, run.t_s, acceleration_g, rotation_dps, rate_hz)
    match name:
        case "fuzzylabs-shank-logger":
            return [("2fff", run.t_s, payloads(run))]
        case "generic-imu":
            streams = [generic_imu_stream(columns)]
        case "movesense":
            streams = [movesense_stream(columns, reference=1)]
        case "polar-verity-sense":
            acceleration, rotation = (pmd_stream(columns, kind, delta=True) for kind in ("acceleration", "rotation"))
            told = [_pmd_answer(2, pmd_factor("acceleration")), _pmd_answer(5, pmd_factor("rotation"))]
            pmd = [(s.characteristic, s.arrival_us / 1e6, s.payloads) for s in (acceleration, rotation)]
            return [(PMD_CONTROL, np.array([0.0, 0.0]), told), *pmd]
        case "witmotion-wt901ble":
            counts = np.round(np.column_stack([acceleration_g / 16, rotation_dps / 2000]) * 32768).astype("<i2")
            return [(WITMOTION_DATA, run.t_s, [b"\x55\x61" + row.tobytes() + bytes(6) for row in counts])]
        case "mbientlab-metamotion-bmi160":
            three = np.arange(2, len(run.t_s), 3)
            both = (b"\x03\x1c", acceleration_g * 2048), (b"\x13\x07", rotation_dps * 16.4)
            return [
                (
                    METAWEAR_DATA,
                    run.t_s[three],
                    [head + np.round(v[i - 2 : i + 1]).astype("<i2").tobytes() for i in three.tolist()],
                )
                for head, v in both
            ]
        case _:
            raise ValueError(name)
    return [(s.characteristic, s.arrival_us / 1e6, s.payloads) for s in streams]


def _pmd_answer(kind: int, factor: float) -> bytes:
    """What a Polar sensor answers to the start of a measurement."""
    return bytes([0xF0, 2, kind, 0, 0]) + bytes([5, 1]) + struct.pack("<f", factor)


__all__ = [
    "FIRMWARE",
    "GENERIC_CHARACTERISTIC",
    "MOVESENSE_CHARACTERISTIC",
    "PMD_CHARACTERISTIC",
    "heard",
    "profile_at",
]
