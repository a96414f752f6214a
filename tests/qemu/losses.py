"""Guest: links that break, stall or fail, and what the collector makes of them."""

import asyncio
from functools import partial

from tests.qemu.cast import FOOTPOD, SHANKS, Role
from tests.qemu.registry import check
from tests.qemu.stage import Daemon, Heard, Wire, collecting, expect, profile_of, tally, until


def _has(heard: Heard, role: Role, n: int) -> bool:
    return len(heard.numbers(role)) >= n


def _came_up(heard: Heard, role: Role, n: int) -> bool:
    return heard.links(role).count("up") == n


@check("a pod that drops its link in mid-run comes back, nothing doubled, the gap told")
async def drop(wire: Wire, _daemon: Daemon) -> str:
    role = FOOTPOD
    await wire.ask("play", role, 400)
    async with collecting((role, profile_of(role, "start"))) as heard:
        await until(lambda: len(heard.numbers(role)) >= 40, "data")
        await wire.ask("drop", role)
        await until(lambda: heard.links(role)[-1].startswith("down"), "the loss told")
        back_s = await until(lambda: heard.links(role)[-1] == "up", "the link back")
        counted = await tally(wire, heard, role)
        counted.expect_clean()
        expect(counted.n_missed > 0, "the pod missed nobody")
        expect(heard.links(role) == ["up", "down disconnected", "up"], f"links: {heard.links(role)}")
    return f"{counted}; back {back_s:.1f} s after the loss was told"


@check("a 200 Hz pod that drops its link twice (AcquireNotify) is not doubled")
async def drop_twice(wire: Wire, _daemon: Daemon) -> str:
    role = SHANKS[0]
    await wire.ask("play", role, 4000)
    async with collecting((role, profile_of(role, "acquire"))) as heard:
        for n_up in (1, 2):
            n = len(heard.numbers(role))
            await until(partial(_has, heard, role, n + 200), "data")
            await wire.ask("drop", role)
            await until(partial(_came_up, heard, role, n_up + 1), "the link back")
        counted = await tally(wire, heard, role)
        counted.expect_clean()
        wanted = ["up", "down disconnected", "up", "down disconnected", "up"]
        expect(heard.links(role) == wanted, f"links: {heard.links(role)}")
    return str(counted)


@check("a pod that goes silent is noticed, told and left again until it speaks")
async def stalled(wire: Wire, _daemon: Daemon) -> str:
    role = SHANKS[2]
    await wire.ask("play", role, 8000)
    async with collecting((role, profile_of(role, stale_s=2.0))) as heard:
        await until(lambda: len(heard.numbers(role)) >= 100, "data")
        await wire.ask("mute", role)
        noticed_s = await until(lambda: "down stalled" in heard.links(role), "the stall told", 30.0)
        await asyncio.sleep(3.0)
        await wire.ask("unmute", role)
        n = len(heard.numbers(role))
        back_s = await until(lambda: len(heard.numbers(role)) >= n + 100, "data again")
        doubled = len(heard.numbers(role)) - len(set(heard.numbers(role)))
        expect(not doubled, f"{doubled} doubled")
        expect(heard.links(role)[-1] == "up", f"links: {heard.links(role)}")
        links = heard.links(role)
    return f"told after {noticed_s:.1f} s, data {back_s:.1f} s after it spoke again; {', '.join(links)}"


@check("a pod that ends its first three links at once is connected in the end")
async def drops_at_once(wire: Wire, _daemon: Daemon) -> str:
    role = FOOTPOD
    await wire.ask("drop next", role, 3)
    await wire.ask("play", role, 60)
    n_before = await wire.ask("connections", role)
    async with collecting((role, profile_of(role, "start"))) as heard:
        up_s = await until(lambda: "up" in heard.links(role), "link up", 120.0)
        counted = await tally(wire, heard, role)
        counted.expect_clean()
        n_links = await wire.ask("connections", role) - n_before
        expect(n_links >= 4, f"{n_links} connections")
        problems = heard.problems(role)
    return f"{n_links} connections in {up_s:.1f} s; {counted}; told on the way: {problems}"


@check("a pod that goes away between advertising and connecting is said to be away, and found when it is back")
async def gone_while_connecting(wire: Wire, _daemon: Daemon) -> str:
    role = FOOTPOD
    await wire.ask("play", role, 60)
    async with collecting((role, profile_of(role, "start"))) as heard:
        await until(lambda: any(s.phase == "connecting" for s in heard.states), "connecting")
        await wire.ask("power off", role)
        told_s = await until(lambda: bool(heard.problems(role)) or "up" in heard.links(role), "a problem told", 100.0)
        expect("up" not in heard.links(role), "it was connected before it was gone: the check missed its moment")
        problems = heard.problems(role)
        await wire.ask("power on", role)
        back_s = await until(lambda: "up" in heard.links(role), "link up", 120.0)
        counted = await tally(wire, heard, role)
        counted.expect_clean()
    return f"told after {told_s:.0f} s: {problems}; up {back_s:.1f} s after it was back"
