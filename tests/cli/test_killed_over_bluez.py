"""An edge, as a process of its own that speaks to BlueZ over D-Bus, is killed in the middle of a run."""

import asyncio
import json
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.adapters.virtual.pods import rsc_pod
from sensor_hub.app.collecting.settling import cut_off
from sensor_hub.wire import Topics
from tests.cli.programs import PATIENCE_S, Program
from tests.radio.rig import rig

pytestmark = pytest.mark.usefixtures("private_bus")
POD = "C0:00:00:00:00:01"
RUNNING = [(i * 0.25, "2a53", b"\x04\x00\x03\xaa") for i in range(400)]


def test_an_edge_that_is_killed_in_mid_run_leaves_a_session_that_the_next_one_ends(tmp_path: Path) -> None:
    async def scene() -> None:
        program, pod = Program(tmp_path), rsc_pod(POD, "Foot SIM", RUNNING)
        with Registry(f"sqlite:///{tmp_path / 'data' / 'registry.db'}") as registry:
            registry.add_device(POD, "Foot SIM", "standard-rsc", athlete=registry.me("UTC").id, mount="foot")
        recordings = tmp_path / "data" / "recordings"
        async with asyncio.timeout(PATIENCE_S), rig(pod):
            async with program.on_terminal("edge") as first:
                await first.sees("Foot SIM: streaming")
                while not list(recordings.glob("*.mcap")):  # noqa: ASYNC110 - a file has no event
                    await asyncio.sleep(0.1)
                n_sent = pod.n_sent["2a53"]
                while pod.n_sent["2a53"] < n_sent + 8:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
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
