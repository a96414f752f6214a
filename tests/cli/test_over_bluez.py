"""A runner's way through the real program: scan, pair with a passkey typed on a terminal, check, record.

The program runs as a process of its own and speaks to BlueZ over D-Bus; BlueZ and the pods are made of software.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.adapters.virtual.pods import rsc_pod
from sensor_hub.app.collecting.settling import cut_off
from sensor_hub.wire import Topics
from tests.radio.private_bus import PrivateBus
from tests.radio.rig import rig

POD = "C0:00:00:00:00:01"
PASSKEY = 4711
RUNNING = [(i * 0.25, "2a53", b"\x04\x00\x03\xaa") for i in range(400)]
PATIENCE_S = 90


@pytest.fixture(autouse=True)
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    private = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", private.address)
    yield
    private.stop()


class Program:
    """``sensor-hub`` with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SENSOR_HUB_")}
        own = {"SENSOR_HUB_DATA_DIR": str(folder / "data"), "SENSOR_HUB_MQTT_PORT": "1", "XDG_CONFIG_HOME": str(folder)}
        self._env = {**kept, **own, "SENSOR_HUB_ZONE": "UTC"}

    async def __call__(self, *words: object) -> tuple[int, str, str]:
        """Run a command without a terminal; return its exit code, stdout and stderr."""
        pipe = asyncio.subprocess.PIPE
        process = await self._start(words, asyncio.subprocess.DEVNULL, pipe, pipe)
        out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    async def _start(self, words: tuple[object, ...], stdin: int, out: int, err: int) -> asyncio.subprocess.Process:
        command = [sys.executable, "-m", "sensor_hub.cli", *map(str, words)]
        return await asyncio.create_subprocess_exec(*command, env=self._env, stdin=stdin, stdout=out, stderr=err)

    @asynccontextmanager
    async def on_terminal(self, *words: object) -> AsyncIterator["Terminal"]:
        """Run a command on a terminal."""
        ours, theirs = os.openpty()
        os.set_blocking(ours, False)
        process = await self._start(words, theirs, theirs, theirs)
        os.close(theirs)
        try:
            yield Terminal(ours, process)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            os.close(ours)


class Terminal:
    """What somebody sees and types."""

    def __init__(self, descriptor: int, process: asyncio.subprocess.Process) -> None:
        self._descriptor, self._process = descriptor, process
        self.seen = ""

    async def sees(self, text: str) -> None:
        while text not in self.seen:
            self._look()
            assert text in self.seen or self._process.returncode is None, self.seen
            await asyncio.sleep(0.05)

    def _look(self) -> None:
        try:
            self.seen += os.read(self._descriptor, 65536).decode(errors="replace")
        except (BlockingIOError, OSError):  # nothing there, or the program has left
            return

    def types(self, line: str) -> None:
        os.write(self._descriptor, f"{line}\n".encode())

    def kill(self) -> None:
        self._process.kill()

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    async def left_with(self) -> int:
        while self._process.returncode is None:
            self._look()
            await asyncio.sleep(0.05)
        self._look()
        return self._process.returncode


def test_a_runner_pairs_a_pod_by_its_passkey_checks_it_and_records_a_run(tmp_path: Path) -> None:
    async def scene() -> None:
        program, pod = Program(tmp_path), rsc_pod(POD, "Foot SIM", RUNNING, passkey=PASSKEY)
        async with asyncio.timeout(PATIENCE_S), rig(pod):
            code, out, err = await program("devices", "scan", "--seconds", 3, "--json")
            assert code == 0, err
            assert [(h["name"], h["profile"]) for h in json.loads(out)] == [("Foot SIM", "standard-rsc")]

            code, _, err = await program("devices", "pair", "Foot SIM", "--seconds", 3)
            assert code == 2
            assert "passkey" in err, "without a terminal nobody can be asked"

            async with program.on_terminal("devices", "pair", "--seconds", 3) as terminal:
                await terminal.sees("Which one")
                terminal.types("7")
                await terminal.sees("one of 1-1")
                terminal.types("1")
                await terminal.sees("Passkey")
                terminal.types(str(PASSKEY))
                assert await terminal.left_with() == 0, terminal.seen
                assert "Paired" in terminal.seen
                assert "no contact time" in terminal.seen

            code, out, err = await program("devices", "check", "--seconds", 3, "--json")
            (checked,) = json.loads(out)
            assert (code, checked["verdict"], checked["battery_percent"]) == (0, "ok", 87), err

            code, out, err = await program("session", "record", "--minutes", 0.2, "--json")
            assert code == 0, err
            (session,) = json.loads(out)
            assert session["n_steps"] > 5
            assert session["gaps"] == []
            assert POD not in out + err

            code, out, err = await program("devices", "unpair", "Foot SIM")
            assert code == 0, err

    asyncio.run(scene())


def test_an_edge_that_is_killed_in_mid_run_leaves_a_session_that_the_next_one_ends(tmp_path: Path) -> None:
    async def scene() -> None:
        program = Program(tmp_path)
        recordings = tmp_path / "data" / "recordings"
        async with asyncio.timeout(PATIENCE_S), rig(rsc_pod(POD, "Foot SIM", RUNNING)):
            code, _, err = await program("devices", "pair", "Foot SIM", "--seconds", 3)
            assert code == 0, err
            async with program.on_terminal("edge") as first:
                await first.sees("Foot SIM: streaming")
                while not list(recordings.glob("*.mcap")):  # noqa: ASYNC110 - a file has no event
                    await asyncio.sleep(0.1)
                await asyncio.sleep(3)
                first.kill()
            (killed,) = recordings.glob("*.mcap")
            assert cut_off(recordings) == [killed]
            async with program.on_terminal("edge") as second:
                await second.sees("Foot SIM: streaming")
                while cut_off(recordings)[:1] == [killed]:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
                second.interrupt()
                assert await second.left_with() == 0, second.seen
        outbox = Outbox(tmp_path / "data" / "outbox.db", Topics())
        bodies = [json.loads(message.payload) for message in outbox.pending(10_000)]
        outbox.close()
        ended = [body for body in bodies if body["type"] == "summary" and body["sid"] == killed.stem]
        assert len(ended) == 1
        assert ended[0]["total"]["n_steps"] > 5

    asyncio.run(scene())
