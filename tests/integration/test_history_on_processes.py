"""Hub, edges and the command line as processes on a real broker: a history that is edited while a run comes in live."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.decoders.rsc import RscMeasurement
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice
from tests import need
from tests.edits.recorded import recorded
from tests.edits.strategies import PEOPLE, sid_of
from tests.edits.world import World
from tests.processes import Process
from tests.servers_mqtt import PASSWORD, USER, Mosquitto, start_mosquitto

ME, OTHER = PEOPLE
NOW_UTC = datetime.now(UTC).replace(microsecond=0)
# Where it is noon now: the day must not end while it is told of today.
NOON_ZONE = f"Etc/GMT{NOW_UTC.hour - 12:+d}" if NOW_UTC.hour != 12 else "UTC"
LIVE, OTHER_EDGES = "01zzlive000000000000000001", "01zzlive000000000000000002"
LONG, PAST = sid_of(17), 20
N_RECORDS = 900
PATIENCE_S = 120.0


@dataclass(slots=True)
class Listener:
    """What is retained on the broker, as somebody sees it who listens all the while."""

    broker: Mosquitto
    retained: dict[str, dict[str, Any]] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    _client: paho.Client = field(init=False)

    def __post_init__(self) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self._client.username_pw_set(USER, PASSWORD)
        self._client.on_message = self._take
        self._client.on_connect = lambda client, *_: client.subscribe("sensorhub/#", qos=1)
        address = BrokerAddress.parse(self.broker.url)
        self._client.connect(address.host, address.port)
        self._client.loop_start()

    def _take(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        if message.payload:
            self.retained[message.topic] = json.loads(message.payload)
        else:
            self.retained.pop(message.topic, None)
            self.cleared.add(message.topic)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def alerts(self, athlete: str) -> set[str]:
        """Scopes that findings are retained of."""
        found = (body for topic, body in list(self.retained.items()) if f"/ath/{athlete}/alert/" in topic)
        return {body["scope"] for body in found}

    def load(self, athlete: str) -> dict[str, Any]:
        return self.retained.get(f"sensorhub/v1/home/ath/{athlete}/load", {})


@dataclass(slots=True)
class Chain:
    """A hub, and edges and commands beside it."""

    folder: Path
    broker: Mosquitto
    hub: Process
    url: str
    listener: Listener
    edges: list[Process] = field(default_factory=list)

    def edge(self, name: str, sid: str, *, missing: range = range(0), speed: int = 40) -> Process:
        """Send a pod's run live from a gateway of its own."""
        folder = self.folder / name
        folder.mkdir()
        recording = _recording(folder / "run.mcap", sid, missing)
        arguments = ["edge", "--replay", str(recording), "--as-live", "--speed", str(speed), "--data-dir", str(folder)]
        self.edges.append(Process(arguments, {"SENSOR_HUB_MQTT": self.broker.url}))
        return self.edges[-1]

    def command(self, *arguments: str) -> Any:
        """Run a command on the hub's folder, as a person does beside it."""
        done = subprocess.run(
            [sys.executable, "-m", "sensor_hub.cli", *arguments, "--json", "--data-dir", str(self.folder / "hub")],
            env={**os.environ, "SENSOR_HUB_MQTT": self.broker.url}, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def get(self, path: str) -> Any:
        return httpx.get(f"{self.url}/api/{path}", trust_env=False, timeout=20).raise_for_status().json()

    def sids(self, athlete: str = ME) -> set[str]:
        return {session["sid"] for session in self.get(f"athletes/{athlete}/sessions")}

    def findings(self) -> list[tuple[str, str, float]]:
        """What holds, by REST."""
        found = [f for f in self.get("findings") if not f.get("withdrawn")]
        return sorted((f["scope"], f["measure"], f["value"]) for f in found)


def _is_of_the_past(finding: tuple[str, str, float]) -> bool:
    scope, measure, _ = finding
    return LIVE not in scope and not scope.startswith("week:") and measure == "distance_m"


def soon(holds: Callable[[], bool], what: str) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s, f"{what}: not after {PATIENCE_S:.0f} s"
        time.sleep(0.1)


def _recording(path: Path, sid: str, missing: range) -> Path:
    """A pod's run of a quarter of an hour that begins now, with some records that were not heard."""
    devices = [BoundDevice("pod", all_profiles()["standard-rsc"])]
    recorder = McapRecorder(path, sid=sid, athlete=ME, zone="Europe/Berlin", origin="live", devices=devices)
    for i in range(N_RECORDS):
        if i not in missing:
            payload = bytes(RscMeasurement(2.5 + (i % 50) / 100, 160 + i % 20, True, None, 2.7 * i))
            recorder.append(RawNotification("pod", "2a53", NOW_UTC + timedelta(seconds=i), payload))
    recorder.close()
    return path


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """A hub with three weeks of short runs, one of them too long."""
    need.command("mosquitto")
    with closing(World(tmp_path / "hub")) as world:
        world.registry.set_athlete(ME, zone=NOON_ZONE)
        past = [
            recorded("watch", sid_of(n), ME, NOW_UTC - timedelta(days=PAST - n), minutes=4 if sid_of(n) == LONG else 2)
            for n in range(PAST)
        ]
        world.keep(past)
        world.judge()
    broker = start_mosquitto(tmp_path)
    hub = Process(["hub", "--port", "0", "--data-dir", str(tmp_path / "hub")], {"SENSOR_HUB_MQTT": broker.url})
    opened = Chain(tmp_path, broker, hub, hub.wait_for(r"^Open (http\S+?)/?\s").rstrip("/"), Listener(broker))
    yield opened
    for process in (*opened.edges, hub):
        process.close()
    opened.listener.close()
    broker.stop()


def test_a_history_is_edited_while_a_run_comes_in_live(chain: Chain) -> None:
    long_run = f"session:{LONG}"
    soon(lambda: long_run in chain.listener.alerts(ME), "the long run's finding is retained")
    edge = chain.edge("edge", LIVE)
    soon(lambda: LIVE in chain.sids(), "the live run is in the hub's history")
    # of distance: the hub may learn the runner's own reference meanwhile, and tell every load anew in it
    before = [f for f in chain.findings() if _is_of_the_past(f)]

    chain.command("session", "delete", LONG, "--yes", "--athlete", ME)
    soon(lambda: LONG not in chain.sids(), "a deleted run is gone")
    soon(lambda: long_run not in chain.listener.alerts(ME), "its finding is withdrawn from the broker")

    chain.command("session", "undo", "--athlete", ME)
    soon(lambda: LONG in chain.sids(), "and comes back with undo")
    soon(lambda: long_run in chain.listener.alerts(ME), "with its finding")

    chain.command("session", "trim", LONG, "--to", "+1:00", "--athlete", ME)
    soon(lambda: chain.get(f"sessions/{LONG}")["totals"]["duration_s"] < 61, "a run that was cut is shorter")
    soon(lambda: long_run not in chain.listener.alerts(ME), "and long no more")
    chain.command("session", "undo", "--athlete", ME)
    soon(lambda: long_run in chain.listener.alerts(ME), "undone, it is long again")

    chain.command("session", "change", LONG, "--athlete", OTHER, "--of", ME)
    soon(lambda: (LONG in chain.sids(OTHER)) and LONG not in chain.sids(), "a run that was given away is another's")
    soon(lambda: long_run not in chain.listener.alerts(ME), "and so is its finding")
    chain.command("session", "undo", "--athlete", ME)
    soon(lambda: LONG in chain.sids() and chain.sids(OTHER) == set(), "and given back")
    soon(lambda: long_run in chain.listener.alerts(ME), "with its finding, again")

    assert edge.wait(120) == 0, "\n".join(edge.lines)
    soon(lambda: chain.get(f"sessions/{LIVE}")["ended"], "the live run ends")
    whole = chain.get(f"sessions/{LIVE}")["totals"]
    assert whole["n_steps"] == pytest.approx(N_RECORDS * 169.5 / 60, rel=0.01)
    after = [f for f in chain.findings() if _is_of_the_past(f)]
    assert after == before

    soon(lambda: f"session:{LIVE}" in chain.listener.alerts(ME), "the live run was the longest, and that is told")
    soon(lambda: _today_m(chain) > 2000, "today's load has it")
    chain.command("session", "delete", LIVE, "--yes", "--athlete", ME)
    soon(lambda: f"session:{LIVE}" not in chain.listener.alerts(ME), "deleted, nothing is told of it")
    soon(lambda: _today_m(chain) < 1000, "and today's load is without it")


def _today_m(chain: Chain) -> float:
    return float(chain.listener.load(ME).get("today_distance_m") or 0.0)


def test_of_two_edges_that_hear_one_athlete_the_better_coverage_counts(chain: Chain) -> None:
    worse = chain.edge("edge-1", OTHER_EDGES, missing=range(200, 500), speed=60)
    better = chain.edge("edge-2", LIVE, speed=60)
    for edge in (worse, better):
        assert edge.wait(120) == 0, "\n".join(edge.lines)
    soon(lambda: {LIVE, OTHER_EDGES} & chain.sids() == {LIVE}, "one of the two counts, and it is the better one")
    assert chain.get(f"sessions/{OTHER_EDGES}")["ended"], "the other is kept all the same"
    standing = {k["sid"]: k["standing"] for k in _history(chain)}
    assert standing[OTHER_EDGES] == "same-run"
    assert {scope for scope, _, _ in chain.findings()} >= {f"session:{LIVE}"}
    soon(lambda: f"session:{OTHER_EDGES}" not in chain.listener.alerts(ME), "nothing is told of the run that does not")


def _history(chain: Chain) -> list[dict[str, Any]]:
    found = chain.get(f"athletes/{ME}/history")["sessions"]
    return [{"sid": k.get("sid") or k["session"]["sid"], "standing": k["standing"]} for k in found]


def test_a_watchs_file_after_a_live_run_is_offered_and_linked_and_leaves_no_trace(chain: Chain) -> None:
    edge = chain.edge("edge", LIVE, speed=120)
    assert edge.wait(120) == 0, "\n".join(edge.lines)
    soon(lambda: chain.get(f"sessions/{LIVE}")["ended"], "the live run ends")
    soon(lambda: f"session:{LIVE}" in chain.listener.alerts(ME), "it is judged")
    before, sids = chain.findings(), chain.sids()

    file = _tcx(chain.folder / "watch.tcx")
    chain.command("session", "import", str(file), "--athlete", ME)
    soon(lambda: len(chain.sids()) == len(sids) + 1, "both count until somebody answers")
    (offer,) = chain.command("session", "offers", "--athlete", ME)
    (watch,) = chain.sids() - sids
    assert {LIVE, watch} == set(_sids_of(offer))

    chain.command("session", "same", LIVE, watch, "--athlete", ME)
    soon(lambda: chain.sids() == sids, "linked, the sensor's counts")
    soon(lambda: chain.findings() == before, "and findings are as if the file never came")
    assert chain.command("session", "offers", "--athlete", ME) == []


def _sids_of(offer: Any) -> list[str]:
    return [one if isinstance(one, str) else one["sid"] for one in offer.get("sessions", offer.get("sids"))]


def _tcx(path: Path) -> Path:
    """The same run as a watch writes it, half a minute late and a little longer."""
    points = []
    for second in range(30, N_RECORDS - 30):
        at = (NOW_UTC + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")
        points.append(
            f"<Trackpoint><Time>{at}</Time><DistanceMeters>{2.9 * (second - 30):.1f}</DistanceMeters>"
            "<Cadence>84</Cadence></Trackpoint>"
        )
    start = (NOW_UTC + timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>'
        f'<Activity Sport="Running"><Id>{start}</Id><Lap StartTime="{start}"><TotalTimeSeconds>{N_RECORDS - 60}'
        "</TotalTimeSeconds><DistanceMeters>2436.0</DistanceMeters><Intensity>Active</Intensity>"
        f"<TriggerMethod>Manual</TriggerMethod><Track>{''.join(points)}</Track></Lap></Activity></Activities>"
        "</TrainingCenterDatabase>"
    )
    return path
