"""A virtual Movesense sensor: the GATT sensor data protocol.

A command is ``u8 what, u8 reference, data``: 0 hello, 1 subscribe with a path, 2 unsubscribe. The sensor notifies
``1 reference u16`` (an HTTP status), ``2 reference data`` and, where data do not fit a notification, ``3 reference
rest``. Frames that are played are data or rests under any reference; the subscriber's takes its place.
"""

from collections.abc import Sequence
from typing import Final

from sensor_hub.adapters.virtual.gatt import VirtualCharacteristic, VirtualService
from sensor_hub.adapters.virtual.player import Frame
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.pods import about

MOVESENSE_SERVICE: Final = "34802252-7185-4d5d-b431-630e7050e8f0"
MOVESENSE_WRITE: Final = "34800001-7185-4d5d-b431-630e7050e8f0"
MOVESENSE_NOTIFY: Final = "34800002-7185-4d5d-b431-630e7050e8f0"
RATES_HZ: Final = (13, 26, 52, 104, 208, 416, 833, 1666)

OK: Final = 200
BAD_REQUEST: Final = 400
NOT_FOUND: Final = 404
_HELLO, _SUBSCRIBE, _UNSUBSCRIBE = 0, 1, 2
_RESULT, _PART = 1, 3


class MovesenseControl:
    """Which path is subscribed to under which reference, and what is answered.

    paths : those it knows; the frames played are of whichever is subscribed. refuse : HTTP status for every subscribe.
    """

    def __init__(self, paths: Sequence[str], *, refuse: int | None = None) -> None:
        self.paths, self.refuse = tuple(paths), refuse
        self.references: dict[int, str] = {}
        self.commands: list[bytes] = []
        self.pod: VirtualPod | None = None

    def passes(self, _uuid: str, _payload: bytes) -> bool:
        """Whether anything is subscribed to."""
        return bool(self.references)

    def shapes(self, uuid: str, payload: bytes) -> list[bytes]:
        """Return a frame under its reference, in parts if the link's MTU is small."""
        if uuid != MOVESENSE_NOTIFY or self.pod is None:
            return [payload]
        reference = next(iter(self.references), 0)
        room = self.pod.mtu - 5
        data = payload[2:]
        pieces = [data[i : i + room] for i in range(0, len(data), room)]
        return [bytes([payload[0] if i == 0 else _PART, reference]) + piece for i, piece in enumerate(pieces)]

    def on_write(self, command: bytes) -> None:
        """Take a command; the result is notified after the write is confirmed."""
        self.commands.append(command)
        answer = self.answer(command)
        if self.pod is not None:
            self.pod.soon(self._notify(self.pod, answer))
            if self.references:
                self.pod.begin()
            self.pod.changed()

    async def _notify(self, pod: VirtualPod, answer: bytes) -> None:
        await pod.notify(MOVESENSE_NOTIFY, answer)

    def answer(self, command: bytes) -> bytes:
        """Return the result of a command, and act on it."""
        what, reference = (*command[:2], 255, 0)[:2]
        return bytes([_RESULT, reference]) + self._act(what, reference, command[2:]).to_bytes(2, "little")

    def _act(self, what: int, reference: int, data: bytes) -> int:
        if reference == 0:
            return BAD_REQUEST
        if what == _HELLO:
            return OK
        if what == _UNSUBSCRIBE:
            return OK if self.references.pop(reference, None) is not None else NOT_FOUND
        if what != _SUBSCRIBE:
            return BAD_REQUEST
        path = data.rstrip(b"\0").decode("ascii", errors="replace")
        if self.refuse is not None:
            return self.refuse
        if path not in self.paths:
            return NOT_FOUND
        self.references[reference] = path
        return OK


def movesense_pod(
    address: str,
    name: str,
    frames: Sequence[Frame] = (),
    *,
    refuse: int | None = None,
    speed: float = 1.0,
    battery_percent: int = 87,
    largest_mtu: int = 517,
) -> tuple[VirtualPod, MovesenseControl]:
    """Return a Movesense sensor that knows ``/Meas/IMU6/RATE``, and its control."""
    control = MovesenseControl([f"/Meas/IMU6/{rate_hz}" for rate_hz in RATES_HZ], refuse=refuse)
    characteristics = [
        VirtualCharacteristic(MOVESENSE_WRITE, write=True, write_without_response=True, on_write=control.on_write),
        VirtualCharacteristic(MOVESENSE_NOTIFY, notify=True),
    ]
    services = [VirtualService(MOVESENSE_SERVICE, characteristics), *about("virtual Movesense", battery_percent)]
    pod = VirtualPod(address, name, services, largest_mtu=largest_mtu)
    control.pod = pod
    pod.begins_with_subscription = False
    pod.passes, pod.shapes = control.passes, control.shapes
    pod.on_disconnect.append(control.references.clear)
    pod.play(frames, speed=speed)
    return pod, control
