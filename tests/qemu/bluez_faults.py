"""Guest: what the adapter and bluetoothd do wrong, or what others do to them."""

import asyncio
import os
import signal
import subprocess
from functools import partial
from pathlib import Path
from typing import Final

from bleak import BleakScanner
from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

from sensor_hub.adapters.ble.radio import ANY_RADIO, Radio, adapters
from sensor_hub.adapters.ble.scan import scan
from sensor_hub.model.profile import NotifyMode
from tests.qemu.cast import CHANGING, FOOTPOD, SHANKS, Role
from tests.qemu.registry import check
from tests.qemu.stage import (
    Daemon,
    Heard,
    Wire,
    bluetoothctl,
    collecting,
    expect,
    profile_of,
    tally,
    until,
)

PUMP: Final = Path("/run/pump.pid")
FORGOTTEN_S: Final = 35.0  # BlueZ forgets a sensor that is not paired after 30 s, with all that hung on it


@check("an adapter switched off and on: both links told as adapter-off, both back, nothing doubled")
async def adapter_off_and_on(wire: Wire, _daemon: Daemon) -> str:
    both = (FOOTPOD, SHANKS[0])
    for role in both:
        await wire.ask("play", role, role.rate_hz * 40)
    async with collecting((FOOTPOD, profile_of(FOOTPOD, "start")), (SHANKS[0], profile_of(SHANKS[0]))) as heard:
        await until(lambda: all(len(heard.numbers(role)) >= 20 for role in both), "data of both", 90.0)
        await bluetoothctl("power", "off")
        told_s = await until(lambda: all(heard.links(role)[-1].startswith("down") for role in both), "the loss told")
        await asyncio.sleep(2.0)
        problem = heard.problems(FOOTPOD)
        await bluetoothctl("power", "on")
        back_s = await until(lambda: all(heard.links(role)[-1] == "up" for role in both), "both back", 90.0)
        counted = [await tally(wire, heard, role) for role in both]
        for role, one in zip(both, counted, strict=True):
            one.expect_clean()
            expect(heard.links(role) == ["up", "down adapter-off", "up"], f"links: {heard.links(role)}")
    return f"told after {told_s:.1f} s {problem}; back after {back_s:.1f} s; {counted[0]} | {counted[1]}"


@check("bluetoothd killed (-9) and started again: told, recovered with new links, nothing doubled")
async def daemon_killed(wire: Wire, daemon: Daemon) -> str:
    both = (FOOTPOD, SHANKS[0])
    for role in both:
        await wire.ask("play", role, role.rate_hz * 45)
    async with collecting((FOOTPOD, profile_of(FOOTPOD, "start")), (SHANKS[0], profile_of(SHANKS[0]))) as heard:
        await until(lambda: all(len(heard.numbers(role)) >= 20 for role in both), "data of both", 90.0)
        daemon.kill()
        told_s = await until(lambda: all(heard.links(role)[-1].startswith("down") for role in both), "the loss told")
        await asyncio.sleep(2.0)
        problem = heard.problems(FOOTPOD)
        daemon.start()
        back_s = await until(lambda: all(heard.links(role)[-1] == "up" for role in both), "both back", 90.0)
        counted = [await tally(wire, heard, role) for role in both]
        for role, one in zip(both, counted, strict=True):
            one.expect_clean()
            wanted = ["up", "down bluetooth-service-gone", "up"]
            expect(heard.links(role) == wanted, f"links: {heard.links(role)}")
    return f"told after {told_s:.1f} s {problem}; back after {back_s:.1f} s; {counted[0]} | {counted[1]}"


@check("a scan succeeds while another program scans")
async def another_program_scans(_wire: Wire, _daemon: Daemon) -> str:
    other = await asyncio.create_subprocess_exec(
        "bluetoothctl", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert other.stdin is not None
    other.stdin.write(b"scan on\n")
    await asyncio.sleep(2.0)
    try:
        found = await scan(ANY_RADIO, 6.0)
    finally:
        other.send_signal(signal.SIGTERM)
        out, _ = await other.communicate()
    expect(b"Discovery started" in out, f"bluetoothctl did not scan: {out[-200:]!r}")
    expect(len(found) == 11, f"{len(found)} found")
    return f"{len(found)} found"


@check("InProgress: a scan waits for a scan this program runs already, and then succeeds")
async def in_progress(_wire: Wire, _daemon: Daemon) -> str:
    first = BleakScanner()
    await first.start()
    refused = ""
    second = BleakScanner()
    try:
        await second.start()
        await second.stop()
    except Exception as error:  # what it is, is what this check wants to know
        refused = f"{type(error).__name__}: {error}"
    waiting = asyncio.ensure_future(scan(ANY_RADIO, 5.0))
    await asyncio.sleep(1.0)
    await first.stop()
    found = await waiting
    expect(len(found) == 11, f"{len(found)} found; a second scanner: {refused or 'allowed'}")
    return f"{len(found)} found; a second bare scanner: {refused or 'allowed'}"


async def _other_client(address: str, characteristic: str) -> tuple[MessageBus, str]:
    """Subscribe to a characteristic over a D-Bus connection of our own, as another program would."""
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    asked = Message(
        destination="org.bluez", path="/", interface="org.freedesktop.DBus.ObjectManager", member="GetManagedObjects"
    )
    objects = (await bus.call(asked)).body[0]
    device = f"/dev_{address.replace(':', '_')}/"
    [path] = [
        path for path, interfaces in objects.items()
        if device in path and "org.bluez.GattCharacteristic1" in interfaces
        and interfaces["org.bluez.GattCharacteristic1"]["UUID"].value.startswith(f"0000{characteristic}")
    ]  # fmt: skip
    reply = await bus.call(
        Message(destination="org.bluez", path=path, interface="org.bluez.GattCharacteristic1", member="StartNotify")
    )
    said = "subscribed" if reply.message_type is MessageType.METHOD_RETURN else f"{reply.error_name}"
    return bus, said


@check("another program that subscribes to the same stream doubles nothing")
async def another_program_subscribes(wire: Wire, _daemon: Daemon) -> str:
    return await _shared(wire, FOOTPOD, "start")


@check("another program cannot subscribe to a stream that was acquired")
async def another_program_acquires(wire: Wire, _daemon: Daemon) -> str:
    return await _shared(wire, SHANKS[0], "acquire")


async def _shared(wire: Wire, role: Role, mode: NotifyMode) -> str:
    await wire.ask("play", role, role.rate_hz * 12)
    async with collecting((role, profile_of(role, mode))) as heard:
        await until(lambda: len(heard.numbers(role)) >= 20, "data")
        bus, said = await _other_client(role.address, role.stream)
        counted = await tally(wire, heard, role)
        bus.disconnect()
        expect(not counted.n_doubled, f"the other: {said}; {counted}")
        counted.expect_clean()
    return f"the other: {said}; {counted}"


def _flows(heard: Heard, role: Role) -> bool:
    return len(heard.numbers(role)) >= 200


@check("bluetoothd survives a dozen ends of an acquired stream that flows")
async def many_ends(wire: Wire, daemon: Daemon) -> str:
    role, n_before = SHANKS[3], daemon.n_crashes
    for _ in range(12):
        await wire.ask("play", role, 4000)
        async with collecting((role, profile_of(role, "acquire"))) as heard:
            await until(partial(_flows, heard, role), "data")
    await asyncio.sleep(FORGOTTEN_S)
    n_crashes = daemon.n_crashes - n_before
    expect(n_crashes == 0, f"it crashed {n_crashes} times")
    return "12 ends"


@check("an adapter unplugged and plugged in under another hciN is found by its address")
async def renumbered(wire: Wire, _daemon: Daemon) -> str:
    [before] = await adapters()
    role, pump = FOOTPOD, int(await asyncio.to_thread(PUMP.read_text))
    await wire.ask("play", role, role.rate_hz * 40)
    async with collecting((role, profile_of(role, "start")), radio=Radio(adapter=before.address)) as heard:
        await until(lambda: len(heard.numbers(role)) >= 20, "data", 90.0)
        os.kill(pump, signal.SIGUSR1)
        await until(lambda: heard.links(role)[-1].startswith("down"), "the loss told")
        await wire.ask("drop", role)  # the radio made of software does not notice by itself
        await asyncio.sleep(1.0)
        problem = heard.problems(role)
        os.kill(pump, signal.SIGUSR2)
        back_s = await until(lambda: heard.links(role)[-1] == "up", "the link back", 90.0)
        after = [a for a in await adapters() if a.powered]
        counted = await tally(wire, heard, role)
        counted.expect_clean()
        expect(heard.links(role) == ["up", "down adapter-off", "up"], f"links: {heard.links(role)}")
        expect([a.name for a in after] == ["hci1"], f"the adapter is {after}: not renumbered")
    return f"{before.name} → {[a.name for a in after]}, back after {back_s:.1f} s; told {problem}; {counted}"


@check("a pod with another table of attributes (firmware update) streams again, and the change is told")
async def table_changed(wire: Wire, _daemon: Daemon) -> str:
    role = CHANGING
    await wire.ask("play", role, 40)
    async with collecting((role, profile_of(role, "start"))) as heard:
        await until(lambda: "up" in heard.links(role), "link up")
        (await tally(wire, heard, role)).expect_clean()
        old = heard.fingerprints[role.device]
    await wire.ask("update", role)
    await wire.ask("play", role, 60)
    async with collecting((role, profile_of(role, "start")), fingerprint=old) as heard:
        up_s = await until(lambda: "up" in heard.links(role), "link up after the update", 120.0)
        counted = await tally(wire, heard, role)
        counted.expect_clean()
        new, problems = heard.fingerprints.get(role.device, old), heard.problems(role)
        expect(new != old, f"the fingerprint is the old one; told {problems}")
    return f"up after {up_s:.1f} s, {counted}; told: {problems}"
