"""Movesense: the GATT SensorData protocol.

Notifications: ``01 ref status u16`` the answer to a command (an HTTP status; firmware differs in its byte order, so
either is read); ``02 ref data`` what a subscription measured; ``03 ref data`` its continuation, where one notification
was too small. Data of ``/Meas/Acc``, ``/Meas/Gyro``, ``/Meas/IMU6`` and ``/Meas/IMU9``: time u32 ms **of the first
sample**, then f32 x, y, z of all samples of acceleration (m/s²), then of angular velocity (deg/s), then of the
magnetic field: blocks, not interleaved. How many samples there are follows from the length, and what a ``ref`` means
from the subscriptions in the profile's start commands (``01 ref path``), whose last part is the sampling rate.

A sensor does not say how long a packet will be. A first part whose length happens to be that of a whole packet is
taken for one, until its continuation comes: then packets of that length are known to go on. Where a continuation never
came, the next first part is the failure that tells it; before a whole packet the hole in time tells it.

A link may deliver everything twice, one copy after the other or crossed. A first part with a time that was told is such
a copy. A continuation has no time: one that nothing waits for, or whose samples differ among themselves, is a copy if
it is one of the last few, byte for byte. Samples that are all alike may come again.

Source: Movesense, GATT SensorData protocol and the resource definitions (YAML) of the device library: "local timestamp
of first measurement", m/s², deg/s. Validity: a published npm package says mg; nothing is guessed here, and an
acceleration a thousand times too large shows in the first check of the sensor.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.decoders.frames import Failure, Payloads, Piece, merged
from sensor_hub.decoders.recent_times import COPIES, RecentTimes
from sensor_hub.decoders.samples import Samples
from sensor_hub.errors import DecodeError
from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.units import DEGREE_RAD, MS_PER_S

WIRE_FORMAT: Final = "movesense"
_COMMANDS: Final = "34800001"
_ANSWER, _DATA, _CONTINUATION = 1, 2, 3
_SUBSCRIBE: Final = 1
_HEAD_BYTES: Final = 6
_VECTOR_BYTES: Final = 12
_TIME_BITS: Final = 32
_LARGEST_PACKET: Final = 4096  # no subscription of the published resources comes near it
_BLOCKS: Final = {"acc": "a", "gyro": "g", "imu6": "ag", "imu6m": "am", "imu9": "agm"}


@dataclass(frozen=True, slots=True)
class _Resource:
    """What a reference stands for: its path, its blocks in order ("a", "g", "m"), its rate."""

    path: str
    blocks: str
    sampling_rate_hz: float

    @property
    def sample_bytes(self) -> int:
        return _VECTOR_BYTES * len(self.blocks)

    def is_whole(self, length: int) -> bool:
        return length > _HEAD_BYTES and (length - _HEAD_BYTES) % self.sample_bytes == 0


class MovesenseDecoder:
    """Decodes what one Movesense sends; see the module for the format.

    A packet that was told before gives nothing; nor does data of other resources (heart rate, ECG). A refused command
    is a failure that says which.
    """

    def __init__(self, profile: DeviceProfile) -> None:
        self._resources = dict(_subscriptions(profile))
        self._paths = dict(_paths(profile))
        self._begun: dict[int, bytes] = {}  # packets whose continuation has not come
        self._goes_on: set[tuple[int, int]] = set()  # (reference, length) of packets that go on
        self._whole: dict[int, int] = {}  # length of the newest packet of a reference that was taken for whole
        self._times = {reference: RecentTimes(int(MS_PER_S), _TIME_BITS) for reference in self._resources}
        self._continuations: dict[int, deque[bytes]] = {r: deque(maxlen=COPIES) for r in self._resources}

    def decode(self, characteristic: str, payloads: Sequence[bytes]) -> Samples:
        """Decode notifications of 34800002, in order of arrival."""
        del characteristic
        failures: list[Failure] = []
        packets: list[bytes] = []
        owners: list[int] = []
        for index, payload in enumerate(payloads):
            try:
                packet = self._packet(payload)
            except DecodeError as error:
                failures.append((index, error))
                continue
            if packet is not None:
                packets.append(packet)
                owners.append(index)
        return merged(self._pieces(packets, np.array(owners, np.int64)), failures)

    def _packet(self, payload: bytes) -> bytes | None:
        """Return a whole packet of an IMU, if this notification is one or completes one."""
        if len(payload) < 2:
            raise DecodeError(WIRE_FORMAT, f"{len(payload)} bytes", payload)
        kind, reference = payload[0], payload[1]
        if kind == _ANSWER:
            self._check_answer(reference, payload)
            return None
        resource = self._resources.get(reference)
        if kind not in (_DATA, _CONTINUATION):
            raise DecodeError(WIRE_FORMAT, f"unknown kind {kind}", payload)
        if resource is None:
            return None
        if kind == _CONTINUATION:
            return self._continued(resource, payload)
        return self._first(resource, payload)

    def _first(self, resource: _Resource, payload: bytes) -> bytes | None:
        reference, length = payload[1], len(payload)
        if length < _HEAD_BYTES:
            self._begun.pop(reference, None)
            raise DecodeError(WIRE_FORMAT, f"{length} bytes, too few for a time", payload)
        times, time_ms = self._times[reference], int.from_bytes(payload[2:_HEAD_BYTES], "little")
        if times.has_told(time_ms):
            return None
        times.remember(time_ms)
        is_lost = self._begun.pop(reference, None) is not None
        if not resource.is_whole(length) or (reference, length) in self._goes_on:
            self._begun[reference] = payload
            self._whole.pop(reference, None)
            if is_lost:
                raise DecodeError(WIRE_FORMAT, f"the packet of {resource.path} before it was never completed", payload)
            return None
        self._whole[reference] = length
        return payload

    def _continued(self, resource: _Resource, payload: bytes) -> bytes | None:
        reference, content = payload[1], payload[2:]
        begun, whole_length = self._begun.get(reference), self._whole.get(reference)
        told = self._continuations[reference]
        was_told = content in told
        told.append(content)
        are_alike = content[_VECTOR_BYTES:] == content[:-_VECTOR_BYTES]
        if was_told and (whole_length is None if begun is None else not are_alike):
            return None
        self._begun.pop(reference, None)
        self._whole.pop(reference, None)
        if begun is None:
            if whole_length is not None:  # what was taken for whole was not
                self._goes_on.add((reference, whole_length))
            raise DecodeError(WIRE_FORMAT, f"a continuation of {resource.path} without its beginning", payload)
        packet = begun + content
        if resource.is_whole(len(packet)):
            return packet
        if len(packet) > _LARGEST_PACKET:
            raise DecodeError(WIRE_FORMAT, f"a packet of {resource.path} of {len(packet)} bytes", payload)
        self._begun[reference] = packet
        return None

    def _check_answer(self, reference: int, payload: bytes) -> None:
        if len(payload) < 4:
            raise DecodeError(WIRE_FORMAT, f"an answer of {len(payload)} bytes", payload)
        statuses = [int.from_bytes(payload[2:4], "little"), int.from_bytes(payload[2:4], "big")]
        if not any(200 <= status < 300 for status in statuses):
            status = next((s for s in statuses if 100 <= s < 600), statuses[0])
            what = self._paths.get(reference, f"reference {reference}")
            raise DecodeError(WIRE_FORMAT, f"the sensor refused {what}: status {status}", payload)

    def _pieces(self, packets: list[bytes], owners: IntArray) -> list[Piece]:
        """Decode packets, all of one reference and length together."""
        run = Payloads(packets)
        shape = run.octet(1).astype(np.int64) << 32 | run.length
        pieces = []
        for one in np.unique(shape).tolist():
            which = np.nonzero(shape == one)[0]
            octets = run.frames(which, one & 0xFFFFFFFF)
            pieces.append(_piece(self._resources[one >> 32], octets, owners[which]))
        return pieces


def _piece(resource: _Resource, octets: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]", owners: IntArray) -> Piece:
    n = (octets.shape[1] - _HEAD_BYTES) // resource.sample_bytes
    first_ms = np.ascontiguousarray(octets[:, 2:_HEAD_BYTES]).view("<u4")
    time_s = first_ms / MS_PER_S + np.arange(n) / resource.sampling_rate_hz
    with np.errstate(invalid="ignore"):  # a signalling NaN is as unknown as a quiet one
        values = np.ascontiguousarray(octets[:, _HEAD_BYTES:]).view("<f4").astype(float)
    blocks: dict[str, FloatArray] = {
        block: values[:, 3 * n * i : 3 * n * (i + 1)].reshape(-1, 3) for i, block in enumerate(resource.blocks)
    }
    rotation = blocks["g"] * DEGREE_RAD if "g" in blocks else None
    return Piece(np.repeat(owners, n), time_s.reshape(-1), blocks.get("a"), rotation)


def _paths(profile: DeviceProfile) -> list[tuple[int, str]]:
    commands = [c.payload for c in profile.start if c.characteristic.startswith(_COMMANDS)]
    return [(p[1], p[2:].decode("utf-8", "replace")) for p in commands if len(p) > 2 and p[0] == _SUBSCRIBE]


def _subscriptions(profile: DeviceProfile) -> list[tuple[int, _Resource]]:
    found = []
    for reference, path in _paths(profile):
        parts = path.strip("/").lower().split("/")
        blocks = _BLOCKS.get(parts[1], "") if len(parts) == 3 and parts[0] == "meas" else ""
        if blocks.strip("m") and parts[2].isascii() and parts[2].isdigit() and int(parts[2]):
            found.append((reference, _Resource(path, blocks, float(parts[2]))))
    return found
