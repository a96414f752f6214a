"""Host: the pods on a virtual radio, the guest's controller on the same radio, and the wire the checks pull them by.

Requests and answers are JSON, one a line: ``{"do": "drop", "pod": "footpod"}`` → ``{"value": null}`` or
``{"error": "…"}``. What the pods play counts itself, so each side knows what the other must have sent or heard.
"""

import asyncio
import json
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from bumble.transport.unix import open_unix_client_transport

from sensor_hub.adapters.virtual.pod import VirtualCharacteristic, VirtualPod, VirtualService
from sensor_hub.adapters.virtual.pods import rsc_pod, shank_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from tests.qemu.air import answer_cancels, keep_addresses
from tests.qemu.cast import CHANGING, EVERYBODY, FOOTPOD, LOCKED, PASSKEY, RSC, SHANKS, Role

_ALL_FIELDS_RUNNING: Final = 0b111
_AT_REST: Final = struct.pack("<6f", 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
CONNECT_S: Final = 120.0
SOON_S: Final = 0.1  # two connection events or so: the central is reading the table of services


def frame(stream: str, k: int) -> bytes:
    """Return the k-th notification of a stream: 0x2A53 counts in its distance, the shank logger in its clock."""
    if stream == RSC:
        return struct.pack("<BHBHI", _ALL_FIELDS_RUNNING, 896, 172, 122, k)
    return struct.pack("<I", k) + _AT_REST


class Run:
    """One pod playing ``n`` notifications in real time, beginning when somebody listens."""

    def __init__(self, pod: VirtualPod, role: Role, n: int) -> None:
        self.sent: list[int] = []
        self.missed: list[int] = []
        self.took_s = 0.0
        self._task = asyncio.get_running_loop().create_task(self._play(pod, role, n))

    async def _play(self, pod: VirtualPod, role: Role, n: int) -> None:
        await pod.when(lambda: pod.subscribed(role.stream), CONNECT_S)
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        for k in range(n):
            heard = await pod.notify(role.stream, frame(role.stream, k))
            (self.sent if heard else self.missed).append(k)
            wait_s = begun_s + (k + 1) / role.rate_hz - loop.time()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
        self.took_s = loop.time() - begun_s

    async def end(self) -> None:
        """Play no further."""
        self._task.cancel()
        with suppress(asyncio.CancelledError, TimeoutError):
            await self._task

    def told(self) -> dict[str, Any]:
        """Return how it stands, as JSON."""
        broken = self._task.done() and not self._task.cancelled() and self._task.exception()
        return {
            "ended": self._task.done(),
            "problem": repr(broken) if broken else None,
            "sent": as_ranges(self.sent),
            "missed": len(self.missed),
            "took_s": round(self.took_s, 2),
        }


def as_ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """Return rising numbers as half-open ranges."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found


def _pods() -> dict[str, VirtualPod]:
    found = {role.device: rsc_pod(role.address, role.name) for role in (FOOTPOD, CHANGING)}
    found[LOCKED.device] = rsc_pod(LOCKED.address, LOCKED.name, passkey=PASSKEY)
    return found | {role.device: shank_pod(role.address, role.name) for role in SHANKS}


def _was_connected(pod: VirtualPod, n_times: int) -> bool:
    return pod.n_connections >= n_times


def _updated(role: Role) -> VirtualPod:
    """Return a footpod after a firmware update: a new service before the others, so every handle is another."""
    new = VirtualService(
        "5a3b0001-7d2b-4c1e-9a55-0f0e0d0c0b0a",
        [
            VirtualCharacteristic("5a3b0002-7d2b-4c1e-9a55-0f0e0d0c0b0a", b"new", read=True),
            VirtualCharacteristic("5a3b0003-7d2b-4c1e-9a55-0f0e0d0c0b0a", notify=True),
        ],
    )
    old = rsc_pod(role.address, role.name)
    return VirtualPod(role.address, role.name, [new, *old.services], advertises=["1814"])


class Outside:
    """What surrounds the guest."""

    def __init__(self) -> None:
        self.roles = {role.device: role for role in EVERYBODY}
        self.pods = _pods()
        self.radio = VirtualRadio(self.pods.values())
        self.runs: dict[str, Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, hci: Path, control: Path) -> None:
        """Put the pods on the air and give the guest its controller. OSError if the sockets are not there."""
        await self.radio.start()
        keep_addresses(self.radio.link)
        transport = await open_unix_client_transport(str(hci))
        answer_cancels(self.radio.attach_host("guest", transport.source, transport.sink))
        reader, writer = await asyncio.open_unix_connection(str(control))
        self._later(self._answer(reader, writer))

    async def close(self) -> None:
        """Take everything off the air."""
        for run in self.runs.values():
            await run.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.radio.close()

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            try:
                answer: dict[str, Any] = {"value": await self._do(**json.loads(line))}
            except Exception as error:  # whatever went wrong belongs to the check that asked
                answer = {"error": f"{type(error).__name__}: {error}"}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()

    async def _do(self, do: str, pod: str = "", n: int = 0) -> Any:
        if do == "ping":
            return "pong"
        chosen = self.pods[pod]
        done: dict[str, Callable[[], Any]] = {
            "play": lambda: self._play(pod, n),
            "told": lambda: self.runs[pod].told(),
            "connections": lambda: chosen.n_connections,
            "connected": lambda: chosen.connected,
            "mtu": lambda: chosen.mtu,
            "drop": chosen.drop,
            "drop next": lambda: self._drop_next(chosen, n),
            "mute": chosen.mute,
            "unmute": chosen.unmute,
            "power off": chosen.power_off,
            "power on": chosen.power_on,
            "update": lambda: self._update(pod),
        }
        value = done[do]()
        return await value if asyncio.iscoroutine(value) else value

    async def _play(self, pod: str, n: int) -> None:
        if pod in self.runs:
            await self.runs[pod].end()
        self.runs[pod] = Run(self.pods[pod], self.roles[pod], n)

    def _drop_next(self, pod: VirtualPod, n: int) -> None:
        """Have the pod end its next ``n`` links as soon as they are made."""
        first = pod.n_connections

        async def drop() -> None:
            with suppress(asyncio.TimeoutError):
                for i in range(1, n + 1):
                    await pod.when(partial(_was_connected, pod, first + i), CONNECT_S)
                    await asyncio.sleep(SOON_S)
                    await pod.drop()

        self._later(drop())

    async def _update(self, pod: str) -> None:
        """Switch the pod off and on with another table of attributes, as after a firmware update."""
        old, link = self.pods[pod], self.radio.link
        await old.leave()
        for controller in [c for c in link.controllers if c.name == old.name]:
            link.remove_controller(controller)
        self.radio.pods.remove(old)
        self.pods[pod] = _updated(self.roles[pod])
        await self.radio.add(self.pods[pod])
