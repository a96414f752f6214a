"""Guest: what a check needs: the real bluetoothd, the wire to the pods outside, and the collector with all it heard."""

import asyncio
import json
import os
import re
import signal
import struct
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sensor_hub.adapters.ble.collector import Collector, Patience, Pod
from sensor_hub.adapters.ble.pod import PATIENT
from sensor_hub.adapters.ble.radio import ANY_RADIO, Radio, adapters
from sensor_hub.errors import BluetoothError
from sensor_hub.model.link import LINK, PodState
from sensor_hub.model.profile import DeviceProfile, NotifyMode
from sensor_hub.model.raw import RawNotification
from sensor_hub.profiles import load_profile
from tests.qemu.cast import RSC, Role

PORTS: Final = Path("/run/ports")
DAEMON: Final = "/usr/libexec/bluetooth/bluetoothd"
DAEMON_LOG: Final = Path("/run/bluetoothd.log")
READY_S: Final = 60.0
_PROFILES: Final = {RSC: "standard-rsc", "2fff": "fuzzylabs-shank-logger"}


class FailedCheckError(Exception):
    """What was expected did not come; says what and with which numbers."""


def expect(true: bool, what: str) -> None:
    """Go on if it is true, else fail the check with what was expected."""
    if not true:
        raise FailedCheckError(what)


async def until(happened: Callable[[], bool], what: str, timeout_s: float = 60.0) -> float:
    """Wait until it happened and return how long it took, s."""
    begun_s = time.monotonic()
    while not happened():
        if time.monotonic() - begun_s > timeout_s:
            raise FailedCheckError(f"{what}: not within {timeout_s:.0f} s")
        await asyncio.sleep(0.05)
    return time.monotonic() - begun_s


class Wire:
    """The way to the pods outside, and to the report. One for the whole run."""

    def __init__(self) -> None:
        self._control = os.open(PORTS / "control", os.O_RDWR)
        self._report = os.open(PORTS / "report", os.O_WRONLY)
        self._read = bytearray()

    def report(self, **said: Any) -> None:
        """Write a line of the report."""
        os.write(self._report, json.dumps(said).encode() + b"\n")

    def wait_for_outside(self) -> None:
        """Return when the machine outside answers."""
        end_s = time.monotonic() + READY_S
        while time.monotonic() < end_s:
            with suppress(EOFError):
                self._ask({"do": "ping"})
                return
            time.sleep(0.1)
        raise FailedCheckError("nobody answers outside")

    async def ask(self, do: str, role: Role | None = None, n: int = 0) -> Any:
        """Have something done outside and return what came of it."""
        request = {"do": do, "pod": role.device if role else "", "n": n}
        return await asyncio.to_thread(self._ask, request)

    def _ask(self, request: dict[str, Any]) -> Any:
        os.write(self._control, json.dumps(request).encode() + b"\n")
        while b"\n" not in self._read:
            part = os.read(self._control, 65_536)
            if not part:
                raise EOFError
            self._read += part
        line, _, rest = bytes(self._read).partition(b"\n")
        self._read = bytearray(rest)
        answer = json.loads(line)
        expect("error" not in answer, f"{request['do']} outside: {answer.get('error')}")
        return answer["value"]


class Daemon:
    """The real bluetoothd, started again when it crashes, as a service manager does."""

    def __init__(self) -> None:
        self.n_crashes = 0
        self._wanted = False
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its log grows over restarts."""
        with DAEMON_LOG.open("ab") as log:
            self._process = subprocess.Popen([DAEMON, "-n"], stdout=log, stderr=log)
        self._wanted = True

    def kill(self) -> None:
        """End it without a chance to say goodbye."""
        self._wanted = False
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    async def supervise(self) -> None:
        """Start it again, a second after it ended by itself; until cancelled."""
        while True:
            await asyncio.sleep(0.2)
            if self._wanted and self._process is not None and self._process.poll() is not None:
                self.n_crashes += 1
                await asyncio.sleep(1.0)
                self.start()

    async def ready(self) -> None:
        """Wait until it runs and has an adapter with power."""
        end_s = time.monotonic() + READY_S
        while time.monotonic() < end_s:
            with suppress(BluetoothError):
                if any(a.powered for a in await adapters()):
                    return
                await bluetoothctl("power", "on")
            await asyncio.sleep(0.3)
        raise FailedCheckError(f"no adapter with power after {READY_S:.0f} s; {end_of_log()}")


def end_of_log() -> str:
    """Return the last lines bluetoothd wrote."""
    lines = DAEMON_LOG.read_text(errors="replace").splitlines() if DAEMON_LOG.exists() else []
    return "bluetoothd: " + " | ".join(line[-160:] for line in lines[-5:])


async def bluetoothctl(*arguments: str) -> str:
    """Run BlueZ's own tool as another client would, and return what it printed."""
    process = await asyncio.create_subprocess_exec(
        "bluetoothctl", *arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), 15.0)
    except TimeoutError:
        process.kill()
        out, _ = await process.communicate()
    return re.sub(r"\x1b\[[0-9;]*m", "", out.decode(errors="replace"))


def profile_of(
    role: Role, notify_mode: NotifyMode = "auto", reads: Sequence[str] = (), stale_s: float = 60.0
) -> DeviceProfile:
    """Return the role's profile as it is shipped, but for how it is subscribed to, what is read, and its patience.

    A long ``stale_s`` keeps a pod whose run has ended from being taken for a stalled one.
    """
    name = f"{_PROFILES[role.stream]}.toml"
    profile = load_profile((Path("firmware_profiles") / name).read_text(encoding="utf-8"), name)
    subscribe = profile.subscribe or (role.stream,)
    return replace(
        profile, notify_mode=notify_mode, subscribe=subscribe, reads=(*profile.reads, *reads), stale_timeout_s=stale_s
    )


def number_of(raw: RawNotification) -> int:
    """Return which notification of its run it is."""
    at = 6 if raw.characteristic == RSC else 0
    return int(struct.unpack_from("<I", raw.payload, at)[0])


class Heard:
    """What the collector handed on."""

    def __init__(self) -> None:
        self.notifications: list[RawNotification] = []
        self.states: list[PodState] = []
        self.fingerprints: dict[str, str] = {}

    def numbers(self, role: Role) -> list[int]:
        """Return the numbers of the role's stream in the order they came."""
        return [
            number_of(raw) for raw in self.notifications
            if raw.device == role.device and raw.characteristic == role.stream
        ]  # fmt: skip

    def values(self, role: Role, characteristic: str) -> list[bytes]:
        """Return what came on another characteristic."""
        return [r.payload for r in self.notifications if (r.device, r.characteristic) == (role.device, characteristic)]

    def links(self, role: Role) -> list[str]:
        """Return what was said of the link: ``["up", "down disconnected", "up"]``."""
        return [r.payload.decode() for r in self.notifications if (r.device, r.characteristic) == (role.device, LINK)]

    def gaps(self, role: Role) -> list[tuple[int, int]]:
        """Return the last number before each loss of the link and the first after it."""
        found: list[tuple[int, int]] = []
        last, broken = -1, False
        for raw in self.notifications:
            if raw.device != role.device:
                continue
            if raw.characteristic == LINK:
                broken = broken or raw.payload.startswith(b"down")
            elif raw.characteristic == role.stream:
                number = number_of(raw)
                if broken:
                    found.append((last, number))
                last, broken = number, False
        return found

    def state(self, role: Role) -> PodState | None:
        """Return the last state that was told."""
        return next((s for s in reversed(self.states) if s.device == role.device), None)

    def problems(self, role: Role) -> list[str]:
        """Return every problem that was told, each once."""
        return list(dict.fromkeys(s.problem for s in self.states if s.device == role.device and s.problem))


@asynccontextmanager
async def collecting(
    *pods: tuple[Role, DeviceProfile],
    radio: Radio = ANY_RADIO,
    patience: Patience = PATIENT,
    fingerprint: str | None = None,
) -> AsyncIterator[Heard]:
    """Collect while in the block."""
    heard, stop = Heard(), asyncio.Event()
    collector = Collector(
        [Pod(role.device, role.address, profile, fingerprint) for role, profile in pods],
        heard.notifications.append,
        radio=radio,
        on_state=heard.states.append,
        on_fingerprint=heard.fingerprints.__setitem__,
        slots=8,
        patience=patience,
    )
    task = asyncio.ensure_future(collector.run(stop))
    try:
        yield heard
    finally:
        stop.set()
        await asyncio.wait_for(task, 60.0)


class Tally:
    """What a pod sent against what was heard of it."""

    def __init__(self, told: dict[str, Any], numbers: Sequence[int], gaps: Sequence[tuple[int, int]]) -> None:
        sent = {k for first, end in told["sent"] for k in range(first, end)}
        self.problem: str | None = told["problem"]
        self.n_sent, self.n_missed, self.took_s = len(sent), int(told["missed"]), float(told["took_s"])
        self.n_heard = len(numbers)
        self.n_doubled = len(numbers) - len(set(numbers))
        lost = sent - set(numbers)
        self.n_lost = len(lost)
        self.n_untold = sum(not any(before < k < after for before, after in gaps) for k in lost)
        self.n_invented = len(set(numbers) - sent)
        self.in_order = list(numbers) == sorted(numbers)

    def __str__(self) -> str:
        unheard = f", {self.n_missed} while nobody listened" if self.n_missed else ""
        lost = f"{self.n_lost} lost on a breaking link, " if self.n_lost else ""
        return f"{self.n_sent} sent, {self.n_heard} heard, {lost}{self.n_doubled} doubled{unheard}"

    def expect_clean(self) -> None:
        """Fail unless nothing is doubled, invented or out of order, and what is lost lies in a gap that was told."""
        expect(self.problem is None, f"the pod broke: {self.problem}")
        clean = self.in_order and not self.n_doubled and not self.n_invented and not self.n_untold
        expect(clean, f"{self}; in order {self.in_order}, invented {self.n_invented}, lost untold {self.n_untold}")


async def tally(wire: Wire, heard: Heard, role: Role, timeout_s: float = 120.0) -> Tally:
    """Wait until the role's run has ended and nothing more comes; return how it compares."""
    end_s = time.monotonic() + timeout_s
    told = await wire.ask("told", role)
    while not told["ended"]:
        expect(time.monotonic() < end_s, f"the run of {role.device} did not end; {heard.links(role)}")
        await asyncio.sleep(0.3)
        told = await wire.ask("told", role)
    n_heard = -1
    while n_heard != len(heard.notifications) and time.monotonic() < end_s:
        n_heard = len(heard.notifications)
        await asyncio.sleep(1.0)
    return Tally(told, heard.numbers(role), heard.gaps(role))
