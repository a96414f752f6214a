"""A person erased on real servers, beside a running hub and without one: store, bucket, broker, files, registry."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from sensor_hub.app.edge import Edge
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import Settings, load_settings
from sensor_hub.model.athlete import Athlete
from sensor_hub.wire import Topics
from tests.app.erasable import (
    NAME,
    People,
    fill,
    history_of,
    left_in_databases,
    left_in_files,
    left_in_influx,
    recorded_of,
    retained_by,
    run_of,
    soon,
)
from tests.servers_influx import influxd
from tests.servers_mqtt import free_port, start_mosquitto

pytestmark = pytest.mark.usefixtures("quick_rounds")
DATABASE = "running"


@dataclass
class Installation:
    """A data folder with its servers. influx_url, broker_url : of real ones, "" for what the hub brings itself."""

    settings: Settings
    influx_url: str
    broker_url: str
    env: dict[str, str]
    influx: ExitStack

    @property
    def broker(self) -> str:
        """URL for a client that may read everything."""
        if self.broker_url:
            return self.broker_url
        password = Place.at(self.settings.data_dir).broker_users()["hub"]
        return f"mqtt://hub:{password}@127.0.0.1:{self.settings.mqtt_port}"

    def erase(self, who: str) -> subprocess.CompletedProcess[str]:
        """Erase somebody by the command line."""
        return self._run("erase", who, "--yes", "--json")

    def command(self, *words: str) -> None:
        """Let a command of "sensor-hub data" do its work."""
        done = self._run(*words)
        assert done.returncode == 0, done.stdout + done.stderr

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command as a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "sensor_hub.cli", "data", *words, "--data-dir", str(self.settings.data_dir)],
            env={"PATH": "/usr/bin:/bin", **self.env}, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def left(self, people: People) -> list[str]:
        """What a search of everything finds."""
        root, traces = self.settings.data_dir, people.traces
        found = [*left_in_files(root, traces), *left_in_databases(root, traces)]
        return found + (left_in_influx(self.influx_url, DATABASE, traces) if self.influx_url else [])


@pytest.fixture(params=["sqlite and the hub's broker", "influxd and mosquitto"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    with ExitStack() as servers, ExitStack() as influx:
        port, web_port = free_port(), free_port()
        env = {"SENSOR_HUB_MQTT_PORT": str(port), "SENSOR_HUB_WEB_PORT": str(web_port)}
        settings = load_settings(data_dir=tmp_path / "data", mqtt_port=port, web_port=web_port)
        influx_url = broker_url = ""
        if request.param.startswith("influxd"):
            influx_url = influx.enter_context(influxd(tmp_path / "influxd"))
            broker = start_mosquitto(tmp_path)
            servers.callback(broker.stop)
            broker_url = broker.url
            env |= {
                "SENSOR_HUB_STORE": influx_url.replace("http://", "influx+v1://") + f"/{DATABASE}",
                "SENSOR_HUB_MQTT": broker_url,
            }
            settings = load_settings(
                data_dir=tmp_path / "data", mqtt_port=port, web_port=web_port, store=env["SENSOR_HUB_STORE"],
                mqtt=broker_url,
            )  # fmt: skip
        yield Installation(settings, influx_url, broker_url, env, influx)


def test_beside_a_running_hub_nothing_is_left_and_nothing_comes_back(installation: Installation) -> None:
    settings = installation.settings
    people = fill(settings)
    hub = Hub(settings, Place.at(settings.data_dir))
    hub.start()
    try:
        _drain(hub, settings)
        ana = people.ana.id
        assert soon(lambda: f"/ath/{ana}/load" in retained_by(installation.broker))
        assert f"/ath/{ana}/alert/" in retained_by(installation.broker)
        before, mine = history_of(settings, people.ben), recorded_of(settings, people.me)
        others = {line.split(" ")[0] for line in retained_by(installation.broker).splitlines() if ana not in line}
        late = _edge_that_sends_late(settings, people)
        done = installation.erase(NAME)
        assert done.returncode == 0, done.stdout + done.stderr
        assert not [trace for trace in people.traces if trace in done.stdout]
        assert installation.left(people) == []
        assert not [trace for trace in people.traces if trace in retained_by(installation.broker)]
        assert others <= {line.split(" ")[0] for line in retained_by(installation.broker).splitlines()}
        assert [t.athlete.id for t in hub.board.tiles() if t.athlete.id == ana] == []
        assert httpx.get(f"{hub.page_url}/api/athletes/{ana}", trust_env=False).status_code == 404
        # an edge of another machine has not heard of it
        assert late.sends_everything(hub), "what comes late is acknowledged"
        time.sleep(1.5)  # this hub looks around every half second
        assert installation.left(people) == []
        assert not [trace for trace in people.traces if trace in retained_by(installation.broker)]
        assert history_of(settings, people.ben) == before
        assert recorded_of(settings, people.me) == mine
    finally:
        hub.stop()
    again = Hub(settings, Place.at(settings.data_dir), web=False)
    again.start()
    again.stop()
    assert installation.left(people) == []


def test_exported_erased_and_put_back_beside_a_running_hub_everything_is_the_same_to_the_byte(
    installation: Installation, tmp_path: Path
) -> None:
    settings = installation.settings
    people = fill(settings)
    hub = Hub(settings, Place.at(settings.data_dir), web=False)
    hub.start()
    try:
        _drain(hub, settings)
        ana = people.ana.id
        assert soon(lambda: f"/ath/{ana}/load" in retained_by(installation.broker))
        first = tmp_path / "first.zip"
        installation.command("export", NAME, "--out", str(first))
        before = _told_of(settings, people.ana)
        assert before["findings"]
        assert installation.erase(NAME).returncode == 0
        assert installation.left(people) == []
        assert not [trace for trace in people.traces if trace in retained_by(installation.broker)]
        installation.command("import", str(first))
        after, again = _told_of(settings, people.ana), tmp_path / "again.zip"
        for name, value in before.items():
            assert after[name] == value, name
        installation.command("export", NAME, "--out", str(again))
        assert again.read_bytes() == first.read_bytes()
        assert soon(lambda: ana in [tile.athlete.id for tile in hub.board.tiles()])
        assert soon(lambda: f"/ath/{ana}/load" in retained_by(installation.broker)), "the hub tells of her again"
    finally:
        hub.stop()


def test_without_a_hub_nothing_is_left_either(installation: Installation, tmp_path: Path) -> None:
    settings = installation.settings
    people = fill(settings)
    hub = Hub(settings, Place.at(settings.data_dir), web=False)
    hub.start()
    try:
        _drain(hub, settings)
        assert soon(lambda: f"/ath/{people.ana.id}/load" in retained_by(installation.broker))
    finally:
        hub.stop()
    before, mine = history_of(settings, people.ben), recorded_of(settings, people.me)
    done = installation.erase(people.ana.id)
    assert done.returncode == 0, done.stdout + done.stderr
    receipt = json.loads(done.stdout)
    assert receipt["complete"]
    assert ("not_searched" in receipt["searched"]["broker"]) == (not installation.broker_url)
    assert installation.left(people) == []
    if installation.broker_url:
        held = retained_by(installation.broker)
        assert not [trace for trace in people.traces if trace in held]
        assert f"/ath/{people.ben.id}/load" in held
    assert history_of(settings, people.ben) == before
    assert recorded_of(settings, people.me) == mine
    if installation.influx_url:
        installation.influx.close()
        with influxd(tmp_path / "influxd") as url:  # until then it lists tags of series that are gone
            assert left_in_influx(url, DATABASE, people.traces, tags=True) == []
            assert people.ben.id in httpx.get(f"{url}/query?db={DATABASE}&q=SHOW+SERIES", trust_env=False).text


# of the hub's own broker there is nothing to tell: it is away whenever the hub is
@pytest.mark.parametrize("installation", ["influxd and mosquitto"], indirect=True)
def test_a_broker_that_is_away_is_told_as_not_searched(installation: Installation) -> None:
    fill(installation.settings)
    installation.env["SENSOR_HUB_MQTT"] = f"mqtt://127.0.0.1:{free_port()}"
    done = installation.erase(NAME)
    assert done.returncode == 1
    assert "cannot reach the broker" in json.loads(done.stdout)["searched"]["broker"]["not_searched"]


def _told_of(settings: Settings, who: Athlete) -> dict[str, Any]:
    """History, findings and totals of a person, as a page shows them; numbers as text, for NaN is not itself."""
    told = history_of(settings, who)
    totals = {sid: summary.totals for sid, (summary, *_) in told["sessions"].items()}
    return {**told, "findings": sorted(told["findings"], key=lambda f: f.key), "person": repr(told["person"]),
            "totals": totals}  # fmt: skip


def _drain(hub: Hub, settings: Settings) -> None:
    """Let the hub have what waits in this folder's outbox, but for what is kept back by leaving before the end."""
    edge = Edge(Place.at(settings.data_dir).outbox, hub.mqtt_url, Topics(settings.site))
    edge.start()
    try:
        assert edge.publisher.wait_drained(30.0)
    finally:
        edge.stop(0.0)


class _LateEdge:
    """An edge on another machine, with a run of the person that it could not send yet."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def sends_everything(self, hub: Hub) -> bool:
        """Send it now; return whether the hub has acknowledged everything."""
        edge = Edge(Place.at(self.settings.data_dir).outbox, hub.mqtt_url, Topics(self.settings.site))
        edge.start()
        try:
            return edge.publisher.wait_drained(30.0)
        finally:
            edge.stop(0.0)


def _edge_that_sends_late(settings: Settings, people: People) -> _LateEdge:
    elsewhere = load_settings(data_dir=settings.data_dir.parent / "elsewhere")
    people.sids.append(run_of(elsewhere, people.ana.id, 0.1))
    return _LateEdge(elsewhere)
