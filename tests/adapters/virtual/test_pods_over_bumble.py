"""Each ready pod as another Bluetooth stack meets it, without bleak."""

import asyncio
from collections.abc import Callable

import pytest
from bumble import hci
from bumble.core import UUID
from bumble.device import Peer

from sensor_hub.adapters.virtual.movesense_pod import MOVESENSE_NOTIFY, MOVESENSE_WRITE, movesense_pod
from sensor_hub.adapters.virtual.player import Frame, RunClock
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.pods import (
    BATTERY,
    HEART_RATE,
    RSC_MEASUREMENT,
    SHANK,
    rsc_pod,
    shank_pod,
    stream_pod,
)
from sensor_hub.adapters.virtual.polar_pod import PMD_CONTROL, PMD_DATA, pmd_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio

POD = "C0:00:00:00:00:01"
OPEN = "9efe8702-e301-49c3-a739-1f98bd11ef9d"
OPEN_SERVICE = "9efe8701-e301-49c3-a739-1f98bd11ef9d"
VERITY_START = bytes.fromhex("02 02 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03")


def frames(uuid: str, first: bytes = b"") -> list[Frame]:
    return [(0.02 * i, uuid, first + i.to_bytes(2, "little")) for i in range(500)]


PODS: dict[str, tuple[Callable[[], VirtualPod], str, tuple[str, bytes] | None]] = {
    "footpod": (lambda: rsc_pod(POD, "Foot SIM", frames(RSC_MEASUREMENT)), RSC_MEASUREMENT, None),
    "heart rate": (lambda: rsc_pod(POD, "Foot SIM", frames(HEART_RATE), heart_rate=True), HEART_RATE, None),
    "shank": (lambda: shank_pod(POD, "MyFoot SIM", frames(SHANK)), SHANK, None),
    "polar": (lambda: pmd_pod(POD, "Polar SIM", frames(PMD_DATA, b"\x02"))[0], PMD_DATA, (PMD_CONTROL, VERITY_START)),
    "movesense": (
        lambda: movesense_pod(POD, "Movesense SIM", frames(MOVESENSE_NOTIFY, b"\x02\x00"))[0],
        MOVESENSE_NOTIFY,
        (MOVESENSE_WRITE, b"\x01\x05/Meas/IMU6/104"),
    ),
    "any other": (lambda: stream_pod(POD, "IMU SIM", OPEN_SERVICE, [OPEN], frames(OPEN)), OPEN, None),
}


@pytest.mark.parametrize("kind", PODS)
def test_a_pod_is_heard_connected_to_read_and_streams(kind: str) -> None:
    make, stream, start = PODS[kind]
    pod = make()
    got: list[bytes] = []

    async def scene() -> None:
        radio = VirtualRadio([pod])
        central = await radio.central()
        heard: asyncio.Queue[str] = asyncio.Queue()
        central.on("advertisement", lambda a: heard.put_nowait(a.address.to_string(False)))
        await central.start_scanning(active=True)
        assert await heard.get() == POD
        await central.stop_scanning()
        connection = await central.connect_le(hci.Address(POD), timeout=None)
        peer = Peer(connection)
        await peer.request_mtu(247)
        await peer.discover_all()  # type: ignore[no-untyped-call]
        (battery,) = peer.get_characteristics_by_uuid(UUID(BATTERY))
        assert await battery.read_value() == bytes([87])
        (maker,) = peer.get_characteristics_by_uuid(UUID("2A29"))
        assert b"simulated" in await maker.read_value()
        (data,) = peer.get_characteristics_by_uuid(UUID(stream))
        await data.subscribe(lambda value: got.append(bytes(value)))
        assert pod.subscribed(stream)
        if start is not None:
            (control,) = peer.get_characteristics_by_uuid(UUID(start[0]))
            await control.write_value(start[1], with_response=True)
        await pod.when(lambda: pod.n_sent[stream] > 0 or not pod.connected)
        while len(got) < 10:  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)
        await pod.drop()
        await pod.when(lambda: not pod.connected)
        assert not pod.subscribed(stream)
        await radio.close()

    async def bounded() -> None:
        async with asyncio.timeout(20):
            await scene()

    asyncio.run(bounded())
    data = [payload for payload in got if not (kind == "movesense" and payload[0] == 1)]
    assert [int.from_bytes(payload[-2:], "little") for payload in data] == list(range(len(data)))


def test_the_pods_of_one_runner_are_at_the_same_moment_of_the_run() -> None:
    clock = RunClock()
    first, second = shank_pod(POD, "MyFoot SIM"), rsc_pod("C0:00:00:00:00:02", "Foot SIM")
    first.play(frames(SHANK), clock=clock)
    second.play(frames(RSC_MEASUREMENT), clock=clock)
    got: list[bytes] = []

    async def scene() -> None:
        radio = VirtualRadio([first, second])
        await radio.start()
        first.begin()
        await asyncio.sleep(0.5)
        central = await radio.central()
        peer = Peer(await central.connect_le(hci.Address(second.address), timeout=None))
        await peer.discover_all()  # type: ignore[no-untyped-call]
        (data,) = peer.get_characteristics_by_uuid(UUID(RSC_MEASUREMENT))
        await data.subscribe(lambda value: got.append(bytes(value)))
        while not got:  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)
        await radio.close()

    asyncio.run(asyncio.wait_for(scene(), 20))
    n_before = int.from_bytes(got[0], "little")
    assert n_before >= 25
    assert second.n_missed[RSC_MEASUREMENT] == n_before


def test_a_clock_that_would_not_run_is_refused() -> None:
    with pytest.raises(ValueError, match="0 x real time"):
        RunClock(0)
