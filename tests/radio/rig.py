"""Sensors, air, adapter and bus for one test: everything between a pod and bleak."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bleak import BleakScanner
from bleak.backends.device import BLEDevice

from sensor_hub.adapters.ble.bluez import forget_stale_picture
from sensor_hub.adapters.ble.collector import Collector
from sensor_hub.adapters.ble.pod import Patience, Pod
from sensor_hub.adapters.ble.radio import ANY_RADIO, Radio
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.model.link import LINK, PodState
from sensor_hub.model.raw import RawNotification
from tests.radio.fake_bluez import FakeBluez

TEST_S = 60.0
HCI0, HCI1 = "F0:F0:F0:F0:F0:F0", "F0:F0:F0:F0:F0:F1"
QUICK = Patience(
    scan_s=1.0, rest_s=0.5, connect_s=8.0, open_s=5.0, reply_s=1.0, disconnect_s=3.0, backoff_s=0.05, backoff_cap_s=0.4,
    silent_windows=2, power_cycle_s=60.0, settle_s=0.3, longest_stall_s=8.0,
)  # fmt: skip


@dataclass
class Rig:
    """The air with its pods, and the fake bluetoothd."""

    radio: VirtualRadio
    bluez: FakeBluez


@asynccontextmanager
async def rig(*pods: VirtualPod, n_adapters: int = 1) -> AsyncIterator[Rig]:
    """Put pods on the air and a bluetoothd on the bus, in the running loop."""
    radio = VirtualRadio(pods)
    await radio.start()
    centrals = {"hci0": await radio.central(HCI0)}
    if n_adapters > 1:
        centrals["hci1"] = await radio.central(HCI1)
    bluez = FakeBluez(**centrals)
    await bluez.start()
    try:
        yield Rig(radio, bluez)
    finally:
        await forget_stale_picture()
        await bluez.kill()
        await radio.close()


@dataclass
class Collected:
    """What a collector put and told."""

    raws: list[RawNotification] = field(default_factory=list)
    told: list[PodState] = field(default_factory=list)
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    collector: Collector | None = None

    def data(self, device: str, characteristic: str) -> list[bytes]:
        return [r.payload for r in self.raws if r.device == device and r.characteristic == characteristic]

    def links(self, device: str) -> list[str]:
        return [p.decode() for p in self.data(device, LINK)]

    def problems(self, device: str) -> list[str]:
        return [s.problem for s in self.told if s.device == device and s.problem]

    def phase(self, device: str) -> str:
        assert self.collector is not None
        return self.collector.states()[device].phase


@asynccontextmanager
async def collecting(
    *pods: Pod, radio: Radio | list[Radio] = ANY_RADIO, slots: int = 5, patience: Patience = QUICK
) -> AsyncIterator[Collected]:
    """Run the collector while in the block; its own exceptions come through."""
    collected, stop = Collected(), asyncio.Event()
    collector = collected.collector = Collector(
        pods,
        collected.raws.append,
        radio=radio,
        on_state=collected.told.append,
        on_fingerprint=lambda device, fingerprint: collected.fingerprints.append((device, fingerprint)),
        slots=slots,
        patience=patience,
    )
    running = asyncio.ensure_future(collector.run(stop))
    try:
        yield collected
    finally:
        stop.set()
        await running
    said = [raw.device for raw in collected.raws] + [state.problem or "" for state in collected.told]
    assert not any("C0:00" in text or "C0_00" in text for text in said), "an address left the Bluetooth room"


async def streaming(c: Collected, device: str = "pod-1", timeout_s: float = 15.0) -> None:
    """Wait for a sensor to stream."""
    await until(lambda: c.phase(device) == "streaming", timeout_s)


async def heard(name: str = "POD1") -> BLEDevice:
    """Return a pod as bleak's scanner finds it."""
    device = await BleakScanner.find_device_by_name(name, timeout=5)
    assert device is not None
    return device


def once(received: list[int]) -> bool:
    """Whether numbers rise without a repeat."""
    return all(later > earlier for earlier, later in pairwise(received))


async def until(happened: Callable[[], object], timeout_s: float = 15.0) -> None:
    """Wait for something to be true."""
    async with asyncio.timeout(timeout_s):
        while not happened():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.02)


def run(test: Callable[[], Coroutine[Any, Any, None]], timeout_s: float = TEST_S) -> None:
    """Run a test in an event loop of its own."""

    async def bounded() -> None:
        await asyncio.wait_for(test(), timeout_s)

    asyncio.run(bounded())


async def stream(pod: VirtualPod, characteristic: str, rate_hz: float, n: int, payload: Callable[[int], bytes]) -> None:
    """Have a pod send n numbered notifications at a rate, whether somebody listens or not."""
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    for i in range(n):
        await pod.notify(characteristic, payload(i))
        wait_s = begun_s + (i + 1) / rate_hz - loop.time()
        if wait_s > 0:
            await asyncio.sleep(wait_s)


def forever(work: Awaitable[None]) -> "asyncio.Future[None]":
    """Do something beside the test."""
    return asyncio.ensure_future(work)
