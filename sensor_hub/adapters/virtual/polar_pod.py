"""A virtual Polar sensor: Polar Measurement Data with its control point.

Source: Polar BLE SDK, technical documentation "Online measurement". Only what a collector meets is here: feature bits,
settings, start, stop, and their status codes. Frames (raw or delta) come with the run that is played.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sensor_hub.adapters.virtual.gatt import VirtualCharacteristic, VirtualService
from sensor_hub.adapters.virtual.player import Frame
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.pods import about

PMD_SERVICE: Final = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
PMD_CONTROL: Final = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
PMD_DATA: Final = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
POLAR_COMPANY_ID: Final = 0x006B
ACCELERATION: Final = 2
GYROSCOPE: Final = 5

OK: Final = 0
UNKNOWN_COMMAND: Final = 1
UNKNOWN_MEASUREMENT: Final = 2
BAD_PARAMETER: Final = 5
ALREADY_IN_STATE: Final = 6
BAD_RATE: Final = 8
BAD_RANGE: Final = 9
IN_CHARGER: Final = 13

_GET_SETTINGS, _START, _STOP = 1, 2, 3
_RATE, _RESOLUTION, _RANGE, _CHANNELS, _FACTOR = 0, 1, 2, 4, 5
_VALUE_BYTES: Final = {_RATE: 2, _RESOLUTION: 2, _RANGE: 2, _CHANNELS: 1, _FACTOR: 4}


@dataclass(frozen=True, slots=True)
class PmdOffer:
    """What the sensor can measure of one type: rates Hz, resolution bits, ranges, channels; factor if it tells one."""

    rates_hz: tuple[int, ...]
    ranges: tuple[int, ...]
    resolution_bits: int = 16
    channels: int = 3
    factor: float | None = None

    def settings(self) -> bytes:
        """Return them as the sensor tells them."""
        rates = struct.pack(f"<BB{len(self.rates_hz)}H", _RATE, len(self.rates_hz), *self.rates_hz)
        ranges = struct.pack(f"<BB{len(self.ranges)}H", _RANGE, len(self.ranges), *self.ranges)
        resolution = struct.pack("<BBH", _RESOLUTION, 1, self.resolution_bits)
        return rates + resolution + ranges + bytes([_CHANNELS, 1, self.channels])


VERITY_OFFERS: Final[Mapping[int, PmdOffer]] = {
    ACCELERATION: PmdOffer((52,), (8,)),
    GYROSCOPE: PmdOffer((52,), (2000,)),
}
H10_OFFERS: Final[Mapping[int, PmdOffer]] = {ACCELERATION: PmdOffer((25, 50, 100, 200), (2, 4, 8))}


class PmdControl:
    """The control point: which measurements are started, and what it answers.

    refuse : status it answers every start with, such as ``IN_CHARGER``; None starts. stays_on : measurements go on
    when the link is lost, and a second start is answered "already in state", as an H10 does.
    """

    def __init__(self, offers: Mapping[int, PmdOffer], *, refuse: int | None = None, stays_on: bool = False) -> None:
        self.offers, self.refuse, self.stays_on = offers, refuse, stays_on
        self.started: set[int] = set()
        self.commands: list[bytes] = []
        self.pod: VirtualPod | None = None

    def features(self) -> bytes:
        """Return the feature bits as a read gives them."""
        return struct.pack("<BIxx", 0x0F, sum(1 << kind for kind in self.offers))

    def passes(self, uuid: str, payload: bytes) -> bool:
        """Whether a frame belongs to a measurement that was started."""
        return uuid != PMD_DATA or payload[0] & 0x3F in self.started

    def on_disconnect(self) -> None:
        """Forget what was started, unless it stays on."""
        if not self.stays_on:
            self.started.clear()

    def on_write(self, command: bytes) -> None:
        """Take a command; the answer is indicated after the write is confirmed."""
        self.commands.append(command)
        answer = self.answer(command)
        if self.pod is not None:
            self.pod.soon(self._indicate(self.pod, answer))
            if self.started:
                self.pod.begin()
            self.pod.changed()

    async def _indicate(self, pod: VirtualPod, answer: bytes) -> None:
        await pod.notify(PMD_CONTROL, answer)

    def answer(self, command: bytes) -> bytes:
        """Return the answer to a command, and act on it."""
        op, kind = (*command[:2], 0, 0)[:2]
        status, more = self._act(op, kind, command[2:])
        return bytes([0xF0, op, kind, status, 0]) + more

    def _act(self, op: int, kind: int, settings: bytes) -> tuple[int, bytes]:
        offer = self.offers.get(kind)
        if op not in {_GET_SETTINGS, _START, _STOP}:
            return UNKNOWN_COMMAND, b""
        if offer is None:
            return UNKNOWN_MEASUREMENT, b""
        if op == _GET_SETTINGS:
            return OK, offer.settings()
        if op == _STOP:
            self.started.discard(kind)
            return OK, b""
        status = self._start_status(kind, offer, settings)
        if status != OK:
            return status, b""
        self.started.add(kind)
        return OK, b"" if offer.factor is None else struct.pack("<BBf", _FACTOR, 1, offer.factor)

    def _start_status(self, kind: int, offer: PmdOffer, settings: bytes) -> int:
        if self.refuse is not None:
            return self.refuse
        wanted = read_settings(settings)
        if wanted is None:
            return BAD_PARAMETER
        if wanted.get(_RATE) not in offer.rates_hz:
            return BAD_RATE
        if wanted.get(_RANGE) not in offer.ranges:
            return BAD_RANGE
        return ALREADY_IN_STATE if kind in self.started else OK


def read_settings(settings: bytes) -> dict[int, int] | None:
    """Return the first value of each setting of a start command; None if they are cut off or unknown."""
    found: dict[int, int] = {}
    at = 0
    while at < len(settings):
        size = _VALUE_BYTES.get(settings[at])
        if size is None or at + 2 + size > len(settings) or settings[at + 1] != 1:
            return None
        found[settings[at]] = int.from_bytes(settings[at + 2 : at + 2 + size], "little")
        at += 2 + size
    return found


def pmd_pod(
    address: str,
    name: str,
    frames: Sequence[Frame] = (),
    *,
    offers: Mapping[int, PmdOffer] = VERITY_OFFERS,
    refuse: int | None = None,
    stays_on: bool = False,
    speed: float = 1.0,
    battery_percent: int = 87,
) -> tuple[VirtualPod, PmdControl]:
    """Return a Polar sensor and its control point.

    Frames of a measurement nobody started are not sent. The status of every start is ``refuse``, if given.
    """
    control = PmdControl(offers, refuse=refuse, stays_on=stays_on)
    characteristics = [
        VirtualCharacteristic(
            PMD_CONTROL, control.features(), read=True, write=True, indicate=True, on_write=control.on_write
        ),
        VirtualCharacteristic(PMD_DATA, notify=True),
    ]
    services = [VirtualService(PMD_SERVICE, characteristics), *about("virtual PMD sensor", battery_percent)]
    pod = VirtualPod(address, name, services, company_id=POLAR_COMPANY_ID)
    control.pod = pod
    pod.begins_with_subscription = False
    pod.passes = control.passes
    pod.on_disconnect.append(control.on_disconnect)
    pod.play(frames, speed=speed)
    return pod, control
