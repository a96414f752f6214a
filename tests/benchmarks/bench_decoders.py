"""Notifications a second that each IMU profile decodes, as a ratio against joining and copying the same bytes.

Blocks of 200 notifications: a second of a pod that sends 200. "One at a time" is what a quiet link costs.
"""

import sys
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.decoders.catalogue import stream_decoder
from sensor_hub.decoders.pmd_frames import ACC, GYRO
from sensor_hub.model.profile import DeviceProfile
from tests.benchmarks.bench_session import seconds
from tests.decoders import senders

N = 4000
BLOCK = 200
PROFILES = all_profiles()
RNG = np.random.default_rng(3)
RUN = np.cumsum(RNG.normal(0, 25, (N + 64, 6)), axis=0)
COUNTS = RUN.astype(int)


def pmd_raw(i: int) -> bytes:
    return senders.pmd_frame(ACC, 180_000_000 * (i + 1), 1, COUNTS[i : i + 36, :3].astype("<i2").tobytes())


def pmd_delta(kind: int) -> Callable[[int], bytes]:
    def frame(i: int) -> bytes:
        content = senders.pmd_delta(COUNTS[i : i + 56, :3], [11] * 5)
        return senders.pmd_frame(kind, 1_076_923_077 * (i + 1), 0x80, content)

    return frame


def packed(i: int) -> bytes:
    return senders.metawear_data(ACC if i % 2 else 0x13, 0x1C if i % 2 else 0x07, COUNTS[i : i + 3, :3] % 9999)


def imu6(i: int) -> bytes:
    return senders.movesense_data(1, 77 * i, RUN[i : i + 8, :3], RUN[i : i + 8, 3:])


def line(i: int) -> bytes:
    return senders.json_line(20 * i, RUN[i, :3].round(3).tolist(), RUN[i, 3:].round(1).tolist())


def generic(i: int) -> bytes:
    head = (i % 65536).to_bytes(2, "little") + (50_000 * i % 2**32).to_bytes(4, "little")
    return head + COUNTS[i : i + 10].astype("<i2").tobytes()


def timed_floats(ms: int) -> Callable[[int], bytes]:
    return lambda i: (ms * (i + 1)).to_bytes(4, "little") + RUN[i].astype("<f4").tobytes()


SENDERS: dict[str, tuple[str, str, Callable[[int], bytes]]] = {
    "shank logger": ("fuzzylabs-shank-logger", "2fff", timed_floats(5)),
    "Movella DOT": ("movella-dot", "1517", timed_floats(16_667)),
    "WitMotion": ("witmotion-wt901ble", "ffe4", lambda i: b"\x55\x61" + COUNTS[i].astype("<i2").tobytes() + bytes(6)),
    "Thingy:52": ("nordic-thingy52", "0406", lambda i: COUNTS[i].astype("<i2").tobytes() + bytes(6)),
    "generic IMU, 10 samples": ("generic-imu", "9efe", generic),
    "PMD raw, 36 samples": ("polar-h10", senders.PMD_DATA, pmd_raw),
    "PMD compressed, 56 samples": ("polar-verity-sense", senders.PMD_DATA, pmd_delta(ACC)),
    "PMD compressed rotation, 56 samples": ("polar-verity-sense", senders.PMD_DATA, pmd_delta(GYRO)),
    "Movesense IMU6, 8 samples": ("movesense", senders.MOVESENSE, imu6),
    "MetaMotion, 3 samples": ("mbientlab-metamotion-bmi160", senders.METAWEAR, packed),
    "Simple Stream": ("arduino-nano33ble-simple-stream", senders.SIMPLE_DATA, lambda i: senders.simple_data(COUNTS[i])),
    "JSON lines": ("espruino-puckjs", senders.UART, line),
}  # fmt: skip


def copy(blocks: Sequence[Sequence[bytes]]) -> int:
    """Touch every byte once, in the same blocks."""
    return sum(len(np.frombuffer(b"".join(block), np.uint8).copy()) for block in blocks)


def decode(profile: DeviceProfile, characteristic: str, blocks: Sequence[Sequence[bytes]]) -> int:
    decoder = stream_decoder(next(d for d in profile.characteristics.values() if "rsc" not in d), profile)
    for kind in (ACC, GYRO):
        decoder.decode(senders.PMD_CONTROL, [senders.pmd_answer(kind)] if "polar" in profile.id else [])
    if "simple" in profile.id:
        decoder.decode(senders.SIMPLE_CONFIG, [senders.simple_config()])
    n = 0
    for block in blocks:
        got = decoder.decode(characteristic, block)
        assert not got.failures
        n += len(got)
    return n


@pytest.mark.parametrize("what", SENDERS)
def test_bench_decoder(benchmark: BenchmarkFixture, what: str) -> None:
    of, characteristic, send = SENDERS[what]
    profile = PROFILES[of]
    payloads = [send(i) for i in range(N)]
    blocks = [payloads[i : i + BLOCK] for i in range(0, N, BLOCK)]
    n_samples = benchmark.pedantic(  # type: ignore[no-untyped-call]
        lambda: decode(profile, characteristic, blocks), rounds=5, warmup_rounds=1
    )
    assert n_samples >= N
    assert benchmark.stats is not None
    took_s = benchmark.stats.stats.min
    ratio = took_s / min(seconds(lambda: copy(blocks)) for _ in range(9))
    alone_s = min(seconds(lambda: decode(profile, characteristic, [[p] for p in payloads[:500]])) for _ in range(3))
    benchmark.extra_info.update(ratio_to_copying=ratio, notifications_a_second=N / took_s)
    sys.stderr.write(
        f"\n{what}: {N / took_s / 1000:.0f} k notifications/s ({n_samples / took_s / 1e6:.1f} M samples/s), "
        f"{ratio:.0f} x copying; one at a time {500 / alone_s / 1000:.0f} k/s\n"
    )
