"""Guest: scanning, connecting, and what comes through when nothing goes wrong."""

import asyncio
import time
from typing import Final

from sensor_hub.adapters.ble.radio import ANY_RADIO, adapters
from sensor_hub.adapters.ble.scan import scan
from sensor_hub.model.profile import NotifyMode
from tests.qemu.cast import BATTERY, EVERYBODY, FOOTPOD, SHANKS, Role
from tests.qemu.registry import check
from tests.qemu.stage import Daemon, Wire, collecting, expect, profile_of, tally, until

EIGHT_S: Final = 10
ENOUGH: Final = 0.9  # the simulated air does not wait for an emulated processor that is too slow


@check("the adapter is listed, with power")
async def the_adapter(_wire: Wire, _daemon: Daemon) -> str:
    listed = await adapters()
    expect(len(listed) == 1 and listed[0].powered, f"{listed}")
    return f"{listed[0].name}"


@check("a scan finds every pod with its name and services")
async def scanning(_wire: Wire, _daemon: Daemon) -> str:
    found = {f.address: f for f in await scan(ANY_RADIO, 6.0)}
    absent = [role.name for role in EVERYBODY if role.address not in found]
    expect(not absent, f"not found: {absent}")
    wrong = [f.name for role in EVERYBODY if (f := found[role.address]).name != role.name or not f.services]
    expect(not wrong, f"without name or services: {wrong}")
    return f"{len(found)} found"


async def a_whole_run(wire: Wire, role: Role, mode: NotifyMode, n: int) -> str:
    await wire.ask("play", role, n)
    async with collecting((role, profile_of(role, mode))) as heard:
        up_s = await until(lambda: "up" in heard.links(role), "link up")
        counted = await tally(wire, heard, role)
        mtu = await wire.ask("mtu", role)
        counted.expect_clean()
        expect(heard.links(role) == ["up"], f"links: {heard.links(role)}")
        expect(heard.values(role, BATTERY)[:1] == [bytes([87])], f"battery: {heard.values(role, BATTERY)}")
        about = [heard.values(role, uuid)[:1] for uuid in ("2a29", "2a24", "2a26")]
        expect(all(about), f"device information: {about}")
        expect(heard.values(role, "2a25") == [], "the serial number was passed on")
    await until_left(wire, role)
    return f"{counted}; up after {up_s:.1f} s, MTU {mtu}"


async def until_left(wire: Wire, role: Role) -> None:
    """Fail if the pod is still connected a while after the collector ended."""
    end_s = time.monotonic() + 10.0
    while await wire.ask("connected", role):
        expect(time.monotonic() < end_s, f"{role.device} is still connected after the collector ended")
        await asyncio.sleep(0.2)


@check("StartNotify delivers every measurement of a footpod")
async def footpod(wire: Wire, _daemon: Daemon) -> str:
    return await a_whole_run(wire, FOOTPOD, "start", 100)


@check("AcquireNotify delivers every sample at 200 Hz")
async def acquired(wire: Wire, _daemon: Daemon) -> str:
    return await a_whole_run(wire, SHANKS[0], "acquire", 1000)


@check("StartNotify delivers every sample at 200 Hz")
async def started(wire: Wire, _daemon: Daemon) -> str:
    return await a_whole_run(wire, SHANKS[1], "start", 1000)


@check("eight pods at 200 Hz at once, AcquireNotify")
async def eight(wire: Wire, _daemon: Daemon) -> str:
    async with collecting(*((role, profile_of(role, "acquire")) for role in SHANKS)) as heard:
        up_s = await until(lambda: all("up" in heard.links(role) for role in SHANKS), "eight links up", 150.0)
        for role in SHANKS:
            await wire.ask("play", role, EIGHT_S * role.rate_hz)
        counted = [await tally(wire, heard, role) for role in SHANKS]
        links = {role.device: heard.links(role) for role in SHANKS if heard.links(role) != ["up"]}
        n_sent, n_heard = sum(c.n_sent for c in counted), sum(c.n_heard for c in counted)
        took_s = max(c.took_s for c in counted)
        said = f"{n_sent} sent in {took_s:.1f} s ({n_sent / took_s:.0f}/s), {n_heard} heard"
        expect(not links, f"{said}; links: {links}")
        broken = [str(one) for one in counted if one.n_doubled or one.n_invented or not one.in_order or one.problem]
        expect(not broken, f"{said}; {broken}")
        expect(n_heard > ENOUGH * n_sent, f"{said}: more is lost than a slow machine explains")
    lost = f"{n_sent - n_heard} lost" if n_heard < n_sent else "none lost"
    return f"{said}, {lost}, none doubled; eight links up after {up_s:.0f} s"
