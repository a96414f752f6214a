"""What there is to break: every decoder, every layout of every shipped profile, with valid payloads to begin from."""

import random
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.decoders.catalogue import LAYOUT_PREFIX, STREAM_NAMES, VALUE_DECODERS, is_stream, stream_decoder
from sensor_hub.decoders.pmd_frames import ACC, GYRO
from sensor_hub.decoders.table import decode_values
from sensor_hub.errors import DecodeError
from sensor_hub.model.link import LINK, LinkChange
from sensor_hub.model.profile import DeviceProfile, Layout
from sensor_hub.model.raw import RawNotification
from tests.decoders import senders
from tests.decoders.streams import Notification, check

Decode = Callable[[str, Sequence[bytes]], int]  # how many values or samples it found
NOW = datetime(2026, 11, 20, tzinfo=UTC)
VALUES = {
    "rsc": ["00910100", "035c03a18200f6090000", "0734125689070403 0201"],
    "rsc_feature": ["1f00", "0000"],
    "sensor_location": ["00", "10"],
    "heart_rate": ["1648000400 03", "0d00010201", "0048"],
    "cycling_power": ["2000fa00e8030002", "ff0fffff64200001000000000802000004 0100ffff0100ffff11223301000200 0a00"],
    "battery": ["64", "00"],
    "device_information": ["506f6c617220483130", "332e302e3500", "c3a9"],
}


@dataclass(frozen=True, slots=True)
class Target:
    """A decoder under one name.

    seeds : valid notifications. make : a new decoder, as a function that raises nothing but what is a finding.
    """

    name: str
    seeds: tuple[Notification, ...]
    make: Callable[[], Decode]


def targets() -> list[Target]:
    """Return every target; a decoder that nobody wrote seeds for is an error."""
    profiles = all_profiles()
    return [
        *(_value(name, [bytes.fromhex(h) for h in VALUES[name]], decode) for name, decode in VALUE_DECODERS.items()),
        _value(LINK, [b"up", b"down stalled", b"lost overflow 12"], _read_link),
        *(_stream(name, profile) for profile in profiles.values() for name in _streams_of(profile)),
        *(target for profile in profiles.values() for target in _layouts(profile)),
    ]


def _value(name: str, seeds: Sequence[bytes], decode: Callable[[bytes], object]) -> Target:
    def run(_characteristic: str, payloads: Sequence[bytes]) -> int:
        found = 0
        for payload in payloads:
            with suppress(DecodeError):
                decode(payload)
                found += 1
        return found

    return Target(name, tuple(("", seed) for seed in seeds), lambda: run)


def _read_link(payload: bytes) -> LinkChange:
    return LinkChange.from_notification(RawNotification("pod-1", LINK, NOW, payload))


def _streaming(name: str, profile: DeviceProfile) -> Callable[[], Decode]:
    def make() -> Decode:
        decoder = stream_decoder(name, profile)

        def run(characteristic: str, payloads: Sequence[bytes]) -> int:
            got = decoder.decode(characteristic, payloads)
            check(got, len(payloads))
            return len(got)

        return run

    return make


def _streams_of(profile: DeviceProfile) -> list[str]:
    return sorted(STREAM_NAMES & set(profile.characteristics.values()))


def _stream(name: str, profile: DeviceProfile) -> Target:
    return Target(f"{profile.id} {name}", tuple(SEEDS[name]), _streaming(name, profile))


def _layouts(profile: DeviceProfile) -> Iterator[Target]:
    for name, layout in profile.layouts.items():
        seeds = tuple(("2fff", seed) for seed in layout_seeds(layout))
        where = f"{profile.id} {LAYOUT_PREFIX}{name}"
        if is_stream(LAYOUT_PREFIX + name, profile):
            yield Target(where, seeds, _streaming(LAYOUT_PREFIX + name, profile))
        yield _value(f"{where} as values", [seed for _, seed in seeds], partial(decode_values, layout))


def layout_seeds(layout: Layout) -> list[bytes]:
    """Frames of the right length with the constant bytes in place, the rest of any kind."""
    rng = random.Random(layout.name)
    widths = sum(int(f.type[1:]) // 8 for f in layout.fields)
    lengths = [layout.frame_bytes] if layout.frame_bytes else [widths + 1, widths]
    if layout.repeat_bytes:
        lengths = [(layout.repeat_at or 0) + n * layout.repeat_bytes for n in (1, 3, 10)]
    frames = []
    for length in lengths * 4:
        frame = bytearray(rng.randbytes(length))
        for at, constant in layout.match:
            frame[at : at + len(constant)] = constant
        frames.append(bytes(frame))
    return frames


def _pmd_seeds() -> list[Notification]:
    rng = random.Random(1)
    counts = [[rng.randrange(-900, 900) for _ in range(3)] for _ in range(40)]
    data = []
    for i in range(4):
        at_ns = 800_000_000_000_000_000 + 700_000_000 * i
        raw = struct.pack("<60h", *[v for row in counts[:20] for v in row])
        data += [
            senders.pmd_frame(ACC, at_ns, 1, raw),
            senders.pmd_frame(ACC, at_ns + 1, 0x81, senders.pmd_delta(counts, [9, 30])),
            senders.pmd_frame(GYRO, at_ns, 0x80, senders.pmd_delta(counts[:9], [2, 1, 5])),
            senders.pmd_frame(GYRO, at_ns + 1, 0x81, senders.pmd_delta(counts[:9], [8], 4)),
        ]
    answers = [senders.pmd_answer(kind, settings=senders.pmd_factor(0.061)) for kind in (ACC, GYRO)]
    answers += [senders.pmd_answer(ACC, status=8), bytes.fromhex("f0 01 02 00 00 00 02 34 00 68 00 01 01 10 00")]
    return [(senders.PMD_DATA, p) for p in data] + [(senders.PMD_CONTROL, p) for p in answers]


def _movesense_seeds() -> list[Notification]:
    packets = [senders.movesense_data(1, 77 * i, [[0, 0, 9.8]] * 8, [[1, 2, 3]] * 8) for i in range(4)]
    parts = [packets[0][:100], b"\x03\x01" + packets[0][100:], packets[1][:150], b"\x03\x01" + packets[1][150:]]
    return [(senders.MOVESENSE, p) for p in (*packets, *parts, b"\x01\x01\xc8\0", b"\x01\x01\x94\x01")]


SEEDS: dict[str, Sequence[Notification]] = {
    "polar_pmd": _pmd_seeds(),
    "movesense": _movesense_seeds(),
    "metawear": [
        (senders.METAWEAR, senders.metawear_data(module, register, [1, -2, 3] * n))
        for module, register, n in ((3, 0x1C, 3), (3, 4, 1), (0x13, 7, 3), (0x13, 5, 1), (0x11, 0x8C, 2))
    ],
    "json_lines": [
        *((senders.UART, senders.json_line(20 * i, (0.1, -1, i), (1.5, 2, -3e2))) for i in range(4)),
        *((senders.UART, part) for part in (b'{"t":9,"ax":', b'1,"ay":0,"az":null}\n', b">", b"\x1b[J\r\n")),
    ],
    "simple_stream": [
        *((senders.SIMPLE_CONFIG, config) for config in (senders.simple_config(), senders.simple_config(n=None))),
        *((senders.SIMPLE_DATA, senders.simple_data([i, 2, -3, 4, 5, -6] * n)) for i, n in ((1, 1), (2, 2), (3, 1))),
    ],
}
