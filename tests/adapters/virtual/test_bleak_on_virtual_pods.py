import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError

from sensor_hub.adapters.virtual.bleak_backend import client_backend, scanner_backend
from sensor_hub.adapters.virtual.movesense_pod import MOVESENSE_NOTIFY, MOVESENSE_WRITE, movesense_pod
from sensor_hub.adapters.virtual.player import Frame
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.pods import BATTERY, RSC_MEASUREMENT, SENSOR_LOCATION, SHANK, rsc_pod, shank_pod
from sensor_hub.adapters.virtual.polar_pod import (
    ACCELERATION,
    BAD_RATE,
    H10_OFFERS,
    IN_CHARGER,
    PMD_CONTROL,
    PMD_DATA,
    pmd_pod,
)
from sensor_hub.adapters.virtual.radio import VirtualRadio

POD = "C0:00:00:00:00:01"
OTHER = "C0:00:00:00:00:02"
H10_START = bytes.fromhex("02 02 00 01 C8 00 01 01 10 00 02 01 08 00")
MANY: list[Frame] = [(i * 0.005, SHANK, i.to_bytes(4, "little") + bytes(24)) for i in range(2000)]


def client(radio: VirtualRadio, address: str = POD, **options: Any) -> BleakClient:
    return BleakClient(address, backend=client_backend(radio), timeout=5.0, **options)


def on_air(radio: VirtualRadio, scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with asyncio.timeout(30):
            await scene()
            await radio.close()

    asyncio.run(run())


def collect(into: list[bytes]) -> Callable[[Any, bytearray], None]:
    return lambda _characteristic, payload: into.append(bytes(payload))


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


def test_a_scan_hears_name_services_company_and_signal() -> None:
    polar, _ = pmd_pod(OTHER, "Polar Sense SIM", [])
    radio = VirtualRadio([rsc_pod(POD, "Foot SIM"), polar])

    async def scene() -> None:
        async with BleakScanner(backend=scanner_backend(radio)) as scanner:
            await until(lambda: len(scanner.discovered_devices) == 2)
            heard = scanner.discovered_devices_and_advertisement_data
        device, advertisement = heard[POD]
        assert device.name == advertisement.local_name == "Foot SIM"
        assert advertisement.service_uuids == ["00001814-0000-1000-8000-00805f9b34fb"]
        assert advertisement.rssi < 0
        assert heard[OTHER][1].manufacturer_data == {0x006B: b""}

    on_air(radio, scene)


def test_a_filtered_scan_hears_only_what_it_asks_for() -> None:
    radio = VirtualRadio([rsc_pod(POD, "Foot SIM"), shank_pod(OTHER, "MyFoot SIM")])

    async def scene() -> None:
        heard: set[str] = set()
        scanner = BleakScanner(
            lambda device, _data: heard.add(device.address),
            service_uuids=["00001814-0000-1000-8000-00805f9b34fb"],
            backend=scanner_backend(radio),
        )
        async with scanner:
            await until(lambda: bool(heard))
            await asyncio.sleep(0.3)
        assert heard == {POD}

    on_air(radio, scene)


def test_battery_and_device_information_are_read_and_say_simulated() -> None:
    radio = VirtualRadio([rsc_pod(POD, "Foot SIM", battery_percent=61)])

    async def scene() -> None:
        async with client(radio) as link:
            assert await link.read_gatt_char(BATTERY) == bytes([61])
            assert b"simulated" in await link.read_gatt_char("2a29")
            assert await link.read_gatt_char("2a54") == b"\x07\x00"

    on_air(radio, scene)


def test_every_notification_that_is_sent_arrives_once_and_in_order() -> None:
    pod = shank_pod(POD, "MyFoot SIM", MANY)
    radio = VirtualRadio([pod])
    got: list[bytes] = []

    async def scene() -> None:
        async with client(radio) as link:
            await link.start_notify(SHANK, collect(got))
            await until(lambda: len(got) >= 150)
            pod.mute()  # what was sent before is on its way
            await until(lambda: len(got) == pod.n_sent[SHANK])
            await link.stop_notify(SHANK)

    on_air(radio, scene)
    assert [int.from_bytes(payload[:4], "little") for payload in got] == list(range(len(got)))
    assert all(len(payload) == 28 for payload in got)


def test_a_drop_is_told_and_the_run_has_gone_on_when_the_link_is_back() -> None:
    pod = shank_pod(POD, "MyFoot SIM", MANY)
    radio = VirtualRadio([pod])
    lost: list[str] = []
    before: list[bytes] = []
    after: list[bytes] = []

    async def scene() -> None:
        first = client(radio, disconnected_callback=lambda gone: lost.append(gone.address))
        await first.connect()
        await first.start_notify(SHANK, collect(before))
        await until(lambda: len(before) >= 20)
        await pod.drop()
        await until(lambda: bool(lost))
        assert not first.is_connected
        with pytest.raises(BleakError):
            await first.read_gatt_char(BATTERY)
        await asyncio.sleep(0.3)
        async with client(radio) as second:
            await second.start_notify(SHANK, collect(after))
            await until(lambda: len(after) >= 20)

    on_air(radio, scene)
    assert lost == [POD]
    gap = int.from_bytes(after[0][:4], "little") - int.from_bytes(before[-1][:4], "little") - 1
    assert gap >= 40
    n_on_their_way = pod.n_sent[SHANK] - len(before) - len(after)  # sent when the link was breaking, and at the end
    assert gap <= pod.n_missed[SHANK] + pod.n_too_long[SHANK] + n_on_their_way


def test_a_muted_pod_stays_connected_and_silent() -> None:
    pod = shank_pod(POD, "MyFoot SIM", MANY)
    radio = VirtualRadio([pod])
    got: list[bytes] = []

    async def scene() -> None:
        async with client(radio) as link:
            await link.start_notify(SHANK, collect(got))
            await until(lambda: len(got) >= 10)
            pod.mute()
            await asyncio.sleep(0.1)
            n_heard = len(got)
            await asyncio.sleep(0.3)
            assert len(got) == n_heard
            assert link.is_connected
            pod.unmute()
            await until(lambda: len(got) > n_heard)
            assert pod.n_missed[SHANK] >= 40

    on_air(radio, scene)


def test_a_pod_without_power_is_not_found_and_found_again_with_it() -> None:
    pod = rsc_pod(POD, "Foot SIM")
    radio = VirtualRadio([pod])

    async def scene() -> None:
        link = client(radio)
        await link.connect()
        await pod.power_off()
        await until(lambda: not link.is_connected)
        with pytest.raises(BleakDeviceNotFoundError):
            await BleakClient(POD, backend=client_backend(radio), timeout=0.5).connect()
        await pod.power_on()
        async with client(radio) as again:
            assert again.is_connected
        assert pod.n_connections == 2

    on_air(radio, scene)


def test_an_attempt_that_is_given_up_does_not_connect_later() -> None:
    pod = rsc_pod(POD, "Foot SIM")
    pod.powered = False
    radio = VirtualRadio([pod])

    async def scene() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client(radio).connect(), 0.3)
        await pod.power_on()
        await asyncio.sleep(0.4)
        assert not pod.connected
        async with client(radio) as link:
            assert link.is_connected

    on_air(radio, scene)


@pytest.mark.parametrize("doing", ["scan", "connect"])
def test_whoever_is_cancelled_at_any_moment_ends_at_once_and_leaves_nothing_behind(doing: str) -> None:
    pod = rsc_pod(POD, "Foot SIM")
    radio = VirtualRadio([pod])

    async def scan_or_connect() -> None:
        if doing == "scan":
            await BleakScanner(backend=scanner_backend(radio)).start()
        else:
            await client(radio).connect()
        await asyncio.Event().wait()

    async def scene() -> None:
        central = await radio.central()
        for n_turns in range(40):
            task = asyncio.create_task(scan_or_connect())
            for _ in range(n_turns):
                await asyncio.sleep(0)
            task.cancel()
            done, _ = await asyncio.wait({task}, timeout=2)
            assert done == {task}
            assert task.cancelled()
            if doing == "connect":
                for connection in list(central.connections.values()):  # it was made before the cancellation came
                    await connection.disconnect()
        async with BleakScanner(backend=scanner_backend(radio)) as scanner:
            await until(lambda: len(scanner.discovered_devices) == 1)
        async with client(radio) as link:
            assert link.is_connected

    on_air(radio, scene)


def test_a_passkey_pairs_and_the_bond_outlives_the_link() -> None:
    radio = VirtualRadio([rsc_pod(POD, "Foot SIM", passkey=123456)], ask_passkey=lambda: 123456)

    async def scene() -> None:
        async with client(radio) as link:
            with pytest.raises(BleakGATTProtocolError, match="Insufficient"):
                await link.read_gatt_char(SENSOR_LOCATION)
            await link.pair()
            assert await link.read_gatt_char(SENSOR_LOCATION) == b"\x02"
        async with client(radio) as again:
            assert await again.read_gatt_char(SENSOR_LOCATION) == b"\x02"
            await again.unpair()
        async with client(radio) as stranger:
            with pytest.raises(BleakGATTProtocolError):
                await stranger.read_gatt_char(SENSOR_LOCATION)

    on_air(radio, scene)


def test_a_wrong_passkey_does_not_pair() -> None:
    radio = VirtualRadio([rsc_pod(POD, "Foot SIM", passkey=123456)], ask_passkey=lambda: 654321)

    async def scene() -> None:
        async with client(radio) as link:
            with pytest.raises(BleakError, match="pairing"):
                await link.pair()

    on_air(radio, scene)


def test_a_polar_pod_sends_after_its_start_command_and_stops_when_told() -> None:
    frames = [(i * 0.02, PMD_DATA, bytes([ACCELERATION]) + i.to_bytes(4, "little")) for i in range(500)]
    pod, control = pmd_pod(POD, "Polar H10 SIM", frames, offers=H10_OFFERS)
    radio = VirtualRadio([pod])
    answers: list[bytes] = []
    data: list[bytes] = []

    async def scene() -> None:
        async with client(radio) as link:
            assert (await link.read_gatt_char(PMD_CONTROL))[:2] == bytes([0x0F, 1 << ACCELERATION])
            await link.start_notify(PMD_CONTROL, collect(answers))
            await link.start_notify(PMD_DATA, collect(data))
            await asyncio.sleep(0.2)
            assert data == []
            await link.write_gatt_char(PMD_CONTROL, b"\x01\x02", response=True)
            await until(lambda: len(answers) == 1)
            assert answers[0].startswith(bytes.fromhex("f001020000 0004 1900 3200 6400 c800"))
            await link.write_gatt_char(PMD_CONTROL, H10_START, response=True)
            await until(lambda: len(data) >= 5)
            assert answers[1] == bytes.fromhex("f002020000")
            await link.write_gatt_char(PMD_CONTROL, H10_START, response=True)
            await until(lambda: len(answers) == 3)
            assert answers[2] == bytes.fromhex("f002020600")
            await link.write_gatt_char(PMD_CONTROL, b"\x03\x02", response=True)
            await until(lambda: len(answers) == 4)
            n_heard = len(data)
            await asyncio.sleep(0.2)
            assert len(data) == n_heard
        assert data[0] == frames[0][2]
        assert control.started == set()

    on_air(radio, scene)


@pytest.mark.parametrize(
    ("refuse", "command", "status"),
    [(IN_CHARGER, H10_START, IN_CHARGER), (None, H10_START.replace(b"\xc8", b"\xc9"), BAD_RATE)],
)
def test_a_polar_pod_refuses_a_start_with_its_status(refuse: int | None, command: bytes, status: int) -> None:
    pod, _ = pmd_pod(POD, "Polar H10 SIM", [(0.0, PMD_DATA, bytes([2]))], offers=H10_OFFERS, refuse=refuse)
    radio = VirtualRadio([pod])
    answers: list[bytes] = []

    async def scene() -> None:
        async with client(radio) as link:
            await link.start_notify(PMD_CONTROL, collect(answers))
            await link.start_notify(PMD_DATA, collect([]))
            await link.write_gatt_char(PMD_CONTROL, command, response=True)
            await until(lambda: bool(answers))

    on_air(radio, scene)
    assert answers == [bytes([0xF0, 2, 2, status, 0])]
    assert pod.n_sent[PMD_DATA] == 0


@pytest.mark.parametrize(("stays_on", "started"), [(False, set()), (True, {ACCELERATION})])
def test_whether_a_polar_pod_measures_on_after_a_drop(stays_on: bool, started: set[int]) -> None:
    pod, control = pmd_pod(POD, "Polar H10 SIM", [], offers=H10_OFFERS, stays_on=stays_on)
    radio = VirtualRadio([pod])

    async def scene() -> None:
        async with client(radio) as link:
            await link.write_gatt_char(PMD_CONTROL, H10_START, response=True)
            assert control.started == {ACCELERATION}
            await pod.drop()
            await until(lambda: not link.is_connected)
            assert control.started == started

    on_air(radio, scene)


def test_a_movesense_pod_answers_and_sends_under_the_subscribers_reference() -> None:
    frames = [(i * 0.05, MOVESENSE_NOTIFY, b"\x02\x00" + bytes([i]) * 28) for i in range(200)]
    pod, control = movesense_pod(POD, "Movesense SIM", frames)
    radio = VirtualRadio([pod])
    got: list[bytes] = []

    async def scene() -> None:
        async with client(radio) as link:
            await link.start_notify(MOVESENSE_NOTIFY, collect(got))
            await link.write_gatt_char(MOVESENSE_WRITE, b"\x00\x07", response=True)
            await link.write_gatt_char(MOVESENSE_WRITE, b"\x01\x08/Meas/Nothing", response=True)
            await link.write_gatt_char(MOVESENSE_WRITE, b"\x01\x09/Meas/IMU6/104", response=True)
            await until(lambda: len(got) >= 6)
            assert control.references == {9: "/Meas/IMU6/104"}
            await link.write_gatt_char(MOVESENSE_WRITE, b"\x02\x09", response=True)
            await until(lambda: got[-1][0] == 1)
        assert got[:3] == [
            b"\x01\x07" + (200).to_bytes(2, "little"),
            b"\x01\x08" + (404).to_bytes(2, "little"),
            b"\x01\x09" + (200).to_bytes(2, "little"),
        ]
        assert got[3] == b"\x02\x09" + bytes(28)

    on_air(radio, scene)


def test_a_movesense_pod_splits_its_data_where_the_mtu_is_small() -> None:
    whole = bytes(range(100))
    pod, _ = movesense_pod(POD, "Movesense SIM", [(0.0, MOVESENSE_NOTIFY, b"\x02\x00" + whole)], largest_mtu=64)
    radio = VirtualRadio([pod])
    got: list[bytes] = []

    async def scene() -> None:
        async with client(radio) as link:
            await link.start_notify(MOVESENSE_NOTIFY, collect(got))
            await link.write_gatt_char(MOVESENSE_WRITE, b"\x01\x01/Meas/IMU6/52", response=True)
            await until(lambda: len(got) == 3)
            assert link.mtu_size == 64

    on_air(radio, scene)
    parts = [payload for payload in got if payload[0] != 1]
    assert [part[:2] for part in parts] == [b"\x02\x01", b"\x03\x01"]
    assert b"".join(part[2:] for part in parts) == whole
    assert max(map(len, parts)) == 61


def test_a_payload_longer_than_the_link_carries_is_refused_and_not_cut() -> None:
    pod = VirtualPod(POD, "MyFoot SIM", shank_pod(POD, "MyFoot SIM").services, largest_mtu=23)
    pod.play([*MANY[:5], (0.05, SHANK, b"short")])
    radio = VirtualRadio([pod])
    got: list[bytes] = []

    async def scene() -> None:
        async with client(radio) as link:
            await link.start_notify(SHANK, collect(got))
            await until(lambda: got == [b"short"])
            assert pod.n_too_long[SHANK] == 5
            with pytest.raises(ValueError, match="MTU of 23"):
                await pod.notify(SHANK, bytes(28))

    on_air(radio, scene)


def test_a_radio_moves_to_another_event_loop_and_bonds_and_runs_go_on() -> None:
    pod = rsc_pod(POD, "Foot SIM", [(i * 0.02, RSC_MEASUREMENT, bytes([i % 256])) for i in range(500)], passkey=7)
    radio = VirtualRadio([pod], ask_passkey=lambda: 7)
    first: list[bytes] = []
    second: list[bytes] = []

    async def one_loop(into: list[bytes], *, pair: bool) -> None:
        async with asyncio.timeout(20), client(radio) as link:
            if pair:
                await link.pair()
            assert await link.read_gatt_char(SENSOR_LOCATION)
            await link.start_notify(RSC_MEASUREMENT, collect(into))
            await until(lambda: len(into) >= 5)
        await radio.close()

    asyncio.run(one_loop(first, pair=True))
    asyncio.run(one_loop(second, pair=False))
    assert second[0] > first[-1]


def test_several_links_at_once_each_get_their_own() -> None:
    pods = [
        shank_pod(f"C0:00:00:00:00:{i:02X}", f"MyFoot {i}", [(k * 0.01, SHANK, bytes([i]) * 28) for k in range(500)])
        for i in range(5)
    ]
    radio = VirtualRadio(pods)
    got: dict[int, list[bytes]] = {i: [] for i in range(5)}

    async def scene() -> None:
        links = [client(radio, pod.address) for pod in pods]
        await asyncio.gather(*(link.connect() for link in links))
        for i, link in enumerate(links):
            await link.start_notify(SHANK, collect(got[i]))
        await until(lambda: all(len(heard) >= 20 for heard in got.values()))
        for link in links:
            await link.disconnect()

    on_air(radio, scene)
    for i, heard in got.items():
        assert set(heard) == {bytes([i]) * 28}


def test_an_advertisement_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="31"):
        rsc_pod(POD, "a name that is much too long to be advertised")
