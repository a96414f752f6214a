"""Payloads as sensors send them, composed byte by byte from the formats, and profiles that ask for them."""

import json
import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from sensor_hub.model.arrays import IntArray
from sensor_hub.model.profile import Command, DeviceProfile

PMD_CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
PMD_DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
MOVESENSE_WRITE = "34800001-7185-4d5d-b431-630e7050e8f0"
MOVESENSE = "34800002-7185-4d5d-b431-630e7050e8f0"
METAWEAR_WRITE = "326a9001-85cb-9195-d9dd-464cfbbae75a"
METAWEAR = "326a9006-85cb-9195-d9dd-464cfbbae75a"
UART = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
SIMPLE_CONFIG = "16480001-0525-4ad5-b4fb-6dd83f49546b"
SIMPLE_DATA = "16480002-0525-4ad5-b4fb-6dd83f49546b"
VERITY_ACC = "02 02 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03"
VERITY_GYRO = "02 05 00 01 34 00 01 01 10 00 02 01 d0 07 04 01 03"


def profile(
    decoder: str, *characteristics: str, start: Sequence[tuple[str, str | bytes]] = (), rate_hz: float | None = None
) -> DeviceProfile:
    commands = (Command(uuid, bytes.fromhex(p) if isinstance(p, str) else p) for uuid, p in start)
    known = dict.fromkeys(characteristics, decoder)
    return DeviceProfile(
        "p", 1, "P", ("*",), known, "imu", "documented", "-", start=tuple(commands), sampling_rate_hz=rate_hz
    )


PMD = profile("polar_pmd", PMD_CONTROL, PMD_DATA, start=[(PMD_CONTROL, VERITY_ACC), (PMD_CONTROL, VERITY_GYRO)])
IMU6 = profile("movesense", MOVESENSE, start=[(MOVESENSE_WRITE, b"\x01\x01/Meas/IMU6/104")])
BMI160 = profile(
    "metawear",
    METAWEAR,
    start=[
        (METAWEAR_WRITE, "03 03 29 0c"),
        (METAWEAR_WRITE, "13 03 29 00"),
        (METAWEAR_WRITE, "03 1c 01"),
        (METAWEAR_WRITE, "13 07 01"),
    ],
)
PUCK = profile("json_lines", UART)
NANO = profile("simple_stream", SIMPLE_CONFIG, SIMPLE_DATA, rate_hz=119.0)


def pmd_frame(kind: int, last_ns: int, frame_type: int, content: bytes) -> bytes:
    return struct.pack("<BQB", kind, last_ns, frame_type) + content


def pmd_answer(kind: int, status: int = 0, settings: bytes = b"", op: int = 2) -> bytes:
    return bytes([0xF0, op, kind, status]) + (b"\0" + settings if status == 0 else b"")


def pmd_factor(factor: float) -> bytes:
    return b"\x05\x01" + struct.pack("<f", factor)


def pmd_delta(counts: ArrayLike, groups: Sequence[int], reference_bytes: int = 2) -> bytes:
    """Reference sample, then groups of so many differences each; bits as narrow as they can be."""
    samples: IntArray = np.array(counts, np.int64)
    content = b"".join(int(v).to_bytes(reference_bytes, "little", signed=True) for v in samples[0])
    at = 1
    for n in groups:
        steps = [int(v) for v in np.diff(samples[at - 1 : at + n], axis=0).reshape(-1)]
        bits = max(max(v if v >= 0 else -v - 1 for v in steps).bit_length() + 1, 1)
        packed = sum((v & ((1 << bits) - 1)) << (bits * i) for i, v in enumerate(steps))
        content += bytes([bits, n]) + packed.to_bytes((bits * len(steps) + 7) // 8, "little")
        at += n
    return content


def movesense_data(reference: int, first_ms: int, *blocks: ArrayLike, kind: int = 2) -> bytes:
    return struct.pack("<BBI", kind, reference, first_ms) + b"".join(np.array(b, "<f4").tobytes() for b in blocks)


def metawear_data(module: int, register: int, counts: ArrayLike) -> bytes:
    return bytes([module, register]) + np.array(counts, "<i2").tobytes()


def json_line(t_ms: float, acceleration_g: Sequence[float], rotation_dps: Sequence[float]) -> bytes:
    said = dict(zip(("t", "ax", "ay", "az", "gx", "gy", "gz"), (t_ms, *acceleration_g, *rotation_dps), strict=True))
    return json.dumps(said, separators=(",", ":")).encode() + b"\r\n"


def simple_config(rate_hz: int = 119, n: int | None = 1, *, columns: Sequence[str] = ()) -> bytes:
    names = columns or [f"{sensor}{axis}" for sensor in ("Accelerometer", "Gyroscope") for axis in "XYZ"]
    said: dict[str, object] = {"sample_rate": rate_hz, "column_location": {name: i for i, name in enumerate(names)}}
    if n is not None:
        said["samples_per_packet"] = n
    return json.dumps(said).encode().ljust(256, b"\0")


def simple_data(rows: ArrayLike) -> bytes:
    return np.array(rows, "<i2").tobytes()
