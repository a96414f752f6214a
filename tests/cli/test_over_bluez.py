"""A runner's way through the real program: scan, pair with a passkey typed on a terminal, check, record.

The program runs as a process of its own and speaks to BlueZ over D-Bus; BlueZ and the pods are made of software.
"""

import asyncio
import json
from pathlib import Path

import pytest

from sensor_hub.adapters.virtual.pods import rsc_pod
from tests.cli.programs import PATIENCE_S, Program
from tests.radio.rig import rig

pytestmark = pytest.mark.usefixtures("private_bus")
POD = "C0:00:00:00:00:01"
PASSKEY = 4711
RUNNING = [(i * 0.25, "2a53", b"\x04\x00\x03\xaa") for i in range(400)]


def test_a_runner_pairs_a_pod_by_its_passkey_checks_it_and_records_a_run(tmp_path: Path) -> None:
    async def scene() -> None:
        program, pod = Program(tmp_path), rsc_pod(POD, "Foot SIM", RUNNING, passkey=PASSKEY)
        async with asyncio.timeout(PATIENCE_S), rig(pod):
            code, out, err = await program("devices", "scan", "--seconds", 2, "--json")
            assert code == 0, err
            assert [(h["name"], h["profile"]) for h in json.loads(out)] == [("Foot SIM", "standard-rsc")]

            code, _, err = await program("devices", "pair", "Foot SIM", "--seconds", 2)
            assert code == 2
            assert "passkey" in err, "without a terminal nobody can be asked"

            async with program.on_terminal("devices", "pair", "--seconds", 2) as terminal:
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

            code, out, err = await program("session", "record", "--minutes", 0.15, "--json")
            assert code == 0, err
            (session,) = json.loads(out)
            assert session["n_steps"] > 5
            assert session["gaps"] == []
            assert POD not in out + err

            code, out, err = await program("devices", "unpair", "Foot SIM")
            assert code == 0, err

    asyncio.run(scene())
