"""Edge and hub as two processes, each killed with -9 three times: every message is in the store exactly once."""

import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.analysis import events_of, open_file, setup_for
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.decoders.rsc import RscMeasurement
from sensor_hub.model.gait import StepTable
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, LiveReading, SessionSummary, StepBatch
from sensor_hub.wire import Topics
from tests import need
from tests.processes import Process
from tests.servers_mqtt import free_port, start_mosquitto

N_RECORDS = 2100
SPEED = "60"  # the run is longer than six kills and starts on a machine that is busy
SID = "01jd0000000000000000000000"
START = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A simulated pod, one record a second: more than 2,000 messages."""
    path = tmp_path / "run.mcap"
    devices = [BoundDevice("pod", all_profiles()["standard-rsc"])]
    recorder = McapRecorder(path, sid=SID, athlete="me", zone="Europe/Lisbon", origin="simulated", devices=devices)
    for i in range(N_RECORDS):
        payload = bytes(RscMeasurement(2.5 + (i % 50) / 100, 160 + i % 20, True, None, 2.7 * i))
        recorder.append(RawNotification("pod", "2a53", START + timedelta(seconds=i), payload))
    recorder.close()
    return path


class Chain:
    """A hub and an edge that can be killed and started again."""

    def __init__(self, tmp_path: Path, recording: Path, external_url: str | None) -> None:
        self.hub_dir, self.edge_dir = tmp_path / "hub", tmp_path / "edge"
        self._recording = recording
        self._port, self._external = free_port(), external_url
        self.start_hub()
        self.start_edge()

    def start_hub(self) -> None:
        broker = [] if self._external else ["--mqtt-port", str(self._port)]
        env = {"SENSOR_HUB_MQTT": self._external} if self._external else {}
        self.hub = Process(["hub", "--port", "0", "--data-dir", str(self.hub_dir), *broker], env)
        self.hub.wait_for("^Open http")

    def start_edge(self) -> None:
        url = self._external
        if url is None:
            password = json.loads((self.hub_dir / "broker-users.json").read_text())["edge"]
            url = f"mqtt://edge:{password}@127.0.0.1:{self._port}"
        arguments = ["edge", "--replay", str(self._recording), "--speed", SPEED, "--data-dir", str(self.edge_dir)]
        self.edge = Process(arguments, {"SENSOR_HUB_MQTT": url})
        self.edge.wait_for("^edge ")

    def close(self) -> None:
        self.edge.close()
        self.hub.close()


@pytest.fixture(params=["embedded", "mosquitto"])
def make_chain(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Path], Chain]]:
    broker = None
    if request.param == "mosquitto":
        need.command("mosquitto")
        broker = start_mosquitto(tmp_path)
    chains: list[Chain] = []

    def make(recording: Path) -> Chain:
        chains.append(Chain(tmp_path, recording, broker.url if broker else None))
        return chains[-1]

    yield make
    for chain in chains:
        chain.close()
    if broker:
        broker.stop()


def test_2000_messages_survive_three_kills_of_edge_and_three_of_hub(
    make_chain: Callable[[Path], Chain], recording: Path
) -> None:
    chain = make_chain(recording)
    rng = random.Random(7)
    victims = ["edge", "hub"] * 3
    rng.shuffle(victims)
    for victim in victims:
        time.sleep(rng.uniform(0.6, 1.6))
        if victim == "edge":
            assert chain.edge.running, "the edge ended before it could be killed:\n" + "\n".join(chain.edge.lines)
            chain.edge.kill()
            chain.start_edge()
        else:
            chain.hub.kill()
            time.sleep(rng.uniform(0.0, 0.5))
            chain.start_hub()
    assert chain.edge.wait(120) == 0, "\n".join(chain.edge.lines)
    assert chain.hub.interrupt() == 0

    opened = open_file(recording)
    setup = setup_for(opened.info, sid=SID, athlete="me", zone="Europe/Lisbon", origin="replay")
    events = [event for event in events_of(opened, setup) if not isinstance(event, LiveReading)]
    assert len(events) >= 2000
    outbox = Outbox(chain.edge_dir / "outbox.db", Topics())
    gw, left = outbox.gw, outbox.depth()
    outbox.close()
    store = SqliteStore(chain.hub_dir / "store.db")
    received, stored, summary = store.received(gw), store.steps(SID), store.session(SID)
    store.close()
    assert left == 0
    assert received == [(1, len(events))]
    made = StepTable.concatenate(e.steps for e in events if isinstance(e, StepBatch))
    assert len(stored) == len(made) == N_RECORDS
    assert stored.time_utc_us.tolist() == made.time_utc_us.tolist()
    (last,) = (e for e in events if isinstance(e, SessionSummary))
    assert summary is not None
    assert summary.ended
    assert summary.totals.n_steps == pytest.approx(last.totals.n_steps, abs=1e-6)
    assert summary.totals.load_eq_km == pytest.approx(last.totals.load_eq_km, abs=1e-6)
